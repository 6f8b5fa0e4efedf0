"""A gradient check as a table for people, lines for programs, and JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from autodiff.evaluate.numbers import with_precision
from autodiff.gradcheck.check import GradientCheck
from autodiff.gradcheck.row import INFINITE, KINK, OK, Row
from autodiff.language.errors import Note
from autodiff.show.diagnostics import columns
from autodiff.show.json import SCHEMA, json_note, json_value, json_values

COLUMNS = ("entry", "reverse", "numeric", "error", "ratio", "verdict", "method", "left", "right", "given")
ALWAYS = COLUMNS[:6]  # the others are shown to people where they have something to say
NOTHING = "-"
DIGITS, DIGITS_OF_ERROR = 8, 2
MOST_DETAILS = 5


def gradcheck_lines(check: GradientCheck, precision: int | None = None) -> list[str]:
    """A line with the names of the columns and one for each entry, with tabs; `-` where there is nothing."""
    return ["\t".join(COLUMNS), *("\t".join(cells(row, precision, precision)) for row in check.rows)]


def gradcheck_table(check: GradientCheck, precision: int | None = None) -> list[str]:
    """The same, aligned, with fewer digits, and without columns that are empty."""
    digits = precision or DIGITS
    table = [list(COLUMNS), *(cells(row, digits, DIGITS_OF_ERROR) for row in check.rows)]
    shown = [
        column
        for column, name in enumerate(COLUMNS)
        if name in ALWAYS or any(line[column] not in (NOTHING, "central") for line in table[1:])
    ]
    widths = [max(columns(line[column]) for line in table) for column in shown]
    return [
        "  ".join(
            line[column] + " " * (width - columns(line[column])) for column, width in zip(shown, widths, strict=True)
        ).rstrip()
        for line in table
    ]


def cells(row: Row, digits: int | None, digits_of_error: int | None) -> list[str]:
    numbers = {
        "entry": str(row.entry),
        "verdict": row.verdict,
        "method": row.method,
        "error": NOTHING if row.error is None else with_precision(row.error, digits_of_error),
    }
    return [numbers.get(name) or number_text(getattr(row, name), digits) for name in COLUMNS]


def number_text(number: float | None, digits: int | None) -> str:
    return NOTHING if number is None else with_precision(number, digits)


def style_of(row: Row) -> str:
    """The colour of a row at a terminal."""
    if row.verdict.startswith(OK):
        return "green"
    return "yellow" if row.verdict in (KINK, INFINITE) else "red"


def detail_notes(rows: Sequence[Row]) -> list[Note]:
    """What there is to say of single entries, one sentence each."""
    details = [f"{row.entry}: {row.detail}" for row in rows if row.detail]
    notes = [Note("gradcheck", detail) for detail in details[:MOST_DETAILS]]
    if len(details) > MOST_DETAILS:
        notes.append(Note("gradcheck", f"and {len(details) - MOST_DETAILS} more, which --json has"))
    return notes


def json_gradcheck(check: GradientCheck) -> str:
    """`schema, expression, at, value, passed, rows, notes`, in this order."""
    return json.dumps(
        {
            "schema": SCHEMA,
            "expression": check.expression,
            "at": json_values(check.at),
            "value": json_value(check.value),
            "passed": check.passed,
            "rows": [json_row(row) for row in check.rows],
            "notes": [json_note(note) for note in check.notes],
        },
        allow_nan=False,
    )


def json_row(row: Row) -> dict[str, Any]:
    numbers = {name: json_value(getattr(row, name)) for name in COLUMNS if name not in ("entry", "verdict", "method")}
    return {
        "input": row.entry.name,
        "entry": row.entry.place,
        **numbers,
        "verdict": row.verdict,
        "method": row.method,
        "detail": row.detail,
    }
