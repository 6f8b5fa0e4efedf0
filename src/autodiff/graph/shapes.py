"""The shapes of arrays, known before anything is computed. None stands for a shape that isn't known yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Shape = tuple[int, ...]
MAX_ENTRIES = 100_000_000  # of an array that a formula makes
MAX_AXES = 64  # as many as NumPy allows


class ShapeError(Exception):
    """Operands whose shapes don't fit. `suggestion` says what would fit, or is empty; the caller knows the place."""

    def __init__(self, message: str, suggestion: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.suggestion = suggestion


def shape_text(shape: Shape | None) -> str:
    """As NumPy writes it: `(2, 3)`, `(3,)`; a scalar is `()`."""
    return "an unknown shape" if shape is None else str(tuple(shape))


def shapes_text(shapes: Iterable[Shape | None]) -> str:
    texts = [shape_text(shape) for shape in shapes]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"


def broadcast_shape(name: str, shapes: Sequence[Shape | None]) -> Shape | None:
    """The shape of an entry-by-entry operation, by NumPy's rules: axes are aligned at the end, 1 fits any length.

    >>> broadcast_shape("add", [(3, 1), (4,)])
    (3, 4)
    """
    known = [shape for shape in shapes if shape is not None]
    if len(known) < len(shapes):
        return None
    axes = max((len(shape) for shape in known), default=0)
    result = []
    for axis in range(-axes, 0):
        lengths = {shape[axis] for shape in known if len(shape) >= -axis} - {1}
        if len(lengths) > 1:
            raise ShapeError(
                f"shapes don't match: {name} of {shapes_text(known)}",
                "axes are aligned at the end; two lengths fit if they are equal or one of them is 1",
            )
        result.append(lengths.pop() if lengths else 1)
    return allowed(tuple(result))


def allowed(shape: Shape) -> Shape:
    """The shape of an array that may be made. Raises ShapeError for one that is too large."""
    if len(shape) > MAX_AXES:
        raise ShapeError(f"an array can't have {len(shape)} axes", f"at most {MAX_AXES} are allowed")
    if entries(shape) > MAX_ENTRIES:
        suggestion = f"at most {MAX_ENTRIES} entries are allowed"
        raise ShapeError(f"an array of shape {shape_text(shape)} is too large", suggestion)
    return shape


def entries(shape: Shape) -> int:
    """How many entries an array of the shape has."""
    count = 1
    for length in shape:
        count *= length
    return count


def axis_of(shape: Shape, axis: int, name: str) -> int:
    """The axis counted from the front. Raises ShapeError where there is none."""
    if not -len(shape) <= axis < len(shape):
        there = f"it has axes 0 to {len(shape) - 1}" if shape else "a number has no axes"
        raise ShapeError(f"there is no axis {axis}: {name} of {shape_text(shape)}", there)
    return axis % len(shape)


def without_axes(shape: Shape, axes: Sequence[int]) -> Shape:
    return tuple(length for axis, length in enumerate(shape) if axis not in axes)


def with_ones(shape: Shape, axes: Sequence[int]) -> Shape:
    """The shape with the length 1 at `axes`, as a sum over them has it before they are dropped."""
    return tuple(1 if axis in axes else length for axis, length in enumerate(shape))
