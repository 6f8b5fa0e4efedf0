"""The backend for one point: Python floats with the semantics of IEEE 754, and no exception for a number.

The standard library raises where IEEE 754 has an infinity or a NaN; the kernels here say which of them it is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from math import copysign, inf, isnan, nan
from typing import Any

from autodiff.evaluate.program import Backend, Kernel

Float1 = Callable[[float], float]


def number(payload: Any) -> float:
    """The nearest binary64 to a constant of the graph."""
    try:
        return float(payload)
    except OverflowError:
        return inf if payload > 0 else -inf


def outside(function: Float1, poles: Mapping[float, float] | None = None) -> Float1:
    """`function` with NaN outside its domain, and the given values at its poles."""
    at_pole = poles or {}

    def kernel(x: float) -> float:
        try:
            return function(x)
        except ValueError:
            return at_pole.get(x, nan)
        except OverflowError:
            return inf

    return kernel


def odd(function: Float1) -> Float1:
    """`function`, which is odd, with an infinity of its sign where it overflows."""

    def kernel(x: float) -> float:
        try:
            return function(x)
        except OverflowError:
            return copysign(inf, x)

    return kernel


def divide(a: float, b: float) -> float:
    try:
        return a / b
    except ZeroDivisionError:
        if a == 0 or isnan(a):
            return nan
        return copysign(inf, a) * copysign(1.0, b)


def power(a: float, b: float) -> float:
    try:
        return math.pow(a, b)
    except OverflowError:
        return -inf if a < 0 and math.fmod(b, 2.0) != 0 else inf
    except ValueError:  # zero to a negative power, or a negative base with a fraction above it
        if a != 0:
            return nan
        return copysign(inf, a) if math.fmod(b, 2.0) in (1.0, -1.0) else inf


def lowered_power(a: float, b: float) -> float:
    lowered = b - 1.0
    if (lowered + 1.0 == b and lowered - b == -1.0) or a == 0 or math.isinf(a):
        return power(a, lowered)
    return power(a, b) / a


def cbrt(x: float) -> float:
    y = math.cbrt(x)
    if y == 0 or math.isinf(y) or isnan(y):
        return y
    return y - (y - x / y / y) / 3.0  # one step of Newton: libm's is off by up to 4 ULP


def root(x: float, n: float) -> float:
    if n == 2.0:
        return sqrt(x)
    if n == 3.0:
        return cbrt(x)
    if x < 0:
        return -root(-x, n) if math.fmod(n, 2.0) in (1.0, -1.0) else nan
    y = power(x, divide(1.0, n))
    if y == 0 or math.isinf(y) or isnan(y) or abs(n) <= 1.0:
        return y
    return y - y * (power(y, n) / x - 1.0) / n  # one step of Newton: 1/n is rounded


def fraction_part_free(function: Callable[[float], int]) -> Float1:
    """floor, ceil or round: unchanged where there is no fraction to lose, and the sign of a zero is kept."""

    def kernel(x: float) -> float:
        if x - x != 0.0:  # infinite or NaN
            return x
        return copysign(float(function(x)), x)

    return kernel


def mod(a: float, b: float) -> float:
    if b == 0 or math.isinf(a) or isnan(a) or isnan(b):
        return nan
    return a % b


def sign(x: float) -> float:
    return 1.0 if x > 0 else -1.0 if x < 0 else x


def minimum(*operands: float) -> float:
    return nan if any(map(isnan, operands)) else min(operands)


def maximum(*operands: float) -> float:
    return nan if any(map(isnan, operands)) else max(operands)


def ties(first: float, *others: float) -> float:
    return float(others.count(first))


exp = outside(math.exp)
sqrt = outside(math.sqrt)
sin, cos, tan = outside(math.sin), outside(math.cos), outside(math.tan)
sinh, cosh = odd(math.sinh), outside(math.cosh)
log = outside(math.log, {0.0: -inf})
log1p = outside(math.log1p, {-1.0: -inf})
log2 = outside(math.log2, {0.0: -inf})
log10 = outside(math.log10, {0.0: -inf})
expm1 = outside(math.expm1)


def log_base(x: float, base: float) -> float:
    if base == 2.0:
        return log2(x)
    if base == 10.0:
        return log10(x)
    return divide(log(x), log(base))


def xlogy(a: float, b: float) -> float:
    return 0.0 if a == 0 and not isnan(b) and b >= 0 else a * log(b)


def logaddexp(a: float, b: float) -> float:
    if a == b:
        return a + math.log(2.0)
    larger, difference = (a, b - a) if a > b else (b, a - b)
    return larger + math.log1p(exp(difference)) if difference == difference else nan


def sigmoid(x: float) -> float:
    if x >= 0:
        return 1.0 / (1.0 + math.exp(-x))
    e = math.exp(x)  # never overflows, unlike exp(-x)
    return e / (1.0 + e)


def sigmoid_of_difference(a: float, b: float) -> float:
    if a == b:
        return 0.5
    difference = a - b
    shifted = a - difference
    lost = (a - (difference + shifted)) + (shifted - b)  # the rounding error of a - b, exactly (Knuth's two-sum)
    value = sigmoid(difference)
    return value + value * sigmoid(-difference) * lost if math.isfinite(lost) else value


def logit(x: float) -> float:
    if 0.25 < x < 0.75:
        return math.log1p((2.0 * x - 1.0) / (1.0 - x))  # the difference of two logarithms cancels here
    return log(x) - log1p(-x)


def softplus(x: float) -> float:
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


def asec(x: float) -> float:
    if isnan(x) or abs(x) < 1:
        return nan
    angle = math.atan(math.sqrt(abs(x) - 1.0) * math.sqrt(abs(x) + 1.0))  # 1/x would be rounded near 1
    return angle if x > 0 else math.pi - angle


def acsc(x: float) -> float:
    if isnan(x) or abs(x) < 1:
        return nan
    return copysign(math.atan2(1.0, math.sqrt(abs(x) - 1.0) * math.sqrt(abs(x) + 1.0)), x)


def acot(x: float) -> float:
    return math.atan(divide(1.0, x))


def sinc(x: float) -> float:
    return 1.0 if x == 0 else sin(x) / x


def sech(x: float) -> float:
    return 1.0 / math.cosh(x) if abs(x) < 700 else 2.0 * math.exp(-abs(x))


def csch(x: float) -> float:
    return divide(1.0, math.sinh(x)) if abs(x) < 700 else copysign(2.0 * math.exp(-abs(x)), x)


def coth(x: float) -> float:
    return divide(1.0, math.tanh(x))


def asech(x: float) -> float:
    if not 0 <= x <= 1:
        return nan
    return 2.0 * atanh(math.sqrt((1.0 - x) / (1.0 + x))) if x > 0.01 else acosh(divide(1.0, x))


def acsch(x: float) -> float:
    if abs(x) < 1e-300:
        return copysign(math.log(2.0) - math.log(abs(x)), x) if x else copysign(inf, x)
    return math.asinh(1.0 / x)


def acoth(x: float) -> float:
    if isnan(x) or abs(x) < 1:
        return nan
    if abs(x) == 1:
        return copysign(inf, x)
    return copysign(0.5 * math.log1p(2.0 / (abs(x) - 1.0)), x)


acosh = outside(math.acosh)
atanh = outside(math.atanh, {1.0: inf, -1.0: -inf})


def exp_of_square(x: float, factor: float) -> float:
    """exp(factor*x^2) for a negative power of two `factor`: a rounded square would cost hundreds of ULP in the tail."""
    if abs(x) > 40.0:
        return nan if isnan(x) else 0.0
    head = round(x * 1048576.0) / 1048576.0  # its square is exact
    return math.exp(factor * head * head) * math.exp(factor * (x - head) * (x + head))


def gaussian(x: float) -> float:
    return exp_of_square(x, -1.0)


def gelu(x: float) -> float:
    return x * (math.erfc(-x / math.sqrt(2.0)) / 2.0) if x > -inf else (-0.0 if x == -inf else nan)


def gamma(x: float) -> float:
    try:
        return math.gamma(x)
    except OverflowError:
        return inf if x > 0 else nan
    except ValueError:
        return copysign(inf, x) if x == 0 else nan


def factorial(x: float) -> float:
    return gamma(x + 1.0)


def with_digits(name: str) -> Kernel:
    """The function computed with more digits by mpmath, which is loaded at the first use."""

    def kernel(*operands: float) -> float:
        from autodiff.evaluate.digits import rounded

        return rounded(name, *operands)

    return kernel


def unless_cancelled(name: str, terms: Callable[[float], tuple[float, float]]) -> Float1:
    """The sum of two terms, computed with more digits where they cancel more than half of a bit."""
    more_digits = with_digits(name)

    def kernel(x: float) -> float:
        first, second = terms(x)
        total = first + second
        return total if abs(total) >= 0.7 * max(abs(first), abs(second)) else more_digits(x)

    return kernel


def sinc_terms(x: float) -> tuple[float, float]:
    return (cos(x) / x, -sinc(x) / x) if x else (0.0, 0.0)


def silu_terms(x: float) -> tuple[float, float]:
    if math.isinf(x):
        return (1.0 if x > 0 else 0.0), 0.0
    return sigmoid(x), x * sigmoid(x) * sigmoid(-x)


def gelu_terms(x: float) -> tuple[float, float]:
    if math.isinf(x):
        return (1.0 if x > 0 else 0.0), 0.0
    return math.erfc(-x / math.sqrt(2.0)) / 2.0, x * exp_of_square(x, -0.5) / math.sqrt(2.0 * math.pi)


KERNELS: dict[str, Kernel] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "strong_product": lambda a, b: 0.0 if a == 0 else a * b,
    "div": divide,
    "neg": lambda a: -a,
    "identity": lambda a: a,
    "pow": power,
    "lowered_power": lowered_power,
    "square": lambda x: x * x,
    "sqrt": sqrt,
    "cbrt": cbrt,
    "root": root,
    "abs": abs,
    "sign": sign,
    "floor": fraction_part_free(math.floor),
    "ceil": fraction_part_free(math.ceil),
    "round": fraction_part_free(round),
    "mod": mod,
    "min": minimum,
    "max": maximum,
    "ties": ties,
    "exp": exp,
    "expm1": expm1,
    "exp2": outside(math.exp2),
    "log": log,
    "log1p": log1p,
    "log2": log2,
    "log10": log10,
    "log_base": log_base,
    "xlogy": xlogy,
    "logaddexp": logaddexp,
    "sigmoid_of_difference": sigmoid_of_difference,
    "sin": sin,
    "cos": cos,
    "tan": tan,
    "asin": outside(math.asin),
    "acos": outside(math.acos),
    "atan": math.atan,
    "asec": asec,
    "acsc": acsc,
    "acot": acot,
    "atan2": math.atan2,
    "sinc": sinc,
    "sinc_slope": unless_cancelled("sinc_slope", sinc_terms),
    "hypot": math.hypot,
    "degrees": math.degrees,
    "radians": math.radians,
    "sinh": sinh,
    "cosh": cosh,
    "tanh": math.tanh,
    "sech": sech,
    "csch": csch,
    "coth": coth,
    "asinh": math.asinh,
    "acosh": acosh,
    "atanh": atanh,
    "asech": asech,
    "acsch": acsch,
    "acoth": acoth,
    "sigmoid": sigmoid,
    "logit": logit,
    "softplus": softplus,
    "gelu": gelu,
    "gelu_slope": unless_cancelled("gelu_slope", gelu_terms),
    "silu_slope": unless_cancelled("silu_slope", silu_terms),
    "erf": math.erf,
    "erfc": math.erfc,
    "gaussian": gaussian,
    "gamma": gamma,
    "gamma_slope": with_digits("gamma_slope"),
    "lgamma": outside(math.lgamma, {}),
    "digamma": with_digits("digamma"),
    "polygamma": with_digits("polygamma"),
    "beta": with_digits("beta"),
    "beta_slope": with_digits("beta_slope"),
    "factorial": factorial,
    "factorial_slope": with_digits("factorial_slope"),
    "lt": lambda a, b: float(a < b),
    "le": lambda a, b: float(a <= b),
    "gt": lambda a, b: float(a > b),
    "ge": lambda a, b: float(a >= b),
    "eq": lambda a, b: float(a == b),
    "ne": lambda a, b: float(a != b),
    "and": lambda a, b: float(bool(a and b)),
    "or": lambda a, b: float(bool(a or b)),
    "not": lambda a: float(not a),
    "where": lambda condition, a, b: a if condition else b,
}

FLOATS = Backend(KERNELS, number)
