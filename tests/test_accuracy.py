"""Every derivative of the table is within 4 units in the last place of the truth, which is mpmath's."""

from __future__ import annotations

import pytest

from autodiff.graph.accuracy import measured
from tests.calculus import CALCULUS, truth, ulps
from tests.measure_accuracy import COLUMNS, SLOW, derivative, differentiable, worst

MOST = 4.0
DERIVATIVES = [pytest.param(row, position, id=f"{row.name}-{position}") for row, position in differentiable()]


@pytest.mark.parametrize(("row", "position"), DERIVATIVES)
def test_a_derivative_is_within_4_ulp(row, position) -> None:
    assert_accurate(row, position, 120 // SLOW.get(row.name, 1))


@pytest.mark.slow
@pytest.mark.parametrize(("row", "position"), DERIVATIVES)
def test_a_derivative_is_within_4_ulp_at_many_points(row, position) -> None:
    assert_accurate(row, position, 1500 // SLOW.get(row.name, 1))


def assert_accurate(row, position: int, count: int) -> None:
    largest, compared, where = worst(row, position, count)
    assert compared >= min(3, count // 2)
    assert largest <= MOST, where


@pytest.mark.parametrize(
    ("name", "point"),
    [
        ("tanh", (20.0,)),  # where libraries that compute 1 - y^2 have 0
        ("tanh", (370.0,)),
        ("asin", (1.0 - 2.0**-53,)),
        ("atan", (1e160,)),
        ("erf", (26.5,)),
        ("sigmoid", (-745.0,)),
        ("sigmoid", (40.0,)),
        ("gelu", (-0.7517915246935645,)),
        ("silu", (-1.2784645427610738,)),
        ("sinc", (4.493409457909064,)),
        ("gamma", (1.4616321449683623,)),
        ("acosh", (1.0 + 2.0**-52,)),
        ("pow", (1e300, 0.1)),
        ("logaddexp", (0.1, 700.3)),
        ("beta", (1e10, 1.0)),
    ],
)
def test_a_derivative_is_accurate_where_a_plain_formula_is_not(name: str, point: tuple[float, ...]) -> None:
    (row,) = {row.name: row for row, _ in differentiable() if row.name == name}.values()
    partial = CALCULUS[name].partials[0]
    assert partial is not None
    true = truth(partial, point)
    assert true is not None
    assert ulps(derivative(row, 0)(point), true) <= MOST


def test_the_table_of_measured_accuracy_has_every_derivative_and_none_beyond_4_ulp() -> None:
    header, *rows = measured()
    assert header == COLUMNS
    assert [(row.primitive, row.operand) for row in rows] == [
        (row.name, row.operand_names(2)[position]) for row, position in differentiable()
    ]
    assert max(float(row.ulp) for row in rows) <= MOST
    assert min(int(row.points) for row in rows) >= 30
