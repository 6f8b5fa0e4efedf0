"""Identities of choices and conditions: where, min and max, comparisons, and, or."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor

from autodiff.graph.primitive import Payload, Primitive
from autodiff.graph.table import PRIMITIVES
from autodiff.symbolic.exact import Exact
from autodiff.symbolic.normal import Identity, Normal


def of_numbers(compute: Callable[..., Exact]) -> Identity:
    """f(numbers) -> number, where that is exact."""

    def identity(
        normal: Normal, primitive: Primitive, operands: tuple[int, ...], payload: Payload | None
    ) -> int | None:
        values = [value for operand in operands if (value := normal.value(operand)) is not None]
        return normal.number(compute(*values)) if len(values) == len(operands) else None

    return identity


def choice(normal: Normal, primitive: Primitive, operands: tuple[int, ...], payload: Payload | None) -> int | None:
    condition, first, second = operands
    value = normal.value(condition)
    if value is not None:  # where(1, a, b) -> a
        return first if value else second
    if first == second:  # where(c, a, a) -> a
        return first
    if normal.is_application(second, "where"):
        inner, _, last = normal.parts[second].operands
        if inner == condition:  # where(c, a, where(c, b, d)) -> where(c, a, d)
            return normal.apply(primitive, (condition, first, last))
        if last == first and are_exclusive(normal, condition, inner):
            return second  # where(u > 0, a, where(u < 0, b, a)) -> where(u < 0, b, a)
    for case, other in ((first, second), (second, first)):
        if normal.is_application(case, "where") and normal.parts[case].operands[0] < condition:
            inner, *cases = normal.parts[case].operands
            if other != normal.zero:
                continue
            # where(d, where(c, a, b), 0) -> where(c, where(d, a, 0), where(d, b, 0)): in the order of the text
            ordered = [(own, other) if case is first else (other, own) for own in cases]
            return normal.apply(primitive, (inner, *(normal.apply(primitive, (condition, *pair)) for pair in ordered)))
    return None


def are_exclusive(normal: Normal, one: int, other: int) -> bool:
    """Whether no number meets both conditions: u > v and u < v."""
    if not (normal.is_application(one, "gt", "lt") and normal.is_application(other, "gt", "lt")):
        return False
    (first, a, _), (second, b, _) = normal.parts[one], normal.parts[other]
    return (a == b) == (first is not second) and set(a) == set(b)


def extreme(compute: Callable[..., Exact]) -> Identity:
    def identity(
        normal: Normal, primitive: Primitive, operands: tuple[int, ...], payload: Payload | None
    ) -> int | None:
        distinct = tuple(dict.fromkeys(operands))
        if len(distinct) == 1:  # max(a, a) -> a
            return distinct[0]
        return of_numbers(compute)(normal, primitive, operands, payload)

    return identity


def junction(neutral: int) -> Identity:
    """c and 1 -> c, c and 0 -> 0; the other way round for or."""

    def identity(
        normal: Normal, primitive: Primitive, operands: tuple[int, ...], payload: Payload | None
    ) -> int | None:
        for one, other in (operands, operands[::-1]):
            value = normal.value(one)
            if value is not None and bool(value) != bool(neutral):
                return normal.number(1 - neutral)
            if value is not None and (normal.value(other) is not None or is_condition(normal, other)):
                return other
        return operands[0] if operands[0] == operands[1] and is_condition(normal, operands[0]) else None

    return identity


def equality(compute: Callable[..., Exact]) -> Identity:
    """1 == u -> u == 1"""

    def identity(
        normal: Normal, primitive: Primitive, operands: tuple[int, ...], payload: Payload | None
    ) -> int | None:
        first, second = operands
        if normal.value(first) is not None and normal.value(second) is None:
            return normal.applied(primitive, (second, first))
        return of_numbers(compute)(normal, primitive, operands, payload)

    return identity


def is_condition(normal: Normal, position: int) -> bool:
    """Whether a form is 0 or 1."""
    return normal.is_application(position, "lt", "le", "gt", "ge", "eq", "ne", "and", "or", "not")


def add_choices(normal: Normal, collected: dict[int, Exact], one: int, other: int) -> int:
    """where(c, a, b) + where(c, d, e) -> where(c, a + d, b + e)"""
    condition, *cases = normal.parts[one].operands
    others = normal.parts[other].operands[1:]
    factors = collected.pop(one), collected.pop(other)
    sums = [normal.sum_of(zip(pair, factors, strict=True)) for pair in zip(cases, others, strict=True)]
    merged = normal.apply(PRIMITIVES["where"], (condition, *sums))
    for term, own in normal.terms(merged):
        collected[term] = collected.get(term, 0) + own
        if collected[term] == 0:
            del collected[term]
    return merged


def multiply_into(normal: Normal, coefficient: Exact, collected: dict[int, Exact], operands: tuple[int, ...]) -> Exact:
    """a*where(c, 1, 0) -> where(c, a, 0)"""
    condition, first, second = operands
    others = normal.product_of(coefficient, collected.items())
    chosen = normal.apply(
        PRIMITIVES["where"], (condition, normal.product(others, first), normal.product(others, second))
    )
    coefficient, factors = normal.factors(chosen)
    collected.clear()
    collected.update(factors)
    return coefficient


CHOICES: dict[str, Identity] = {
    "where": choice,
    "floor": of_numbers(floor),
    "ceil": of_numbers(ceil),
    "max": extreme(max),
    "min": extreme(min),
    "lt": of_numbers(lambda a, b: int(a < b)),
    "gt": of_numbers(lambda a, b: int(a > b)),
    "le": of_numbers(lambda a, b: int(a <= b)),
    "ge": of_numbers(lambda a, b: int(a >= b)),
    "eq": equality(lambda a, b: int(a == b)),
    "ne": equality(lambda a, b: int(a != b)),
    "and": junction(1),
    "or": junction(0),
    "not": of_numbers(lambda a: int(not a)),
}
