"""Results for other programs: `name<TAB>value`, a line each."""

from __future__ import annotations

from collections.abc import Mapping

from autodiff.evaluate.numbers import with_precision


def plain_result(value: float, gradient: Mapping[str, float], precision: int | None = None) -> str:
    """The value and the derivatives: the shortest digits that read back as the same number, or `precision` digits.

    >>> print(plain_result(2.5, {"x": 1.0}).expandtabs())
    value   2.5
    d/dx    1
    """
    named = {"value": value, **{f"d/d{name}": number for name, number in gradient.items()}}
    return "\n".join(f"{name}\t{with_precision(number, precision)}" for name, number in named.items())
