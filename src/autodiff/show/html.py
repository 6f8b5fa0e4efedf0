"""A picture as one HTML page that needs nothing else: no network, no font, no library."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from autodiff.language.errors import Note
from autodiff.language.excerpts import shortened
from autodiff.show.diagnostics import visible
from autodiff.show.drawing import drawing
from autodiff.show.layers import layered
from autodiff.show.picture import Picture, number_text
from autodiff.show.placement import Placement, placed

FORMULA_CHARACTERS = 600
TITLE_CHARACTERS = 80
VALUES = 20  # of the point that are listed
MARGIN = 16
# What both A4 and Letter can take, in CSS pixels, with a margin of 12 mm.
SHORT_SIDE, LONG_SIDE = 690, 950
LINE_ON_PAPER, COLUMN_ON_PAPER = 19, 8  # of the heading, which takes some of the first sheet
MOST_SHEETS = 30
SMALLEST = 0.7  # of full size, to be readable: 6 points on paper
BELOW_CUT = 6  # from a row to where its sheet ends
READ_FROM = {
    True: "Each box has its value and its adjoint, the derivative of the output by it; each arrow has the local "
    "partial, the derivative of the box that it leads to by the one that it comes from.",
    False: "The boxes are the nodes, operands above; a point gives them values and adjoints.",
}


class Paper(NamedTuple):
    """How the picture is printed: its scale, and how much of its height the first sheet and each other takes."""

    landscape: bool
    scale: float
    first: float
    other: float


def html_page(picture: Picture, at: Mapping[str, object], notes: Sequence[Note]) -> str:
    """The page. Text of the user's stands in it escaped; the policy in its head forbids it to load anything."""
    return "\n".join(page_lines(picture, at, notes)) + "\n"


def page_lines(picture: Picture, at: Mapping[str, object], notes: Sequence[Note]) -> Iterator[str]:
    layers = layered(picture)
    placement = placed(picture, layers)
    width, height = placement.width + 2 * MARGIN, placement.height + 2 * MARGIN
    formula = shortened(picture.formula, FORMULA_CHARACTERS)
    texts = [*([f"at {point_text(at)}"] if at else []), READ_FROM[bool(at)], *(visible(note.message) for note in notes)]
    paper = fitted(width, height, [formula, *texts])
    beside = Path(__file__)
    yield "<!DOCTYPE html>"
    yield '<html lang="en">'
    yield '<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width">'
    yield '<meta name="color-scheme" content="light dark">'
    policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield f"<title>{escape(shortened(picture.formula, TITLE_CHARACTERS))}</title>"
    yield f"<style>\n{beside.with_name('graph.css').read_text(encoding='utf-8')}"
    yield f"@page {{ size: {'landscape' if paper.landscape else 'portrait'}; margin: 12mm }}"
    yield f"@media print {{ #graph, .sheets svg {{ width: {width * paper.scale:.0f}px !important }} }}\n</style>"
    yield f"<header>\n<h1>{escape(formula)}</h1>"
    for text in texts:
        yield f"<p>{escape(text)}</p>"
    yield '<p class="screen">Point at a box, or reach it with Tab, to see the paths through it.</p>\n</header>'
    frame = f"{-MARGIN} {-MARGIN} {width:.0f} {height:.0f}"
    size = f"width:{width:.0f}px;max-width:max(100%,{width * SMALLEST:.0f}px)"
    yield f'<main><svg id="graph" viewBox="{frame}" style="{size}" role="group" aria-label="graph"><g id="drawing">'
    yield from drawing(picture, layers, placement)
    yield "</g></svg></main>"
    yield from sheets(placement, paper, width, height)
    yield f"<script>\n{beside.with_name('graph.js').read_text(encoding='utf-8')}</script>"
    yield "</html>"


def point_text(at: Mapping[str, object]) -> str:
    pairs = [f"{name} = {number_text(value)}" for name, value in list(at.items())[:VALUES]]
    return visible(", ".join(pairs + ["…"] * (len(at) > VALUES)))


def fitted(width: float, height: float, heading: Sequence[str]) -> Paper:
    """On one sheet if that stays readable, else as wide as the sheet, on as many as it takes."""
    choices = []
    for landscape, across, down in ((False, SHORT_SIDE, LONG_SIDE), (True, LONG_SIDE, SHORT_SIDE)):
        above = sum(1 + len(text) * COLUMN_ON_PAPER // across for text in heading) * LINE_ON_PAPER
        as_wide = min(1.0, across / width)
        whole = min(as_wide, (down - above) / height)
        scale = whole if whole >= SMALLEST else as_wide
        choices.append(Paper(landscape, scale, (down - above) / scale, down / scale))
    return max(choices, key=lambda paper: paper.scale)


def sheets(placement: Placement, paper: Paper, width: float, height: float) -> Iterator[str]:
    """For paper: a picture too tall for a sheet in pieces, each of whole rows, so that no box is cut in two."""
    edges = piece_edges(placement, height, paper)
    if not 2 < len(edges) <= MOST_SHEETS:
        return
    yield '<div class="sheets" aria-hidden="true">'
    for top, bottom in pairwise(edges):
        yield f'<svg viewBox="{-MARGIN} {top:.0f} {width:.0f} {bottom - top:.0f}"><use href="#drawing"/></svg>'
    yield "</div>"


def piece_edges(placement: Placement, height: float, paper: Paper) -> list[float]:
    """The heights to cut at, as far apart as the sheets allow."""
    edges = [-float(MARGIN)]
    room = paper.first
    previous = edges[0]
    for bottom in [*placement.bottoms[:-1], height - MARGIN - BELOW_CUT]:
        cut = bottom + BELOW_CUT
        if cut - edges[-1] > room and previous > edges[-1]:
            edges.append(previous)
            room = paper.other
        previous = cut
    return [*edges, height - MARGIN]
