"""What a formula gives for a block of rows, and the rows that have nothing because they failed or were left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy
from numpy.typing import NDArray

from autodiff.stream.missing import Missing
from autodiff.stream.row_block import RowBlock


class Answers(NamedTuple):
    """A row of numbers for each row; `blank` are the rows that have none, with the reason, or nothing if skipped."""

    numbers: NDArray[numpy.float64]
    blank: Mapping[int, str]


Compute = Callable[[Mapping[str, NDArray[numpy.float64]], int], Any]


class Asked(NamedTuple):
    """The columns that the variables stand in, what to do about missing numbers, and which results to give."""

    sources: Mapping[str, str]
    missing: Missing
    with_value: bool
    names: tuple[str, ...]
    with_hessian: bool

    def results(self, prefix: str = "") -> list[str]:
        """The names of the columns that are added."""
        first = ["value"] if self.with_value else []
        second = [f"d_{name}_{other}" for name in self.names for other in self.names] if self.with_hessian else []
        return [prefix + name for name in [*first, *(f"d_{name}" for name in self.names), *second]]


def answers_for(block: RowBlock, compute: Compute, asked: Asked) -> Answers:
    """Runs the formula over a block; a row that lacks a number gets NaN for it on the way."""
    blank: dict[int, str] = dict(block.flaws)
    columns = {}
    for variable, column in asked.sources.items():
        values, missing, wrong = block.numbers(column)
        columns[variable] = values
        for row, flaw in wrong.items():
            blank.setdefault(row, f"column '{column}' has {flaw}, which is no number")
        if asked.missing is not Missing.nan:
            reason = f"column '{column}' has nothing" if asked.missing is Missing.error else ""
            for row in missing:
                blank[row] = blank.get(row) or reason
    result = compute(columns, block.count)
    slopes = [result.gradient[name] for name in asked.names]
    second = (
        [result.hessian[name][other] for name in asked.names for other in asked.names] if asked.with_hessian else []
    )
    results = [*([result.value] if asked.with_value else []), *slopes, *second]
    numbers = numpy.empty((block.count, len(results)))
    for place, column_of_results in enumerate(results):
        numbers[:, place] = column_of_results
    return Answers(numbers, dict(sorted(blank.items())))
