"""Comparisons and choices. A condition is a number: 0 is false, all else is true, and what comes out is 0 or 1."""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING

from autodiff.graph.primitive import Primitive

if TYPE_CHECKING:
    from autodiff.graph.nodes import Graph


def nested_choice(graph: Graph, operands: tuple[int, ...]) -> tuple[Primitive, tuple[int, ...], None]:
    """`piecewise(c, a, d, b, e)` is `where(c, a, where(d, b, e))`; without the last operand NaN takes its place."""
    pairs = len(operands) // 2
    otherwise = operands[-1] if len(operands) % 2 else graph.constant(nan)
    for index in range(pairs - 1, 0, -1):
        otherwise = graph.add(WHERE, (operands[2 * index], operands[2 * index + 1], otherwise))
    return WHERE, (operands[0], operands[1], otherwise), None


WHERE = Primitive(
    "where(condition, a, b)",
    ("0", "where(condition, 1, 0)", "where(condition, 0, 1)"),
    doc="a where the condition holds, else b; the other can't poison the gradient",
)

ROWS = (
    Primitive("lt(a, b)", ("0", "0"), kinks="a == b", latex="#1 < #2", doc="less than"),
    Primitive("le(a, b)", ("0", "0"), kinks="a == b", latex=r"#1 \leq #2", doc="at most"),
    Primitive("gt(a, b)", ("0", "0"), kinks="a == b", latex="#1 > #2", doc="greater than"),
    Primitive("ge(a, b)", ("0", "0"), kinks="a == b", latex=r"#1 \geq #2", doc="at least"),
    Primitive("eq(a, b)", ("0", "0"), kinks="a == b", latex="#1 = #2", doc="equal"),
    Primitive("ne(a, b)", ("0", "0"), kinks="a == b", latex=r"#1 \neq #2", doc="not equal"),
    Primitive("and(a, b)", ("0", "0"), latex=r"#1 \wedge #2", doc="both"),
    Primitive("or(a, b)", ("0", "0"), latex=r"#1 \vee #2", doc="either, or both"),
    Primitive("not(a)", ("0",), latex=r"\neg #1", doc="negation"),
    WHERE,
    Primitive(
        "piecewise(condition, a, ...)",
        (),
        stands_for=nested_choice,
        doc="the operand behind the first condition that holds, else the last one, which has no condition",
    ),
)
