"""Some rows of a table, whatever form they came in, and the numbers in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import numpy
from numpy.typing import NDArray

NUMBER = re.compile(rb"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[+-]?(?:inf|infinity|nan)", re.IGNORECASE)
SHOWN = 40  # characters of a cell that an error shows


class Unread(NamedTuple):
    """Rows whose text is still to be read, which may be done in another process."""

    read: Callable[..., RowBlock]
    arguments: tuple[Any, ...]

    def __call__(self) -> RowBlock:
        return self.read(*self.arguments)


class NumberColumn(NamedTuple):
    """One column as numbers, NaN where there is none: the rows where nothing stands,
    and what stands in others instead."""

    values: NDArray[numpy.float64]
    missing: Sequence[int]
    wrong: Mapping[int, str]


class Breaks(NamedTuple):
    """What stands between the rows of a block, line ends and blank lines: before the first row, and behind each.

    Behind each is the line end of the whole table if that is None.
    """

    before: bytes = b""
    behind: Sequence[bytes] | None = None


NO_BREAKS = Breaks()


class RowBlock(Protocol):
    """Rows that are read, computed and written together.

    `flaws` has the rows that are none of the table's form, and why. `texts` are the rows as they are to be written in
    the form that they came in, without the end of the line; only text has them.
    """

    @property
    def count(self) -> int: ...
    @property
    def flaws(self) -> Mapping[int, str]: ...
    @property
    def breaks(self) -> Breaks: ...
    def texts(self) -> Sequence[bytes]: ...
    def place(self, row: int) -> str: ...
    def numbers(self, column: str) -> NumberColumn: ...
    def cells(self, column: str) -> Any: ...


def parse_number(cell: bytes) -> float | None:
    """The number that a cell has; None where it has none. Raises ValueError where it has something else.

    >>> parse_number(b" 1e5 "), parse_number(b"-.5"), parse_number(b"")
    (100000.0, -0.5, None)
    """
    cell = cell.strip()
    if NUMBER.fullmatch(cell):
        return float(cell)
    if not cell:
        return None
    written = cell.decode("utf-8", "backslashreplace")
    raise ValueError(repr(written if len(written) <= SHOWN else f"{written[: SHOWN - 1]}…"))


def parse_cells(cells: Sequence[bytes], rows: Sequence[int], values: NDArray[numpy.float64]) -> NumberColumn:
    """The column whose cells in the given `rows` are still to be read into `values`."""
    missing, wrong = [], {}
    for row, cell in zip(rows, cells, strict=True):
        try:
            number = parse_number(cell)
        except ValueError as error:
            number, wrong[row] = None, str(error)
        else:
            if number is None:
                missing.append(row)
        values[row] = numpy.nan if number is None else number
    return NumberColumn(values, missing, wrong)
