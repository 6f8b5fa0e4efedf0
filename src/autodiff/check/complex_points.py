"""Formulas that have few real points in common, compared at complex ones.

On different branches two formulas may differ though they are equal on the real axis, so only what is the same at all
complex points decides anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import islice
from random import Random

from autodiff.check.bounds import Exact
from autodiff.check.comparison import DIGITS, Comparison, Formulas, Found, State
from autodiff.check.equivalence import FEWEST
from autodiff.check.evidence import Evidence
from autodiff.check.points import SMALL, small_points
from autodiff.check.verdict import RIGHT, UNDECIDED, WRONG
from autodiff.evaluate.complex_digits import complex_digits

ENOUGH, MOST_TRIED = 16, 60

ComplexPoint = Mapping[str, Exact]


def complex_evidence(formulas: Formulas, random: Random) -> Evidence | None:
    """What complex points say of two formulas; None if there are too few at which both have values."""
    comparison = Comparison(formulas, complex_digits)
    found: list[tuple[ComplexPoint, Found]] = []
    for point in islice(points(tuple(formulas.variables), random), MOST_TRIED):
        at_point = comparison.at(point)
        if at_point.state in (State.AGREE, State.DIFFER):
            found.append((point, at_point))
        if len(found) == ENOUGH:
            break
    if len(found) < FEWEST:
        return None
    agreed = [each for _, each in found if each.state is State.AGREE]
    if len(agreed) == len(found):
        digits = min(DIGITS, *(each.digits for each in agreed))
        return Evidence(RIGHT, f"agrees at {len(agreed)} complex points to {digits} digits", len(agreed), digits)
    if agreed:
        how = f"equal at {len(agreed)} of {len(found)} complex points, and no real point was found to compare them at"
        return Evidence(UNDECIDED, how, len(found))
    where, different = found[0]
    return Evidence(WRONG, "differs at every complex point that was tried", len(found), None, where, different)


def points(names: tuple[str, ...], random: Random) -> Iterator[ComplexPoint]:
    """Real points first, at which values may be complex; then some beside the positive axis."""
    for point in islice(small_points(names, {}), len(SMALL) // 2):
        yield {**point}
    while True:
        yield {name: (share(random, 64, 256), share(random, 16, 60) * random.choice((1, -1))) for name in names}


def share(random: Random, low: int, high: int) -> Fraction:
    return Fraction(random.randint(low, high), 64)
