"""A placed picture as SVG elements, for the page to style and to bring to life."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from autodiff.show.layers import Layers
from autodiff.show.picture import Box, Picture, facts, heading
from autodiff.show.placement import LABEL, LINE, LITERAL_PADDING, PADDING, Placement, box_height

BASELINE = 4  # of a line's text below the line's middle
HEAD = 4  # half the width of an arrowhead
ABOVE_HEAD = 10  # the baseline of the partial, for which the arrow leaves a gap


def drawing(picture: Picture, layers: Layers, placement: Placement) -> Iterator[str]:
    """The arrows, then the boxes, operands first: also the order in which the keyboard goes through them."""
    for index, arrow in enumerate(picture.arrows):
        far = layers.routes[index] is None
        origin = heading(picture.boxes[arrow.tail])
        ends = f'data-tail="{arrow.tail}" data-head="{arrow.head}"'
        yield f'<g class="arrow{" far" if far else ""}" {ends}>' + (
            f"<title>from {escape(origin)}</title>" if far else ""
        )
        yield f'<path d="{arrow_path(picture, layers, placement, index)}"/>'
        if arrow.partial:
            baseline = top_of(picture, layers, placement, arrow.head) - ABOVE_HEAD
            yield f'<text x="{placement.ports[index]:.0f}" y="{baseline:.0f}">{escape(arrow.partial)}</text>'
        yield "</g>"
    for key, box in enumerate(picture.boxes):
        yield from drawn_box(key, box, placement, placement.bottoms[layers.row_of[key]])


def arrow_path(picture: Picture, layers: Layers, placement: Placement, index: int) -> str:
    """Down from the operand's box, through the bends, turning only between the rows, to the box that uses it.

    An arrow without a route, from too far above, is only its end.
    """
    arrow, bends = picture.arrows[index], layers.routes[index]
    row, port = layers.row_of[arrow.head], placement.ports[index]
    end, room = top_of(picture, layers, placement, arrow.head), placement.tops[row] - LABEL
    if bends is None:
        path = f"M{port:.0f} {room - LABEL:.0f}V{room:.0f}"
    else:
        x, y = placement.x[arrow.tail], placement.bottoms[layers.row_of[arrow.tail]]
        path = f"M{x:.0f} {y:.0f}"
        for bend in bends:
            passed, aside = layers.row_of[bend], placement.x[bend]
            path += turn(x, y, aside, placement.tops[passed]) + f"V{placement.bottoms[passed]:.0f}"
            x, y = aside, placement.bottoms[passed]
        path += turn(x, y, port, room)
    gap = f"V{end - LABEL:.0f}M{port:.0f} {end - ABOVE_HEAD + 1:.0f}" if arrow.partial else ""
    return path + gap + f"V{end:.0f}m{-HEAD} {-2 * HEAD}l{HEAD} {2 * HEAD}l{HEAD} {-2 * HEAD}"


def top_of(picture: Picture, layers: Layers, placement: Placement, box: int) -> float:
    return placement.bottoms[layers.row_of[box]] - box_height(picture.boxes[box])


def turn(x: float, y: float, end_x: float, end_y: float) -> str:
    """A curve that leaves and arrives upright."""
    middle = (y + end_y) / 2
    return f"C{x:.0f} {middle:.0f} {end_x:.0f} {middle:.0f} {end_x:.0f} {end_y:.0f}"


def drawn_box(key: int, box: Box, placement: Placement, bottom: float) -> Iterator[str]:
    known = list(facts(box))
    width, height = placement.widths[key], box_height(box)
    left, top = placement.x[key] - width / 2, bottom - height
    spoken = ", ".join([heading(box), *(f"{word} {text}" for word, text in known)])
    flags = {"literal": box.literal, "asked": box.asked, "output": box.output, "not-finite": not box.finite}
    marks = "".join(f" {name}" for name, holds in flags.items() if holds)
    yield f'<g class="box{marks}" id="n{key}" tabindex="0" role="img" aria-label="{escape(spoken)}">'
    if box.source:
        yield f"<title>{escape(box.source)}</title>"
    yield f'<rect x="{left:.0f}" y="{top:.0f}" width="{width:.0f}" height="{height:.0f}" rx="5"/>'
    centre = placement.x[key]
    baseline = top + (LITERAL_PADDING if box.literal else PADDING) / 2 + LINE / 2 + BASELINE
    name = f'<tspan class="name">{escape(box.name)}</tspan>' if box.name else ""
    between = " = " if box.name and box.operation else ""
    yield f'<text x="{centre:.0f}" y="{baseline:.0f}">{name}{between}{escape(box.operation)}</text>'
    for line, (word, text) in enumerate(known, 1):
        word_text = f'<tspan class="word">{word}</tspan> {escape(text)}'
        yield f'<text x="{centre:.0f}" y="{baseline + line * LINE:.0f}">{word_text}</text>'
    yield "</g>"
