"""The files of rows that a command reads and writes, as they are named on the command line."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from autodiff.cli.formula import unreadable
from autodiff.language.errors import AutodiffError
from autodiff.stream.form import Form, form_of


def one_file(arguments: list[str], command: str) -> str:
    """The one file that is named. Raises AutodiffError for options that there aren't, which Typer lets through."""
    unknown = [argument for argument in arguments if argument.startswith("-") and argument != "-"]
    if unknown:
        raise AutodiffError(
            "usage", f"there is no option {unknown[0]}", suggestion=f"autodiff {command} --help says what there is"
        )
    if len(arguments) != 1:
        what = "are several files" if arguments else "is no file"
        raise AutodiffError("usage", f"there {what}", suggestion=f"give one, like autodiff {command} rows.csv")
    return arguments[0]


def check_resume(resume: bool, output: Path | None, report: Path | None) -> None:
    if not resume:
        return
    if output is None or (output.exists() and not output.is_file()):
        raise AutodiffError("usage", "--resume needs the file to go on with", suggestion="give it as -o FILE")
    if report is not None:
        raise AutodiffError("usage", "--report needs every row to be graded", suggestion="leave out --resume")


def keep_apart(files: Mapping[str, Path | None]) -> None:
    """Raises AutodiffError where an output would overwrite what is read, or the other output."""
    there = {name: path for name, path in files.items() if path is not None and path.is_file()}
    for name in ("-o", "--report"):
        for other, path in there.items():
            if name in there and name != other and path.samefile(there[name]):
                raise AutodiffError("usage", f"{name} and {other} are one file", suggestion="write to another file")


def form_of_rows(name: str, given: Form | None) -> Form:
    form = given or (Form.csv if name == "-" else form_of(Path(name)))
    if form is None:
        raise AutodiffError(
            "usage", f"the name {name} tells no form", suggestion="say it: --from csv, --from tsv or --from ndjson"
        )
    return form


def opened(name: str) -> BinaryIO:
    if name == "-":
        if sys.stdin is None:
            raise unreadable("standard input", "it is closed")
        return sys.stdin.buffer
    try:
        return open(name, "rb")
    except OSError as error:
        raise unreadable(name, error.strerror) from None


def size_of(file: BinaryIO) -> int | None:
    """The bytes in the file; None for a pipe or a terminal."""
    return os.fstat(file.fileno()).st_size or None
