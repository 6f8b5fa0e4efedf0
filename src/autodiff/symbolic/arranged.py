"""Identities of what makes, cuts, joins and turns arrays: the entries stay what they are."""

from __future__ import annotations

from collections.abc import Sequence

from autodiff.graph.primitive import Payload, Primitive
from autodiff.graph.primitives.arrangement import Item
from autodiff.graph.shapes import Shape
from autodiff.graph.table import PRIMITIVES
from autodiff.symbolic.constant_arrays import is_ones, is_unit_matrix, is_zeros, ones, unit_vector, zeros
from autodiff.symbolic.forms import SUM
from autodiff.symbolic.matrices import INDEX, outer
from autodiff.symbolic.normal import Identity, Normal
from autodiff.symbolic.powers import power
from autodiff.symbolic.transposes import transposed
from autodiff.symbolic.words import RESHAPE, scaled, taken_apart

CONCAT, SCATTER = PRIMITIVES["concat"], PRIMITIVES["scatter"]
Operands = tuple[int, ...]


def linear(identity: Identity) -> Identity:
    """f(a*V) -> a*f(V) for numbers a, f(0) -> 0, for a function of one array."""

    def with_scalars(normal: Normal, primitive: Primitive, operands: Operands, payload: Payload | None) -> int | None:
        scalar, array = taken_apart(normal, operands[0])
        if scalar != normal.one:
            return scaled(normal, [scalar], normal.apply(primitive, (array,), payload))
        found = identity(normal, primitive, (array,), payload)
        if found is None and is_zeros(normal, array):
            return zeros(normal, normal.shapes[normal.applied(primitive, operands, payload)])
        return found

    return with_scalars


def shape_in(payload: Payload | None) -> Shape:
    (shape,) = payload or ((),)
    return tuple(shape)


def broadcast(normal: Normal, primitive: Primitive, operands: Operands, payload: Payload | None) -> int | None:
    """A number or an array times ones."""
    (operand,), shape = operands, shape_in(payload)
    if operand in (normal.zero, normal.one) and shape:
        return None
    if normal.shapes[operand] == shape:
        return operand
    return zeros(normal, shape) if is_zeros(normal, operand) else normal.product(operand, ones(normal, shape))


def reshape(normal: Normal, primitive: Primitive, operands: Operands, payload: Payload | None) -> int | None:
    (operand,), shape = operands, shape_in(payload)
    if normal.shapes[operand] == shape:
        return operand
    if normal.shapes[operand] == ():  # of a number
        return broadcast(normal, primitive, operands, payload) or ones(normal, shape)
    if normal.is_application(operand, "reshape"):  # reshape(reshape(a, s), t) -> reshape(a, t)
        return normal.apply(primitive, normal.parts[operand].operands, payload)
    return ones(normal, shape) if is_ones(normal, operand) else None


def transpose(normal: Normal, primitive: Primitive, operands: Operands, payload: Payload | None) -> int | None:
    (operand,) = operands
    (axes,) = payload or ((),)
    if axes == tuple(range(len(axes))):  # v.T -> v
        return operand
    if len(axes) == 2:
        return transposed(normal, operand)
    if normal.is_application(operand, "transpose"):
        (before,) = normal.parts[operand].payload
        turned = tuple(before[axis] for axis in axes)
        return normal.apply(primitive, normal.parts[operand].operands, (turned,))
    return None


def index(normal: Normal, primitive: Primitive, operands: Operands, payload: Payload | None) -> int | None:
    (operand,) = operands
    (items,) = payload or ((),)
    shape = normal.shapes[operand]
    if all(item == (0, length, 1) for item, length in zip(items, shape, strict=True)):  # v[:] -> v
        return operand
    if is_ones(normal, operand):
        return ones(normal, tuple(item[1] for item in items if not isinstance(item, int)))
    if is_unit_matrix(normal, operand) and all(isinstance(item, int) for item in items):
        return normal.number(int(items[0] == items[1]))
    if normal.is_application(operand, "stack") and isinstance(items[0], int) and normal.parts[operand].payload == (0,):
        part = normal.parts[operand].operands[items[0]]  # [a, b][0] -> a
        return normal.apply(primitive, (part,), (items[1:],)) if items[1:] else part
    if normal.is_application(operand, "index") and is_reversal(items, shape):
        (before,) = normal.parts[operand].payload
        if before == items:  # v[::-1][::-1] -> v
            return int(normal.parts[operand].operands[0])
    if normal.is_application(operand, "outer"):
        return index_of_outer(normal, operand, items)
    if normal.is_application(operand, "concat") and normal.parts[operand].payload == (0,):
        return part_of_joined(normal, operand, items)
    if not isinstance(items[0], int) or len(items) > 1:
        return None
    factors = normal.factors(operand)[1]
    is_product = len(factors) > 1 or factors[0][1] != 1
    if is_product and all(normal.shapes[base] == shape and normal.kinds[base] != SUM for base, _ in factors):
        powers = [power(normal, normal.apply(primitive, (base,), payload), exponent) for base, exponent in factors]
        return normal.product(*powers)  # (u*v)[0] -> u[0]*v[0]
    return None


