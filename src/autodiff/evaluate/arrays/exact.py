"""Determinants, adjugates and linear systems of small matrices, computed exactly in integers and rounded once.

A matrix of binary64 is one of integers over a power of two. Elimination without fractions keeps it so: every entry on
the way is a minor of the matrix, and each division leaves no rest (Bareiss 1968).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import inf
from typing import Any, NamedTuple

import numpy

Rows = list[list[int]]
# For the question of singularity alone, arithmetic modulo primes will do: what is not 0 there is not 0.
PRIMES = (2**61 - 1, 2**89 - 1)


class Exact(NamedTuple):
    """A matrix: integers over a common denominator, a power of two."""

    rows: Rows
    denominator: int


def exact(matrix: Any) -> Exact:
    """Of finite entries."""
    ratios = [[entry.as_integer_ratio() for entry in row] for row in matrix.tolist()]
    denominator = max((below for row in ratios for _, below in row), default=1)
    return Exact([[above * (denominator // below) for above, below in row] for row in ratios], denominator)


def eliminated(rows: Rows, columns: int) -> tuple[list[int], int, int]:
    """Gauss-Jordan elimination of the first `columns`, in place, without fractions.

    What comes back: the columns of the pivots, the pivot that all of them have become, and the sign of the swaps.
    """
    pivots: list[int] = []
    last, sign = 1, 1
    for column in range(columns):
        place = len(pivots)
        found = next((r for r in range(place, len(rows)) if rows[r][column]), None)
        if found is None:
            continue
        if found != place:
            rows[place], rows[found], sign = rows[found], rows[place], -sign
        row = rows[place]
        pivot = row[column]
        for r, other in enumerate(rows):
            if r != place:
                factor = other[column]
                rows[r] = [(x * pivot - factor * y) // last for x, y in zip(other, row, strict=True)]
        pivots.append(column)
        last = pivot
    return pivots, last, sign


def determinant_of(rows: Sequence[Sequence[int]]) -> int:
    pivots, last, sign = eliminated([list(row) for row in rows], len(rows))
    return sign * last if len(pivots) == len(rows) else 0


def determinant(matrix: Exact) -> Fraction:
    return Fraction(determinant_of(matrix.rows), matrix.denominator ** len(matrix.rows))


def solution(matrix: Exact, right: Exact) -> list[list[float]] | None:
    """The columns x with matrix @ x = right; None if the matrix is singular."""
    n = len(matrix.rows)
    rows = [[*row, *others] for row, others in zip(matrix.rows, right.rows, strict=True)]
    pivots, last, _ = eliminated(rows, n)
    if len(pivots) < n:
        return None
    above, below = matrix.denominator, last * right.denominator
    return [[quotient(x * above, below) for x in row[n:]] for row in rows]


def inverse(matrix: Exact) -> list[list[float]] | None:
    return solution(matrix, Exact(unit_rows(len(matrix.rows)), 1))


def unit_rows(n: int) -> Rows:
    return [[int(i == j) for j in range(n)] for i in range(n)]


def cofactors(matrix: Exact) -> list[list[float]]:
    """The derivative of the determinant in each entry, also where it is 0."""
    n = len(matrix.rows)
    rows = [[*row, *unit] for row, unit in zip(matrix.rows, unit_rows(n), strict=True)]
    pivots, _, sign = eliminated(rows, n)
    if len(pivots) == n:
        adjugate = [[sign * x for x in row[n:]] for row in rows]
        entries = [list(column) for column in zip(*adjugate, strict=True)]
    else:
        entries = cofactors_of_singular(matrix.rows)
    return [[quotient(x, matrix.denominator ** (n - 1)) for x in row] for row in entries]


def cofactors_of_singular(rows: Rows) -> Rows:
    """A multiple of the product of the two vectors that the matrix maps to 0, from the left and from the right."""
    n = len(rows)
    left, right = null_vector([list(column) for column in zip(*rows, strict=True)]), null_vector(rows)
    if left is None or right is None:  # the rank is less than n - 1, so all minors are 0
        return [[0] * n for _ in range(n)]
    i = next(index for index, entry in enumerate(left) if entry)
    j = next(index for index, entry in enumerate(right) if entry)
    minor = [[*row[:j], *row[j + 1 :]] for index, row in enumerate(rows) if index != i]
    cofactor = (-1) ** (i + j) * determinant_of(minor)
    return [[cofactor * x * y // (left[i] * right[j]) for y in right] for x in left]


def null_vector(rows: Rows) -> list[int] | None:
    """What the matrix maps to 0; None if there is more than one direction of that."""
    n = len(rows)
    rows = [list(row) for row in rows]
    pivots, last, _ = eliminated(rows, n)
    if len(pivots) != n - 1:
        return None
    (free,) = set(range(n)).difference(pivots)
    vector = [0] * n
    vector[free] = last
    for place, column in enumerate(pivots):
        vector[column] = -rows[place][free]
    return vector


def has_determinant_zero(matrix: Any) -> bool:
    """Whether a matrix of finite entries is singular, decided modulo primes."""
    return all(is_singular_modulo(exact(matrix).rows, prime) for prime in PRIMES)


def is_singular_modulo(rows: Rows, prime: int) -> bool:
    rows = [[entry % prime for entry in row] for row in rows]
    while rows:
        found = next((r for r, row in enumerate(rows) if row[0]), None)
        if found is None:
            return True
        first, *rest = rows.pop(found)
        inverted = pow(first, -1, prime)
        rows = [
            [(x - factor * y) % prime for x, y in zip(row[1:], rest, strict=True)]
            for row in rows
            for factor in (row[0] * inverted % prime,)
        ]
    return False


def quotient(above: int, below: int) -> float:
    """The binary64 nearest to above/below."""
    try:
        return above / below + 0.0  # of 0 and a negative number Python makes -0.0
    except OverflowError:
        return inf if (above > 0) == (below > 0) else -inf


def rounded(number: Fraction) -> float:
    return quotient(number.numerator, number.denominator)


def as_array(rows: list[list[float]], shape: tuple[int, ...]) -> Any:
    return numpy.array(rows, dtype=numpy.float64).reshape(shape)
