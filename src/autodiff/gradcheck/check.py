"""Whether a gradient is right: every entry beside a numeric derivative, which says how far it may be off itself.

A verdict rests on evidence. Where the numeric derivative in binary64 agrees and is sharp enough to tell, it decides.
Where it doesn't, the formula is differentiated from both sides with many digits, and that decides: a mismatch, a kink
with its one-sided derivatives, an end of the domain, or digits that the formula itself loses in binary64.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from autodiff.evaluate.request import output_node, requested_nodes
from autodiff.function import Function
from autodiff.gradcheck.row import MISMATCH, NOT_FINITE, UNDECIDED, Question, Row
from autodiff.gradcheck.section import Entry, Section
from autodiff.gradcheck.stated import indices, stated_gradient
from autodiff.gradcheck.verdict import judged
from autodiff.language.errors import AutodiffError, Note

METHODS = ("central", "complex", "precise")
MOST_SUSPECTS = 100  # entries that are all looked at with many digits where the formula met a kink


class GradientCheck(NamedTuple):
    """The report: a row for each entry, in the order in which they were asked for."""

    expression: str
    at: Mapping[str, Any]
    value: float
    rows: list[Row]
    notes: Sequence[Note]

    @property
    def mismatched(self) -> bool:
        return any(row.verdict.startswith(MISMATCH) for row in self.rows)

    @property
    def finite(self) -> bool:
        return all(map(math.isfinite, (self.value, *(row.checked for row in self.rows))))

    @property
    def undecided(self) -> bool:
        return any(row.verdict.startswith(UNDECIDED) for row in self.rows)

    @property
    def passed(self) -> bool:
        """Whether every entry is right, or has no derivative that it could differ from."""
        return self.finite and not self.mismatched and not self.undecided


def check_gradient(
    function: Function,
    point: Mapping[str, Any],
    wrt: Iterable[str] | None = None,
    of: str | None = None,
    *,
    method: str = "central",
    step: float | None = None,
    gradient: Mapping[str, Any] | None = None,
) -> GradientCheck:
    """Compare the gradient at a point with numeric derivatives.

    `method` is `central` (differences, extrapolated; plain ones if a `step` is given), `complex` (the complex step) or
    `precise` (more than 50 digits). `gradient` has numbers that somebody else computed, to check instead of our own:
    floats, lists or arrays of them, or `Stated` ones, of which only the digits that were written count.
    Raises AutodiffError for a method that doesn't exist, and for numbers that don't fit the names.

    >>> f = Function("sigmoid(sinh(x)) * y^2")
    >>> report = check_gradient(f, {"x": 0.4, "y": 2}, gradient={"x": 1.0367256578467, "y": 2.5})
    >>> [(str(row.entry), row.verdict, row.ratio and round(row.ratio, 4)) for row in report.rows]
    [('x', 'ok', 1.0), ('y', 'mismatch', 1.0395)]
    >>> row = check_gradient(Function("relu(x)"), {"x": 0}).rows[0]
    >>> row.verdict, row.left, row.right
    ('not differentiable here', 0.0, 1.0)
    """
    check_method(method, step)
    plan, at = function.formula.bound(point, {})
    nodes = requested_nodes(plan.compiled, wrt, function.text)
    shapes = {name: plan.compiled.graph.shapes[node] or () for name, node in nodes.items()}
    stated = stated_gradient(gradient, shapes, function.text)
    result = function.evaluate(point, list(nodes), of)
    section = Section(plan, output_node(plan.compiled, of, function.text), at)
    entries = [Entry(name, index) for name, shape in shapes.items() for index in indices(shape)]
    suspicious = len(entries) <= MOST_SUSPECTS and any(note.id == "kink" for note in result.notes)
    rows = []
    for entry in entries:
        slopes = result.gradient[entry.name]
        reverse = float(slopes[entry.place]) if entry.place else slopes
        question = Question(section, entry, reverse, stated.get(entry))
        if math.isfinite(result.value):
            rows.append(judged(question, method, step, suspicious))
        else:
            rows.append(question.row(NOT_FINITE, method, detail="the value is not finite"))
    return GradientCheck(function.text, at, result.value, rows, result.notes)


def check_method(method: str, step: float | None) -> None:
    if method not in METHODS:
        raise AutodiffError("usage", f"there is no method '{method}'", suggestion=f"there are {', '.join(METHODS)}")
    if step is not None and method != "central":
        raise AutodiffError("usage", f"the method {method} chooses its own step", suggestion="leave the step out")
    if step is not None and not 0 < step < math.inf:
        raise AutodiffError("usage", f"{step} is no step", suggestion="give one that is larger than 0, like 1e-4")
