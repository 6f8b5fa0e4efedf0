"""A picture in DOT, the language of Graphviz."""

from __future__ import annotations

from collections.abc import Iterator

from autodiff.language.excerpts import shortened
from autodiff.show.picture import Box, Picture, facts, heading

CAPTION_CHARACTERS = 120

PREAMBLE = """\
digraph {
  graph [labelloc=t, fontname="Helvetica,Arial,sans-serif"]
  node [shape=box, style="rounded,filled", fillcolor=white, fontname="Helvetica,Arial,sans-serif", fontsize=12]
  edge [arrowsize=0.6, fontname="Helvetica,Arial,sans-serif", fontsize=10]"""


def dot_text(picture: Picture) -> str:
    """
    >>> from autodiff import Function
    >>> from autodiff.show.picture import draw
    >>> trace = Function("x^2").trace(x=3)
    >>> print("\\n".join(dot_text(draw(trace.nodes, trace.output, trace.expression, ["x"])).splitlines()[5:]))
      n0 [label="x\\nvalue 3\\nadjoint 6", fillcolor="#dbeafe", tooltip="x"]
      n1 [label="2", shape=plaintext, style="", width=0, height=0, margin=0.05, tooltip="2"]
      n2 [label="pow\\nvalue 9\\nadjoint 1", penwidth=2, tooltip="x^2"]
      n0 -> n2 [label=" 6"]
      n1 -> n2
    }
    """
    return "\n".join(dot_lines(picture)) + "\n"


def dot_lines(picture: Picture) -> Iterator[str]:
    yield PREAMBLE
    yield f"  label={quoted(shortened(picture.formula, CAPTION_CHARACTERS))}"
    for key, box in enumerate(picture.boxes):
        yield f"  n{key} [{', '.join(attributes(box))}]"
    for tail, head, partial in picture.arrows:
        label = f" [label={quoted(' ' + partial)}]" if partial else ""
        yield f"  n{tail} -> n{head}{label}"
    yield "}"


def attributes(box: Box) -> Iterator[str]:
    yield f"label={quoted(heading(box), *(f'{word} {text}' for word, text in facts(box)))}"
    if box.literal:
        yield 'shape=plaintext, style="", width=0, height=0, margin=0.05'
    if box.asked:
        yield 'fillcolor="#dbeafe"'
    if box.output:
        yield "penwidth=2"
    if not box.finite:
        yield 'color="#b00020", fontcolor="#b00020"'
    if box.source:
        yield f"tooltip={quoted(box.source)}"


def quoted(*lines: str) -> str:
    """A DOT string that shows these lines: neither its escapes nor HTML's character references mean anything in them.

    >>> print(quoted('say "a" &lt;', "more"))
    "say \\"a\\" &amp;lt;\\nmore"
    """
    escaped = (line.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;") for line in lines)
    return '"' + "\\n".join(escaped) + '"'
