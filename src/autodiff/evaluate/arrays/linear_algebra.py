"""Kernels of linear algebra: NumPy's, but exact for small matrices, and honest about singular ones."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import inf, log, log1p, nan
from typing import Any

import numpy

from autodiff.evaluate.program import Kernel

SMALL = 3  # rows, up to which determinants and inverses are computed exactly and rounded once
DECIDABLE = 24  # rows, up to which it is decided exactly whether a matrix is singular
SUSPICIOUS = 1e14  # a condition number from which LAPACK can't tell


def matmul(a: Any, b: Any, side: int | None = None) -> Any:
    """The product; where an entry of the operand on the given side is exactly 0, its terms are 0 whatever the other."""
    product = numpy.matmul(a, b)
    if side is None or not numpy.any(numpy.isnan(product)):
        return product
    left, right = numpy.expand_dims(a, -1), numpy.expand_dims(b, -3)
    zero = (left if side == 0 else right) == 0
    return numpy.sum(numpy.where(zero, 0.0, left * right), axis=-2)


def fractions(a: Any) -> list[list[Fraction]] | None:
    """The rows as exact numbers, None if one is not finite."""
    return [[Fraction(float(entry)) for entry in row] for row in a] if numpy.isfinite(a).all() else None


def minor(rows: Sequence[Sequence[Fraction]], row: int, column: int) -> list[list[Fraction]]:
    return [[*r[:column], *r[column + 1 :]] for i, r in enumerate(rows) if i != row]


def exact_determinant(rows: Sequence[Sequence[Fraction]]) -> Fraction:
    """By elimination."""
    work, determinant = [list(row) for row in rows], Fraction(1)
    for column in range(len(work)):
        pivot = next((r for r in range(column, len(work)) if work[r][column]), None)
        if pivot is None:
            return Fraction(0)
        if pivot != column:
            work[column], work[pivot], determinant = work[pivot], work[column], -determinant
        determinant *= work[column][column]
        for r in range(column + 1, len(work)):
            if factor := work[r][column] / work[column][column]:
                work[r] = [x - factor * y for x, y in zip(work[r], work[column], strict=True)]
    return determinant


def rounded(number: Fraction) -> float:
    try:
        return float(number)
    except OverflowError:
        return inf if number > 0 else -inf


def exact_adjugate(rows: Sequence[Sequence[Fraction]]) -> list[list[Fraction]]:
    n = len(rows)
    return [[(-1) ** (i + j) * exact_determinant(minor(rows, j, i)) for j in range(n)] for i in range(n)]


def is_singular(a: Any) -> bool:
    """Exactly for small matrices, for larger ones as far as the rounding of their entries can tell."""
    n = len(a)
    if not numpy.isfinite(a).all():
        return False
    try:
        if n > SMALL and numpy.linalg.cond(a, 1) < SUSPICIOUS:
            return False
    except numpy.linalg.LinAlgError:
        return True
    rows = fractions(a) if n <= DECIDABLE else None
    return rows is not None and exact_determinant(rows) == 0


def det(a: Any) -> Any:
    rows = fractions(a) if len(a) <= SMALL else None
    if rows is not None:
        return rounded(exact_determinant(rows))
    return 0.0 if is_singular(a) else numpy.linalg.det(a)


def cofactors(a: Any) -> Any:
    """The transposed adjugate, by singular values where it can't be had exactly: also of a singular matrix."""
    rows = fractions(a) if len(a) <= SMALL else None
    if rows is not None:
        return numpy.array([[rounded(x) for x in row] for row in exact_adjugate(rows)]).reshape(a.shape).T
    if not numpy.isfinite(a).all():
        return numpy.full(a.shape, nan)
    left, values, right = numpy.linalg.svd(a)
    others = numpy.array([numpy.prod(numpy.delete(values, i)) for i in range(len(values))])
    return numpy.linalg.det(left) * numpy.linalg.det(right) * (left * others) @ right


def logdet(a: Any) -> Any:
    rows = fractions(a) if len(a) <= SMALL else None
    if rows is not None:
        exact = exact_determinant(rows)
        if exact <= 0:
            return nan if exact < 0 else -inf
        if Fraction(1, 2) < exact < 2:
            return log1p(rounded(exact - 1))
        if 0 < (near := rounded(exact)) < inf:
            return log(near)
    if is_singular(a):
        return -inf
    sign, logarithm = numpy.linalg.slogdet(a)
    return logarithm if sign > 0 else nan if sign < 0 or sign != sign else -inf


def inv(a: Any) -> Any:
    rows = fractions(a) if len(a) <= SMALL else None
    if rows is not None:
        determinant = exact_determinant(rows)
        if determinant == 0:
            return numpy.full(a.shape, nan)
        adjugate = exact_adjugate(rows)
        return numpy.array([[rounded(x / determinant) for x in row] for row in adjugate]).reshape(a.shape)
    if is_singular(a):
        return numpy.full(a.shape, nan)
    return numpy.linalg.inv(a)


def solve(a: Any, b: Any) -> Any:
    if len(a) <= SMALL and (rows := fractions(a)) is not None and numpy.isfinite(b).all():
        determinant = exact_determinant(rows)
        if determinant == 0:
            return numpy.full(b.shape, nan)
        right = [[Fraction(float(x)) for x in row] for row in b.reshape(len(a), -1)]
        columns = range(len(right[0]) if right else 0)
        solution = [
            [rounded(sum((x * right[k][j] for k, x in enumerate(row)), Fraction(0)) / determinant) for j in columns]
            for row in exact_adjugate(rows)
        ]
        return numpy.array(solution).reshape(b.shape)
    if is_singular(a):
        return numpy.full(b.shape, nan)
    return numpy.linalg.solve(a, b)


def cross(a: Any, b: Any) -> Any:
    turn, turn_on = [1, 2, 0], [2, 0, 1]
    return a[turn] * b[turn_on] - a[turn_on] * b[turn]


KERNELS: dict[str, Kernel] = {
    "matmul": matmul,
    "dot": numpy.matmul,
    "outer": lambda a, b: a[:, None] * b[None, :],
    "cross": cross,
    "trace": lambda a: numpy.sum(numpy.diagonal(a)),
    "det": det,
    "cofactors": cofactors,
    "logdet": logdet,
    "inv": inv,
    "solve": solve,
}
