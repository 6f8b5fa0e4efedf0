"""The backend for many digits, and floats that are rounded from it."""

from __future__ import annotations

import math

import pytest
from mpmath import mp

from autodiff.evaluate.digits import digits, rounded, to_float
from autodiff.graph.table import PRIMITIVES
from tests.calculus import CALCULUS, truth
from tests.points import kernel, points

BITS = 200


@pytest.mark.parametrize("name", sorted(CALCULUS))
def test_a_value_has_all_the_digits_that_were_asked_for(name: str) -> None:
    row, backend = PRIMITIVES[name], digits(BITS)
    for point in points(row, 5 if name == "beta" else 25):
        exact = truth(CALCULUS[name].value, point)
        if exact is not None and 1e-300 < abs(exact) < mp.inf:
            ours = kernel(row, backend)(*map(backend.number, point))
            with mp.workprec(2 * BITS):
                assert abs(ours - exact) <= abs(exact) * mp.ldexp(1, 8 - BITS), point


@pytest.mark.parametrize(
    ("name", "operands", "value"),
    [
        ("gamma", (1e300,), math.inf),
        ("gamma", (-1e300,), math.nan),  # an integer
        ("lgamma", (1e300,), 6.897755278982137e302),  # x*log(x) - x
        ("digamma", (-1e300,), math.nan),
        ("digamma", (-1e10 - 0.5,), 23.025850930040457),  # log(1e10 + 1)
        ("polygamma", (150.0, 1e-3), -math.inf),
        ("polygamma", (100.0, -1e10 - 0.5), 0.0),
        ("polygamma", (1000.0, 400.0), float(mp.psi(1000, 400))),
        ("polygamma", (2000.0, 800.0), float(mp.psi(2000, 800))),
        ("beta", (1e300, 2.0), 0.0),
        ("beta", (1e300, 0.5), math.sqrt(math.pi) * 1e-150),
        ("beta", (-0.5, 0.5), 0.0),
        ("beta_slope", (-0.5, 0.5), -2 * math.pi),  # gamma(-1/2)*gamma(1/2), as 1/gamma(s) is s near 0
        ("beta_slope", (1.0, 5e-324), -(math.pi**2) / 6),
        ("sinc_slope", (1e-100,), -1e-100 / 3),
        ("erfc", (1e300,), 0.0),
        ("sinh", (-1e300,), -math.inf),
        ("pow", (-2.0, 1e300), math.inf),
        ("mod", (1e308, 3e-308), math.fmod(1e308, 3e-308)),
    ],
)
def test_an_extreme_operand_takes_no_time(name: str, operands: tuple[float, ...], value: float) -> None:
    assert rounded(name, *operands) == pytest.approx(value, rel=1e-12, abs=0, nan_ok=True)


def test_numbers_end_where_their_digits_would_fill_the_memory() -> None:
    backend = digits(BITS)
    exp, sin = backend.kernels["exp"], backend.kernels["sin"]
    assert to_float(exp(backend.number(-1000))) == 0.0
    assert mp.log(exp(backend.number(-1000))) == -1000
    assert exp(exp(exp(backend.number(100)))) == math.inf
    assert mp.isnan(sin(exp(exp(exp(backend.number(100))))))


def test_a_subnormal_result_is_rounded_once() -> None:
    number = digits(BITS).number
    assert to_float(number(5e-324) / 2) == 0.0  # half to even
    assert to_float(number(5e-324) * 1.5) == 1e-323
    assert to_float(number(5e-324) * (0.5 + number(2) ** -60)) == 5e-324
    assert rounded("exp", -745.13) == 5e-324
