"""What a simplifier knows of array functions, where shapes are known: one identity per row. None changes a value."""

from __future__ import annotations

from collections.abc import Sequence

from autodiff.graph.primitive import Payload, Primitive
from autodiff.graph.shapes import entries
from autodiff.graph.table import PRIMITIVES
from autodiff.symbolic import arranged, collecting, identities
from autodiff.symbolic.arranged import Operands, linear, shape_in, unchanged
from autodiff.symbolic.array_sums import joint_shape, of_products, of_sums, unrepeated
from autodiff.symbolic.constant_arrays import is_ones, is_unit_matrix, is_zeros, ones, position_of_unit_vector, zeros
from autodiff.symbolic.matrices import SUM_OF, dot, multiplied, outer
from autodiff.symbolic.normal import Identities, Identity, Normal
from autodiff.symbolic.powers import power
from autodiff.symbolic.transposes import inverse, transposed, transposed_word, transposes
from autodiff.symbolic.words import MATMUL, PLAIN, RESHAPE, is_there, scaled, taken_apart, word

TRACE = PRIMITIVES["trace"]


# sums


def total(normal: Normal, primitive: Primitive, operands: Operands, payload: Payload | None) -> int | None:
    """sum(ones(n)) -> n, sum(A.T) -> sum(A)"""
    (operand,) = operands
    (axes,) = payload or ((),)
    shape = normal.shapes[operand]
    if not axes:
        return operand
    if is_ones(normal, operand):
        count = normal.number(entries(tuple(shape[axis] for axis in axes)))
        rest = tuple(length for axis, length in enumerate(shape) if axis not in axes)
        return normal.product(count, ones(normal, rest))
    if len(axes) == len(shape):
        if normal.is_application(operand, "transpose", "reshape"):
            inner = normal.parts[operand].operands[0]
            return normal.apply(primitive, (inner,), (tuple(range(len(normal.shapes[inner]))),))
        if normal.is_application(operand, "outer"):  # sum(outer(u, v)) -> sum(u)*sum(v)
            return normal.product(
                *(normal.apply(primitive, (vector,), ((0,),)) for vector in normal.parts[operand].operands)
            )
        if position_of_unit_vector(normal, operand) is not None:  # sum(eye(n)[i]) -> 1
            return normal.one
        return product_of_matrices(normal, operand)
    elif normal.is_application(operand, "outer"):  # sum(outer(u, v), axis=0) -> sum(u)*v
        vectors = normal.parts[operand].operands
        summed = normal.apply(primitive, (vectors[axes[0]],), ((0,),))
        return normal.product(summed, vectors[1 - axes[0]])
    elif axes == tuple(range(len(axes))):
        return factors_outside(normal, primitive, operand, axes)
    return None


def product_of_matrices(normal: Normal, operand: int) -> int | None:
    """sum(A*B.T) -> trace(B @ A), sum(A*eye(n)) -> trace(A).

    Where u @ v is there as well: sum(u*v) -> u @ v, sum(v^2) -> v @ v.
    """
    coefficient, factors = normal.factors(operand)
    vectors = [base for base, exponent in factors for _ in range(int(exponent)) if exponent in (1, 2)]
    shape = normal.shapes[operand]
    if coefficient != 1 or len(vectors) != 2 or sum(exponent for _, exponent in factors) != 2:
        return None
    if any(normal.shapes[vector] != shape for vector in vectors):
        return None
    if len(shape) == 1 and any(is_there(normal, pair) for pair in (vectors, vectors[::-1])):
        return dot(normal, *vectors)
    if len(shape) == 2 and any(is_unit_matrix(normal, vector) for vector in vectors):  # sum(A*eye(n)) -> trace(A)
        first, second = sorted(vectors, key=lambda matrix: is_unit_matrix(normal, matrix))
        return normal.apply(TRACE, (first,), ())
    if len(shape) == 2 and transposes(normal, vectors) == 1:
        first, second = sorted(vectors, key=lambda matrix: transposes(normal, [matrix]))
        return normal.apply(TRACE, (multiplied(normal, transposed(normal, second), first),), ())
    return None


def factors_outside(normal: Normal, primitive: Primitive, operand: int, axes: Sequence[int]) -> int | None:
    """sum(A*v, axis=0) -> sum(A, axis=0)*v"""
    coefficient, factors = normal.factors(operand)
    rest = len(normal.shapes[operand]) - len(axes)
    outside = [(base, exponent) for base, exponent in factors if len(normal.shapes[base]) <= rest]
    inside = normal.product_of(coefficient, [factor for factor in factors if factor not in outside])
    if not outside or normal.shapes[inside] != normal.shapes[operand]:
        return None
    return normal.product(normal.apply(primitive, (inside,), (axes,)), normal.product_of(1, outside))


def sum_to(normal: Normal, primitive: Primitive, operands: Operands, payload: Payload | None) -> int | None:
    """The sum over what broadcast repeats, as a sum over axes."""
    (operand,), target = operands, shape_in(payload)
    shape = normal.shapes[operand]
    front = len(shape) - len(target)
    repeated = [axis + front for axis, length in enumerate(target) if shape[axis + front] != length]
    summed = normal.apply(SUM_OF, operands, ((*range(front), *repeated),))
    return normal.apply(RESHAPE, (summed,), (target,))


