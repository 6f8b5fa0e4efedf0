"""The backend of complex numbers in many digits: every function of the table, on the real axis and off it."""

from __future__ import annotations

import cmath
import math
from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Any

import pytest
from mpmath import mp

from autodiff.evaluate.complex_digits import complex_digits
from autodiff.evaluate.digits import digits
from autodiff.evaluate.floats import FLOATS
from autodiff.evaluate.program import Kernel, text_kernel
from autodiff.graph.primitive import CONSTANT, VARIABLE, Primitive
from autodiff.graph.table import PRIMITIVES
from tests.points import BESSEL, kernel

BITS = 256
BACKEND, REALS = complex_digits(BITS), digits(BITS)

# Every other row is a function of complex numbers, and its partials are its derivatives there.
NOT_ANALYTIC = {
    **dict.fromkeys(("abs", "sign", "atan2"), "chooses by a sign"),
    **dict.fromkeys(("floor", "ceil", "round", "mod"), "jumps at integers"),
    **dict.fromkeys(("min", "max", "clip"), "chooses the smaller or larger"),
    "ties": "counts which are equal",
    **dict.fromkeys(("lt", "le", "gt", "ge"), "complex numbers have no order"),
    **dict.fromkeys(("and", "or", "not", "where"), "has a condition for an operand, which is no complex number"),
    **dict.fromkeys(("relu", "leaky_relu", "elu"), "chooses by a sign"),
    "softsign": "has the absolute value in it",
}
PARTIAL_NOT_ANALYTIC = {"asec", "acsc", "acsch"}  # it has the absolute value in it, for both halves of the axis
# Off the axis the real function of the negative numbers is no part of the principal branch.
CONTINUED_FROM_THE_RIGHT = {"cbrt", "root", "root_slope", "root_order_slope", "lgamma"}

ROWS = [row for row in PRIMITIVES.values() if row.entrywise and row not in (VARIABLE, CONSTANT)]
ANALYTIC = [row for row in ROWS if row.name not in NOT_ANALYTIC]

Point = tuple[float, ...]
each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
each_analytic_row = pytest.mark.parametrize("row", ANALYTIC, ids=lambda row: row.name)


def names_of(row: Primitive) -> tuple[str, ...]:
    return row.operand_names(2)


def is_order(row: Primitive, position: int) -> bool:
    """Whether the operand is the order of a function, in which the table has no derivative."""
    return row.partial(position, len(names_of(row))) == "0/0"


def partial(row: Primitive, position: int, backend: Any) -> Kernel:
    """The local partial as a function of the operands."""
    names = names_of(row)
    of_value = text_kernel(row.partial(position, len(names)), (*names, "y"), backend)
    value = kernel(row, backend)
    return lambda *operands: of_value(*operands, value(*operands))


def real_points(row: Primitive) -> Iterator[Point]:
    """Some points of the domain where the real function has a value, no kinks among them."""
    random = Random(f"complex digits of {row.name}")
    names = names_of(row)
    inside = text_kernel(row.domain or "1", names, FLOATS)
    found = 0
    while found < (2 if row.name in BESSEL else 5):
        orders = [0, 1, 2, 3] if row.name == "polygamma" else [-2, 0, 1, 2.5]
        point = tuple(
            float(random.choice(orders)) if is_order(row, position) else random.uniform(-3, 3)
            for position in range(len(names))
        )
        if row.name in CONTINUED_FROM_THE_RIGHT:
            point = tuple(map(abs, point))
        if inside(*point) and mp.isfinite(kernel(row, REALS)(*map(REALS.number, point))):
            found += 1
            yield point


def complex_points(row: Primitive) -> Iterator[tuple[Any, ...]]:
    """Points off the axis beside the real ones, orders excepted."""
    random = Random(f"imaginary parts for {row.name}")
    for point in real_points(row):
        yield tuple(
            BACKEND.number(x) + (0 if is_order(row, position) else 1j * random.choice((-1, 1)) * random.uniform(0.3, 1))
            for position, x in enumerate(point)
        )


def shifted(operands: tuple[Any, ...], position: int, step: Any) -> list[Any]:
    return [operand + step if index == position else operand for index, operand in enumerate(operands)]


def complex_number(x: complex) -> Any:
    return BACKEND.number(x.real) + 1j * BACKEND.number(x.imag)


@each_row
def test_every_primitive_of_the_table_is_covered_and_none_raises_or_is_infinite(row: Primitive) -> None:
    compute = kernel(row, BACKEND)
    numbers = (0, 1, -1, 0.5, 1j, -2 + 1j, 1e16 - 1e16j, 5e-324j, -1e308 + 5e-324j, 1e308j, math.inf, math.nan)
    for point in product(numbers if row.name not in BESSEL else numbers[:6], repeat=min(2, len(names_of(row)))):
        operands = [complex_number(x) for x in (*point, *(1.0 for _ in names_of(row)[2:]))]
        value = compute(*operands)
        assert isinstance(value, type(BACKEND.number(1))), point
        assert math.inf in point or mp.isnan(value) or mp.isfinite(value), point  # a choice may give it back


@each_row
def test_at_a_real_point_it_is_the_real_backend(row: Primitive) -> None:
    for point in real_points(row):
        ours, real = kernel(row, BACKEND)(*map(BACKEND.number, point)), kernel(row, REALS)(*map(REALS.number, point))
        assert ours.imag == 0
        assert abs(ours - real) <= mp.ldexp(abs(real), 24 - BITS), point


