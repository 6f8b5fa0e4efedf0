"""The error function, the gamma function and their relatives."""

from __future__ import annotations

import math
from collections.abc import Callable
from math import copysign, inf, nan

from autodiff.evaluate.floats.exact import two_product, two_sum
from autodiff.evaluate.floats.fallback import with_digits
from autodiff.evaluate.floats.ieee import outside
from autodiff.evaluate.program import Kernel

HALF_PI, HALF_PI_REST = 1.5707963267948966, 6.123233995736766e-17
BRANCH = -1.0 / math.e  # where lambertw begins, though the nearest float is a little less
exp = outside(math.exp)


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


def exp_of_square(x: float) -> float:
    """exp(x^2) with what the rounded square lost, which is hundreds of ULP of a large result."""
    if not abs(x) < 27.0:
        return abs(x) * inf
    square, lost = two_product(x, x)
    return exp(square) * (1.0 + lost)


def fresnels_slope(x: float) -> float:
    return of_quarter_turns(x, 0)


def fresnelc_slope(x: float) -> float:
    return of_quarter_turns(x, 1)


def of_quarter_turns(x: float, ahead: int) -> float:
    """The sine of x^2 quarter turns, and so many more. Whole turns are left out of the exact square."""
    if not math.isfinite(x):
        return nan
    dividend, root = x.as_integer_ratio()
    divisor = root * root
    square = dividend * dividend % (4 * divisor)
    quarters = (2 * square + divisor) // (2 * divisor)
    rest = (square - quarters * divisor) / divisor
    angle = rest * HALF_PI + rest * HALF_PI_REST
    quarters += ahead
    value = math.cos(angle) if quarters % 2 else math.sin(angle)
    return -value if quarters % 4 > 1 else value


def lambertw(x: float) -> float:
    if x == 0:
        return x
    return -1.0 if x == BRANCH else with_digits("lambertw")(x)


def lambertw_slope(x: float) -> float:
    return inf if x == BRANCH else with_digits("lambertw_slope")(x)


def odd(name: str) -> Callable[[float], float]:
    """The function with digits, which keeps the sign of 0."""
    return lambda x: x if x == 0 else with_digits(name)(x)


KERNELS: dict[str, Kernel] = {
    "erf": math.erf,
    "erfc": math.erfc,
    "gamma": gamma,
    "factorial": factorial,
    "lgamma": lgamma,
    "exp_of_square": exp_of_square,
    "fresnels_slope": fresnels_slope,
    "fresnelc_slope": fresnelc_slope,
    "lambertw": lambertw,
    "lambertw_slope": lambertw_slope,
    **{name: odd(name) for name in ("erfi", "fresnels", "fresnelc")},
    **{name: with_digits(name) for letter in "jyik" for name in (f"bessel{letter}", f"bessel{letter}_slope")},
    **{
        name: with_digits(name)
        for name in ("gamma_slope", "factorial_slope", "digamma", "polygamma", "beta", "beta_slope")
    },
}
