"""`autodiff eval`: value, gradient, and the tree of adjoints."""

# Not `from __future__ import annotations`: Typer would have to evaluate each annotation again, twice.
import sys
from typing import Annotated

import typer

from autodiff.cli.formula import read_formula
from autodiff.cli.notes import print_notes, refuse_notes
from autodiff.cli.options import At, File, Formula, Json, Lines, NoColor, NoStabilise, Of, Precision, Shape, Strict, Wrt
from autodiff.cli.points import read_names, read_point, read_shapes
from autodiff.cli.terminal import colour_wanted, in_columns, terminal_width
from autodiff.evaluate.point import all_finite
from autodiff.function import Function
from autodiff.language.errors import NOT_FINITE, AutodiffError
from autodiff.show.plain import plain_result

WIDTH_OF_PIPE = 200
MOST_ENTRIES = 8  # of an array that are shown at a terminal


def evaluate(
    context: typer.Context,
    formula: Formula = None,
    at: At = None,
    wrt: Wrt = None,
    of: Of = None,
    shape: Shape = None,
    tree: Annotated[bool | None, typer.Option("--tree/--no-tree", help="The tree of adjoints.")] = None,
    json: Json = False,
    full: Annotated[bool, typer.Option("--full", help="All entries of arrays, in JSON too.")] = False,
    precision: Precision = None,
    strict: Strict = False,
    no_stabilise: NoStabilise = False,
    no_color: NoColor = False,
    max_depth: Annotated[int | None, typer.Option(help="Levels of the tree to show.", min=1, metavar="N")] = None,
    file: File = None,
    by_line: Lines = False,
) -> int:
    """Value and gradient of a formula at a point.

    \b
    autodiff eval "sigmoid(sinh(x)) * y^2" --at x=0.4 --at y=2
    autodiff eval "h = w*x + b; (tanh(h) - 1)^2" --at w=2,x=3,b=-1 --wrt w,h
    autodiff eval "sum(W @ v)" --at W=@w.npy --at "v=[1, 2, 3]"
    autodiff eval "-x^2" --at x=pi/4 --json | jq .gradient.x
    echo "log(x)/x" | autodiff eval - --at @point.json
    autodiff eval - --lines --at x=2 --json < formulas.txt

    At a terminal it prints the tree of adjoints as well, into a pipe lines of name and value. With --lines each line of
    standard input is a formula, or an object like {"expression": "x^2", "at": {"x": 3}}, and has one line of output:
    names and values between tabs, or JSON without nodes. Then 4 means that some lines failed, and 3 is not used.
    Exit codes: 0 done, 2 a formula or point that means nothing, 3 a result that is not finite, 5 a limit.
    """
    if by_line:
        from autodiff.cli.eval_lines import EvalRequest, evaluate_lines
        from autodiff.cli.lines import Functions

        if tree is not None or full or max_depth is not None:
            raise AutodiffError("usage", "--lines has no place for trees", suggestion="leave out what is for them")
        request = EvalRequest(read_names(wrt), of, json, precision, strict)
        functions = Functions(read_point(at or []), read_shapes(shape or []), stabilise=not no_stabilise)
        return evaluate_lines(formula or [], file, functions, request)
    text = read_formula(context, formula or [], file)
    point = read_point(at or [])
    function = Function(text, variables=point, shapes=read_shapes(shape or []), stabilise=not no_stabilise)
    at_terminal = sys.stdout is not None and sys.stdout.isatty()
    most = None if full or not at_terminal else MOST_ENTRIES
    names = read_names(wrt)
    result = function.evaluate(point, names, of)
    refuse_notes(result.notes, strict, text)
    notes = list(result.notes)
    if json:
        from autodiff.show.json import json_trace

        print(json_trace(function.trace(point, names, of, result), full))
    else:
        lines = plain_result(result.value, result.gradient, precision, most)
        print(in_columns(lines) if at_terminal else lines)
        if at_terminal if tree is None else tree:
            from autodiff.show.tree import adjoint_tree, print_tree

            trace = function.trace(point, names, of, result)
            width = terminal_width() if at_terminal else WIDTH_OF_PIPE + 4 * (max_depth or 0)
            drawn, cut = adjoint_tree(trace, width, max_depth, precision, full)
            notes += cut
            print_tree(drawn, width, colour=at_terminal and colour_wanted(no_color))
    print(end="", flush=True)
    print_notes(notes)
    return 0 if all(map(all_finite, (result.value, *result.gradient.values()))) else NOT_FINITE
