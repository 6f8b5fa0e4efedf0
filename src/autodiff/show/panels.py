"""A curve as two panels, the value and the derivative, ready for any way of drawing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from autodiff.curve.breaks import Break
from autodiff.curve.curve import Curve
from autodiff.evaluate.numbers import with_precision
from autodiff.language.errors import Note

Line = list[tuple[float, float]]

# Where values grow without bound, the range ends a little beyond what all but these parts of the interval need.
OUTERMOST, BEYOND = 0.12, 0.35
FAR_OUT_AT_POLE, FAR_OUT = 3.0, 100.0  # so many times the middle range away is cut off
MARGIN = 0.04
ROUNDING = 1e-13


class Panel(NamedTuple):
    """`lines` are inside the range from `low` to `high`; `closed` points belong to the curve, `open` ones don't."""

    name: str
    low: float
    high: float
    cut_below: bool
    cut_above: bool
    lines: list[Line]
    closed: Line
    open: Line
    asymptotes: list[float]


def panels(curve: Curve) -> tuple[Panel, Panel]:
    """The value, and below it the derivative."""
    poles = [found.x for found in curve.breaks if found.kind == "pole"]
    steep = [found.x for found in curve.breaks if math.isinf(found.left.slope) or math.isinf(found.right.slope)]
    values = [[(sample.x, sample.value) for sample in piece] for piece in curve.pieces]
    slopes = [[(sample.x, sample.slope) for sample in piece if math.isfinite(sample.slope)] for piece in curve.pieces]
    endless = any(not math.isfinite(piece[index].slope) for piece in curve.pieces for index in (0, -1))
    closed, open_points = value_points(curve.breaks)
    value_range = visible_range([sample.value for sample in curve.grid], [*closed, *open_points], bool(poles))
    slope_open = slope_points(curve.breaks)
    slope_range = visible_range(
        [sample.slope for sample in curve.grid if sample.finite], slope_open, bool(poles or steep or endless)
    )
    return (
        panel(curve.of or curve.expression, value_range, values, closed, open_points, poles),
        panel(f"d/d{curve.variable}", slope_range, slopes, [], slope_open, sorted([*poles, *steep])),
    )


class Range(NamedTuple):
    low: float
    high: float
    cut_below: bool
    cut_above: bool


def panel(
    name: str, shown: Range, lines: list[Line], closed: Line, open_points: Line, asymptotes: list[float]
) -> Panel:
    inside = [part for line in lines for part in clipped(line, shown.low, shown.high)]
    closed, open_points = (
        [(x, y) for x, y in marks if shown.low <= y <= shown.high] for marks in (closed, open_points)
    )
    low, high, cut_below, cut_above = shown
    return Panel(name, low, high, cut_below, cut_above, inside, closed, open_points, asymptotes)


def value_points(breaks: Iterable[Break]) -> tuple[Line, Line]:
    """What of the value is at a break, and what would be there if it went on from a side."""
    closed, open_points = [], []
    for kind, x, value, left, right in breaks:
        if kind in ("kink", "jump", "point") and math.isfinite(value):
            closed.append((x, value))
        if kind in ("jump", "point", "hole"):
            limits = dict.fromkeys((left.value, right.value) if kind == "jump" else (left.value,))
            open_points += [(x, limit) for limit in limits if not math.isclose(limit, value, abs_tol=1e-9)]
    return closed, open_points


def slope_points(breaks: Iterable[Break]) -> Line:
    """The one-sided derivatives where there is no derivative."""
    points = []
    for found in breaks:
        if found.kind in ("kink", "jump", "point", "hole"):
            slopes = [side.slope for side in (found.left, found.right) if math.isfinite(side.slope)]
            if len(slopes) == 2 and math.isclose(*slopes, rel_tol=1e-6, abs_tol=1e-9):
                slopes.pop()
            points += [(found.x, slope) for slope in slopes]
    return points


