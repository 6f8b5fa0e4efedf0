"""Kernels of linear algebra: NumPy's, but exact where these lose digits, and honest about singular matrices."""

from __future__ import annotations

from fractions import Fraction
from math import inf, log, log1p, nan
from typing import Any

import numpy

from autodiff.evaluate.arrays.exact import (
    as_array,
    determinant,
    exact,
    has_determinant_zero,
    inverse,
    rounded,
    solution,
)
from autodiff.evaluate.arrays.exact import cofactors as exact_cofactors
from autodiff.evaluate.program import Kernel

SMALL = 4  # rows, up to which everything is computed exactly and rounded once
MEDIUM = 24  # rows, up to which that is done where LAPACK would lose digits
LARGE = 200  # rows, up to which it is decided whether a matrix is singular
ILL_CONDITIONED = 1e4  # a condition number: so many ULP are lost
UNDECIDED = 1e12  # a condition number from which LAPACK can't tell
MOST_EXACT = 50_000  # steps for the columns of a linear system
RANGE = (1e-290, 1e290)  # of determinants that LAPACK's way neither over- nor underflows for


def matmul(a: Any, b: Any, side: int | None = None) -> Any:
    """The product; where an entry of the operand on the given side is exactly 0, its terms are 0 whatever the other."""
    product = numpy.matmul(a, b)
    if side is None or not numpy.any(numpy.isnan(product)):
        return product
    left, right = (a[None] if a.ndim == 1 else a), (b[:, None] if b.ndim == 1 else b)
    finite = numpy.isfinite(left).all(axis=tuple(range(left.ndim - 1)))
    finite &= numpy.isfinite(right).all(axis=(*range(right.ndim - 2), right.ndim - 1))
    total = numpy.matmul(left[..., finite], right[..., finite, :])
    for k in numpy.flatnonzero(~finite):
        column, row = left[..., :, k, None], right[..., None, k, :]
        total = total + numpy.where((column if side == 0 else row) == 0, 0.0, column * row)
    return total.reshape(product.shape)


def condition(a: Any) -> float:
    """How many ULP LAPACK loses, about; infinite for a matrix that it finds singular."""
    try:
        return float(numpy.linalg.cond(a, 1))
    except numpy.linalg.LinAlgError:
        return inf


def is_singular(a: Any) -> bool:
    """Exactly; beyond 200 rows as far as LAPACK can tell. A matrix with an entry that is not finite is not."""
    if not numpy.isfinite(a).all() or len(a) == 0:
        return False
    found = condition(a)
    if found < UNDECIDED:
        return False
    return has_determinant_zero(a) if len(a) <= LARGE else found == inf


def is_delicate(a: Any) -> bool:
    """Whether the matrix, of finite entries, is small enough for exact arithmetic, and worth it."""
    return len(a) <= SMALL or (len(a) <= MEDIUM and not condition(a) < ILL_CONDITIONED)


def det(a: Any) -> Any:
    if not numpy.isfinite(a).all():
        return determinant_of_entries(a) if len(a) <= 3 else nan
    if is_delicate(a) or (len(a) <= MEDIUM and (a == numpy.rint(a)).all()):
        return rounded(determinant(exact(a)))
    value = 0.0 if is_singular(a) else numpy.linalg.det(a)
    in_range = value == 0.0 or RANGE[0] < abs(value) < RANGE[1] or len(a) > MEDIUM
    return value if in_range else rounded(determinant(exact(a)))


def determinant_of_entries(a: Any) -> float:
    """With infinities and NaN: along the first row, up to 3x3."""
    if len(a) == 1:
        return float(a[0, 0])
    columns = range(len(a))
    minors = [determinant_of_entries(a[1:, [c for c in columns if c != column]]) for column in columns]
    return sum((-1.0) ** column * float(a[0, column]) * minors[column] for column in columns)


