"""How a kernel meets its operands: all of one length, in blocks; and how single entries are computed again."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy
from numpy.typing import NDArray

from autodiff.evaluate.program import Kernel

Array = NDArray[numpy.float64]
# Inside a kernel: a float, or an array of one dimension; at least one operand is an array, and all of them have one
# length. What is computed from them is an array of that length.
Operand = Any
Entries = Any

# So many entries of some intermediate results fit into a core's cache; a million wait for memory at every step.
BLOCK = 1 << 13


def of_ufunc(ufunc: Callable[..., Any]) -> Kernel:
    """A kernel that NumPy has, of operands of any shapes."""

    @wraps(ufunc)
    def kernel(*operands: Operand) -> Array:
        return numpy.asarray(ufunc(*operands), dtype=numpy.float64)  # it makes no array of results without dimensions

    return kernel


def in_blocks(kernel: Kernel) -> Kernel:
    """A kernel of operands of any shapes that broadcast, from one of operands of one length."""

    @wraps(kernel)
    def blockwise(*operands: Operand) -> Array:
        shape = common_shape(operands)
        size = math.prod(shape)
        flat = [flattened(operand, shape) for operand in operands]
        if size <= BLOCK:
            return numpy.reshape(kernel(*flat), shape)
        result = numpy.empty(size)
        for start in range(0, size, BLOCK):
            block = slice(start, start + BLOCK)
            result[block] = kernel(*[operand if isinstance(operand, float) else operand[block] for operand in flat])
        return result.reshape(shape)

    return blockwise


def common_shape(operands: tuple[Operand, ...]) -> tuple[int, ...]:
    """The shape that the operands broadcast to, which is mostly that of each array among them."""
    shapes = {numpy.shape(operand) for operand in operands} - {()}
    return shapes.pop() if len(shapes) == 1 else numpy.broadcast_shapes(*shapes)


def flattened(operand: Operand, shape: tuple[int, ...]) -> Operand:
    """The operand broadcast to a shape, in one dimension. One without dimensions beside arrays is a float."""
    if shape and numpy.ndim(operand) == 0:
        return float(operand)
    return numpy.broadcast_to(numpy.asarray(operand, numpy.float64), shape).reshape(-1)


def entry_by_entry(kernel: Callable[..., float]) -> Kernel:
    """A kernel of arrays of one length from one of floats. What stands for an array has its own answer to it."""

    @wraps(kernel)
    def each(*operands: Operand) -> Any:
        for operand in operands:
            if hasattr(operand, "each_entry"):
                return operand.each_entry(kernel, operands)
        (size,) = common_shape(operands)
        columns = [numpy.broadcast_to(operand, (size,)).tolist() for operand in operands]
        return numpy.fromiter(map(kernel, *columns), numpy.float64, size)

    return each


def redo(result: Entries, delicate: Any, kernel: Kernel, *operands: Operand) -> Entries:
    """`result`, in which another kernel has computed the delicate entries again, if there are any."""
    if hasattr(delicate, "redone"):
        return delicate.redone(result, kernel, operands)
    if delicate.any():
        result[delicate] = kernel(*[o if isinstance(o, float) else o[delicate] for o in operands])
    return result
