"""What an interrupted run has written: the whole rows of a file, and where they end."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

from autodiff.language.errors import AutodiffError
from autodiff.stream.form import Form
from autodiff.stream.rows_in import Row
from autodiff.stream.rows_out import RowWriter


class Written(NamedTuple):
    """How many whole rows a file has after its header, and where they end."""

    rows: int
    end: int


def whole_records(file: BinaryIO, form: Form) -> Iterator[bytes]:
    """The records with their line breaks, the header included; what is behind the last line break is none.

    Only for what a `RowWriter` wrote: every quote in it is one that RFC 4180 has.
    """
    record: list[bytes] = []
    quotes = 0
    for line in file:
        record.append(line)
        quotes += line.count(b'"') if form.is_delimited else 0
        if quotes % 2 == 0 and line.endswith(b"\n"):
            yield b"".join(record)
            record.clear()
            quotes = 0


def written_rows(path: Path, writer: RowWriter, seen: Callable[[bytes], None]) -> Written:
    """What stands in the file that `writer` is to go on with; each whole row is shown to `seen`.

    A file that isn't there has no rows. Raises AutodiffError for one that this run would not have begun.
    """
    header = writer.header()
    rows, end = 0, 0
    try:
        with path.open("rb") as file:
            for record in whole_records(file, writer.form):
                if header and not end and record != header:
                    raise unfit(f"{path} has another header than this run writes")
                end += len(record)
                if end > len(header):
                    rows += 1
                    seen(record)
            file.seek(end)
            if not end and header and not header.startswith(file.read(len(header))):
                raise unfit(f"{path} has another header than this run writes")
    except FileNotFoundError:
        return Written(0, 0)
    except OSError as error:
        raise AutodiffError(
            "unreadable-file",
            f"can't read {path}: {error.strerror}",
            suggestion="resume with a file that you may read",
        ) from None
    return Written(rows, end)


def unfit(message: str) -> AutodiffError:
    return AutodiffError("unfit-output", message, suggestion="give the file of the run to resume, or another one")


def opened_output(path: Path, end: int) -> int:
    """A descriptor of the file, to go on behind its byte `end`; what was written behind that is cut off.

    Not by way of a new file beside it, as for other outputs: rows are to be seen as they come, and an interrupted run
    is to leave them. Raises AutodiffError if the file can't be written.
    """
    try:
        fresh = 0 if end else os.O_TRUNC
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0) | fresh, 0o666)
        if end:
            os.ftruncate(descriptor, end)
            os.lseek(descriptor, 0, os.SEEK_END)
    except OSError as error:
        raise AutodiffError(
            "unwritable-output",
            f"can't write {path}: {error.strerror}",
            suggestion="choose a file in a folder that exists and that you may write to",
        ) from None
    return descriptor


def skip_rows(rows: Iterator[Row], written: Written, path: Path, writer: RowWriter) -> None:
    """Reads past the rows that are written. Raises AutodiffError if one of them is another row than there."""
    if not written.rows:
        return
    with path.open("rb") as file:
        records = whole_records(file, writer.form)
        if writer.header():
            next(records)
        for number, record in enumerate(islice(records, written.rows), 1):
            row = next(rows, None)
            if row is None:
                raise unfit("the file to go on with has more rows than the input")
            if not record.startswith(writer.own(row)):
                raise unfit(f"the file to go on with has another row {number} than the input")
