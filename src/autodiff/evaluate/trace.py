"""Every node of one evaluation: its value, its local partials, its adjoint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from autodiff.evaluate.point import zeros
from autodiff.graph.gradient import Gradient
from autodiff.graph.nodes import Graph
from autodiff.graph.shapes import Shape
from autodiff.language.errors import Note, Span


class TraceNode(NamedTuple):
    """One node: `op` names its primitive, `operands` are the ids of its operands, `consumers` those of its users.

    Aligned with the operands: `partials` are the local partials (None where the operation has none entry by entry, as
    matmul), `contributions` what the node adds to each operand's adjoint. Numbers are floats, arrays NumPy arrays;
    without a point they are None.
    """

    id: int
    op: str
    operands: tuple[int, ...]
    partials: tuple[Any, ...]
    contributions: tuple[Any, ...]
    consumers: tuple[int, ...]
    label: str | None
    span: Span | None
    shape: Shape | None
    value: Any
    adjoint: Any

    @property
    def is_literal(self) -> bool:
        """Whether it is written in the formula as it is, or `pi`: neither a variable nor named by the program."""
        return self.op == "constant" and self.label is None


class Trace(NamedTuple):
    """One evaluation of a formula: what went in, what came out, and every node in between, operands first.

    `gradient` has the derivative with respect to each requested name; the last node of `nodes` that the value comes
    from has the id `output`.
    """

    expression: str
    at: Mapping[str, Any]
    value: Any
    gradient: Mapping[str, Any]
    nodes: Sequence[TraceNode]
    output: int
    notes: Sequence[Note]


def trace_nodes(graph: Graph, output: int, gradient: Gradient | None, values: Sequence[Any] | None) -> list[TraceNode]:
    """The nodes that the output is computed from, and those that only have a name; without values their outline."""
    consumers: list[list[int]] = [[] for _ in graph.nodes]
    for position, node in enumerate(graph.nodes):
        for operand in dict.fromkeys(node.operands):
            consumers[operand].append(position)
    nodes = []
    for position, (primitive, operands, _, label) in enumerate(graph.nodes):
        value = partials = contributions = adjoint = None
        places = [(position, index) for index in range(len(operands))]
        if gradient is not None and values is not None:
            value = values[position]
            adjoint_node = gradient.adjoints.get(position)
            adjoint = zeros(graph.shapes[position]) if adjoint_node is None else values[adjoint_node]
            partials = tuple(None if p not in gradient.partials else values[gradient.partials[p]] for p in places)
            contributions = tuple(
                values[gradient.contributions[p]] if p in gradient.contributions else zeros(graph.shapes[operand])
                for p, operand in zip(places, operands, strict=True)
            )
        nodes.append(
            TraceNode(
                position,
                primitive.name,
                operands,
                partials or (None,) * len(operands),
                contributions or (None,) * len(operands),
                tuple(consumers[position]),
                label,
                graph.spans[position],
                graph.shapes[position],
                value,
                adjoint,
            )
        )
    return nodes
