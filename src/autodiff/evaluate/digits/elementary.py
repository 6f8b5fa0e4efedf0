"""The kernels of an mpmath context for what a calculus book begins with."""

from __future__ import annotations

from typing import Any

from autodiff.evaluate.digits.precision import LARGEST_LOGARITHM, settled
from autodiff.evaluate.program import Kernel

# Functions that mpmath has under the same name; where they are not real they give a complex number.
SAME_NAME = (
    *("sqrt", "log1p", "floor", "ceil", "sign", "atan2", "sinc"),
    *("sin", "cos", "tan", "sec", "csc", "cot", "asin", "acos", "atan", "asec", "acsc", "acot"),
    *("tanh", "coth", "asinh", "acosh", "atanh", "asech", "acsch", "acoth"),
)


def elementary_kernels(mp: Any) -> dict[str, Kernel]:
    """Those that are real functions of real operands, and NaN for NaN.

    The analytic ones hold for complex operands, too, which is why they choose between two forms by the real part.
    """
    nan, inf, zero, one = mp.nan, mp.inf, mp.zero, mp.one

    def exponential(name: str, below: Any, above: Any) -> Kernel:
        """mpmath's function with its limits far from 0, which it would compute with all their digits."""
        function = getattr(mp, name)
        return lambda x: function(x) if abs(x.real) < LARGEST_LOGARITHM else below if x.real < 0 else above

    exp = exponential("exp", zero, inf)

    def divide(a: Any, b: Any) -> Any:
        if b == 0:
            return nan if a == 0 else inf * mp.sign(a)
        return a / b

    def pole(function: Kernel) -> Kernel:
        """`function`, which is infinite at 0."""
        return lambda x: function(x) if x else inf

    def root(x: Any, n: Any) -> Any:
        if x < 0:
            return -power(mp, -x, mp.one / n) if n and is_odd(mp, n) else nan
        return power(mp, x, mp.one / n) if n else nan

    def mod(a: Any, b: Any) -> Any:
        if mp.isinf(b) and mp.isfinite(a):
            return a if a == 0 or (a > 0) == (b > 0) else b
        return a % b

    def log(x: Any) -> Any:
        return -inf if x == 0 else mp.log(x)

    def logaddexp(a: Any, b: Any) -> Any:
        larger, smaller = (a, b) if a.real >= b.real else (b, a)
        return larger + mp.log1p(exp(smaller - larger)) if mp.isfinite(larger) and larger != smaller else equal(larger)

    def equal(a: Any) -> Any:
        return a + mp.log(2)

    def sigmoid(x: Any) -> Any:
        return 1 / (1 + exp(-x)) if x.real >= 0 else exp(x) / (1 + exp(x))

    def logit(x: Any) -> Any:
        if 0.25 < x.real < 0.75:
            return mp.log1p((2 * x - 1) / (1 - x))
        return log(x) - (mp.log1p(-x) if x != 1 else -inf)

    def hypot(a: Any, b: Any) -> Any:
        return mp.sqrt(a * a + b * b)

    def direction(a: Any, b: Any) -> Any:
        if mp.isinf(a) or mp.isinf(b):
            return zero if mp.isfinite(a) else nan if mp.isinf(b) else mp.sign(a)
        return a / hypot(a, b) if a else zero

    def sinc_slope(x: Any) -> Any:
        return (mp.cos(x) - mp.sin(x) / x) / x if x and mp.isfinite(x) else zero

    return {
        **{name: getattr(mp, name) for name in SAME_NAME},
        **{name: pole(getattr(mp, name)) for name in ("csc", "cot", "csch", "coth", "asech", "acsch")},
        "exp": exp,
        "expm1": exponential("expm1", -one, inf),
        "exp2": lambda x: exp(x * mp.log(2)),
        "sinh": exponential("sinh", -inf, inf),
        "cosh": exponential("cosh", inf, inf),
        "sech": exponential("sech", zero, zero),
        "csch": pole(exponential("csch", zero, zero)),
        "add": lambda a, b: a + b,
        "sub": lambda a, b: a - b,
        "mul": lambda a, b: a * b,
        "div": divide,
        "neg": lambda a: -a,
        "lowered_power": lambda a, b: (
            power(mp, a, b) / a if a and mp.isfinite(a) and mp.isfinite(b) else power(mp, a, b - 1)
        ),
        "cbrt": lambda x: -mp.cbrt(-x) if x < 0 else mp.cbrt(x),
        "root": root,
        "abs": abs,
        "round": mp.nint,
        "mod": mod,
        "min": lambda *operands: min(operands),
        "max": lambda *operands: max(operands),
        "log": log,
        "log2": lambda x: log(x) / mp.log(2),
        "log10": lambda x: log(x) / mp.log(10),
        "log_base": lambda x, base: divide(log(x), log(base)),
        "hypot": hypot,
        "xlogy": lambda a, b: zero if a == 0 and b.real >= 0 else a * log(b),
        "logaddexp": settled(mp, logaddexp),
        "angle_slope": lambda a, b: divide(b, a * a + b * b) if mp.isfinite(a) and mp.isfinite(b) else zero,
        "direction": direction,
        "sinc_slope": settled(mp, sinc_slope),
        "degrees": lambda x: x * 180 / mp.pi,
        "radians": lambda x: x * mp.pi / 180,
        "sigmoid": sigmoid,
        "logit": logit,
        "softplus": lambda x: settled(mp, logaddexp)(x, zero),
        "silu": lambda x: x * sigmoid(x) if x != -inf else zero,
        "silu_slope": settled(mp, lambda x: sigmoid(x) * (1 + x * sigmoid(-x)) if mp.isfinite(x) else sigmoid(x)),
        "gaussian": settled(mp, lambda x: exp(-x * x)),
    }


