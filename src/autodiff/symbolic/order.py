"""The order in which a person writes the terms of a sum and the factors of a product."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from autodiff.graph.nodes import NamedConstant
from autodiff.graph.table import PRIMITIVES
from autodiff.symbolic.exact import Exact
from autodiff.symbolic.forms import APPLY, ATOM, NUMBER, SUM, Weighted
from autodiff.symbolic.normal import Normal
from autodiff.symbolic.parts import is_euler, is_exponential

POW = PRIMITIVES["pow"]


class Fractional(NamedTuple):
    """A product as what stands above and below the bar, each factor with a positive exponent, in order."""

    above: list[tuple[int, Exact]]
    below: list[tuple[int, Exact]]


def fractional(normal: Normal, factors: Iterable[tuple[int, Exact]], typed: bool) -> Fractional:
    """The factors in order: by what they are, then as they were `typed`, or else by name."""
    result = Fractional([], [])
    for base, exponent in sorted(factors, key=lambda factor: rank(normal, factor, typed)):
        is_part = normal.kinds[base] == NUMBER and normal.parts[base].numerator == 1  # sqrt(1/2) is 1/sqrt(2)
        if (exponent < 0 or is_part) and not is_exponential(normal, base):
            result.below.append((base, -exponent))
        else:
            result.above.append((base, exponent))
    return result


def rank(normal: Normal, factor: tuple[int, Exact], typed: bool) -> tuple[int, str, int]:
    """Numbers, constants, variables, sums in parentheses, roots, functions; exponentials of constants at the end."""
    base, exponent = factor
    kind, part = normal.kinds[base], normal.parts[base]
    place, name = 6, ""
    if kind == NUMBER:
        place = 0
    elif kind == ATOM:
        place = 1 if isinstance(part, NamedConstant) else 2
        name = part if isinstance(part, str) else ""
    elif kind == SUM and exponent.denominator == 1:
        place = 4 if is_polynomial(normal, base) else 8
    elif kind != APPLY:
        place = 5
    elif part.primitive is POW:
        place = 7 if is_euler(normal, part.operands[0]) else 5
    if normal.shapes[base]:  # numbers before arrays
        place += 10
    return place, "" if typed else name, 0 if typed else base


def is_polynomial(normal: Normal, position: int) -> bool:
    """Whether a sum has no functions: it stands before them."""
    return all(
        normal.kinds[base] == ATOM and type(exponent) is int
        for term, _ in normal.parts[position]
        for base, exponent in normal.factors(term)[1]
    )


def in_order(terms: Iterable[tuple[int, Exact]]) -> list[tuple[int, Exact]]:
    """The terms of a sum as they came, but with a positive one first, if there is one."""
    ordered = list(terms)
    first = next((index for index, (_, coefficient) in enumerate(ordered) if coefficient > 0), 0)
    return [ordered[first], *ordered[:first], *ordered[first + 1 :]]


def by_degree(normal: Normal, terms: Weighted) -> Weighted:
    """A polynomial in one variable with its highest power first; another sum as it is."""
    degrees: list[tuple[int, tuple[int, Exact]]] = []
    variables = set()
    for term, coefficient in terms:
        degree = 0
        if term != normal.one:
            factors = normal.factors(term)[1]
            (base, exponent), *others = factors
            if others or normal.kinds[base] != ATOM or type(exponent) is not int or exponent < 0:
                return terms
            variables.add(base)
            degree = exponent
        degrees.append((-degree, (term, coefficient)))
    if len(variables) != 1:
        return terms
    return tuple(weighted for _, weighted in sorted(degrees, key=lambda pair: pair[0]))
