"""Where two formulas are compared: small numbers first, then all magnitudes, then both sides of kinks and jumps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from math import inf, isfinite, ldexp
from random import Random

from autodiff.check.question import Interval
from autodiff.curve.branches import condition, sides
from autodiff.evaluate.program import Program
from autodiff.graph.nodes import Graph
from autodiff.graph.primitive import Primitive

Point = dict[str, Fraction]

# A person can put these in by hand. No two neighbours have the same sign and place in every formula.
SMALL = tuple(map(Fraction, ("2", "1", "3", "-1", "1/2", "-2", "0", "5", "4", "-1/2", "-3", "10", "1/4", "7", "6")))
# Powers of ten between which the sizes of random numbers lie, in turn.
MAGNITUDES = ((-1, 0), (0, 1), (-0.5, 0.5), (-3, -1), (0, 1), (1, 3), (-1, 0.3), (-9, -6), (0, 0.7), (6, 9))
MANTISSA = 40  # bits of a random number: exact as a float, and a large one is no integer either
GRID = tuple(
    sorted(
        {s * m * 10.0**e for e in range(-3, 5) for m in (1, 1.7, 3.1, 5.3) for s in (1, -1)} | {1e6, 1e9, -1e6, -1e9}
    )
)
MOST_EDGES, BISECTIONS, MOST_VARIABLES = 8, 40, 4


def small_points(names: Sequence[str], intervals: Mapping[str, Interval]) -> Iterator[Point]:
    """Points whose coordinates are small numbers, which differ from each other where there are several."""
    choices = {
        name: [n for n in SMALL if is_within(n, intervals.get(name))] or middle(intervals[name]) for name in names
    }
    for start in range(len(SMALL) if names else 1):
        yield {name: c[(start + 2 * k) % len(c)] for k, (name, c) in enumerate(choices.items())}


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
    low, high = max(interval.low, -1e3), min(interval.high, 1e3)
    if high <= low:
        low, high = (
            (interval.low, interval.low + 1e3) if isfinite(interval.low) else (interval.high - 1e3, interval.high)
        )
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


def beside(point: Point, random: Random) -> Point:
    """A point near another, in no particular direction."""
    return {
        name: value + (1 + abs(value)) * Fraction(random.choice((1, -1)) * random.randint(300, 700), 1 << 20)
        for name, value in point.items()
    }


class Edges:
    """Where a kink or jump of a graph is crossed, and where its results begin to have values."""

    def __init__(self, graph: Graph, program: Program, results: Sequence[int]) -> None:
        self.program = program
        self.results = results
        computed = {position for position, _, _ in program.instructions}
        self.kinks: list[tuple[int, Primitive, tuple[int, ...]]] = [
            (position, node.primitive, node.operands)
            for position, node in enumerate(graph.nodes)
            if position in computed and node.primitive.has_kinks
        ]

    def points(self, base: Point, intervals: Mapping[str, Interval]) -> Iterator[Point]:
        """Two points for each edge found along the axes through `base`, one on each side."""
        for name in list(base)[:MOST_VARIABLES]:
            values = [value for value in GRID if is_within(value, intervals.get(name))]
            signs = [self.side(base, name, value) for value in values]
            found = 0
            for (low, below), (high, above) in pairwise(zip(values, signs, strict=True)):
                if below == above or found == MOST_EDGES:
                    continue
                found += 1
                edge = self.bisected(base, name, low, high, below)
                gap = max(abs(edge), high - low) / 512
                yield {**base, name: rounded(edge - gap)}
                yield {**base, name: rounded(edge + gap)}

    def bisected(self, base: Point, name: str, low: float, high: float, below: tuple[float, ...]) -> float:
        for _ in range(BISECTIONS):
            between = (low + high) / 2
            if self.side(base, name, between) == below:
                low = between
            else:
                high = between
        return high

    def side(self, base: Point, name: str, value: float) -> tuple[float, ...]:
        """Numbers that stay the same between two edges."""
        values = self.program.run({**{other: float(number) for other, number in base.items()}, name: value})
        state = [float(isfinite(values[result])) for result in self.results]
        for position, primitive, operands in self.kinks:
            count = len(operands)
            numbers = [values[operand] for operand in operands]
            met = condition(primitive.kinks_of(count))
            state += sides(met, primitive.operand_names(count), numbers, values[position])
        return tuple(state)


def interval_of(intervals: Sequence[Interval]) -> dict[str, Interval]:
    """The intervals by name; several of one variable are their common part."""
    result: dict[str, Interval] = {}
    for name, low, high in intervals:
        known = result.get(name, Interval(name, -inf, inf))
        result[name] = Interval(name, max(low, known.low), min(high, known.high))
    return result
