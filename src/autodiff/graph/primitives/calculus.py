"""Derivatives inside a formula."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from autodiff.graph.primitive import Primitive

if TYPE_CHECKING:
    from autodiff.graph.nodes import Graph


def nodes_of_the_gradient(graph: Graph, operands: tuple[int, ...]) -> NoReturn:
    raise AssertionError("the compiler puts them there: it knows which names the operands are")


ROWS = (
    Primitive(
        "diff(expr, x, ...)",
        (),
        stands_for=nodes_of_the_gradient,
        doc="derivative of expr by the name x; n-th: diff(expr, x, n); mixed: diff(expr, x, y); of a function: f'(x)",
    ),
)
