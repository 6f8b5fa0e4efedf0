"""Exponentials and logarithms."""

from __future__ import annotations

import math
from math import exp2, inf, isfinite, isnan, nan

from autodiff.evaluate.floats.arithmetic import log
from autodiff.evaluate.floats.exact import quotient, two_product, two_sum
from autodiff.evaluate.floats.fallback import with_digits
from autodiff.evaluate.floats.ieee import divide, outside, times_power_of_two
from autodiff.evaluate.program import Kernel

exp = outside(math.exp)
log1p = outside(math.log1p, {-1.0: -inf})
log2 = outside(math.log2, {0.0: -inf})
log10 = outside(math.log10, {0.0: -inf})


def log_base(x: float, base: float) -> float:
    if base == 2.0:
        return log2(x)
    if base == 10.0:
        return log10(x)
    return divide(log(x), log(base))


def log_base_slope(x: float, base: float) -> float:
    dividend, logarithm = log(x), log(base)
    if not (0 < x < inf and 0 < base < inf) or logarithm == 0:
        return -divide(divide(dividend, logarithm * logarithm), base)
    square, lost = two_product(logarithm, logarithm)
    mantissa, exponent = math.frexp(base)
    divisor, divisor_lost = two_product(square, mantissa)
    return times_power_of_two(-quotient(dividend, 0.0, divisor, divisor_lost + lost * mantissa), -exponent)


def xlogy(a: float, b: float) -> float:
    return 0.0 if a == 0 and b >= 0 else a * log(b)


def logaddexp(a: float, b: float) -> float:
    if isnan(a) or isnan(b):
        return nan
    larger, smaller = (a, b) if a > b else (b, a)
    if larger - smaller != larger - smaller:  # infinite both
        return larger
    added = math.log1p(math.exp(smaller - larger))
    total = larger + added
    return with_digits("logaddexp")(a, b) if larger < 0 and abs(total) < 0.3 * added else total


def sigmoid(x: float) -> float:
    e = math.exp(-abs(x))  # never overflows, unlike exp(-x)
    divisor, lost = two_sum(1.0, e)
    return quotient(1.0 if x >= 0 else e, 0.0, divisor, lost)


def sigmoid_of_difference(a: float, b: float) -> float:
    if a == b:
        return 0.5
    difference, lost = two_sum(a, -b)
    value = sigmoid(difference)
    return value + value * sigmoid(-difference) * lost if isfinite(lost) else value


def softplus(x: float) -> float:
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


def logit(x: float) -> float:
    if 0.25 < x < 0.75:
        return math.log1p((2.0 * x - 1.0) / (1.0 - x))  # the difference of two logarithms cancels here
    return log(x) - log1p(-x)


def exp_of_square(x: float, factor: float) -> float:
    """exp(factor*x^2) for a factor of -1 or -1/2: a rounded square would cost hundreds of ULP in the tail."""
    if isnan(x) or abs(x) > 40.0:
        return x if isnan(x) else 0.0
    square, lost = two_product(x, x)
    value = math.exp(factor * square)
    return value + value * (factor * lost)


KERNELS: dict[str, Kernel] = {
    "exp": exp,
    "expm1": outside(math.expm1),
    "exp2": outside(exp2),
    "log": log,
    "log1p": log1p,
    "log2": log2,
    "log10": log10,
    "log_base": log_base,
    "log_base_slope": log_base_slope,
    "xlogy": xlogy,
    "logaddexp": logaddexp,
    "sigmoid": sigmoid,
    "sigmoid_of_difference": sigmoid_of_difference,
    "softplus": softplus,
    "logit": logit,
    "gaussian": lambda x: exp_of_square(x, -1.0),
}
