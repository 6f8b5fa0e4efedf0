"""A formula as a function of one number: everything is held but one entry of one input."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from autodiff.evaluate.floats.ieee import number as nearest
from autodiff.evaluate.plan import Plan
from autodiff.evaluate.point import entry_text
from autodiff.evaluate.program import Backend, Program, build_program
from autodiff.graph.gradient import gradient
from autodiff.graph.nodes import ArrayConstant, Graph
from autodiff.graph.table import PRIMITIVES

INDEX = PRIMITIVES["index"]
UNITS_LOST = 2.0**-50  # a node's value may be off by four units in the last place
SMALLEST = 2.0**-1073


class Entry(NamedTuple):
    """One number of an input: its name, and its place where the input is an array, `()` where it is a number."""

    name: str
    place: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.name}{entry_text(self.place)}"


class Section:
    """The value of one node at a point, cut along one entry at a time, in any backend.

    A named node may be varied like a variable: what it is computed from is then left out. Every backend computes with
    the constants of binary64, as the formula itself does, or it would see other kinks.
    """

    def __init__(self, plan: Plan, output: int, point: Mapping[str, Any]) -> None:
        self.graph = plan.compiled.graph
        self.backend = plan.backend
        self.output = output
        self.point = point
        self.nodes = {**plan.compiled.variables, **plan.compiled.names}
        self.values: dict[Backend, list[Any]] = {}
        self.programs: dict[tuple[int, Backend], Program] = {}

    def function(self, entry: Entry, backend: Backend) -> Callable[[Any], Any]:
        """The output as a function of the entry, of numbers of the backend."""
        node, values = self.nodes[entry.name], self.values_in(backend)
        program = self.programs.get((node, backend))
        if program is None:
            program = build_program(self.graph, [self.output], backend, known=[node])
            program = self.programs[node, backend] = with_float_constants(program, self.graph, backend)
        start: list[Any] = [None] * program.size
        for position, _ in program.variables:
            start[position] = values[position]
        output = self.output

        def along(number: Any) -> Any:
            step = start.copy()
            step[node] = replaced(values[node], entry.place, number)
            return program.go_on(step)[output]

        return along

    def value_of(self, entry: Entry) -> float:
        """Where the entry is."""
        value = self.values_in(self.backend)[self.nodes[entry.name]]
        return float(value[entry.place] if entry.place else value)

    def values_in(self, backend: Backend) -> list[Any]:
        """The values of all variables and named nodes."""
        if backend not in self.values:
            program = with_float_constants(build_program(self.graph, self.nodes.values(), backend), self.graph, backend)
            self.values[backend] = program.run(self.numbers(backend))
        return self.values[backend]

    def numbers(self, backend: Backend) -> dict[str, Any]:
        return {name: in_backend(value, backend) for name, value in self.point.items()}

    def derivative(self, entry: Entry, backend: Backend) -> Any:
        """The reverse-mode derivative, by the same rules, computed in another backend."""
        node = self.nodes[entry.name]
        step = gradient(self.graph, self.output, [node])
        adjoint = step.adjoints.get(node)
        if adjoint is None:
            return in_backend(0.0, backend)
        program = with_float_constants(build_program(step.graph, [adjoint], backend), self.graph, backend)
        value = program.run(self.numbers(backend))[adjoint]
        return value[entry.place] if entry.place else value

    def rounding(self, entry: Entry) -> float:
        """How far the rounding of every step may put off the derivative that reverse mode computes in binary64.

        To first order it is the sum of what each node may be off, times the derivative of the derivative by that node
        (Griewank and Walther, Evaluating Derivatives, section 3.4): reverse mode once more, through all of its nodes.
        """
        node = self.nodes[entry.name]
        step = gradient(self.graph, self.output, [node])
        adjoint = step.adjoints.get(node)
        if adjoint is None:
            return 0.0
        if entry.place:
            adjoint = step.graph.add(INDEX, (adjoint,), payload=(entry.place,))
        again = gradient(step.graph, adjoint, range(len(step.graph.nodes)))
        computed = {
            position: weight for position, weight in again.adjoints.items() if step.graph.nodes[position].operands
        }
        values = build_program(again.graph, [*computed, *computed.values()], self.backend).run(self.point)
        losses = (
            total(abs(values[weight]) * (UNITS_LOST * abs(values[position]) + SMALLEST))
            for position, weight in computed.items()
        )
        return sum(loss for loss in losses if not math.isnan(loss))  # NaN is by what can't be varied, as an order


def with_float_constants(program: Program, graph: Graph, backend: Backend) -> Program:
    """The program with those constants that are the formula's own, not a rule's, as binary64 has them."""
    constants = []
    for position, number in program.constants:
        payload = graph.nodes[position].payload if position < len(graph.nodes) else None
        if isinstance(payload, ArrayConstant):
            number = in_backend(payload.entries, backend)
        elif payload is not None:
            number = in_backend(nearest(payload), backend)
        constants.append((position, number))
    return program._replace(constants=constants)


def in_backend(value: Any, backend: Backend) -> Any:
    """A number or an array of binary64 as the backend has it."""
    if isinstance(value, float):
        return backend.number(value)
    from autodiff.evaluate.arrays.backend import ArrayBackend

    assert isinstance(backend, ArrayBackend), "an array is computed with by a backend for arrays"
    return backend.number(ArrayConstant(value)).astype(backend.dtype)


def replaced(value: Any, index: tuple[int, ...], number: Any) -> Any:
    """The number itself, or an array with the one entry changed."""
    if not index:
        return number
    changed = value.copy()
    changed[index] = number
    return changed


def total(value: Any) -> float:
    return float(value if isinstance(value, float) else value.sum())
