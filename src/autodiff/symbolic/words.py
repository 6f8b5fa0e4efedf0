"""Products of matrices as words: their factors in order, with what is a number in front."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from autodiff.graph.shapes import entries
from autodiff.graph.table import PRIMITIVES
from autodiff.symbolic.constant_arrays import is_ones, ones
from autodiff.symbolic.exact import simple
from autodiff.symbolic.forms import SUM
from autodiff.symbolic.normal import Normal
from autodiff.symbolic.shortening import common_content

MATMUL, RESHAPE = PRIMITIVES["matmul"], PRIMITIVES["reshape"]
PLAIN = (None,)  # a product in which a zero is no strong one


def taken_apart(normal: Normal, form: int) -> tuple[int, int]:
    """The number-valued factors of an array, and the rest: 2*a*(A @ x) -> 2*a and A @ x, 2*A - 2*B -> 2 and A - B."""
    shape = normal.shapes[form]
    if normal.kinds[form] == SUM and len(normal.parts[form]) > 1 and shape:
        return without_content(normal, form)
    coefficient, factors = normal.factors(form)
    scalars = [factor for factor in factors if normal.shapes[factor[0]] == ()]
    if (coefficient == 1 and not scalars) or not shape:
        return normal.one, form
    rest = normal.product_of(1, [factor for factor in factors if normal.shapes[factor[0]] != ()])
    return normal.product_of(coefficient, scalars), normal.in_shape(rest, shape)


def without_content(normal: Normal, form: int) -> tuple[int, int]:
    """The common factor of the coefficients of a sum, and the sum without it; of b - a and a - b the older one."""
    terms = normal.parts[form]
    content = common_content([coefficient for _, coefficient in terms])
    if content != 1:
        divided = normal.sum_of([(term, simple(Fraction(coefficient) / content)) for term, coefficient in terms])
        form = normal.in_shape(divided, normal.shapes[form])
    opposite = normal.opposite(form)
    if opposite is not None and opposite < form:
        content, form = -content, opposite
    return normal.number(content), form


def scaled(normal: Normal, scalars: Iterable[int], form: int) -> int:
    factors = [scalar for scalar in scalars if scalar != normal.one]
    return normal.product(*factors, form) if factors else form


def word(normal: Normal, form: int) -> list[int]:
    """The factors of a chain."""
    factors: list[int] = []
    while normal.is_application(form, "matmul"):
        form, last = normal.parts[form].operands
        factors.append(last)
    return [form, *reversed(factors)]


def chained(normal: Normal, factors: Sequence[int]) -> int:
    chain = factors[0]
    for factor in factors[1:]:
        chain = normal.applied(MATMUL, (chain, factor), PLAIN)
    return chain


def is_there(normal: Normal, factors: Sequence[int]) -> bool:
    chain: int | None = factors[0]
    for factor in factors[1:]:
        chain = normal.index.get((MATMUL, (chain, factor), PLAIN))
        if chain is None:
            return False
    return True


def word_and_vector(normal: Normal, vector: int) -> tuple[list[int], int]:
    """A @ B @ v -> [A, B] and v"""
    if normal.is_application(vector, "matmul"):
        matrix, inner = normal.parts[vector].operands
        if len(normal.shapes[matrix]) == 2:
            return word(normal, matrix), inner
    return [], vector


def column(normal: Normal, form: int) -> int | None:
    """The vector of a matrix that is made of it as a column."""
    shape = normal.shapes[form]
    if len(shape) != 2 or shape[1] != 1:
        return None
    return vector_of(normal, form)


def row(normal: Normal, form: int) -> int | None:
    shape = normal.shapes[form]
    if len(shape) != 2 or shape[0] != 1:
        return None
    return vector_of(normal, form)


def vector_of(normal: Normal, form: int) -> int | None:
    if is_ones(normal, form):
        return ones(normal, (entries(normal.shapes[form]),))
    if normal.is_application(form, "reshape"):
        (inner,) = normal.parts[form].operands
        return inner if len(normal.shapes[inner]) == 1 else None
    return None


def reshaped(normal: Normal, form: int, shape: tuple[int, ...]) -> int:
    return normal.apply(RESHAPE, (form,), (shape,))
