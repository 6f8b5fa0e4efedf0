"""The value and the gradient at a point, with notes on both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from autodiff.evaluate.formula import Formula, Point
from autodiff.evaluate.point import all_finite, handed_out, zeros
from autodiff.evaluate.program import Differentiated
from autodiff.evaluate.request import not_a_number
from autodiff.language.errors import Note


class Result(NamedTuple):
    """A value, the gradient with respect to the requested names, and what the reader should know about them.

    A number is a float, an array a NumPy array; each entry of the gradient has the shape of what it is named after.
    """

    value: Any
    gradient: dict[str, Any]
    notes: list[Note]


def evaluated(
    formula: Formula, point: Point | None, values: Point, wrt: Iterable[str] | None, of: str | None
) -> Result:
    """What `Function.evaluate` gives. Raises AutodiffError."""
    plan, at, output, requested = formula.asked(point, values, wrt, of)
    notes = list(plan.compiled.notes)
    if (shape := plan.compiled.graph.shapes[output]) != ():
        if wrt is not None and requested:
            raise not_a_number(shape, formula.text)
        if requested:
            error = not_a_number(shape, formula.text)
            notes.append(Note("no-gradient", f"{error.message}; {error.suggestion}"))
        requested = {}
    job = plan.job(output, tuple(requested.values()))
    numbers = job.program.run(at)
    value = handed_out(numbers[output], at)
    slopes = slopes_of(job, numbers, requested, at)
    if requested and plan.has_kinks:
        from autodiff.evaluate.kinks import kink_notes

        notes += kink_notes(job, numbers, at, requested)
    if not all(map(all_finite, (value, *slopes.values()))):
        from autodiff.evaluate.explanation import explained

        notes += explained(plan, job, formula.text, requested, at)
    return Result(value, slopes, notes)


def slopes_of(job: Differentiated, numbers: list[Any], requested: Mapping[str, int], at: Point) -> dict[str, Any]:
    """The derivative by each name; two that are equal are two arrays."""
    slopes: dict[str, Any] = {}
    for name, node in requested.items():
        value = slope(job, numbers, node, at)
        shared = not isinstance(value, float) and any(value is other for other in slopes.values())
        slopes[name] = value.copy() if shared else value
    return slopes


def slope(job: Differentiated, numbers: list[Any], node: int, at: Point) -> Any:
    """The derivative with respect to a node: zeros of its shape if the output doesn't depend on it."""
    adjoint = job.gradient.adjoints.get(node)
    if adjoint is not None:
        return handed_out(numbers[adjoint], at)
    return zeros(job.graph.shapes[node])
