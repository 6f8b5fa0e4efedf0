"""Numbers as text."""

from __future__ import annotations

import math


def shortest(value: float) -> str:
    """The shortest digits that read back as the same binary64: `4`, `0.1`, `-0`, `1e+22`, `inf`, `nan`."""
    text = repr(float(value))
    return text[:-2] if text.endswith(".0") else text


def with_precision(value: float, precision: int | None) -> str:
    """`precision` significant digits, for people; the shortest digits if it is None."""
    if precision is None or not math.isfinite(value):
        return shortest(value)
    return f"{value:.{precision}g}"
