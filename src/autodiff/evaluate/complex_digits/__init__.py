"""The backend for complex numbers of many digits: mpmath's, with its principal branches.

It tells formulas apart that have no real points in common. On real operands every kernel answers as the real backend
does, where that has a finite value: cbrt(-8) is -2. Elsewhere an analytic function is its continuation from the real
points of its domain (of cbrt, root and lgamma from the positive ones), and what is not analytic is NaN, not a guess:
so NaN stays NaN, even in a condition. No kernel makes an infinity of finite numbers: that is NaN, too.
"""

from __future__ import annotations

from typing import Any

import mpmath

from autodiff.evaluate.complex_digits.continuation import continued
from autodiff.evaluate.complex_digits.powers import power_kernels
from autodiff.evaluate.complex_digits.special import special_kernels
from autodiff.evaluate.digits import real_backend
from autodiff.evaluate.digits.elementary import elementary_kernels
from autodiff.evaluate.program import Backend, Kernel
from autodiff.evaluate.threads import once_per_thread

# What no complex number but a real one has a value of.
ONLY_REAL = (
    *("abs", "sign", "floor", "ceil", "round", "mod", "min", "max", "ties", "atan2"),
    *("lt", "le", "gt", "ge", "and", "or", "not"),
)


@once_per_thread
def complex_digits(bits: int) -> Backend:
    """The backend that computes with `bits` bits; its numbers are for the thread that asked for it."""
    context = mpmath.MPContext()
    context.prec = bits
    reals = real_backend(context)

    def number(payload: Any) -> Any:
        return context.mpc(reals.number(payload))

    functions = {
        **elementary_kernels(context),
        **power_kernels(context),
        **special_kernels(context),
        **dict.fromkeys(ONLY_REAL),
        "eq": lambda a, b: equality(context, a, b),
        "ne": lambda a, b: 1 - equality(context, a, b),
    }
    kernels = {name: continued(context, reals.kernels[name], function) for name, function in functions.items()}
    return Backend({**kernels, **selecting_kernels(context, kernels["mul"])}, number)


def equality(mp: Any, a: Any, b: Any) -> Any:
    """Analytic but for single points, as in where(x == 0, 1, sin(x)/x). NaN where only rounding may tell them apart."""
    if a == b:
        return mp.one
    return mp.nan if abs(a - b) <= mp.ldexp(abs(a), -mp.prec // 2) else mp.zero


def selecting_kernels(mp: Any, product: Kernel) -> dict[str, Kernel]:
    """Those that need not be NaN where an operand is."""

    def where(condition: Any, a: Any, b: Any) -> Any:
        if mp.isnan(condition) or condition.imag:
            return mp.mpc(mp.nan, mp.nan)
        return a if condition else b

    return {
        "strong_product": lambda a, b: mp.mpc(0) if a == 0 else product(a, b),
        "identity": lambda a: a,
        "where": where,
    }
