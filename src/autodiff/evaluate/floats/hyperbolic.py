"""Hyperbolic functions and their inverses.

The reciprocals are not taken of libm's sinh and cosh, which are off by up to 2 ULP: derivatives have their squares.
"""

from __future__ import annotations

import math
from math import copysign, inf, isnan, nan

from autodiff.evaluate.floats.exact import quotient, two_product, two_sum
from autodiff.evaluate.floats.ieee import divide, odd, outside
from autodiff.evaluate.program import Kernel

FAR = 20.0  # from here on the smaller of exp(x) and exp(-x) is not seen in their sum

acosh = outside(math.acosh)
atanh = outside(math.atanh, {1.0: inf, -1.0: -inf})


def sech(x: float) -> float:
    if not abs(x) < FAR:
        return 2.0 * math.exp(-abs(x))
    e = math.exp(-abs(x))
    square, square_lost = two_product(e, e)
    total, lost = two_sum(1.0, square)
    return quotient(2.0 * e, 0.0, total, lost + square_lost)


def csch(x: float) -> float:
    if not abs(x) < FAR:
        return copysign(2.0 * math.exp(-abs(x)), x)
    if abs(x) < 1e-100:
        return divide(1.0, x)
    e = math.expm1(abs(x))  # sinh(x) is e*(e + 2)/(e + 1)/2
    dividend, dividend_lost = two_sum(e, 1.0)
    factor, factor_lost = two_sum(e, 2.0)
    product, product_lost = two_product(e, factor)
    product_lost += e * factor_lost
    return copysign(quotient(2.0 * dividend, 2.0 * dividend_lost, product, product_lost), x)


def coth(x: float) -> float:
    if abs(x) < 1e-100:
        return divide(1.0, x)
    return x if isnan(x) else copysign(1.0 + 2.0 / math.expm1(2.0 * min(abs(x), FAR)), x)


def asech(x: float) -> float:
    if not 0 <= x <= 1:
        return nan
    if x < 1e-300:
        return math.log(2.0) - math.log(x) if x else inf
    # Near 1 the inverse would be rounded; far from it, the operand of atanh.
    return 2.0 * atanh(math.sqrt((1.0 - x) / (1.0 + x))) if x > 0.5 else acosh(1.0 / x)


def acsch(x: float) -> float:
    if abs(x) < 1e-300:
        return copysign(math.log(2.0) - math.log(abs(x)), x) if x else copysign(inf, x)
    return math.asinh(1.0 / x)


def acoth(x: float) -> float:
    if isnan(x) or abs(x) < 1:
        return nan
    if abs(x) == 1:
        return copysign(inf, x)
    return copysign(0.5 * math.log1p(2.0 / (abs(x) - 1.0)), x)


KERNELS: dict[str, Kernel] = {
    "sinh": odd(math.sinh),
    "cosh": outside(math.cosh),
    "tanh": math.tanh,
    "sech": sech,
    "csch": csch,
    "coth": coth,
    "asinh": math.asinh,
    "acosh": acosh,
    "atanh": atanh,
    "asech": asech,
    "acsch": acsch,
    "acoth": acoth,
}
