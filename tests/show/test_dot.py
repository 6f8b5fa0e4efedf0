"""The picture of a graph, and its DOT."""

from __future__ import annotations

import math
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree

import pytest

from autodiff import Function
from autodiff.show.dot import dot_text
from autodiff.show.picture import Arrow, Box, Picture, draw, heading

HOSTILE = ['say "a"', "<b>&lt;", r"C:\N \n", "[a|{b}]", "# %% ; -->", "θ_1 全角", "end"]


def picture(text: str, **point: float) -> Picture:
    function = Function(text)
    trace = function.trace(point) if point else function.outline()
    return draw(trace.nodes, trace.output, text, function.variables)


def named_box(name: str) -> Box:
    return Box(name, "mul", "", "1", "2", name, literal=False, asked=False, output=True, finite=True)


def arrows_by_heading(drawn: Picture) -> list[tuple[str, str, str]]:
    boxes = drawn.boxes
    return [(heading(boxes[tail]), heading(boxes[head]), partial) for tail, head, partial in drawn.arrows]


def test_every_box_has_its_value_and_adjoint_and_every_arrow_its_partial() -> None:
    # by hand: h = xy = 6, dh/dx = y = 3, d(h^2)/dh = 2h = 12, d/dx = 36, d/dy = 24
    drawn = picture("h = x*y; h^2", x=2, y=3)
    assert [(heading(box), box.value, box.adjoint) for box in drawn.boxes if not box.literal] == [
        ("x", "2", "36"),
        ("y", "3", "24"),
        ("h = mul", "6", "12"),
        ("pow", "36", "1"),
    ]
    assert arrows_by_heading(drawn) == [
        ("x", "h = mul", "3"),
        ("y", "h = mul", "2"),
        ("h = mul", "pow", "12"),
        ("2", "pow", ""),
    ]


def test_a_shared_node_is_drawn_once_and_a_literal_once_for_each_use() -> None:
    drawn = picture("s = sin(x)^2; s + 2*s + 2", x=1)
    headings = [heading(box) for box in drawn.boxes]
    assert headings.count("s = pow") == headings.count("sin") == headings.count("x") == 1
    assert headings.count("2") == 3
    used = [arrow.tail for arrow in drawn.arrows]
    assert all(used.count(key) == 1 for key, box in enumerate(drawn.boxes) if box.literal)


def test_an_operand_that_is_used_twice_has_two_arrows() -> None:
    assert arrows_by_heading(picture("h = x + 1; h*h", x=1))[-2:] == [("h = add", "mul", "2")] * 2


def test_without_a_point_there_is_the_structure_alone() -> None:
    drawn = picture("x^2 * pi")
    assert [heading(box) for box in drawn.boxes] == ["x", "2", "pow", "pi", "mul"]
    assert not any(box.value or box.adjoint or not box.finite for box in drawn.boxes)
    assert not any(arrow.partial for arrow in drawn.arrows)


def test_only_what_the_output_needs_or_has_a_name_is_drawn() -> None:
    function = Function("a = x^2; b = sin(a) + y; cos(b)*3")
    trace = function.outline("a")
    headings = [heading(box) for box in draw(trace.nodes, trace.output, function.text, ()).boxes]
    assert {"x", "a = pow", "b = add"} <= set(headings)
    assert not {"cos", "mul", "3"} & set(headings)


def test_what_the_output_does_not_need_has_no_partials() -> None:
    drawn = picture("unused = 3*x*y; x + y", x=1, y=2)
    partials = {(head, partial) for _, head, partial in arrows_by_heading(drawn)}
    assert partials == {("mul", ""), ("unused = mul", ""), ("add", "1")}


def test_an_array_is_shown_by_its_shape_and_first_entries() -> None:
    trace = Function("sum(v^2)").trace(v=[1, 2, 3, 4])
    first, *_, last = draw(trace.nodes, trace.output, trace.expression, ()).boxes
    assert (first.value, first.adjoint) == ("(4,) [1, 2, 3, …]", "(4,) [2, 4, 6, …]")
    assert last.value == "30"


def test_a_value_that_is_not_finite_is_marked() -> None:
    drawn = picture("y = log(x); y*2", x=-1)
    assert [heading(box) for box in drawn.boxes if not box.finite] == ["y = log", "mul"]
    assert all(math.isnan(float(box.value)) for box in drawn.boxes if heading(box) in ("y = log", "mul"))


def test_the_text_is_the_same_every_time() -> None:
    assert dot_text(picture("a = x*y; a*sin(a)", x=1, y=2)) == dot_text(picture("a = x*y; a*sin(a)", x=1, y=2))


@pytest.mark.skipif(shutil.which("dot") is None, reason="there is no Graphviz (apt install graphviz)")
@pytest.mark.parametrize("name", HOSTILE)
def test_graphviz_shows_the_text_of_the_user_unchanged(name: str) -> None:
    drawn = Picture(name, [named_box(name), named_box(name)], [Arrow(0, 1, name)], 1)
    svg = subprocess.run(["dot", "-Tsvg"], input=dot_text(drawn).encode(), capture_output=True, check=True)
    assert svg.stderr == b""
    root = ElementTree.fromstring(svg.stdout)
    shown = ["".join(text.itertext()).strip().replace("\xa0", " ") for text in root.iter() if text.tag.endswith("text")]
    assert shown.count(name) == 2  # the caption and the arrow
    assert shown.count(f"{name} = mul") == 2
