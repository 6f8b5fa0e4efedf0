"""The backend for arrays of many digits: NumPy's arrays of mpmath's numbers."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy

from autodiff.evaluate.arrays.backend import ArrayBackend, array_backend, entry_kernels
from autodiff.evaluate.arrays.linear_algebra import PRODUCTS, signed_minors
from autodiff.evaluate.arrays.reductions import reduction_kernels
from autodiff.evaluate.digits import digits
from autodiff.evaluate.program import Kernel
from autodiff.evaluate.threads import once_per_thread


@once_per_thread
def digit_arrays(bits: int) -> ArrayBackend:
    """The backend that computes with `bits` bits; its numbers are for the thread that asked for it."""
    scalars = digits(bits)
    return array_backend(scalars, entry_kernels(scalars, object), linear_algebra(bits), object, reduction_kernels)


def linear_algebra(bits: int) -> dict[str, Kernel]:
    """Determinants and inverses by mpmath, products by NumPy."""
    mp = mpmath.MPContext()
    mp.prec = bits + 32

    def det(a: Any) -> Any:
        if not len(a):
            return mp.one
        try:
            return mp.det(mp.matrix(a.tolist()))
        except TypeError:  # mpmath 1.3 finds no pivot in a column of zeros
            return mp.zero

    def logdet(a: Any) -> Any:
        determinant = det(a)
        return mp.log(determinant) if determinant > 0 else mp.nan if determinant else -mp.inf

    def solve(a: Any, b: Any) -> Any:
        if not len(a):  # a matrix without rows is its own inverse; mpmath 1.3 has none
            return numpy.matmul(a, b)
        try:
            inverse = mp.inverse(mp.matrix(a.tolist()))
        except (ZeroDivisionError, TypeError):
            return numpy.full(b.shape, mp.nan, dtype=object)
        return numpy.matmul(entries(inverse, a.shape), b)

    def unit(n: int) -> Any:
        result = numpy.full((n, n), mp.zero, dtype=object)
        numpy.fill_diagonal(result, mp.one)
        return result

    def matmul(a: Any, b: Any, side: int | None = None) -> Any:
        if side is None:
            return numpy.matmul(a, b)
        left, right = numpy.expand_dims(a, -1), numpy.expand_dims(b, -3)
        return numpy.sum(numpy.where((left if side == 0 else right) == 0, mp.zero, left * right), axis=-2)

    return {
        **PRODUCTS,
        "matmul": matmul,
        "det": det,
        "cofactors": lambda a: signed_minors(a, det),
        "logdet": logdet,
        "inv": lambda a: solve(a, unit(len(a))),
        "solve": solve,
    }


def entries(matrix: Any, shape: tuple[int, ...]) -> Any:
    result = numpy.empty(shape, dtype=object)
    for i, j in numpy.ndindex(*shape):
        result[i, j] = matrix[i, j]
    return result