def logical_kernels(mp: Any) -> dict[str, Kernel]:
    """Those whose result may be a number where an operand is NaN."""

    def truth(condition: Any) -> Any:
        return mp.one if condition else mp.zero

    return {
        "pow": lambda a, b: mp.one if b == 0 or a == 1 else mp.nan if mp.isnan(a) or mp.isnan(b) else power(mp, a, b),
        "strong_product": lambda a, b: mp.zero if a == 0 else a * b,
        "identity": lambda a: a,
        "ties": lambda first, *others: mp.mpf(others.count(first)),
        "lt": lambda a, b: truth(a < b),
        "le": lambda a, b: truth(a <= b),
        "gt": lambda a, b: truth(a > b),
        "ge": lambda a, b: truth(a >= b),
        "eq": lambda a, b: truth(a == b),
        "ne": lambda a, b: truth(a != b),
        "and": lambda a, b: truth(a and b),
        "or": lambda a, b: truth(a or b),
        "not": lambda a: truth(not a),
        "where": lambda condition, a, b: a if condition else b,
    }


def is_odd(mp: Any, x: Any) -> bool:
    return bool(mp.isint(x)) and int(x) % 2 == 1


def power(mp: Any, a: Any, b: Any) -> Any:
    """a^b as IEEE 754 has it, for operands that are not NaN."""
    if b == 0 or a == 1:
        return mp.one
    if a < 0 and not (mp.isint(b) or mp.isinf(b)):
        return mp.inf if a == -mp.inf and b > 0 else mp.zero if a == -mp.inf else mp.nan
    size = abs(a)
    logarithm = mp.zero if size == 1 else b * (mp.log(size) if size else -mp.inf)
    if abs(logarithm) > LARGEST_LOGARITHM:
        value = mp.inf if logarithm > 0 else mp.zero
    else:
        value = size ** (int(b) if mp.isint(b) else b) if mp.isfinite(b) else mp.one
    return -value if a < 0 and is_odd(mp, b) else value
