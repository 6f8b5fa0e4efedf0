"""Given derivatives with one mistake made by chance are wrong answers: none is accepted.

Whether a mutant differs from the given derivative is decided by Python's parser and mpmath (tests/mutations.py). The
few that don't, as cos(-x) for cos(x), must not be called wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from random import Random
from typing import NamedTuple

import pytest

from autodiff.check.check import check_answer
from autodiff.check.question import Question
from autodiff.check.verdict import RIGHT, UNDECIDED, WRONG
from tests.mutations import differ, mutants
from tests.test_derivative_corpora import ROWS, SHARED_ROWS, Row

EACH = 4  # mutants of a row
ALL, FEW = 10_000, 300
BLOCKS = 40  # of rows, that processes can share
EQUAL_AT_MOST, UNDECIDED_AT_MOST = 0.03, 0.002  # of all mutants

# A derivative with a name of its own in front of it is no formula of Python's, and that of t04741 is real nowhere.
MUTATED = [row for row in ROWS if ";" not in row.given and row.id != "triples/t04741"]


class Mutant(NamedTuple):
    """A wrong answer to a row, if it isn't equal to the right one by chance."""

    row: Row
    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.row.id} {self.kind}: {self.row.function} | {self.row.given} | {self.text}"


def mutants_of(rows: Iterable[Row]) -> Iterator[Mutant]:
    for row in rows:
        for kind, text in mutants(row.given, Random(row.id), EACH):
            yield Mutant(row, kind, text)


def verdicts(tried: Iterable[Mutant]) -> Iterator[tuple[Mutant, bool, str]]:
    """Each mutant with whether it differs from the right answer, and what is said of it."""
    for mutant in tried:
        row = mutant.row
        is_wrong = differ(row.function, row.given, mutant.text, row.variable)
        verdict = check_answer(Question(row.function, variable=row.variable, order=row.order), mutant.text)
        yield mutant, is_wrong, verdict.verdict


def assert_no_false_verdict(tried: Iterable[Mutant]) -> None:
    said = list(verdicts(tried))
    accepted = [str(mutant) for mutant, is_wrong, verdict in said if is_wrong and verdict == RIGHT]
    refused = [str(mutant) for mutant, is_wrong, verdict in said if not is_wrong and verdict == WRONG]
    undecided = [str(mutant) for mutant, _, verdict in said if verdict == UNDECIDED]
    equal = [str(mutant) for mutant, is_wrong, _ in said if not is_wrong]
    assert not accepted
    assert not refused
    assert len(undecided) <= 1 + UNDECIDED_AT_MOST * len(said), undecided
    assert len(equal) <= 3 + EQUAL_AT_MOST * len(said), equal


def test_no_mutant_is_accepted() -> None:
    assert_no_false_verdict(spread(MUTATED, FEW))


def spread(rows: list[Row], count: int) -> list[Mutant]:
    """So many mutants, of rows that are spread over all."""
    return [next(mutants_of([row])) for row in rows[:: len(rows) // count]][:count]


@pytest.mark.slow
@pytest.mark.parametrize("block", range(BLOCKS))
def test_no_mutant_of_any_row_is_accepted(block: int) -> None:
    assert_no_false_verdict(mutants_of(MUTATED[block::BLOCKS]))


@pytest.mark.skipif(
    not SHARED_ROWS, reason="most rows are in ../shared, whose licences keep them out of the repository"
)
def test_there_are_as_many_mutants_as_the_issue_asks_for_of_every_kind() -> None:
    kinds = Counter(mutant.kind for mutant in mutants_of(MUTATED))
    assert kinds.total() >= ALL
    assert min(kinds.values()) >= ALL / 10
