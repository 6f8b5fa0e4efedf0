"""Derivatives as their sources give them are right answers.

The rows are those of `test_derivative_corpora.py`: triples.csv and webwork_derivatives.csv, or the part of the first
that is in the repository where ../shared is absent.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from autodiff.check.check import check_answer
from autodiff.check.question import Question
from autodiff.check.verdict import RIGHT, WRONG
from tests.test_derivative_corpora import ROWS, Row

BLOCKS = 16  # of rows, that processes can share
FEW = 10  # every so manieth row is in the part that always runs

# The source's derivative goes by way of complex numbers; nowhere is it real.
NOT_REAL = {"triples/t04741": "it has log(u) and log(-sqrt(u)), which nowhere are both real"}


def not_right(rows: Iterable[Row]) -> dict[str, str]:
    """The rows whose given derivative isn't said to be right, or is said to be and has a diagnosis."""
    found = {}
    for row in rows:
        verdict = check_answer(Question(row.function, variable=row.variable, order=row.order), row.given)
        if verdict.verdict != RIGHT or verdict.diagnoses:
            found[row.id] = f"{row.function} | {row.given} | {verdict.verdict}, {verdict.how} {verdict.counterexample}"
    return found


def test_given_derivatives_are_right() -> None:
    assert not not_right(row for row in ROWS[::FEW] if row.id not in NOT_REAL)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(BLOCKS))
def test_every_given_derivative_is_right(block: int) -> None:
    assert not not_right(row for row in ROWS[block::BLOCKS] if row.id not in NOT_REAL)


@pytest.mark.parametrize("id", sorted(NOT_REAL))
def test_a_given_derivative_that_is_real_nowhere_has_no_value_where_one_is_expected(id: str) -> None:
    row = next(row for row in ROWS if row.id == id)
    verdict = check_answer(Question(row.function, variable=row.variable, order=row.order), row.given)
    assert verdict.verdict == WRONG
    assert verdict.counterexample is not None
    assert verdict.counterexample.got == "undefined"
