"""Rows of cells as RFC 4180 has them, read one by one; what is none is a row all the same, with its flaw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy

from autodiff.stream.blocks import split_lines
from autodiff.stream.decimals import MARGIN, parse_between
from autodiff.stream.delimited import MOST_LINES, FlawError, quoted, split_cells
from autodiff.stream.lines import without_end
from autodiff.stream.row_block import NumberColumn, parse_cells

MOST_RECORD = 1 << 22  # bytes: a quote that isn't closed within them is taken for a typing error
NOT_CLOSED = "a quote that is not closed"


class RowRecord(NamedTuple):
    """A row: its line, its text as it is to be written, without the end of the line, its cells, and what is wrong."""

    line: int
    text: bytes
    cells: list[bytes]
    flaw: str


class RecordBlock:
    """Rows of any number of lines. `lines` are those that were read, blank ones included."""

    def __init__(self, records: list[RowRecord], lines: int, columns: tuple[str, ...]) -> None:
        self.records = records
        self.columns = columns
        self.count = len(records)
        self.lines = lines
        self.flaws: Mapping[int, str] = {row: record.flaw for row, record in enumerate(records) if record.flaw}

    def texts(self) -> Sequence[bytes]:
        return [record.text for record in self.records]

    def place(self, row: int) -> str:
        return f"line {self.records[row].line}"

    def cells(self, column: str) -> list[bytes]:
        place = self.columns.index(column)
        return [record.cells[place] for record in self.records]

    def numbers(self, column: str) -> NumberColumn:
        return parse_column(self.cells(column))


def parse_column(cells: Sequence[bytes]) -> NumberColumn:
    """The numbers in cells that stand by themselves."""
    text = b"".join([bytes(MARGIN), b"\n".join(cells), b"\n"])
    buffer = numpy.frombuffer(text, dtype=numpy.uint8)
    marks = numpy.flatnonzero((buffer == ord("\n")) | (buffer == ord(".")))
    ranks = numpy.flatnonzero(buffer[marks] == ord("\n"))
    if len(ranks) != len(cells):  # a cell has a line break
        return parse_cells(cells, range(len(cells)), numpy.empty(len(cells)))
    before = numpy.concatenate([[-1], ranks[:-1]])
    values, done, _ = parse_between(buffer, marks, before[: len(cells)], ranks)
    rows = numpy.flatnonzero(~done).tolist()
    return parse_cells([cells[row] for row in rows], rows, values)


def record_block(
    text: bytes, line: int, columns: tuple[str, ...], delimiter: str, is_last: bool
) -> tuple[RecordBlock, bytes]:
    """The rows of a text that begins with the given line, and the text of a row that goes on behind its end."""
    lines = split_lines(text)
    records: list[RowRecord] = []
    place = 0
    while place < len(lines):
        first = decoded(lines[place])
        content = without_end(first)
        if not content.strip(" "):
            place += 1
            continue
        read, flaw = [first], ""
        try:
            cells, _ = split_cells(read, map(decoded, lines[place + 1 : place + MOST_LINES]), delimiter)
        except FlawError as error:
            flaw = str(error)
            if flaw == NOT_CLOSED and not is_last and len(lines) - place < MOST_LINES:
                rest = b"".join(lines[place:])
                if len(rest) < MOST_RECORD:
                    return RecordBlock(records, place, columns), rest
            read, cells = [first], content.split(delimiter)
        records.append(row_record(line + place, without_end("".join(read)), cells, flaw, len(columns), delimiter))
        place += len(read)
    return RecordBlock(records, place, columns), b""


def row_record(line: int, text: str, cells: list[str], flaw: str, width: int, delimiter: str) -> RowRecord:
    """The row; its text is completed where it is ragged, and put in quotes where its own are not closed."""
    found = len(cells)
    if found != width or flaw:
        if found > width:
            # What is too much stays with the last cell, so that nothing is lost and the columns stay aligned.
            cells = [*cells[: width - 1], delimiter.join(cells[width - 1 :])]
        cells = cells + [""] * (width - len(cells))
        if found < width and not flaw:
            text += delimiter * (width - found)
        else:
            text = delimiter.join([quoted(cell, delimiter) for cell in cells])
        flaw = flaw or f"{found} {'cell' if found == 1 else 'cells'} instead of {width}"
    return RowRecord(line, encoded(text), list(map(encoded, cells)), f"the row has {flaw}" if flaw else "")


def decoded(line: bytes) -> str:
    return line.decode("utf-8", "surrogateescape")


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
