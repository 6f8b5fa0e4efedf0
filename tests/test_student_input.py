"""What students type: accepted, or refused with what to type instead.

The rows are from a checker under the GPL, so they are read from ../shared/corpora and not copied.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from autodiff import AutodiffError, Function

STUDENT_INPUT = Path(__file__).parents[2] / "shared" / "corpora" / "student_input.csv"

pytestmark = pytest.mark.skipif(
    not STUDENT_INPUT.exists(), reason=f"{STUDENT_INPUT} is absent; its licence keeps it out of the repository"
)
Row = Mapping[str, str]


def read_rows() -> list[dict[str, str]]:
    if not STUDENT_INPUT.exists():
        return []
    with STUDENT_INPUT.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def parameters(rows: list[dict[str, str]]) -> list[Any]:
    """One parameter for each row, named by its line and what was typed."""
    return [pytest.param(row, id=f"{row['line']} {row['typed'][:60]}") for row in rows] or [
        pytest.param(None, id="absent")
    ]


def refusal(text: str) -> AutodiffError | None:
    """The error that a formula gives, None if it is accepted; a variable without a value is no error yet."""
    try:
        Function(text)
    except AutodiffError as error:
        return error
    return None


def as_read(row: Row) -> str:
    """How the checker read a row, without its marks of how many digits were typed."""
    return re.sub(r"dispdp\(([^,()]*),\d+\)", r"\1", row["read_as"])


ROWS = [{**row, "line": str(line)} for line, row in enumerate(read_rows(), 2)]
# `x[3]` is a name with an index there; here it is an entry of an array.
INDEXED = re.compile(r"\w\[")
# Where both accept a formula; where this language refuses what the checker read, there is nothing to compare with.
READ_BY_BOTH = [
    row
    for row in ROWS
    if row["verdict"] == "accepted"
    and not INDEXED.search(row["typed"])
    and not refusal(row["typed"])
    and not refusal(as_read(row))
]


@pytest.mark.parametrize("row", parameters(ROWS))
def test_what_a_student_types_is_accepted_or_refused_with_what_to_type_instead(row: Row) -> None:
    error = refusal(row["typed"])
    assert error is None or error.suggestion


@pytest.mark.parametrize("row", parameters(READ_BY_BOTH))
def test_what_both_accept_is_read_as_the_checker_reads_it(row: Row) -> None:
    typed, read = Function(row["typed"]), Function(as_read(row))
    assert sorted(typed.variables) == sorted(read.variables)
    at = {name: 0.3 + 0.4 * index for index, name in enumerate(sorted(read.variables))}
    assert repr(typed(at)) == repr(read(at))
