"""Normal forms to a graph, in the order and with the signs, fractions and roots that a person would write."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import partial
from math import isfinite
from typing import NamedTuple

from autodiff.graph.nodes import Graph, NamedConstant
from autodiff.graph.primitive import CONSTANT, Primitive
from autodiff.graph.table import PRIMITIVES
from autodiff.symbolic.exact import HALF, Exact
from autodiff.symbolic.forms import APPLY, ATOM, NUMBER, PRODUCT, Weighted
from autodiff.symbolic.normal import Normal
from autodiff.symbolic.order import by_degree, fractional, in_order
from autodiff.symbolic.parts import is_euler, is_exponential, parts_needed

ADD, SUB, MUL, DIV, NEG, POW = (PRIMITIVES[name] for name in ("add", "sub", "mul", "div", "neg", "pow"))
SQRT, EXP, MATMUL = PRIMITIVES["sqrt"], PRIMITIVES["exp"], PRIMITIVES["matmul"]


class Manner(NamedTuple):
    """How the user writes: decimal fractions or common ones, `e^x` or `exp(x)`; whether e is a constant."""

    decimals: bool = False
    powers_of_e: bool = False
    has_euler: bool = True


class Writer:
    """Writes forms into a graph. Those before `kept` are as the user typed them.

    `at` has the node of each form that was written by itself.
    """

    def __init__(self, normal: Normal, graph: Graph, manner: Manner, kept: int) -> None:
        self.normal = normal
        self.kept = kept
        self.graph = graph
        self.manner = manner
        self.at: dict[int, int] = {}

    def write(self, results: list[int]) -> None:
        wanted = parts_needed(self.normal, results)
        for position, is_wanted in enumerate(wanted):
            if is_wanted and position not in self.at:
                self.at[position] = self.form(position)

    def form(self, position: int) -> int:
        normal, graph = self.normal, self.graph
        kind, part = normal.kinds[position], normal.parts[position]
        if kind == NUMBER:
            return self.number(part)
        if kind == ATOM:
            shape = normal.shapes[position]
            if isinstance(part, str):
                return graph.variable(part, shape=shape)
            return self.power_of_euler(self.number(1)) if is_euler(normal, position) else graph.constant(part)
        if kind == APPLY:
            if part.primitive is POW:
                return self.power(position, 1)
            if part.primitive.array is not None and (constant := self.constant_array(position)) is not None:
                return constant
            return graph.add(part.primitive, tuple(self.at[operand] for operand in part.operands), payload=part.payload)
        if kind == PRODUCT:
            return self.product(1, part, position < self.kept)
        terms: Weighted = part if position < self.kept else by_degree(normal, part)
        return self.sum(terms)

    def number(self, value: Exact) -> int:
        if value < 0:
            return self.binary(NEG, self.number(-value))
        if value.denominator == 1:
            return self.graph.constant(value.numerator)
        if self.manner.decimals and is_decimal(value):
            return self.graph.constant(float(value))
        return self.binary(DIV, self.graph.constant(value.numerator), self.graph.constant(value.denominator))

    def binary(self, primitive: Primitive, *operands: int) -> int:
        return self.graph.add(primitive, operands)

    def sum(self, terms: Iterable[tuple[int, Exact]]) -> int:
        written: int | None = None
        for term, coefficient in in_order(terms):
            if written is None:
                written = self.term(term, coefficient)
            elif coefficient > 0:
                written = self.binary(ADD, written, self.term(term, coefficient))
            else:
                written = self.binary(SUB, written, self.term(term, -coefficient))
        assert written is not None
        return written

    def term(self, term: int, coefficient: Exact) -> int:
        """A form times a number."""
        if term == self.normal.one:
            return self.number(coefficient)
        factors = self.normal.parts[term] if self.normal.kinds[term] == PRODUCT else ((term, 1),)
        return self.product(coefficient, factors, term < self.kept)

    def product(self, coefficient: Exact, factors: Weighted, typed: bool) -> int:
        factors, shifts = self.joined_powers(factors)
        above, below = fractional(self.normal, factors, typed)
        sign, coefficient = (-1, -coefficient) if coefficient < 0 else (1, coefficient)
        if self.manner.decimals and coefficient.denominator != 1 and is_decimal(coefficient):
            upper, lower = [self.number(coefficient)], []
        else:
            upper = [self.number(coefficient.numerator)] if coefficient.numerator != 1 else []
            lower = [self.number(coefficient.denominator)] if coefficient.denominator != 1 else []
        upper += [self.power(base, exponent, shifts.get(base, 0)) for base, exponent in above]
        lower += [self.power(base, exponent) for base, exponent in below]
        if not upper:
            upper = [self.graph.constant(1)]
        if sign < 0:  # a sign binds more tightly than a product does
            negative = partial(self.binary, NEG)
            upper[0] = self.before_chain(upper[0], negative) if len(upper) == 1 else negative(upper[0])
        numerator = self.chained(upper)
        return self.binary(DIV, numerator, self.chained(lower)) if lower else numerator

    def joined_powers(self, factors: Weighted) -> tuple[Weighted, dict[int, Exact]]:
        """x^n*x^-1 -> x^(n - 1): the factors that are left, and what is added to the exponents of some."""
        powers = dict(factors)
        shifts: dict[int, Exact] = {}
        for base, exponent in factors:
            if is_exponential(self.normal, base):
                inner = self.normal.parts[base].operands[0]
                if inner in powers and (exponent.denominator == 1 or self.normal.is_positive(inner)):
                    shifts[base] = powers.pop(inner)
        return tuple(powers.items()), shifts

    def chained(self, factors: list[int]) -> int:
        product = factors[0]
        for factor in factors[1:-1]:
            product = self.binary(MUL, product, factor)
        if len(factors) == 1:
            return product
        if self.graph.shapes[product]:
            return self.binary(MUL, product, factors[-1])
        return self.before_chain(factors[-1], partial(self.binary, MUL, product))  # 2*(A @ x) -> 2*A @ x

    def before_chain(self, position: int, changed: Callable[[int], int]) -> int:
        """The node with a factor before it; in an array `A @ B @ x` before the first of the matrices."""
        graph = self.graph
        if not graph.shapes[position]:
            return changed(position)
        behind: list[int] = []
        while graph.shapes[position] and graph.nodes[position].primitive is MATMUL:
            position, last = graph.nodes[position].operands
            behind.append(last)
        result = changed(position)
        for last in reversed(behind):
            result = graph.add(MATMUL, (result, last), payload=(None,))
        return result

    def constant_array(self, position: int) -> int | None:
        """The node of an array of zeros or ones, or of a unit matrix."""
        from autodiff.symbolic.constant_arrays import constant_of

        constant = constant_of(self.normal, position)
        return None if constant is None else self.graph.constant(constant)

    def power(self, base: int, exponent: Exact, shift: Exact = 0) -> int:
        """A power; `shift` is added to the exponent of one whose exponent is a form."""
        normal = self.normal
        if is_exponential(normal, base):
            inner, inside = normal.parts[base].operands
            if exponent.denominator == 1 or normal.is_positive(inner):
                above = self.exponent(inside, exponent, shift)
                return (
                    self.power_of_euler(above) if is_euler(normal, inner) else self.binary(POW, self.at[inner], above)
                )
        if is_euler(normal, base):
            return self.power_of_euler(self.number(exponent))
        if exponent < 0:
            written, exponent = self.number(1 / Fraction(normal.parts[base])), -exponent
        else:
            written = self.at[base]
        if exponent == 1:
            return written
        if exponent == HALF:
            return self.binary(SQRT, written)
        return self.binary(POW, written, self.number(exponent))

    def power_of_euler(self, exponent: int) -> int:
        euler = self.graph.constant(NamedConstant("e"))
        if self.graph.number(exponent) == 1 and self.manner.has_euler:
            return euler
        return self.binary(POW, euler, exponent) if self.manner.powers_of_e else self.binary(EXP, exponent)

    def exponent(self, inside: int, scale: Exact, shift: Exact) -> int:
        """scale*inside + shift"""
        terms = self.normal.terms(inside)
        if scale not in (1, -1) and len(terms) > 1:
            terms = ((inside, 1),)
        scaled = {term: own * scale for term, own in terms}
        one = self.normal.one
        constant = scaled.pop(one, 0) + shift
        return self.sum([*scaled.items(), *([(one, constant)] if constant else [])])


def is_decimal(value: Exact) -> bool:
    """Whether a fraction is a decimal one that a binary64 has in mind: 1/8, and not 1/3."""
    return Fraction(repr(float(value))) == value


def manner_of(graph: Graph) -> Manner:
    """How the formula is written: by its constants and powers."""
    exponents, bases, numbers = set(), set(), []
    uses_exp = has_variable_e = False
    for position, (primitive, operands, payload, label) in enumerate(graph.nodes):
        if primitive is POW:
            bases.add(operands[0])
            exponents.add(operands[1])
        elif primitive is EXP:
            uses_exp = True
        elif primitive is CONSTANT and isinstance(payload, float):
            numbers.append((position, payload))
        elif label == "e":
            has_variable_e = True
    decimals = powers_of_e = False
    for position, number in numbers:
        if isinstance(number, NamedConstant):
            powers_of_e |= number.name == "e" and position in bases
        else:
            is_root = number == 0.5 and position in exponents
            decimals |= isfinite(number) and not is_root
    return Manner(decimals, powers_of_e and not uses_exp, not has_variable_e)
