"""The cells of records as numbers and as bytes, and how long a record may be."""

from __future__ import annotations

from collections.abc import Sequence

import numpy

from autodiff.stream.decimals import MARGIN, parse_between
from autodiff.stream.row_block import NumberColumn, parse_cells

MOST_RECORD = 1 << 22  # bytes: a quote that isn't closed within them is taken for a typing error
NOT_CLOSED = "a quote that is not closed"


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


def decoded(line: bytes) -> str:
    return line.decode("utf-8", "surrogateescape")


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
