"""`autodiff jacobian`: the derivative of every entry of the value by every entry of the variables."""

# Not `from __future__ import annotations`: Typer would have to evaluate each annotation again, twice.
import typer

from autodiff.cli.formula import read_formula
from autodiff.cli.notes import refuse_notes
from autodiff.cli.options import At, File, Formula, Json, NoStabilise, Of, Precision, Shape, Strict, WholeTable, Wrt
from autodiff.cli.points import read_names, read_point, read_shapes
from autodiff.function import Function


def jacobian(
    context: typer.Context,
    formula: Formula = None,
    at: At = None,
    wrt: Wrt = None,
    of: Of = None,
    shape: Shape = None,
    json: Json = False,
    full: WholeTable = False,
    precision: Precision = None,
    strict: Strict = False,
    no_stabilise: NoStabilise = False,
    file: File = None,
) -> int:
    """The derivative of every entry of the value by every entry of the variables.

    \b
    autodiff jacobian "[r*cos(t), r*sin(t)]" --at r=2,t=pi/3
    autodiff jacobian "softmax(v)" --at "v=[1, 2, 3]"
    autodiff jacobian "h = W @ x; tanh(h)" --at W=@w.csv --at "x=[1, 2]" --wrt h --json | jq .jacobian.h

    A table with a row for each entry of the value; into a pipe with tabs, and all digits.
    Exit codes: 0 done, 2 a formula or point that means nothing, 3 a result that is not finite, 5 a limit.
    """
    from autodiff.cli.tables import print_table
    from autodiff.show.json import json_jacobian
    from autodiff.show.matrix import jacobian_table

    text = read_formula(context, formula or [], file)
    point = read_point(at or [])
    function = Function(text, variables=point, shapes=read_shapes(shape or []), stabilise=not no_stabilise)
    result = function.evaluate_jacobian(point, read_names(wrt), of)
    refuse_notes(result.notes, strict, text)
    if json:
        print(json_jacobian("jacobian", text, point, result))
        return print_table(None, result.notes, result.value, result.derivatives.values())
    table = jacobian_table(result.value, result.derivatives, of or "value")
    return print_table(table, result.notes, result.value, result.derivatives.values(), precision, full)
