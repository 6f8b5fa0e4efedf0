"""Derivatives as one JSON object."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from autodiff.language.errors import Note
from autodiff.show.json import SCHEMA, json_note, json_value, json_values
from autodiff.symbolic.answer import Answer


def json_answer(
    answer: Answer, point: Mapping[str, Any] | None, values: Mapping[str, Any], notes: Sequence[Note], share: bool
) -> str:
    """`schema, expression, order, at, derivatives, notes`, in this order.

    `derivatives` has for each name the formula as `text` and `latex`, and the `value` at the point (null without one).
    """
    return json.dumps(
        {
            "schema": SCHEMA,
            "expression": answer.expression,
            "order": answer.order,
            "at": None if point is None else json_values(point),
            "derivatives": {
                name: {
                    "text": answer.text(name, share),
                    "latex": answer.latex(name),
                    "value": json_value(values.get(name)),
                }
                for name in answer.names
            },
            "notes": [json_note(note) for note in notes],
        },
        allow_nan=False,
    )
