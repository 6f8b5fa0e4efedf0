"""The search for the place where a curve breaks: bisection, down to neighbouring numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from autodiff.curve.samples import Sample, Sampler


def changes(left: Sample, right: Sample) -> bool:
    return left.finite != right.finite or (left.finite and left.branches != right.branches)


class Path(NamedTuple):
    """What was sampled on the way to a change, those before it and those behind it, both in order."""

    before: list[Sample]
    behind: list[Sample]

    @property
    def place(self) -> float:
        return simplest_between(self.before[-1].x, self.behind[0].x)

    def intervals(self, finest: float) -> Iterator[tuple[Sample, Sample]]:
        """Those that are worth a look, and a second change."""
        for side in (self.before, self.behind):
            for left, right in pairwise(side):
                if right.x - left.x > finest or changes(left, right):
                    yield left, right


def bracket(sampler: Sampler, left: Sample, right: Sample) -> Path:
    """Bisects to the smallest interval at whose ends the curve is on different branches, or defined and not."""
    before, behind = [left], [right]
    while behind[-1].x - before[-1].x > sampler.sharpest(before[-1].x):
        middle = sampler(simple_middle(before[-1].x, behind[-1].x))
        if changes(left, middle):
            behind.append(middle)
        else:
            before.append(middle)
    return Path(before, behind[::-1])


def roughest_spot(sampler: Sampler, left: Sample, right: Sample) -> tuple[float, bool] | None:
    """Bisects towards what a smooth curve doesn't have; None where the curve turns out to be one.

    The place, and whether it got rougher on the way: a pole does, and so do rounding errors, nothing else.
    """
    width, first = right.x - left.x, roughness(left, right)
    last = first
    while right.x - left.x > sampler.sharpest(left.x):
        middle = sampler(simple_middle(left.x, right.x))
        if not middle.finite or (middle.steep and not (left.steep or right.steep)):
            return middle.x, False
        left, right = (left, middle) if break_is_left(left, middle, right) else (middle, right)
        last = roughness(left, right)
        # At a jump the roughness stays, at a kink it shrinks with the width, of a smooth curve with its square.
        shrunk = (right.x - left.x) / width
        if last < 0.5 * first * shrunk**1.5 and right.x - left.x > sampler.resolution:
            return None
    return simplest_between(left.x, right.x), last > 5 * first


def break_is_left(left: Sample, middle: Sample, right: Sample) -> bool:
    """In which half the break is, told by where the curve goes if it can, else by which half is rougher."""
    if left.steep or right.steep:
        return left.steep
    if left.slope * right.slope < 0:  # a peak or a valley
        return left.slope * middle.slope < 0
    if (right.value - left.value) * left.slope < 0:  # it went against its slope
        return (middle.value - left.value) * left.slope < 0
    return roughness(left, middle) >= roughness(middle, right)


def roughness(left: Sample, right: Sample) -> float:
    """How much the curve bends: by how much the value differs from what the slopes say, and the slopes differ."""
    width = right.x - left.x
    off = right.value - left.value - width * (left.slope + right.slope) / 2
    rough = abs(off) + width * abs(right.slope - left.slope) / 4
    return rough if rough == rough else math.inf


def simple_middle(low: float, high: float) -> float:
    """About the middle, and a number of few digits, so that a kink at one is met exactly; strictly between them."""
    simple = simplest_between(low * 0.75 + high * 0.25, low * 0.25 + high * 0.75)
    return simple if low < simple < high else low / 2 + high / 2


def simplest_between(low: float, high: float) -> float:
    """The number of fewest decimal digits from `low` to `high`.

    >>> simplest_between(0.29, 0.316), simplest_between(-0.01, 0.003), simplest_between(3.1415, 3.1416)
    (0.3, 0.0, 3.1415)
    """
    if low <= 0 <= high:
        return 0.0
    for digits in range(1, 17):
        for number in (low, low / 2 + high / 2, high):
            candidate = float(f"{number:.{digits}g}")
            if low <= candidate <= high:
                return candidate
    return low / 2 + high / 2
