"""Numeric derivatives: right to within the error that they state. The derivatives beside them are by hand."""

from __future__ import annotations

import math
from random import Random

import pytest
from mpmath import MPContext

from autodiff.evaluate.floats import FLOATS
from autodiff.gradcheck.differences import (
    bits_for,
    central_difference,
    has_corner,
    meet,
    one_sided,
    plain_difference,
)

KNOWN = [
    ("exp", math.exp, math.exp),
    ("sin", math.sin, math.cos),
    ("x^5", lambda x: x**5, lambda x: 5 * x**4),
    ("1/x", lambda x: FLOATS.kernels["div"](1.0, x), lambda x: -1 / x**2),
    ("sqrt", FLOATS.kernels["sqrt"], lambda x: 0.5 / math.sqrt(x)),
    ("log", FLOATS.kernels["log"], lambda x: 1 / x),
    ("tanh", math.tanh, lambda x: FLOATS.kernels["sech"](x) ** 2),
    ("exp(1000x)", lambda x: FLOATS.kernels["exp"](1000 * x), lambda x: 1000 * FLOATS.kernels["exp"](1000 * x)),
    ("sin(1e6x)", lambda x: math.sin(1e6 * x), lambda x: 1e6 * math.cos(1e6 * x)),
    ("sqrt(1-x)", lambda x: FLOATS.kernels["sqrt"](1.0 - x), lambda x: -0.5 / math.sqrt(1 - x)),
    ("cos^2+sin^2", lambda x: math.cos(x) ** 2 + math.sin(x) ** 2, lambda x: 0.0),
    ("cancelling", lambda x: (x + 1e8) - 1e8, lambda x: 1.0),
]


@pytest.mark.parametrize(("function", "slope"), [case[1:] for case in KNOWN], ids=[case[0] for case in KNOWN])
def test_the_extrapolated_difference_is_right_to_within_its_error(function, slope) -> None:
    random = Random("differences")
    for _ in range(60):
        x = random.uniform(0.01, 0.7)
        found = central_difference(function, x)
        assert abs(found.value - slope(x)) <= found.error + 4e-16 * abs(slope(x)), x


@pytest.mark.parametrize(("function", "slope"), [case[1:] for case in KNOWN[:7]], ids=[case[0] for case in KNOWN[:7]])
def test_the_plain_difference_is_right_to_within_its_error(function, slope) -> None:
    random = Random("plain differences")
    for _ in range(60):
        x = random.uniform(0.1, 0.7)
        found = plain_difference(function, x, 1e-4)
        assert abs(found.value - slope(x)) <= found.error, x


def test_the_plain_difference_is_the_one_of_a_first_course() -> None:
    assert plain_difference(math.sin, 0.5, 1e-4).value == pytest.approx(
        (math.sin(0.5001) - math.sin(0.4999)) / 2e-4, rel=1e-11
    )


@pytest.mark.parametrize(
    ("function", "x", "slope"),
    [
        (lambda x: x, 1e300, 1.0),
        (FLOATS.kernels["log"], 1e300, 1e-300),
        (FLOATS.kernels["log"], 1e-300, 1e300),
        (lambda x: math.cos(x) + x, 1e-300, 1.0),
        (math.sin, 0.0, 1.0),
        (math.sin, 5e-324, 1.0),
    ],
)
def test_the_step_fits_the_scale_of_the_point(function, x: float, slope: float) -> None:
    found = central_difference(function, x)
    assert found.value == pytest.approx(slope, rel=1e-9)
    assert found.error < 1e-6 * abs(slope)


def test_a_derivative_of_zero_has_an_error_that_is_small_beside_its_scale() -> None:
    for function, x in ((math.cos, 0.0), (lambda x: 3.0, 2.0), (lambda x: x**3, 0.0), (lambda x: x**2, 0.0)):
        found = central_difference(function, x)
        assert abs(found.value) <= found.error
        assert found.error <= 1e-6 * found.scale + 1e-300


