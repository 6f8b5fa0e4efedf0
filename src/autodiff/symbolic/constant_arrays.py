"""Arrays of zeros and ones as forms: `zeros(3)`, `ones(3)`, `eye(3)` and its rows, the unit vectors."""

from __future__ import annotations

from autodiff.graph.nodes import ArrayConstant
from autodiff.graph.primitives.construction import array_of, kind_of_array
from autodiff.graph.shapes import Shape, entries
from autodiff.graph.table import PRIMITIVES
from autodiff.symbolic.normal import Normal

BROADCAST, DIAGONAL_MATRIX, INDEX = PRIMITIVES["broadcast"], PRIMITIVES["diagonal_matrix"], PRIMITIVES["index"]
MOST_WRITTEN = 1_000_000  # entries of a constant; of more a node makes them


def zeros(normal: Normal, shape: Shape) -> int:
    return normal.applied(BROADCAST, (normal.zero,), (shape,)) if shape else normal.zero


def ones(normal: Normal, shape: Shape) -> int:
    return normal.applied(BROADCAST, (normal.one,), (shape,)) if shape else normal.one


def unit_matrix(normal: Normal, n: int) -> int:
    if n == 1:
        return ones(normal, (1, 1))
    return normal.applied(DIAGONAL_MATRIX, (ones(normal, (n,)),), (n, n))


def unit_vector(normal: Normal, n: int, position: int) -> int:
    """A row of the unit matrix."""
    return normal.applied(INDEX, (unit_matrix(normal, n),), ((position, (0, n, 1)),)) if n > 1 else ones(normal, (1,))


def is_zeros(normal: Normal, form: int) -> bool:
    return form == normal.zero or (
        normal.is_application(form, "broadcast") and normal.parts[form].operands[0] == normal.zero
    )


def is_ones(normal: Normal, form: int) -> bool:
    return normal.is_application(form, "broadcast") and normal.parts[form].operands[0] == normal.one


def is_unit_matrix(normal: Normal, form: int) -> bool:
    if normal.shapes[form] == (1, 1):
        return is_ones(normal, form)
    if not normal.is_application(form, "diagonal_matrix"):
        return False
    _, (diagonal,), (rows, columns) = normal.parts[form]
    return rows == columns and is_ones(normal, diagonal)


def position_of_unit_vector(normal: Normal, form: int) -> int | None:
    """Where a unit vector has its 1; None for other forms."""
    if not normal.is_application(form, "index"):
        return None
    _, (matrix,), (items,) = normal.parts[form]
    is_row = isinstance(items[0], int) and len(items) == 2 and items[1] == (0, normal.shapes[form][:1][0], 1)
    return items[0] if is_row and is_unit_matrix(normal, matrix) else None


def form_of_array(normal: Normal, constant: ArrayConstant) -> int:
    """The form of a constant: arrays of zeros or ones and unit matrices are recognised."""
    shape: Shape = constant.entries.shape
    kind = kind_of_array(constant.entries)
    if kind == "eye":
        return unit_matrix(normal, shape[0])
    if kind:
        return ones(normal, shape) if kind == "ones" else zeros(normal, shape)
    return normal.atom(constant, shape)


def constant_of(normal: Normal, form: int) -> ArrayConstant | None:
    """The array that a form is, if it is of zeros, of ones or a unit matrix, and not huge."""
    shape = normal.shapes[form]
    if entries(shape) > MOST_WRITTEN:
        return None
    if is_unit_matrix(normal, form):
        return array_of("eye", shape[0])
    if is_zeros(normal, form) or is_ones(normal, form):
        return array_of("zeros" if is_zeros(normal, form) else "ones", shape)
    return None
