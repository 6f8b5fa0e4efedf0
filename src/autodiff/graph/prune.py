"""A graph without the nodes that nothing needs."""

from __future__ import annotations

from collections.abc import Iterable

from autodiff.graph.nodes import Graph


def pruned(graph: Graph, keep: Iterable[int]) -> tuple[Graph, dict[int, int]]:
    """The nodes `keep` and all that they are computed from, and where each of them is now."""
    wanted = [False] * len(graph.nodes)
    for position in keep:
        wanted[position] = True
    for position in range(len(graph.nodes) - 1, -1, -1):
        if wanted[position]:
            for operand in graph.nodes[position].operands:
                wanted[operand] = True
    result = Graph()
    at: dict[int, int] = {}
    for position, node in enumerate(graph.nodes):
        if wanted[position]:
            moved = node._replace(operands=tuple(at[operand] for operand in node.operands))
            at[position] = result.append(moved, graph.shapes[position], graph.spans[position])
    return result, at
