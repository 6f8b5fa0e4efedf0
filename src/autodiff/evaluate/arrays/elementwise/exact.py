"""The exact operations of the floats backend. They are plain arithmetic, which arrays can do as well."""

from __future__ import annotations

from typing import Any

from autodiff.evaluate.floats import exact
from autodiff.evaluate.program import Kernel

two_sum: Kernel = exact.two_sum


def two_product(a: Any, b: Any) -> Any:
    """The rounded product and its error. What stands for an array has its own way to that."""
    for operand in (a, b):
        if hasattr(operand, "two_product"):
            return operand.two_product(a, b)
    return exact.two_product(a, b)


def quotient(a: Any, a_lost: Any, b: Any, b_lost: Any) -> Any:
    """(a + a_lost)/(b + b_lost) with one rounding, as in the floats backend."""
    ratio = a / b
    product, error = two_product(ratio, b)
    return ratio + ((a - product) - error + a_lost - ratio * b_lost) / b
