"""The functions of the table and their derivatives as a calculus book has them, in mpmath: the truth.

Nothing here comes from the table of primitives. Where a derivative is infinite or not defined, mpmath raises or its
value is not real. `test_calculus.py` compares the derivatives with differences of the functions.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

from mpmath import mp, mpf

Real = Callable[..., Any]
OVERFLOW = mp.ldexp(1, 1024)  # where the numbers of binary64 end


class Truth(NamedTuple):
    """A function and its partial derivatives; those of integers and of choices are None."""

    value: Real
    partials: tuple[Real | None, ...]


def exp(x: Any) -> Any:
    """The exponential, but for numbers of which it is beyond binary64 by far, whatever it is multiplied by."""
    return mp.exp(x) if abs(x) < 1e6 else mpf(0) if x < 0 else mp.inf


def cosh(x: Any) -> Any:
    return (exp(x) + exp(-x)) / 2


def sinh(x: Any) -> Any:
    return mp.sinh(x) if abs(x) < 1e6 else mp.sign(x) * mp.inf


def sech(x: Any) -> Any:
    return 1 / cosh(x)


def csch(x: Any) -> Any:
    return 1 / sinh(x)


def power(a: Any, b: Any) -> Any:
    """a^b, which is 0 or infinite where its logarithm says so."""
    if a and abs(b * mp.log(abs(a))) > 1e5:
        size = exp(mp.sign(b * mp.log(abs(a))) * mp.inf)
        return -size if a < 0 and int(b) % 2 else size
    return a ** (int(b) if mp.isint(b) else b)


def power_slope(a: Any, b: Any) -> Any:
    return b * power(a, b) / a if a else b * power(a, b - 1)  # b - 1 may need more digits than there are


def root(x: Any, n: Any) -> Any:
    return power(x, 1 / n) if x >= 0 else -power(-x, 1 / n)


def cbrt(x: Any) -> Any:
    return mp.sign(x) * mp.cbrt(abs(x))


def sigmoid(x: Any) -> Any:
    return 1 / (1 + exp(-x))


def sigmoid_slope(x: Any) -> Any:
    e = exp(-abs(x))
    return e / (1 + e) ** 2


def silu_slope(x: Any) -> Any:
    return sigmoid(x) + x * sigmoid_slope(x)


def normal(x: Any) -> Any:
    return mp.erfc(-x / mp.sqrt(2)) / 2 if abs(x) < 1e4 else mpf(x > 0)


def normal_density(x: Any) -> Any:
    return exp(-x * x / 2) / mp.sqrt(2 * mp.pi)


def gaussian(x: Any) -> Any:
    return 2 / mp.sqrt(mp.pi) * exp(-x * x)


def gamma(x: Any) -> Any:
    """The gamma function, but for numbers of which it is beyond binary64 by far."""
    return mp.gamma(x) if abs(x) < 1e4 else mpf(0) if x < 0 else mp.inf


def gamma_slope(x: Any) -> Any:
    return gamma(x) * mp.psi(0, x) if abs(x) < 1e4 else gamma(x)


def polygamma(n: Any, x: Any) -> Any:
    if n > 300 or x < -1000:
        raise ValueError("mpmath would take minutes")
    return mp.psi(int(n), x)


def beta(a: Any, b: Any, slope: bool = False) -> Any:
    """Its derivative in a if `slope`. The sum of a and b must not be rounded, and the logarithms are large."""
    with mp.extraprec(abs(mp.mag(a) - mp.mag(b)) + max(0, mp.mag(a), mp.mag(b)) + 60):
        logarithm = mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)
        size = exp(mp.re(logarithm))
        value = -size if int(mp.nint(mp.im(logarithm) / mp.pi)) % 2 else size
        return value * (mp.psi(0, a) - mp.psi(0, a + b)) if slope and value else value


def bessel(function: Real, sign: int) -> Truth:
    """A Bessel function f of order n, for which f' = n/x*f + sign*f of order n + 1 (DLMF 10.6.2, 10.29.2)."""

    def value(n: Any, x: Any) -> Any:
        if abs(n) > 300 or abs(x) > 200:
            raise ValueError("mpmath would take minutes")
        return function(int(n) if mp.isint(n) else n, x)

    return Truth(value, (None, lambda n, x: n / x * value(n, x) + sign * value(n + 1, x)))


