"""What a simplifier knows of functions: one identity per row. None changes a value; what loses a point of the domain
is noted in `Normal.cancelled`."""

from __future__ import annotations

from fractions import Fraction

from autodiff.graph.nodes import NamedConstant
from autodiff.graph.primitive import Payload, Primitive
from autodiff.symbolic.choices import CHOICES
from autodiff.symbolic.exact import Exact
from autodiff.symbolic.forms import ATOM, NUMBER, SUM
from autodiff.symbolic.normal import Identity, Normal

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
    **dict.fromkeys(("besselj", "bessely"), of_order(-1)),  # DLMF 10.4.1
    **dict.fromkeys(("besseli", "besselk"), of_order(1)),  # DLMF 10.27.1, 10.27.3
    **CHOICES,
}
