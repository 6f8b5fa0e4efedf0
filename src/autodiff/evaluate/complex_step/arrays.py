"""The complex step for arrays: NumPy's complex numbers, chosen by the real part where a choice is made."""

from __future__ import annotations

import cmath
from functools import cache
from math import inf
from typing import Any

import numpy

from autodiff.evaluate.arrays.backend import ArrayBackend, array_backend, entry_kernels
from autodiff.evaluate.arrays.linear_algebra import PRODUCTS, signed_minors
from autodiff.evaluate.arrays.reductions import reduction_kernels
from autodiff.evaluate.complex_step.analytic import NAN
from autodiff.evaluate.program import Backend, Kernel


@cache
def complex_arrays(scalars: Backend) -> ArrayBackend:
    kernels = entry_kernels(scalars, numpy.complex128)
    return array_backend(
        scalars,
        kernels,
        {
            **PRODUCTS,
            "matmul": lambda a, b, side=None: numpy.matmul(a, b),
            "det": or_nan(numpy.linalg.det),
            "logdet": or_nan(logdet),
            "cofactors": lambda a: signed_minors(a, numpy.linalg.det),
            "inv": or_nan(numpy.linalg.inv),
            "solve": or_nan(numpy.linalg.solve),
            "norm": norm,
        },
        numpy.complex128,
        reduction_kernels,
    )


def or_nan(function: Kernel) -> Kernel:
    """`function`, and NaN for a singular matrix."""

    def kernel(*operands: Any) -> Any:
        try:
            return function(*operands)
        except numpy.linalg.LinAlgError:
            return NAN + 0 * operands[-1] if operands[1:] else NAN

    return kernel


def logdet(a: Any) -> Any:
    direction, logarithm = numpy.linalg.slogdet(a)
    return logarithm + cmath.log(complex(direction)) if direction.real > 0 else NAN


def norm(x: Any, p: float, axes: tuple[int, ...]) -> Any:
    """Of absolute values that are continued analytically: the modulus of a complex number is not."""
    size = numpy.where(x.real < 0, -x, x)
    if p == inf:
        return numpy.max(size, axis=tuple(axes))
    if p == 1:
        return numpy.sum(size, axis=tuple(axes))
    scale = numpy.max(size.real, axis=tuple(axes), keepdims=True, initial=0.0)
    scale = numpy.where(scale > 0, scale, 1.0)
    total = numpy.sum((size / scale) ** p, axis=tuple(axes), keepdims=True)
    root = scale * total ** (1 / p)
    return numpy.reshape(root, [length for axis, length in enumerate(x.shape) if axis not in axes])
