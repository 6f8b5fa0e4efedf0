"""`autodiff eval`: value, gradient, and the tree of adjoints."""

# Not `from __future__ import annotations`: Typer would have to evaluate each annotation again, twice.
import math
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from autodiff.cli.formula import read_formula
from autodiff.cli.points import read_point
from autodiff.function import Function
from autodiff.language.errors import NOT_FINITE, AutodiffError, Note
from autodiff.show.plain import plain_result

WIDTH_OF_PIPE = 200


def evaluate(
    context: typer.Context,
    formula: Annotated[
        list[str] | None,
        typer.Argument(help="The formula; - reads it from standard input.", show_default=False),
    ] = None,
    at: Annotated[
        list[str] | None,
        typer.Option(help="A point: x=0.4, x=pi/4,y=2 or @point.json.", metavar="NAME=VALUE", show_default=False),
    ] = None,
    wrt: Annotated[
        list[str] | None,
        typer.Option(help="Variables or named nodes to differentiate by; all variables if not given.", metavar="NAMES"),
    ] = None,
    tree: Annotated[bool | None, typer.Option("--tree/--no-tree", help="The tree of adjoints.")] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object with every node.")] = False,
    precision: Annotated[int | None, typer.Option(help="Significant digits.", min=1, max=17, metavar="N")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Treat every note as an error.")] = False,
    no_color: Annotated[bool, typer.Option("--no-color", help="No colour, no bold.")] = False,
    max_depth: Annotated[int | None, typer.Option(help="Levels of the tree to show.", min=1, metavar="N")] = None,
    file: Annotated[Path | None, typer.Option(help="Read the formula from a file.", metavar="FILE")] = None,
) -> int:
    """Value and gradient of a formula at a point.

    \b
    autodiff eval "sigmoid(sinh(x)) * y^2" --at x=0.4 --at y=2
    autodiff eval "h = w*x + b; (tanh(h) - 1)^2" --at w=2,x=3,b=-1 --wrt w,h
    autodiff eval "-x^2" --at x=pi/4 --json | jq .gradient.x
    echo "log(x)/x" | autodiff eval - --at @point.json

    At a terminal it prints the tree of adjoints as well, into a pipe lines of name and value.
    Exit codes: 0 done, 2 a formula or point that means nothing, 3 a result that is not finite, 5 a limit.
    """
    text = read_formula(context, formula or [], file)
    point = read_point(at or [])
    names = None if wrt is None else [name.strip() for part in wrt for name in part.split(",") if name.strip()]
    function = Function(text, variables=point)
    at_terminal = sys.stdout is not None and sys.stdout.isatty()
    if json or (at_terminal if tree is None else tree):
        trace = function.trace(point, names)
        refuse_notes(trace.notes, strict, text)
        result_value, gradient, notes = trace.value, trace.gradient, list(trace.notes)
        if json:
            from autodiff.show.json import json_trace

            print(json_trace(trace))
        else:
            from autodiff.show.tree import adjoint_tree, tree_lines

            print_result(plain_result(result_value, gradient, precision), at_terminal)
            width = terminal_width() if at_terminal else WIDTH_OF_PIPE + 4 * (max_depth or 0)
            drawn, cut = adjoint_tree(trace, width, max_depth, precision)
            notes += cut
            if at_terminal and colour_wanted(no_color):
                from rich.console import Console

                Console().print(drawn, highlight=False)
            else:
                print(tree_lines(drawn, width))
    else:
        result_value, gradient, notes = function.evaluate(point, names)
        refuse_notes(notes, strict, text)
        print_result(plain_result(result_value, gradient, precision), at_terminal)
    print(end="", flush=True)
    if notes:
        from autodiff.show.diagnostics import render_note
    for note in notes:
        print(render_note(note), file=sys.stderr)
    return 0 if all(map(math.isfinite, (result_value, *gradient.values()))) else NOT_FINITE


def print_result(lines: str, at_terminal: bool) -> None:
    """In columns for a person, with tabs for a program."""
    if at_terminal:
        from autodiff.show.diagnostics import columns

        rows = [line.split("\t") for line in lines.splitlines()]
        width = max(columns(name) for name, _ in rows)
        lines = "\n".join(f"{name}{' ' * (width - columns(name))}  {number}" for name, number in rows)
    print(lines)


def refuse_notes(notes: Sequence[Note], strict: bool, text: str) -> None:
    for note in notes:
        if strict:
            error = AutodiffError("strict-note", note.message, note.span, "this is a note without --strict", text=text)
            error.exit_code = NOT_FINITE if note.id == "not-finite" else error.exit_code
            raise error


def colour_wanted(no_color: bool) -> bool:
    return not (no_color or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb")


def terminal_width() -> int:
    import shutil

    return shutil.get_terminal_size((80, 24)).columns
