"""`autodiff hessian`: the second derivatives."""

# Not `from __future__ import annotations`: Typer would have to evaluate each annotation again, twice.
import typer

from autodiff.cli.formula import read_formula
from autodiff.cli.notes import refuse_notes
from autodiff.cli.options import At, File, Formula, Json, NoStabilise, Of, Precision, Shape, Strict, WholeTable, Wrt
from autodiff.cli.points import read_names, read_point, read_shapes
from autodiff.function import Function


def hessian(
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
    """The second derivatives of a number by every two entries of the variables.

    \b
    autodiff hessian "x^2*y + sin(x*y)" --at x=2,y=3
    autodiff hessian "sum(100*(x[1:] - x[:-1]^2)^2 + (1 - x[:-1])^2)" --at "x=[-1.2, 1, 1]"
    autodiff hessian "logdet(A)" --at A=@a.npy --json | jq .hessian.A.A

    Two entries that differ by their rounding alone are both their mean; a note says where they differ by more.
    Exit codes: 0 done, 2 a formula or point that means nothing, 3 a result that is not finite, 5 a limit.
    """
    from autodiff.cli.tables import print_table
    from autodiff.show.json import json_jacobian
    from autodiff.show.matrix import hessian_table

    text = read_formula(context, formula or [], file)
    point = read_point(at or [])
    function = Function(text, variables=point, shapes=read_shapes(shape or []), stabilise=not no_stabilise)
    result = function.evaluate_hessian(point, read_names(wrt), of)
    refuse_notes(result.notes, strict, text)
    blocks = [block for row in result.derivatives.values() for block in row.values()]
    if json:
        print(json_jacobian("hessian", text, point, result))
        return print_table(None, result.notes, result.value, blocks)
    table = hessian_table(result.derivatives)
    return print_table(table, result.notes, result.value, blocks, precision, full)
