"""Which forms have to be written by themselves, for others to be written."""

from __future__ import annotations

from collections.abc import Iterable

from autodiff.graph.nodes import NamedConstant
from autodiff.graph.table import PRIMITIVES
from autodiff.symbolic.forms import APPLY, PRODUCT, SUM, Weighted
from autodiff.symbolic.normal import Normal

POW = PRIMITIVES["pow"]


def is_euler(normal: Normal, position: int) -> bool:
    part = normal.parts[position]
    return type(part) is NamedConstant and part.name == "e"


def is_exponential(normal: Normal, position: int) -> bool:
    """Whether a form is a power with a form as its exponent, and may take another factor into it."""
    return normal.kinds[position] is APPLY and normal.parts[position].primitive is POW


def parts_needed(normal: Normal, results: Iterable[int]) -> list[bool]:
    """For each form whether it has to be written by itself."""
    wanted = [False] * len(normal.kinds)
    for position in results:
        wanted[position] = True
    for position in range(len(wanted) - 1, -1, -1):
        if wanted[position]:
            for part in written_parts(normal, position):
                wanted[part] = True
    return wanted


def written_parts(normal: Normal, position: int) -> list[int]:
    kind, part = normal.kinds[position], normal.parts[position]
    if kind == APPLY and part.primitive is POW:
        return [part.operands[0], *parts_of_exponent(normal, part.operands[1])]
    if kind == APPLY:
        return list(part.operands)
    if kind == PRODUCT:
        return parts_of_factors(normal, part)
    if kind == SUM:
        return [own for term, _ in part if term != normal.one for own in parts_of_term(normal, term)]
    return []


def parts_of_term(normal: Normal, term: int) -> list[int]:
    return parts_of_factors(normal, normal.parts[term]) if normal.kinds[term] == PRODUCT else [term]


def parts_of_factors(normal: Normal, factors: Weighted) -> list[int]:
    """The bases; of a power whose exponent is a form its base and what its exponent is made of."""
    parts: list[int] = []
    for base, exponent in factors:
        if is_exponential(normal, base):
            inner, inside = normal.parts[base].operands
            parts += [inner, *parts_of_exponent(normal, inside)]
            if exponent.denominator != 1 and not normal.is_positive(inner):
                parts.append(base)
        else:
            parts.append(base)
    return parts


def parts_of_exponent(normal: Normal, exponent: int) -> list[int]:
    return [exponent, *parts_of_term(normal, exponent)]
