"""Exponentials and logarithms."""

from __future__ import annotations

import numpy

from autodiff.evaluate.arrays.elementwise.blocks import Entries, Operand, entry_by_entry, in_blocks, of_ufunc, redo
from autodiff.evaluate.arrays.elementwise.exact import quotient, two_product, two_sum
from autodiff.evaluate.floats.fallback import with_digits
from autodiff.evaluate.program import Kernel


def log_base(x: Operand, base: Operand) -> Entries:
    result = numpy.log(x) / numpy.log(base)
    for number, logarithm in ((2.0, numpy.log2), (10.0, numpy.log10)):
        chosen = numpy.equal(base, number)
        if chosen.any():
            numpy.copyto(result, logarithm(x), where=chosen)
    return result


def xlogy(a: Operand, b: Operand) -> Entries:
    return numpy.where(numpy.equal(a, 0.0) & numpy.greater_equal(b, 0.0), 0.0, a * numpy.log(b))


def logaddexp(a: Operand, b: Operand) -> Entries:
    """NumPy's is off by hundreds of ULP where its terms cancel."""
    larger = numpy.maximum(a, b)
    difference, lost = two_sum(numpy.minimum(a, b), -larger)
    e = numpy.exp(difference)
    added = numpy.log1p(e)
    added += numpy.where(numpy.isfinite(lost), lost, 0.0) * e / (1.0 + e)
    total = larger + added
    numpy.copyto(total, larger, where=numpy.isinf(larger))
    cancels = (larger < 0.0) & (numpy.abs(total) < 0.5 * added)
    return redo(total, cancels, entry_by_entry(with_digits("logaddexp")), a, b)


def sigmoid(x: Operand) -> Entries:
    e = numpy.exp(-numpy.abs(x))  # never overflows, unlike exp(-x)
    divisor, lost = two_sum(1.0, e)
    return quotient(numpy.where(x >= 0.0, 1.0, e), 0.0, divisor, lost)


def sigmoid_of_difference(a: Operand, b: Operand) -> Entries:
    difference, lost = two_sum(a, -b)
    value = sigmoid(difference)
    better = numpy.where(numpy.isfinite(lost), value + value * sigmoid(-difference) * lost, value)
    return numpy.where(numpy.equal(a, b), 0.5, better)


def softplus(x: Operand) -> Entries:
    return numpy.maximum(x, 0.0) + numpy.log1p(numpy.exp(-numpy.abs(x)))


def logit(x: Operand) -> Entries:
    middle = numpy.log1p((2.0 * x - 1.0) / (1.0 - x))  # the difference of two logarithms cancels here
    return numpy.where((x > 0.25) & (x < 0.75), middle, numpy.log(x) - numpy.log1p(-x))


def gaussian(x: Operand) -> Entries:
    square, lost = two_product(*[numpy.clip(x, -40.0, 40.0)] * 2)
    value = numpy.exp(-square)
    return value - value * lost


KERNELS: dict[str, Kernel] = {
    "exp": of_ufunc(numpy.exp),
    "expm1": of_ufunc(numpy.expm1),
    "exp2": of_ufunc(numpy.exp2),
    "log": of_ufunc(numpy.log),
    "log1p": of_ufunc(numpy.log1p),
    "log2": of_ufunc(numpy.log2),
    "log10": of_ufunc(numpy.log10),
    "log_base": in_blocks(log_base),
    "xlogy": in_blocks(xlogy),
    "logaddexp": in_blocks(logaddexp),
    "sigmoid": in_blocks(sigmoid),
    "sigmoid_of_difference": in_blocks(sigmoid_of_difference),
    "softplus": in_blocks(softplus),
    "logit": in_blocks(logit),
    "gaussian": in_blocks(gaussian),
}
