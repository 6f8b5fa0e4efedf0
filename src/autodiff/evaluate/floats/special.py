"""The error function, the gamma function and their relatives."""

from __future__ import annotations

import math
from math import copysign, inf, nan

from autodiff.evaluate.floats.exact import two_sum
from autodiff.evaluate.floats.fallback import with_digits
from autodiff.evaluate.program import Kernel


def gamma(x: float) -> float:
    try:
        return math.gamma(x)
    except OverflowError:
        return copysign(inf, x)
    except ValueError:
        return copysign(inf, x) if x == 0 else nan


def factorial(x: float) -> float:
    increased, lost = two_sum(x, 1.0)
    if not 1.0 < x < 171.0 or lost == 0:
        return gamma(increased)
    slope = math.log(increased) - 0.5 / increased  # of the logarithm of gamma (DLMF 5.11.2): it magnifies what was lost
    y = gamma(increased)
    return y + y * (slope * lost)


def lgamma(x: float) -> float:
    try:
        y = math.lgamma(x)
    except (OverflowError, ValueError):  # too large, or a pole
        return inf
    if abs(y) < (0.1 if x > 0 else 1.0) and x not in (1.0, 2.0):
        return with_digits("lgamma")(x)  # near a zero Python's has only an absolute accuracy
    return y


KERNELS: dict[str, Kernel] = {
    "erf": math.erf,
    "erfc": math.erfc,
    "gamma": gamma,
    "factorial": factorial,
    "lgamma": lgamma,
    **{
        name: with_digits(name)
        for name in ("gamma_slope", "factorial_slope", "digamma", "polygamma", "beta", "beta_slope")
    },
}
