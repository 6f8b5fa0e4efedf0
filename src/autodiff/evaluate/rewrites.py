"""Forms that have no finite value where another one has: that one is suggested.

The rows here are those that are never applied by themselves, because they change a value or a domain somewhere; those
that don't are behind them, for forms that were computed as they are written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autodiff.evaluate.plan import backend_for
from autodiff.evaluate.point import all_finite
from autodiff.evaluate.program import build_program
from autodiff.graph.nodes import Graph
from autodiff.graph.patterns import matched, may_be
from autodiff.graph.rules import rule
from autodiff.graph.stabilise import Found, applied, axes_fit, axes_text
from autodiff.graph.stabilise_notes import Words
from autodiff.graph.stabilise_rows import ROWS, Row
from autodiff.graph.table import PRIMITIVES

SUGGESTED = (
    Row("sqrt", "sqrt(a^2)", "abs(a)", "the derivative at 0 is defined as 0"),
    Row("mul", "a*log(a)", "xlogy(a, a)", "0 at 0"),
    Row("mul", "a*log(b)", "xlogy(a, b)", "0 where a is 0"),
    Row("div", "sin(a)/a", "sinc(a)", "1 at 0"),
    Row("log", "log(gamma(a))", "lgamma(a)", "also where gamma is negative"),
    Row("pow", "a^(1/3)", "cbrt(a)", "also of negative numbers"),
    Row("pow", "a^(2/3)", "cbrt(a)^2", "also of negative numbers"),
    Row("pow", "a^(1/5)", "root(a, 5)", "also of negative numbers"),
)
FARTHEST = 4  # levels between the culprit and the form that it stands in


def known_rewrite(graph: Graph, text: str, position: int, values: Sequence[Any]) -> tuple[str, str] | None:
    """The form around the node that a rewrite is known for, and the rewrite, both as text of the formula.

    Only one that is finite where the form is not helps.
    """
    for candidate in sorted(around(graph, position)):
        span = graph.spans[candidate]
        for row in (*SUGGESTED, *ROWS):
            top = PRIMITIVES[row.path.partition(" ")[0]]
            if span is None or not may_be(graph, candidate, top):
                continue
            names = matched(graph, candidate, rule(row.form), through_names=True)
            if names is None or not axes_fit(graph, candidate, names):
                continue
            with_rewrite = graph.copy()
            match = Found(row, names)
            place = applied(with_rewrite, candidate, match)
            if all_finite(value_of(with_rewrite, place, names, values)):
                words = Words(with_rewrite, text)
                for new in range(len(graph.nodes), len(with_rewrite.nodes)):
                    words.make(new, axes_text(graph, candidate, match))
                return words.at(span), words.of(place)
    return None


def value_of(graph: Graph, position: int, names: Mapping[str, int], values: Sequence[Any]) -> Any:
    """The value of a node from those of the nodes that `names` stand for."""
    program = build_program(graph, [position], backend_for(graph), known=names.values())
    start: list[Any] = [None] * program.size
    for node in names.values():
        start[node] = values[node]
    return program.go_on(start)[position]


def around(graph: Graph, position: int) -> set[int]:
    """The node, what uses it, what uses that, up to the farthest that a form reaches."""
    nodes = {position}
    for _ in range(FARTHEST):
        users = range(position, len(graph.nodes))
        nodes |= {user for user in users if not nodes.isdisjoint(graph.nodes[user].operands)}
    return nodes
