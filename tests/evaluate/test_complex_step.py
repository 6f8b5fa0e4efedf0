"""The complex step: every function of the table beside the real axis. The derivatives are those of tests/calculus."""

from __future__ import annotations

import math

import pytest

from autodiff.evaluate.complex_step import complex_backend, complex_step_difference
from autodiff.evaluate.program import defined_kernel
from autodiff.graph.primitive import CONSTANT, VARIABLE
from autodiff.graph.table import PRIMITIVES
from tests.calculus import CALCULUS, truth
from tests.measure_accuracy import differentiable
from tests.points import points

SCALARS = complex_backend(has_arrays=False)
EVERYDAY = (1e-6, 1e4)
ENTRYWISE = [row for row in PRIMITIVES.values() if row.entrywise and row not in (VARIABLE, CONSTANT)]


def compute(row):
    return SCALARS.kernels.get(row.name) or defined_kernel(row, SCALARS, len(row.operand_names(2)))


@pytest.mark.parametrize("row", ENTRYWISE, ids=lambda row: row.name)
def test_every_primitive_of_the_table_is_covered(row) -> None:
    operands = [complex(0.5 + 0.25 * k) for k in range(len(row.operand_names(2)))]
    assert isinstance(compute(row)(*operands), complex)


def test_every_primitive_of_arrays_is_covered() -> None:
    arrays = complex_backend(has_arrays=True)
    needed = {row.name for row in PRIMITIVES.values() if row.array is not None and not row.constant}
    assert needed <= arrays.array_kernels.keys()


def everyday(row, count: int):
    low, high = EVERYDAY
    for point in points(row, 300 if row.name not in ("beta", "polygamma") else 40):
        if all(x == 0 or low < abs(x) < high for x in point):
            yield point
            count -= 1
        if count == 0:
            return


@pytest.mark.parametrize(
    ("row", "position"),
    [pytest.param(row, position, id=f"{row.name}-{position}") for row, position in differentiable()],
)
def test_the_derivative_is_right_to_within_its_error(row, position: int) -> None:
    partial = CALCULUS[row.name].partials[position]
    function = compute(row)
    compared = 0
    for point in everyday(row, 10):
        true = truth(partial, point)
        if true is None or abs(true) > 1e300:
            continue

        def along(x: complex, point=point) -> complex:
            return function(*map(complex, point[:position]), x, *map(complex, point[position + 1 :]))

        found = complex_step_difference(along, point[position])
        if math.isfinite(found.value):  # else the step leaves the domain, or the function is beyond all numbers
            compared += 1
            assert abs(found.value - float(true)) <= found.error + 1e-15 * abs(float(true)), (point, found)
            assert found.error <= 1e-4 * abs(found.value) + 1e-200, (point, found)
    assert compared >= 2


@pytest.mark.parametrize(
    ("name", "operands", "value"),
    [
        ("abs", (-2 + 1e-100j,), 2 - 1e-100j),
        ("max", (1 + 1e-100j, 1 - 2e-100j), 1 + 1e-100j),
        ("min", (2 + 1e-100j, 1), 1),
        ("sign", (-3 + 1e-100j,), -1),
        ("floor", (2.5 + 1e-100j,), 2),
        ("lt", (1 + 1e-100j, 2), 1),
        ("eq", (1 + 1e-100j, 1), 1),
        ("where", (1e-100j, 5, 6), 6),
        ("relu", (-1 + 1e-100j,), 0),
        ("relu", (1 + 1e-100j,), 1 + 1e-100j),
        ("mod", (7 + 1e-100j, 4), 3 + 1e-100j),
    ],
)
def test_choices_are_made_by_the_real_part(name: str, operands: tuple[complex, ...], value: complex) -> None:
    assert compute(PRIMITIVES[name])(*map(complex, operands)) == value


@pytest.mark.parametrize(
    ("name", "operands"),
    [
        *(("sqrt", (-1,)), ("log", (-1,)), ("asin", (1.5,)), ("acosh", (0.5,)), ("atanh", (2,)), ("pow", (-8, 1 / 3))),
        *(("gamma", (-1,)), ("lgamma", (0,)), ("log1p", (-2,)), ("exp", (1000,)), ("polygamma", (0.5, 1))),
    ],
)
def test_where_the_real_function_has_no_value_it_is_nan(name: str, operands: tuple[float, ...]) -> None:
    value = compute(PRIMITIVES[name])(*(complex(operand, 1e-100) for operand in operands))
    assert math.isnan(value.real)


@pytest.mark.parametrize("x", [1e-300, 1e-200, 1e-30, 1.0, 1e30, 1e200, 1e300])
def test_the_step_fits_the_scale_of_the_point(x: float) -> None:
    logarithm = complex_step_difference(SCALARS.kernels["log"], x)
    assert logarithm.value == pytest.approx(1 / x, rel=1e-12)
