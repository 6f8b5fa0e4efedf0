"""Kernels that make one entry of many, in terms of the kernels that work entry by entry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf, prod
from typing import Any

import numpy

from autodiff.evaluate.program import Kernel

Axes = Sequence[int]


def reduction_kernels(entry_kernel: Callable[[str], Kernel]) -> dict[str, Kernel]:
    """Those for the kind of numbers whose entry-by-entry kernels `entry_kernel` gives by name."""

    def of(name: str) -> Kernel:
        return entry_kernel(name)

    def mean(x: Any, axes: Axes) -> Any:
        return numpy.sum(x, axis=axes) / prod(x.shape[axis] for axis in axes)

    def variance(x: Any, ddof: float, axes: Axes) -> Any:
        count = prod(x.shape[axis] for axis in axes)
        deviation = x - numpy.sum(x, axis=axes, keepdims=True) / count
        return of("div")(numpy.sum(deviation * deviation, axis=axes), count - ddof)

    def shifted(x: Any, axes: Axes) -> tuple[Any, Any, Any]:
        """`x` with `axes` made one, the last; its largest entries; the sum of the others' exponentials, relatively.

        So the largest is not rounded away when the others are small, and nothing overflows.
        """
        front = [axis for axis in range(x.ndim) if axis not in axes]
        flat = numpy.transpose(x, (*front, *axes)).reshape((*(x.shape[axis] for axis in front), -1))
        place = numpy.expand_dims(numpy.argmax(flat, axis=-1), -1)
        largest = numpy.take_along_axis(flat, place, axis=-1)
        usable = of("where")(1.0 * (largest - largest == 0), largest, 0.0)
        powers = of("exp")(flat - usable)
        first = numpy.take_along_axis(powers, place, axis=-1)
        numpy.put_along_axis(powers, place, 0.0, axis=-1)
        return usable[..., 0], first[..., 0], numpy.sum(powers, axis=-1)

    def logsumexp(x: Any, axes: Axes) -> Any:
        largest, first, others = shifted(x, axes)
        return largest + of("where")(1.0 * (first == 1), of("log1p")(others), of("log")(first + others))

    def kept(result: Any, x: Any, axes: Axes) -> Any:
        return numpy.reshape(result, [1 if axis in axes else length for axis, length in enumerate(x.shape)])

    def softmax(x: Any, axes: Axes) -> Any:
        largest = numpy.max(x, axis=tuple(axes), keepdims=True) if x.size else 0.0
        powers = of("exp")(x - largest)
        return powers / numpy.sum(powers, axis=tuple(axes), keepdims=True)

    def log_softmax(x: Any, axes: Axes) -> Any:
        if not x.size:
            return x
        largest, first, others = shifted(x, axes)
        # The largest is subtracted first: for the largest entry itself the logarithm that remains is all there is.
        return (x - kept(largest, x, axes)) - kept(of("log1p")(others + (first - 1)), x, axes)

    def norm(x: Any, p: float, axes: Axes) -> Any:
        size = abs(x)
        if p == inf:
            return numpy.max(size, axis=tuple(axes), initial=0.0)
        if p == 1:
            return numpy.sum(size, axis=tuple(axes))
        largest = numpy.max(size, axis=tuple(axes), keepdims=True, initial=0.0)
        # Scaled where a power would overflow or vanish; left as it is elsewhere, and so more accurate.
        extreme = ((largest > 1e100) | (largest < 1e-100) if p <= 3 else largest > 0) & (largest > 0) & (largest < inf)
        scale = of("where")(extreme * 1.0, largest, 1.0 + 0.0 * largest) if extreme.any() else 1.0
        ratio = size / scale
        total = numpy.sum(ratio * ratio if p == 2 else of("pow")(ratio, p), axis=tuple(axes), keepdims=True)
        root = of("sqrt")(total) if p == 2 else of("pow")(total, 1 / p)
        return numpy.reshape(scale * root, [length for axis, length in enumerate(x.shape) if axis not in axes])

    return {
        "sum": lambda x, axes: numpy.sum(x, axis=axes),
        "mean": mean,
        "prod": lambda x, axes: numpy.prod(x, axis=axes),
        "smallest": lambda x, axes: numpy.min(x, axis=axes),
        "largest": lambda x, axes: numpy.max(x, axis=axes),
        "var": variance,
        "std": lambda x, ddof, axes: of("sqrt")(variance(x, ddof, axes)),
        "norm": norm,
        "cumsum": lambda x, axis: numpy.cumsum(x, axis=axis),
        "logsumexp": logsumexp,
        "softmax": softmax,
        "log_softmax": log_softmax,
    }
