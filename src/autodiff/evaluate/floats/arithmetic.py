"""Sums, products, powers and roots."""

from __future__ import annotations

import math
from collections.abc import Callable
from math import copysign, inf, isfinite, isinf, isnan, nan

from autodiff.evaluate.floats.exact import two_product
from autodiff.evaluate.floats.fallback import with_digits
from autodiff.evaluate.floats.ieee import Float1, divide, is_normal, is_odd, outside
from autodiff.evaluate.program import Kernel

sqrt = outside(math.sqrt)
log = outside(math.log, {0.0: -inf})


def strong_product(a: float, b: float) -> float:
    return 0.0 if a == 0 else a * b


def power(a: float, b: float) -> float:
    try:
        return math.pow(a, b)
    except OverflowError:
        return -inf if a < 0 and is_odd(b) else inf
    except ValueError:  # zero to a negative power, or a negative base with a fraction above it
        if a != 0:
            return nan
        return copysign(inf, a) if is_odd(b) else inf


def lowered_power(a: float, b: float) -> float:
    lowered = b - 1.0
    if (lowered + 1.0 == b and lowered - b == -1.0) or a == 0 or isinf(a) or isinf(b):
        return power(a, lowered)
    return power(a, b) / a


def quotient_slope(a: float, b: float) -> float:
    quotient = divide(a, b)
    if quotient == 0 or not isfinite(quotient) or is_normal(quotient):
        return -divide(quotient, b)
    return -(a * 2.0**600 / b) / b * 2.0**-600


def power_slope(a: float, b: float) -> float:
    if b == 0:
        return 0.0
    lowered = lowered_power(a, b)
    overflows = isinf(lowered) and abs(b) < 1
    underflows = abs(lowered) < 2.3e-308 and abs(b) > 1
    if (overflows or underflows) and a != 0 and isfinite(a) and isfinite(b):
        return with_digits("power_slope")(a, b)  # the power over- or underflows, its multiple need not
    return b * lowered


def exponent_slope(y: float, a: float, b: float) -> float:
    if is_normal(y) or a <= 0:
        return strong_product(y, log(a))
    half = power(a, b / 2.0)  # neither over- nor underflows where the product doesn't
    return strong_product(half, log(a)) * half


def cbrt(x: float) -> float:
    if not 1e-280 < abs(x) < 1e280:
        if x == 0 or isinf(x) or isnan(x):
            return x
        return cbrt(x * 2.0**-300) * 2.0**100 if abs(x) > 1 else cbrt(x * 2.0**300) * 2.0**-100
    y = math.cbrt(x)  # libm's is off by up to 4 ULP: one step of Newton, with an exact residual
    square, square_lost = two_product(y, y)
    cube, cube_lost = two_product(square, y)
    return y - ((cube - x) + (cube_lost + square_lost * y)) / (3.0 * square)


def root(x: float, n: float) -> float:
    if n == 2.0:
        return sqrt(x)
    if n == 3.0:
        return cbrt(x)
    if n == 0:
        return nan
    if x < 0:
        return -root(-x, n) if is_odd(n) else nan
    exponent = 1.0 / n if abs(n) > 1e-300 else divide(1.0, n)
    y = power(x, exponent)
    if y == 0 or not isfinite(y) or not 1e-100 < abs(n) < 1e100:
        return y
    product, error = two_product(exponent, n)
    lost = ((1.0 - product) - error) / n  # 1/n - exponent, which the logarithm of x magnifies
    return y + y * (lost * math.log(x))


def root_slope(x: float, n: float) -> float:
    if x == 0:
        return divide(power(x, divide(1.0, n) - 1.0), n)
    y = root(x, n)
    slope = y / x
    return divide(slope, n) if (is_normal(y) and is_normal(slope)) or isnan(y) else with_digits("root_slope")(x, n)


def root_order_slope(x: float, n: float) -> float:
    y = root(x, n)
    if isnan(y) or x <= 0:
        return -divide(divide(strong_product(y, log(x)), n), n)
    slope = y * math.log(x) / n
    return -slope / n if is_normal(y) and is_normal(slope) else with_digits("root_order_slope")(x, n)


def to_an_integer(function: Callable[[float], int]) -> Float1:
    """floor, ceil or round: infinities stay, and the sign of a zero is kept."""

    def kernel(x: float) -> float:
        if x - x != 0.0:  # infinite or NaN
            return x
        return copysign(float(function(x)), x)

    return kernel


def mod(a: float, b: float) -> float:
    if b == 0 or isinf(a) or isnan(a) or isnan(b):
        return nan
    return a % b


def sign(x: float) -> float:
    return 1.0 if x > 0 else -1.0 if x < 0 else x


def minimum(*operands: float) -> float:
    return nan if any(map(isnan, operands)) else min(operands)


def maximum(*operands: float) -> float:
    return nan if any(map(isnan, operands)) else max(operands)


def ties(first: float, *others: float) -> float:
    return float(others.count(first))


KERNELS: dict[str, Kernel] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "strong_product": strong_product,
    "div": divide,
    "quotient_slope": quotient_slope,
    "neg": lambda a: -a,
    "identity": lambda a: a,
    "pow": power,
    "lowered_power": lowered_power,
    "power_slope": power_slope,
    "exponent_slope": exponent_slope,
    "square": lambda x: x * x,
    "sqrt": sqrt,
    "cbrt": cbrt,
    "root": root,
    "root_slope": root_slope,
    "root_order_slope": root_order_slope,
    "abs": abs,
    "sign": sign,
    "floor": to_an_integer(math.floor),
    "ceil": to_an_integer(math.ceil),
    "round": to_an_integer(round),
    "mod": mod,
    "min": minimum,
    "max": maximum,
    "ties": ties,
}
