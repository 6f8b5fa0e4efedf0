"""A curve as one JSON object."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from autodiff.curve.breaks import Break, Limit
from autodiff.curve.curve import Curve
from autodiff.curve.samples import Sample
from autodiff.language.errors import Note
from autodiff.show.json import SCHEMA, json_note, json_number, json_values


def json_curve(curve: Curve, notes: Sequence[Note]) -> str:
    """`schema, expression, of, variable, over, at, pieces, breaks, gaps, notes`, in this order."""
    content = {
        "schema": SCHEMA,
        "expression": curve.expression,
        "of": curve.of,
        "variable": curve.variable,
        "over": [curve.lower, curve.upper],
        "at": json_values(curve.at),
        "pieces": [json_piece(piece) for piece in curve.pieces],
        "breaks": [json_break(found) for found in curve.breaks],
        "gaps": [{"kind": gap.kind, "from": gap.start, "to": gap.end} for gap in curve.gaps],
        "notes": [json_note(note) for note in notes],
    }
    return json.dumps(content, allow_nan=False)


def json_piece(piece: Sequence[Sample]) -> dict[str, Any]:
    """Three lists of the same length."""
    return {
        "x": [sample.x for sample in piece],
        "value": [json_number(sample.value) for sample in piece],
        "slope": [json_number(sample.slope) for sample in piece],
    }


def json_break(found: Break) -> dict[str, Any]:
    return {
        "kind": found.kind,
        "x": found.x,
        "value": json_number(found.value),
        "left": json_limit(found.left),
        "right": json_limit(found.right),
    }


def json_limit(limit: Limit) -> dict[str, Any]:
    return {"value": json_number(limit.value), "slope": json_number(limit.slope)}
