"""Sums, products, powers and roots."""

from __future__ import annotations

from math import inf, nan
from typing import Any

import numpy

from autodiff.evaluate.arrays.elementwise.blocks import Entries, Operand, entry_by_entry, in_blocks, of_ufunc, redo
from autodiff.evaluate.arrays.elementwise.exact import two_product
from autodiff.evaluate.floats import arithmetic as floats
from autodiff.evaluate.floats.ieee import SMALLEST_NORMAL, is_odd
from autodiff.evaluate.program import Kernel

EXACT_INTEGERS = 2.0**53  # up to it, and from 1 on, b - 1 is not rounded


def is_normal(x: Operand) -> Entries:
    size = numpy.abs(x)
    return (size >= SMALLEST_NORMAL) & (size < inf)


def strong_product(a: Any, b: Any, out: Any = None) -> Any:
    """Of operands of any shapes, written into `out` if there is one; where `a` is 0, so is the product."""
    zero = numpy.equal(a, 0.0)  # first: `out` may be `a`
    product = numpy.asarray(numpy.multiply(a, b, out=out))
    if zero.any():
        numpy.copyto(product, 0.0, where=zero)
    return product


def quotient_slope(a: Operand, b: Operand) -> Entries:
    quotient = numpy.divide(a, b)
    subnormal = (quotient != 0) & (numpy.abs(quotient) < SMALLEST_NORMAL)
    return redo(-(quotient / b), subnormal, entry_by_entry(floats.quotient_slope), a, b)


def power(a: Operand, b: Operand) -> Entries:
    if isinstance(b, float):
        if b == 1.0:
            return +a
        if b == 2.0:
            return a * a
        if b == 3.0:
            return a * a * a
        if b == -1.0:
            return 1.0 / a
        if b == 0.5:
            return numpy.where(numpy.isinf(a), inf, numpy.sqrt(a) + 0.0)  # NumPy's is a mere sqrt(a)
    return numpy.power(a, b)


def lowered_power(a: Operand, b: Operand) -> Entries:
    lowered = b - 1.0
    result = power(a, lowered)
    rounded = (lowered + 1.0 != b) | (lowered - b != -1.0)
    if not numpy.any(rounded):
        return result
    return numpy.where(rounded & (a != 0) & ~numpy.isinf(a) & ~numpy.isinf(b), power(a, b) / a, result)


def power_slope(a: Operand, b: Operand) -> Entries:
    lowered = lowered_power(a, b)
    slope = b * lowered
    numpy.copyto(slope, 0.0, where=numpy.equal(b, 0.0))
    size = numpy.abs(lowered)
    delicate = (size < 2.3e-308) & (numpy.abs(b) > 1.0) | (size == inf) & (numpy.abs(b) < 1.0)
    if not delicate.any():
        return slope
    delicate &= (a != 0) & numpy.isfinite(a) & numpy.isfinite(b)
    underflow = delicate & numpy.greater(b, 1.0) & numpy.less(b, EXACT_INTEGERS)
    redo(slope, underflow, power_slope_in_halves, a, b, slope)
    return redo(slope, delicate & ~underflow, entry_by_entry(floats.power_slope), a, b)


def power_slope_in_halves(a: Operand, b: Operand, underflown: Operand) -> Entries:
    """b*a^(b - 1), of which the sign is known, by two factors that don't underflow where the product doesn't."""
    half = numpy.power(numpy.abs(a), (b - 1.0) / 2.0)
    return numpy.copysign(b * half * half, underflown) + 0.0  # a zero is positive, as from mpmath


def exponent_slope(value: Operand, a: Operand, b: Operand) -> Entries:
    value, a, b = numpy.broadcast_arrays(value, a, b)
    slope = numpy.where(numpy.equal(value, 0.0), 0.0, value * numpy.log(a))
    return redo(slope, ~is_normal(value) & ~(a <= 0.0), slope_in_halves, a, b)


def slope_in_halves(a: Operand, b: Operand) -> Entries:
    """a^b*log(a), by two factors that neither over- nor underflow where the product doesn't."""
    half = numpy.power(a, b / 2.0)
    return numpy.where(numpy.equal(half, 0.0), 0.0, half * numpy.log(a)) * half


