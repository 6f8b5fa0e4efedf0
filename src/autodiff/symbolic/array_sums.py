"""Sums and products, entry by entry, in which arrays occur: zeros, ones, and matrix products with a common factor."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from autodiff.graph.nodes import ArrayConstant
from autodiff.graph.shapes import Shape, broadcast_shape
from autodiff.symbolic import collecting
from autodiff.symbolic.constant_arrays import form_of_array, is_ones, is_zeros, ones, position_of_unit_vector
from autodiff.symbolic.exact import Exact, simple
from autodiff.symbolic.matrices import INDEX, multiplied, outer
from autodiff.symbolic.normal import Normal
from autodiff.symbolic.powers import power
from autodiff.symbolic.words import chained, column, row, scaled, taken_apart, word

if TYPE_CHECKING:
    import numpy

Summand = tuple[int, Exact]
SMALL = 1 << 20


def joint_shape(normal: Normal, forms: Iterable[int]) -> Shape:
    return broadcast_shape("add", [normal.shapes[form] for form in forms]) or ()


def of_products(normal: Normal, coefficient: Exact, collected: dict[int, Exact]) -> Exact:
    """zeros*V -> 0, ones*V -> V, ones(n, m)*v -> outer(ones(n), v), eye(n)[i]*V -> V[i]*eye(n)[i]"""
    coefficient = collecting.of_products(normal, coefficient, collected)
    arrays = [base for base in collected if normal.shapes[base]]
    for base in arrays:
        if is_zeros(normal, base) and collected[base] > 0:
            collected.clear()
            return 0
        if is_ones(normal, base):  # ones(n)^2 -> ones(n)
            collected[base] = 1
    if len(arrays) < 2:
        return coefficient
    full = joint_shape(normal, arrays)
    for base in arrays:
        leave_repetition_out(normal, collected, base, full)
    repeat_vector(normal, collected, full)
    return choose_entries(normal, coefficient, collected, full)


def unrepeated(normal: Normal, form: int) -> int | None:
    """What an array repeats along its first axes: ones(n) -> 1, outer(ones(n), v) -> v."""
    if is_ones(normal, form) and normal.shapes[form]:
        return normal.one
    if normal.is_application(form, "outer"):
        first, second = normal.parts[form].operands
        return second if is_ones(normal, first) else None
    return row(normal, form)


def leave_repetition_out(normal: Normal, collected: dict[int, Exact], base: int, full: Shape) -> None:
    """ones(n)*V -> V, outer(ones(n), v)*V -> v*V: where the other factors repeat it anyway."""
    others = [other for other in collected if normal.shapes[other] and other != base]
    inner = unrepeated(normal, base)
    if inner is None or not others or joint_shape(normal, [inner, *others]) != full:
        return
    exponent = collected.pop(base)
    if inner != normal.one:
        collected[inner] = collected.get(inner, 0) + exponent
        if collected[inner] == 0:
            del collected[inner]


def repeat_vector(normal: Normal, collected: dict[int, Exact], full: Shape) -> None:
    """ones(n, m)*v -> outer(ones(n), v); of a column outer(v, ones(m))"""
    arrays = [base for base in collected if normal.shapes[base]]
    others = [base for base in arrays if not is_ones(normal, base)]
    if len(full) != 2 or not others or len(others) == len(arrays):
        return
    if all(len(normal.shapes[other]) == 1 for other in others):
        vector = normal.product_of(1, [(other, collected[other]) for other in others])
        product = outer(normal, ones(normal, full[:1]), vector)
    elif len(others) == 1 and (inner := column(normal, others[0])) is not None:
        product = outer(normal, power(normal, inner, collected[others[0]]), ones(normal, full[1:]))
    else:
        return
    for base in arrays:
        del collected[base]
    collected[product] = 1


def choose_entries(normal: Normal, coefficient: Exact, collected: dict[int, Exact], full: Shape) -> Exact:
    """eye(n)[i]*V -> V[i]*eye(n)[i]"""
    for base in collected:
        position = position_of_unit_vector(normal, base)
        others = [other for other in collected if normal.shapes[other] and other != base]
        if position is None or not others or any(normal.shapes[other] != full for other in others):
            continue
        product = normal.product_of(1, [(other, collected.pop(other)) for other in others])
        entry = normal.apply(INDEX, (product,), ((position,),))
        own, factors = normal.factors(normal.product_of(coefficient, [*collected.items(), *normal.factors(entry)[1]]))
        collected.clear()
        collected.update(factors)
        return own * normal.factors(entry)[0]
    return coefficient


def of_sums(normal: Normal, collected: dict[int, Exact]) -> None:
    """V + zeros -> V, V + a*ones -> V + a, A @ x + B @ x -> (A + B) @ x, A @ x + A @ y -> A @ (x + y)"""
    collecting.of_sums(normal, collected)
    if not any(normal.shapes[term] for term in collected):
        return
    full = joint_shape(normal, collected)
    for term in list(collected):
        if is_zeros(normal, term) and normal.shapes[term]:
            del collected[term]
    add_constants(normal, collected)
    with_common_factors(normal, collected, last=True)
    with_common_factors(normal, collected, last=False)
    for term in list(collected):
        add_unrepeated(normal, collected, term, full)


def add_unrepeated(normal: Normal, collected: dict[int, Exact], term: int, full: Shape) -> None:
    """V + a*ones -> V + a, V + outer(ones(n), v) -> V + v: where the other terms repeat it anyway."""
    scalar, array = taken_apart(normal, term)
    inner = unrepeated(normal, array)
    if inner is None or joint_shape(normal, [inner, *(other for other in collected if other != term)]) != full:
        return
    own = collected.pop(term)
    for part, coefficient in normal.terms(scaled(normal, [scalar], inner)):
        add(collected, part, own * coefficient)


def add_constants(normal: Normal, collected: dict[int, Exact]) -> None:
    """[[1, 2], [4, 7]] + [[1, 4], [2, 7]] -> [[2, 6], [6, 14]], of small whole numbers, whose sums are exact."""
    constants = [
        term
        for term, coefficient in collected.items()
        if isinstance(normal.parts[term], ArrayConstant) and is_small(coefficient, normal.parts[term].entries)
    ]
    if len(constants) < 2 or len({normal.shapes[term] for term in constants}) > 1:
        return
    total = sum(int(collected[term]) * normal.parts[term].entries for term in constants)
    position = form_of_array(normal, ArrayConstant(total + 0.0))  # 0.0 for -0.0
    terms = list(collected.items())
    collected.clear()
    for term, coefficient in terms:
        if term == constants[0]:
            add(collected, position, 1)
        elif term not in constants:
            add(collected, term, coefficient)


def is_small(coefficient: Exact, entries: numpy.ndarray) -> bool:
    """Whether all are whole numbers whose products are exact."""
    is_whole = isinstance(coefficient, int) and bool((entries == entries.round()).all())
    return is_whole and abs(coefficient.numerator) <= SMALL and bool((abs(entries) <= SMALL).all())


def add(collected: dict[int, Exact], term: int, coefficient: Exact) -> None:
    total = collected.get(term, 0) + coefficient
    if total:
        collected[term] = total
    else:
        collected.pop(term, None)


class Factored(NamedTuple):
    """A term of a sum that is a product of matrices or an outer product: what is left of it, and times which number."""

    term: int
    scale: Exact
    rest: int


def with_common_factors(normal: Normal, collected: dict[int, Exact], *, last: bool) -> None:
    """Puts the sum of products with the same last, or first, factor in the place of the first of them."""
    groups: dict[tuple[str, int, int], list[Factored]] = {}
    for term in collected:
        scalar, array = taken_apart(normal, term)
        if normal.shapes[array] and normal.is_application(array, "matmul", "outer"):
            scale, factors = normal.factors(scalar)
            common, other = split(normal, array, last)
            key = normal.parts[array].primitive.name, common, normal.product_of(1, factors)
            groups.setdefault(key, []).append(Factored(term, scale, other))
    merged: dict[int, Summand] = {}
    for (name, common, scalar), group in groups.items():
        if len(group) > 1:
            merged.update(dict.fromkeys((own.term for own in group), (normal.zero, 1)))
            others, content = rest_of_group(normal, group, collected)
            pair = (others, common) if last else (common, others)
            product = outer(normal, *pair) if name == "outer" else multiplied(normal, *pair)
            merged[group[0].term] = scaled(normal, [scalar], product), content
    if not merged:
        return
    terms = list(collected.items())
    collected.clear()
    for term, coefficient in terms:
        form, outside = merged.get(term, (term, coefficient))
        for inner, inside in normal.terms(form):
            add(collected, inner, outside * inside)


def split(normal: Normal, array: int, last: bool) -> tuple[int, int]:
    """The last, or first, factor of a product, and the product of the others."""
    first, second = normal.parts[array].operands
    if last:
        return second, first
    if normal.is_application(array, "outer"):
        return first, second
    first, *rest = word(normal, array)
    return first, chained(normal, rest)


def rest_of_group(normal: Normal, group: list[Factored], collected: dict[int, Exact]) -> Summand:
    """The sum of what is left of the terms, a matrix before its transpose, and a common coefficient."""
    coefficients: dict[int, Exact] = {}
    for own in group:
        add(coefficients, own.rest, collected[own.term] * own.scale)
    turned = {
        rest
        for rest in coefficients
        if normal.is_application(rest, "transpose") and normal.parts[rest].operands[0] in coefficients
    }
    sizes = {abs(coefficient) for coefficient in coefficients.values()}
    content = next(iter(coefficients.values())) if len(sizes) == 1 else 1  # 2*A @ x + 2*A.T @ x -> 2*(A + A.T) @ x
    ordered = sorted(coefficients, key=turned.__contains__)
    return normal.sum_of([(rest, simple(Fraction(coefficients[rest]) / content)) for rest in ordered]), content
