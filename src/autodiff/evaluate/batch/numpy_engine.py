"""The engine that is always there: NumPy, a block of rows at a time, all of whose numbers stay in the cache."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy

from autodiff.evaluate.batch.columns import Column
from autodiff.evaluate.batch.lowering import Lowering
from autodiff.evaluate.batch.rows import share_rows
from autodiff.evaluate.batch.tape import Tape

# A block's numbers take at most half of the second cache of a core, and calls cost little beside the work.
CACHE, LEAST, MOST = 1 << 20, 1 << 12, 1 << 14


def register(kind: str, rows: int) -> Any:
    if kind == "flag":
        return [False]
    return numpy.empty(rows, bool if kind == "mask" else numpy.float64)


class NumpyEngine:
    """The calls for a tape. Registers are kept for the next batch."""

    __slots__ = ("block", "idle", "layout", "tape")
    name = "numpy"

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        self.layout = Lowering(tape).layout()
        numbers = self.layout.kinds.count("number") + len(tape.columns) + len(tape.outputs)
        fitting = CACHE // (8 * max(numbers, 1))
        self.block = min(max(1 << fitting.bit_length() - 1, LEAST), MOST)
        self.idle: list[list[Any]] = []

    def run(self, columns: Sequence[Column], fixed: Sequence[float], results: Sequence[Column], threads: int) -> None:
        """Writes the tape's outputs for all rows into `results`, for columns in the order of the tape."""
        count = len(results[0])

        def work(starts: Iterator[int]) -> None:
            registers = self.idle.pop() if self.idle else [register(kind, self.block) for kind in self.layout.kinds]
            with numpy.errstate(all="ignore"):
                for start in starts:
                    self.run_block(columns, fixed, results, start, min(start + self.block, count), registers)
            self.idle.append(registers)

        share_rows(count, self.block, threads, work)

    def run_block(
        self,
        columns: Sequence[Column],
        fixed: Sequence[float],
        results: Sequence[Column],
        start: int,
        stop: int,
        registers: list[Any],
    ) -> None:
        rows = slice(start, stop)
        if stop - start < self.block:
            registers = [place if isinstance(place, list) else place[: stop - start] for place in registers]
        given = [column[rows] for column in columns]
        written = [result[rows] for result in results]
        places = [*fixed, *given, *written, *registers]
        for function, operands in self.layout.calls:
            function(*[places[operand] for operand in operands])
        first: dict[int, Any] = dict(
            zip((*self.tape.fixed, *self.tape.columns.values()), (*fixed, *given), strict=True)
        )
        for node, target in zip(self.tape.outputs, written, strict=True):
            if node in first:  # it is a column itself, or the same in all rows
                target[...] = first[node]