def visible_range(numbers: Iterable[float], marked: Line, endless: bool) -> Range:
    """From the smallest to the largest, unless some are so far out that they would squash the rest."""
    ordered = sorted(filter(math.isfinite, numbers))
    if not ordered:
        return Range(-1.0, 1.0, False, False)
    # Halves, whose differences can't overflow.
    low, high = ordered[0] / 2, ordered[-1] / 2
    index = round(OUTERMOST * (len(ordered) - 1))
    lower, upper = ordered[index] / 2, ordered[-1 - index] / 2
    far_out = (upper - lower) * (FAR_OUT_AT_POLE if endless else FAR_OUT)
    cut_below, cut_above = lower - low > far_out > 0, high - upper > far_out > 0
    low = lower - BEYOND * (upper - lower) if cut_below else low
    high = upper + BEYOND * (upper - lower) if cut_above else high
    heights = [y / 2 for _, y in marked if (not cut_below or y / 2 >= low) and (not cut_above or y / 2 <= high)]
    low, high = min([low, *heights]), max([high, *heights])
    margin = MARGIN * (high - low)
    if high - low <= ROUNDING * max(abs(low), abs(high)):  # a constant, or one but for rounding
        margin = max(abs(low), abs(high)) / 4 or 0.5
    largest = 8.9e307  # twice that is finite
    return Range(
        2 * max(low - (0 if cut_below else margin), -largest),
        2 * min(high + (0 if cut_above else margin), largest),
        cut_below,
        cut_above,
    )


def clipped(line: Line, low: float, high: float) -> list[Line]:
    """The parts of the line between two heights, ending where it crosses them."""
    parts: list[Line] = []
    if line and low <= line[0][1] <= high:
        parts.append([line[0]])
    for start, end in pairwise(line):
        entering = not low <= start[1] <= high
        first = crossing(start, end, low if start[1] < low else high) if entering else start
        leaving = not low <= end[1] <= high
        last = crossing(end, start, low if end[1] < low else high) if leaving else end
        if entering and leaving and (start[1] < low) == (end[1] < low):
            continue  # it stays on one side
        if entering or not parts:
            parts.append([first])
        parts[-1].append(last)
    return parts


def crossing(outside: tuple[float, float], other: tuple[float, float], height: float) -> tuple[float, float]:
    """Where the segment between two points is at a height between theirs."""
    share = (height / 2 - outside[1] / 2) / (other[1] / 2 - outside[1] / 2)
    return outside[0] + share * (other[0] - outside[0]), height


def cut_notes(shown: Sequence[Panel]) -> Iterator[Note]:
    """Where something is beyond what is shown."""
    for name, one in zip(("the value", shown[1].name), shown, strict=True):
        sides = [(one.cut_below, "below", one.low), (one.cut_above, "above", one.high)]
        words = [f"{word} {with_precision(bound, 3)}" for cut, word, bound in sides if cut]
        if words:
            yield Note("cut", f"{name} is not shown {' and '.join(words)}")


def ticks(low: float, high: float, most: int) -> list[float]:
    """At most so many round numbers between two, evenly apart.

    >>> ticks(-3.2, 3.1, 8), ticks(0, 1e-300, 3)
    ([-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0], [0.0, 5e-301, 1e-300])
    """
    extent = high / 2 - low / 2
    exponent = math.floor(math.log10(extent)) - 2 if extent > 0 else 0
    for power in range(exponent, exponent + 6):
        for digit in (1, 2, 5):
            step = float(f"{digit}e{power}")
            if step == 0 or not math.isfinite(high / step) or not math.isfinite(low / step):
                continue
            first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
            if last - first + 1 <= most:
                return [float(f"{index * digit}e{power}") for index in range(first, last + 1)]
    return []


def tick_labels(positions: Sequence[float]) -> list[str]:
    """As few digits as tell them apart.

    >>> tick_labels([-0.5, 0.0, 0.5]), tick_labels([2e300, 4e300]), tick_labels([1e16, 1e16 + 2])
    (['-0.5', '0', '0.5'], ['2e+300', '4e+300'], ['10000000000000000', '10000000000000002'])
    """
    for precision in range(4, 18):
        labels = [with_precision(position, precision) for position in positions]
        if [float(label) for label in labels] == list(positions):
            break
    return labels if positions else []
