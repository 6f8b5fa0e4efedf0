"""Nodes of array primitives, whose parameters are settled once the shapes are known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autodiff.graph.known import UNKNOWN
from autodiff.graph.nodes import Graph
from autodiff.graph.primitive import Primitive
from autodiff.language.errors import Span


def add_settled(
    graph: Graph,
    row: Primitive,
    operands: tuple[int, ...],
    settings: Mapping[str, Any],
    label: str | None,
    span: Span,
) -> int:
    """The node of an array primitive, or the constant of a row that gives one. Raises ShapeError."""
    shapes = [shape for operand in operands if (shape := graph.shapes[operand]) is not None]
    if len(shapes) < len(operands) or UNKNOWN in settings.values() or UNKNOWN in settings.get("items", ()):
        return graph.unsettled(row, operands, label=label, span=span)
    if row.constant is not None:
        return graph.constant(row.constant(shapes, settings), label=label, span=span)
    assert row.array is not None
    payload = row.array.settle(shapes, settings)
    return graph.add(row, operands, payload=payload, label=label, span=span)
