"""Where to sample a curve: evenly, more closely where it bends, and around every spot that may break it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from autodiff.curve.samples import Sample, Sampler
from autodiff.curve.search import bracket, changes, roughest_spot, roughness

BUDGET = 20_000  # evaluations for one curve, reached by what oscillates without end only
DEPTH = 6  # how often an interval is halved before it is searched for one break
DEPTH_OF_BENDS = 5  # and how often so that lines follow its bends
MOST_SPOTS = 100
TOLERANCE = 0.02  # of how much an interval bends: how far its middle may lie from the cubic through its ends
STRAIGHT = 0.002  # of the usual spread of values: how far from a line its middle may lie
NOISE = 1e-10
FINEST = 1 / 20_000  # of the whole: samples nearer to one another draw nothing that differs


class Findings(NamedTuple):
    """`spots` may be breaks, `poles` may be poles; `cuts` are intervals with a change whose place was not searched."""

    spots: list[float]
    poles: list[float]
    cuts: list[tuple[float, float]]
    complete: bool


def explore(sampler: Sampler, grid: Sequence[Sample]) -> Findings:
    """Samples between those of `grid`, until a line through all looks like the curve; finds what may break it."""
    spots: list[float] = []
    poles: list[float] = []
    cuts: list[tuple[float, float]] = []
    complete = True
    finest, usual = sampler.extent * FINEST, usual_values(grid)
    waiting = [(left, right, 0) for left, right in reversed(list(pairwise(grid)))]
    while waiting:
        left, right, depth = waiting.pop()
        if not (left.finite or right.finite) or right.x - left.x <= sampler.nearest(left.x):
            continue
        exhausted = len(sampler.samples) > BUDGET or len(spots) + len(poles) >= MOST_SPOTS
        if changes(left, right):
            if exhausted:
                complete = False
                cuts.append((left.x, right.x))
                continue
            path = bracket(sampler, left, right)
            spots.append(path.place)
            waiting.extend((*interval, depth) for interval in path.intervals(finest))
            continue
        middle = sampler(left.x / 2 + right.x / 2)
        narrow = right.x - left.x <= finest
        if not changes(left, middle) and (narrow or looks_right(left, middle, right, usual, depth)):
            continue
        if exhausted:
            complete = False
        elif depth < DEPTH or changes(left, middle):
            waiting += [(middle, right, depth + 1), (left, middle, depth + 1)]
        elif (found := roughest_spot(sampler, left, right)) is not None:
            spot, rougher = found
            (poles if rougher else spots).append(spot)
    return Findings(spots, poles, cuts, complete)


class Usual(NamedTuple):
    """A value in the midst of all, and how far apart they are, the tenths at both ends left out: a pole has no say."""

    value: float
    spread: float


def usual_values(samples: Iterable[Sample]) -> Usual:
    ordered = sorted(sample.value for sample in samples if sample.finite)
    tenth = len(ordered) // 10
    return Usual(ordered[len(ordered) // 2], ordered[-1 - tenth] - ordered[tenth]) if ordered else Usual(0.0, 0.0)


def looks_right(left: Sample, middle: Sample, right: Sample, usual: Usual, depth: int) -> bool:
    smooth = is_smooth(left, middle, right, NOISE * usual.spread)
    return smooth and (depth >= DEPTH_OF_BENDS or is_straight(left, middle, right, usual))


def is_straight(left: Sample, middle: Sample, right: Sample, usual: Usual) -> bool:
    """Whether nobody sees that a line is drawn from end to end, or nobody would see the curve there at all."""
    if all(abs(sample.value - usual.value) > 3 * usual.spread for sample in (left, middle, right)):
        return True
    off = abs(left.value / 2 + right.value / 2 - middle.value)
    return off <= STRAIGHT * usual.spread + NOISE * abs(middle.value)


def is_smooth(left: Sample, middle: Sample, right: Sample, least: float) -> bool:
    """Whether the middle lies where the cubic through both ends, with their slopes, expects it, and rises like it.

    What is not even `least` away can't be seen.
    """
    if left.steep or middle.steep or right.steep:
        return False
    width = right.x - left.x
    rise, bend = right.value - left.value, right.slope - left.slope
    value_off = middle.value - (left.value / 2 + right.value / 2 - width * bend / 8)
    slope_off = width * middle.slope - (1.5 * rise - width * (left.slope + right.slope) / 4)
    largest = max(abs(left.value), abs(right.value)) + width * max(abs(left.slope), abs(right.slope))
    allowed = TOLERANCE * roughness(left, right) + NOISE * largest + least
    return abs(value_off) <= allowed and abs(slope_off) <= 5 * allowed
