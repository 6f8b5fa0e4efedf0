"""`-o FILE`: where a command's text goes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from secrets import token_hex

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
    """The content to a file: whole or not at all. Raises AutodiffError if the file can't be written."""
    with ReplacedFile(path) as file:
        try:
            with open(file.descriptor, "wb", closefd=False) as out:
                out.write(content)
            file.put_in_place()
        except OSError as error:
            raise unwritable(path, error) from None


class ReplacedFile:
    """A file that is written whole or not at all: a new one beside it, which is put in its place at the end.

    A device or a pipe is written as it is. `discard` is for a handler of signals, too, which may be set before there
    is anything to discard.
    """

    def __init__(self, path: Path) -> None:
        self.descriptor = -1
        self._path = path
        self._beside: Path | None = None

    def __enter__(self) -> ReplacedFile:
        """Opens it. Raises AutodiffError if it can't be written."""
        try:
            if self._path.exists() and not self._path.is_file():
                self.descriptor = os.open(self._path, os.O_WRONLY)
            else:
                place = self._path.resolve()
                # Not mkstemp: an interrupt would find the file there before it is known here what it is called.
                self._beside = place.with_name(f".{place.name}.{token_hex(4)}")
                flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
                self.descriptor = os.open(self._beside, flags, 0o600)
        except OSError as error:
            raise unwritable(self._path, error) from None
        except BaseException:  # an interrupt
            self.discard()
            raise
        return self

    def put_in_place(self) -> None:
        if self._beside is not None:
            place = self._path.resolve()
            os.chmod(self._beside, place.stat().st_mode if place.exists() else 0o666 & ~umask())
            os.replace(self._beside, place)
            self._beside = None

    def discard(self) -> None:
        """Closes it, and removes what was not put in place."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1
        if self._beside is not None:
            self._beside.unlink(missing_ok=True)

    def __exit__(self, *_: object) -> None:
        self.discard()


def unwritable(path: Path, error: OSError) -> AutodiffError:
    return AutodiffError(
        "unwritable-output",
        f"can't write {path}: {error.strerror}",
        suggestion="choose a file in a folder that exists and that you may write to",
    )


def umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
