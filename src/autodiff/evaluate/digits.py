"""The backend for many digits: mpmath, with a precision of its own, and the semantics of IEEE 754 around it."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cache
from typing import Any

import mpmath

from autodiff.evaluate.program import Backend, Kernel, defined_kernel
from autodiff.graph.nodes import NamedConstant
from autodiff.graph.table import PRIMITIVES

# Functions that mpmath has under the same name; those that are not real everywhere give a complex number there.
SAME_NAME = (
    *("exp", "expm1", "log1p", "sqrt", "hypot", "floor", "ceil", "sign", "erf", "erfc"),
    *("sin", "cos", "tan", "sec", "csc", "cot", "asin", "acos", "atan", "asec", "acsc", "acot"),
    *("sinh", "cosh", "tanh", "sech", "csch", "coth", "asinh", "acosh", "atanh", "asech", "acsch", "acoth"),
)
MAX_BITS = 10_000
MAX_ORDER = 200  # of polygamma: a term each, and the numbers overflow long before


@cache
def digits(bits: int) -> Backend:
    """The backend that computes with `bits` bits."""
    context = mpmath.MPContext()
    context.prec = bits

    def number(payload: Any) -> Any:
        """A constant of the graph, correctly rounded: pi and e have all their digits here."""
        if isinstance(payload, NamedConstant):
            return named_constant(context, payload.name)
        if isinstance(payload, Fraction):
            return context.mpf(payload.numerator) / payload.denominator
        return context.mpf(payload)

    return Backend(kernels(context), number)


def named_constant(context: Any, name: str) -> Any:
    if name in ("tau", "τ"):
        return 2 * context.pi
    return {"e": +context.e, "inf": context.inf}.get(name, +context.pi)


def rounded(name: str, *operands: float) -> float:
    """The primitive of floats, rounded to a float: with ever more bits, until two results agree."""
    if any(map(math.isnan, operands)):
        return math.nan
    bits, previous = 160, None
    while bits <= MAX_BITS:
        backend = digits(bits)
        kernel = backend.kernels.get(name) or defined_kernel(PRIMITIVES[name], backend)
        value = to_float(kernel(*map(backend.number, operands)))
        if value == previous or math.isnan(value):
            return value
        bits, previous = bits * 2, value
    return value


def to_float(value: Any) -> float:
    """The nearest binary64; mpmath itself rounds twice where the result is subnormal."""
    try:
        number = float(value)
    except OverflowError:
        return math.copysign(math.inf, value)
    if 0 < abs(number) < 2.3e-308 or (number == 0 and value):
        scaled = int(mpmath.nint(mpmath.ldexp(value, 1074)))
        return math.ldexp(scaled, -1074)
    return number


def kernels(mp: Any) -> dict[str, Kernel]:
    """The kernels of an mpmath context, for all primitives whose definition loses digits or says nothing."""
    real, nan, inf = mp.mpf, mp.nan, mp.inf

    def ieee(function: Kernel, at_pole: Any = nan) -> Kernel:
        """`function` with NaN where it is not real, and `at_pole` where mpmath raises."""

        def kernel(*operands: Any) -> Any:
            try:
                value = function(*operands)
            except (ValueError, ZeroDivisionError):
                return at_pole
            return value if isinstance(value, real) else real(value) if isinstance(value, int) else nan

        return kernel

    def divide(a: Any, b: Any) -> Any:
        if b == 0:
            return nan if a == 0 or mp.isnan(a) else inf * mp.sign(a)
        return a / b

    def power(a: Any, b: Any) -> Any:
        if a == 0 and b < 0:
            return inf
        if a == 1 or b == 0:
            return real(1)
        value = a ** (int(b) if mp.isint(b) and abs(b) < 1 << 62 else b)
        return value if isinstance(value, real) else nan

    def root(x: Any, n: Any) -> Any:
        if x < 0:
            return -power(-x, 1 / n) if mp.isint(n) and int(n) % 2 else nan
        return power(x, divide(real(1), n))

    def log(x: Any) -> Any:
        return nan if x < 0 else -inf if x == 0 else mp.log(x)

    def sigmoid(x: Any) -> Any:
        return 1 / (1 + mp.exp(-x)) if x >= 0 else mp.exp(x) / (1 + mp.exp(x))

    def logaddexp(a: Any, b: Any) -> Any:
        return max(a, b) + mp.log1p(mp.exp(-abs(a - b))) if a != b else a + mp.log(2)

    def polygamma(n: Any, x: Any) -> Any:
        if not (mp.isint(n) and 0 <= n <= MAX_ORDER):
            return nan
        return ieee(mp.psi)(int(n), x)

    def sinc_slope(x: Any) -> Any:
        return (x * mp.cos(x) - mp.sin(x)) / x**2 if x and mp.isfinite(x) else real(0) * x

    def gelu(x: Any) -> Any:
        return x * mp.erfc(-x / mp.sqrt(2)) / 2

    def gelu_slope(x: Any) -> Any:
        return mp.erfc(-x / mp.sqrt(2)) / 2 + x * mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)

    def gamma(x: Any) -> Any:
        if abs(x) > 1e6:  # far beyond binary64 on both sides
            return inf if x > 0 else nan if mp.isint(x) else real(0)
        return inf if x == 0 else ieee(mp.gamma)(x)

    def lgamma(x: Any) -> Any:
        if mp.isinf(x) or (x <= 0 and mp.isint(x)):
            return inf
        return mp.re(mp.loggamma(x)) if x > 0 or abs(x) > 1e6 else mp.log(abs(mp.gamma(x)))

    def truth(condition: bool) -> Any:
        return real(1 if condition else 0)

    def any_nan(function: Kernel) -> Kernel:
        return lambda *operands: nan if any(map(mp.isnan, operands)) else function(*operands)

    return {
        **{name: ieee(getattr(mp, name)) for name in SAME_NAME},
        "add": lambda a, b: a + b,
        "sub": lambda a, b: a - b,
        "mul": lambda a, b: a * b,
        "strong_product": lambda a, b: real(0) if a == 0 else a * b,
        "div": divide,
        "neg": lambda a: -a,
        "pow": power,
        "cbrt": lambda x: -mp.cbrt(-x) if x < 0 else mp.cbrt(x),
        "root": root,
        "abs": abs,
        "round": mp.nint,
        "mod": lambda a, b: a - b * mp.floor(a / b) if b else nan,
        "min": any_nan(min),
        "max": any_nan(max),
        "ties": lambda first, *others: real(others.count(first)),
        "exp2": lambda x: real(2) ** x,
        "log": log,
        "log2": lambda x: log(x) / mp.log(2),
        "log10": lambda x: log(x) / mp.log(10),
        "log_base": lambda x, base: divide(log(x), log(base)),
        "xlogy": lambda a, b: real(0) if a == 0 and b >= 0 else a * log(b),
        "logaddexp": logaddexp,
        "atan2": mp.atan2,
        "sinc": lambda x: mp.sin(x) / x if x else real(1),
        "sinc_slope": sinc_slope,
        "degrees": lambda x: x * 180 / mp.pi,
        "radians": lambda x: x * mp.pi / 180,
        "sigmoid": sigmoid,
        "logit": lambda x: log(x) - ieee(mp.log1p)(-x),
        "softplus": lambda x: logaddexp(x, real(0)),
        "gelu": gelu,
        "gelu_slope": gelu_slope,
        "gamma": gamma,
        "gamma_slope": lambda x: gamma(x) * polygamma(0, x) if abs(x) < 1e6 else gamma(x),
        "lgamma": lgamma,
        "digamma": lambda x: polygamma(0, x),
        "polygamma": polygamma,
        "beta": ieee(mp.beta, inf),
        "factorial": lambda x: gamma(x + 1),
        "lt": lambda a, b: truth(a < b),
        "le": lambda a, b: truth(a <= b),
        "gt": lambda a, b: truth(a > b),
        "ge": lambda a, b: truth(a >= b),
        "eq": lambda a, b: truth(a == b),
        "ne": lambda a, b: truth(a != b),
        "and": lambda a, b: truth(bool(a and b)),
        "or": lambda a, b: truth(bool(a or b)),
        "not": lambda a: truth(not a),
        "where": lambda condition, a, b: a if condition else b,
    }
