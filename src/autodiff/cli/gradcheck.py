"""`autodiff gradcheck`: the gradient beside a numeric one, entry by entry."""

# Not `from __future__ import annotations`: Typer would have to evaluate each annotation again, twice.
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from autodiff.cli.formula import read_formula
from autodiff.cli.notes import print_notes, refuse_notes
from autodiff.cli.options import At, File, Formula, Json, NoColor, NoStabilise, Of, Precision, Shape, Strict, Wrt
from autodiff.cli.points import read_names, read_point, read_shapes, read_value, split_at_commas
from autodiff.cli.terminal import colour_wanted
from autodiff.function import Function
from autodiff.gradcheck.check import GradientCheck, check_gradient
from autodiff.gradcheck.stated import stated_value
from autodiff.language.builder import plain_name
from autodiff.language.errors import LIMIT, NOT_FINITE, AutodiffError

MISMATCH = 1


def gradcheck(
    context: typer.Context,
    formula: Formula = None,
    at: At = None,
    wrt: Wrt = None,
    of: Of = None,
    shape: Shape = None,
    method: Annotated[str, typer.Option(help="central, complex or precise.", metavar="METHOD")] = "central",
    step: Annotated[
        float | None,
        typer.Option(help="Plain central differences with this step, not extrapolated.", metavar="H"),
    ] = None,
    gradient: Annotated[
        list[str] | None,
        typer.Option(
            help="Numbers that somebody else computed, to check instead: x=1.2,y=[1, 2, 3].",
            metavar="NAME=VALUE",
            show_default=False,
        ),
    ] = None,
    json: Json = False,
    precision: Precision = None,
    strict: Strict = False,
    no_stabilise: NoStabilise = False,
    no_color: NoColor = False,
    file: File = None,
) -> int:
    """The gradient compared with numeric derivatives, entry by entry.

    \b
    autodiff gradcheck "sigmoid(sinh(x)) * y^2" --at x=0.4,y=2
    autodiff gradcheck "h = x1*w1 + x2*w2; sigmoid(h)" --at x1=2,w1=0.4,x2=3,w2=-0.2 --method central --step 1e-4
    autodiff gradcheck "x^2*y" --at x=3,y=2 --gradient "x=12, y=8"
    autodiff gradcheck "sum(tanh(W @ v))" --at "W=[[1, 2], [3, 4]]" --at "v=[0.1, 0.2]" --method precise

    Each line has the derivative, the numeric one, how far that may be off itself, their ratio, and the verdict. What
    the method can't decide is decided with many digits. At a kink there is no derivative: the one-sided ones are shown.
    Exit codes: 0 right, or not differentiable there, 1 a mismatch, 2 a formula, point or option that means nothing,
    3 not finite, 5 undecided or a limit.
    """
    text = read_formula(context, formula or [], file)
    point = read_point(at or [])
    given = None if gradient is None else read_gradient(gradient)
    function = Function(text, variables=point, shapes=read_shapes(shape or []), stabilise=not no_stabilise)
    check = check_gradient(function, point, read_names(wrt), of, method=method, step=step, gradient=given)
    refuse_notes(check.notes, strict, text)
    from autodiff.show.gradcheck import detail_notes, gradcheck_lines, json_gradcheck

    if json:
        print(json_gradcheck(check))
    elif sys.stdout.isatty():
        print_table(check, precision, colour_wanted(no_color))
    else:
        print("\n".join(gradcheck_lines(check, precision)))
    print(end="", flush=True)
    print_notes([*check.notes, *detail_notes(check.rows)])
    return exit_code(check)


def exit_code(check: GradientCheck) -> int:
    if check.mismatched:
        return MISMATCH
    if not check.finite:
        return NOT_FINITE
    return LIMIT if check.undecided else 0


def print_table(check: GradientCheck, precision: int | None, colour: bool) -> None:
    from autodiff.show.gradcheck import gradcheck_table, style_of

    title, *lines = gradcheck_table(check, precision)
    if not colour:
        print("\n".join([title, *lines]))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console()
    console.print(Text(title, style="bold"), soft_wrap=True, highlight=False)
    for line, row in zip(lines, check.rows, strict=True):
        console.print(Text(line, style=style_of(row)), soft_wrap=True, highlight=False)


def read_gradient(options: Sequence[str]) -> dict[str, Any]:
    """The numbers that `x=1.2,y=[1, 2, 3]` gives to names, with the digits they were written with.

    Raises AutodiffError for what is none of these, and for a name that gets two values.
    """
    gradient: dict[str, Any] = {}
    for option in options:
        for pair in split_at_commas(option):
            written, equals, formula = pair.partition("=")
            name = plain_name(written.strip())
            if not equals or not name.isidentifier() or not formula.strip():
                raise AutodiffError(
                    "bad-value",
                    f"'{pair.strip()}' gives no number to a name",
                    suggestion='write it as --gradient "x=1.2, y=[1, 2, 3]"',
                )
            if name in gradient:
                raise AutodiffError("value-given-twice", f"'{name}' is given two values", suggestion="give it one")
            gradient[name] = stated_value(formula, read_value(formula.strip(), name))
    return gradient
