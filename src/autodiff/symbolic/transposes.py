"""Transposes and inverses of words (The Matrix Cookbook, 1 to 5): pushed to the factors as far as that is no longer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from autodiff.graph.nodes import ArrayConstant
from autodiff.graph.table import PRIMITIVES
from autodiff.symbolic.constant_arrays import is_ones, is_unit_matrix, ones, unit_matrix
from autodiff.symbolic.forms import ATOM, PRODUCT, SUM
from autodiff.symbolic.normal import Normal
from autodiff.symbolic.powers import power
from autodiff.symbolic.words import chained, reshaped, scaled, taken_apart, vector_of, word

DET, INV, OUTER, TRANSPOSE = (PRIMITIVES[name] for name in ("det", "inv", "outer", "transpose"))
SWAPPED = ((1, 0),)


def transposes(normal: Normal, factors: Iterable[int]) -> int:
    return sum(normal.is_application(factor, "transpose") for factor in factors)


def transposed(normal: Normal, form: int) -> int:
    """(A @ B).T -> B.T @ A.T, inv(A).T -> inv(A.T) if that is shorter"""
    scalar, form = taken_apart(normal, form)
    return scaled(normal, [scalar], chained(normal, transposed_word(normal, word(normal, form))))


def transposed_word(normal: Normal, factors: Sequence[int]) -> list[int]:
    return [transposed_factor(normal, factor) for factor in reversed(factors)]


def transposed_factor(normal: Normal, factor: int) -> int:
    """The transpose of what is no chain. Of a sum only if its terms have no fewer transposes."""
    direct = plainly_transposed(normal, factor)
    if direct is not None:
        return direct
    if normal.is_application(factor, "inv") and is_flat(normal, word(normal, normal.parts[factor].operands[0])):
        return inverse(normal, transposed(normal, normal.parts[factor].operands[0]))
    if normal.kinds[factor] == SUM:
        terms = normal.parts[factor]
        turned = [transposed_term(normal, term) for term, _ in terms]
        if None not in turned and written_transposes(normal, turned) <= written_transposes(
            normal, [t for t, _ in terms]
        ):
            flipped = normal.sum_of(
                [(term, own) for term, (_, own) in zip(turned, terms, strict=True) if term is not None]
            )
            return normal.in_shape(flipped, normal.shapes[factor][::-1])
    return normal.applied(TRANSPOSE, (factor,), SWAPPED)


def written_transposes(normal: Normal, terms: Iterable[int | None]) -> int:
    return sum(transposes(normal, word(normal, taken_apart(normal, term)[1])) for term in terms if term is not None)


def plainly_transposed(normal: Normal, factor: int) -> int | None:
    """Where it is known without looking further."""
    shape = normal.shapes[factor]
    if normal.is_application(factor, "transpose"):  # A.T.T -> A
        return int(normal.parts[factor].operands[0])
    if is_ones(normal, factor):
        return ones(normal, shape[::-1])
    if isinstance(constant := normal.parts[factor], ArrayConstant):
        return normal.atom(ArrayConstant(constant.entries.T.copy()), shape[::-1])
    if normal.is_application(factor, "diagonal_matrix") and shape[0] == shape[1]:
        return factor
    if normal.is_application(factor, "outer"):  # outer(u, v).T -> outer(v, u)
        return normal.applied(OUTER, normal.parts[factor].operands[::-1], ())
    if (vector := vector_of(normal, factor)) is not None and 1 in shape:
        return reshaped(normal, vector, shape[::-1])
    return None


def transposed_term(normal: Normal, term: int) -> int | None:
    """The transpose of a term of a sum, if the term is a matrix with numbers as factors, and no chain."""
    if len(normal.shapes[term]) != 2:
        return term if normal.shapes[term] == () else None
    scalar, matrix = taken_apart(normal, term)
    factors = word(normal, matrix)
    if len(factors) > 1 and all(is_plain(normal, factor) for factor in factors):
        return scaled(normal, [scalar], chained(normal, transposed_word(normal, factors)))
    if normal.kinds[matrix] in (SUM, PRODUCT) or normal.is_application(matrix, "matmul", "inv"):
        return None
    direct = plainly_transposed(normal, matrix)
    return scaled(normal, [scalar], normal.applied(TRANSPOSE, (matrix,), SWAPPED) if direct is None else direct)


def is_plain(normal: Normal, factor: int) -> bool:
    """Whether a factor is a name, or a transposed one."""
    if normal.is_application(factor, "transpose"):
        (factor,) = normal.parts[factor].operands
    return normal.kinds[factor] == ATOM


def inverse(normal: Normal, matrix: int) -> int:
    """inv(A).T for inv(A.T); inv(A), where inv(A.T).T has no fewer transposes."""
    scalar, matrix = taken_apart(normal, matrix)
    if is_unit_matrix(normal, matrix):  # inv(eye(n)) -> eye(n)
        result = matrix
    elif normal.is_application(matrix, "inv"):  # inv(inv(A)) -> A
        normal.cancelled.append((normal.apply(DET, normal.parts[matrix].operands, ()), -1))
        result = normal.parts[matrix].operands[0]
    else:
        factors = word(normal, matrix)
        turned = transposed_word(normal, factors) if is_flat(normal, factors) else factors
        if transposes(normal, factors) > transposes(normal, turned):
            inner = normal.applied(INV, (chained(normal, turned),), ())
            result = normal.applied(TRANSPOSE, (inner,), SWAPPED)
        else:
            result = normal.applied(INV, (matrix,), ())
    return scaled(normal, [power(normal, scalar, -1)], result) if scalar != normal.one else result


def is_flat(normal: Normal, factors: Iterable[int]) -> bool:
    """Whether no inverse is a factor, so that the transpose is found without going deeper."""
    return not any(normal.is_application(factor, "inv") for factor in factors)


def inverted(normal: Normal, factor: int) -> list[int]:
    """What is inverted in inv(A @ B): B and A, in the order of their inverses; nothing if there is no inverse."""
    if normal.is_application(factor, "inv"):
        factors = word(normal, normal.parts[factor].operands[0])[::-1]
    elif normal.is_application(factor, "transpose") and normal.is_application(normal.parts[factor].operands[0], "inv"):
        inner = normal.parts[normal.parts[factor].operands[0]].operands[0]
        factors = transposed_word(normal, word(normal, inner))[::-1]
    else:
        return []
    is_square = all(normal.shapes[part][0] == normal.shapes[part][1] for part in factors)
    return factors if is_square else []


def without_inverses(normal: Normal, left: int, right: int) -> list[int] | None:
    """inv(A) @ A -> eye(n), inv(A @ B) @ A -> inv(B): the factors that are left; None where nothing cancels."""
    inverted_left, inverted_right = inverted(normal, left), inverted(normal, right)
    if inverted_left and inverted_left[-1] == right:
        rest, base = inverted_left[:-1], right
    elif inverted_right and inverted_right[0] == left:
        rest, base = inverted_right[1:], left
    else:
        return None
    normal.cancelled.append((normal.apply(DET, (base,), ()), -1))
    if not rest:
        return [unit_matrix(normal, normal.shapes[left][0])]
    return word(normal, inverse(normal, chained(normal, rest[::-1])))
