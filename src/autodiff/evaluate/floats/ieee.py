"""IEEE 754 where Python raises: NaN outside a domain, an infinity at a pole and beyond the largest number."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from math import copysign, inf, isnan, nan
from typing import Any

Float1 = Callable[[float], float]

SMALLEST_NORMAL = 2.0**-1022


def number(payload: Any) -> float:
    """The nearest binary64 to a constant of the graph: an int, a Fraction, a float or a named one."""
    try:
        return float(payload)
    except OverflowError:
        return inf if payload > 0 else -inf


def outside(function: Float1, poles: Mapping[float, float] | None = None) -> Float1:
    """`function` with NaN outside its domain, the given values at its poles, and infinity where it overflows."""
    at_pole = poles or {}

    def kernel(x: float) -> float:
        try:
            return function(x)
        except ValueError:
            return at_pole.get(x, nan)
        except OverflowError:
            return inf

    return kernel


def odd(function: Float1) -> Float1:
    """`function`, which is odd, with an infinity of its sign where it overflows."""

    def kernel(x: float) -> float:
        try:
            return function(x)
        except OverflowError:
            return copysign(inf, x)

    return kernel


def divide(a: float, b: float) -> float:
    try:
        return a / b
    except ZeroDivisionError:
        if a == 0 or isnan(a):
            return nan
        return copysign(inf, a) * copysign(1.0, b)


def times_power_of_two(x: float, exponent: int) -> float:
    try:
        return math.ldexp(x, exponent)
    except OverflowError:
        return copysign(inf, x)


def is_odd(x: float) -> bool:
    """Whether it is an odd integer."""
    return abs(x) < 2.0**53 and math.fmod(x, 2.0) in (1.0, -1.0)


def is_normal(x: float) -> bool:
    """Whether it has all its digits: neither 0 nor subnormal nor infinite nor NaN."""
    return SMALLEST_NORMAL <= abs(x) < inf
