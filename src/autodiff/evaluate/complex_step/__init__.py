"""The backend for the complex-step derivative: complex numbers whose imaginary part is a tiny step.

f'(x) is Im f(x + ih)/h but for a term in h^2, and nothing is subtracted, so h may be as small as it likes (Squire and
Trapp, SIAM Review 40 (1998) 110). Every kernel continues the real function analytically beside the real axis; one
that chooses does so by the real part. Outside the domain of the real function, and on overflow, it is NaN.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from autodiff.evaluate.complex_step import choices, elementary, special
from autodiff.evaluate.floats.ieee import number
from autodiff.evaluate.program import Backend
from autodiff.gradcheck.differences import UNKNOWN, Difference

SCALARS = Backend(
    {**elementary.KERNELS, **special.KERNELS, **choices.KERNELS}, lambda payload: complex(number(payload))
)
STEP = 2.0**-332  # 1e-100
OTHER_STEP = 0.8125  # of the step: other digits, so that rounding shows
ROUNDING = 2.0**-43  # a power may lose as much, whose logarithm is large
UNDERFLOW = 2.0**-1070
SMALLEST_STEP = 2.0**-1070


def complex_backend(has_arrays: bool) -> Backend:
    """The backend for formulas with arrays, or for those without, which need no NumPy."""
    if not has_arrays:
        return SCALARS
    from autodiff.evaluate.complex_step.arrays import complex_arrays

    return complex_arrays(SCALARS)


def complex_step_difference(function: Callable[[complex], complex], x: float) -> Difference:
    """The derivative by the complex step, of a function computed with a complex backend.

    >>> complex_step_difference(SCALARS.kernels["exp"], 0.0).value
    1.0
    """
    step = step_for(x)
    if step < SMALLEST_STEP:
        return UNKNOWN
    first, second = slope_with(function, x, step), slope_with(function, x, step * OTHER_STEP)
    if not (math.isfinite(first) and math.isfinite(second)):
        return UNKNOWN
    return Difference(first, 8.0 * abs(first - second) + ROUNDING * abs(first) + UNDERFLOW / step)


def slope_with(function: Callable[[complex], complex], x: float, step: float) -> float:
    return function(complex(x, step)).imag / step


def step_for(x: float) -> float:
    """Far below x, and not so small that it underflows beside a tiny x."""
    if abs(x) < 2.0**-300:
        return abs(x) * 2.0**-60 if x else STEP
    return math.ldexp(abs(x), -332)