def cofactors(a: Any) -> Any:
    """The derivative of the determinant, also of a singular matrix."""
    if not numpy.isfinite(a).all():
        return cofactors_of_entries(a) if len(a) <= 3 else numpy.full(a.shape, nan)
    if len(a) == 0:
        return a
    if is_delicate(a):
        return as_array(exact_cofactors(exact(a)), a.shape)
    value = numpy.linalg.det(a)
    if condition(a) < UNDECIDED and RANGE[0] < abs(value) < RANGE[1]:
        return value * numpy.linalg.inv(a).T
    left, values, right = numpy.linalg.svd(a)
    return numpy.linalg.det(left) * numpy.linalg.det(right) * (left * products_of_others(values)) @ right


def cofactors_of_entries(a: Any) -> Any:
    """With infinities and NaN, up to 3x3."""
    result = numpy.ones(a.shape)
    for i, j in numpy.ndindex(a.shape if len(a) > 1 else (0, 0)):
        result[i, j] = (-1.0) ** (i + j) * determinant_of_entries(numpy.delete(numpy.delete(a, i, 0), j, 1))
    return result


def products_of_others(values: Any) -> Any:
    """For each of the singular values the product of all the others, which fits if it is in range."""
    mantissas, exponents = numpy.frexp(values)
    result = numpy.empty(len(values))
    for index in range(len(values)):
        product, power = 1.0, int(exponents.sum() - exponents[index])
        for mantissa in numpy.delete(mantissas, index).tolist():
            product *= mantissa
            if 0.0 < product < 0.5:
                product, power = product * 2.0, power - 1
        result[index] = numpy.ldexp(product, power)
    return result


def logdet(a: Any) -> Any:
    if not numpy.isfinite(a).all():
        return nan
    if is_delicate(a):
        return log_of(determinant(exact(a)))
    if is_singular(a):
        return -inf
    sign, logarithm = numpy.linalg.slogdet(a)
    return logarithm if sign > 0 else nan


def log_of(number: Fraction) -> float:
    if number <= 0:
        return nan if number < 0 else -inf
    if Fraction(1, 2) < number < 2:
        return log1p(rounded(number - 1))
    near = rounded(number)
    return log(near) if 1e-300 < near < inf else log(number.numerator) - log(number.denominator)


def inv(a: Any) -> Any:
    if not numpy.isfinite(a).all():
        return numpy.full(a.shape, nan)
    if is_delicate(a):
        found = inverse(exact(a))
        return numpy.full(a.shape, nan) if found is None else as_array(found, a.shape)
    return numpy.full(a.shape, nan) if is_singular(a) else numpy.linalg.inv(a)


def solve(a: Any, b: Any) -> Any:
    if b.size == 0:
        return b
    if not numpy.isfinite(a).all():
        return numpy.full(b.shape, nan)
    if len(a) * b.size <= MOST_EXACT and numpy.isfinite(b).all() and is_delicate(a):
        found = solution(exact(a), exact(b.reshape(len(b), -1)))
        return numpy.full(b.shape, nan) if found is None else as_array(found, b.shape)
    return numpy.full(b.shape, nan) if is_singular(a) else numpy.linalg.solve(a, b)


def cross(a: Any, b: Any) -> Any:
    turn, turn_on = [1, 2, 0], [2, 0, 1]
    return a[turn] * b[turn_on] - a[turn_on] * b[turn]


def signed_minors(a: Any, det: Kernel) -> Any:
    """The cofactors of a matrix of any kind of number, by their definition."""
    result = numpy.empty_like(a)
    for i, j in numpy.ndindex(*a.shape):
        result[i, j] = (-1) ** (i + j) * det(numpy.delete(numpy.delete(a, i, 0), j, 1))
    return result


# Products of entries and their sums: the same for every kind of number.
PRODUCTS: dict[str, Kernel] = {
    "dot": numpy.matmul,
    "outer": lambda a, b: a[:, None] * b[None, :],
    "cross": cross,
    "trace": lambda a: numpy.sum(numpy.diagonal(a)),
}
KERNELS: dict[str, Kernel] = {
    **PRODUCTS,
    "matmul": matmul,
    "det": det,
    "cofactors": cofactors,
    "logdet": logdet,
    "inv": inv,
    "solve": solve,
}
