"""The verdict on an answer, with its evidence. Data only: `show/` renders it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from autodiff.language.errors import Note, Span

RIGHT, WRONG, UNDECIDED = "right", "wrong", "undecided"


class Counterexample(NamedTuple):
    """A point at which the answer is not the derivative, with both values as text: `2`, `-0.5`, `1 + 2*i`, `undefined`.

    The values of `at` are exact, as `-1/2`.
    """

    at: Mapping[str, str]
    expected: str
    got: str


class Diagnosis(NamedTuple):
    """A wrong rule that gives exactly this answer, and the part of the function that it was applied to.

    `rule` is a stable kebab-case id; `message` is the sentence for the student, `teacher` the one for the teacher.
    `span` is the place in the function, None for the whole; `node` its position in the function's graph. `hint` says
    where to look, and not what is right.
    """

    rule: str
    message: str
    teacher: str
    span: Span | None = None
    node: int | None = None
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of one answer.

    `verdict` is `right`, `wrong` or `undecided`. `how` says how that is known: `proved`, `agrees at 24 points to 50
    digits`, `differs at a point`, or the reason why nothing is decided. `points` were compared, to `digits` digits
    (None where no number was needed). `diagnoses` are ranked; several mean that any of them may be meant. `correct` is
    the right answer as a formula.
    """

    function: str
    variable: str
    order: int
    answer: str
    verdict: str
    how: str
    points: int
    digits: int | None
    counterexample: Counterexample | None
    diagnoses: tuple[Diagnosis, ...]
    notes: tuple[Note, ...]
    correct: str
