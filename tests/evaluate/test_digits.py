"""The backend for many digits, and floats that are rounded from it."""

from __future__ import annotations

import math
from typing import Any

import pytest
from mpmath import mp

from autodiff.evaluate.digits import digits, rounded, to_float
from autodiff.graph.table import PRIMITIVES
from tests.calculus import CALCULUS, truth
from tests.points import HEAVY, kernel, points

BITS = 200


@pytest.mark.parametrize("name", sorted(CALCULUS))
def test_a_value_has_all_the_digits_that_were_asked_for(name: str) -> None:
    row, backend = PRIMITIVES[name], digits(BITS)
    for point in points(row, 5 if name in HEAVY else 25):
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
        ("erfi", (-1e300,), -math.inf),
        ("fresnels", (1e200,), 0.5),
        ("fresnelc", (-1e300,), -0.5),
        ("fresnels_slope", (2.0**600 + 2.0**560,), 0.0),  # a whole number of turns
        ("lambertw", (1.7976931348623157e308,), 703.2270331047702),  # log(x) - log(w)
        ("besselj", (0.5, 1e300), math.sqrt(2 / math.pi) * 1e-150 * math.sin(1e300)),  # DLMF 10.16.1
        ("bessely", (0.5, 1e300), -math.sqrt(2 / math.pi) * 1e-150 * math.cos(1e300)),
        (
            "besselj",
            (1e300, 1e300),
            math.gamma(1 / 3) / (2 ** (2 / 3) * 3 ** (1 / 6) * math.pi * 1e100),
        ),  # DLMF 10.19.8
        ("bessely", (1e300, 1e300), -math.gamma(1 / 3) * 3 ** (1 / 3) / (2 ** (2 / 3) * math.pi * 1e100)),
        ("besselj", (1e300, 3.0), 0.0),
        ("bessely", (1e16, 3.0), -math.inf),
        ("bessely", (1.0, 1e-300), -2e300 / math.pi),  # DLMF 10.7.4
        ("bessely_slope", (0.0, 5e-300), 4e299 / math.pi),
        ("besseli", (-1.0, 5e-324), 0.0),
        ("besseli", (0.5, 700.0), math.sqrt(2 / (700 * math.pi)) * math.sinh(700)),  # DLMF 10.39.1
        ("besselk", (-0.5, 700.0), math.sqrt(math.pi / 1400) * math.exp(-700)),  # DLMF 10.39.2
        ("besselk", (0.0, 1e300), 0.0),
        ("besselk_slope", (1e-300, 1e-300), -1e300),
        ("besselk_slope", (0.25, 1e300), 0.0),
        ("sinh", (-1e300,), -math.inf),
        ("pow", (-2.0, 1e300), math.inf),
        ("mod", (1e308, 3e-308), math.fmod(1e308, 3e-308)),
    ],
)
def test_an_extreme_operand_takes_no_time(name: str, operands: tuple[float, ...], value: float) -> None:
    assert rounded(name, *operands) == pytest.approx(value, rel=1e-12, abs=0, nan_ok=True)


@pytest.mark.parametrize(("n", "x"), [(600, 2500), (2300, 2200), (2200, 2200), (40, 3000)])
def test_a_bessel_function_of_large_operands_is_its_integral(n: int, x: int) -> None:
    """DLMF 10.9.2, over a period: a sum of that many values of a periodic function is exact to all digits."""
    count = 2 * (n + x)
    with mp.workprec(BITS + 64):
        angles = [2 * mp.pi * k / count for k in range(count)]
        integral = sum(mp.cos(n * angle - x * mp.sin(angle)) for angle in angles) / count
        assert relative_error(digits(BITS).kernels["besselj"](mp.mpf(n), mp.mpf(x)), integral) < 1e-55


@pytest.mark.parametrize(("n", "x"), [(0, 300), (7, 1e4), (600.5, 2500), (2200, 2200.25), (-2200.5, 2150), (90.0, 30)])
def test_bessel_functions_have_their_wronskians(n: float, x: float) -> None:
    """DLMF 10.5.2 and 10.28.2: an error of one kind is none of the other."""
    backend = digits(BITS)

    def of(letter: str, order: float) -> Any:
        return backend.kernels[f"bessel{letter}"](backend.number(order), backend.number(x))

    with mp.workprec(BITS):
        first = of("j", n + 1) * of("y", n) - of("j", n) * of("y", n + 1)
        assert relative_error(first, 2 / (mp.pi * x)) < 1e-50
        modified = of("i", n) * of("k", n + 1) + of("i", n + 1) * of("k", n)
        assert relative_error(modified, 1 / mp.mpf(x)) < 1e-50


def relative_error(given: Any, true: Any) -> Any:
    return abs(given / true - 1)


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
