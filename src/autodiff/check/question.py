"""What is asked: a function, what to differentiate it by, and where the answer has to hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

CONSTANT, FACTOR = "constant", "factor"


class Interval(NamedTuple):
    """Where a variable may be."""

    name: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Question:
    """The derivative of `function` by `variable`, `order` times, or the `mixed` one by several names in turn.

    `variable` may be left out where the function has one. With `equal` nothing is differentiated: an answer is right
    if it is equal to the function. `up_to` is empty, `constant` or `factor`: by what a right answer may differ.
    `assume` are conditions in the language, as `x > 0`; `domain` has intervals for variables; both say where an answer
    has to hold. With `at`, which has formulas of numbers, as `pi/4`, the answer is the number at this point, to the
    relative `tolerance` if one is given, else to the digits that it is written with. With `strict`, an answer must
    have a value wherever the derivative has one. Random points come from `seed`.
    """

    function: str
    variable: str | None = None
    order: int = 1
    mixed: tuple[str, ...] = ()
    equal: bool = False
    up_to: str = ""
    assume: tuple[str, ...] = ()
    domain: tuple[Interval, ...] = ()
    at: tuple[tuple[str, str], ...] | None = None
    tolerance: float | None = None
    strict: bool = False
    seed: int = 0
