"""The complex step: the derivative of every function of the table, which is that of tests/calculus."""

from __future__ import annotations

import math

import pytest

from autodiff.evaluate.complex_step import complex_backend
from autodiff.gradcheck.complex_differences import complex_step_difference
from tests.calculus import CALCULUS, truth
from tests.measure_accuracy import differentiable
from tests.points import everyday_points, kernel

SCALARS = complex_backend(has_arrays=False)


@pytest.mark.parametrize(
    ("row", "position"),
    [pytest.param(row, position, id=f"{row.name}-{position}") for row, position in differentiable()],
)
def test_the_derivative_is_right_to_within_its_error(row, position: int) -> None:
    partial = CALCULUS[row.name].partials[position]
    function = kernel(row, SCALARS)
    compared = 0
    for point in everyday_points(row, 10):
        if row.name == "clip" and point[1] > point[2]:
            continue
        true = truth(partial, point)
        if true is None or abs(true) > 1e300:
            continue

        def along(x: complex, point=point) -> complex:
            return function(*map(complex, point[:position]), x, *map(complex, point[position + 1 :]))

        found = complex_step_difference(along, point[position])
        if math.isfinite(found.value):  # else the step leaves the domain, or the function is beyond all numbers
            compared += 1
            assert abs(found.value - float(true)) <= found.error + 1e-15 * abs(float(true)), (point, found)
            # What is left of a derivative that is 0, as that of fresnels at 8, has no digits of its own.
            if abs(true) > 1e-50 or row.name not in ("fresnels", "fresnelc"):
                assert found.error <= 1e-4 * abs(found.value) + 1e-200, (point, found)
    assert compared >= 2


@pytest.mark.parametrize("x", [1e-300, 1e-200, 1e-30, 1.0, 1e30, 1e200, 1e300])
def test_the_step_fits_the_scale_of_the_point(x: float) -> None:
    logarithm = complex_step_difference(SCALARS.kernels["log"], x)
    assert logarithm.value == pytest.approx(1 / x, rel=1e-12)
