"""Answers that question authors anticipated: each verdict is the bank's, and the mistakes have names.

The answers are under CC BY-SA, so they are read from ../shared/corpora and not copied. A row is named here by the last
part of its source and by its number among the wrong answers of that source.
"""

from __future__ import annotations

import csv
import functools
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from autodiff.check.check import check_answer
from autodiff.check.question import Question
from autodiff.check.verdict import Verdict
from tests.mutations import constant_difference

STUDENT_ANSWERS = Path(__file__).parents[3] / "shared" / "corpora" / "student_answers.csv"

pytestmark = pytest.mark.skipif(
    not STUDENT_ANSWERS.exists(), reason=f"{STUDENT_ANSWERS} is absent; its licence keeps it out of the repository"
)
Row = Mapping[str, str]

NAMED_AT_LEAST = 0.95  # of the wrong answers that a rule of the list explains
NO_RULES = {"off-by-constant", "off-by-factor", "one-term-wrong", "right-on-part", "wrong-case", "other-variable"}

# One bank makes its wrong answers by the addition of 1 or 2 to the right one, whatever the function is: no mistake of
# a student, and "off by a constant" is what is to be said. All of its wrong answers are such but for this one.
ADDS_A_CONSTANT = "HELM/"
REAL_MISTAKE = "13-5-1-2-T-Sub-and-Int.xml#prt1 v0 1"

# No rule of the list gives these.
NO_RULE_APPLIES = {
    **dict.fromkeys(
        ("10-1-16-(Diff-sum-of-trig).xml#prt1 v0 2", "10-1-16-(Diff-sum-of-trig).xml#prt1 v1 2"),
        "the right answer and 1",
    ),
    **dict.fromkeys(
        ("CR-Diff-01-basic-1-b.xml#Result v0 1", "CR-Diff-01-basic-1-b.xml#Result v1 1"),
        "a name of the bank's own program that was not replaced",
    ),
    **dict.fromkeys(
        ("CR-Diff-01-basic-2-f.xml#Result v0 3", "CR-Diff-01-basic-2-h.xml#Result v0 3"),
        "the slope of another function (the cosine for that of a tangent), and at another argument",
    ),
    **dict.fromkeys(
        ("CR-Diff-02-linearity-4-c.xml#Result v0 1", "CR-Diff-02-linearity-4-c.xml#Result v0 2"),
        "the rule of products misapplied; the student saw a product, the row has it expanded",
    ),
    "CR-Diff-06-chain-1-h.xml#Result v1 1": "an inner derivative missing; the row has the function simplified",
    **dict.fromkeys(
        ("CR-Diff-09-misc-3-c.xml#Result v0 2", "CR-Diff-09-misc-3-c.xml#Result v1 2"),
        "divided by the inner derivative of a power of a quotient; the row has a quotient of powers",
    ),
    **dict.fromkeys(
        (
            "10-1-18-(Diff-quadratic-CAP-W2-Q04-used-edited).xml#prt1 v0 1",
            "10-1-18-(Diff-quadratic-CAP-W2-Q04-used-edited).xml#prt1 v1 1",
        ),
        "the derivative at a point, which the row does not have",
    ),
}

# A rule of the list gives these, and they get another message, or none.
NOT_NAMED = {
    "CR-Diff-02-linearity-2-b.xml#Result v0 1": "both coefficients of a difference lost, and the minus with the second",
    **dict.fromkeys(
        ("CR-Diff-03-higher-1-c.xml#Result v0 3", "CR-Diff-03-higher-1-c.xml#Result v1 3"),
        "the coefficient of the inner function lost in one of two turns, at two nodes at once",
    ),
    "CR-Diff-06-chain-3-e.xml#Result v0 2": "the coefficient lost inside of the logarithm inside of the sine",
}


@functools.cache
def read_rows() -> list[dict[str, str]]:
    """The rows; a wrong one with its `key`."""
    with STUDENT_ANSWERS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    seen: Counter[str] = Counter()
    for row in rows:
        source = row["source"].rpartition("/")[2]
        seen[source] += row["verdict"] == "wrong"
        row["key"] = f"{source} {seen[source]}"
    return rows


def rows_that_are(verdict: str) -> list[dict[str, str]]:
    return [row for row in read_rows() if row["verdict"] == verdict]


@functools.cache
def verdict_on(function: str, variable: str, order: int, answer: str) -> Verdict:
    return check_answer(Question(function, variable=variable, order=order), answer)


def verdict_of(row: Row) -> Verdict:
    return verdict_on(row["function"], row["variable"], int(row["order"]), row["student_answer"])


def is_named(row: Row) -> bool:
    return any(diagnosis.rule not in NO_RULES for diagnosis in verdict_of(row).diagnoses)


def has_constant_added(row: Row) -> bool:
    return row["source"].startswith(ADDS_A_CONSTANT) and row["key"] != REAL_MISTAKE


def test_every_verdict_is_that_of_the_bank() -> None:
    assert Counter(row["verdict"] for row in read_rows()) == {"right": 226, "wrong": 311}
    verdicts = {number: (row, verdict_of(row)) for number, row in enumerate(read_rows(), 2)}
    assert not {
        number: (row["function"], row["student_answer"], verdict.verdict, verdict.how)
        for number, (row, verdict) in verdicts.items()
        if verdict.verdict != row["verdict"]
    }


def test_a_wrong_answer_has_a_counterexample_and_a_right_one_no_diagnosis() -> None:
    assert all(verdict_of(row).counterexample is not None for row in rows_that_are("wrong"))
    assert not [row for row in rows_that_are("right") if verdict_of(row).diagnoses]


def test_mistakes_that_a_rule_explains_are_named_but_for_those_in_the_list() -> None:
    mistakes = {row["key"]: row for row in rows_that_are("wrong") if not has_constant_added(row)}
    assert NO_RULE_APPLIES.keys() | NOT_NAMED.keys() <= mistakes.keys()
    explained = mistakes.keys() - NO_RULE_APPLIES.keys()
    unnamed = {key for key in explained if not is_named(mistakes[key])}
    assert unnamed == NOT_NAMED.keys()
    assert (len(mistakes), len(explained)) == (185, 172)
    assert len(explained - unnamed) >= NAMED_AT_LEAST * len(explained)


def test_no_rule_is_claimed_for_an_answer_that_no_rule_gives() -> None:
    assert not [row["key"] for row in rows_that_are("wrong") if row["key"] in NO_RULE_APPLIES and is_named(row)]


def test_an_answer_with_a_constant_added_is_said_to_be_off_by_it_unless_a_rule_gives_it_too() -> None:
    rows = [row for row in rows_that_are("wrong") if has_constant_added(row)]
    assert len(rows) == 126
    for row in rows:
        constant = constant_difference(row["student_answer"], row["correct_derivative"])
        assert constant in (1, 2), row
        rules = [diagnosis.rule for diagnosis in verdict_of(row).diagnoses]
        assert is_named(row) or rules == ["off-by-constant"], (row, rules)
        assert rules != ["off-by-constant"] or verdict_of(row).diagnoses[0].message.endswith(f"plus {constant}"), row
