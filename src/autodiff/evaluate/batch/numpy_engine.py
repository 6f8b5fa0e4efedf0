"""The engine that is always there: NumPy, a block of rows at a time, all of whose numbers stay in the cache."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy

from autodiff.evaluate.batch.columns import Column
from autodiff.evaluate.batch.lowering import Lowering
from autodiff.evaluate.batch.memory import borrowed, given_back
from autodiff.evaluate.batch.rows import blocks_of, share_rows
from autodiff.evaluate.batch.tape import Tape

# Measured best: a block's numbers stay near the second cache of a core, and calls cost little beside the work. With
# more threads, blocks are larger: between two calls a thread holds Python's lock, and one that has to wait for it
# loses more than it does by numbers from the third cache.
ALONE, TOGETHER = 1 << 14, 1 << 15


def shortened(registers: list[Any], rows: int) -> list[Any]:
    return [place if isinstance(place, list) else place[:rows] for place in registers]


def side_by_side(entries: Column) -> Column:
    """The same numbers, each with a place of its own beside the one before.

    Of what repeats one place, NumPy's power gives other roots of -0.0 and -inf than of what does not.
    """
    return entries.copy() if 0 in entries.strides else numpy.ascontiguousarray(entries)


class NumpyEngine:
    """The calls for a tape."""

    __slots__ = ("copies", "layout", "tape")
    name = "numpy"

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        self.layout = Lowering(tape).layout()
        given = {node: place for place, node in enumerate((*tape.fixed, *tape.columns.values()))}
        # Results that are columns themselves, or the same in all rows: from which place to which.
        self.copies = [(given[node], len(given) + index) for index, node in enumerate(tape.outputs) if node in given]

    def run(self, columns: Sequence[Column], fixed: Sequence[float], results: Sequence[Column], threads: int) -> None:
        """Writes the tape's outputs for all rows into `results`, for columns in the order of the tape."""
        count = len(results[0])
        size = ALONE if threads == 1 or count <= ALONE else TOGETHER
        kinds = self.layout.kinds

        def work(blocks: Iterator[slice]) -> None:
            registers = borrowed(kinds, size)
            with numpy.errstate(all="ignore"):
                for rows in blocks:
                    count = rows.stop - rows.start
                    fitting = registers if count == size else shortened(registers, count)
                    self.run_block(columns, fixed, results, rows, fitting)
            given_back(registers, kinds, size)

        share_rows(blocks_of(count, size), threads, work)

    def run_block(
        self,
        columns: Sequence[Column],
        fixed: Sequence[float],
        results: Sequence[Column],
        rows: slice,
        registers: list[Any],
    ) -> None:
        given = [side_by_side(column[rows]) for column in columns]
        places = [*fixed, *given, *[result[rows] for result in results], *registers]
        for function, operands in self.layout.calls:
            function(*[places[operand] for operand in operands])
        for source, target in self.copies:
            places[target][...] = places[source]
