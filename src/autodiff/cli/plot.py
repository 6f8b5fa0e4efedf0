"""`autodiff plot`: a formula and its derivative as curves."""

# Not `from __future__ import annotations`: Typer would have to evaluate each annotation again, twice.
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from autodiff.cli.formula import read_formula
from autodiff.cli.interval import DEFAULT, read_interval, variable_to_run
from autodiff.cli.notes import print_notes, refuse_notes
from autodiff.cli.options import At, File, Formula, Json, NoColor, NoStabilise, Of, Shape, Strict
from autodiff.cli.output import split_output, write_bytes
from autodiff.cli.points import read_point, read_shapes
from autodiff.cli.terminal import colour_wanted
from autodiff.curve.curve import Curve, sample_curve
from autodiff.curve.notes import curve_notes
from autodiff.function import Function
from autodiff.language.errors import NOT_FINITE, AutodiffError, Note
from autodiff.show.panels import Panel, cut_notes, panels
from autodiff.show.plot_image import FORMS, plot_image

SIZE_OF_PIPE = (80, 24)
WIDEST, HIGHEST = 160, 48  # beyond that a plot is no clearer


def plot(
    context: typer.Context,
    formula: Formula = None,
    over: Annotated[
        str,
        typer.Option(
            help="The interval: x=-3:3, x=0:2*pi, or -3:3 if only one variable has no value.", metavar="RANGE"
        ),
    ] = DEFAULT,
    at: At = None,
    of: Of = None,
    shape: Shape = None,
    output: Annotated[
        Path | None, typer.Option(help="Draw into a file, .svg, .png or .pdf; also -o FILE.", metavar="FILE")
    ] = None,
    json: Json = False,
    width: Annotated[int | None, typer.Option(help="Columns to draw in.", min=30, max=1000, metavar="N")] = None,
    height: Annotated[int | None, typer.Option(help="Lines to draw in.", min=12, max=1000, metavar="N")] = None,
    strict: Strict = False,
    no_stabilise: NoStabilise = False,
    no_color: NoColor = False,
    file: File = None,
) -> int:
    """A formula and its derivative as curves, in the terminal or in a file.

    \b
    autodiff plot "x^2*abs(x - 1)" --over x=-3:3
    autodiff plot "a*sin(b*x)" --over x=0:2*pi --at a=2,b=3 -o waves.svg
    autodiff plot "h = w*x; sigmoid(h)" --over w=-2:2 --at x=3 --of h
    autodiff plot "tan(x)" --json | jq .breaks

    A full dot is on the curve, an empty one is not; a vertical line is a pole, and a shaded part has no value. Notes
    say where these are. It needs an extra: pip install 'autodiff-cli[plot]'.
    Exit codes: 0 done, 2 a formula, point or interval that means nothing, 3 no finite value in the interval, 5 a limit.
    """
    arguments, short_output = split_output(formula or [])
    output = short_output or output
    form = None if output is None else form_of(output)
    text = read_formula(context, arguments, file)
    point, interval = read_point(at or []), read_interval(over)
    names = [*point, interval.variable] if interval.variable else list(point)
    function = Function(text, variables=names, shapes=read_shapes(shape or []), stabilise=not no_stabilise)
    variable = variable_to_run(function, interval.variable, point.keys())
    curve = sample_curve(function, variable, interval.lower, interval.upper, point, of)
    start = {**point, variable: curve.lower} if function.variables else point
    notes = [*function.formula.bound(start, {})[0].compiled.notes, *curve_notes(curve)]
    refuse_notes(notes, strict, text)
    if json:
        from autodiff.show.plot_json import json_curve

        print(json_curve(curve, notes))
    if curve.pieces and not (json and output is None):
        shown = panels(curve)
        notes += cut_notes(shown)
        if output is not None and form is not None:
            write_bytes(plot_image(curve, shown, form), output)
        else:
            print_plot(curve, shown, notes, (width, height), no_color)
    print(end="", flush=True)
    print_notes(notes)
    return 0 if curve.pieces else NOT_FINITE


def form_of(path: Path) -> str:
    form = path.suffix.lower().removeprefix(".")
    if form not in FORMS:
        raise AutodiffError(
            "usage", f"'{path.name}' names no kind of picture", suggestion="end it in .svg, .png or .pdf"
        )
    return form


def print_plot(
    curve: Curve, shown: tuple[Panel, Panel], notes: list[Note], size: tuple[int | None, int | None], no_color: bool
) -> None:
    from autodiff.show.diagnostics import render_note
    from autodiff.show.plot_terminal import plot_text

    at_terminal = sys.stdout is not None and sys.stdout.isatty()
    columns, lines = SIZE_OF_PIPE
    if at_terminal:
        columns, lines = shutil.get_terminal_size(SIZE_OF_PIPE)
        lines -= 1 + sum(1 + len(render_note(note)) // columns for note in notes)  # the prompt and what follows
    width, height = size
    text = plot_text(
        curve,
        shown,
        width or min(columns, WIDEST),
        height or min(lines, HIGHEST),
        colour=at_terminal and colour_wanted(no_color),
        ascii_only=not draws_lines(sys.stdout.encoding),
    )
    print(text)


def draws_lines(encoding: str) -> bool:
    try:
        "⣿┤●".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
