"""Results as one JSON object. Always valid JSON: what is not finite is a string, as in protobuf's JSON mapping."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from autodiff.evaluate.trace import Trace, TraceNode
from autodiff.language.errors import Note

SCHEMA = 1


def json_trace(trace: Trace) -> str:
    """`schema, expression, at, value, gradient, nodes, notes`, in this order."""
    return json.dumps(
        {
            "schema": SCHEMA,
            "expression": trace.expression,
            "at": json_numbers(trace.at),
            "value": json_number(trace.value),
            "gradient": json_numbers(trace.gradient),
            "nodes": [json_node(node) for node in trace.nodes],
            "notes": [json_note(note) for note in trace.notes],
        },
        allow_nan=False,
    )


def json_node(node: TraceNode) -> dict[str, Any]:
    return {
        "id": node.id,
        "op": node.op,
        "operands": node.operands,
        "partials": [json_number(partial) for partial in node.partials],
        "label": node.label,
        "span": node.span,
        "value": json_number(node.value),
        "adjoint": json_number(node.adjoint),
    }


def json_note(note: Note) -> dict[str, Any]:
    return {"id": note.id, "message": note.message, "span": note.span, "node": note.node}


def json_numbers(numbers: Mapping[str, float]) -> dict[str, float | str]:
    return {name: json_number(number) for name, number in numbers.items()}


def json_number(number: float) -> float | str:
    """
    >>> json_number(float("-inf"))
    '-Infinity'
    """
    if math.isfinite(number):
        return number
    return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"
