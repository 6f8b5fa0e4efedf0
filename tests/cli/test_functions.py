"""`autodiff functions`."""

from __future__ import annotations

import pytest

from autodiff.graph.stabilise_rows import ROWS
from autodiff.graph.table import CHAPTERS


def test_the_listing_has_every_function_once(shell) -> None:
    lines = shell("autodiff functions").stdout.splitlines()
    assert len(lines) == sum(not row.internal for rows in CHAPTERS.values() for row in rows)
    assert all("\t" in line for line in lines)


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("tanh", ["tanh(x): hyperbolic tangent", "  d/dx: sech(x)^2"]),
        ("ln", ["log(x): natural logarithm", "  d/dx: 1/x", "  domain: x > 0", "  also: ln"]),
        ("abs", ["  d/dx: sign(x)", "  kinks: x == 0"]),
        ("pow", ["  d/da: b*a^(b - 1)", "  d/db: y*log(a)", "  y is pow(a, b) itself"]),
        ("leaky_relu", ["leaky_relu(x, slope=0.01): x, and slope*x where x is negative"]),
    ],
)
def test_one_function_is_described(shell, name: str, lines: list[str]) -> None:
    described = shell(f"autodiff functions {name}").stdout.splitlines()
    for line in lines:
        assert line in described


def test_a_name_that_is_no_function_is_an_error(shell) -> None:
    result = shell("autodiff functions sinn")
    assert result.returncode == 2
    assert "did you mean sin" in result.stderr


def test_the_accuracy_is_shown(shell) -> None:
    header, *rows = shell("autodiff functions --accuracy").stdout.splitlines()
    assert header.split("\t") == ["primitive", "operand", "ulp", "points", "worst_at"]
    assert {"tanh", "asin", "gelu"} <= {row.split("\t")[0] for row in rows}
    (row,) = shell("autodiff functions tanh --accuracy").stdout.splitlines()[1:]
    assert float(row.split("\t")[2]) <= 4


def test_the_forms_that_are_computed_in_another_way_are_listed_with_their_gains(shell) -> None:
    header, *rows = (line.split("\t") for line in shell("autodiff functions --stabilising").stdout.splitlines())
    assert header == ["form", "computed as", "reason", "ulp at", "ulp as written", "ulp as computed"]
    assert [row.form for row in ROWS] == [form for form, *_ in rows]
    (softplus,) = (row for row in rows if row[0] == "log(1 + exp(a))")
    assert softplus[1:3] == ["softplus(a)", "exp overflows"]
    assert softplus[4] == "not finite"
    assert float(softplus[5]) < 4
