"""The texts of the table as small graphs, ready to be copied into others."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from autodiff.graph.compiler import Compiler, parser
from autodiff.graph.nodes import Graph
from autodiff.graph.simplify import add_simplified


class Rule(NamedTuple):
    """The graph of a text of the table, whose variables stand for nodes of another graph."""

    graph: Graph
    output: int


@cache
def rule(text: str) -> Rule:
    """The graph of a text of the table; internal primitives may be called in it."""
    compiled = Compiler(parser().parse(text), text, frozenset(), internal=True).compile()
    return Rule(compiled.graph, compiled.output)


def apply_rule(text: str, graph: Graph, names: Mapping[str, int]) -> int:
    """The node of `graph` that the text is when its names stand for the nodes `names`."""
    template = rule(text)
    positions: list[int] = []
    for primitive, operands, payload, label in template.graph.nodes:
        if label is not None:
            positions.append(names[label])
        elif not operands:
            positions.append(graph.constant(payload))  # type: ignore[arg-type]  # a constant's payload is a Number
        else:
            positions.append(add_simplified(graph, primitive, tuple([positions[operand] for operand in operands])))
    return positions[template.output]