def cbrt(x: Operand) -> Entries:
    size = numpy.abs(x)
    middle = (size > 1e-280) & (size < 1e280)
    y = numpy.cbrt(x)  # libm's is off by up to 4 ULP: one step of Newton, with an exact residual
    square, square_lost = two_product(y, y)
    cube, cube_lost = two_product(square, y)
    better = y - ((cube - x) + (cube_lost + square_lost * y)) / (3.0 * square)
    delicate = ~middle & (size > 0.0) & (size < inf)
    return redo(numpy.where(middle, better, y), delicate, entry_by_entry(floats.cbrt), x)


def root(x: Operand, n: Operand) -> Entries:
    if not isinstance(n, float):
        return entry_by_entry(floats.root)(x, n)
    if n == 2.0:
        return numpy.sqrt(x)
    if n == 3.0:
        return cbrt(x)
    if n == 0.0:
        return numpy.full_like(x, nan)
    negative = x < 0.0
    size = numpy.where(negative, -x, x)
    exponent = 1.0 / n
    y = power(size, exponent)
    if 1e-100 < abs(n) < 1e100:
        product, error = two_product(exponent, n)
        lost = ((1.0 - product) - error) / n  # 1/n - exponent, which the logarithm of x magnifies
        y = numpy.where((y == 0.0) | numpy.isinf(y), y, y + y * (lost * numpy.log(size)))
    return numpy.where(negative, -y if is_odd(n) else nan, y)


def root_slope(x: Operand, n: Operand) -> Entries:
    y = root(x, n)
    slope = y / x
    delicate = ~(is_normal(y) & is_normal(slope)) & ~numpy.isnan(y) | numpy.equal(x, 0.0)
    return redo(numpy.divide(slope, n), delicate, entry_by_entry(floats.root_slope), x, n)


def root_order_slope(x: Operand, n: Operand) -> Entries:
    y = root(x, n)
    slope = y * numpy.log(x) / n
    delicate = ~(is_normal(y) & is_normal(slope)) & ~numpy.isnan(y)
    return redo(numpy.divide(-slope, n), delicate, entry_by_entry(floats.root_order_slope), x, n)


def sign(x: Operand) -> Entries:
    return numpy.copysign(numpy.sign(x), x)  # NumPy's is 0 at -0


def minimum(first: Operand, *others: Operand) -> Entries:
    """The first of the smallest, as of zeros of both signs; NumPy's may be any of them."""
    least = +first
    for other in others:
        least = numpy.where(numpy.less(other, least) | numpy.isnan(other), other, least)
    return least


def maximum(first: Operand, *others: Operand) -> Entries:
    largest = +first
    for other in others:
        largest = numpy.where(numpy.greater(other, largest) | numpy.isnan(other), other, largest)
    return largest


def ties(first: Operand, *others: Operand) -> Entries:
    return sum(numpy.equal(other, first).astype(numpy.float64) for other in others)


def clip(x: Operand, low: Operand, high: Operand) -> Entries:
    return minimum(maximum(x, low), high)


KERNELS: dict[str, Kernel] = {
    "add": of_ufunc(numpy.add),
    "sub": of_ufunc(numpy.subtract),
    "mul": of_ufunc(numpy.multiply),
    "strong_product": strong_product,
    "div": of_ufunc(numpy.divide),
    "quotient_slope": in_blocks(quotient_slope),
    "neg": of_ufunc(numpy.negative),
    "identity": of_ufunc(numpy.positive),
    "pow": in_blocks(power),
    "lowered_power": in_blocks(lowered_power),
    "power_slope": in_blocks(power_slope),
    "exponent_slope": in_blocks(exponent_slope),
    "square": of_ufunc(numpy.square),
    "sqrt": of_ufunc(numpy.sqrt),
    "cbrt": in_blocks(cbrt),
    "root": in_blocks(root),
    "root_slope": in_blocks(root_slope),
    "root_order_slope": in_blocks(root_order_slope),
    "abs": of_ufunc(numpy.abs),
    "sign": in_blocks(sign),
    "floor": of_ufunc(numpy.floor),
    "ceil": of_ufunc(numpy.ceil),
    "round": of_ufunc(numpy.rint),
    "mod": of_ufunc(numpy.remainder),
    "min": in_blocks(minimum),
    "max": in_blocks(maximum),
    "ties": in_blocks(ties),
    "clip": in_blocks(clip),
}
