"""The picture in Mermaid. The syntax was tried with Mermaid 11, which is no Python package to test with."""

from __future__ import annotations

import re
from html import unescape

import pytest

from autodiff import Function
from autodiff.show.mermaid import limit_note, mermaid_text
from autodiff.show.picture import Arrow, Picture, draw
from tests.show.test_dot import HOSTILE, named_box

BOX = re.compile(r'  n\d+[(\[]"([^"]*)"[)\]]')
ARROW = re.compile(r'  n\d+ -->(?:\|"([^"]*)"\|)? n\d+')


def picture(text: str, **point: float) -> Picture:
    trace = Function(text).trace(point)
    return draw(trace.nodes, trace.output, text, trace.gradient)


def shown(label: str) -> list[str]:
    """The lines that Mermaid shows for a label: `#35;` stands for the character of that number."""
    return [unescape(re.sub(r"#(\d+);", r"&#\1;", line)) for line in label.split("<br/>")]


def test_boxes_and_arrows_have_their_numbers() -> None:
    # by hand: d(x^2)/dx = 2x = 6
    text = mermaid_text(picture("x^2", x=3))
    assert text.splitlines()[0] == "flowchart TD"
    assert [shown(label) for label in BOX.findall(text)] == [
        ["x", "value 3", "adjoint 6"],
        ["2"],
        ["pow", "value 9", "adjoint 1"],
    ]
    assert ARROW.findall(text) == ["6", ""]


@pytest.mark.parametrize("name", HOSTILE)
def test_text_of_the_user_means_nothing_to_mermaid_and_is_shown_unchanged(name: str) -> None:
    text = mermaid_text(Picture(name, [named_box(name), named_box(name)], [Arrow(0, 1, name)], 1))
    labels = BOX.findall(text)
    assert len(labels) == 2
    assert all(shown(label)[0] == f"{name} = mul" for label in labels)
    (partial,) = ARROW.findall(text)
    assert shown(partial) == [name]
    assert not re.search(r"""[`<>"&\\|{}]""", "".join(labels).replace("<br/>", "") + partial)


def test_a_name_that_is_a_keyword_is_no_id() -> None:
    text = mermaid_text(picture("end = 2*x; graph = end^2; graph*end", x=1))
    ids = re.findall(r"^  (\w+)(?: -->|[(\[])", text, flags=re.MULTILINE)
    assert ids
    assert all(re.fullmatch(r"n\d+", written) for written in ids)


def test_a_picture_larger_than_mermaid_draws_has_a_note() -> None:
    small, large = picture("x^2", x=1), picture("+".join(f"sin({k}*x)" for k in range(2, 300)), x=1)
    assert limit_note(small, mermaid_text(small)) == []
    (note,) = limit_note(large, mermaid_text(large))
    assert note.id == "picture-large"
    assert "maxEdges" in note.message
