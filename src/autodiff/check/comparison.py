"""Two formulas compared at one point, with as many digits as it takes to tell whether they differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from math import inf, log2
from typing import Any, NamedTuple

from autodiff.check.bounds import EXPENSIVE, Exact, ManyDigits, Value
from autodiff.check.magnitude import magnitude, sum_of
from autodiff.check.rounding import is_infinite
from autodiff.evaluate.program import Backend
from autodiff.graph.nodes import Graph
from autodiff.graph.prune import needed

DIGITS = 50  # that two values have in common where they are taken to be equal
BITS = (224, 448, 896, 1792, 3584)
DIFFERENT = 16.0  # so many bits a difference must be above its error
BITS_OF_DIGIT = log2(10)
MOST_WORK = 800_000  # nodes that are computed for one decision, some five seconds
ZERO_LEVELS = 3  # with so many numbers of digits two values are compared that seem to be 0


class State(Enum):
    """What was found at a point."""

    AGREE = "agree"
    DIFFER = "differ"
    OUTSIDE = "outside"  # the function has no value there
    ONLY_EXPECTED = "only expected"
    ONLY_GIVEN = "only given"
    NEITHER = "neither"
    OPEN = "open"  # no number of digits decides


class Found(NamedTuple):
    """The state at a point, both values, None where there is none, and to how many digits they agree."""

    state: State
    expected: Any = None
    given: Any = None
    digits: int = DIGITS


class Formulas(NamedTuple):
    """Two formulas on one graph: what is expected and what was given.

    `domain` are nodes that must have values where the two are compared.
    """

    graph: Graph
    variables: Mapping[str, int]
    expected: int
    given: int
    domain: tuple[int, ...] = ()


class Comparison:
    """Compares with ever more digits; `backend` makes the kernels of real or of complex numbers."""

    def __init__(self, formulas: Formulas, backend: Callable[[int], Backend], bits: Sequence[int] = BITS) -> None:
        wanted = needed(formulas.graph, [formulas.expected, formulas.given, *formulas.domain])
        special = any(formulas.graph.nodes[p].primitive in EXPENSIVE for p, is_needed in enumerate(wanted) if is_needed)
        self.bits = bits[:2] if special else bits  # mpmath's special functions take minutes in many digits
        self.formulas = formulas
        self.backend = backend
        self.programs: dict[int, ManyDigits] = {}
        self.work = 0

    @property
    def is_exhausted(self) -> bool:
        """Whether so much was computed that no more is to be."""
        return self.work > MOST_WORK

    def with_bits(self, bits: int) -> ManyDigits:
        if bits not in self.programs:
            graph, _, expected, given, domain = self.formulas
            self.programs[bits] = ManyDigits(graph, [expected, given, *domain], bits, self.backend)
        return self.programs[bits]

    def at(self, point: Mapping[str, Exact], finest: float = inf) -> Found:
        """What is found at a point of exact numbers. A difference with the logarithm `finest` is not overlooked."""
        for level, bits in enumerate(self.bits):
            if self.is_exhausted:
                break
            self.work += self.with_bits(bits).work
            expected, given, *domain = values = self.with_bits(bits).at(point)
            if not all(value.is_known for value in values):
                break
            if any(value.number != value.number or is_infinite(value.number) for value in domain):
                return Found(State.OUTSIDE)
            if (missing := state_of_missing(expected, given)) is not None:
                return Found(missing, expected.number, given.number)
            difference = magnitude(expected.number - given.number)
            error = sum_of(expected.error, given.error) - bits
            if error == inf:
                continue
            first, second = without_noise(expected, bits), without_noise(given, bits)
            if difference > error + DIFFERENT:
                return Found(State.DIFFER, first, second)
            digits = digits_left(magnitude(expected.number), max(difference, error))
            if digits >= DIGITS and error <= finest:
                return Found(State.AGREE, first, second, digits)
            if (
                level + 1 >= min(ZERO_LEVELS, len(self.bits)) and difference <= error <= finest
            ):  # 0, as far as can be seen
                return Found(State.AGREE, first, second, DIGITS)
        return Found(State.OPEN)


def state_of_missing(expected: Value, given: Value) -> State | None:
    """Which of the two has no value; None if both have one."""
    has_expected, has_given = has_value(expected.number), has_value(given.number)
    if has_expected and has_given:
        return None
    return State.ONLY_EXPECTED if has_expected else State.ONLY_GIVEN if has_given else State.NEITHER


def has_value(number: Any) -> bool:
    return number == number and not is_infinite(number)


def digits_left(scale: float, error: float) -> int:
    """How many decimal digits of a number of this size an error leaves right, both by their logarithms."""
    if error == -inf:
        return 10 * DIGITS
    return 0 if scale == -inf else int(min((scale - error) / BITS_OF_DIGIT, 10 * DIGITS))


def without_noise(value: Value, bits: int) -> Any:
    """The number, or 0 where nothing but rounding is left of it."""
    return 0 * value.number if magnitude(value.number) <= value.error - bits + DIFFERENT else value.number
