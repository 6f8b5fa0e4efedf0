"""Which nodes a result needs, and a graph without the others."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from autodiff.graph.nodes import Graph


def needed(graph: Graph, results: Iterable[int], known: Collection[int] = ()) -> list[bool]:
    """For each node whether one of `results` is computed from it, not looking behind what is `known`."""
    wanted = [False] * len(graph.nodes)
    for position in results:
        wanted[position] = True
    behind = frozenset(known)
    for position in range(len(graph.nodes) - 1, -1, -1):
        if wanted[position] and position not in behind:
            for operand in graph.nodes[position].operands:
                wanted[operand] = True
    return wanted


def pruned(graph: Graph, keep: Iterable[int]) -> tuple[Graph, dict[int, int]]:
    """The nodes `keep` and all that they are computed from, and where each of them is now."""
    wanted = needed(graph, keep)
    result = Graph()
    at: dict[int, int] = {}
    for position, node in enumerate(graph.nodes):
        if wanted[position]:
            moved = node._replace(operands=tuple(at[operand] for operand in node.operands))
            at[position] = result.append(moved, graph.shapes[position], graph.spans[position])
    return result, at
