"""What neural networks put between their layers."""

from __future__ import annotations

import math
from math import sqrt

from autodiff.evaluate.floats.exact import quotient, two_product, two_sum
from autodiff.evaluate.floats.exponential import exp, sigmoid
from autodiff.evaluate.floats.fallback import with_digits
from autodiff.evaluate.program import Kernel

# 1/sqrt(2) with twice the digits: a rounded operand would cost erfc hundreds of ULP in its tail.
HALF_ROOT, HALF_ROOT_REST = 0.7071067811865476, -4.833646656726457e-17
# 1/sqrt(2*pi), likewise.
DENSITY, DENSITY_REST = 0.3989422804014327, -2.49232720227773e-17
SUBNORMAL = -37.0  # from here down the normal distribution has ever fewer digits, and x times it has more
FAR = 40.0  # from here on the normal distribution is 0 or 1


def scaled_exp(a: float, x: float) -> float:
    if not x < -700.0:
        return a * exp(x)
    half = math.exp(x / 2.0)
    return a * half * half


def normal(x: float) -> float:
    """The normal distribution function, for |x| below FAR."""
    t, lost = two_product(x, HALF_ROOT)
    lost += x * HALF_ROOT_REST
    correction = math.exp(-t * t) * lost / sqrt(math.pi)
    return (0.5 + 0.5 * math.erf(t) if x > 0 else 0.5 * math.erfc(-t)) + correction


def gelu(x: float) -> float:
    if not abs(x) < FAR:
        return max(x, -0.0) if x == x else x
    return x * normal(x) if x > SUBNORMAL else with_digits("gelu")(x)


def gelu_slope(x: float) -> float:
    """normal(x) + x*exp(-x^2/2)/sqrt(2*pi), with what every product loses: the terms cancel half of each other."""
    if not abs(x) < FAR:
        return 1.0 if x > 0 else 0.0 if x < 0 else x
    if x < SUBNORMAL:
        return with_digits("gelu_slope")(x)
    below = normal(x)
    square, square_lost = two_product(x, x)
    e = math.exp(-0.5 * square)
    weight, weight_lost = two_product(x, DENSITY)
    weight_lost += x * DENSITY_REST - weight * 0.5 * square_lost
    product, product_lost = two_product(weight, e)
    total, lost = two_sum(below, product)
    if abs(total) < 0.6 * max(below, abs(product)):
        return with_digits("gelu_slope")(x)
    return total + (lost + product_lost + weight_lost * e)


def silu(x: float) -> float:
    if x < -700.0:
        half = math.exp(x / 2.0)  # the product is normal where exp(x) is subnormal
        return max(x, -1e4) * half * half
    return x * sigmoid(x)


def silu_slope(x: float) -> float:
    """sigmoid(x)*(1 + x*sigmoid(-x)) as one quotient, whose dividend may cancel."""
    if x < -700.0:
        return silu(x) + math.exp(x)
    if not x < 100.0:
        return 1.0 if x > 0 else x
    e = math.exp(-abs(x))
    divisor, divisor_lost = two_sum(1.0, e)
    square, square_lost = two_product(divisor, divisor)
    square_lost += 2.0 * divisor * divisor_lost
    if x > 0:
        product, product_lost = two_product(x, e)
        total, lost = two_sum(divisor, product)
        return quotient(total, lost + product_lost + divisor_lost, square, square_lost)
    term, term_lost = two_sum(1.0, x)
    total, lost = two_sum(term, e)
    if abs(total) < 0.5 * e:
        return with_digits("silu_slope")(x)
    product, product_lost = two_product(e, total)
    return quotient(product, product_lost + e * (lost + term_lost), square, square_lost)


KERNELS: dict[str, Kernel] = {
    "scaled_exp": scaled_exp,
    "gelu": gelu,
    "gelu_slope": gelu_slope,
    "silu": silu,
    "silu_slope": silu_slope,
}
