"""A picture in Mermaid, which GitHub and many wikis draw."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from autodiff.language.errors import Note
from autodiff.show.picture import Box, Picture, facts, heading, size_note

ARROWS_DRAWN = 500  # Mermaid's own limit, which a diagram can't lift
CHARACTERS_DRAWN = 50_000


def mermaid_text(picture: Picture) -> str:
    """
    >>> from autodiff import Function
    >>> from autodiff.show.picture import draw
    >>> trace = Function("x^2").trace(x=3)
    >>> print("\\n".join(mermaid_text(draw(trace.nodes, trace.output, trace.expression, ["x"])).splitlines()[:6]))
    flowchart TD
      n0("x<br/>value 3<br/>adjoint 6")
      n1["2"]
      n2("pow<br/>value 9<br/>adjoint 1")
      n0 -->|"6"| n2
      n1 --> n2
    """
    return "\n".join(mermaid_lines(picture)) + "\n"


def mermaid_lines(picture: Picture) -> Iterator[str]:
    yield "flowchart TD"
    for key, box in enumerate(picture.boxes):
        opening, closing = "[]" if box.literal else "()"
        lines = [heading(box), *(f"{word} {text}" for word, text in facts(box))]
        label = "<br/>".join(map(escaped, lines))
        yield f'  n{key}{opening}"{label}"{closing}'
    for tail, head, partial in picture.arrows:
        label = f'|"{escaped(partial)}"|' if partial else ""
        yield f"  n{tail} -->{label} n{head}"
    yield from classes(picture.boxes)


def classes(boxes: Sequence[Box]) -> Iterator[str]:
    """The classes that have a box, each with its style and its boxes."""
    for name, style, holds in (
        ("literal", "fill:none,stroke:none", [box.literal for box in boxes]),
        ("asked", "fill:#dbeafe,color:#111", [box.asked for box in boxes]),
        ("output", "stroke-width:3px", [box.output for box in boxes]),
        ("notfinite", "stroke:#b00020,color:#b00020", [not box.finite for box in boxes]),
    ):
        if any(holds):
            yield f"  classDef {name} {style}"
            yield f"  class {','.join(f'n{key}' for key, held in enumerate(holds) if held)} {name}"


def escaped(text: str) -> str:
    """Text in Mermaid's quotes: what is no letter, digit or harmless sign is written by its number.

    >>> escaped('#1 "<b>"')
    '#35;1 #34;#60;b#62;#34;'
    """
    return re.sub(r"[^\w .,:=()\[\]×…+-]", lambda match: f"#{ord(match[0])};", text)


def limit_note(picture: Picture, text: str) -> list[Note]:
    """A note if Mermaid refuses a picture of this size, or nobody can read it."""
    if len(picture.arrows) <= ARROWS_DRAWN and len(text) <= CHARACTERS_DRAWN:
        return size_note(picture)
    message = (
        f"the picture has {len(picture.arrows)} arrows in {len(text)} characters; Mermaid draws {ARROWS_DRAWN} in "
        f"{CHARACTERS_DRAWN} unless its maxEdges and maxTextSize are raised"
    )
    return [Note("picture-large", message)]
