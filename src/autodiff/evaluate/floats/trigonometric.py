"""Circular functions and their inverses."""

from __future__ import annotations

import math
from math import copysign, frexp, inf, isinf, isnan, ldexp, nan

from autodiff.evaluate.floats.fallback import with_digits
from autodiff.evaluate.floats.ieee import divide, is_normal, outside, times_power_of_two
from autodiff.evaluate.program import Kernel

sin, cos, tan = outside(math.sin), outside(math.cos), outside(math.tan)


def asec(x: float) -> float:
    if isnan(x) or abs(x) < 1:
        return nan
    angle = math.atan(math.sqrt(abs(x) - 1.0) * math.sqrt(abs(x) + 1.0))  # 1/x would be rounded near 1
    return angle if x > 0 else math.pi - angle


def acsc(x: float) -> float:
    if isnan(x) or abs(x) < 1:
        return nan
    return copysign(math.atan2(1.0, math.sqrt(abs(x) - 1.0) * math.sqrt(abs(x) + 1.0)), x)


def acot(x: float) -> float:
    return math.atan(divide(1.0, x))


def sinc(x: float) -> float:
    if isinf(x):
        return 0.0
    return math.sin(x) / x if x else 1.0


def sinc_slope(x: float) -> float:
    if not abs(x) < inf:
        return 0.0 if isinf(x) else x
    if abs(x) >= 2.0:
        cosine, quotient = math.cos(x), math.sin(x) / x
        difference = cosine - quotient
        if abs(difference) < 0.7 * max(abs(cosine), abs(quotient)):
            return with_digits("sinc_slope")(x)
        return difference / x
    # The power series of -sinc', which is a spherical Bessel function (DLMF 10.53.1); the two terms cancel here.
    term = total = x / 3.0
    for k in range(1, 20):
        term *= -x * x / (2 * k * (2 * k + 3))
        total += term
    return -total


def scaled(a: float, b: float) -> tuple[float, float, int]:
    """Both times the power of two that brings the larger one near 1, and the exponent of that power."""
    _, exponent = frexp(max(abs(a), abs(b)))
    return ldexp(a, -exponent), ldexp(b, -exponent), -exponent


def direction(a: float, b: float) -> float:
    length = math.hypot(a, b)
    if isinf(a) or isinf(b):
        return nan if length != length or (isinf(b) and isinf(a)) else copysign(1.0 if isinf(a) else 0.0, a)
    if length == 0:
        return 0.0
    if not 1e-290 < length < inf:  # too few digits, or overflowed
        a, b, _ = scaled(a, b)
        length = math.hypot(a, b)
    return a / length


def angle_slope(a: float, b: float) -> float:
    length = math.hypot(a, b)
    if is_normal(length):
        slope = b / length
        if is_normal(slope) and length < 1e300:
            return slope / length
    if length == 0 or isnan(length):
        return nan
    if isinf(a) or isinf(b):
        return 0.0
    a, _, exponent = scaled(a, b)
    mantissa, of_b = frexp(b)
    return times_power_of_two(mantissa / (a * a + ldexp(b, exponent) ** 2), of_b + 2 * exponent)


KERNELS: dict[str, Kernel] = {
    "sin": sin,
    "cos": cos,
    "tan": tan,
    "asin": outside(math.asin),
    "acos": outside(math.acos),
    "atan": math.atan,
    "asec": asec,
    "acsc": acsc,
    "acot": acot,
    "atan2": math.atan2,
    "angle_slope": angle_slope,
    "sinc": sinc,
    "sinc_slope": sinc_slope,
    "hypot": math.hypot,
    "direction": direction,
    "degrees": math.degrees,
    "radians": math.radians,
}