def index_of_outer(normal: Normal, operand: int, items: Sequence[Item]) -> int | None:
    """outer(u, v)[i] -> u[i]*v, outer(u, v)[:, j] -> v[j]*u"""
    if not any(isinstance(item, int) for item in items):
        return None
    vectors = normal.parts[operand].operands
    return normal.product(
        *(normal.apply(INDEX, (vector,), ((item,),)) for vector, item in zip(vectors, items, strict=True))
    )


def part_of_joined(normal: Normal, operand: int, items: Sequence[Item]) -> int | None:
    """concat(u, v)[:n] -> u"""
    start, rest = 0, items[1:]
    for part in normal.parts[operand].operands:
        length, *others = normal.shapes[part]
        if items[0] == (start, length, 1) and all(item == (0, n, 1) for item, n in zip(rest, others, strict=True)):
            return int(part)
        start += length
    return None


def is_reversal(items: Sequence[Item], shape: Shape) -> bool:
    return len(shape) == 1 and items[0] == (shape[0] - 1, shape[0], -1)


def scatter(normal: Normal, primitive: Primitive, operands: Operands, payload: Payload | None) -> int | None:
    """Zeros but for some entries, as unit vectors times something, or with zeros before and behind."""
    (operand,) = operands
    items, shape = payload or ((), ())
    positions = [item for item in items if isinstance(item, int)]
    if len(shape) == 1 and positions:  # x[i]: a*eye(n)[i]
        return normal.product(operand, unit_vector(normal, shape[0], positions[0]))
    if len(shape) == 2 and len(positions) == 2:  # A[i, j]: a*outer(eye(n)[i], eye(m)[j])
        sides = (unit_vector(normal, length, item) for length, item in zip(shape, positions, strict=True))
        return scaled(normal, [operand], outer(normal, *sides))
    if len(shape) == 2 and positions:  # A[i]: outer(eye(n)[i], v); A[:, j]: outer(v, eye(m)[j])
        vectors = (
            unit_vector(normal, length, item)
            if isinstance(item, int)
            else normal.apply(primitive, (operand,), ((item,), (length,)))
            for length, item in zip(shape, items, strict=True)
        )
        return outer(normal, *vectors)
    if any(count > 1 and step not in (1, -1) for _, count, step in map(as_slice, items)):
        return None
    if 0 in normal.shapes[operand]:
        return zeros(normal, shape)
    block = tuple(count for _, count, _ in map(as_slice, items))
    padded = normal.apply(RESHAPE, (operand,), (block,))
    for axis, item in enumerate(items):
        padded = with_zeros(normal, padded, axis, as_slice(item), shape[axis])
    return padded


def as_slice(item: Item) -> tuple[int, int, int]:
    return (item, 1, 1) if isinstance(item, int) else item


def with_zeros(normal: Normal, block: int, axis: int, item: tuple[int, int, int], length: int) -> int:
    """A block with zeros before and behind it along an axis, to the given length."""
    start, count, step = item
    shape = normal.shapes[block]
    if step < 0 and count > 1:
        turned = [(0, n, 1) for n in shape]
        turned[axis] = (count - 1, count, -1)
        block = normal.apply(INDEX, (block,), (tuple(turned),))
        start -= count - 1
    sides = [(*shape[:axis], n, *shape[axis + 1 :]) for n in (start, length - start - count)]
    before, behind = ([zeros(normal, side)] if side[axis] else [] for side in sides)
    parts = (*before, block, *behind)
    return normal.apply(CONCAT, parts, (axis,)) if len(parts) > 1 else block


def addition(normal: Normal, primitive: Primitive, operands: Operands, payload: Payload | None) -> int | None:
    """x with a piece added at some entries, as a sum."""
    whole, piece = operands
    (items,) = payload or ((),)
    scattered = normal.apply(SCATTER, (piece,), (items, normal.shapes[whole]))
    return normal.sum_of([(whole, 1), (scattered, 1)])


def diagonal(normal: Normal, primitive: Primitive, operands: Operands, payload: Payload | None) -> int | None:
    (operand,) = operands
    if normal.is_application(operand, "diagonal_matrix") and normal.parts[operand].payload == payload:
        return int(normal.parts[operand].operands[0])  # diag(diag(v)) -> v
    if is_ones(normal, operand):
        return ones(normal, (min(normal.shapes[operand]),))
    if normal.is_application(operand, "transpose"):  # diag(A.T) -> diag(A)
        rows, columns = payload or ((), ())
        return normal.apply(primitive, normal.parts[operand].operands, (columns, rows))
    if normal.is_application(operand, "outer") and len(set(normal.shapes[operand])) == 1:  # diag(outer(u, v)) -> u*v
        return normal.product(*normal.parts[operand].operands)
    return None


def diagonal_matrix(normal: Normal, primitive: Primitive, operands: Operands, payload: Payload | None) -> int | None:
    return ones(normal, (1, 1)) if payload == (1, 1) and is_ones(normal, operands[0]) else None  # which is eye(1)


def unchanged(normal: Normal, primitive: Primitive, operands: Operands, payload: Payload | None) -> int | None:
    return None
