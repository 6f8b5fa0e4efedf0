"""Definitions of generators put into polynomials, after which equal polynomials have equal terms."""

from __future__ import annotations

from autodiff.symbolic.exact import Exact
from autodiff.symbolic.polynomials import (
    BELOW_ZERO,
    CONSTANT,
    DIGIT,
    FUNCTION,
    WIDTH,
    Polynomial,
    Polynomials,
    number_to_power,
)


def opened(of: Polynomials, polynomial: Polynomial, generator: int, *, clears: bool) -> tuple[Polynomial, int]:
    """The definition put in for each whole power; powers below 0 are left, or else cleared by a common monomial.

    The polynomial is the new one times that monomial.
    """
    of.spend(len(polynomial) + 4)
    kind, shift, bias = of.generators[generator], WIDTH * generator, of.bias
    exponents = [(monomial + bias >> shift & DIGIT) - BELOW_ZERO for monomial in polynomial]
    lowest, highest = min(exponents), max(exponents)
    period = kind.order * of.units
    if kind.defined_by == CONSTANT:
        return (constant_opened(of, polynomial, generator, exponents) if lowest or highest else polynomial), 0
    low = lowest if clears else 0
    common = of.in_units(generator, low)
    if lowest == highest == low:
        return ({monomial - common: own for monomial, own in polynomial.items()} if low else polynomial), common
    if low == 0 and highest < period:
        return polynomial, 0
    by_power: dict[int, Polynomial] = {}
    for (monomial, coefficient), exponent in zip(polynomial.items(), exponents, strict=True):
        whole = max(0, (exponent - low) // period)
        rest = monomial - common - of.in_units(generator, whole * period)
        by_power.setdefault(whole, {})[rest] = coefficient
    return put_in(of, by_power, of.definition(generator) if any(by_power) else {}), common


def constant_opened(of: Polynomials, polynomial: Polynomial, generator: int, exponents: list[int]) -> Polynomial:
    (number,) = of.definition(generator).values()
    collected: dict[int, Exact] = {}
    for (monomial, coefficient), exponent in zip(polynomial.items(), exponents, strict=True):
        whole = exponent // of.units
        rest = monomial - of.in_units(generator, whole * of.units)
        collected[rest] = collected.get(rest, 0) + coefficient * number_to_power(number, whole)
    return {monomial: coefficient for monomial, coefficient in collected.items() if coefficient}


def put_in(of: Polynomials, by_power: dict[int, Polynomial], definition: Polynomial) -> Polynomial:
    """The sum of polynomials times powers of a definition, by Horner's rule."""
    result: Polynomial = {}
    previous = 0
    for power in sorted(by_power, reverse=True):
        if result:
            result = of.product(result, of.power(definition, previous - power))
        result = of.sum([(result, 1), (by_power[power], 1)]) if result else by_power[power]
        previous = power
    return of.product(result, of.power(definition, previous)) if previous and result else result


def spread(of: Polynomials, polynomial: Polynomial, *, thoroughly: bool) -> Polynomial:
    """Powers of sums above 0 multiplied out; those of sin(u) and the like, too, if it has to be thorough."""
    for generator in range(len(of.generators) - 1, -1, -1):
        kind = of.generators[generator]
        if polynomial and kind.defined_by and (thoroughly or kind.defined_by != FUNCTION):
            polynomial, _ = opened(of, polynomial, generator, clears=False)
    return polynomial


def cleared(of: Polynomials, polynomial: Polynomial, *, thoroughly: bool) -> tuple[Polynomial, int]:
    """A polynomial without fractions and the monomial that it is to be multiplied by."""
    common, is_done = 0, False
    while not is_done:
        is_done = True
        for generator in range(len(of.generators) - 1, -1, -1):
            kind = of.generators[generator]
            if kind.defined_by and (thoroughly or kind.defined_by != FUNCTION):
                if not polynomial:
                    return polynomial, 0
                before = polynomial
                polynomial, factor = opened(of, polynomial, generator, clears=True)
                if factor:
                    common += factor
                    of.checked({common: 1})
                is_done = is_done and (polynomial is before or generator not in of.late)
    return polynomial, common
