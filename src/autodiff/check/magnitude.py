"""Sizes of numbers as logarithms of base 2, so that none is too small or too large for a float."""

from __future__ import annotations

from fractions import Fraction
from math import inf, log2
from typing import Any


def sum_of(first: float, second: float) -> float:
    """The logarithm of the sum of two numbers from their logarithms."""
    larger, smaller = (first, second) if first >= second else (second, first)
    if larger == inf or smaller == -inf or larger != larger:
        return larger if larger == larger else inf
    return larger + log2(1.0 + 2.0 ** max(smaller - larger, -1000.0))


def magnitude(number: Any) -> float:
    """The logarithm of the absolute value: -inf for 0, inf for what is not finite.

    >>> import mpmath
    >>> magnitude(mpmath.mpf(2) ** -5000), magnitude(mpmath.mpf(0)), magnitude(mpmath.nan)
    (-5000.0, -inf, inf)
    """
    if not number:
        return -inf
    if hasattr(number, "_mpc_"):
        return max(magnitude(number.real), magnitude(number.imag)) + 0.5
    if hasattr(number, "context") and not number.context.isfinite(number):
        return inf
    if hasattr(number, "man_exp"):
        mantissa, exponent = number.man_exp
        return log2(abs(mantissa)) + int(exponent)
    above, below = Fraction(number).as_integer_ratio()
    return log2(abs(above)) - log2(below)
