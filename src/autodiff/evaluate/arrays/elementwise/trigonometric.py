"""Circular functions and their inverses."""

from __future__ import annotations

from math import inf, pi

import numpy

from autodiff.evaluate.arrays.elementwise.arithmetic import is_normal
from autodiff.evaluate.arrays.elementwise.blocks import Entries, Operand, entry_by_entry, in_blocks, of_ufunc, redo
from autodiff.evaluate.floats import trigonometric as floats
from autodiff.evaluate.program import Kernel


def sec(x: Operand) -> Entries:
    return 1.0 / numpy.cos(x)


def csc(x: Operand) -> Entries:
    return 1.0 / numpy.sin(x)


def cot(x: Operand) -> Entries:
    return 1.0 / numpy.tan(x)


def tangent_of_asec(x: Operand) -> Entries:
    """sqrt(x^2 - 1); 1/x would be rounded near 1."""
    size = numpy.abs(x)
    return numpy.sqrt(size - 1.0) * numpy.sqrt(size + 1.0)


def asec(x: Operand) -> Entries:
    angle = numpy.arctan(tangent_of_asec(x))
    return numpy.where(x > 0.0, angle, pi - angle)


def acsc(x: Operand) -> Entries:
    return numpy.copysign(numpy.arctan2(1.0, tangent_of_asec(x)), x)


def acot(x: Operand) -> Entries:
    return numpy.arctan(1.0 / x)


def angle_slope(a: Operand, b: Operand) -> Entries:
    length = numpy.hypot(a, b)
    slope = b / length
    accurate = (is_normal(slope) | numpy.equal(b, 0.0)) & is_normal(length) & (length < 1e300)
    delicate = ~accurate & ~numpy.isnan(length)
    return redo(slope / length, delicate, entry_by_entry(floats.angle_slope), a, b)


def sinc(x: Operand) -> Entries:
    result = numpy.sin(x) / x
    numpy.copyto(result, 1.0, where=x == 0.0)
    numpy.copyto(result, 0.0, where=numpy.isinf(x))
    return result


def direction(a: Operand, b: Operand) -> Entries:
    length = numpy.hypot(a, b)
    result = numpy.where(length == 0.0, 0.0, a / length)
    delicate = (length <= 1e-290) & (length > 0.0) | (length == inf)  # too few digits, or overflowed
    return redo(result, delicate, entry_by_entry(floats.direction), a, b)


KERNELS: dict[str, Kernel] = {
    "sin": of_ufunc(numpy.sin),
    "cos": of_ufunc(numpy.cos),
    "tan": of_ufunc(numpy.tan),
    "sec": in_blocks(sec),
    "csc": in_blocks(csc),
    "cot": in_blocks(cot),
    "asin": of_ufunc(numpy.arcsin),
    "acos": of_ufunc(numpy.arccos),
    "atan": of_ufunc(numpy.arctan),
    "asec": in_blocks(asec),
    "acsc": in_blocks(acsc),
    "acot": in_blocks(acot),
    "atan2": of_ufunc(numpy.arctan2),
    "angle_slope": in_blocks(angle_slope),
    "sinc": in_blocks(sinc),
    "hypot": of_ufunc(numpy.hypot),
    "direction": in_blocks(direction),
    "degrees": of_ufunc(numpy.degrees),
    "radians": of_ufunc(numpy.radians),
}
