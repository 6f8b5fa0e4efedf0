"""How many digits to compute with, so that the digits asked for are right."""

from __future__ import annotations

from typing import Any

from autodiff.evaluate.program import Kernel

GUARD_BITS = 32
MAX_BITS = 1 << 14  # no two binary64 need more to be told apart from their sum
MAX_EXPONENT = 1 << 17  # 10^39456: beyond it a number counts as infinite, and its inverse as 0
LARGEST_LOGARITHM = 91_000  # the exponential of it is beyond that


def real_valued(mp: Any, function: Kernel) -> Kernel:
    """`function` with guard digits, NaN for NaN and where it is not real, and a range of exponents.

    Without such a range a sine would need as many digits as its operand has, and exp(exp(exp(x))) more than there are.
    """

    def kernel(*operands: Any) -> Any:
        if any(map(mp.isnan, operands)):
            return mp.nan
        bits = mp.prec
        mp.prec = bits + GUARD_BITS
        try:
            value = function(*operands)
        except (ValueError, ZeroDivisionError):
            return mp.nan
        finally:
            mp.prec = bits
        return bounded(mp, +value) if isinstance(value, mp.mpf) else mp.nan

    return kernel


def bounded(mp: Any, value: Any) -> Any:
    if not mp.isfinite(value) or value == 0:
        return value
    exponent = mp.mag(value)
    if exponent > MAX_EXPONENT:
        return mp.sign(value) * mp.inf
    return mp.zero if exponent < -MAX_EXPONENT else value


def settled(mp: Any, function: Kernel) -> Kernel:
    """`function` with ever more digits, until two results agree: for what cancels. Complex results agree by their size.

    A 0 may be all that cancellation left, unless it is mp.zero itself, with which `function` says that it is none.
    """

    def kernel(*operands: Any) -> Any:
        bits = mp.prec
        enough = GUARD_BITS // 2 - bits
        previous = None
        try:
            while True:
                value = function(*operands)
                decided = value is mp.zero or not isinstance(value, (mp.mpf, mp.mpc)) or not mp.isfinite(value)
                if decided or mp.prec > MAX_BITS:
                    return value
                if previous is not None and value and abs(value - previous) <= mp.ldexp(abs(value), enough):
                    return value
                if previous is not None and mp.prec > 2500 and abs(value) <= mp.ldexp(abs(previous), -mp.prec // 4):
                    return mp.zero  # what shrinks with every digit that is added is rounding, of nothing
                previous = value
                mp.prec *= 2
        finally:
            mp.prec = bits

    return kernel


def bits_of_sum(mp: Any, a: Any, b: Any) -> int:
    """How many bits the sum of two numbers takes without rounding."""
    (_, exponent), (_, other) = a.man_exp, b.man_exp
    return int(min(max(mp.mag(a), mp.mag(b)) - min(exponent, other) + 2, MAX_BITS)) if a and b else int(mp.prec)
