"""`-o FILE`: where a command's text goes."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from autodiff.language.errors import AutodiffError


def split_output(arguments: Sequence[str]) -> tuple[list[str], Path | None]:
    """The arguments without `-o FILE`, and the file.

    Typer is not told of a short option: it would find the `-o` in a formula like `-cos(x)`.

    >>> arguments, path = split_output(["-cos(x)", "-o", "a.dot"])
    >>> arguments, str(path)
    (['-cos(x)'], 'a.dot')
    """
    if "-o" not in arguments:
        return list(arguments), None
    place = arguments.index("-o")
    if place + 1 == len(arguments):
        raise AutodiffError("usage", "-o needs a file", suggestion="write it as -o FILE")
    return [*arguments[:place], *arguments[place + 2 :]], Path(arguments[place + 1])


def write_output(text: str, path: Path | None) -> None:
    """The text to standard output, or to a file. Raises AutodiffError if the file can't be written."""
    if path is None:
        print(text, end="")
    else:
        write_bytes(text.encode("utf-8", "backslashreplace"), path)


def write_bytes(content: bytes, path: Path) -> None:
    """The content to a file: whole or not at all, by way of a new file beside it.

    Raises AutodiffError if the file can't be written.
    """
    try:
        if path.exists() and not path.is_file():  # a device, a pipe
            path.write_bytes(content)
        else:
            replace_file(path.resolve(), content)
    except OSError as error:
        raise AutodiffError(
            "unwritable-output",
            f"can't write {path}: {error.strerror}",
            suggestion="choose a file in a folder that exists and that you may write to",
        ) from None


def replace_file(path: Path, content: bytes) -> None:
    handle, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with open(handle, "wb") as file:
            file.write(content)
        os.chmod(beside, path.stat().st_mode if path.exists() else 0o666 & ~umask())
        os.replace(beside, path)
    except BaseException:  # an interrupt, too, leaves nothing beside the file
        os.unlink(beside)
        raise


def umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
