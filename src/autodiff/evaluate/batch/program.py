"""A formula prepared for many rows, which come in one batch or in one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy

from autodiff.evaluate.arrays.elementwise import KERNELS
from autodiff.evaluate.batch.columns import Column, as_columns, row_count
from autodiff.evaluate.batch.tape import Tape
from autodiff.evaluate.point import check_values


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

    __slots__ = ("at", "columns", "tape", "text")

    def __init__(self, tape: Tape, columns: tuple[str, ...], at: Mapping[str, float], text: str) -> None:
        self.tape = tape
        self.columns = columns
        self.at = at
        self.text = text

    def __call__(self, columns: Mapping[str, Any], rows: int | None = None) -> BatchResult:
        arrays, numbers = as_columns(columns)
        count = row_count(arrays, rows)
        variables = {name: self.tape.columns.get(name, 0) for name in self.columns}
        check_values([*arrays, *numbers], variables, (), self.tape.graph, self.text)
        arrays |= {name: numpy.full(count, number) for name, number in numbers.items()}
        values: dict[int, Any] = {node: numpy.full(count, x) for node, x in self.tape.fixed_values(self.at).items()}
        values |= {node: arrays[name] for name, node in self.tape.columns.items()}
        nodes = self.tape.graph.nodes
        with numpy.errstate(all="ignore"):
            for position in self.tape.steps:
                primitive, operands, _, _ = nodes[position]
                values[position] = KERNELS[primitive.name](*[values[operand] for operand in operands])

        def result(node: int | None) -> Column:
            return numpy.zeros(count) if node is None else numpy.array(values[node])

        hessian: dict[str, dict[str, Column]] = {}
        for (name, other), node in self.tape.curvatures.items():
            hessian.setdefault(name, {})[other] = result(node)
        slopes = {name: result(node) for name, node in self.tape.slopes.items()}
        return BatchResult(result(self.tape.value), slopes, hessian, "numpy")