def test_where_the_function_has_no_values_nothing_is_known() -> None:
    found = central_difference(lambda x: math.nan, 1.0)
    assert math.isnan(found.value)
    assert found.error == math.inf


@pytest.mark.parametrize(
    ("function", "x", "corner"),
    [
        (abs, 0.0, True),
        (lambda x: abs(x - 2), 2.0, True),
        (lambda x: max(x, 0.0), 0.0, True),
        (math.floor, 2.0, True),
        (lambda x: float(x == 2), 2.0, True),
        (math.exp, 2.0, False),
        (lambda x: x**3, 0.0, False),
        (lambda x: x * abs(x), 0.0, False),
        (math.floor, 2.5, False),
        (lambda x: 3 * x + 1, 5.0, False),
    ],
)
def test_a_corner_is_noticed(function, x: float, corner: bool) -> None:
    assert has_corner(function, x) == corner
    assert central_difference(function, x).bends == corner


def sides(text, x: float):
    mp = MPContext()
    mp.prec = bits_for(x)
    function = text(mp)
    return tuple(one_sided(mp, function, x, direction) for direction in (-1, 1))


@pytest.mark.parametrize(
    ("text", "x", "left", "right"),
    [
        (lambda mp: abs, 0.0, -1, 1),
        (lambda mp: lambda x: max(x, mp.zero), 0.0, 0, 1),
        (lambda mp: lambda x: abs(x - 1), 1.0, -1, 1),
        (lambda mp: lambda x: mp.cbrt(x) if x > 0 else -mp.cbrt(-x), 0.0, math.inf, math.inf),
        (lambda mp: lambda x: mp.sqrt(abs(x)), 0.0, -math.inf, math.inf),
        (lambda mp: lambda x: x * mp.log(abs(x)) if x else mp.zero, 0.0, -math.inf, -math.inf),
    ],
)
def test_the_one_sided_derivatives_of_a_kink(text, x: float, left: float, right: float) -> None:
    before, behind = sides(text, x)
    assert (float(before.slope), float(behind.slope)) == (left, right)
    assert meet(before, behind) == (left == right)
    assert not before.jumps
    assert not behind.jumps


def test_a_smooth_function_has_the_same_derivative_on_both_sides_to_fifty_digits() -> None:
    for name, x, slope in (("exp", 1.0, "exp"), ("sin", 1e300, "cos"), ("sin", 1e-300, "cos"), ("erf", 0.0, None)):
        before, behind = sides(lambda mp, name=name: getattr(mp, name), x)
        assert meet(before, behind)
        mp = MPContext()
        mp.prec = 2000
        true = getattr(mp, slope)(mp.mpf(x)) if slope else 2 / mp.sqrt(mp.pi)
        assert abs((before.slope + behind.slope) / 2 - true) <= abs(true) * mp.mpf(10) ** -50


def test_a_bend_far_below_the_digits_of_the_point_is_no_kink() -> None:
    assert meet(*sides(lambda mp: lambda x: mp.sqrt(x * x + mp.mpf(1e-30)), 0.0))
    assert meet(*sides(lambda mp: lambda x: abs(x - mp.mpf(1e-300)), 0.0))


def test_a_jump_is_no_kink() -> None:
    before, behind = sides(lambda mp: mp.floor, 2.0)
    assert before.jumps
    assert not behind.jumps
    assert (float(before.beside), float(behind.beside)) == (1, 2)


def test_outside_the_domain_there_is_no_side() -> None:
    before, behind = sides(lambda mp: lambda x: mp.sqrt(x) ** 3 if x >= 0 else mp.nan, 0.0)
    assert before is None
    assert abs(behind.slope) <= behind.error


def test_quotients_that_go_nowhere_are_not_taken_for_a_derivative() -> None:
    before, _ = sides(lambda mp: lambda x: x * mp.sin(1 / x) if x else mp.zero, 0.0)
    assert math.isinf(before.error)
