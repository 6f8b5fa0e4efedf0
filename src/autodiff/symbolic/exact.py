"""Exact numbers: integers and fractions, and their powers that are exact, too."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt

Exact = int | Fraction
LONGEST_POWER = 170  # bits of a power of a number that is written out: 50 digits
HALF = Fraction(1, 2)


def simple(value: Exact) -> Exact:
    """A Fraction that is an integer as the int."""
    return value.numerator if type(value) is Fraction and value.denominator == 1 else value


def exact_power(number: Exact, exponent: Exact) -> Exact | None:
    """A number to a power, if that is an exact number of moderate size.

    >>> exact_power(4, Fraction(-3, 2)), exact_power(2, HALF)
    (Fraction(1, 8), None)
    """
    if number < 0 or exponent.denominator > 64:
        return None
    roots = [whole_root(part, exponent.denominator) for part in (number.numerator, number.denominator)]
    if None in roots or (number == 0 and exponent < 0):
        return None
    bits = max(root.bit_length() for root in roots if root is not None)
    if bits * abs(exponent.numerator) > LONGEST_POWER:
        return None
    return Fraction(*roots) ** exponent.numerator  # type: ignore[arg-type]  # None was sorted out


def whole_root(number: int, order: int) -> int | None:
    if order == 2:
        root = isqrt(number)
    elif order == 1 or number < 2:
        root = number
    else:
        root = round(number ** (1 / order)) if number.bit_length() < 1000 else 0
    return root if root**order == number else None
