"""A formula prepared for many rows, which come in one batch or in one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy

from autodiff.evaluate.batch.columns import Column, as_columns, row_count
from autodiff.evaluate.batch.engines import Engine, chosen_engine
from autodiff.evaluate.batch.memory import on_a_line
from autodiff.evaluate.batch.rows import available_processors
from autodiff.evaluate.batch.symmetry import symmetric
from autodiff.evaluate.batch.tape import Tape, build_tape
from autodiff.evaluate.formula import Formula
from autodiff.evaluate.point import check_values
from autodiff.graph.nodes import Graph
from autodiff.graph.primitive import VARIABLE
from autodiff.graph.prune import pruned
from autodiff.language.errors import AutodiffError


class BatchResult(NamedTuple):
    """The value in every row, the derivatives by name, the second ones if asked for, and the engine that did it.

    All are arrays of one axis with an entry for each row. `hessian` has them by two names, and is empty if nobody asked
    for it. `engine` is `numpy` or `native`.

    >>> from autodiff import Function
    >>> result = Function("x^2*y").map(x=[1, 2], y=3, engine="numpy", hessian=True)
    >>> result.hessian["x"]["y"].tolist(), result.engine
    ([2.0, 4.0], 'numpy')
    """

    value: Column
    gradient: dict[str, Column]
    hessian: dict[str, dict[str, Column]]
    engine: str


class BatchProgram:
    """A formula's value and derivatives for any number of batches of rows, as `Function.batch` makes it.

    `columns` are the variables that need one, in the order of the text. Call it with a mapping that has for each of
    them an array of one axis, all of one length, or a number that stands for a whole column; what comes back are arrays
    of that length, new ones for every call. `rows` is only needed where no variable is a column.
    Raises AutodiffError for columns that are missing, unknown, of several lengths or of several axes.

    >>> from autodiff import Function
    >>> batch = Function("k*x^2").batch(["x"], at={"k": 3})
    >>> [batch({"x": piece}).value.tolist() for piece in ([1, 2], [3])]
    [[3.0, 12.0], [27.0]]
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


def batch_program(
    formula: Formula,
    columns: Iterable[str],
    fixed: Mapping[str, Any],
    wrt: Iterable[str] | None,
    of: str | None,
    engine: str,
    threads: int | None,
    hessian: bool,
    rows: int | None,
) -> BatchProgram:
    """What computes rows of a formula, where variables are `columns` or have a value in `fixed`.

    `rows` is how many are to come, None if that is not known. Raises AutodiffError.
    """
    plan, at, output, requested = formula.asked(dict.fromkeys(columns, 0.0), fixed, wrt, of, gives_number=True)
    varying = tuple(name for name in plan.compiled.variables if name not in fixed)
    tape = build_tape(plan, output, requested, varying, formula.text, second=hessian)
    chosen = chosen_engine(tape, engine, rows)
    return BatchProgram(tape, varying, {name: at[name] for name in fixed}, formula.text, chosen, threads)
