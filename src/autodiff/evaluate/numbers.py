"""Numbers and arrays as text."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any


def shortest(value: float) -> str:
    """The shortest digits that read back as the same binary64: `4`, `0.1`, `-0`, `1e+22`, `inf`, `nan`."""
    text = repr(float(value))
    return text[:-2] if text.endswith(".0") else text


def with_precision(value: float, precision: int | None) -> str:
    """`precision` significant digits, for people; the shortest digits if it is None."""
    if precision is None or not math.isfinite(value):
        return shortest(value)
    return f"{value:.{precision}g}"


def rounded_text(value: float) -> str:
    """To the digits that a small step aside leaves right: nine, and no sign of a zero."""
    return with_precision(value + 0.0, 9)


def value_text(value: Any, precision: int | None = None, most: int | None = None) -> str:
    """A number, or an array as the language writes it; of one with more than `most` entries its shape and the first.

    >>> import numpy
    >>> value_text(numpy.array([[1.0, 2.5], [3.0, 4.0]]))
    '[[1, 2.5], [3, 4]]'
    >>> value_text(numpy.arange(1000.0), most=3)
    '(1000,) [0, 1, 2, …]'
    """
    if isinstance(value, float):
        return with_precision(value, precision)
    if most is None or value.size <= most:
        return nested(value.tolist(), lambda entry: with_precision(entry, precision))
    return first_entries(value, precision, most)


def first_entries(array: Any, precision: int | None, most: int) -> str:
    """The shape and the first entries of an array."""
    entries = [with_precision(entry, precision) for entry in array.ravel()[:most].tolist()]
    more = ["…"] if array.size > most else []
    return f"{tuple(array.shape)} [{', '.join([*entries, *more])}]"


def nested(entries: Any, text: Callable[[float], str]) -> str:
    """It recurses on the axes of an array, of which NumPy allows 64."""
    if not isinstance(entries, list):
        return text(entries)
    return f"[{', '.join(nested(entry, text) for entry in entries)}]"
