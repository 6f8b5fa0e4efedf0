"""Identities of sums and products of functions, found when like terms and powers are collected: one per row."""

from __future__ import annotations

from autodiff.graph.table import PRIMITIVES
from autodiff.symbolic.choices import add_choices, multiply_into
from autodiff.symbolic.exact import Exact, simple
from autodiff.symbolic.forms import APPLY, PRODUCT
from autodiff.symbolic.identities import FUNCTIONS, is_euler
from autodiff.symbolic.normal import Identities, Normal
from autodiff.symbolic.powers import power

# f(u)/g(u) -> h(u)
QUOTIENTS = {
    ("sin", "cos"): "tan",
    ("cos", "sin"): "cot",
    ("sinh", "cosh"): "tanh",
    ("cosh", "sinh"): "coth",
}
# f(u)^2 times a, and b, where a and b are 1 or -1 up to a common factor: -> c times h(u)^2
SQUARES: dict[tuple[str, str, int], tuple[int, str]] = {
    ("sin", "cos", 1): (1, ""),  # sin(u)^2 + cos(u)^2 -> 1
    ("cosh", "sinh", -1): (1, ""),  # cosh(u)^2 - sinh(u)^2 -> 1
    ("sec", "tan", -1): (1, ""),  # sec(u)^2 - tan(u)^2 -> 1
    ("csc", "cot", -1): (1, ""),  # csc(u)^2 - cot(u)^2 -> 1
    ("tan", "", 1): (1, "sec"),  # tan(u)^2 + 1 -> sec(u)^2
    ("cot", "", 1): (1, "csc"),  # cot(u)^2 + 1 -> csc(u)^2
    ("sin", "", -1): (-1, "cos"),  # sin(u)^2 - 1 -> -cos(u)^2
    ("cos", "", -1): (-1, "sin"),  # cos(u)^2 - 1 -> -sin(u)^2
    ("tanh", "", -1): (-1, "sech"),  # tanh(u)^2 - 1 -> -sech(u)^2
    ("sinh", "", 1): (1, "cosh"),  # sinh(u)^2 + 1 -> cosh(u)^2
    ("cosh", "", -1): (1, "sinh"),  # cosh(u)^2 - 1 -> sinh(u)^2
    ("sec", "", -1): (1, "tan"),  # sec(u)^2 - 1 -> tan(u)^2
    ("csc", "", -1): (1, "cot"),  # csc(u)^2 - 1 -> cot(u)^2
}
SQUARED = {first for first, _, _ in SQUARES}


def of_sums(normal: Normal, collected: dict[int, Exact]) -> None:
    """Squares of functions that add up to something simpler; sums of choices by one condition."""
    choices: dict[int, int] = {}
    for term in list(collected):
        if normal.kinds[term] == PRODUCT and term in collected:
            for base, exponent in normal.parts[term]:
                if exponent == 2 and normal.kinds[base] == APPLY and normal.parts[base].primitive.name in SQUARED:
                    add_squares(normal, collected, term, base)
                    break
        elif normal.is_application(term, "where"):
            condition = normal.parts[term].operands[0]
            if condition in choices and choices[condition] in collected:
                choices[condition] = add_choices(normal, collected, choices[condition], term)
            else:
                choices[condition] = term


def add_squares(normal: Normal, collected: dict[int, Exact], term: int, base: int) -> None:
    coefficient = collected[term]
    rest = tuple(factor for factor in normal.parts[term] if factor[0] != base)
    name, operands = normal.parts[base].primitive.name, normal.parts[base].operands
    for (first, second, sign), (factor, result) in SQUARES.items():
        if first != name:
            continue
        square = ((normal.applied(PRIMITIVES[second], operands), 2),) if second else ()
        other = normal.product_of(1, (*rest, *square))
        if collected.get(other) != sign * coefficient:
            continue
        del collected[term], collected[other]
        simpler = ((normal.applied(PRIMITIVES[result], operands), 2),) if result else ()
        replacement = normal.product_of(1, (*rest, *simpler))
        for inner, own in normal.terms(replacement):
            collected[inner] = collected.get(inner, 0) + factor * coefficient * own
            if collected[inner] == 0:
                del collected[inner]
        return


def of_products(normal: Normal, coefficient: Exact, collected: dict[int, Exact]) -> Exact:
    """Quotients of functions of one operand; sign(u)*abs(u); a choice of numbers takes the other factors in.

    Gives the coefficient of what is collected then.
    """
    for base in list(collected):
        if normal.kinds[base] != APPLY or base not in collected:
            continue
        name, operands = normal.parts[base].primitive.name, normal.parts[base].operands
        of_number = name == "where" and any(normal.value(case) is not None for case in operands[1:])
        if of_number and collected[base] == 1 and len(collected) > 1:
            del collected[base]
            return multiply_into(normal, coefficient, collected, operands)
        if name == "sign" and collected[base] == 1:  # sign(u)*abs(u) -> u
            absolute_value = normal.index.get((PRIMITIVES["abs"], operands, None))
            if absolute_value in collected and collected[absolute_value] == 1:
                del collected[base], collected[absolute_value]
                product = normal.product_of(1, [*collected.items(), *normal.factors(operands[0])[1]])
                own, factors = normal.factors(product)
                collected.clear()
                collected.update(factors)
                return coefficient * own * normal.factors(operands[0])[0]
        if name == "abs":
            absolute_into(normal, collected, base)
        for (above, below), result in QUOTIENTS.items():
            if name != above:
                continue
            other = normal.index.get((PRIMITIVES[below], operands, None))
            exponent = collected[base]
            if other in collected and type(exponent) is int and exponent > 0 and collected[other] == -exponent:
                del collected[base], collected[other]
                quotient = normal.applied(PRIMITIVES[result], operands)
                collected[quotient] = simple(collected.get(quotient, 0) + exponent)
                if collected[quotient] == 0:
                    del collected[quotient]
    return coefficient


def absolute_into(normal: Normal, collected: dict[int, Exact], base: int) -> None:
    """abs(u)/u^2 -> 1/abs(u)"""
    (inside,) = normal.parts[base].operands
    exponent, other = collected[base], collected.get(inside)
    if type(other) is int and type(exponent) is int and other % 2 == 0 and other * exponent < 0:
        del collected[inside]
        collected[base] = exponent + other
        if collected[base] % 2 == 0:
            rest = collected.pop(base) + collected.get(inside, 0)
            if rest:
                collected[inside] = rest


def of_powers(normal: Normal, base: int, exponent: int) -> int | None:
    """e^log(u) -> u, e^(n*log(u)) -> u^n, where the logarithm is all that the exponent has but for a number."""
    if not is_euler(normal, base):
        return None
    coefficient, factors = normal.factors(exponent)
    if len(factors) != 1 or factors[0][1] != 1 or not normal.is_application(factors[0][0], "log"):
        return None
    logarithm_of = normal.parts[factors[0][0]].operands[0]
    normal.cancelled.append((factors[0][0], 1))
    return power(normal, logarithm_of, coefficient)


IDENTITIES = Identities(FUNCTIONS, of_sums, of_products, of_powers)
