"""Nodes that take the place of others: of an operand while a derivative is taken by it, of a node without a name."""

from __future__ import annotations

from collections.abc import Mapping

from autodiff.graph.nodes import Graph
from autodiff.graph.table import PRIMITIVES
from autodiff.language.errors import Span

IDENTITY = PRIMITIVES["identity"]


def add_stand_in(graph: Graph, operand: int, name: str) -> int:
    """A node that is equal to `operand`, under a name that no text contains: nothing else is computed from it."""
    return graph.add(IDENTITY, (operand,), label=name)


def replaced(graph: Graph, output: int, stand_ins: Mapping[int, int]) -> int:
    """The node `output` with the operands in the place of what stands in for them."""
    first = min(stand_ins)
    wanted, pending = {output}, [output]
    while pending:
        for operand in graph.nodes[pending.pop()].operands:
            if operand > first and operand not in wanted:
                wanted.add(operand)
                pending.append(operand)
    at = dict(stand_ins)
    for position in sorted(wanted - stand_ins.keys()):
        node = graph.nodes[position]
        operands = tuple([at.get(operand, operand) for operand in node.operands])
        if operands != node.operands:
            moved = node._replace(operands=operands)
            at[position] = graph.append(moved, graph.shapes[position], graph.spans[position])
    return at.get(output, output)


def with_label(graph: Graph, position: int, label: str | None, span: Span) -> int:
    """The node under a name, if there is one for it."""
    node = graph.nodes[position]
    if label is None:
        return position
    if node.label is None:
        return graph.append(node._replace(label=label), graph.shapes[position], span)
    return graph.add(IDENTITY, (position,), label=label, span=span)
