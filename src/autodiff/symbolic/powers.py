"""Powers of normal forms, and what becomes of the powers that are collected in a product."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

from autodiff.graph.table import PRIMITIVES
from autodiff.symbolic.exact import HALF, LONGEST_POWER, Exact, exact_power, simple
from autodiff.symbolic.forms import NUMBER, Weighted

if TYPE_CHECKING:
    from autodiff.symbolic.normal import Normal

ABS, POW = PRIMITIVES["abs"], PRIMITIVES["pow"]


def power(normal: Normal, base: int, exponent: Exact) -> int:
    """A form to the power of a number."""
    if exponent == 1:
        return base
    if exponent == 0:
        return normal.in_shape(normal.one, normal.shapes[base])
    coefficient, factors = normal.factors(base)
    if type(exponent) is not int and exponent.denominator != 1:
        return root(normal, base, exponent, coefficient, factors)
    whole = exponent.numerator
    if coefficient == 0 and whole < 0:
        return normal.product_of(1, [(normal.zero, exponent)])
    digits = max(coefficient.numerator.bit_length(), coefficient.denominator.bit_length())
    if coefficient not in (1, -1) and abs(whole) * digits > LONGEST_POWER:
        return normal.collected_product(1, {base: whole})
    scaled: Exact = Fraction(coefficient) ** whole if coefficient != 1 else 1
    return normal.product_of(simple(scaled), to_whole_power(normal, factors, whole))


def to_whole_power(normal: Normal, factors: Weighted, whole: int) -> Iterable[tuple[int, Exact]]:
    """The factors of a product to a whole power."""
    for base, exponent in factors:
        product = simple(exponent * whole)
        if type(exponent) is not int and type(product) is int:  # sqrt(x)^2
            normal.cancelled.append((base, exponent))
        if type(product) is int and product % 2 == 0 and normal.is_application(base, "abs"):
            (inner,) = normal.parts[base].operands  # abs(x)^2 -> x^2
            coefficient, inside = normal.factors(inner)
            yield from ((normal.number(coefficient), product),) if coefficient not in (1, -1) else ()
            yield from to_whole_power(normal, inside, product)
        else:
            yield base, product


def root(normal: Normal, base: int, exponent: Exact, coefficient: Exact, factors: Weighted) -> int:
    """A power that is no whole number: its base must not be negative."""
    if not factors:
        exact = exact_power(coefficient, exponent)
        return normal.product_of(1, [(base, exponent)]) if exact is None else normal.number(exact)
    outside: Exact = 1
    if coefficient not in (1, -1) and coefficient > 0 and (exact := exact_power(coefficient, exponent)) is not None:
        outside, coefficient = exact, 1  # sqrt(4*x) -> 2*sqrt(x)
    if coefficient == 1 and len(factors) == 1:
        inner, own = factors[0]
        if normal.is_power_of_positive(inner):  # (e^u)^(1/2) -> e^(u/2)
            return normal.product_of(outside, [(inner, simple(own * exponent))])
        if type(own) is int and own % 2 == 0:  # (u^2)^(1/2) -> abs(u)
            size = normal.apply(ABS, (power(normal, inner, 1),))
            return normal.product(normal.number(outside), power(normal, size, simple(own * exponent)))
        if type(own) is not int or own == -1 or (own != 1 and type(simple(own * exponent)) is not int):
            return normal.product_of(outside, [(inner, simple(own * exponent))])
    inside = base if outside == 1 else normal.product_of(coefficient, factors)
    return normal.product_of(outside, [(inside, exponent)])


def power_of_form(normal: Normal, base: int, exponent: int) -> int:
    """A form to the power of a form."""
    if (value := normal.value(exponent)) is not None:
        return power(normal, base, value)
    if base == normal.one:
        return base
    found = normal.identities.of_powers(normal, base, exponent) if normal.identities.of_powers else None
    if found is not None:
        return found
    coefficient, factors = normal.factors(base)
    if coefficient == 1 and len(factors) == 1 and (factors[0][1] != 1 or normal.is_power_of_positive(factors[0][0])):
        inner, own = factors[0]
        if own.denominator != 1 and normal.kinds[inner] != NUMBER:  # sqrt(u)^v -> u^(v/2)
            return power_of_form(normal, inner, normal.sum_of([(exponent, own)]))
        if normal.is_power_of_positive(inner):  # (e^u)^v -> e^(u*v)
            base, inside = normal.parts[inner].operands
            return power_of_form(normal, base, normal.product(normal.number(own), inside, exponent))
    return split_power(normal, base, exponent)


def split_power(normal: Normal, base: int, exponent: int) -> int:
    """x^(n - 1) -> x^n*x^-1, x^(2*n) -> (x^n)^2, with exact numbers as exponents."""
    terms = {term: coefficient for term, coefficient in normal.terms(exponent) if term != normal.one}
    constant = next((coefficient for term, coefficient in normal.terms(exponent) if term == normal.one), 0)
    if constant.denominator != 1 and not normal.is_positive(base):
        terms, constant = dict(normal.terms(exponent)), 0
    scale: Exact = next(iter(terms.values())) if len(terms) == 1 else 1
    if scale.denominator != 1 and not normal.is_positive(base):  # x^(n/2) is no root of x^n where x is negative
        scale = 1
    inside = normal.collected_sum({term: simple(Fraction(own) / scale) for term, own in terms.items()})
    raised = normal.applied(POW, (base, inside))
    return normal.product_of(1, [(raised, scale), *([(base, constant)] if constant else [])])


def whole_powers_opened(normal: Normal, coefficient: Exact, collected: dict[int, Exact]) -> Exact:
    """The coefficient times the whole powers of numbers; their roots with one exponent are one factor.

    A product that was a base because of a root, and has a whole power now, is taken apart.
    """
    roots: dict[Exact, Exact] = {}
    for base in list(collected):
        kind, exponent = normal.kinds[base], collected[base]
        if kind == NUMBER:
            number = normal.parts[base]
            whole = floor(exponent) if exponent > 0 else -floor(-exponent)
            if number <= 0 or abs(whole) * Fraction(number).numerator.bit_length() > LONGEST_POWER:
                continue
            del collected[base]
            coefficient *= Fraction(number) ** whole
            if exponent != whole:  # 1/sqrt(2) is the root of 1/2
                part, number = (exponent - whole, number) if exponent > 0 else (whole - exponent, Fraction(1, number))
                roots[part] = roots.get(part, 1) * number
        elif type(exponent) is int and normal.factors(base) != (1, ((base, 1),)):
            del collected[base]
            own, factors = normal.factors(base)
            opened = [*collected.items(), *to_whole_power(normal, factors, exponent)]
            scaled, whole_powers = normal.factors(normal.product_of(coefficient * Fraction(own) ** exponent, opened))
            collected.clear()
            collected.update(whole_powers)
            return simple(scaled)
    for exponent, number in roots.items():
        coefficient *= root_of_number(normal, coefficient, number, exponent, collected)
    return simple(coefficient)


def root_of_number(
    normal: Normal, coefficient: Exact, number: Exact, exponent: Exact, collected: dict[int, Exact]
) -> Exact:
    """What the coefficient is multiplied by; a root that is no exact number becomes a factor."""
    scale: Exact = 1
    below = number.denominator
    if exponent == HALF and below != 1 and Fraction(coefficient, below).denominator == 1:
        scale, number = Fraction(1, below), number * below * below  # 6*sqrt(1/2) -> 3*sqrt(2)
    exact = exact_power(number, exponent)
    if exact is not None:
        return scale * exact
    if number != 1:
        collected[normal.number(number)] = exponent
    return scale
