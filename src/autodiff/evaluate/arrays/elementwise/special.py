"""The error function, which NumPy hasn't, and the exponential of a square."""

from __future__ import annotations

import math

import numpy

from autodiff.evaluate.arrays.elementwise.blocks import Entries, Operand, entry_by_entry, in_blocks
from autodiff.evaluate.arrays.elementwise.exact import two_product
from autodiff.evaluate.program import Kernel

erf = entry_by_entry(math.erf)
erfc = entry_by_entry(math.erfc)


def exp_of_square(x: Operand) -> Entries:
    square, lost = two_product(*[numpy.clip(x, -27.0, 27.0)] * 2)
    return numpy.exp(square) * (1.0 + lost)


KERNELS: dict[str, Kernel] = {
    "erf": in_blocks(erf),
    "erfc": in_blocks(erfc),
    "exp_of_square": in_blocks(exp_of_square),
}
