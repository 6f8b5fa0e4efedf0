"""Sums, products and quotients with what their rounding lost (Handbook of Floating-Point Arithmetic, chapter 4)."""

from __future__ import annotations

SPLITTER = 2.0**27 + 1.0


def two_sum(a: float, b: float) -> tuple[float, float]:
    """The rounded sum and its error, exactly, unless it overflows (Knuth)."""
    total = a + b
    shifted = total - b
    return total, (a - shifted) + (b - (total - shifted))


def two_product(a: float, b: float) -> tuple[float, float]:
    """The rounded product and its error (Dekker), exactly for operands and product from 1e-140 to 1e290."""
    product = a * b
    a_high, a_low = halves(a)
    b_high, b_low = halves(b)
    return product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low


def quotient(a: float, a_lost: float, b: float, b_lost: float) -> float:
    """(a + a_lost)/(b + b_lost) with one rounding, where what was lost is small beside the rest."""
    ratio = a / b
    product, error = two_product(ratio, b)
    return ratio + ((a - product) - error + a_lost - ratio * b_lost) / b


def halves(a: float) -> tuple[float, float]:
    """Two numbers of half the digits that add up to `a` (Veltkamp)."""
    shifted = SPLITTER * a
    high = shifted - (shifted - a)
    return high, a - high
