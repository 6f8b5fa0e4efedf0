"""Comparisons and choices."""

from __future__ import annotations

import numpy

from autodiff.evaluate.arrays.elementwise.blocks import Entries, Operand, of_ufunc
from autodiff.evaluate.program import Kernel


def where(condition: Operand, a: Operand, b: Operand) -> Entries:
    return numpy.where(numpy.not_equal(condition, 0.0), a, b)


KERNELS: dict[str, Kernel] = {
    "lt": of_ufunc(numpy.less),
    "le": of_ufunc(numpy.less_equal),
    "gt": of_ufunc(numpy.greater),
    "ge": of_ufunc(numpy.greater_equal),
    "eq": of_ufunc(numpy.equal),
    "ne": of_ufunc(numpy.not_equal),
    "and": of_ufunc(numpy.logical_and),
    "or": of_ufunc(numpy.logical_or),
    "not": of_ufunc(numpy.logical_not),
    "where": of_ufunc(where),
}
