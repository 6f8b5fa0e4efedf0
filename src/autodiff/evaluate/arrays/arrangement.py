"""Kernels that move entries and compute nothing: the same for every kind of number.

Operands are NumPy arrays or numbers. What is cut or repeated is a view, so no kernel may write into an operand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy

from autodiff.evaluate.program import Kernel
from autodiff.graph.shapes import Shape

Item = int | tuple[int, int, int]


def subscripts(items: Sequence[Item]) -> tuple[int | slice, ...]:
    """The settled subscripts as NumPy takes them; a slice backwards ends before the front."""
    result: list[int | slice] = []
    for item in items:
        if isinstance(item, int):
            result.append(item)
            continue
        start, count, step = item
        stop = start + count * step
        result.append(slice(start, None if stop < 0 else stop, step) if count else slice(0, 0))
    return tuple(result)


def index(x: Any, items: Sequence[Item]) -> Any:
    return x[subscripts(items)]


def scatter(x: Any, items: Sequence[Item], shape: Shape) -> Any:
    result = numpy.zeros(shape, dtype=kind(x))
    result[subscripts(items)] = x if numpy.ndim(x) else numpy.asarray(x).item()
    return result


def add_at(x: Any, piece: Any, items: Sequence[Item], out: Any = None) -> Any:
    """`x` with a piece added; written over `x` if it is also `out`."""
    result = numpy.array(x) if out is None else out
    result[subscripts(items)] += piece
    return result


def reshape(x: Any, shape: Shape) -> Any:
    return numpy.reshape(x, shape)


def transpose(x: Any, axes: Sequence[int]) -> Any:
    return numpy.transpose(x, axes)


def broadcast(x: Any, shape: Shape) -> Any:
    return numpy.broadcast_to(numpy.asarray(x, dtype=kind(x)), shape)


def sum_to(x: Any, shape: Shape) -> Any:
    extra = x.ndim - len(shape)
    repeated = tuple(i for i, length in enumerate(shape, extra) if length == 1 and x.shape[i] != 1)
    return numpy.reshape(numpy.sum(x, axis=(*range(extra), *repeated)), shape)


def concat(*operands_and_axis: Any) -> Any:
    *operands, axis = operands_and_axis
    return numpy.concatenate(operands, axis=axis)


def stack(*operands_and_axis: Any) -> Any:
    *operands, axis = operands_and_axis
    return numpy.stack(operands, axis=axis)


def diagonal(x: Any, rows: int, columns: int) -> Any:
    return numpy.diagonal(x)


def diagonal_matrix(x: Any, rows: int, columns: int) -> Any:
    result = numpy.zeros((rows, columns), dtype=kind(x))
    places = range(min(rows, columns))
    result[places, places] = x
    return result


def kind(x: Any) -> Any:
    """The dtype of an array, or for a number: float64 for a float, else any object."""
    return x.dtype if isinstance(x, numpy.ndarray) else numpy.float64 if isinstance(x, float) else object


KERNELS: dict[str, Kernel] = {
    "index": index,
    "scatter": scatter,
    "add_at": add_at,
    "reshape": reshape,
    "transpose": transpose,
    "broadcast": broadcast,
    "sum_to": sum_to,
    "concat": concat,
    "stack": stack,
    "diagonal": diagonal,
    "diagonal_matrix": diagonal_matrix,
}
