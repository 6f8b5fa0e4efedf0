"""Which row each box of a picture stands in, and in which order: few long arrows, few crossings.

The layered method of Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system structures"
(1981): rows, then bends where an arrow passes a row, then sweeps that sort each row by the barycentres of its
neighbours.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Sequence
from typing import NamedTuple

from autodiff.show.picture import Picture

BENDS = 100_000  # in all: of an arrow that would need too many only the end is drawn
SORTED_ELEMENTS = 200_000  # in all sweeps, so that time is linear in the picture
MOST_SWEEPS = 24


class Layers(NamedTuple):
    """The elements of a picture are its boxes, then the bends; each stands in a row, the first row at the top.

    The arrows out of a box share their bends. `routes` has the bends of each arrow, None for one that comes from too
    far above, and `links` each pair of elements in neighbouring rows that an arrow joins.
    """

    rows: list[list[int]]
    row_of: list[int]
    routes: list[list[int] | None]
    links: list[tuple[int, int]]


def layered(picture: Picture) -> Layers:
    row_of = rows_of_boxes(picture)
    routes, links = route(picture, row_of)
    rows: list[list[int]] = [[] for _ in range(max(row_of) + 1)]
    rank = ranks(picture)
    rank += [0] * (len(row_of) - len(rank))
    for arrow, bends in zip(picture.arrows, routes, strict=True):
        for bend in bends or ():
            rank[bend] = rank[arrow.tail]
    for element in sorted(range(len(row_of)), key=rank.__getitem__):
        rows[row_of[element]].append(element)
    return Layers(sorted_rows(rows, row_of, links), row_of, routes, links)


def rows_of_boxes(picture: Picture) -> list[int]:
    """Each box as low as the boxes that use it allow, so that an operand stands just above its first use."""
    height = [0] * len(picture.boxes)
    needed = [False] * len(picture.boxes)
    needed[picture.output] = True
    for tail, head, _ in reversed(picture.arrows):
        height[tail] = max(height[tail], height[head] + 1)
        needed[tail] = needed[tail] or needed[head]
    top = max(height)
    row_of = [top - above if need else 0 for above, need in zip(height, needed, strict=True)]
    for tail, head, _ in picture.arrows:  # what only has a name stands just below its operands
        if not needed[head]:
            row_of[head] = max(row_of[head], row_of[tail] + 1)
    return row_of


def route(picture: Picture, row_of: list[int]) -> tuple[list[list[int] | None], list[tuple[int, int]]]:
    """The bends of each arrow, and the links. The row of each new bend is appended to `row_of`."""
    reach = max(4, BENDS // max(1, len(picture.arrows)))
    trunks: dict[int, list[int]] = {}  # the bends below a box, from its next row down
    routes: list[list[int] | None] = []
    links: dict[tuple[int, int], None] = {}
    for tail, head, _ in picture.arrows:
        passed = row_of[head] - row_of[tail] - 1
        if passed > reach:
            routes.append(None)
            continue
        trunk = trunks.setdefault(tail, [])
        while len(trunk) < passed:
            links[trunk[-1] if trunk else tail, len(row_of)] = None
            trunk.append(len(row_of))
            row_of.append(row_of[tail] + len(trunk))
        routes.append(trunk[:passed])
        links[trunk[passed - 1] if passed else tail, head] = None
    return routes, list(links)


def ranks(picture: Picture) -> list[int]:
    """When a walk from the output meets each box, first operands first: an order in which no tree has a crossing."""
    operands: list[list[int]] = [[] for _ in picture.boxes]
    for tail, head, _ in picture.arrows:
        operands[head].append(tail)
    rank = [-1] * len(picture.boxes)
    pending = [*range(len(picture.boxes)), picture.output]
    met = 0
    while pending:
        box = pending.pop()
        if rank[box] < 0:
            rank[box] = met
            met += 1
            pending += reversed(operands[box])
    return rank


def neighbours(count: int, links: Sequence[tuple[int, int]]) -> tuple[list[list[int]], list[list[int]]]:
    """For each element those above and those below."""
    above: list[list[int]] = [[] for _ in range(count)]
    below: list[list[int]] = [[] for _ in range(count)]
    for upper, lower in links:
        above[lower].append(upper)
        below[upper].append(lower)
    return above, below


def sorted_rows(rows: list[list[int]], row_of: list[int], links: Sequence[tuple[int, int]]) -> list[list[int]]:
    """The best order of all that the sweeps come by."""
    above, below = neighbours(len(row_of), links)
    best, fewest = rows, crossings(rows, below)
    for sweep in range(min(MOST_SWEEPS, max(2, SORTED_ELEMENTS // len(row_of)))):
        if fewest == 0:
            break
        downwards = sweep % 2 == 0
        rows = swept(rows, above if downwards else below, downwards)
        count = crossings(rows, below)
        if count < fewest:
            best, fewest = rows, count
    return best


def swept(rows: list[list[int]], joined: list[list[int]], downwards: bool) -> list[list[int]]:
    """Each row, one after the other, sorted by the mean place of what its elements are joined to."""
    place: dict[int, float] = {element: index for row in rows for index, element in enumerate(row)}
    result = []
    for row in rows if downwards else reversed(rows):
        centre = {
            element: sum(place[other] for other in joined[element]) / len(joined[element])
            if joined[element]
            else place[element]
            for element in row
        }
        result.append(sorted(row, key=centre.__getitem__))
        place.update((element, index) for index, element in enumerate(result[-1]))
    return result if downwards else result[::-1]


def crossings(rows: list[list[int]], below: list[list[int]]) -> int:
    """How many pairs of links cross: the inversions between the orders of their ends."""
    place = {element: index for row in rows for index, element in enumerate(row)}
    count = 0
    for row in rows:
        seen: list[int] = []
        for element in row:
            ends = sorted(place[lower] for lower in below[element])
            count += sum(len(seen) - bisect_right(seen, end) for end in ends)
            for end in ends:
                insort(seen, end)
    return count
