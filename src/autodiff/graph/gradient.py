"""The chain rule: a graph to the graph of its gradient, in the same representation."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from autodiff.graph.nodes import Graph
from autodiff.graph.rules import apply_rule
from autodiff.graph.simplify import add_strong_product, add_sum


class Gradient(NamedTuple):
    """The graph with the nodes of its gradient behind its own.

    `adjoints` has, for each node on a path from a requested one to the output, the node of its adjoint; `partials`
    the node of the local partial of a node for its operand at a position; `origins`, for each node of the graph, the
    node whose rule it comes from (itself, in the graph that was differentiated).
    """

    graph: Graph
    origins: list[int]
    adjoints: dict[int, int]
    partials: dict[tuple[int, int], int]


def gradient(graph: Graph, output: int, wrt: Collection[int]) -> Gradient:
    """The adjoints of the nodes `wrt`, and of all between them and `output`.

    A node that the output does not depend on has no adjoint: its derivative is zero. For a second derivative apply it
    again, with an adjoint as the output.
    """
    extended = graph.copy()
    depends = dependents(graph, wrt)
    origins = list(range(len(graph.nodes)))
    adjoints: dict[int, int] = {output: extended.constant(1)}
    partials: dict[tuple[int, int], int] = {}
    for position in range(output, -1, -1):
        if position not in adjoints or not depends[position]:
            continue
        primitive, operands, _, _ = graph.nodes[position]
        names = dict(zip(primitive.operand_names(len(operands)), operands, strict=True), y=position)
        for index, operand in enumerate(operands):
            if not depends[operand]:
                continue
            partial = apply_rule(primitive.partial(index, len(operands)), extended, names)
            partials[position, index] = partial
            if extended.number(partial) == 0:
                origins.extend([position] * (len(extended.nodes) - len(origins)))
                continue
            contribution = add_strong_product(extended, adjoints[position], partial)
            so_far = adjoints.get(operand)
            adjoints[operand] = contribution if so_far is None else add_sum(extended, so_far, contribution)
            origins.extend([position] * (len(extended.nodes) - len(origins)))
    origins.extend([output] * (len(extended.nodes) - len(origins)))
    return Gradient(
        extended,
        origins,
        {node: adjoints[node] for node in adjoints if depends[node] or node == output},
        partials,
    )


def dependents(graph: Graph, wrt: Collection[int]) -> list[bool]:
    """For each node whether it is one of `wrt` or computed from one of them."""
    depends = [False] * len(graph.nodes)
    for position in wrt:
        depends[position] = True
    for position, node in enumerate(graph.nodes):
        if any(depends[operand] for operand in node.operands):
            depends[position] = True
    return depends
