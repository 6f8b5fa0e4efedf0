"""`autodiff graph`: the nodes of a formula as boxes and arrows."""

# Not `from __future__ import annotations`: Typer would have to evaluate each annotation again, twice.
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from autodiff.cli.formula import read_formula
from autodiff.cli.notes import print_notes, refuse_notes
from autodiff.cli.options import At, File, Formula, NoStabilise, Of, Shape, Strict, Wrt
from autodiff.cli.output import split_output, write_output
from autodiff.cli.points import read_names, read_point, read_shapes
from autodiff.evaluate.point import all_finite
from autodiff.function import Function
from autodiff.language.builder import plain_name
from autodiff.language.errors import NOT_FINITE, AutodiffError, Note
from autodiff.show.picture import Picture, draw, size_note


class Form(StrEnum):
    dot = "dot"
    mermaid = "mermaid"
    svg = "svg"
    html = "html"


SUFFIXES = {".mmd": Form.mermaid, ".svg": Form.svg, ".html": Form.html, ".htm": Form.html}


def graph(
    context: typer.Context,
    formula: Formula = None,
    at: At = None,
    wrt: Wrt = None,
    of: Of = None,
    shape: Shape = None,
    to: Annotated[
        Form | None, typer.Option(help="The form; else what FILE ends in, or dot.", show_default=False)
    ] = None,
    output: Annotated[Path | None, typer.Option(help="Write to a file; also -o FILE.", metavar="FILE")] = None,
    strict: Strict = False,
    no_stabilise: NoStabilise = False,
    file: File = None,
) -> int:
    """The nodes of a formula as boxes and arrows.

    \b
    autodiff graph "sigmoid(sinh(x)) * y^2" --at x=0.4,y=2 -o graph.html
    autodiff graph "h = w*x + b; (tanh(h) - 1)^2" --to mermaid
    autodiff graph "-x^2" --at x=pi/4 --to dot | dot -Tpng > graph.png

    A box has its name, value and adjoint, an arrow the local partial; without a point it is the structure alone.
    dot and mermaid are texts, svg needs Graphviz, html is one page that needs nothing else.
    Exit codes: 0 done, 2 a formula or point that means nothing, 3 a result that is not finite, 5 a limit.
    """
    arguments, short_output = split_output(formula or [])
    output = short_output or output
    form = to or form_of(output)
    text = read_formula(context, arguments, file)
    point = read_point(at or [])
    names = read_names(wrt)
    function = Function(text, variables=point, shapes=read_shapes(shape or []), stabilise=not no_stabilise)
    has_values = bool(point) or not function.variables
    trace = function.trace(point, names, of) if has_values else function.outline(of, names)
    refuse_notes(trace.notes, strict, text)
    asked = function.variables if names is None else tuple(map(plain_name, names))
    picture = draw(trace.nodes, trace.output, text, asked)
    written, notes = in_form(form, picture, trace.at, list(trace.notes))
    write_output(written, output)
    print(end="", flush=True)
    print_notes(notes)
    return 0 if trace.value is None or all(map(all_finite, (trace.value, *trace.gradient.values()))) else NOT_FINITE


def form_of(output: Path | None) -> Form:
    """The form that a file's name ends in; dot where it says nothing. Raises AutodiffError for a form we don't have."""
    suffix = output.suffix.lower() if output else ""
    if suffix in (".png", ".pdf", ".jpg", ".jpeg", ".gif", ".ps"):
        raise AutodiffError(
            "usage",
            f"there is no form for {suffix}",
            suggestion=f"write .svg or .html, or pipe --to dot into dot -T{suffix[1:]} (Graphviz)",
        )
    return SUFFIXES.get(suffix, Form.dot)


def in_form(form: Form, picture: Picture, at: Mapping[str, object], notes: list[Note]) -> tuple[str, list[Note]]:
    """The text of the picture, and the notes together with those that the form has on its size."""
    if form is Form.mermaid:
        from autodiff.show.mermaid import limit_note, mermaid_text

        text = mermaid_text(picture)
        return text, notes + limit_note(picture, text)
    notes = notes + size_note(picture)
    if form is Form.html:
        from autodiff.show.html import html_page

        return html_page(picture, at, notes), notes
    from autodiff.show.dot import dot_text

    text = dot_text(picture)
    if form is Form.svg:
        from autodiff.show.svg import svg_text

        text = svg_text(text)
    return text, notes
