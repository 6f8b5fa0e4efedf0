"""A formula prepared for many rows, which come in one batch or in one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy

from autodiff.evaluate.batch.columns import Column, as_columns, row_count
from autodiff.evaluate.batch.engines import Engine
from autodiff.evaluate.batch.memory import on_a_line
from autodiff.evaluate.batch.rows import available_processors
from autodiff.evaluate.batch.symmetry import symmetric
from autodiff.evaluate.batch.tape import Tape
from autodiff.evaluate.point import check_values
from autodiff.graph.nodes import Graph
from autodiff.graph.primitive import VARIABLE
from autodiff.graph.prune import pruned
from autodiff.language.errors import AutodiffError


class BatchResult(NamedTuple):
    """The value in every row, the derivatives by name, the second ones if asked for, and the engine that did it."""

    value: Column
    gradient: dict[str, Column]
    hessian: dict[str, dict[str, Column]]
    engine: str


class BatchProgram:
    """A formula's value and derivatives for any number of batches of rows.

    `columns` are the variables that need one, in the order of the text. Call it with a mapping that has an array for
    each of them; what comes back are arrays of the same length, new ones for every call. `rows` is only needed where
    no variable is a column.
    """

    __slots__ = ("columns", "engine", "fixed", "tape", "text", "threads")

    def __init__(
        self,
        tape: Tape,
        columns: tuple[str, ...],
        at: Mapping[str, float],
        text: str,
        engine: Engine,
        threads: int | None = None,
    ) -> None:
        self.tape = tape
        self.columns = columns
        self.fixed = list(tape.fixed_values(at).values())
        self.text = text
        self.engine = engine
        if threads is not None and threads < 1:
            raise AutodiffError("bad-value", f"{threads} threads can do nothing", suggestion="give 1 or more, or None")
        self.threads = available_processors() if threads is None else threads

    def __call__(self, columns: Mapping[str, Any], rows: int | None = None) -> BatchResult:
        arrays, numbers = as_columns(columns)
        count = row_count(arrays, rows)
        given = {*arrays, *numbers}
        if given != set(self.columns):
            graph, variables = self._formula()
            check_values(given, variables, (), graph, self.text)
        arrays |= {name: numpy.full(count, number) for name, number in numbers.items()}
        results: dict[int, Column] = {node: on_a_line(count, numpy.float64) for node in self.tape.outputs}
        if count:
            ordered = [arrays[name] for name in self.tape.columns]
            self.engine.run(ordered, self.fixed, list(results.values()), self.threads)
        handed: set[int] = set()

        def result(node: int | None) -> Column:
            """Each is an array of its own, which may be changed."""
            if node is None:
                return numpy.zeros(count)
            again = node in handed
            handed.add(node)
            return results[node].copy() if again else results[node]

        value = result(self.tape.value)
        slopes = {name: result(node) for name, node in self.tape.slopes.items()}
        hessian: dict[str, dict[str, Column]] = {}
        for (name, other), node in self.tape.curvatures.items():
            hessian.setdefault(name, {})[other] = result(node)
        return BatchResult(value, slopes, symmetric(hessian), self.engine.name)

    def _formula(self) -> tuple[Graph, dict[str, int]]:
        """The graph of the formula, without that of its derivatives, and the variables in it that are columns."""
        variables = {
            str(node.payload): position
            for position, node in enumerate(self.tape.graph.nodes)
            if node.primitive is VARIABLE and node.payload in self.columns
        }
        graph, moved = pruned(self.tape.graph, [self.tape.value, *variables.values()])
        return graph, {name: moved[variables[name]] for name in self.columns}
