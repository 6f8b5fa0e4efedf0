"""Results for other programs: `name<TAB>value`, a line each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autodiff.evaluate.numbers import value_text


def plain_result(value: Any, gradient: Mapping[str, Any], precision: int | None = None, most: int | None = None) -> str:
    """The value and the derivatives: the shortest digits that read back as the same number, or `precision` digits.

    Of an array with more than `most` entries only the first are shown.

    >>> print(plain_result(2.5, {"x": 1.0}).expandtabs())
    value   2.5
    d/dx    1
    """
    named = {"value": value, **{f"d/d{name}": number for name, number in gradient.items()}}
    return "\n".join(f"{name}\t{value_text(number, precision, most)}" for name, number in named.items())
