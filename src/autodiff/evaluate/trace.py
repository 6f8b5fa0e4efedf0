"""Every node of one evaluation: its value, its local partials, its adjoint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from autodiff.graph.gradient import Gradient
from autodiff.graph.nodes import Graph
from autodiff.language.errors import Note, Span


class TraceNode(NamedTuple):
    """One node: `op` names its primitive, `operands` are the ids of its operands, `partials` aligned with them."""

    id: int
    op: str
    operands: tuple[int, ...]
    partials: tuple[float, ...]
    label: str | None
    span: Span | None
    value: float
    adjoint: float


class Trace(NamedTuple):
    """One evaluation of a formula: what went in, what came out, and every node in between, operands first.

    `gradient` has the derivative with respect to each requested name; the last node of `nodes` that the value comes
    from has the id `output`.
    """

    expression: str
    at: Mapping[str, float]
    value: float
    gradient: Mapping[str, float]
    nodes: Sequence[TraceNode]
    output: int
    notes: Sequence[Note]


def trace_nodes(graph: Graph, output: int, gradient: Gradient, values: Sequence[float]) -> list[TraceNode]:
    """The nodes that the output is computed from, and those that only have a name."""
    nodes = []
    for position, (primitive, operands, _, label) in enumerate(graph.nodes):
        adjoint = gradient.adjoints.get(position)
        partials = (gradient.partials.get((position, index)) for index in range(len(operands)))
        nodes.append(
            TraceNode(
                position,
                primitive.name,
                operands,
                tuple(0.0 if partial is None else values[partial] for partial in partials),
                label,
                graph.spans[position],
                values[position],
                0.0 if adjoint is None else values[adjoint],
            )
        )
    return nodes
