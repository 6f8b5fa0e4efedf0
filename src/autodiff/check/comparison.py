"""Two formulas compared at one point, with as many digits as it takes to tell whether they differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from math import inf, log2, log10
from typing import Any, NamedTuple

from autodiff.check.bounds import Exact, ManyDigits, Value, size
from autodiff.evaluate.program import Backend
from autodiff.graph.nodes import Graph

DIGITS = 50  # that two values have in common where they are taken to be equal
BITS = (224, 448, 896, 1792, 3584)
DIFFERENT = float(1 << 16)  # so many times its error a difference must be
MOST_WORK = 1_500_000  # nodes that are computed for one decision, some ten seconds
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

    def __init__(self, formulas: Formulas, backend: Callable[[int], Backend]) -> None:
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
        """What is found at a point of exact numbers. A difference of the size `finest` is not overlooked."""
        for level, bits in enumerate(BITS):
            if self.is_exhausted:
                break
            self.work += len(self.with_bits(bits).program.instructions)
            expected, given, *domain = self.with_bits(bits).at(point)
            if any(value.number != value.number or is_infinite(value.number) for value in domain):
                return Found(State.OUTSIDE)
            if (missing := state_of_missing(expected, given)) is not None:
                return Found(missing, expected.number, given.number)
            difference = size((expected.number - given.number) * 2**bits)  # in the units of the errors
            error = expected.error + given.error
            if error == inf:
                continue
            if difference > error * DIFFERENT:
                return Found(State.DIFFER, expected.number, given.number)
            digits = digits_left(max(difference, error), size(expected.number), bits)
            if digits >= DIGITS and is_below(error, finest, bits):
                return Found(State.AGREE, expected.number, given.number, digits)
            if level + 1 >= ZERO_LEVELS and difference <= error:  # 0, as far as can be seen
                return Found(State.AGREE, expected.number, given.number, DIGITS)
        return Found(State.OPEN)


def state_of_missing(expected: Value, given: Value) -> State | None:
    """Which of the two has no value; None if both have one."""
    has_expected, has_given = has_value(expected.number), has_value(given.number)
    if has_expected and has_given:
        return None
    return State.ONLY_EXPECTED if has_expected else State.ONLY_GIVEN if has_given else State.NEITHER


def has_value(number: Any) -> bool:
    return number == number and not is_infinite(number)


def is_infinite(number: Any) -> bool:
    return bool(number.context.isinf(number)) if hasattr(number, "context") else abs(number) == inf


def is_below(error: float, finest: float, bits: int) -> bool:
    """Whether an error in units of 2^-bits is less than a difference that counts."""
    return error == 0 or finest == inf or log2(error) - bits <= log2(finest)


def digits_left(error: float, scale: float, bits: int) -> int:
    """How many decimal digits of a number of this size an error leaves right, which counts units of 2^-bits."""
    if error == 0:
        return 10 * DIGITS
    if not 0 < scale < inf or error == inf:
        return 0
    return int(min(log10(scale) - log10(error) + bits * log10(2), 10 * DIGITS))
