"""What a calculus book begins with, beside the real axis.

The imaginary part is tiny and carries the derivative, so each form keeps its digits: 1/z near the end of a domain, or a
difference of two imaginary parts, would lose them.
"""

from __future__ import annotations

import cmath
import math
from math import inf

from autodiff.evaluate.complex_step.analytic import NAN, analytic
from autodiff.evaluate.program import Kernel

exp = cmath.exp


def at_least_zero(x: float) -> bool:
    return x >= 0


def power(a: complex, b: complex) -> complex:
    """a^b, whose logarithm of a negative base is never taken."""
    if b == 0:
        return 1 + 0j
    integer = b.imag == 0 and b.real == math.floor(b.real)
    if integer and abs(b.real) <= 64:
        return a ** int(b.real)
    if a.real >= 0:
        return a**b if a else complex(0.0 if b.real > 0 else inf)
    if not integer:
        return NAN
    return (-a) ** b if b.real % 2 == 0 else -((-a) ** b)


def root(x: complex, n: complex) -> complex:
    if n == 2:
        return cmath.sqrt(x) if x.real >= 0 else NAN
    if x.real < 0:
        return -power(-x, 1 / n) if n.real % 2 == 1 else NAN
    return power(x, 1 / n)


def cbrt(x: complex) -> complex:
    """By the real root, of which what is left is near 1."""
    near = math.cbrt(x.real)
    return near * power(x / (near * near * near), complex(1 / 3)) if near else power(x, complex(1 / 3))


def hypot(a: complex, b: complex) -> complex:
    larger, smaller = (a, b) if abs(a.real) >= abs(b.real) else (b, a)
    if larger.real == 0:
        return cmath.sqrt(a * a + b * b)
    ratio = smaller / larger
    length = larger * cmath.sqrt(1 + ratio * ratio)
    return length if larger.real > 0 else -length


def log(x: complex) -> complex:
    return cmath.log(x) if x else complex(-inf)


def log1p(x: complex) -> complex:
    if abs(x) > 0.5:
        return cmath.log(1 + x)
    return complex(0.5 * math.log1p(x.real * (2 + x.real) + x.imag * x.imag), math.atan2(x.imag, 1 + x.real))


def expm1(x: complex) -> complex:
    half = math.sin(x.imag / 2)
    return complex(
        math.expm1(x.real) * math.cos(x.imag) - 2 * half * half,
        math.exp(x.real) * math.sin(x.imag),
    )


def xlogy(a: complex, b: complex) -> complex:
    return a * log(b) if a or not b else 0j


def logaddexp(a: complex, b: complex) -> complex:
    larger, smaller = (a, b) if a.real > b.real else (b, a)
    return larger + log1p(exp(smaller - larger))


def sigmoid(x: complex) -> complex:
    if x.real >= 0:
        return 1 / (1 + exp(-x))
    e = exp(x)
    return e / (1 + e)


def softplus(x: complex) -> complex:
    return x + log1p(exp(-x)) if x.real > 0 else log1p(exp(x))


def atan2(a: complex, b: complex) -> complex:
    """The angle, by the quotient that is small: the choice is the real parts'."""
    if a == 0 and b == 0:
        return 0j
    if abs(a.real) <= abs(b.real) and b.real != 0:
        turn = 0.0 if b.real > 0 else math.copysign(math.pi, a.real)
        return cmath.atan(a / b) + turn
    return math.copysign(math.pi / 2, a.real) - cmath.atan(b / a)


def arc_secant(x: complex) -> complex:
    """Not of 1/x, which would be rounded near 1."""
    if x.real < 0:
        return math.pi - arc_secant(-x)
    return cmath.atan(cmath.sqrt(x - 1) * cmath.sqrt(x + 1))


def arc_sine(x: complex) -> complex:
    """By the roots that keep the digits of 1 - x."""
    return 2 * cmath.atan(x / (1 + cmath.sqrt((1 - x) * (1 + x))))


def arc_cosine(x: complex) -> complex:
    return 2 * cmath.atan(cmath.sqrt(1 - x) / cmath.sqrt(1 + x)) if x != -1 else complex(math.pi)


