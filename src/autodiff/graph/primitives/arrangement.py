"""Arrays made, cut, joined and turned: the entries stay what they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from autodiff.graph.parameters import axis_parameter, whole
from autodiff.graph.primitive import ArrayRule, Payload, Primitive
from autodiff.graph.shapes import Shape, ShapeError, allowed, entries, shape_text, shapes_text

if TYPE_CHECKING:
    from autodiff.graph.nodes import Graph
    from autodiff.graph.terms import Term

# A settled subscript: a position, or the start, the count and the step of a slice.
Item = int | tuple[int, int, int]


def settled_items(shapes: Sequence[Shape], parameters: Mapping[str, Any]) -> Payload:
    """Subscripts, one for each axis: negative ones counted from the end, slices cut to what is there."""
    (shape,), items = shapes, parameters["items"]
    if len(items) > len(shape):
        count = "one index" if len(items) == 1 else f"{len(items)} indices"
        raise ShapeError(f"{count} into shape {shape_text(shape)}", "an array takes one for each axis, a number none")
    settled: list[Item] = []
    for length, item in zip(shape, (*items, *[slice(None)] * len(shape)), strict=False):
        if isinstance(item, slice):
            start, stop, step = whole_slice(item).indices(length)
            taken = len(range(start, stop, step))
            settled.append((start, taken, step) if taken else (0, 0, 1))
        elif -length <= whole(item, "an index") < length:
            settled.append(item % length)
        else:
            there = f"the last one is {length - 1}" if length else "the axis is empty"
            raise ShapeError(
                f"there is no entry {item} along an axis of length {length}", f"entries count from 0; {there}"
            )
    return (tuple(settled),)


def whole_slice(item: slice) -> slice:
    bounds = (item.start, item.stop, item.step)
    return slice(*(None if bound is None else whole(bound, "an index") for bound in bounds))


def selected_shape(shapes: Sequence[Shape], items: Sequence[Item]) -> Shape:
    return tuple(item[1] for item in items if isinstance(item, tuple))


def settled_shape(shapes: Sequence[Shape], parameters: Mapping[str, Any]) -> Payload:
    """For reshape: one length may be -1, and is what the others leave."""
    (shape,), wanted = shapes, tuple(whole(length, "a length") for length in parameters["shape"])
    count, rest = entries(shape), entries(tuple(length for length in wanted if length != -1))
    if wanted.count(-1) == 1 and rest and count % rest == 0:
        wanted = tuple(count // rest if length == -1 else length for length in wanted)
    if min(wanted, default=0) < 0 or entries(wanted) != count:
        raise ShapeError(
            f"shapes don't match: reshape of {shape_text(shape)} to {shape_text(wanted)}",
            f"the lengths must multiply to {count}",
        )
    return (allowed(wanted),)


def settled_axes(shapes: Sequence[Shape], parameters: Mapping[str, Any]) -> Payload:
    """For transpose: the order of the axes, reversed if none is given."""
    (shape,), wanted = shapes, parameters["axes"]
    axes = range(len(shape) - 1, -1, -1) if not wanted else [whole(axis, "an axis") for axis in wanted]
    positive = tuple(axis % len(shape) if -len(shape) <= axis < len(shape) else -1 for axis in axes)
    if sorted(positive) != list(range(len(shape))):
        raise ShapeError(f"transpose of {shape_text(shape)} can't order the axes {wanted}", "name each axis once")
    return (positive,)


def joined_shape(shapes: Sequence[Shape], axis: int) -> Shape:
    first = shapes[0]
    for shape in shapes:
        if len(shape) != len(first) or any(shape[i] != first[i] for i in range(len(first)) if i != axis):
            raise ShapeError(
                f"shapes don't match: concat of {shapes_text(shapes)}", "all lengths but that of the axis must be equal"
            )
    return allowed((*first[:axis], sum(shape[axis] for shape in shapes), *first[axis + 1 :]))


def joined_part(index: int, d: Term, y: Term, *operands_and_axis: Any) -> Term:
    *operands, axis = operands_and_axis
    start = sum(operand.shape[axis] for operand in operands[:index])
    items = [(0, length, 1) for length in d.shape]
    items[axis] = (start, operands[index].shape[axis], 1)
    return d.entries(items)


def stacked_shape(shapes: Sequence[Shape], axis: int) -> Shape:
    first = shapes[0]
    if any(shape != first for shape in shapes):
        raise ShapeError(f"shapes don't match: array of {shapes_text(shapes[:8])}", "its entries must have one shape")
    return allowed((*first[:axis], len(shapes), *first[axis:]))


def stacked_part(index: int, d: Term, y: Term, *operands_and_axis: Any) -> Term:
    items: list[Item] = [(0, length, 1) for length in d.shape]
    items[operands_and_axis[-1]] = index
    return d.entries(items)


def inverse_order(axes: Sequence[int]) -> tuple[int, ...]:
    return tuple(axes.index(axis) for axis in range(len(axes)))


def diagonal_either_way(graph: Graph, operands: tuple[int, ...]) -> tuple[Primitive, tuple[int, ...], Payload | None]:
    """`diag` of a vector is a matrix, of a matrix a vector."""
    shape = graph.shapes[operands[0]]
    if shape is None:
        return DIAGONAL, operands, None
    if len(shape) == 1:
        return DIAGONAL_MATRIX, operands, allowed((*shape, *shape))
    if len(shape) == 2:
        return DIAGONAL, operands, shape
    raise ShapeError(f"diag takes a vector or a matrix: diag of {shape_text(shape)}")


def given_shape(shapes: Sequence[Shape], *payload: Any) -> Shape:
    """The shape that a node has in its payload, at the end."""
    shape: Shape = payload[-1]
    return shape


def turned_shape(shapes: Sequence[Shape], axes: Sequence[int]) -> Shape:
    return tuple(shapes[0][axis] for axis in axes)


DIAGONAL = Primitive(
    "diagonal(x; rows, columns)",
    array=ArrayRule(
        lambda shapes, rows, columns: (min(rows, columns),),
        vjp=(lambda d, y, x, rows, columns: d.apply("diagonal_matrix", payload=(rows, columns)),),
    ),
    latex=r"\operatorname{diag}",
    doc="the diagonal of a matrix",
    internal=True,
)
DIAGONAL_MATRIX = Primitive(
    "diagonal_matrix(x; rows, columns)",
    array=ArrayRule(
        lambda shapes, rows, columns: (rows, columns),
        vjp=(lambda d, y, x, rows, columns: d.apply("diagonal", payload=(rows, columns)),),
    ),
    latex=r"\operatorname{diag}",
    doc="a matrix of zeros with the vector x as its diagonal",
    internal=True,
)

ROWS = (
    Primitive(
        "index(x; items)",
        array=ArrayRule(
            selected_shape, settled_items, (lambda d, y, x, items: d.apply("scatter", payload=(items, x.shape)),)
        ),
        doc="entries of an array; written x[0], x[1:], x[:, -1], x[::2]; positions count from 0",
    ),
    Primitive(
        "scatter(x; items, shape)",
        array=ArrayRule(given_shape, vjp=(lambda d, y, x, items, shape: d.entries(items),)),
        doc="zeros with x at the entries that index selects",
        internal=True,
    ),
    Primitive(
        "add_at(x, piece; items)",
        array=ArrayRule(
            lambda shapes, items: shapes[0],
            vjp=(lambda d, y, x, piece, items: d, lambda d, y, x, piece, items: d.entries(items)),
        ),
        doc="x with piece added to the entries that index selects",
        internal=True,
    ),
    Primitive(
        "reshape(x; shape...)",
        array=ArrayRule(given_shape, settled_shape, (lambda d, y, x, shape: d.reshaped(x.shape),)),
        doc="the entries in another shape, row by row; one length may be -1",
    ),
    Primitive(
        "transpose(x; axes...)",
        array=ArrayRule(turned_shape, settled_axes, (lambda d, y, x, axes: d.transposed(inverse_order(axes)),)),
        latex=r"#1^{\mathsf{T}}",
        doc="the axes in another order, reversed if none are given; written x.T",
    ),
    Primitive(
        "broadcast(x; shape)",
        array=ArrayRule(given_shape, vjp=(lambda d, y, x, shape: d.summed_to(x.shape),)),
        doc="x repeated to a shape that it fits",
        internal=True,
    ),
    Primitive(
        "sum_to(x; shape)",
        array=ArrayRule(given_shape, vjp=(lambda d, y, x, shape: d.broadcast(x.shape),)),
        doc="the sum over what broadcast repeats",
        internal=True,
    ),
    Primitive(
        "concat(x, ...; axis=0)",
        array=ArrayRule(joined_shape, axis_parameter("concat"), joined_part),
        doc="arrays joined along an axis",
        aliases="concatenate",
    ),
    Primitive(
        "stack(x, ...; axis=0)",
        array=ArrayRule(stacked_shape, axis_parameter("stack", new=1), stacked_part),
        doc="arrays of one shape joined along a new axis; [a, b] is stack(a, b)",
    ),
    Primitive(
        "diag(x)",
        stands_for=diagonal_either_way,
        doc="a matrix with the vector x as its diagonal; the diagonal of a matrix",
    ),
    DIAGONAL,
    DIAGONAL_MATRIX,
)
