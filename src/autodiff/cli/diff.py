"""`autodiff diff`: derivatives as formulas, as code, and with the steps."""

# Not `from __future__ import annotations`: Typer would have to evaluate each annotation again, twice.
import sys
from typing import Annotated, Any

import typer

from autodiff.cli.formula import read_formula
from autodiff.cli.notes import print_notes, refuse_notes
from autodiff.cli.options import At, File, Formula, Lines, NoColor, Of, Precision, Shape, Strict, Wrt
from autodiff.cli.points import read_names, read_point, read_shapes
from autodiff.evaluate.numbers import value_text
from autodiff.evaluate.point import all_finite
from autodiff.evaluate.result import Result
from autodiff.function import Function
from autodiff.language.errors import NOT_FINITE, AutodiffError
from autodiff.symbolic.answer import FORMS, Answer


def diff(
    context: typer.Context,
    formula: Formula = None,
    wrt: Wrt = None,
    order: Annotated[int, typer.Option(help="How often to differentiate by each name.", min=1, metavar="N")] = 1,
    mixed: Annotated[
        list[str] | None,
        typer.Option(help="One mixed derivative, by these names in turn: x,y or x,x,y.", metavar="NAMES"),
    ] = None,
    at: At = None,
    of: Of = None,
    shape: Shape = None,
    to: Annotated[str, typer.Option(help="text, latex, python, numpy, c, sympy or json.", metavar="FORM")] = "text",
    share: Annotated[bool, typer.Option("--share", help="Name what is used more than once: t1 = ...")] = False,
    steps: Annotated[bool, typer.Option("--steps", help="Show the derivation, rule by rule.")] = False,
    hint: Annotated[bool, typer.Option("--hint", help="Show only which rule is next.")] = False,
    precision: Precision = None,
    strict: Strict = False,
    no_color: NoColor = False,
    file: File = None,
    by_line: Lines = False,
) -> int:
    """The derivative as a formula, in the form that a person would write.

    \b
    autodiff diff "x^2*sin(x)"
    autodiff diff "x^2*y + sin(y)" --wrt x,y
    autodiff diff "exp(-x^2)" --order 3 --at x=1
    autodiff diff "sin(x*y)" --mixed x,y
    autodiff diff "x.T @ A @ x" --wrt x --shape x=3,A=3x3
    autodiff diff "sqrt(x^2 + y^2)" --to c > gradient.c
    autodiff diff "x^2*sin(3x)" --steps
    autodiff diff - --lines --to json < formulas.txt

    One derivative is printed alone; several have a line each, behind the name and a tab in a pipe. With --at its value
    follows. python, numpy and c are functions that return the value and the derivatives. With --lines each line of
    standard input is a formula, or an object like {"expression": "x^2", "at": {"x": 3}}, and has one line of output;
    then 4 means that some lines failed, and 3 is not used.
    Exit codes: 0 done, 2 a formula or option that means nothing, 3 a value that is not finite, 5 a limit.
    """
    check_form(to, steps or hint or by_line)
    if by_line:
        from autodiff.cli.diff_lines import DiffRequest, differentiate_lines

        if steps or hint:
            raise AutodiffError("usage", "--lines has no place for steps and hints", suggestion="leave them out")
        request = DiffRequest(read_names(wrt), read_names(mixed), order, of, to, share, precision, strict)
        return differentiate_lines(formula or [], file, read_point(at or []), read_shapes(shape or []), request)
    text = read_formula(context, formula or [], file)
    point = read_point(at or []) if at else None
    function = Function(text, variables=point or (), shapes=read_shapes(shape or []), stabilise=False)
    names = asked_names(read_names(wrt), read_names(mixed), function)
    is_code = to in ("python", "numpy", "c", "sympy")
    if hint:
        from autodiff.cli.steps import print_hints

        return print_hints(function.hints(names, of, point=point), text, to)
    answer = function.derivatives(names, order, of, mixed=mixed is not None, with_value=is_code, point=point)
    values = evaluated(answer, point) if point is not None else {}
    notes = [*function.notes, *answer.notes, *(note for result in values.values() for note in result.notes)]
    refuse_notes(notes, strict, text)
    if steps:
        from autodiff.cli.steps import print_derivations

        derivations = function.steps(names, order, of, mixed=mixed is not None, point=point)
        notes += print_derivations(derivations, text, to, no_color)
    elif is_code:
        print(answer.code(to), end="")
    elif to == "json":
        from autodiff.show.derivative_json import json_answer

        print(json_answer(answer, point, {name: result.value for name, result in values.items()}, notes, share))
    else:
        numbers = {name: result.value for name, result in values.items()}
        print("\n".join(derivative_lines(answer, to, share, numbers, precision)))
    print(end="", flush=True)
    print_notes(notes)
    return 0 if all(all_finite(result.value) for result in values.values()) else NOT_FINITE


def check_form(to: str, is_no_code: bool) -> None:
    """Raises AutodiffError for a form that there is not, or not for steps, hints and lines."""
    forms = ("text", "latex", "json") if is_no_code else FORMS
    if to not in forms:
        there = " of a derivation" if to in FORMS else ""
        raise AutodiffError("usage", f"there is no form '{to}'{there}", suggestion=f"choose one of {', '.join(forms)}")


def asked_names(wrt: list[str] | None, mixed: list[str] | None, function: Function) -> list[str] | None:
    """Those of --mixed or --wrt. Raises AutodiffError where both are given, or there is nothing to differentiate by."""
    if wrt is not None and mixed is not None:
        raise AutodiffError("usage", "--wrt and --mixed can't both be given", suggestion="give one of them")
    if wrt is None and mixed is None and not function.variables:
        raise AutodiffError(
            "unknown-name",
            "there is no variable to differentiate by",
            suggestion="name one: --wrt x gives 0",
            text=function.text,
        )
    return mixed if wrt is None else wrt


def evaluated(answer: Answer, point: dict[str, Any]) -> dict[str, Result]:
    """The value of each derivative at the point, with what there is to know about it."""
    results = {}
    for name in answer.names:
        derivative = Function(answer.text(name), variables=point)
        at = {variable: point[variable] for variable in derivative.variables}
        results[name] = derivative.evaluate(at, [])
    return results


def derivative_lines(
    answer: Answer, to: str, share: bool, values: dict[str, Any], precision: int | None, at_terminal: bool | None = None
) -> list[str]:
    """Each derivative; behind its name if there are several, and before its value if there is a point."""
    if at_terminal is None:
        at_terminal = sys.stdout is not None and sys.stdout.isatty()
    result = []
    for name in answer.names:
        written = answer.latex(name) if to == "latex" else answer.text(name, share)
        if name in values:
            written += ("  =  " if at_terminal else "\t") + value_text(values[name], precision)
        if len(answer.names) > 1:
            written = f"d/d{name} = {written}" if at_terminal else f"{name}\t{written}"
        result.append(written)
    return result
