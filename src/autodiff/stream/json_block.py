"""NDJSON by the block: an object in each line, whose members are the columns."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

import numpy
import orjson

from autodiff.stream.blocks import split_lines
from autodiff.stream.row_block import NO_BREAKS, NumberColumn, RowBlock, Unread, parse_number
from autodiff.stream.rows_in import MOST_PEEKED, WHOLE, json_row

MOST_DIGITS = 300
NUMBERS_OF_JSON = {"NaN": numpy.nan, "Infinity": numpy.inf, "-Infinity": -numpy.inf}


class JsonTable:
    """The rows of a file in blocks. `columns` are those of the first object, and those `needed` that come later.

    An object that has a member that is `refused`, which depends on the columns, is flawed, and with `only_columns` one
    that has others than `columns`; so is a line that is no object. Columns that are needed are looked for in the first
    rows, and with `one_by_one`, where no row may wait for the next, expected to come.
    """

    def __init__(
        self,
        blocks: Iterator[bytes],
        needed: Collection[str],
        refused: Callable[[tuple[str, ...]], Collection[str]],
        *,
        only_columns: bool,
        one_by_one: bool,
    ) -> None:
        self.rows = None
        self.newline = b"\n"
        self.columns: tuple[str, ...] = ()
        self.header = self.opening = b""
        self.delimiter = ""
        self._refused: Collection[str] = ()
        self._allowed: frozenset[str] | None = None
        self._blocks = blocks
        self._line = 1
        self._peeked: list[JsonBlock] = []
        self._peek(needed, one_by_one)
        rows = [(read.place(row), read.objects[row]) for read in self._peeked for row in range(read.count)]
        self.is_empty = not rows
        self.start_without_object = rows[0][0] if rows and all(found is None for _, found in rows) else ""
        self._refused = frozenset(refused(self.columns)).difference(self.columns)
        self._allowed = frozenset(self.columns) if only_columns else None
        for read in self._peeked:
            read.columns = self.columns
            read.check(self._refused, self._allowed)

    def _peek(self, needed: Collection[str], one_by_one: bool) -> None:
        """Reads until all columns are known that can be waited for."""
        first: dict[str, Any] | None = None
        seen: set[str] = set()
        for block in self._blocks:
            if not block:
                continue
            read = JsonBlock(block, self._line)
            self._line += read.lines
            self._peeked.append(read)
            objects = [row for row in read.objects if row is not None]
            if first is None and objects:
                first = objects[0]
                self.newline = b"\r\n" if block.partition(b"\n")[0].endswith(b"\r") else b"\n"
                seen.update(needed if one_by_one else ())
            seen.update(name for row in objects for name in needed if name in row)
            if (first is not None and seen.issuperset(needed)) or self._line > MOST_PEEKED:
                break
        self.columns = tuple(dict.fromkeys([*(first or ()), *(name for name in needed if name in seen)]))

    def __iter__(self) -> Iterator[RowBlock | Unread | None]:
        yield from self._peeked
        self._peeked.clear()
        for block in self._blocks:
            if not block:
                yield None
                continue
            yield Unread(read_block, (block, self._line, self.columns, self._refused, self._allowed))
            self._line += len(split_lines(block))


def read_block(
    text: bytes, line: int, columns: tuple[str, ...], refused: Collection[str], allowed: frozenset[str] | None
) -> JsonBlock:
    read = JsonBlock(text, line)
    read.columns = columns
    read.check(refused, allowed)
    return read


class JsonBlock:
    """Lines that have one object each, and others that are kept as they are."""

    breaks = NO_BREAKS

    def __init__(self, text: bytes, line: int) -> None:
        lines = split_lines(text.removeprefix(b"\xef\xbb\xbf"))
        self.lines = len(lines)
        numbered = [(line + place, row.rstrip(b"\r\n")) for place, row in enumerate(lines) if row.strip()]
        self._numbers = [number for number, _ in numbered]
        self._texts = [row for _, row in numbered]
        self.count = len(numbered)
        self.columns: tuple[str, ...] = ()
        self.flaws: dict[int, str] = {}
        self.objects: list[dict[str, Any] | None] = list(self._objects())

    def _objects(self) -> Iterator[dict[str, Any] | None]:
        for row, text in enumerate(self._texts):
            try:
                found = orjson.loads(text)
            except orjson.JSONDecodeError:
                found = None
            if isinstance(found, dict):
                yield found
                continue
            problem = json_row(text.decode("utf-8", "surrogateescape"), 0, 0).problem
            if problem is None:  # a number beyond binary64, or half of a pair of surrogates, which orjson refuses
                yield json.loads(text, parse_int=integer)
                continue
            self.flaws[row] = problem.message
            yield None

    def check(self, refused: Collection[str], allowed: frozenset[str] | None) -> None:
        """Finds the objects that must not be as they are: they become rows with a flaw, and keep their cells."""
        if not refused and allowed is None:
            return
        for row, members in enumerate(self.objects):
            if members is None:
                continue
            taken = next((name for name in members if name in refused), None)
            other = None if allowed is None else next((name for name in members if name not in allowed), None)
            if taken is not None:
                self.flaws[row] = f"there is a column '{taken}' already"
            elif other is not None:
                self.flaws[row] = f"the first row has no column '{other}'"

    def texts(self) -> Sequence[bytes]:
        """Each row up to its closing bracket and behind a comma, if it needs one."""
        texts = [text.rstrip()[:-1].rstrip() for text in self._texts]
        for row in self.flaws:
            written = self._texts[row].decode("utf-8", "backslashreplace")
            texts[row] = orjson.dumps({name_of_whole(self.columns): written})[:-1]
        return [text if text.endswith(b"{") else text + b", " for text in texts]

    def place(self, row: int) -> str:
        return f"line {self._numbers[row]}"

    def cells(self, column: str) -> list[Any]:
        return [None if members is None else members.get(column) for members in self.objects]

    def numbers(self, column: str) -> NumberColumn:
        cells = self.cells(column)
        if all(type(cell) is float or type(cell) is int for cell in cells):
            return NumberColumn(numpy.array(cells, dtype=float), (), {})
        values = numpy.full(len(cells), numpy.nan)
        missing: list[int] = []
        wrong: dict[int, str] = {}
        for row, cell in enumerate(cells):
            try:
                number = number_of(cell)
            except ValueError as error:
                wrong[row] = str(error)
            else:
                if number is None:
                    missing.append(row)
                else:
                    values[row] = number
        return NumberColumn(values, missing, wrong)


def integer(digits: str) -> int | float:
    """The integer, as far as binary64 has room for it."""
    return int(digits) if len(digits) <= MOST_DIGITS else float(digits)


def name_of_whole(columns: Collection[str]) -> str:
    """The member that a line that is no object is written in: none of the table's own.

    >>> name_of_whole(["x", "text"])
    'text_'
    """
    name = WHOLE
    while name in columns:
        name += "_"
    return name


def number_of(cell: Any) -> float | None:
    """A JSON number, or a string that has one; None where there is nothing."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell)
    if cell is None:
        return None
    if isinstance(cell, str):
        known = NUMBERS_OF_JSON.get(cell)
        return parse_number(cell.encode()) if known is None else known
    raise ValueError(orjson.dumps(cell).decode())
