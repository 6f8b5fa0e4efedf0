"""The derivatives by matrices that SymPy's own tests expect, in our notation (tests/corpora/README.md has the source).

Every row of `sympy_matrix_derivatives.csv` that is marked `equal` has one in `matrix_derivatives.tsv`. SymPy's vectors
are matrices of one column; here they are vectors, a column times a row is `outer(u, v)`, and the powers X**2 and X**0
are X @ X and eye(3).
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from autodiff import Function
from tests.matrix_points import agree, compiled, point, read_shapes, slopes, value

CORPORA = Path(__file__).parent / "corpora"
SHARED = Path(__file__).parents[2] / "shared" / "corpora" / "sympy_matrix_derivatives.csv"
ROWS = list(csv.DictReader((CORPORA / "matrix_derivatives.tsv").open(encoding="utf-8"), delimiter="\t"))

# Rows of which we print another form than SymPy, by line: what we print, and why.
OTHER_FORMS = {
    "118": "det(A @ X @ B)*inv(X).T",  # the determinant that was typed
    "128": "2*det(Z.T @ A @ Z)*inv(Z).T",  # Z is square, so it cancels (The Matrix Cookbook, 52)
    "170": "-outer(inv(X).T @ a, inv(X) @ b)",  # rank one is an outer product
    "182": "-inv(A + X).T @ inv(A + X).T",  # two transposes, not four
    "215": "outer(X @ c, b) + outer(X @ b, c)",  # rank one is an outer product
    "223": "(B + B.T) @ x",  # a common factor
    "299": "(B + B.T) @ X",  # a common factor
    "341": "A.T @ C.T @ X @ B.T + C @ A @ X @ B",  # in the order of the text
    "434": "(c @ a)*b/(3*((c @ a)*(x @ b))^(2/3))",  # as it was typed
    "444": "X/sqrt(trace(X.T @ X))",  # as it was typed
    "520": "A*B*outer(a, b)",  # names before functions
    "543": "2*E + 2*trace(E)*eye(3)",  # in the order of the text
    "552": "[3, 5] + [[2, 6], [6, 14]] @ x",  # the matrices are added
    "590": "eye(3)",  # which the sum of the three is
    "593": "2*A.T + eye(3)",  # in the order of the text
}


def derivative(row: dict[str, str]) -> str:
    shapes = read_shapes(row["shapes"])
    there = compiled(row["formula"], shapes).variables
    function = Function(row["formula"], shapes={name: shape for name, shape in shapes.items() if name in there})
    return function.derivatives([row["by"]]).text(row["by"])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["line"])
def test_our_derivative_is_the_one_that_sympy_expects(row: dict[str, str]) -> None:
    shapes = read_shapes(row["shapes"])
    at, printed = point(shapes), derivative(row)
    assert agree(value(printed, shapes, at), value(row["derivative"], shapes, at))
    if row["by"] in compiled(row["formula"], shapes).variables:
        assert agree(value(printed, shapes, at), slopes(row["formula"], row["by"], shapes, at))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["line"])
def test_it_is_printed_in_the_same_form_or_in_a_listed_one(row: dict[str, str]) -> None:
    assert derivative(row) == OTHER_FORMS.get(row["line"], row["derivative"])


def test_every_row_that_is_marked_equal_is_there() -> None:
    if not SHARED.exists():
        pytest.skip(f"{SHARED} is absent")
    with SHARED.open(encoding="utf-8", newline="") as file:
        marked = [row for row in csv.DictReader(file) if row["check_numeric_3x3"] == "equal"]
    assert {row["source_file"] for row in marked} == {"sympy/matrices/expressions/tests/test_derivatives.py"}
    assert {row["line"]: row["expression"] for row in marked} == {row["line"]: row["sympy"] for row in ROWS}
