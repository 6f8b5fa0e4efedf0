"""A derivative that was asked for, and the forms in which it can be handed out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from autodiff.garbage import collection_paused
from autodiff.graph.compiler import Compiled
from autodiff.graph.shapes import Shape
from autodiff.language.errors import AutodiffError, Note
from autodiff.symbolic.derivative import Written, derivatives, mixed_derivative

FORMS = ("text", "latex", "python", "numpy", "c", "sympy", "json")
LONGEST = 10_000  # operations that are written out; a longer derivative is written with shared names


class Answer(NamedTuple):
    """The derivatives of `expression`, a formula of `variables`, by each of `names`: `x`, or `x,y` for a mixed one.

    `order` is how often each was taken.
    """

    expression: str
    variables: tuple[str, ...]
    order: int
    written: Written
    shapes: Mapping[str, Shape]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.written.slopes)

    @property
    def notes(self) -> list[Note]:
        return self.written.notes

    def is_long(self) -> bool:
        """Whether it is written with shared names, because it would be too long without."""
        from autodiff.show.sharing import operations

        return operations(self.written.graph, list(self.written.slopes.values())) > LONGEST

    def text(self, name: str, share: bool = False) -> str:
        """One derivative as a formula; with `share`, or if it is long, as a program on several lines."""
        from autodiff.show.formula import formula
        from autodiff.show.sharing import operations, shared_formulas

        graph, node = self.written.graph, self.written.slopes[name]
        if not share and operations(graph, [node]) <= LONGEST:
            return formula(graph, node)
        definitions, (result,) = shared_formulas(graph, [node])
        return "\n".join([*(f"{short} = {text}" for short, text in definitions), result])

    def latex(self, name: str) -> str:
        from autodiff.show.latex import latex

        return latex(self.written.graph, self.written.slopes[name])

    def code(self, form: str, name: str = "f") -> str:
        """A function in a programming language that returns the value and these derivatives."""
        from autodiff.show.code import code

        written = self.written
        assert written.value is not None, "asked for with the value"
        order = f", {self.order} times" if self.order > 1 else ""
        comment = f"{self.expression}: the value and its derivatives by {', '.join(self.names)}{order}"
        return code(form, written.graph, written.value, written.slopes, self.variables, name, comment)


def differentiated(
    compiled: Compiled,
    output: int,
    wrt: Mapping[str, int | None],
    expression: str,
    *,
    order: int = 1,
    mixed: Sequence[str] = (),
    with_value: bool = False,
) -> Answer:
    """The derivatives by each of `wrt`, `order` times, or by each name of `mixed` one after the other.

    A name without a node is not in the formula. Raises AutodiffError for an order below 1, for shapes that are not
    known, for a value that is an array, and for a derivative that has no notation.
    """
    if order < 1:
        raise AutodiffError("bad-order", f"there is no derivative of order {order}", suggestion="give 1 or more")
    graph, variables = compiled.graph, tuple(compiled.variables)
    if None in graph.shapes:
        raise missing_shape(compiled, expression)
    if graph.shapes[output] != ():
        raise AutodiffError(
            "not-a-number",
            "the value is an array, and its derivative has no notation of one formula",
            suggestion="take the jacobian: autodiff jacobian ...; or make it a number, as with sum(...)",
            text=expression,
        )
    has_arrays = any(graph.shapes)
    if has_arrays:
        from autodiff.symbolic.notation import check_notation, check_repetition

        check_repetition(graph, wrt, order, mixed, expression)
    repeated = {*mixed} if mixed else {*wrt} if with_value and order > 1 else set()
    for name in repeated & compiled.names.keys():
        raise AutodiffError(
            "not-a-variable",
            f"'{name}' is a node that the program names, and no variable",
            suggestion="a mixed derivative, and code for one of a higher order, is by variables",
            text=expression,
        )
    with collection_paused():
        if mixed:
            written = mixed_derivative(graph, output, wrt, mixed, with_value=with_value)
        else:
            written = derivatives(graph, output, wrt, order, with_value=with_value)
    if has_arrays:
        check_notation(written.graph, written.slopes.values(), expression)
    absent = [name for name, node in wrt.items() if node is None]
    written.notes.extend(
        Note("not-in-formula", f"'{name}' is not in the formula, so the derivative is 0") for name in absent
    )
    shapes = {name: graph.shapes[node] or () for name, node in compiled.variables.items()}
    return Answer(expression, variables, order, written, {name: shape for name, shape in shapes.items() if shape})


def missing_shape(compiled: Compiled, expression: str) -> AutodiffError:
    shapes = {name: compiled.graph.shapes[node] for name, node in compiled.variables.items()}
    name = next((name for name, shape in shapes.items() if shape is None), "x")
    suggestion = f"give them, as in --shape {name}=3, or values with --at"
    if any(shapes.values()):
        suggestion = f"give that of {name} too, as in --shape {name}=3, or {name}=() for a number"
    return AutodiffError(
        "missing-shape",
        "the derivative of a formula with arrays depends on their shapes",
        suggestion=suggestion,
        text=expression,
    )


def the_name(name: str | None, variables: Sequence[str], expression: str) -> str:
    """The name to differentiate by, which may be left out where there is one variable. Raises AutodiffError."""
    if name is not None:
        return name
    if len(variables) != 1:
        there = f"there are {', '.join(variables[:20])}" if variables else "the formula has no variables"
        raise AutodiffError("unknown-name", "by which variable?", suggestion=there, text=expression)
    return variables[0]