def sinc(x: complex) -> complex:
    if abs(x.real) >= 1:
        return cmath.sin(x) / x
    term = total = 1 + 0j
    for k in range(1, 14):  # the power series: the quotient's imaginary part would cancel near 0
        term *= -x * x / (2 * k * (2 * k + 1))
        total += term
    return total


def sech(x: complex) -> complex:
    if abs(x.real) < 1:
        return 1 / cmath.cosh(x)
    e = exp(-x if x.real > 0 else x)
    return 2 * e / (1 + e * e)


def csch(x: complex) -> complex:
    if abs(x.real) < 1:
        return 1 / cmath.sinh(x)
    e = exp(-x if x.real > 0 else x)
    return math.copysign(2, x.real) * e / (1 - e * e)


def coth(x: complex) -> complex:
    return 1 / cmath.tanh(x)


def atanh(x: complex) -> complex:
    return 0.5 * log1p(2 * x / (1 - x)) if x.real > 0 else -0.5 * log1p(-2 * x / (1 + x))


def asech(x: complex) -> complex:
    if x.real > 0.5:
        return 2 * cmath.atanh(cmath.sqrt((1 - x) / (1 + x)))
    return cmath.log((1 + cmath.sqrt((1 - x) * (1 + x))) / x)


def acoth(x: complex) -> complex:
    return 0.5 * log1p(2 / (x - 1)) if x.real > 0 else -0.5 * log1p(2 / (-x - 1))


KERNELS: dict[str, Kernel] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": analytic(lambda a, b: a * b),
    "div": analytic(lambda a, b: a / b),
    "neg": lambda a: -a,
    "identity": lambda a: a,
    "pow": analytic(power),
    "sqrt": analytic(cmath.sqrt, at_least_zero),
    "cbrt": analytic(cbrt),
    "root": analytic(root),
    "hypot": analytic(hypot),
    "exp": analytic(exp),
    "exp2": analytic(lambda x: exp(x * math.log(2))),
    "expm1": analytic(expm1),
    "log": analytic(log, at_least_zero),
    "log1p": analytic(log1p, lambda x: x >= -1),
    "log2": analytic(lambda x: log(x) / math.log(2), at_least_zero),
    "log10": analytic(lambda x: log(x) / math.log(10), at_least_zero),
    "log_base": analytic(lambda x, base: log(x) / log(base), lambda x, base: x >= 0 and base >= 0),
    "xlogy": analytic(xlogy, lambda a, b: b >= 0),
    "logaddexp": analytic(logaddexp),
    "sigmoid": analytic(sigmoid),
    "logit": analytic(lambda x: log(x / (1 - x)), lambda x: 0 <= x < 1),
    "softplus": analytic(softplus),
    "sin": analytic(cmath.sin),
    "cos": analytic(cmath.cos),
    "tan": analytic(cmath.tan),
    "asin": analytic(arc_sine, lambda x: -1 <= x <= 1),
    "acos": analytic(arc_cosine, lambda x: -1 <= x <= 1),
    "atan": analytic(cmath.atan),
    "asec": analytic(arc_secant, lambda x: abs(x) >= 1),
    "acsc": analytic(
        lambda x: math.pi / 2 - arc_secant(x) if x.real > 0 else -(math.pi / 2 - arc_secant(-x)),
        lambda x: abs(x) >= 1,
    ),
    "acot": analytic(lambda x: cmath.atan(1 / x)),
    "atan2": analytic(atan2),
    "sinc": analytic(sinc),
    "degrees": lambda x: x * (180 / math.pi),
    "radians": lambda x: x * (math.pi / 180),
    "sinh": analytic(cmath.sinh),
    "cosh": analytic(cmath.cosh),
    "tanh": analytic(cmath.tanh),
    "sech": analytic(sech),
    "csch": analytic(csch),
    "coth": analytic(coth),
    "asinh": analytic(cmath.asinh),
    "acosh": analytic(lambda x: 2 * cmath.asinh(cmath.sqrt((x - 1) / 2)), lambda x: x >= 1),
    "atanh": analytic(atanh, lambda x: -1 < x < 1),
    "asech": analytic(asech, lambda x: 0 < x <= 1),
    "acsch": analytic(lambda x: cmath.asinh(1 / x)),
    "acoth": analytic(acoth, lambda x: abs(x) > 1),
}
