"""A formula as a curve: samples of its value and derivative over an interval, in unbroken pieces."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from autodiff.curve.breaks import Break, described_break
from autodiff.curve.exploration import FINEST, explore
from autodiff.curve.samples import Sample, Sampler
from autodiff.curve.search import simplest_between
from autodiff.evaluate.request import output_node
from autodiff.graph.shapes import shape_text
from autodiff.language.errors import AutodiffError

if TYPE_CHECKING:
    from autodiff.function import Function

INTERVALS = 256  # a power of 2, so that the middle of an interval around 0 is 0


class Gap(NamedTuple):
    """A range without a finite value. `kind` is `undefined` or, where every value is infinite, `infinite`.

    `start_included` and `end_included` say whether the ends themselves are without one, too.
    """

    start: float
    end: float
    kind: str
    start_included: bool
    end_included: bool


class Curve(NamedTuple):
    """What there is to draw of a formula, or of its node `of`, between `lower` and `upper`.

    A piece is unbroken in value and derivative, so a line may join its samples; where two pieces meet in a kink, the
    last sample of one and the first of the other have the one-sided derivatives there. `grid` has the samples at even
    distances, for statistics; `complete` is False where there was more to find than the budget allowed.
    """

    expression: str
    of: str | None
    variable: str
    lower: float
    upper: float
    at: Mapping[str, Any]
    pieces: Sequence[Sequence[Sample]]
    breaks: Sequence[Break]
    gaps: Sequence[Gap]
    grid: Sequence[Sample]
    complete: bool


def sample_curve(
    function: Function,
    variable: str,
    lower: float,
    upper: float,
    point: Mapping[str, Any] | None = None,
    of: str | None = None,
) -> Curve:
    """The curve of a formula over `lower <= variable <= upper`; `point` has the values of the other variables.

    >>> from autodiff import Function
    >>> curve = sample_curve(Function("abs(x - 1)"), "x", -3, 3)
    >>> [(found.kind, found.x, found.left.slope, found.right.slope) for found in curve.breaks]
    [('kink', 1.0, -1.0, 1.0)]
    >>> [(piece[0].x, piece[-1].x) for piece in curve.pieces]
    [(-3.0, 1.0), (1.0, 3.0)]

    Both bounds are finite, and `lower` is below `upper`. Raises AutodiffError for a missing value, and for a formula
    whose value is an array.
    """
    point = dict(point or {})
    sampler = Sampler(function, variable, lower, upper, point, of)
    refuse_array(sampler)
    parts = (index / INTERVALS for index in range(INTERVALS + 1))
    # Not lower + part*(upper - lower): the difference may overflow.
    grid = [sampler(x) for x in sorted({(1 - part) * lower + part * upper for part in parts})]
    found = explore(sampler, grid)
    gaps, isolated = gaps_between(sampler.taken(), sampler)
    spots = [*found.spots, *isolated, *(end for gap in gaps for end in gap[:2])]
    breaks = find_breaks(sampler, spots, found.poles)
    cuts = [*found.cuts, *((one.x, one.x) for one in breaks)]
    pieces = cut_into_pieces(sampler.taken(), breaks, cuts, sampler)
    breaks = [one for one in breaks if one.kind != "end"]
    bounds = sampler.lower, sampler.upper
    return Curve(function.text, of, variable, *bounds, point, pieces, breaks, gaps, grid, found.complete)


def refuse_array(sampler: Sampler) -> None:
    """Raises AutodiffError where the value is no number."""
    function = sampler.function
    compiled = function.formula.bound(sampler.at(sampler.lower), {})[0].compiled
    shape = compiled.graph.shapes[output_node(compiled, sampler.of, function.text)]
    if shape != ():
        raise AutodiffError(
            "not-a-number",
            f"the value is an array of shape {shape_text(shape)}, and a plot needs one number",
            suggestion="plot one entry, as with (...)[0], or make it a number, as with sum(...)",
            text=function.text,
        )


def gaps_between(samples: Sequence[Sample], sampler: Sampler) -> tuple[list[Gap], list[float]]:
    """The ranges without a finite value, and the single points without one."""
    gaps, isolated = [], []
    start = 0
    while start < len(samples):
        if samples[start].finite:
            start += 1
            continue
        end = start
        while end + 1 < len(samples) and not samples[end + 1].finite:
            end += 1
        run = samples[start : end + 1]
        low = run[0].x if start == 0 else simplest_between(samples[start - 1].x, run[0].x)
        high = run[-1].x if end + 1 == len(samples) else simplest_between(run[-1].x, samples[end + 1].x)
        if high - low <= 4 * sampler.resolution:
            isolated.append(simplest_between(run[0].x, run[-1].x))
        else:
            inner = run[1:-1] or run
            kind = "undefined" if any(sample.value != sample.value for sample in inner) else "infinite"
            gaps.append(Gap(low, high, kind, not sampler(low).finite, not sampler(high).finite))
        start = end + 1
    return gaps, isolated


def find_breaks(sampler: Sampler, spots: Sequence[float], poles: Sequence[float]) -> list[Break]:
    """The breaks at `spots` and, if they are poles, at `poles`, in their order; the same spot found twice is one."""
    near = 64 * sampler.resolution
    clusters: list[list[float]] = []
    for spot in sorted([*spots, *poles]):
        if clusters and spot - clusters[-1][-1] <= near:
            clusters[-1].append(spot)
        else:
            clusters.append([spot])
    places = [sampler.lower, *(simplest_between(cluster[0], cluster[-1]) for cluster in clusters), sampler.upper]
    breaks = []
    for index, cluster in enumerate(clusters):
        found = described_break(sampler, places[index + 1], places[index], places[index + 2])
        if found is not None and (found.kind == "pole" or not set(cluster) <= set(poles)):
            breaks.append(found)
    return breaks


def cut_into_pieces(
    samples: Sequence[Sample], breaks: Sequence[Break], cuts: Sequence[tuple[float, float]], sampler: Sampler
) -> list[list[Sample]]:
    """The finite samples, divided at what is not finite, at breaks and at cuts, and thinned to what can be seen."""
    at_break = {found.x: found for found in breaks}
    pieces: list[list[Sample]] = [[]]
    positions = [sample.x for sample in samples]
    divisions = sorted({(bisect_left(positions, low), bisect_left(positions, high), low) for low, high in cuts})
    index = 0
    for _, next_index, low in divisions:
        found = at_break.get(low)
        near = sampler.nearest(low) if found else 0.0
        pieces[-1] += [sample for sample in samples[index:next_index] if not found or sample.x < low - near]
        if found and found.left.continuous:
            pieces[-1].append(Sample(low, found.left.value, found.left.slope))
        pieces.append([Sample(low, found.right.value, found.right.slope)] if found and found.right.continuous else [])
        index = next_index
        while found and index < len(samples) and samples[index].x <= low + near:
            index += 1
    pieces[-1] += samples[index:]
    return [thinned(run, sampler.extent * FINEST) for piece in pieces for run in finite_runs(piece)]


def finite_runs(samples: Sequence[Sample]) -> list[list[Sample]]:
    runs: list[list[Sample]] = [[]]
    for sample in samples:
        if sample.finite:
            runs[-1].append(sample)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def thinned(samples: Sequence[Sample], finest: float) -> list[Sample]:
    """Without the crowd that the search left around what it found; the ends are kept."""
    kept = [samples[0]]
    for sample, following in pairwise(samples):
        if sample.x - kept[-1].x >= finest and following.x > sample.x:
            kept.append(sample)
    if len(samples) > 1:
        kept.append(samples[-1])
    return kept