def indicator(condition: Any) -> Any:
    return mpf(1 if condition else 0)


def zero(*operands: Any) -> Any:
    return mpf(0)


def one(*operands: Any) -> Any:
    return mpf(1)


CALCULUS: dict[str, Truth] = {
    "add": Truth(lambda a, b: a + b, (one, one)),
    "sub": Truth(lambda a, b: a - b, (one, lambda a, b: mpf(-1))),
    "mul": Truth(lambda a, b: a * b, (lambda a, b: b, lambda a, b: a)),
    "div": Truth(lambda a, b: a / b, (lambda a, b: 1 / b, lambda a, b: -a / b**2)),
    "neg": Truth(lambda a: -a, (lambda a: mpf(-1),)),
    "pow": Truth(power, (power_slope, lambda a, b: power(a, b) * mp.log(a))),
    "square": Truth(lambda x: x * x, (lambda x: 2 * x,)),
    "sqrt": Truth(mp.sqrt, (lambda x: 1 / (2 * mp.sqrt(x)),)),
    "cbrt": Truth(cbrt, (lambda x: 1 / (3 * mp.cbrt(x * x)),)),
    "root": Truth(root, (lambda x, n: root(x, n) / x / n, lambda x, n: -root(x, n) * mp.log(x) / n**2)),
    "abs": Truth(abs, (mp.sign,)),
    "sign": Truth(mp.sign, (zero,)),
    "floor": Truth(mp.floor, (zero,)),
    "ceil": Truth(mp.ceil, (zero,)),
    "round": Truth(mp.nint, (zero,)),
    "mod": Truth(lambda a, b: a - b * mp.floor(a / b), (one, lambda a, b: -mp.floor(a / b))),
    "min": Truth(min, (lambda a, b: indicator(a < b), lambda a, b: indicator(b < a))),
    "max": Truth(max, (lambda a, b: indicator(a > b), lambda a, b: indicator(b > a))),
    "clip": Truth(
        lambda x, low, high: min(max(x, low), high),
        (
            lambda x, low, high: indicator(low < x < high),
            lambda x, low, high: indicator(x < low < high),
            lambda x, low, high: indicator(x > high or low > high),
        ),
    ),
    "exp": Truth(exp, (exp,)),
    "expm1": Truth(lambda x: mp.expm1(x) if abs(x) < 1e6 else exp(x) - 1, (exp,)),
    "exp2": Truth(lambda x: exp(x * mp.log(2)), (lambda x: exp(x * mp.log(2)) * mp.log(2),)),
    "log": Truth(mp.log, (lambda x: 1 / x,)),
    "log1p": Truth(mp.log1p, (lambda x: 1 / (1 + x),)),
    "log2": Truth(lambda x: mp.log(x) / mp.log(2), (lambda x: 1 / (x * mp.log(2)),)),
    "log10": Truth(lambda x: mp.log(x) / mp.log(10), (lambda x: 1 / (x * mp.log(10)),)),
    "log_base": Truth(
        lambda x, base: mp.log(x) / mp.log(base),
        (lambda x, base: 1 / (x * mp.log(base)), lambda x, base: -mp.log(x) / (base * mp.log(base) ** 2)),
    ),
    "xlogy": Truth(lambda a, b: a * mp.log(b), (lambda a, b: mp.log(b), lambda a, b: a / b)),
    "logaddexp": Truth(
        lambda a, b: max(a, b) + mp.log1p(exp(-abs(a - b))),
        (lambda a, b: sigmoid(a - b), lambda a, b: sigmoid(b - a)),
    ),
    "sin": Truth(mp.sin, (mp.cos,)),
    "cos": Truth(mp.cos, (lambda x: -mp.sin(x),)),
    "tan": Truth(mp.tan, (lambda x: 1 / mp.cos(x) ** 2,)),
    "sec": Truth(mp.sec, (lambda x: mp.sin(x) / mp.cos(x) ** 2,)),
    "csc": Truth(mp.csc, (lambda x: -mp.cos(x) / mp.sin(x) ** 2,)),
    "cot": Truth(mp.cot, (lambda x: -1 / mp.sin(x) ** 2,)),
    "asin": Truth(mp.asin, (lambda x: 1 / mp.sqrt(1 - x * x),)),
    "acos": Truth(mp.acos, (lambda x: -1 / mp.sqrt(1 - x * x),)),
    "atan": Truth(mp.atan, (lambda x: 1 / (1 + x * x),)),
    "asec": Truth(mp.asec, (lambda x: 1 / (abs(x) * mp.sqrt(x * x - 1)),)),
    "acsc": Truth(mp.acsc, (lambda x: -1 / (abs(x) * mp.sqrt(x * x - 1)),)),
    "acot": Truth(mp.acot, (lambda x: -1 / (1 + x * x),)),
    "atan2": Truth(mp.atan2, (lambda a, b: b / (a * a + b * b), lambda a, b: -a / (a * a + b * b))),
    "sinc": Truth(mp.sinc, (lambda x: mp.cos(x) / x - mp.sin(x) / x**2,)),
    "hypot": Truth(
        lambda a, b: mp.sqrt(a * a + b * b),
        (lambda a, b: a / mp.sqrt(a * a + b * b), lambda a, b: b / mp.sqrt(a * a + b * b)),
    ),
    "degrees": Truth(lambda x: x * 180 / mp.pi, (lambda x: 180 / mp.pi,)),
    "radians": Truth(lambda x: x * mp.pi / 180, (lambda x: mp.pi / 180,)),
    "sinh": Truth(sinh, (cosh,)),
    "cosh": Truth(cosh, (sinh,)),
    "tanh": Truth(mp.tanh, (lambda x: sech(x) ** 2,)),
    "sech": Truth(sech, (lambda x: -sech(x) * mp.tanh(x),)),
    "csch": Truth(csch, (lambda x: -csch(x) / mp.tanh(x),)),
    "coth": Truth(lambda x: 1 / mp.tanh(x), (lambda x: -(csch(x) ** 2),)),
    "asinh": Truth(mp.asinh, (lambda x: 1 / mp.sqrt(1 + x * x),)),
    "acosh": Truth(mp.acosh, (lambda x: 1 / mp.sqrt(x * x - 1),)),
    "atanh": Truth(mp.atanh, (lambda x: 1 / (1 - x * x),)),
    "asech": Truth(mp.asech, (lambda x: -1 / (x * mp.sqrt(1 - x * x)),)),
    "acsch": Truth(mp.acsch, (lambda x: -1 / (abs(x) * mp.sqrt(1 + x * x)),)),
    "acoth": Truth(mp.acoth, (lambda x: 1 / (1 - x * x),)),
    "sigmoid": Truth(sigmoid, (sigmoid_slope,)),
    "logit": Truth(lambda x: mp.log(x / (1 - x)), (lambda x: 1 / (x * (1 - x)),)),
    "softplus": Truth(lambda x: max(x, mpf(0)) + mp.log1p(exp(-abs(x))), (sigmoid,)),
    "relu": Truth(lambda x: max(x, mpf(0)), (lambda x: indicator(x > 0),)),
    "leaky_relu": Truth(
        lambda x, slope: x if x > 0 else slope * x,
        (lambda x, slope: mpf(1) if x > 0 else slope, lambda x, slope: mpf(0) if x > 0 else x),
    ),
    "elu": Truth(
        lambda x, alpha: x if x > 0 else alpha * mp.expm1(max(x, mpf(-1e6))),
        (
            lambda x, alpha: mpf(1) if x > 0 else alpha * exp(x),
            lambda x, alpha: mpf(0) if x > 0 else mp.expm1(max(x, mpf(-1e6))),
        ),
    ),
    "gelu": Truth(lambda x: x * normal(x), (lambda x: normal(x) + x * normal_density(x),)),
    "silu": Truth(lambda x: x * sigmoid(x), (silu_slope,)),
    "softsign": Truth(lambda x: x / (1 + abs(x)), (lambda x: 1 / (1 + abs(x)) ** 2,)),
    "erf": Truth(mp.erf, (gaussian,)),
    "erfc": Truth(lambda x: mp.erfc(x) if x < 1e4 else mpf(0), (lambda x: -gaussian(x),)),
    "gamma": Truth(gamma, (gamma_slope,)),
    "lgamma": Truth(lambda x: mp.re(mp.loggamma(x)), (lambda x: mp.psi(0, x),)),
    "digamma": Truth(lambda x: mp.psi(0, x), (lambda x: mp.psi(1, x),)),
    "polygamma": Truth(polygamma, (None, lambda n, x: polygamma(n + 1, x))),
    "beta": Truth(
        beta,
        (lambda a, b: beta(a, b, slope=True), lambda a, b: beta(b, a, slope=True)),
    ),
    "factorial": Truth(lambda x: gamma(x + 1), (lambda x: gamma_slope(x + 1),)),
    "erfi": Truth(
        lambda x: mp.erfi(x) if abs(x) < 100 else mp.sign(x) * mp.inf, (lambda x: 2 / mp.sqrt(mp.pi) * exp(x * x),)
    ),
    "fresnels": Truth(mp.fresnels, (lambda x: mp.sin(mp.pi * x * x / 2),)),
    "fresnelc": Truth(mp.fresnelc, (lambda x: mp.cos(mp.pi * x * x / 2),)),
    "lambertw": Truth(mp.lambertw, (lambda x: mp.exp(-mp.lambertw(x)) / (1 + mp.lambertw(x)),)),
    "besselj": bessel(mp.besselj, -1),
    "bessely": bessel(mp.bessely, -1),
    "besseli": bessel(mp.besseli, 1),
    "besselk": bessel(mp.besselk, -1),
    "where": Truth(
        lambda condition, a, b: a if condition else b,
        (None, lambda condition, a, b: indicator(condition), lambda condition, a, b: indicator(not condition)),
    ),
}


def truth(function: Real, point: tuple[float, ...]) -> Any | None:
    """The value at a point with some twenty digits more than a float has; None where it is not a real number.

    The digits double until two results agree, so that cancellation can't hide.
    """
    previous, bits = None, 160
    while bits <= 8192:
        with mp.workprec(bits):
            try:
                value = function(*map(mpf, point))
            except (ValueError, ZeroDivisionError):
                return None
            if not isinstance(value, mpf) or mp.isnan(value):
                return None
            settled = previous is not None and value != 0 and abs(value - previous) <= mp.ldexp(abs(value), -120)
            if mp.isinf(value) or settled:
                return value
        previous, bits = value, bits * 2
    return previous


def ulps(given: float, true: Any) -> float:
    """How far a float is from the truth, in units in the last place of the truth; infinity stands for 2^1024."""
    if math.isnan(given):
        return math.inf
    with mp.workprec(160):
        nearest = max(-OVERFLOW, min(OVERFLOW, true))
        there = mp.sign(given) * OVERFLOW if math.isinf(given) else mpf(given)
        exponent = max(-1022, min(1023, mp.mag(nearest) - 1 if nearest else -1022))
        return float(mp.ldexp(abs(there - nearest), 52 - int(exponent)))
