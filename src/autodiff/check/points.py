"""Where two formulas are compared: small numbers first, then all magnitudes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import gcd, inf, isfinite, ldexp
from random import Random

from autodiff.check.question import Interval
from autodiff.language.errors import AutodiffError

Point = dict[str, Fraction]

# A person can put these in by hand. No two neighbours have the same sign and place in every formula.
SMALL = tuple(map(Fraction, ("2", "1", "3", "-1", "1/2", "-2", "0", "5", "4", "-1/2", "-3", "10", "1/4", "7", "6")))
# Powers of ten between which the sizes of random numbers lie, in turn.
MAGNITUDES = ((-1, 0), (0, 1), (-0.5, 0.5), (-3, -1), (0, 1), (1, 3), (-1, 0.3), (-9, -6), (0, 0.7), (6, 9))
NEAR = (Fraction(1, 1 << 11), Fraction(1, 1 << 30), Fraction(1, 1 << 16), Fraction(1, 1 << 60))  # of 1 + abs(x)
MANTISSA = 40  # bits of a random number: exact as a float, and a large one is no integer either


def small_points(names: Sequence[str], intervals: Mapping[str, Interval]) -> Iterator[Point]:
    """Points whose coordinates are small numbers, which differ from each other where there are several."""
    choices = {
        name: [n for n in SMALL if is_within(n, intervals.get(name))] or middle(intervals[name]) for name in names
    }
    seen: set[tuple[Fraction, ...]] = set()
    for start in range(len(SMALL) if names else 1):
        values = tuple(c[(start + stride(len(c)) * k) % len(c)] for k, c in enumerate(choices.values()))
        if values not in seen:
            seen.add(values)
            yield dict(zip(choices, values, strict=True))


def stride(length: int) -> int:
    """A step that meets all of so many choices."""
    return next((step for step in (2, 3, 5, 7) if gcd(step, length) == 1), 1)


def random_points(names: Sequence[str], intervals: Mapping[str, Interval], random: Random) -> Iterator[Point]:
    """Points without end, of both signs and of all sizes; in one of several variables one at a time is extreme."""
    turn = 0
    while names:
        extreme = turn % len(names)
        point = {}
        for index, name in enumerate(names):
            low, high = MAGNITUDES[turn // len(names) % len(MAGNITUDES)] if index == extreme else (-0.5, 0.5)
            number = 10 ** random.uniform(low, high) * random.choice((1, -1))
            if (interval := intervals.get(name)) is not None and not is_within(number, interval):
                number = inside(interval, random)
            point[name] = rounded(number)
        yield point
        turn += 1


def inside(interval: Interval, random: Random) -> float:
    low, high = interval.low, interval.high
    if not isfinite(low):
        low = min(-1e3, high - 1e3) if isfinite(high) else -1e3
    if not isfinite(high):
        high = max(1e3, low + 1e3)
    place = random.random()
    return low + (high - low) * (place if random.random() < 0.8 else place**8)  # now and then near an end


def is_within(number: Fraction | float, interval: Interval | None) -> bool:
    return interval is None or interval.low <= number <= interval.high


def middle(interval: Interval) -> list[Fraction]:
    return [rounded(inside(interval, Random(share))) for share in range(7)]


def rounded(number: float) -> Fraction:
    """The number with a short mantissa, which a float holds exactly."""
    if number == 0 or not isfinite(number):
        return Fraction(0)
    from math import frexp

    mantissa, exponent = frexp(number)
    return Fraction(ldexp(round(ldexp(mantissa, MANTISSA)), exponent - MANTISSA))


def beside(point: Point, random: Random, intervals: Mapping[str, Interval], turn: int = 0) -> Point:
    """A point near another, in no particular direction: ever nearer with each turn."""
    share = NEAR[turn % len(NEAR)]
    near = {}
    for name, value in point.items():
        step = (1 + abs(value)) * share * Fraction(random.choice((1, -1)) * random.randint(300, 700), 1000)
        interval = intervals.get(name)
        if interval is not None and isfinite(interval.low) and isfinite(interval.high):
            step = min(abs(step), Fraction(interval.high) - Fraction(interval.low)) * (share if step > 0 else -share)
        near[name] = value + step if is_within(value + step, interval) else value - step
    return near


def interval_of(intervals: Sequence[Interval]) -> dict[str, Interval]:
    """The intervals by name; several of one variable are their common part. Raises AutodiffError for an empty one."""
    result: dict[str, Interval] = {}
    for name, low, high in intervals:
        if not low < high:
            raise AutodiffError("bad-value", f"the domain of '{name}' is empty", suggestion="its ends must be in order")
        known = result.get(name, Interval(name, -inf, inf))
        result[name] = Interval(name, max(low, known.low), min(high, known.high))
    return result
