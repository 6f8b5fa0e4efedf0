"""Pairs of formulas with the verdict of a well-known checker, and whether the mathematics agrees with it.

The rows are from a file under the GPL, so they are read from ../shared/corpora and not copied; a row is named by its
line. Those whose `check` is `agrees` are decided as marked; what is said of the others stands in OTHERS.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest

from autodiff.check.check import check_answer
from autodiff.check.question import CONSTANT, Question
from autodiff.check.verdict import RIGHT, UNDECIDED, WRONG, Verdict

EQUIVALENCE = Path(__file__).parents[3] / "shared" / "corpora" / "equivalence.csv"

pytestmark = pytest.mark.skipif(
    not EQUIVALENCE.exists(), reason=f"{EQUIVALENCE} is absent; its licence keeps it out of the repository"
)
Row = Mapping[str, str]

AGREES = "agrees"
INTEGRALS_FROM = 89  # the line with which the rows about integrals begin, which are compared up to a constant
ROWS = 142

# What is said of the rows that the mathematics doesn't decide as they are marked, and why.
OTHERS: dict[int, tuple[str, str]] = {
    6: (RIGHT, "one number in two notations; the checker asks for the same one"),
    **dict.fromkeys((13, 16), (WRONG, "a root of a square is the absolute value: they differ for negative numbers")),
    18: (WRONG, "the same; the checker takes the name to be positive"),
    **dict.fromkeys(
        (24, 61),
        (
            RIGHT,
            "powers of powers, equal wherever both have values about a point; line 25 marks the same pair as right",
        ),
    ),
    30: (RIGHT, "equal where both have values; a note says where one of them has none"),
    43: (WRONG, "(-1)^n has values for whole n only, and the other one on intervals where cos(x) < 0"),
    53: (RIGHT, "equal; the checker fails to see it, and its marks have it as a failure to keep"),
    62: (RIGHT, "equal for positive bases, where both have values"),
    **dict.fromkeys((75, 76), (UNDECIDED, "a division by 0 has no value to compare with")),
    77: (RIGHT, "0 is 0; what is invalid there is the name of the variable, which isn't asked for here"),
    85: (WRONG, "they differ; invalid there is the list of options"),
    **dict.fromkeys(
        (89, 92, 94, 95, 96, 100, 105, 133, 134, 135, 141),
        (RIGHT, "equal up to a constant; the checker asks for a constant of integration, and for one that is linear"),
    ),
    **dict.fromkeys(
        (107, 108, 109, 110, 112, 114, 117, 118, 121, 124, 125, 127, 128, 129, 139),
        (
            RIGHT,
            "equal up to a constant; the checker asks for one, and for log(abs(x)) or log(x) as the teacher has it",
        ),
    ),
}


def read_rows() -> dict[int, dict[str, str]]:
    with EQUIVALENCE.open(encoding="utf-8", newline="") as file:
        return dict(enumerate(csv.DictReader(file), 2))


def verdict_of(line: int, row: Row) -> Verdict:
    if line < INTEGRALS_FROM:
        return check_answer(Question(row["teacher"], equal=True), row["student"])
    question = Question(row["teacher"], variable=row["variable"], equal=True, up_to=CONSTANT)
    return check_answer(question, row["student"])


def marked(row: Row) -> str:
    """What a row is marked with, without the remark that the checker itself fails to see it."""
    return row["expected_mark"].partition(" ")[0]


def test_every_row_on_which_the_mathematics_agrees_is_decided_as_it_is_marked() -> None:
    rows = {line: row for line, row in read_rows().items() if row["check"] == AGREES}
    verdicts = {line: verdict_of(line, row) for line, row in rows.items()}
    assert not {
        line: (rows[line]["student"], rows[line]["teacher"], verdict.verdict, verdict.how)
        for line, verdict in verdicts.items()
        if verdict.verdict != marked(rows[line])
    }


def test_the_rows_that_the_checker_itself_gets_wrong_are_decided_right() -> None:
    missed = {line: row for line, row in read_rows().items() if "fails to see" in row["expected_mark"]}
    assert len(missed) == 8
    assert {verdict_of(line, row).verdict for line, row in missed.items()} == {RIGHT}


def test_what_is_said_of_the_other_rows_is_in_the_list() -> None:
    others = {line: row for line, row in read_rows().items() if row["check"] != AGREES}
    assert {line: verdict_of(line, row).verdict for line, row in others.items()} == {
        line: verdict for line, (verdict, _) in OTHERS.items()
    }


def test_the_corpus_is_the_one_that_the_list_is_of() -> None:
    rows = read_rows()
    assert len(rows) == ROWS
    assert sum(row["check"] == AGREES for row in rows.values()) == ROWS - len(OTHERS)
