"""The derivative by a tiny imaginary step, of a function computed with a backend of complex numbers.

f'(x) is Im f(x + ih)/h but for a term in h^2, and nothing is subtracted, so h may be as small as it likes (Squire and
Trapp, SIAM Review 40 (1998) 110).
"""

from __future__ import annotations

import math
from collections.abc import Callable

from autodiff.gradcheck.differences import UNKNOWN, Difference

STEP = 2.0**-332  # 1e-100
OTHER_STEP = 0.8125  # of the step: other digits, so that rounding shows
ROUNDING = 2.0**-43  # a power may lose as much, whose logarithm is large
UNDERFLOW = 2.0**-1070
SMALLEST_STEP = 2.0**-1070


def complex_step_difference(function: Callable[[complex], complex], x: float) -> Difference:
    """The derivative by the complex step.

    >>> import cmath
    >>> complex_step_difference(cmath.exp, 0.0).value
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
