"""Arrays made of nothing but numbers that are known when a formula is compiled: constants, and no nodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, isfinite
from typing import TYPE_CHECKING, Any

from autodiff.graph.parameters import shape_parameter
from autodiff.graph.primitive import Primitive
from autodiff.graph.shapes import Shape, ShapeError

if TYPE_CHECKING:
    from autodiff.graph.nodes import ArrayConstant


def array_of(kind: str, *arguments: Any) -> ArrayConstant:
    import numpy

    from autodiff.graph.nodes import ArrayConstant

    return ArrayConstant(getattr(numpy, kind)(*arguments, dtype=numpy.float64))


def kind_of_array(entries: Any) -> str:
    """Which of `zeros`, `ones` and `eye` makes the array; empty for others, and for one without entries."""
    import numpy

    if entries.size == 0 or numpy.signbit(entries).any():
        return ""
    if not entries.any():
        return "zeros"
    if (entries == 1).all():
        return "ones"
    is_square = entries.ndim == 2 and entries.shape[0] == entries.shape[1]
    is_unit = is_square and (entries.diagonal() == 1).all() and numpy.count_nonzero(entries) == len(entries)
    return "eye" if is_unit else ""


def arithmetic_sequence(shapes: Sequence[Shape], parameters: Mapping[str, Any]) -> Any:
    bounds = parameters["bounds"]
    if not 1 <= len(bounds) <= 3 or (len(bounds) == 3 and bounds[2] == 0):
        raise ShapeError(f"range can't take ({', '.join(map(str, bounds))})", "its forms: range(n), range(a, b, step)")
    first, end, step = (0, *bounds, 1) if len(bounds) == 1 else (*bounds, 1)[:3]
    if not all(map(isfinite, (first, end, step))):
        raise ShapeError(f"the bounds of range are finite numbers, not ({', '.join(map(str, bounds))})")
    shape_parameter([max(ceil((end - first) / step), 0)])
    return array_of("arange", *(float(bound) for bound in (first, end, step)))


def length_of(shapes: Sequence[Shape], parameters: Mapping[str, Any]) -> int:
    if not shapes[0]:
        raise ShapeError("a number has no length: len of ()", "len takes an array")
    return shapes[0][0]


def filled(kind: str) -> Any:
    def constant(shapes: Sequence[Shape], parameters: Mapping[str, Any]) -> Any:
        shape = shape_parameter(parameters["shape"])
        return array_of(kind, shape) if shape else int(kind == "ones")

    return constant


def unit_matrix(shapes: Sequence[Shape], parameters: Mapping[str, Any]) -> Any:
    rows, columns = shape_parameter([parameters["n"]] * 2)
    return array_of("eye", rows, columns)


ROWS = (
    Primitive("len(x)", constant=length_of, doc="the length of the first axis"),
    Primitive("zeros(; shape...)", constant=filled("zeros"), doc="an array of zeros"),
    Primitive("ones(; shape...)", constant=filled("ones"), doc="an array of ones"),
    Primitive("eye(; n)", constant=unit_matrix, doc="the unit matrix with n rows", aliases="identity_matrix"),
    Primitive(
        "range(; bounds...)",
        constant=arithmetic_sequence,
        doc="0, 1, ... before n; or a, a + step, ... before b",
    ),
)
