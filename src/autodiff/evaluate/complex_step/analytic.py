"""What turns a function of complex numbers into a kernel: NaN where the real function has no value."""

from __future__ import annotations

from collections.abc import Callable
from math import isnan, nan

from autodiff.evaluate.program import Kernel

NAN = complex(nan, nan)
Condition = Callable[..., bool]


def analytic(function: Kernel, domain: Condition | None = None) -> Kernel:
    """`function` where the real parts of its operands are in the domain, else NaN; NaN on overflow and at a pole."""

    def kernel(*operands: complex) -> complex:
        if domain is not None and not domain(*[operand.real for operand in operands]):
            return NAN
        try:
            return complex(function(*operands))
        except (ValueError, OverflowError, ZeroDivisionError):
            return NAN

    return kernel


def is_nan(operand: complex) -> bool:
    return isnan(operand.real) or isnan(operand.imag)