@each_analytic_row
def test_beside_the_axis_it_continues_the_real_function_with_its_derivative(row: Primitive) -> None:
    compute = kernel(row, BACKEND)
    for point in real_points(row):
        operands, reals = tuple(map(BACKEND.number, point)), tuple(map(REALS.number, point))
        value = kernel(row, REALS)(*reals)
        for position in range(len(point)):
            if not is_order(row, position):
                slope = partial(row, position, REALS)(*reals)
                for step in (complex_number(2.0**-100 * 1j), complex_number(-(2.0**-100) * 1j)):
                    ours = compute(*shifted(operands, position, step))
                    assert abs(ours - value - step * slope) <= mp.ldexp(1 + abs(value), -160), point


@each_analytic_row
def test_off_the_axis_its_partials_are_its_derivatives(row: Primitive) -> None:
    compute, step = kernel(row, BACKEND), BACKEND.number(2.0**-80)
    for point in complex_points(row):
        for position in range(len(point)):
            if not is_order(row, position):
                ours = partial(row, position, BACKEND)(*point)
                if row.name in PARTIAL_NOT_ANALYTIC:
                    assert mp.isnan(ours)
                    continue
                above, below = (compute(*shifted(point, position, way)) for way in (step, -step))
                assert abs((above - below) / (2 * step) - ours) <= 1e-40 * (1 + abs(ours)), (point, position)


@pytest.mark.parametrize("name", sorted(NOT_ANALYTIC))
def test_what_is_not_analytic_is_no_number_off_the_axis(name: str) -> None:
    for point in complex_points(PRIMITIVES[name]):
        assert mp.isnan(kernel(PRIMITIVES[name], BACKEND)(*point))


def compute(text: str, x: complex = 1 + 2j) -> Any:
    return text_kernel(text, ("x",), BACKEND)(complex_number(x))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("sqrt(-4)", 2j), ("log(-1)", math.pi * 1j), ("(-1)^(1/2)", 1j), ("asin(x)", cmath.asin(1 + 2j))),
        *(("sqrt(x)", cmath.sqrt(1 + 2j)), ("x^-3", (1 + 2j) ** -3), ("x^x", (1 + 2j) ** (1 + 2j))),
        *(("cbrt(x)", (1 + 2j) ** (1 / 3)), ("root(x, 5)", (1 + 2j) ** 0.2), ("hypot(1, x)", cmath.sqrt(-2 + 4j))),
        *(("cbrt(-8)", -2), ("root(-8, 3)", -2), ("lgamma(-1/2)", math.log(2 * math.sqrt(math.pi)))),
        *(("max(2, abs(-3))", 3), ("where(2 > 1, x, 0)", 1 + 2j), ("where(x == 0, 1, x)", 1 + 2j), ("0^0", 1)),
        *(("lambertw(-pi/2)", math.pi / 2 * 1j), ("gamma((x - 1)/2)", -0.15494982830181069 - 0.49801566811835604j)),
    ],
)
def test_a_special_value(text: str, value: complex) -> None:
    ours = compute(text)
    assert abs(ours - value) <= 1e-14 * abs(value)


@pytest.mark.parametrize(
    "text",
    [
        *("1/0", "log(0)", "exp(1e6)", "gamma(-1)", "exp(x)^1e6", "tan(x/0)", "lgamma(-2)", "x/0"),
        *("x < 1", "not abs(x)", "atan2(x, 1)", "where(x < 1, 2, 3)", "where(abs(x) == x, 2, 3)"),
        *("where(0/0 > 1, 2, 3)", "where(x == (1 + 10^-60)*x, 2, 3)"),
        *("besselj(x, 1)", "polygamma(1/2, 1)", "besselk(1, 1e5*x)"),
    ],
)
def test_what_has_no_finite_value_that_is_certain_is_no_number(text: str) -> None:
    assert mp.isnan(compute(text))


def test_a_branch_that_was_not_selected_is_no_matter() -> None:
    nan, zero = BACKEND.number(math.nan), BACKEND.number(0)
    assert BACKEND.kernels["strong_product"](zero, nan) == 0
    assert compute("where(1, x, abs(x))") == 1 + 2j


def test_formulas_without_a_real_point_are_told_apart() -> None:
    at = 0.7 + 0.6j
    assert abs(compute("sqrt(-1 - x^2)", at) - compute("sqrt(-2 - x^2)", at)) > 0.1
    assert abs(compute("1/2*(-2*x)/sqrt(-1 - x^2)", at) - compute("-x*(-1 - x^2)^(-1/2)", at)) < 1e-70
    assert abs(compute("log(-1 - x^2)", at)) > 0.1


@pytest.mark.parametrize("z", [-2 + 3j, 40 - 30j])  # the first is in the left half plane
@pytest.mark.parametrize("n", [0, 3, -2, 2.5])
def test_bessel_functions_have_their_wronskians(n: float, z: complex) -> None:
    """DLMF 10.5.2 and 10.28.2: an error of one kind is none of the other."""

    def of(letter: str, order: float) -> Any:
        return BACKEND.kernels[f"bessel{letter}"](BACKEND.number(order), complex_number(z))

    first = of("j", n + 1) * of("y", n) - of("j", n) * of("y", n + 1)
    modified = of("i", n) * of("k", n + 1) + of("i", n + 1) * of("k", n)
    assert abs(first * compute("pi*x/2", z) - 1) < 1e-50
    assert abs(modified * compute("x", z) - 1) < 1e-50
