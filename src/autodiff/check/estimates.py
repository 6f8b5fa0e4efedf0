"""The numbers that wrong rules lead to at one point: by floats, before any graph is made of what they give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from autodiff.check.attempts import Applied, Student
from autodiff.evaluate.floats import FLOATS
from autodiff.evaluate.program import Kernel, build_program, text_kernel
from autodiff.graph.primitive import Primitive
from autodiff.graph.rules import rule


class Estimates:
    """What a student's derivative is at a point, with mistakes and without."""

    def __init__(self, student: Student, point: Mapping[str, float]) -> None:
        self.student = student
        graph = student.graph
        self.values = build_program(graph, [student.output, student.variable], FLOATS).run(point)
        self.partials: dict[int, list[tuple[int, float]]] = {}
        for position in student.order:
            primitive, operands, _, _ = graph.nodes[position]
            numbers = [self.values[operand] for operand in operands]
            self.partials[position] = [
                (operand, partial_kernel(primitive, index, len(operands))(*numbers, self.values[position]))
                for index, operand in enumerate(operands)
                if student.varies[operand]
            ]
        self.right = self.slopes({})
        self.adjoints = {student.output: 1.0}
        for position in reversed(student.order):
            adjoint = self.adjoints.get(position, 0.0)
            for operand, partial in self.partials[position]:
                self.adjoints[operand] = self.adjoints.get(operand, 0.0) + adjoint * partial

    def slopes(self, chosen: Mapping[int, Applied]) -> dict[int, float]:
        """The derivative of each node, where the rules that are chosen are applied."""
        slopes = {self.student.variable: 1.0}
        for position in self.student.order:
            if position in chosen:
                slopes[position] = self.wrong_slope(chosen[position], slopes)
            else:
                slopes[position] = sum([slopes[operand] * partial for operand, partial in self.partials[position]])
        return slopes

    def of(self, several: Sequence[Applied]) -> float:
        """The derivative of the output with these mistakes; NaN where it has no value."""
        output = self.student.output
        if len(several) == 1:  # the others are linear in what the node's derivative is taken for
            (applied,) = several
            wrong = self.wrong_slope(applied, self.right)
            return self.right[output] + self.adjoints.get(applied.node, 0.0) * (wrong - self.right[applied.node])
        return self.slopes({applied.node: applied for applied in several})[output]

    def wrong_slope(self, applied: Applied, slopes: Mapping[int, float]) -> float:
        """What the rule gives for the derivative of its node."""
        student, values = self.student, self.values
        place = student.places[applied.node]
        names = names_in(applied.wrong)
        numbers = []
        for name in names:
            if name in place.names:
                number = values[place.names[name]] if place.names[name] < len(values) else None
                numbers.append(student.constant(place.names[name]) if number is None else number)
            elif name == "x":
                numbers.append(values[student.variable])
            elif name == "y":
                numbers.append(values[applied.node])
            elif name in ("du", "dv"):
                numbers.append(slopes.get(place.names[name[1]], 1.0))
            else:
                numbers.append(self.named(name, applied.node, place.place, slopes))
        result: float = text_kernel(applied.wrong, names, FLOATS)(*numbers)
        return result

    def named(self, name: str, position: int, index: int, slopes: Mapping[int, float]) -> float:
        """The slope of a function at its operand, at x or at the derivative of its operand; its value there."""
        primitive, operands, _, _ = self.student.graph.nodes[position]
        numbers = [self.values[operand] for operand in operands]
        if name == "slope_x":
            numbers[index] = self.values[self.student.variable]
        elif name in ("slope_du", "y_du"):
            numbers[index] = slopes.get(operands[index], 1.0)
        value: float = FLOATS.kernel(self.student.graph, position)(*numbers)
        if name == "y_du":
            return value
        partial: float = partial_kernel(primitive, index, len(operands))(*numbers, value)
        return partial


@cache
def names_in(wrong: str) -> tuple[str, ...]:
    """The names in the formula of a rule."""
    return tuple(node.label for node in rule(wrong).graph.nodes if node.label is not None)


@cache
def partial_kernel(primitive: Primitive, index: int, count: int) -> Kernel:
    """The local partial of a primitive of so many operands, as a function of these and of its value."""
    return text_kernel(primitive.written_partial(index, count), (*primitive.operand_names(count), "y"), FLOATS)
