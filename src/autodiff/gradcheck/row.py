"""One line of a gradient check, and the question that it answers."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from autodiff.gradcheck.section import Entry, Section
from autodiff.gradcheck.stated import Stated

OK, MISMATCH, KINK, INFINITE = "ok", "mismatch", "not differentiable here", "infinite slope"
ROUNDED, NOT_FINITE, UNDECIDED = "off by rounding", "not finite", "undecided"


AGREEMENT = 1e-9


class Row(NamedTuple):
    """One entry: what was checked, the numeric derivative with its error, their ratio, and the verdict.

    `given` is the number that somebody else computed, if one was. `numeric` and `error` are None where there is no
    derivative; `left` and `right` are the one-sided ones, None on a side without values; `ratio` is that of the
    checked number to the numeric derivative, None where the latter is 0 to its error. `method` is the one that
    decided. `detail` says more, in a sentence.
    """

    entry: Entry
    reverse: float
    given: float | None
    numeric: float | None
    error: float | None
    ratio: float | None
    verdict: str
    method: str
    left: float | None = None
    right: float | None = None
    detail: str = ""

    @property
    def checked(self) -> float:
        return self.reverse if self.given is None else self.given

    @property
    def numeric_agrees(self) -> bool:
        """Whether reverse mode has the numeric derivative, so that a given number that differs is surely wrong."""
        return self.numeric is not None and math.isclose(self.numeric, self.reverse, rel_tol=AGREEMENT)


class Question(NamedTuple):
    """What is asked of one entry: whether `checked` is the derivative."""

    section: Section
    entry: Entry
    reverse: float
    stated: Stated | None

    @property
    def checked(self) -> float:
        return self.reverse if self.stated is None else self.stated.value

    @property
    def is_zero(self) -> bool:
        """Whether nothing speaks against a derivative of 0: a given 0 is not enough if reverse mode has another."""
        return self.checked == 0 and self.reverse == 0

    def row(self, verdict: str, method: str, numeric: Any = None, error: Any = None, **more: Any) -> Row:
        given = None if self.stated is None else self.stated.value
        ratio = None
        if numeric is not None and error is not None and abs(numeric) > error and math.isfinite(self.checked):
            ratio = as_number(self.checked / numeric)
        numbers = (as_number(numeric), as_number(error), ratio)
        return Row(self.entry, self.reverse, given, *numbers, verdict, method, **more)


def as_number(number: Any) -> float | None:
    if number is None or isinstance(number, float):
        return number
    from autodiff.evaluate.digits import to_float

    return to_float(number)
