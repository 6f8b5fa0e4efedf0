"""Hyperbolic functions and their inverses, by the formulas of the floats backend."""

from __future__ import annotations

import math

import numpy

from autodiff.evaluate.arrays.elementwise.blocks import Entries, Operand, in_blocks, of_ufunc
from autodiff.evaluate.arrays.elementwise.exact import quotient, two_product, two_sum
from autodiff.evaluate.floats.hyperbolic import FAR
from autodiff.evaluate.program import Kernel


def sech(x: Operand) -> Entries:
    e = numpy.exp(-numpy.abs(x))
    square, square_lost = two_product(e, e)
    total, lost = two_sum(1.0, square)
    return quotient(2.0 * e, 0.0, total, lost + square_lost)


def tanh_slope(x: Operand) -> Entries:
    """sech(x)^2, as accurate as by the more accurate sech, and in a fraction of its time."""
    square = numpy.exp(-2.0 * numpy.abs(x))
    total = 1.0 + square
    return 4.0 * square / (total * total)


def csch(x: Operand) -> Entries:
    size = numpy.abs(x)
    e = numpy.expm1(numpy.clip(size, 1e-100, FAR))  # sinh(x) is e*(e + 2)/(e + 1)/2
    dividend, dividend_lost = two_sum(e, 1.0)
    factor, factor_lost = two_sum(e, 2.0)
    product, product_lost = two_product(e, factor)
    product_lost += e * factor_lost
    middle = quotient(2.0 * dividend, 2.0 * dividend_lost, product, product_lost)
    outside = numpy.where(size < 1.0, 1.0 / size, 2.0 * numpy.exp(-size))
    return numpy.copysign(numpy.where((size < 1e-100) | (size >= FAR), outside, middle), x)


def coth(x: Operand) -> Entries:
    return numpy.copysign(1.0 + 2.0 / numpy.expm1(2.0 * numpy.minimum(numpy.abs(x), FAR)), x)


def asech(x: Operand) -> Entries:
    # Near 1 the inverse would be rounded; far from it, the operand of atanh.
    near = 2.0 * numpy.arctanh(numpy.sqrt((1.0 - x) / (1.0 + x)))
    result = numpy.where(x > 0.5, near, numpy.arccosh(1.0 / x))
    return numpy.where(numpy.abs(x) < 1e-300, math.log(2.0) - numpy.log(x), result)


def acsch(x: Operand) -> Entries:
    size = numpy.abs(x)
    return numpy.where(size < 1e-300, numpy.copysign(math.log(2.0) - numpy.log(size), x), numpy.arcsinh(1.0 / x))


def acoth(x: Operand) -> Entries:
    return numpy.copysign(0.5 * numpy.log1p(2.0 / (numpy.abs(x) - 1.0)), x)


KERNELS: dict[str, Kernel] = {
    "sinh": of_ufunc(numpy.sinh),
    "cosh": of_ufunc(numpy.cosh),
    "tanh": of_ufunc(numpy.tanh),
    "sech": in_blocks(sech),
    "tanh_slope": in_blocks(tanh_slope),
    "csch": in_blocks(csch),
    "coth": in_blocks(coth),
    "asinh": of_ufunc(numpy.arcsinh),
    "acosh": of_ufunc(numpy.arccosh),
    "atanh": of_ufunc(numpy.arctanh),
    "asech": in_blocks(asech),
    "acsch": in_blocks(acsch),
    "acoth": in_blocks(acoth),
}
