"""Lines with quotes: in most, every quote opens or closes a cell, so that all are split at once. The others are `odd`.

An odd line begins a record that goes on in the next lines, or has quotes that RFC 4180 doesn't allow; it is read by
itself, as `delimited` does it, and costs the lines around it nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

import numpy
from numpy.typing import NDArray

from autodiff.stream.decimals import MARGIN, Positions
from autodiff.stream.delimited import MOST_LINES, FlawError, split_cells
from autodiff.stream.lines import without_end
from autodiff.stream.record_cells import MOST_RECORD, NOT_CLOSED, decoded
from autodiff.stream.regular_block import LINE_FEED, UNFIT_DELIMITERS

QUOTE, RETURN = ord('"'), ord("\r")


class LineRecord(NamedTuple):
    """A record that was read by itself: its first line, counted from 0, how many it has, its cells, and its flaw."""

    line: int
    lines: int
    cells: list[str]
    flaw: str


class QuotedLines:
    """The lines of a text that ends with a line feed, as places in a buffer that has MARGIN bytes before it."""

    def __init__(self, text: bytes, delimiter: str) -> None:
        self.text = text
        self.delimiter = delimiter
        self.buffer = numpy.frombuffer(bytes(MARGIN) + text, dtype=numpy.uint8)
        self.feeds: Positions = numpy.flatnonzero(self.buffer == LINE_FEED)
        self.starts: Positions = numpy.concatenate([[MARGIN], self.feeds[:-1] + 1])
        self.stops: Positions = self.feeds - ((self.buffer[self.feeds - 1] == RETURN) & (self.feeds > self.starts))
        self.quotes: Positions = numpy.flatnonzero(self.buffer == QUOTE)
        self.quotes_before: Positions = numpy.searchsorted(self.quotes, self.starts)

    @property
    def is_fit(self) -> bool:
        """Whether the delimiter is one byte that can't be a part of a number."""
        return self.delimiter.isascii() and self.delimiter not in UNFIT_DELIMITERS

    @cached_property
    def is_odd(self) -> NDArray[numpy.bool_]:
        """Which lines have quotes that neither open nor close a cell, or leave one open."""
        counts = numpy.diff(self.quotes_before, append=len(self.quotes))
        if not self.is_fit:
            return numpy.greater(counts, 0)
        odd: NDArray[numpy.bool_] = counts % 2 == 1
        lines = numpy.repeat(numpy.arange(len(counts)), counts)
        opens = (numpy.arange(len(self.quotes)) - self.quotes_before[lines]) % 2 == 0
        before, behind = self.buffer[self.quotes - 1], self.buffer[self.quotes + 1]
        # A quote behind a closing one is the second of two that stand for one.
        is_opening = (before == ord(self.delimiter)) | (before == QUOTE) | (self.quotes == self.starts[lines])
        is_closing = (behind == ord(self.delimiter)) | (behind == QUOTE) | (self.quotes + 1 == self.stops[lines])
        odd[lines[~numpy.where(opens, is_opening, is_closing)]] = True
        return odd

    def separators(self) -> tuple[Positions, Positions]:
        """The delimiters that are in no cell, if no line is odd, and the line that each of them is in."""
        places: Positions = numpy.flatnonzero(self.buffer == ord(self.delimiter))
        lines: Positions = numpy.searchsorted(self.feeds, places)
        if len(self.quotes):
            is_outside = (numpy.searchsorted(self.quotes, places) - self.quotes_before[lines]) % 2 == 0
            places, lines = places[is_outside], lines[is_outside]
        return places, lines

    def records(self, lines: Iterable[int]) -> Iterator[LineRecord]:
        """The records that begin in these lines, but in no record before."""
        free = 0
        for line in lines:
            if line < free:
                continue
            first = self.line(line)
            read = [first]
            following = map(self.line, range(line + 1, min(line + MOST_LINES, len(self.feeds))))
            try:
                record = LineRecord(line, 1, split_cells(read, following, self.delimiter)[0], "")
                record = record._replace(lines=len(read))
            except FlawError as flaw:
                record = LineRecord(line, 1, without_end(first).split(self.delimiter), str(flaw))
            yield record
            free = line + record.lines

    def line(self, line: int) -> str:
        return decoded(self.text[self.starts[line] - MARGIN : self.feeds[line] + 1 - MARGIN])


def closed_until(text: bytes, delimiter: str) -> int:
    """Where a record begins that may go on behind the text; else the end of the text."""
    lines = QuotedLines(text, delimiter)
    for record in lines.records(numpy.flatnonzero(lines.is_odd).tolist()):
        start = int(lines.starts[record.line]) - MARGIN
        is_near = len(lines.feeds) - record.line < MOST_LINES and len(text) - start < MOST_RECORD
        if record.flaw == NOT_CLOSED and is_near:
            return start
    return len(text)
