"""The parameters of array functions: numbers that are known when a formula is compiled."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import Any

from autodiff.graph.primitive import Payload
from autodiff.graph.shapes import Shape, ShapeError, allowed, axis_of

Settle = Callable[[Sequence[Shape], Mapping[str, Any]], Payload]


def whole(value: Any, what: str) -> int:
    """The integer that a parameter is. Raises ShapeError."""
    if isinstance(value, list) or not isfinite(value) or value != int(value):
        raise ShapeError(f"{what} is a whole number, not {value}", "write one like 0, 1 or -1")
    return int(value)


def real(value: Any, what: str) -> float:
    """The number that a parameter is. Raises ShapeError."""
    if isinstance(value, list):
        raise ShapeError(f"{what} is a number, not {value}")
    return float(value)


def shape_parameter(values: Sequence[Any]) -> Shape:
    """The lengths of an array that is made. Raises ShapeError for negative ones, and too many entries."""
    shape = tuple(whole(value, "a length") for value in values)
    if min(shape, default=0) < 0:
        raise ShapeError(f"a length can't be negative: {min(shape)}")
    return allowed(shape)


def axes_parameter(name: str) -> Settle:
    """The axes that a reduction goes over, all if none is given."""

    def settle(shapes: Sequence[Shape], parameters: Mapping[str, Any]) -> Payload:
        shape, axis = shapes[0], parameters.get("axis")
        if axis is None:
            return (tuple(range(len(shape))),)
        wanted = [whole(number, "an axis") for number in (axis if isinstance(axis, list) else [axis])]
        if not shape and wanted:
            along = ", ".join(map(str, wanted))
            raise ShapeError(f"a number has no axes: {name} of () along {along}", f"of several numbers: {name}([...])")
        axes = tuple(sorted(axis_of(shape, number, name) for number in wanted))
        if len(set(axes)) < len(axes):
            raise ShapeError(f"an axis is named twice in {name}")
        return (axes,)

    return settle


def axis_parameter(name: str, new: int = 0) -> Settle:
    """One axis of the operands, or of the result if that has `new` axes more."""

    def settle(shapes: Sequence[Shape], parameters: Mapping[str, Any]) -> Payload:
        shape = (*shapes[0], *[1] * new)
        return (axis_of(shape, whole(parameters["axis"], "the axis"), name),)

    return settle


def axes_and_degrees(name: str) -> Settle:
    """The axes, and by how much the divisor of a variance is reduced."""
    settle_axes = axes_parameter(name)
    return lambda shapes, parameters: (*settle_axes(shapes, parameters), real(parameters["ddof"], "ddof"))


def order_and_axes(name: str) -> Settle:
    """The order of a norm, and the axes."""
    settle_axes = axes_parameter(name)
    return lambda shapes, parameters: (real(parameters["p"], "p"), *settle_axes(shapes, parameters))
