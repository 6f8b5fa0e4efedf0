"""A graph as boxes and arrows, whatever form they are drawn in later."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from autodiff.evaluate.numbers import first_entries, with_precision
from autodiff.evaluate.point import all_finite, shape_of
from autodiff.evaluate.trace import TraceNode
from autodiff.graph.shapes import shape_text
from autodiff.language.errors import Note
from autodiff.language.excerpts import shortened
from autodiff.show.diagnostics import visible

DIGITS = 6
ENTRIES = 3  # of an array that are shown
SOURCE_CHARACTERS = 80
READABLE_BOXES = 500


class Box(NamedTuple):
    """A node as it is drawn. The texts are for people; an empty one is not shown.

    `source` is the part of the formula that the node came from. `asked` says that a derivative is taken by it,
    `finite` that its value is a finite number or isn't known.
    """

    name: str
    operation: str
    shape: str
    value: str
    adjoint: str
    source: str
    literal: bool
    asked: bool
    output: bool
    finite: bool


class Arrow(NamedTuple):
    """From the box of an operand to the box that uses it, by their places in the list, with the local partial."""

    tail: int
    head: int
    partial: str


class Picture(NamedTuple):
    """Boxes, operands first; arrows in the order of the box that they lead to, then of its operands."""

    formula: str
    boxes: list[Box]
    arrows: list[Arrow]
    output: int


def draw(nodes: Sequence[TraceNode], output: int, formula: str, asked: Collection[str]) -> Picture:
    """The nodes that `output` is computed from, those that have a name, and what these are computed from.

    A node has one box however often it is used; a literal number has one beside each use, so that no arrow crosses
    the picture to reach a 2. `asked` are the names that derivatives are taken by.

    >>> from autodiff import Function
    >>> trace = Function("h = 3*x; h*h").trace(x=2)
    >>> picture = draw(trace.nodes, trace.output, trace.expression, trace.gradient)
    >>> [(box.name, box.operation, box.value, box.adjoint) for box in picture.boxes]
    [('x', '', '2', '36'), ('', '3', '', ''), ('h', 'mul', '6', '12'), ('', 'mul', '36', '1')]
    >>> [tuple(arrow) for arrow in picture.arrows]
    [(1, 2, ''), (0, 2, '3'), (2, 3, '6'), (2, 3, '6')]
    """
    by_id = {node.id: node for node in nodes}
    needed = with_operands(nodes, {output})
    drawn = with_operands(nodes, {output, *(node.id for node in nodes if node.label is not None)})
    place: dict[int, int] = {}
    boxes: list[Box] = []
    arrows: list[Arrow] = []
    for node in nodes:
        if node.id not in drawn or (node.is_literal and node.id != output):
            continue
        tails = []
        for operand, partial in zip(node.operands, node.partials, strict=True):
            if by_id[operand].is_literal:
                tails.append((len(boxes), ""))  # nobody varies the 2 of x^2
                boxes.append(box_of(by_id[operand], formula, asked, output))
            else:  # beside the output's computation no partials were asked for, and a zero there is none
                tails.append((place[operand], number_text(partial) if node.id in needed else ""))
        place[node.id] = len(boxes)
        arrows += [Arrow(tail, len(boxes), partial) for tail, partial in tails]
        boxes.append(box_of(node, formula, asked, output))
    return Picture(visible(formula.strip()), boxes, arrows, place[output])


def with_operands(nodes: Sequence[TraceNode], wanted: set[int]) -> set[int]:
    """The ids `wanted`, and those of all nodes that these are computed from."""
    found = set(wanted)
    for node in reversed(nodes):
        if node.id in found:
            found.update(node.operands)
    return found


def box_of(node: TraceNode, formula: str, asked: Collection[str], output: int) -> Box:
    literal = node.is_literal
    named = node.op in ("variable", "constant")
    source = "" if node.span is None else visible(formula[node.span.start : node.span.end])
    return Box(
        name=visible(node.label or ""),
        operation=literal_text(node, source) if literal else "" if named else node.op,
        shape=shape_text(node.shape) if node.shape and node.value is None and not literal else "",
        value="" if literal else number_text(node.value),
        adjoint="" if literal else number_text(node.adjoint),
        source=shortened(source, SOURCE_CHARACTERS),
        literal=literal,
        asked=node.label in asked,
        output=node.id == output,
        finite=node.value is None or all_finite(node.value),
    )


def literal_text(node: TraceNode, source: str) -> str:
    if source.isidentifier() or node.value is None:  # pi, π
        return shortened(source, SOURCE_CHARACTERS)
    return with_precision(node.value, None) if shape_of(node.value) == () else number_text(node.value)


def number_text(value: Any) -> str:
    """A number, or an array by its shape and first entries; nothing for None.

    >>> number_text(2 / 3), number_text(None)
    ('0.666667', '')
    >>> import numpy
    >>> number_text(numpy.arange(6.0).reshape(2, 3))
    '(2, 3) [0, 1, 2, …]'
    """
    if value is None:
        return ""
    return with_precision(value, DIGITS) if shape_of(value) == () else first_entries(value, DIGITS, ENTRIES)


def heading(box: Box) -> str:
    """The name and what is applied, in a line.

    >>> from autodiff import Function
    >>> trace = Function("h = 3*x; h*h").trace(x=2)
    >>> [heading(box) for box in draw(trace.nodes, trace.output, trace.expression, ()).boxes]
    ['x', '3', 'h = mul', 'mul']
    """
    return f"{box.name} = {box.operation}" if box.name and box.operation else box.name or box.operation


def facts(box: Box) -> Iterator[tuple[str, str]]:
    """What is known of a box, by the word for it."""
    for word, text in (("shape", box.shape), ("value", box.value), ("adjoint", box.adjoint)):
        if text:
            yield word, text


def size_note(picture: Picture) -> list[Note]:
    """A note if nobody can read a picture of this size."""
    count = len(picture.boxes)
    if count <= READABLE_BOXES:
        return []
    return [Note("picture-large", f"the picture has {count} boxes, more than can be read at once")]
