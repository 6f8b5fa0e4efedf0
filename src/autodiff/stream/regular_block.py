"""Rows of cells without quotes, as many in each line: found by one search for what separates them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy
from numpy.typing import NDArray

from autodiff.stream.decimals import MARGIN, Positions, parse_between
from autodiff.stream.row_block import NO_BREAKS, Breaks, NumberColumn, parse_cells

LINE_FEED, POINT = ord("\n"), ord(".")
UNFIT_DELIMITERS = '0123456789.+-eE\r\n"'


class RegularBlock:
    """Rows whose cells stand between `separators`, a row of them for each row, the last of which is the line feed.

    `marks` are the separators and the decimal points, in order, and `ranks` the places of the separators among them.
    """

    flaws: Mapping[int, str] = {}

    def __init__(
        self, text: bytes, buffer: NDArray[numpy.uint8], marks: Positions, ranks: Positions, columns: tuple[str, ...]
    ) -> None:
        self.text = text
        self.line = 1
        self.breaks = NO_BREAKS
        self.columns = columns
        self._buffer = buffer
        self._marks = marks
        self._ranks = ranks
        self.count = self.lines = len(ranks) // len(columns)

    def texts(self) -> Sequence[bytes]:
        lines = self.text.split(b"\n")
        del lines[-1]
        return lines

    def place(self, row: int) -> str:
        return f"line {self.line + row}"

    def cells(self, column: str) -> list[bytes]:
        place = self.columns.index(column)
        return [row[place] for row in self._split]

    def numbers(self, column: str) -> NumberColumn:
        place, width = self.columns.index(column), len(self.columns)
        ranks = self._ranks[place::width]
        before = self._ranks[place - 1 :: width] if place else numpy.roll(self._ranks[width - 1 :: width], 1)
        if not place:
            before[:1] = -1
        values, done, fields = parse_between(self._buffer, self._marks, before, ranks)
        rows = numpy.flatnonzero(~done)
        starts, stops = (fields.starts[rows] - MARGIN).tolist(), (fields.stops[rows] - MARGIN).tolist()
        cells = [self.text[start:stop] for start, stop in zip(starts, stops, strict=True)]
        return parse_cells(cells, rows.tolist(), values)

    @cached_property
    def _split(self) -> list[list[bytes]]:
        delimiter = bytes(self._buffer[self._marks[self._ranks[:1]]]) if len(self.columns) > 1 else b"\n"
        return [line.split(delimiter) for line in self.texts()]


def regular_block(
    text: bytes, line: int, columns: tuple[str, ...], delimiter: str, newline: bytes
) -> RegularBlock | None:
    """The rows of a text that ends with a line feed; None where it has quotes, ragged lines or several line ends.

    A blank line is a row where there is but one column.
    """
    if b'"' in text or not delimiter.isascii() or delimiter in UNFIT_DELIMITERS:
        return None
    end = b"\n"
    if b"\r" in text:
        if not text.count(b"\r\n") == text.count(b"\n") == text.count(b"\r"):
            return None
        end = b"\r\n"
        text = text.replace(end, b"\n")
    width = len(columns)
    buffer = numpy.frombuffer(bytes(MARGIN) + text, dtype=numpy.uint8)
    is_mark = buffer == ord(delimiter)
    is_mark |= buffer == LINE_FEED
    is_mark |= buffer == POINT
    marks = numpy.flatnonzero(is_mark)
    characters = buffer[marks]
    ranks = numpy.flatnonzero(characters != POINT)
    ends = characters[ranks] == LINE_FEED
    if len(ranks) % width or not ends[width - 1 :: width].all() or numpy.count_nonzero(ends) * width != len(ranks):
        return None
    block = RegularBlock(text, buffer, marks, ranks, columns)
    block.line = line
    if end != newline:
        block.breaks = Breaks(behind=[end] * block.count)
    return block
