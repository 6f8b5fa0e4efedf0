"""What a simplifier knows of functions: one identity per row. None changes a value; what loses a point of the domain
is noted in `Normal.cancelled`."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor

from autodiff.graph.nodes import NamedConstant
from autodiff.graph.primitive import Payload, Primitive
from autodiff.graph.table import PRIMITIVES
from autodiff.symbolic.normal import APPLY, ATOM, NUMBER, PRODUCT, SUM, Exact, Identities, Identity, Normal, simple

# f(-u) -> -f(u)
ODD = "sin tan csc cot asin atan sinh tanh csch coth asinh atanh acsch erf cbrt sign softsign degrees radians"
# f(-u) -> f(u)
EVEN = "cos sec cosh sech abs sinc"
# f(number) -> number
VALUES: dict[tuple[str, int], int] = {
    **dict.fromkeys([(name, 0) for name in (*ODD.split(), "log1p", "expm1")], 0),
    **dict.fromkeys([(name, 0) for name in ("cos", "sec", "cosh", "sech", "erfc", "sinc", "exp2", "factorial")], 1),
    **dict.fromkeys([("log", 1), ("log2", 1), ("log10", 1), ("acosh", 1), ("acos", 1), ("lgamma", 1)], 0),
    **dict.fromkeys([("cbrt", 1), ("log2", 2), ("log10", 10), ("gamma", 1), ("factorial", 1)], 1),
}
for pole in ("csc", "cot", "csch", "coth", "acsch"):
    del VALUES[pole, 0]
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


def is_negative(normal: Normal, position: int) -> bool:
    """Whether every term of a form has a minus."""
    kind, part = normal.kinds[position], normal.parts[position]
    return (kind == NUMBER and part < 0) or (kind == SUM and all(coefficient < 0 for _, coefficient in part))


def negative(normal: Normal, position: int) -> int:
    return normal.product(position, normal.number(-1))


def with_symmetry(sign: int) -> Identity:
    def identity(
        normal: Normal, primitive: Primitive, operands: tuple[int, ...], payload: Payload | None
    ) -> int | None:
        found = with_value(normal, primitive, operands, payload)
        if found is not None or not is_negative(normal, operands[0]):
            return found
        mirrored = normal.apply(primitive, (negative(normal, operands[0]),))
        return mirrored if sign > 0 else negative(normal, mirrored)

    return identity


def with_value(normal: Normal, primitive: Primitive, operands: tuple[int, ...], payload: Payload | None) -> int | None:
    number = normal.value(operands[0])
    value = VALUES.get((primitive.name, number)) if type(number) is int else None
    return None if value is None else normal.number(value)


def logarithm(normal: Normal, primitive: Primitive, operands: tuple[int, ...], payload: Payload | None) -> int | None:
    coefficient, factors = normal.factors(operands[0])
    if coefficient == 1 and len(factors) == 1:
        base, exponent = factors[0]
        if is_euler(normal, base):  # log(e^2) -> 2
            return normal.number(exponent)
        if normal.is_application(base, "pow") and is_euler(normal, normal.parts[base].operands[0]):  # log(e^u) -> u
            return normal.product(normal.parts[base].operands[1], normal.number(exponent))
    if not factors and isinstance(coefficient, Fraction) and coefficient.numerator == 1:  # log(1/2) -> -log(2)
        return negative(normal, normal.apply(primitive, (normal.number(coefficient.denominator),)))
    return with_value(normal, primitive, operands, payload)


def is_euler(normal: Normal, position: int) -> bool:
    part = normal.parts[position]
    return normal.kinds[position] == ATOM and isinstance(part, NamedConstant) and part.name == "e"


def of_numbers(compute: Callable[..., Exact]) -> Identity:
    """f(numbers) -> number, where that is exact."""

    def identity(
        normal: Normal, primitive: Primitive, operands: tuple[int, ...], payload: Payload | None
    ) -> int | None:
        values = [value for operand in operands if (value := normal.value(operand)) is not None]
        return normal.number(compute(*values)) if len(values) == len(operands) else None

    return identity


def absolute(normal: Normal, primitive: Primitive, operands: tuple[int, ...], payload: Payload | None) -> int | None:
    (operand,) = operands
    value = normal.value(operand)
    if value is not None:
        return normal.number(-value if value < 0 else value)
    if normal.is_application(operand, "abs"):  # abs(abs(u)) -> abs(u)
        return operand
    coefficient, factors = normal.factors(operand)
    if coefficient != 1:  # abs(-2*u) -> 2*abs(u)
        return normal.product(
            normal.number(-coefficient if coefficient < 0 else coefficient),
            normal.apply(primitive, (normal.product_of(1, factors),)),
        )
    if all(is_never_negative(normal, base, exponent) for base, exponent in factors):  # abs(u^2) -> u^2
        return operand
    return None


def is_never_negative(normal: Normal, base: int, exponent: Exact) -> bool:
    if normal.is_positive(base) or normal.is_application(base, "abs", "cosh", "sech", "sigmoid", "hypot"):
        return True
    return exponent.denominator != 1 or exponent.numerator % 2 == 0 or normal.is_power_of_positive(base)


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


def of_order(sign: int) -> Identity:
    """f(-n, u) -> f(n, u), or with the sign of (-1)^n"""

    def identity(
        normal: Normal, primitive: Primitive, operands: tuple[int, ...], payload: Payload | None
    ) -> int | None:
        order = normal.value(operands[0])
        if type(order) is not int or order >= 0:
            return None
        mirrored = normal.apply(primitive, (normal.number(-order), operands[1]))
        return negative(normal, mirrored) if sign < 0 and order % 2 else mirrored

    return identity


FUNCTIONS: dict[str, Identity] = {
    **{name: with_value for name, _ in VALUES},
    **dict.fromkeys(ODD.split(), with_symmetry(-1)),
    **dict.fromkeys(EVEN.split(), with_symmetry(1)),
    "log": logarithm,
    "abs": absolute,
    "where": choice,
    **dict.fromkeys(("besselj", "bessely"), of_order(-1)),  # DLMF 10.4.1
    **dict.fromkeys(("besseli", "besselk"), of_order(1)),  # DLMF 10.27.1, 10.27.3
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


def of_powers(normal: Normal, base: int, exponent: int) -> int | None:
    """e^log(u) -> u, e^(n*log(u)) -> u^n, where the logarithm is all that the exponent has but for a number."""
    if not is_euler(normal, base):
        return None
    coefficient, factors = normal.factors(exponent)
    if len(factors) != 1 or factors[0][1] != 1 or not normal.is_application(factors[0][0], "log"):
        return None
    logarithm_of = normal.parts[factors[0][0]].operands[0]
    normal.cancelled.append((factors[0][0], 1))
    return normal.power(logarithm_of, coefficient)


IDENTITIES = Identities(FUNCTIONS, of_sums, of_products, of_powers)
