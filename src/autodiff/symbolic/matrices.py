"""Products of matrices and vectors in one form: scalars in front, transposes on the factors, vectors to the right.

A product of matrices is a chain `A @ B @ C`, of which a word is the list of factors. A vector stands to the right of
its matrices, and what has rank 1 is `outer(u, v)`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from autodiff.graph.table import PRIMITIVES
from autodiff.symbolic.constant_arrays import is_ones, is_unit_matrix, ones, position_of_unit_vector
from autodiff.symbolic.normal import Normal
from autodiff.symbolic.transposes import transposed_word, transposes, without_inverses
from autodiff.symbolic.words import (
    MATMUL,
    PLAIN,
    chained,
    column,
    is_there,
    reshaped,
    row,
    scaled,
    taken_apart,
    word,
    word_and_vector,
)

INDEX, OUTER, SUM_OF = PRIMITIVES["index"], PRIMITIVES["outer"], PRIMITIVES["sum"]


def multiplied(normal: Normal, left: int, right: int) -> int:
    """left @ right, of one or two axes each."""
    one, left = taken_apart(normal, left)
    other, right = taken_apart(normal, right)
    rows, columns = len(normal.shapes[left]), len(normal.shapes[right])
    if rows == columns == 1:
        product = dot(normal, left, right)
    elif columns == 1:
        product = image(normal, word(normal, left), right)
    elif rows == 1:  # x @ A -> A.T @ x
        product = image(normal, transposed_word(normal, word(normal, right)), left)
    else:
        scalar, factors = joined(normal, word(normal, left), word(normal, right))
        product = scaled(normal, [scalar], chained(normal, factors))
    return scaled(normal, [one, other], product)


def image(normal: Normal, factors: Sequence[int], vector: int) -> int:
    """The product of the factors and a vector."""
    scalar, vector = taken_apart(normal, vector)
    scalars, left = [scalar], list(factors)
    while left:
        if normal.is_application(vector, "matmul"):
            matrix, inner = normal.parts[vector].operands
            if len(normal.shapes[matrix]) != 2:
                break
            scalar, left = joined(normal, left, word(normal, matrix))
            scalars.append(scalar)
            vector = inner
        last = left[-1]
        if is_unit_matrix(normal, last):  # eye(n) @ v -> v
            pass
        elif normal.is_application(last, "outer"):  # outer(u, v) @ w -> (v @ w)*u
            first, second = normal.parts[last].operands
            scalars.append(dot(normal, second, vector))
            vector = first
        elif normal.is_application(last, "diagonal_matrix"):  # diag(u) @ v -> u*v
            vector = normal.product(normal.parts[last].operands[0], vector)
        elif is_ones(normal, last):  # ones(n, m) @ v -> sum(v)*ones(n)
            scalars.append(normal.apply(SUM_OF, (vector,), ((0,),)))
            vector = ones(normal, normal.shapes[last][:1])
        elif (inner_row := row(normal, last)) is not None:
            scalars.append(dot(normal, inner_row, vector))
            vector = ones(normal, (1,))
        elif (inner_column := column(normal, last)) is not None and is_ones(normal, vector):
            vector = inner_column
        else:
            break
        left.pop()
        scalar, vector = taken_apart(normal, vector)
        scalars.append(scalar)
    if left:
        vector = normal.applied(MATMUL, (chained(normal, left), vector), PLAIN)
    return scaled(normal, scalars, vector)


def dot(normal: Normal, left: int, right: int) -> int:
    """u @ A @ v, which is v @ A.T @ u: the one with fewer transposes, or the one that is there."""
    one, left = taken_apart(normal, left)
    other, right = taken_apart(normal, right)
    before, first = word_and_vector(normal, left)
    after, last = word_and_vector(normal, right)
    scalar, factors = joined(normal, transposed_word(normal, before), after) if before or after else (normal.one, [])
    if len(factors) == 1 and is_unit_matrix(normal, factors[0]):
        factors = []
    if len(factors) == 1 and normal.is_application(factors[0], "outer"):  # u @ outer(v, w) @ z -> (u @ v)*(w @ z)
        inner, outer_one = normal.parts[factors[0]].operands
        product = normal.product(dot(normal, first, inner), dot(normal, outer_one, last))
    elif is_ones(normal, first):  # ones(n) @ v -> sum(v)
        product = normal.apply(SUM_OF, (image(normal, factors, last),), ((0,),))
    elif is_ones(normal, last):
        product = normal.apply(SUM_OF, (image(normal, transposed_word(normal, factors), first),), ((0,),))
    elif (position := position_of_unit_vector(normal, first)) is not None:  # eye(n)[i] @ v -> v[i]
        product = normal.apply(INDEX, (image(normal, factors, last),), ((position,),))
    elif (position := position_of_unit_vector(normal, last)) is not None:
        product = normal.apply(INDEX, (image(normal, transposed_word(normal, factors), first),), ((position,),))
    else:
        product = number_chain(normal, first, factors, last)
    return scaled(normal, [one, other, scalar], product)


def number_chain(normal: Normal, first: int, factors: list[int], last: int) -> int:
    way = [first, *factors, last]
    back = [last, *transposed_word(normal, factors), first]
    difference = transposes(normal, way) - transposes(normal, back)
    if difference > 0 or (difference == 0 and is_there(normal, back)):
        way = back
    return chained(normal, way)


def joined(normal: Normal, left: Sequence[int], right: Sequence[int]) -> tuple[int, list[int]]:
    """The word of a product of two words, and a number-valued factor."""
    scalar, result, waiting = normal.one, list(left), deque(right)
    while waiting:
        factor = waiting.popleft()
        if result and is_unit_matrix(normal, result[-1]):  # eye(n) @ A -> A
            result.pop()
        if not result:
            result.append(factor)
            continue
        if is_unit_matrix(normal, factor):  # A @ eye(n) -> A
            continue
        cancelled = without_inverses(normal, result[-1], factor)
        if cancelled is not None:
            result.pop()
            waiting.extendleft(reversed(cancelled))
            continue
        replaced = rank_one(normal, result, factor)
        if replaced is None:
            result.append(factor)
            continue
        own, product = taken_apart(normal, replaced)
        scalar, result = scaled(normal, [own], scalar), [product]
    return scalar, result


def rank_one(normal: Normal, left: list[int], factor: int) -> int | None:
    """The product of a word and a matrix, if one of them is made of vectors."""
    last = left[-1]
    if len(left) == 1 and is_ones(normal, last) and is_ones(normal, factor):  # ones(n, m) @ ones(m, k) -> m*ones(n, k)
        (rows, between), columns = normal.shapes[last], normal.shapes[factor][1]
        return normal.product(normal.number(between), ones(normal, (rows, columns)))
    before, after = (column(normal, last), row(normal, factor)) if len(left) == 1 else (None, None)
    if before is not None and after is not None:  # a column times a row
        return outer(normal, before, after)
    if (inner := column(normal, factor)) is not None:
        return reshaped(normal, image(normal, left, inner), (normal.shapes[left[0]][0], 1))
    if (inner := row(normal, last)) is not None and len(left) == 1:
        moved = image(normal, transposed_word(normal, [factor]), inner)
        return reshaped(normal, moved, (1, normal.shapes[factor][1]))
    if normal.is_application(factor, "outer"):  # A @ outer(u, v) -> outer(A @ u, v)
        first, second = normal.parts[factor].operands
        return outer(normal, image(normal, left, first), second)
    if normal.is_application(last, "outer") and len(left) == 1:  # outer(u, v) @ A -> outer(u, A.T @ v)
        first, second = normal.parts[last].operands
        return outer(normal, first, image(normal, transposed_word(normal, [factor]), second))
    return None


def outer(normal: Normal, left: int, right: int) -> int:
    one, left = taken_apart(normal, left)
    other, right = taken_apart(normal, right)
    if is_ones(normal, left) and is_ones(normal, right):
        product = ones(normal, (*normal.shapes[left], *normal.shapes[right]))
    else:
        product = normal.applied(OUTER, (left, right), ())
    return scaled(normal, [one, other], product)
