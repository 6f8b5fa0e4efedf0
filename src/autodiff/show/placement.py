"""Where the elements of a layered picture stand, in pixels."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from autodiff.show.diagnostics import columns
from autodiff.show.layers import Layers, neighbours
from autodiff.show.picture import Box, Picture, facts, heading

# The page's font has one width for all characters, so that a text's width is known before a browser sees it.
COLUMN, LINE = 7.3, 17  # of a character and a line at 12 pixels
PADDING, LITERAL_PADDING = 10, 4
BESIDE, BESIDE_BEND = 22, 8  # free space between neighbours
LABEL_COLUMN, LABEL, LABEL_GAP = 6.7, 21, 10  # of the partials, at 11 pixels
BETWEEN, MOST_BETWEEN = 26, 120  # of two rows, for the arrows to turn in
PLACED_ELEMENTS = 400_000  # in all sweeps, so that time is linear in the picture


class Placement(NamedTuple):
    """The centre and width of each element, the top and bottom of each row, and where each arrow ends."""

    x: list[float]
    widths: list[float]
    tops: list[float]
    bottoms: list[float]
    ports: list[float]
    width: float
    height: float


def placed(picture: Picture, layers: Layers) -> Placement:
    incoming: list[list[int]] = [[] for _ in picture.boxes]
    for index, arrow in enumerate(picture.arrows):
        incoming[arrow.head].append(index)
    label_widths = [columns(arrow.partial) * LABEL_COLUMN + LABEL_GAP for arrow in picture.arrows]
    widths = [
        max(box_width(box), sum(label_widths[arrow] for arrow in ends))
        for box, ends in zip(picture.boxes, incoming, strict=True)
    ]
    widths += [0.0] * (len(layers.row_of) - len(picture.boxes))
    x = settled(layers, widths)
    ports = [0.0] * len(picture.arrows)
    for head, ends in enumerate(incoming):
        left = x[head] - sum(label_widths[arrow] for arrow in ends) / 2
        for index in sorted(ends, key=lambda index: x[last_stop(picture, layers, index)]):
            ports[index] = left + label_widths[index] / 2
            left += label_widths[index]
    tops, bottoms = row_edges(picture, layers, x, ports)
    width = max(centre + wide / 2 for centre, wide in zip(x, widths, strict=True))
    return Placement(x, widths, tops, bottoms, ports, width, bottoms[-1])


def last_stop(picture: Picture, layers: Layers, arrow: int) -> int:
    """The element above its end that an arrow comes from."""
    bends = layers.routes[arrow]
    return bends[-1] if bends else picture.arrows[arrow].tail


def box_width(box: Box) -> float:
    lines = [heading(box), *(f"{word} {text}" for word, text in facts(box))]
    return max(map(columns, lines)) * COLUMN + 2 * (LITERAL_PADDING if box.literal else PADDING)


def box_height(box: Box) -> float:
    return (1 + sum(1 for _ in facts(box))) * LINE + (LITERAL_PADDING if box.literal else PADDING)


def settled(layers: Layers, widths: Sequence[float]) -> list[float]:
    """The centres: sweeps draw each element towards the mean of its neighbours, as far as those beside it allow."""
    count = len(widths)
    boxes = count - sum(1 for wide in widths if wide == 0)
    straight = [link for link in layers.links if min(link) >= boxes] * 3  # counted four times: a trunk keeps upright
    above, below = neighbours(count, layers.links + straight)
    both = [up + down for up, down in zip(above, below, strict=True)]
    x = [0.0] * count
    sweeps = max(1, min(6, PLACED_ELEMENTS // (4 * count)))
    for joined, downwards in [(above, True), (below, False)] * sweeps + [(both, True), (both, False)] * sweeps:
        for row in layers.rows if downwards else reversed(layers.rows):
            wanted = [centre_of(element, joined[element], x) for element in row]
            gaps = [0.0, *(apart(widths[left], widths[right]) for left, right in pairwise(row))]
            weights = [1.0 if joined[element] else 0.01 for element in row]
            for element, centre in zip(row, spread(wanted, weights, gaps), strict=True):
                x[element] = centre
    leftmost = min(centre - wide / 2 for centre, wide in zip(x, widths, strict=True))
    return [centre - leftmost for centre in x]


def centre_of(element: int, joined: Sequence[int], x: Sequence[float]) -> float:
    return sum(x[other] for other in joined) / len(joined) if joined else x[element]


def apart(left: float, right: float) -> float:
    """The least distance of two centres."""
    return (left + right) / 2 + (BESIDE if left and right else BESIDE_BEND)


def spread(wanted: Sequence[float], weights: Sequence[float], gaps: Sequence[float]) -> list[float]:
    """The places nearest to `wanted`, by weighted least squares, of which each is its gap or more after the last.

    With the gaps taken off it is isotonic regression, by pooling adjacent violators (Barlow and others, Statistical
    Inference under Order Restrictions, 1972).

    >>> spread([0, 0, 10], [1, 1, 1], [0, 4, 4])
    [-2.0, 2.0, 10.0]
    """
    offsets: list[float] = []
    pools: list[tuple[float, float, int]] = []  # mean, weight, members
    for place, weight, gap in zip(wanted, weights, gaps, strict=True):
        offsets.append(gap + (offsets[-1] if offsets else 0.0))
        mean, members = place - offsets[-1], 1
        while pools and pools[-1][0] > mean:
            other_mean, other_weight, other_members = pools.pop()
            mean = (mean * weight + other_mean * other_weight) / (weight + other_weight)
            weight, members = weight + other_weight, members + other_members
        pools.append((mean, weight, members))
    means = [mean for mean, _, members in pools for _ in range(members)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]


def row_edges(
    picture: Picture, layers: Layers, x: Sequence[float], ports: Sequence[float]
) -> tuple[list[float], list[float]]:
    """The top and bottom of each row; rows stand further apart where arrows go far to the side between them."""
    heights = [0.0] * len(layers.rows)
    for row, box in zip(layers.row_of, picture.boxes, strict=False):
        heights[row] = max(heights[row], box_height(box))
    aside = [0.0] * len(layers.rows)
    for index, arrow in enumerate(picture.arrows):
        row = layers.row_of[arrow.head]
        if layers.routes[index] is not None:
            aside[row] = max(aside[row], abs(ports[index] - x[last_stop(picture, layers, index)]))
    for upper, lower in layers.links:
        row = layers.row_of[lower]
        aside[row] = max(aside[row], abs(x[upper] - x[lower]))
    tops: list[float] = []
    bottoms: list[float] = []
    for height, far in zip(heights, aside, strict=True):
        tops.append(bottoms[-1] + LABEL + min(MOST_BETWEEN, BETWEEN + far / 10) if bottoms else 0.0)
        bottoms.append(tops[-1] + height)
    return tops, bottoms
