"""How many operations a form is written with: signs, operators, roots and functions; a shared part counts each time."""

from __future__ import annotations

from collections.abc import Iterable

from autodiff.symbolic.exact import HALF, Exact
from autodiff.symbolic.forms import APPLY, NUMBER, PRODUCT, SUM, Weighted
from autodiff.symbolic.normal import Normal
from autodiff.symbolic.parts import is_euler, is_exponential


class Costs:
    """The number of operations of every form of a list, which may grow."""

    def __init__(self, normal: Normal) -> None:
        self.normal = normal
        self.first = len(normal.kinds)
        self.known: list[int] = []
        self.later: dict[int, int] = {}

    def of(self, position: int) -> int:
        """It looks at all forms that there were at first, and recurses on those that were made since."""
        if position < self.first:
            for following in range(len(self.known), position + 1):
                self.known.append(self._form(following))
            return self.known[position]
        known = self.later.get(position)
        if known is None:
            known = self.later[position] = self._form(position)
        return known

    def _form(self, position: int) -> int:
        kind, part = self.normal.kinds[position], self.normal.parts[position]
        if kind == NUMBER:
            return int(part < 0) + int(part.denominator != 1)
        if kind == SUM:
            return self.sum(part)
        if kind == PRODUCT:
            return self.product(1, part)
        if kind == APPLY:
            operands: tuple[int, ...] = part.operands
            return 1 + sum([self.of(operand) for operand in operands])
        return 0

    def sum(self, terms: Iterable[tuple[int, Exact]]) -> int:
        operations, count, any_positive = 0, 0, False
        for term, coefficient in terms:
            count += 1
            any_positive |= coefficient > 0
            if term == self.normal.one:
                operations += coefficient.denominator != 1
            else:
                kind = self.normal.kinds[term]
                factors = self.normal.parts[term] if kind == PRODUCT else ((term, 1),)
                operations += self.product(coefficient, factors)
        return operations + count - any_positive

    def product(self, coefficient: Exact, factors: Weighted) -> int:
        """Those of the product without its sign."""
        above, below = int(coefficient not in (1, -1)), 0
        if type(coefficient) is not int:
            above, below = int(coefficient.numerator not in (1, -1)), int(coefficient.denominator != 1)
        operations = 0
        for base, exponent in factors:
            operations += self.power(base, exponent)
            if exponent > 0 or is_exponential(self.normal, base):
                above += 1
            else:
                below += 1
        return operations + (above - 1 if above else 0) + below

    def power(self, base: int, exponent: Exact) -> int:
        """Those of a power but for the sign of its exponent, which is a place below the bar."""
        if exponent == 1:
            return self.known[base] if base < len(self.known) else self.of(base)
        normal = self.normal
        if is_exponential(normal, base):
            _, inside = normal.parts[base].operands
            scaled = self.product(exponent, normal.factors(inside)[1]) + (exponent < 0)
            return self.of(base) - self.of(inside) + scaled
        if is_euler(normal, base):
            return 1 + (exponent < 0) + (type(exponent) is not int)
        if type(exponent) is int:
            return self.of(base) + (exponent != -1)
        return self.of(base) + (1 if exponent in (HALF, -HALF) else 2)
