"""What makes a kernel for complex numbers of a real kernel and of a function that continues it."""

from __future__ import annotations

from typing import Any

from autodiff.evaluate.digits.precision import GUARD_BITS, bounded
from autodiff.evaluate.program import Kernel


def continued(mp: Any, real: Kernel, function: Kernel | None = None) -> Kernel:
    """The real kernel's value for real operands, where it is finite; else that of `function`, or NaN without one.

    `function` gets guard digits. It may raise what mpmath does at a pole or for want of digits: that is NaN, too.
    """
    nan = mp.mpc(mp.nan, mp.nan)

    def kernel(*operands: Any) -> Any:
        if any(map(mp.isnan, operands)):
            return nan
        if not any(operand.imag for operand in operands):
            value = real(*[operand.real for operand in operands])
            if mp.isfinite(value):
                return mp.mpc(value)
        if function is None or not all(map(mp.isfinite, operands)):
            return nan
        bits = mp.prec
        mp.prec = bits + GUARD_BITS
        try:
            value = mp.mpc(function(*operands))
        except (ValueError, ZeroDivisionError, OverflowError, mp.NoConvergence):
            return nan
        finally:
            mp.prec = bits
        value = mp.mpc(bounded(mp, +value.real), bounded(mp, +value.imag))
        return value if mp.isfinite(value) else nan

    return kernel


def within(limit: float, function: Kernel) -> Kernel:
    """`function`, without a value for operands of which it would take minutes, or be beyond all numbers."""

    def kernel(*operands: Any) -> Any:
        if max(map(abs, operands)) > limit:
            raise OverflowError
        return function(*operands)

    return kernel
