"""Numeric derivatives of a function of one number, from its values alone, each with an estimate of its own error."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

Line = Callable[[Any], Any]

# In floats.
LEVELS = 10  # of halved steps in a tableau
FIRST_STEPS = tuple(2.0 ** -(3 + 7 * j) for j in range(6))  # relative to the scale of x
GOOD = 1e-7  # a relative error with which no other first step is tried
MEANINGFUL = 1e-2
CORNER = 0.75  # of a second difference is left with half the step: half of it if smooth, all of it at a corner
SAFETY = 4.0  # neighbours in a tableau may agree by chance
ROUNDING = 2.0**-52
SMALLEST = 2.0**-1073
# With many digits: steps far below the last digit of a binary64, so that no kink beside the point is stepped over.
STEP_BITS, BELOW_ALL_FLOATS = 200, 1300
NARROWER = 24  # bits from one step to the next
GUARD_BITS = 450
MULTIPLE = 256  # so that few precisions are used for many entries
UNBOUNDED = 2.0**-40  # a quotient that grows by as much, relatively, from one step to the next, is not settling
SETTLING = 2.0**-8  # what is left, at most, of the change from one step to the next where the quotients settle
SAME = 2.0**-60


class Difference(NamedTuple):
    """A derivative found by differences, and how far it may be off.

    `scale` is the derivative that a change of the function's own size over the first step would be. `bends` says that
    the function seems to have a corner here: the differences to both sides don't meet as the step shrinks.
    """

    value: float
    error: float
    scale: float = 0.0
    bends: bool = False


class Side(NamedTuple):
    """A one-sided derivative, which may be infinite, its error, the value just beside the point, whether it jumps.

    It is NaN, with an infinite error, where the quotients go nowhere.
    """

    slope: Any
    error: Any
    beside: Any
    jumps: bool


class Sample(NamedTuple):
    """Central and second difference with a step, and what rounding of the values alone may do to them."""

    slope: float
    second: float
    noise: float
    size: float


UNKNOWN = Difference(math.nan, math.inf)


def central_difference(function: Line, x: float) -> Difference:
    """The derivative by central differences, extrapolated to a step of 0, in floats.

    Source: Ridders, Advances in Engineering Software 4 (1982) 75; Richardson's extrapolation with the step at which
    the tableau's neighbours agree best. Several first steps are tried, because nothing is known of the function:

    >>> slope = central_difference(lambda x: math.exp(1000 * x), 0.5)
    >>> math.isclose(slope.value, 1000 * math.exp(500), rel_tol=1e-7)
    True
    """
    best = UNKNOWN
    here = function(x)
    for first in first_steps(x):
        found = extrapolated(function, x, here, first)
        if better(found, best):
            best = found
        if best.error <= GOOD * abs(best.value):
            break
    return best


def better(found: Difference, best: Difference) -> bool:
    """The smaller relative error, as long as one of them means something; near a derivative of 0 the smaller error."""
    ours, theirs = relative(found), relative(best)
    return ours < theirs if min(ours, theirs) < MEANINGFUL else found.error < best.error


def relative(found: Difference) -> float:
    return found.error / abs(found.value) if found.value and math.isfinite(found.value) else math.inf


def first_steps(x: float) -> Iterator[float]:
    """Powers of two, with which x + h and x - h are exact: near the size of x, and near 1 where x is small."""
    size = 2.0 ** (math.frexp(x)[1] - 1) if x else 0.0
    if size < 2.0**-10:
        yield from FIRST_STEPS
    if x:
        yield from (size * step for step in FIRST_STEPS)


def extrapolated(function: Line, x: float, here: float, first: float) -> Difference:
    """Ridders' tableau: row by row with a halved step, each column free of one more power of the step squared."""
    best, best_level = UNKNOWN, 0
    samples: list[Sample | None] = []
    above: list[float] = []
    for level in range(LEVELS):
        sample = sampled(function, x, here, math.ldexp(first, -level))
        samples.append(sample)
        if sample is None:  # outside the domain, or overflowed: nothing to extrapolate from
            above = []
            continue
        row = [sample.slope]
        for column, previous in enumerate(above, 1):
            row.append(row[-1] + (row[-1] - previous) / (4.0**column - 1.0))
            error = max(abs(row[-1] - row[-2]), abs(row[-1] - previous)) * SAFETY + 2.0 * sample.noise
            if error < best.error:
                best, best_level = Difference(row[-1], error, sample.size / first), level
        if above and abs(row[-1] - above[-1]) > 2.0 * SAFETY * best.error:
            break  # rounding has taken over
        above = row
    deepest = min(max(best_level, 1), len(samples) - 1)
    return best._replace(bends=bends(samples[deepest - 1], samples[deepest]))


