"""Where a curve breaks, and what it does on both sides: kinks, jumps, poles, holes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from autodiff.curve.samples import Sample, Sampler

# How far to step aside, as powers of two of the smallest step.
STEPS = range(0, 21, 2)
INFINITELY, VANISHINGLY = 16.0, 1e-3  # a slope at the nearest step, against the one at the farthest
NEGLIGIBLE, NOISY = 1e-9, 1e-2


class Limit(NamedTuple):
    """Value and derivative as the break is approached from one side, and how far both still move near it.

    The value is infinite at a pole, NaN where there is none on this side; a slope may be infinite.
    """

    value: float
    slope: float
    value_moves: float = 0.0
    slope_moves: float = 0.0
    oscillates: bool = False

    @property
    def continuous(self) -> bool:
        return math.isfinite(self.value)


NOWHERE = Limit(math.nan, math.nan)


class Break(NamedTuple):
    """A place where a curve is not smooth. `value` is the formula's value at `x` itself, maybe not finite.

    | kind | |
    |---|---|
    | kink | continuous, and the derivative jumps |
    | vertical | continuous, and the derivative is infinite on both sides |
    | jump | the value jumps |
    | point | the value at `x` differs from the limit of both sides |
    | hole | no value at `x`, and a limit of both sides |
    | pole | the value grows without bound on at least one side |
    | oscillation | no value at `x`, and no limit on at least one side |
    | end | a bound of the curve, at which a kink or the like was looked for; no break |
    """

    kind: str
    x: float
    value: float
    left: Limit
    right: Limit


def described_break(sampler: Sampler, x: float, before: float, after: float) -> Break | None:
    """What happens at `x`, between its neighbours `before` and `after`; None where nothing is to be seen."""
    at = sampler(x)
    left, right = one_sided_limit(sampler, x, -1.0, x - before), one_sided_limit(sampler, x, 1.0, after - x)
    if math.isinf(left.value) or math.isinf(right.value):
        return Break("pole", x, at.value, left, right)
    if left.oscillates or right.oscillates:
        return None if at.finite else Break("oscillation", x, at.value, left, right)
    if x in (sampler.lower, sampler.upper) and at.finite and (left.continuous or right.continuous):
        return break_at_bound(x, at, left, right)
    if not (left.continuous and right.continuous):
        return None
    largest = max(abs(left.value), abs(right.value))
    tolerance = left.value_moves + right.value_moves + NEGLIGIBLE * largest
    if abs(right.value - left.value) > tolerance:
        return Break("jump", x, at.value, left, right)
    if not at.finite:
        return Break("hole", x, at.value, left, right)
    if abs(at.value - left.value) > tolerance + NEGLIGIBLE * abs(at.value):
        return Break("point", x, at.value, left, right)
    left, right = left._replace(value=at.value), right._replace(value=at.value)
    if math.isinf(left.slope) and left.slope == right.slope:
        return Break("vertical", x, at.value, left, right)
    return Break("kink", x, at.value, left, right) if bends(left, right) else None


def break_at_bound(x: float, at: Sample, left: Limit, right: Limit) -> Break:
    """At a bound the curve has one side, and the derivative there is that side's: an `end`, unless the value jumps."""
    inner = left if left.continuous else right
    if abs(at.value - inner.value) > inner.value_moves + NEGLIGIBLE * max(abs(at.value), abs(inner.value)):
        alone = Limit(at.value, math.nan)
        return Break("jump", x, at.value, *((left, alone) if inner is left else (alone, right)))
    inner = inner._replace(value=at.value)
    return Break("end", x, at.value, *((inner, NOWHERE) if left.continuous else (NOWHERE, inner)))


def bends(left: Limit, right: Limit) -> bool:
    if math.isinf(left.slope) or math.isinf(right.slope):
        return left.slope != right.slope
    moves = left.slope_moves + right.slope_moves
    return abs(right.slope - left.slope) > moves + NEGLIGIBLE * max(abs(left.slope), abs(right.slope))


def one_sided_limit(sampler: Sampler, x: float, direction: float, room: float) -> Limit:
    """The limit for smaller `x` (direction -1) or larger; `room` is how far the next break or bound is."""
    nearest = sampler.nearest(x)
    distances = [step for power in STEPS if (step := nearest * 2.0**power) <= room / 2]
    samples = []
    for distance in distances:
        sample = sampler(x + direction * distance)
        if not sample.finite:
            break
        samples.append(sample)
    if len(samples) < 2:
        return NOWHERE
    values = [sample.value for sample in samples]
    moves = max(values) - min(values)
    steps = [near - far for near, far in pairwise(values)]
    if abs(steps[0]) > NEGLIGIBLE * max(map(abs, values)) and len(steps) > 4:
        if grows(steps):
            return Limit(math.copysign(math.inf, steps[0]), math.nan)
        half = len(steps) // 2
        if max(map(abs, steps[:half])) > 0.6 * max(map(abs, steps[half:])):
            return NOWHERE._replace(oscillates=True)
    near, far = samples[0], samples[-1]
    if moves > 100 * abs(far.slope * (far.x - x)) and moves > NOISY * max(map(abs, values)):
        return Limit(far.value, math.nan, moves)  # rounding errors ate what is nearer, as of (1 - cos(x))/x^2 at 0
    slope = limit_of_slope(samples)
    value = near.value - slope * (near.x - x)
    slope_moves = abs(near.slope - far.slope) if math.isfinite(slope) else 0.0
    return Limit(value if math.isfinite(value) else near.value, slope, moves, slope_moves)


def grows(steps: Sequence[float]) -> bool:
    """Whether values go on in one direction as far as before, or farther, each time that the distance shrinks."""
    same_direction = all(step * steps[0] > 0 for step in steps)
    return same_direction and all(abs(near) >= 0.93 * abs(far) for near, far in pairwise(steps))


def limit_of_slope(samples: Sequence[Sample]) -> float:
    near, far = samples[0].slope, samples[-1].slope
    if abs(near) > INFINITELY * abs(far) > 0.0:
        return math.copysign(math.inf, near)
    return 0.0 if abs(near) < VANISHINGLY * abs(far) else near