# matrices


def matmul(normal: Normal, primitive: Primitive, operands: Operands, payload: Payload | None) -> int | None:
    if any(len(normal.shapes[operand]) > 2 for operand in operands):
        return normal.applied(primitive, operands, PLAIN)
    if any(is_zeros(normal, operand) for operand in operands):
        return zeros(normal, normal.shapes[normal.applied(primitive, operands, PLAIN)])
    return multiplied(normal, *operands)


def dot_product(normal: Normal, primitive: Primitive, operands: Operands, payload: Payload | None) -> int | None:
    return normal.apply(MATMUL, operands, PLAIN)  # dot(a, b) -> a @ b


def outer_product(normal: Normal, primitive: Primitive, operands: Operands, payload: Payload | None) -> int | None:
    return outer(normal, *operands)


def inverse_matrix(normal: Normal, primitive: Primitive, operands: Operands, payload: Payload | None) -> int | None:
    return inverse(normal, operands[0])


def determinant(normal: Normal, primitive: Primitive, operands: Operands, payload: Payload | None) -> int | None:
    (operand,) = operands
    scalar, matrix = taken_apart(normal, operand)
    if scalar != normal.one:  # det(a*A) -> a^n*det(A)
        return normal.product(
            power(normal, scalar, normal.shapes[matrix][0]), normal.apply(primitive, (matrix,), payload)
        )
    if is_unit_matrix(normal, matrix):  # det(eye(n)) -> 1
        return normal.one
    if normal.is_application(matrix, "transpose"):  # det(A.T) -> det(A)
        return normal.apply(primitive, normal.parts[matrix].operands, payload)
    if normal.is_application(matrix, "inv"):  # det(inv(A)) -> 1/det(A)
        return power(normal, normal.apply(primitive, normal.parts[matrix].operands, payload), -1)
    return None


def solution(normal: Normal, primitive: Primitive, operands: Operands, payload: Payload | None) -> int | None:
    matrix, right = operands
    scalar, right = taken_apart(normal, right)
    if scalar != normal.one:  # solve(A, a*b) -> a*solve(A, b)
        return scaled(normal, [scalar], normal.apply(primitive, (matrix, right), payload))
    return inverse(normal, matrix) if is_unit_matrix(normal, right) else None  # solve(A, eye(n)) -> inv(A)


def trace(normal: Normal, primitive: Primitive, operands: Operands, payload: Payload | None) -> int | None:
    (operand,) = operands
    if is_unit_matrix(normal, operand):  # trace(eye(n)) -> n
        return normal.number(normal.shapes[operand][0])
    if normal.is_application(operand, "outer"):  # trace(outer(u, v)) -> u @ v
        vectors = normal.parts[operand].operands
        return dot(normal, *vectors) if len(set(normal.shapes[operand])) == 1 else None
    factors = word(normal, operand)
    turned = transposed_word(normal, factors)
    if transposes(normal, turned) < transposes(normal, factors):  # trace(A.T) -> trace(A)
        return normal.apply(primitive, (transposed(normal, operand),), payload)
    return None


# entry by entry


def entrywise(name: str) -> Identity:
    """f(a*ones(n), V) -> f(a, V): what the other operands repeat anyway."""
    identity = identities.FUNCTIONS.get(name)

    def unrepeated_operands(
        normal: Normal, primitive: Primitive, operands: Operands, payload: Payload | None
    ) -> int | None:
        full, given = joint_shape(normal, operands), list(operands)
        for place, operand in enumerate(given):
            scalar, array = taken_apart(normal, operand)
            inner = normal.zero if is_zeros(normal, array) else unrepeated(normal, array)
            if inner is not None and joint_shape(normal, [inner, *given[:place], *given[place + 1 :]]) == full:
                given[place] = scaled(normal, [scalar], inner)
        if given != list(operands):
            return normal.apply(primitive, tuple(given), payload)
        found = None if identity is None else identity(normal, primitive, operands, payload)
        return None if found is None else normal.in_shape(found, full)

    return unrepeated_operands


UNREPEATED = "where eq ne lt le gt ge max min atan2 hypot logaddexp"
FUNCTIONS: dict[str, Identity] = {
    **{name: entrywise(name) for name in UNREPEATED.split()},
    "broadcast": arranged.broadcast,
    "reshape": linear(arranged.reshape),
    "transpose": linear(arranged.transpose),
    "index": linear(arranged.index),
    "scatter": arranged.scatter,
    "add_at": arranged.addition,
    "diagonal": linear(arranged.diagonal),
    "diagonal_matrix": linear(arranged.diagonal_matrix),
    "sum": linear(total),
    "mean": linear(unchanged),
    "cumsum": linear(unchanged),
    "sum_to": sum_to,
    "matmul": matmul,
    "dot": dot_product,
    "outer": outer_product,
    "inv": inverse_matrix,
    "det": determinant,
    "solve": solution,
    "trace": linear(trace),
}
IDENTITIES = Identities({**identities.FUNCTIONS, **FUNCTIONS}, of_sums, of_products, collecting.of_powers)