def sampled(function: Line, x: float, here: float, step: float) -> Sample | None:
    """The differences with one step; None where a value is not finite or the step is lost in x."""
    above, below = x + step, x - step
    if above == x or below == x:
        return None
    up, down = function(above), function(below)
    slope = (up - down) / (above - below)
    if not math.isfinite(slope):
        return None
    size = max(abs(up), abs(down), abs(here))
    return Sample(slope, ((up - here) - (here - down)) / step, (ROUNDING * size + SMALLEST) / step, size)


def bends(wide: Sample | None, narrow: Sample | None) -> bool:
    """Whether the second difference over the step is hardly smaller with half the step: it is not smooth."""
    if wide is None or narrow is None:
        return False
    return abs(narrow.second) > max(CORNER * abs(wide.second), 16.0 * narrow.noise)


def has_corner(function: Line, x: float) -> bool:
    """Whether the function seems to have a corner or a jump at x, in floats."""
    step, here = math.ldexp(x or 1.0, -20), function(x)
    return bends(sampled(function, x, here, abs(step)), sampled(function, x, here, abs(step) / 2.0))


def plain_difference(function: Line, x: float, step: float) -> Difference:
    """The central difference with one step, not extrapolated; the error is estimated from twice the step.

    >>> plain_difference(lambda x: x**3, 1.0, 1e-4).value - 3 < 1.1e-8
    True
    """
    here = function(x)
    narrow, wide = sampled(function, x, here, step), sampled(function, x, here, 2.0 * step)
    if narrow is None:
        return UNKNOWN
    if wide is None:
        return Difference(narrow.slope, math.inf)
    error = abs(wide.slope - narrow.slope) / 3.0 * 2.0 + 2.0 * narrow.noise
    return Difference(narrow.slope, error, narrow.size / step, bends(wide, narrow))


def bits_for(x: float) -> int:
    """How many bits leave enough of them in a difference with the smallest step at x: a multiple of some number."""
    bits = GUARD_BITS + 2 * NARROWER - step_exponent(x) + max(0, math.frexp(x)[1])
    return -(-bits // MULTIPLE) * MULTIPLE


def step_exponent(x: float) -> int:
    """Of the first step: far below the digits of x, and far below 1 where x is large, or a sine would go round."""
    return min(0, math.frexp(x)[1]) - STEP_BITS if x else -BELOW_ALL_FLOATS


def one_sided(mp: Any, function: Line, x: float, direction: int, noise: Any = 0) -> Side | None:
    """The derivative to the right (1) or the left (-1) of x, in a context of mpmath with `bits_for(x)` bits.

    `noise` is what rounding does to the function's values beyond their last digits. None where there are no values on
    that side: at the end of a domain.
    """
    here, at = function(mp.mpf(x)), mp.mpf(x)
    values, slopes = [], []
    for index in range(3):
        step = mp.ldexp(direction, step_exponent(x) - NARROWER * index)
        value = function(at + step)
        if not mp.isfinite(value):
            return None
        values.append(value)
        slopes.append((value - here) / step)
    first, last = slopes[1] - slopes[0], slopes[2] - slopes[1]
    lost = (mp.ldexp(abs(here), 8 - mp.prec) + noise) / abs(step)
    unsettled = abs(last) > max(UNBOUNDED * abs(slopes[2]), lost)
    if unsettled and abs(slopes[2]) > abs(slopes[1]) and abs(last) > abs(first) / 2:
        jumps = abs(values[2] - here) > abs(values[1] - here) / 2
        return Side(mp.sign(slopes[2]) * mp.inf, mp.zero, values[2], bool(jumps))
    if unsettled and abs(last) > SETTLING * abs(first):
        return Side(mp.nan, mp.inf, values[2], False)
    return Side(slopes[2], 2 * abs(last) + lost, values[2], False)


def points_beside(mp: Any, x: float) -> list[Any]:
    """All points at which `one_sided` takes the function, to both sides."""
    steps = [mp.ldexp(1, step_exponent(x) - NARROWER * index) for index in range(3)]
    return [mp.mpf(x), *(mp.mpf(x) + step for step in steps), *(mp.mpf(x) - step for step in steps)]


def meet(left: Side, right: Side) -> bool:
    """Whether the one-sided derivatives are the same, which makes them the derivative."""
    if left.jumps or right.jumps:
        return False
    if left.slope == right.slope:
        return True
    if math.inf in (abs(left.slope), abs(right.slope)):
        return False
    allowed = SAME * max(abs(left.slope), abs(right.slope)) + 4 * (left.error + right.error)
    return bool(abs(left.slope - right.slope) <= allowed)
