"""The page, in a real browser."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from autodiff import Function
from autodiff.show.html import html_page
from autodiff.show.layers import layered
from autodiff.show.picture import Arrow, Picture, draw, size_note
from autodiff.show.placement import box_height, placed
from tests.browser import CHROMIUM, DRIVER, WHY_SKIPPED, Browser, browser
from tests.show.test_dot import HOSTILE, named_box

SHARED = "a = x^2; b = sin(a) + cos(a); c = exp(y); b*a + c*z"
POINT = {"x": 0.7, "y": 0.2, "z": 2}


def picture(text: str, point: dict[str, float]) -> Picture:
    trace = Function(text).trace(point)
    return draw(trace.nodes, trace.output, text, trace.gradient)


def random_program(seed: int, statements: int) -> str:
    """Statements whose operands are earlier ones, near and far."""
    generator = random.Random(seed)
    names, lines = ["x", "y", "z"], []
    for index in range(statements):
        near, far = generator.choice(names[-8:]), generator.choice(names)
        lines.append(
            f"n{index} = " + generator.choice([f"{near}*{far}", f"{near} + {far}", f"sin({near})", f"3*{far}"])
        )
        names.append(f"n{index}")
    return "; ".join([*lines, " + ".join(names)])


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    if CHROMIUM is None or DRIVER is None:
        pytest.skip(WHY_SKIPPED)
    with browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture
def shown(window: Browser, tmp_path: Path) -> Browser:
    """The page of a formula with a shared node and a part of its own."""
    page = tmp_path / "graph.html"
    page.write_text(html_page(picture(SHARED, POINT), POINT, []), encoding="utf-8")
    window.emulate()
    window.resize(1000, 900)
    window.requests()
    window.complaints()
    window.open(page)
    return window


def lit(window: Browser, kind: str) -> set[str]:
    of_boxes = "element.id"
    of_arrows = "`${element.dataset.tail} ${element.dataset.head}`"
    script = "return [...document.querySelectorAll(`.${arguments[0]}.lit`)].map((element) => %s)"
    return set(window.run(script % (of_boxes if kind == "box" else of_arrows), kind))


def on_paths_through(drawn: Picture, key: int) -> set[int]:
    """The boxes above and below one, by repetition until nothing is new."""
    above, below = {key}, {key}
    for _ in drawn.boxes:
        above |= {arrow.tail for arrow in drawn.arrows if arrow.head in above}
        below |= {arrow.head for arrow in drawn.arrows if arrow.tail in below}
    return above | below


def test_the_pointer_lights_exactly_the_paths_through_a_box(shown: Browser) -> None:
    drawn = picture(SHARED, POINT)
    for key, box in enumerate(drawn.boxes):
        shown.point_at(f"#n{key}")
        expected = on_paths_through(drawn, key)
        assert lit(shown, "box") == {f"n{key}" for key in expected}, box
    assert {len(on_paths_through(drawn, key)) == len(drawn.boxes) for key in range(len(drawn.boxes))} == {True, False}
    shown.point_at("h1")
    assert lit(shown, "box") == set()


def test_the_pointer_lights_only_the_arrows_that_such_a_path_takes(shown: Browser) -> None:
    drawn = picture(SHARED, POINT)
    place = {box.name or box.operation: key for key, box in enumerate(drawn.boxes)}
    product = next(head for tail, head, _ in drawn.arrows if tail == place["b"])
    shown.point_at(f"#n{place['b']}")
    taken = [("x", "a"), ("2", "a"), ("a", "sin"), ("a", "cos"), ("sin", "b"), ("cos", "b")]
    expected = {f"{place[tail]} {place[head]}" for tail, head in taken}
    # not from a to b*a, which no path through b takes
    assert lit(shown, "arrow") == expected | {f"{place['b']} {product}", f"{product} {drawn.output}"}


def test_the_keyboard_reaches_every_box_and_escape_leaves(shown: Browser) -> None:
    shown.point_at("h1")
    drawn = picture(SHARED, POINT)
    for key in range(len(drawn.boxes)):
        shown.press("Tab")
        assert shown.run("return document.activeElement.id") == f"n{key}"
        assert lit(shown, "box") == {f"n{key}" for key in on_paths_through(drawn, key)}
    shown.press("Escape")
    assert lit(shown, "box") == set()
    assert shown.run("return document.querySelector('.tracing')") is None


def test_nothing_is_asked_of_the_network_and_no_script_fails(shown: Browser) -> None:
    asked = shown.requests()
    assert [re.sub(r".*/", "", address) for address in asked] == ["graph.html"]
    assert shown.complaints() == []


def test_the_page_reads_what_a_screen_reader_says(shown: Browser) -> None:
    labels = shown.run("return [...document.querySelectorAll('.box')].map((box) => box.getAttribute('aria-label'))")
    # by hand: exp(0.2) = 1.2214, its adjoint is z = 2
    assert "c = exp, value 1.2214, adjoint 2" in labels


def test_no_text_is_wider_than_its_box(shown: Browser) -> None:
    script = """
    return [...document.querySelectorAll(".box")].filter((box) => {
      const rect = box.querySelector("rect").getBBox();
      return [...box.querySelectorAll("text")].some((text) => text.getBBox().width > rect.width);
    }).length"""
    assert shown.run(script) == 0


@pytest.mark.parametrize(("scheme", "dark"), [("light", False), ("dark", True)])
def test_the_page_is_light_or_dark_as_the_reader_has_it(shown: Browser, scheme: str, dark: bool) -> None:
    shown.emulate(prefers_color_scheme=scheme)
    script = """
    const colour = getComputedStyle(document.querySelector(arguments[0]))[arguments[1]];
    return colour.match(/\\d+/g).map(Number)"""
    paper, ink = shown.run(script, "body", "background-color"), shown.run(script, ".box text", "fill")
    assert (max(paper) < 60, min(ink) > 200) == (dark, dark)
    assert (min(paper) > 240, max(ink) < 60) == (not dark, not dark)


def test_on_paper_it_is_black_on_white_without_hints_for_the_screen(shown: Browser) -> None:
    shown.point_at("#n0")
    shown.emulate(media="print", prefers_color_scheme="dark")
    colours = """
    return [...new Set([...document.querySelectorAll("#graph text, #graph rect, #graph path")].flatMap((element) => {
      const style = getComputedStyle(element);
      return [style.fill, style.stroke];
    }))]"""
    greys = [re.findall(r"\d+", colour) for colour in shown.run(colours) if colour != "none"]
    assert all(len(set(grey)) == 1 for grey in greys), greys
    assert shown.run("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert shown.run("return getComputedStyle(document.querySelector('.screen')).display") == "none"
    assert shown.run("return getComputedStyle(document.querySelector('.arrow:not(.lit)')).opacity") == "1"


def test_a_narrow_window_scrolls_the_graph_and_not_the_page(shown: Browser) -> None:
    shown.resize(420, 800)
    assert shown.run("return document.documentElement.scrollWidth <= innerWidth")
    assert shown.run("return document.querySelector('main').scrollWidth > innerWidth / 2")


@pytest.mark.parametrize(("statements", "sheets"), [(2, 1), (60, 5)])
def test_it_prints_on_as_many_sheets_as_stay_readable(
    window: Browser, tmp_path: Path, statements: int, sheets: int
) -> None:
    text = "; ".join(["n0 = x*y", *(f"n{k + 1} = sin(n{k})*y" for k in range(statements))])
    page = tmp_path / "tall.html"
    page.write_text(html_page(picture(text, {"x": 1, "y": 2}), {"x": 1, "y": 2}, []), encoding="utf-8")
    window.emulate()
    window.open(page)
    printed = window.print_to_pdf()
    assert printed_pages(printed) >= sheets
    if sheets > 1:
        assert printed_pages(printed) == window.run("return document.querySelectorAll('.sheets svg').length")


def printed_pages(pdf: bytes) -> int:
    plain = pdf + b"".join(
        zlib.decompressobj().decompress(stream)
        for stream in re.findall(rb"ObjStm.*?stream\r?\n(.*?)endstream", pdf, re.S)
    )
    return len(re.findall(rb"/Type\s*/Page\b", plain))


@pytest.mark.parametrize(
    "name", [*HOSTILE, "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "'\"&"]
)
def test_text_of_the_user_is_shown_and_never_run(window: Browser, tmp_path: Path, name: str) -> None:
    drawn = Picture(name, [named_box(name), named_box(name)], [Arrow(0, 1, name)], 1)
    page = tmp_path / "hostile.html"
    page.write_text(html_page(drawn, {name: 1.0}, []), encoding="utf-8")
    window.complaints()
    window.open(page)
    assert window.run("return document.querySelector('h1').textContent") == name
    assert window.run("return document.querySelector('.name').textContent") == name
    assert window.run("return document.querySelectorAll('script, img').length") == 1
    assert window.complaints() == []


@pytest.mark.parametrize("seed", range(5))
def test_operands_stand_above_their_use_and_no_boxes_overlap(seed: int) -> None:
    drawn = picture(random_program(seed, 60), {"x": 1, "y": 0.5, "z": 2})
    layers = layered(drawn)
    placement = placed(drawn, layers)
    assert all(layers.row_of[arrow.tail] < layers.row_of[arrow.head] for arrow in drawn.arrows)
    for row in layers.rows:
        boxes = [element for element in row if element < len(drawn.boxes)]
        edges = [
            (placement.x[key] - placement.widths[key] / 2, placement.x[key] + placement.widths[key] / 2)
            for key in boxes
        ]
        assert all(left[1] <= right[0] for left, right in pairwise(edges))
    for key, box in enumerate(drawn.boxes):
        row = layers.row_of[key]
        assert box_height(box) <= placement.bottoms[row] - placement.tops[row] + 1e-9


def test_a_tree_is_drawn_without_a_crossing() -> None:
    from autodiff.show.layers import crossings, neighbours

    leaves = [f"x{index}" for index in range(32)]
    while len(leaves) > 1:
        leaves = [f"({left}+sin({right}))" for left, right in zip(leaves[::2], leaves[1::2], strict=True)]
    drawn = picture(leaves[0], {f"x{index}": 1.0 for index in range(32)})
    layers = layered(drawn)
    assert crossings(layers.rows, neighbours(len(layers.row_of), layers.links)[1]) == 0


def test_the_page_is_the_same_every_time() -> None:
    text = random_program(1, 40)
    pages = {html_page(picture(text, POINT), POINT, []) for _ in range(2)}
    assert len(pages) == 1


@pytest.mark.parametrize(
    "text",
    [
        "sin(" * 10_000 + "x" + ")" * 10_000,
        "+".join(f"{index}*x" for index in range(4000)),
        random_program(2, 6000),
    ],
    ids=["deep", "shared", "tangled"],
)
def test_a_page_of_ten_thousand_boxes_is_linear_in_them_and_says_that_it_is_large(text: str) -> None:
    function = Function(text)
    trace = function.outline()
    drawn = draw(trace.nodes, trace.output, text, function.variables)
    assert len(drawn.boxes) > 8_000
    (note,) = size_note(drawn)
    assert note.id == "picture-large"
    page = html_page(drawn, {}, [note])
    assert len(page) < 1000 * len(drawn.boxes)
    assert note.message in page
