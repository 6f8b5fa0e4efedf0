"""Where a formula comes from: the command line, standard input, a file."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

import typer

from autodiff.language.errors import AutodiffError


def read_formula(context: typer.Context, arguments: Sequence[str], file: Path | None = None) -> str:
    """The one formula that was given to the command of `context`.

    The commands let unknown options through, so that a formula may begin with a minus; what looks like an option and
    not like a formula is told apart here. Raises AutodiffError.
    """
    mistyped = [argument for argument in arguments if re.match(r"--[A-Za-z][A-Za-z-]*(=|$)", argument)]
    if mistyped:
        written = mistyped[0].partition("=")[0]
        from difflib import get_close_matches

        options = [name for option in context.command.params for name in (*option.opts, *option.secondary_opts)]
        near = get_close_matches(written, options, n=1)
        hint = f"did you mean {near[0]}?" if near else ""
        raise AutodiffError("usage", f"there is no option {written}", suggestion=hint)
    if file is not None and arguments:
        raise AutodiffError("usage", "the formula is given twice", suggestion="give it, or --file, not both")
    if file is not None:
        return read_text(file)
    if len(arguments) > 1:
        raise AutodiffError(
            "usage", "there are several formulas", suggestion="put quotes around the formula; values go with --at x=2"
        )
    if not arguments:
        raise AutodiffError("usage", "there is no formula", suggestion='give one, like autodiff eval "x^2" --at x=3')
    if arguments[0] == "-" and sys.stdin is None:
        raise AutodiffError(
            "unreadable-file", "standard input is closed", suggestion="give the formula itself, or --file FILE"
        )
    if arguments[0] == "-":
        return sys.stdin.buffer.read().decode("utf-8", "surrogateescape")
    return arguments[0]


def read_text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8", "surrogateescape")
    except OSError as error:
        raise unreadable(path, error.strerror) from None


def unreadable(path: str | Path, reason: str | None) -> AutodiffError:
    return AutodiffError(
        "unreadable-file",
        f"can't read {path}: {reason}",
        suggestion="give the path of a file that exists and that you may read",
    )
