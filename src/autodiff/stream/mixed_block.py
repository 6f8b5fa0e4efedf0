"""Rows of cells with quotes, ragged rows and blank lines among others: most are found at once, the rest one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy

from autodiff.stream.decimals import MARGIN, Fields, Positions, parse_decimals
from autodiff.stream.lines import without_end
from autodiff.stream.quoted_lines import QUOTE, LineRecord, QuotedLines
from autodiff.stream.record_cells import encoded
from autodiff.stream.regular_block import POINT
from autodiff.stream.row_block import Breaks, NumberColumn, parse_cells


class MixedBlock:
    """The rows of a text that ends with a line feed, the first line of which is `line`.

    A blank line is a row where there is but one column, and else stands between the rows. `separators` has a row for
    each line of text that is split at its delimiters; all other rows are in `records`, by their number.
    """

    def __init__(self, text: bytes, line: int, columns: tuple[str, ...], delimiter: str, newline: bytes) -> None:
        lines = QuotedLines(text, delimiter)
        self.text = text
        self.columns = columns
        self.line = line
        self._buffer = lines.buffer
        self._delimiter = delimiter.encode()
        width = len(columns)
        is_split = ~lines.is_odd if lines.is_fit else numpy.zeros(len(lines.feeds), dtype=bool)
        if lines.is_fit:
            separators, lines_of_separators = lines.separators()
            is_split &= numpy.bincount(lines_of_separators, minlength=len(is_split)) == width - 1
        is_row, last_lines = is_split.copy(), numpy.arange(len(is_split))
        found: list[LineRecord] = []
        unsplit = numpy.flatnonzero(~is_split).tolist()
        for record in lines.records(row for row in unsplit if width == 1 or not is_blank(lines.line(row), delimiter)):
            stop = record.line + record.lines
            is_row[record.line : stop] = is_split[record.line : stop] = False
            is_row[record.line] = True
            last_lines[record.line] = stop - 1
            found.append(record)
        self._lines: Positions = numpy.flatnonzero(is_row)
        self.count = len(self._lines)
        self._starts: Positions = lines.starts[self._lines]
        self._stops: Positions = lines.stops[last_lines[self._lines]]
        self._split: Positions = numpy.flatnonzero(is_split[self._lines])
        if lines.is_fit:
            self._separators = separators[is_split[lines_of_separators]].reshape(len(self._split), width - 1)
        rows = numpy.searchsorted(self._lines, [record.line for record in found]).tolist()
        self._records = dict(zip(rows, found, strict=True))
        flaws = {row: self._flaw(record) for row, record in self._records.items()}
        self.flaws: Mapping[int, str] = {row: flaw for row, flaw in flaws.items() if flaw}
        self.breaks = self._breaks(newline)

    def _flaw(self, record: LineRecord) -> str:
        found, width = len(record.cells), len(self.columns)
        flaw = record.flaw or (
            "" if found == width else f"{found} {'cell' if found == 1 else 'cells'} instead of {width}"
        )
        return f"the row has {flaw}" if flaw else ""

    def _breaks(self, newline: bytes) -> Breaks:
        if not self.count:
            return Breaks(self.text, [])
        firsts, stops = self._starts - MARGIN, self._stops - MARGIN
        nexts = numpy.append(firsts[1:], len(self.text))
        before = self.text[: firsts[0]]
        if newline == b"\n" and (nexts - stops == 1).all():
            return Breaks(before)
        return Breaks(before, self._slices(self._stops, nexts + MARGIN))

    def _slices(self, starts: Positions, stops: Positions) -> list[bytes]:
        places = zip((starts - MARGIN).tolist(), (stops - MARGIN).tolist(), strict=True)
        return [self.text[start:stop] for start, stop in places]

    def texts(self) -> Sequence[bytes]:
        """Each row as it was written, completed where it has fewer cells than the header."""
        texts = self._slices(self._starts, self._stops)
        for row in self.flaws:
            texts[row] += self._delimiter * (len(self.columns) - len(self._records[row].cells))
        return texts

    def place(self, row: int) -> str:
        return f"line {self.line + int(self._lines[row])}"

    def cells(self, column: str) -> list[bytes]:
        place = self.columns.index(column)
        cells = [b""] * self.count
        if len(self._split):
            for row, cell in zip(self._split.tolist(), self._slices(*self._fields(place)), strict=True):
                cells[row] = unquoted(cell)
        for row in self._records:
            cells[row] = self._cell(row, place)
        return cells

    def _cell(self, row: int, place: int) -> bytes:
        """A cell of a record. What is too much in a row stays with the last cell, so that nothing is lost."""
        cells, last = self._records[row].cells, len(self.columns) - 1
        return encoded(self._delimiter.decode().join(cells[place:] if place == last else cells[place : place + 1]))

    def _fields(self, place: int) -> tuple[Positions, Positions]:
        """Where the cells of a column begin and end, in the rows that are split."""
        starts = self._separators[:, place - 1] + 1 if place else self._starts[self._split]
        is_last = place == len(self.columns) - 1
        return starts, self._stops[self._split] if is_last else self._separators[:, place]

    def numbers(self, column: str) -> NumberColumn:
        place = self.columns.index(column)
        values = numpy.full(self.count, numpy.nan)
        left: dict[int, bytes] = {row: self._cell(row, place) for row in self._records}
        if len(self._split):
            starts, stops = self._fields(place)
            is_quoted = (self._buffer[starts] == QUOTE) & (stops > starts)
            starts, stops = starts + is_quoted, stops - is_quoted
            points = numpy.append(numpy.flatnonzero(self._buffer == POINT), len(self._buffer))
            first = numpy.searchsorted(points, starts)
            count = numpy.searchsorted(points, stops) - first
            fields = Fields(starts, stops, numpy.where(count > 0, points[first], stops))
            values[self._split], done = parse_decimals(self._buffer, fields)
            rest = numpy.flatnonzero(~done | (count > 1))
            cells = map(unescaped, self._slices(starts[rest], stops[rest]))
            left.update(zip(self._split[rest].tolist(), cells, strict=True))
        rows = sorted(left)
        return parse_cells([left[row] for row in rows], rows, values)


def is_blank(line: str, delimiter: str) -> bool:
    content = without_end(line)
    return not content or (delimiter != " " and not content.strip(" "))


def unquoted(cell: bytes) -> bytes:
    return unescaped(cell[1:-1]) if cell.startswith(b'"') else cell


def unescaped(cell: bytes) -> bytes:
    return cell.replace(b'""', b'"')
