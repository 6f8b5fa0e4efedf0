"""What neural networks put between their layers."""

from __future__ import annotations

from math import pi, sqrt

import numpy

from autodiff.evaluate.arrays.elementwise.blocks import Entries, Operand, entry_by_entry, in_blocks, redo
from autodiff.evaluate.arrays.elementwise.exact import quotient, two_product, two_sum
from autodiff.evaluate.arrays.elementwise.exponential import sigmoid
from autodiff.evaluate.arrays.elementwise.special import erfc
from autodiff.evaluate.floats import activation as floats
from autodiff.evaluate.floats.activation import DENSITY, DENSITY_REST, FAR, HALF_ROOT, HALF_ROOT_REST, SUBNORMAL
from autodiff.evaluate.program import Kernel

DEEP = -700.0  # below it exp(x) is subnormal, or nearly so
# The zero of silu_slope, which is that of 1 + x + exp(x), with twice the digits; and the exponential of it.
SILU_ZERO, SILU_ZERO_REST, SILU_ZERO_EXPONENTIAL = -1.2784645427610737, -1.0946994183093437e-16, 0.2784645427610738
# The zero of gelu_slope, with twice the digits, and the Taylor coefficients there, from the first on (mpmath.taylor).
GELU_ZERO, GELU_ZERO_REST = -0.7517915246935645, 1.4956759177009883e-17
GELU_COEFFICIENTS = (
    0.4314939923140469,
    0.388284982990552,
    -0.018199676398671087,
    -0.1140082332972217,
    -0.014771522148244337,
    0.019421679838189067,
    0.004539228379125415,
    -0.002239538068073497,
    -0.0007448268386746817,
    0.00018633974623233514,
    8.615947861116571e-05,
    -1.121438018842664e-05,
    -7.74846130700372e-06,
    4.3284506257392273e-07,
    5.702764979242107e-07,
    -1.6044265494246427e-09,
    -3.5459866461783865e-08,
    -1.396942086426202e-09,
    1.90319840501314e-09,
    1.4506418938779426e-10,
    -8.950037692726255e-11,
    -9.950340824808053e-12,
    3.725967039270119e-12,
    5.482292964742324e-13,
    -1.3820118240601056e-13,
    -2.5871508475507507e-14,
)


def relu(x: Operand) -> Entries:
    return numpy.where(x < 0.0, 0.0, x)


def leaky_relu(x: Operand, slope: Operand) -> Entries:
    return numpy.where(numpy.less(x, 0.0), slope * x, x)


def elu(x: Operand, alpha: Operand) -> Entries:
    return numpy.where(numpy.less(x, 0.0), alpha * numpy.expm1(x), x)


def scaled_exp(a: Operand, x: Operand) -> Entries:
    a, x = numpy.broadcast_arrays(a, x)
    return redo(a * numpy.exp(x), x < DEEP, deep_scaled_exp, a, x)


def deep_scaled_exp(a: Operand, x: Operand) -> Entries:
    half = numpy.exp(x / 2.0)
    return a * half * half


def softsign(x: Operand) -> Entries:
    return x / (1.0 + numpy.abs(x))


def silu(x: Operand) -> Entries:
    return redo(x * sigmoid(x), x < DEEP, deep_silu, x)


def deep_silu(x: Operand) -> Entries:
    return deep_scaled_exp(numpy.maximum(x, -1e4), x)


def silu_slope(x: Operand) -> Entries:
    """sigmoid(x)*(1 + x*sigmoid(-x)) as one quotient, whose dividend may cancel."""
    x = numpy.clip(x, -1e4, 100.0)  # beyond it is 0 or 1
    e = numpy.exp(-numpy.abs(x))
    divisor, divisor_lost = two_sum(1.0, e)
    square, square_lost = two_product(divisor, divisor)
    square_lost += 2.0 * divisor * divisor_lost
    negative = x <= 0.0
    # The dividend is 1 + e + x*e where x is positive, else e*(1 + x + e).
    first, first_lost = two_sum(1.0, numpy.where(negative, x, e))
    second, second_lost = two_product(numpy.where(negative, 1.0, x), e)
    total, lost = two_sum(first, second)
    lost += first_lost + second_lost
    near = (x > -1.42) & (x < -1.14)
    if near.any():
        total[near], lost[near] = beside_silu_zero(x[near]), 0.0
    product, product_lost = two_product(numpy.where(negative, e, 1.0), total)
    slope = quotient(product, product_lost + numpy.where(negative, e, 1.0) * lost, square, square_lost)
    return redo(slope, x < DEEP, deep_silu_slope, x)


def beside_silu_zero(x: Operand) -> Entries:
    """1 + x + exp(x) as two terms of one sign, of the exact distance from its zero."""
    distance = (x - SILU_ZERO) - SILU_ZERO_REST
    return distance + SILU_ZERO_EXPONENTIAL * numpy.expm1(distance)


def deep_silu_slope(x: Operand) -> Entries:
    return deep_silu(x) + numpy.exp(x)


def normal(x: Operand) -> Entries:
    """The normal distribution function, for |x| up to FAR."""
    t, lost = two_product(x, HALF_ROOT)
    lost += x * HALF_ROOT_REST  # a rounded operand would cost erfc hundreds of ULP in its tail
    return 0.5 * erfc(-t) + numpy.exp(-t * t) * lost / sqrt(pi)


def gelu(x: Operand) -> Entries:
    inside = numpy.clip(x, -FAR, FAR)
    result = numpy.where(numpy.abs(x) < FAR, inside * normal(inside), numpy.maximum(x, -0.0))
    return redo(result, (x > -FAR) & (x <= SUBNORMAL), entry_by_entry(floats.gelu), x)


def gelu_slope(x: Operand) -> Entries:
    """normal(x) + x*exp(-x^2/2)/sqrt(2*pi), with what every product loses: the terms cancel half of each other."""
    inside = numpy.clip(x, -FAR, FAR)
    below = normal(inside)
    square, square_lost = two_product(inside, inside)
    e = numpy.exp(-0.5 * square)
    weight, weight_lost = two_product(inside, DENSITY)
    weight_lost += inside * DENSITY_REST - weight * 0.5 * square_lost
    product, product_lost = two_product(weight, e)
    total, lost = two_sum(below, product)
    slope = total + (lost + product_lost + weight_lost * e)
    redo(slope, (x > -1.375) & (x < -0.375), beside_gelu_zero, x)
    redo(slope, (x > -FAR) & (x < SUBNORMAL), entry_by_entry(floats.gelu_slope), x)
    numpy.copyto(slope, 0.0, where=x <= -FAR)
    return slope


def beside_gelu_zero(x: Operand) -> Entries:
    """gelu_slope as a power series of the exact distance from its zero, for a distance of up to 0.63."""
    distance = (x - GELU_ZERO) - GELU_ZERO_REST
    series = numpy.full_like(distance, GELU_COEFFICIENTS[-1])
    for coefficient in GELU_COEFFICIENTS[-2::-1]:
        series = series * distance + coefficient
    return series * distance


KERNELS: dict[str, Kernel] = {
    "relu": in_blocks(relu),
    "leaky_relu": in_blocks(leaky_relu),
    "elu": in_blocks(elu),
    "scaled_exp": in_blocks(scaled_exp),
    "gelu": in_blocks(gelu),
    "gelu_slope": in_blocks(gelu_slope),
    "silu": in_blocks(silu),
    "silu_slope": in_blocks(silu_slope),
    "softsign": in_blocks(softsign),
}
