"""Results as one JSON object. Always valid JSON: what is not finite is a string, as in protobuf's JSON mapping."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from autodiff.evaluate.trace import Trace, TraceNode
from autodiff.language.errors import Note

if TYPE_CHECKING:
    from autodiff.evaluate.jacobian import Derivatives
    from autodiff.evaluate.result import Result

SCHEMA = 1
MOST_ENTRIES = 100  # of an array that is shown whole


def json_trace(trace: Trace, full: bool = False) -> str:
    """`schema, expression, at, value, gradient, output, nodes, notes`, in this order.

    Arrays are lists. Value and gradient are whole; of the other arrays one of more than 100 entries is an object with
    its shape and first entries, unless `full`.
    """
    most = None if full else MOST_ENTRIES
    return json.dumps(
        {
            "schema": SCHEMA,
            "expression": trace.expression,
            "at": json_values(trace.at, most),
            "value": json_value(trace.value),
            "gradient": json_values(trace.gradient),
            "output": trace.output,
            "nodes": [json_node(node, most) for node in trace.nodes],
            "notes": [json_note(note) for note in trace.notes],
        },
        allow_nan=False,
    )


def json_result(expression: str, at: Mapping[str, Any], result: Result) -> str:
    """`schema, expression, at, value, gradient, notes`, in this order: what there is to know without the nodes."""
    return json.dumps(
        {
            "schema": SCHEMA,
            "expression": expression,
            "at": json_values(at),
            "value": json_value(result.value),
            "gradient": json_values(result.gradient),
            "notes": [json_note(note) for note in result.notes],
        },
        allow_nan=False,
    )


def json_jacobian(kind: str, text: str, point: Mapping[str, Any], result: Derivatives) -> str:
    """`schema, expression, at, value, jacobian (or hessian), notes`, in this order.

    Blocks have the value's shape, then the name's; a Hessian's those of both names. All entries, however many.
    """
    return json.dumps(
        {
            "schema": SCHEMA,
            "expression": text,
            "at": json_values(point),
            "value": json_value(result.value),
            kind: json_blocks(result.derivatives),
            "notes": [json_note(note) for note in result.notes],
        },
        allow_nan=False,
    )


def json_blocks(blocks: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: json_values(block) if isinstance(block, Mapping) else json_value(block) for name, block in blocks.items()
    }


def json_node(node: TraceNode, most: int | None) -> dict[str, Any]:
    return {
        "id": node.id,
        "op": node.op,
        "operands": node.operands,
        "partials": [json_value(partial, most) for partial in node.partials],
        "contributions": [json_value(contribution, most) for contribution in node.contributions],
        "consumers": node.consumers,
        "label": node.label,
        "span": node.span,
        "shape": node.shape,
        "value": json_value(node.value, most),
        "adjoint": json_value(node.adjoint, most),
    }


def json_note(note: Note) -> dict[str, Any]:
    return {"id": note.id, "message": note.message, "span": note.span, "node": note.node}


def json_values(values: Mapping[str, Any], most: int | None = None) -> dict[str, Any]:
    return {name: json_value(value, most) for name, value in values.items()}


def json_value(value: Any, most: int | None = None) -> Any:
    """A number, or an array as a list of lists; None stays None."""
    if value is None or isinstance(value, float):
        return value if value is None else json_number(value)
    if most is None or value.size <= most:
        return json_entries(value.tolist())
    return {"shape": value.shape, "first": [json_number(float(entry)) for entry in value.ravel()[:8]]}


def json_entries(entries: Any) -> Any:
    """It recurses on the axes of an array, of which NumPy allows 64."""
    return [json_entries(entry) for entry in entries] if isinstance(entries, list) else json_number(entries)


def json_number(number: float) -> float | str:
    """
    >>> json_number(float("-inf"))
    '-Infinity'
    """
    if math.isfinite(number):
        return number
    return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"
