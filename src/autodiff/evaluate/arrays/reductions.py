"""Kernels that make one entry of many, in terms of the kernels that work entry by entry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf, prod
from typing import Any

import numpy

from autodiff.evaluate.program import Kernel

Axes = Sequence[int]


def degrees(x: Any, ddof: float, axes: Axes) -> float:
    """What a sum of squared deviations is divided by; 0 where there are too few entries."""
    count: int = prod(x.shape[axis] for axis in axes)
    return max(count - ddof, 0.0)


def reduction_kernels(entry_kernel: Callable[[str], Kernel]) -> dict[str, Kernel]:
    """Those for the kind of numbers whose entry-by-entry kernels `entry_kernel` gives by name."""

    of = entry_kernel

    def centre(x: Any, axes: Axes) -> Any:
        """The mean, with its axes kept. Of equal entries it is exactly that entry, and it doesn't overflow."""
        count = prod(x.shape[axis] for axis in axes)
        first = numpy.sum(x, axis=axes, keepdims=True) / count
        if not numpy.all(first - first == 0):
            first = of("where")(1.0 * (first - first == 0), first, numpy.sum(x / count, axis=axes, keepdims=True))
        better = first + numpy.sum(x - first, axis=axes, keepdims=True) / count
        return of("where")(1.0 * (better - better == 0), better, first)

    def dropped(result: Any, x: Any, axes: Axes) -> Any:
        return numpy.reshape(result, [length for axis, length in enumerate(x.shape) if axis not in axes])

    def variance(x: Any, axes: Axes, ddof: float) -> Any:
        deviation = x - centre(x, axes)
        return of("div")(numpy.sum(deviation * deviation, axis=axes), degrees(x, ddof, axes))

    def standard_deviation(x: Any, axes: Axes, ddof: float) -> Any:
        scale, total = scaled_sum(x - centre(x, axes), 2.0, axes)
        return dropped(scale * of("sqrt")(of("div")(total, degrees(x, ddof, axes))), x, axes)

    def scaled_sum(x: Any, p: float, axes: Axes) -> tuple[Any, Any]:
        """A scale, and the sum of the p-th powers of the entries over that scale, with its axes kept."""
        largest = numpy.max(abs(x), axis=tuple(axes), keepdims=True, initial=0.0)
        # Scaled where a power would overflow or vanish; left as it is elsewhere, and so more accurate.
        extreme = ((largest > 1e100) | (largest < 1e-100) if p <= 3 else largest > 0) & (largest > 0) & (largest < inf)
        scale = of("where")(extreme * 1.0, largest, 1.0 + 0.0 * largest) if numpy.any(extreme) else 1.0
        powers = (x / scale) * (x / scale) if p == 2 else of("pow")(abs(x) / scale, p)
        return scale, numpy.sum(powers, axis=tuple(axes), keepdims=True)

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
        scale, total = scaled_sum(x, p, axes)
        return dropped(scale * (of("sqrt")(total) if p == 2 else of("root")(total, p)), x, axes)

    return {
        "sum": lambda x, axes: numpy.sum(x, axis=axes),
        "mean": lambda x, axes: dropped(centre(x, axes), x, axes),
        "prod": lambda x, axes: numpy.prod(x, axis=axes),
        "smallest": lambda x, axes: numpy.min(x, axis=axes),
        "largest": lambda x, axes: numpy.max(x, axis=axes),
        "var": variance,
        "std": standard_deviation,
        "norm": norm,
        "cumsum": lambda x, axis: numpy.cumsum(x, axis=axis),
        "logsumexp": logsumexp,
        "softmax": softmax,
        "log_softmax": log_softmax,
    }
