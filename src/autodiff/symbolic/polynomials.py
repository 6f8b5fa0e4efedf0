"""Polynomials with exact coefficients, in generators whose exponents are rational numbers of either sign.

A generator is whatever is taken for independent of the others: a variable, an exponential, a logarithm. Some have a
definition, a polynomial that a power of them is equal to: the root of 1 + x^2 squared, 2*cos(u) by exponentials. A
polynomial that is empty once definitions are put in is 0 whatever the values of the generators; that they may depend
on each other in other ways, too, only means that not every 0 is found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from math import gcd, lcm
from typing import NamedTuple

from autodiff.symbolic.exact import Exact, simple

# Each monomial with its coefficient. A monomial is one integer, whose digits to the base 2^WIDTH are the exponents of
# the generators, as multiples of 1/units and of either sign: the product of monomials is the sum of these integers.
Polynomial = dict[int, Exact]

WIDTH = 48
DIGIT, BELOW_ZERO = (1 << WIDTH) - 1, 1 << WIDTH - 1
LARGEST = 1 << WIDTH - 4  # exponents that are made are below, so that the sum of a few is still a digit
MOST_GENERATORS = 200
STEPS_PER_TERM = 20  # that are taken with terms, for each term that a polynomial may have
LONGEST_QUOTIENT = 100
LONGEST = 20_000  # bits of a coefficient that is raised to a power

UNKNOWN, NOT_NEGATIVE, POSITIVE = range(3)  # what is known of the sign of a generator
FREE, CONSTANT, SUM, FUNCTION = range(4)  # what a generator is defined by


class Undecided(Exception):  # noqa: N818  # not an error: an answer
    """There are too many terms, or there is no value."""


class Finer(Exception):  # noqa: N818
    """An exponent is no multiple of the unit; it is one of the unit divided by `factor`."""

    def __init__(self, factor: int) -> None:
        super().__init__(factor)
        self.factor = factor


class Generator(NamedTuple):
    """`order` is the power that the definition gives."""

    is_real: bool = True
    sign: int = UNKNOWN
    defined_by: int = FREE
    order: int = 1


class Polynomials:
    """The generators, and arithmetic with polynomials in them."""

    def __init__(self, units: int, most: int) -> None:
        self.units = units
        self.most = most
        self.steps = STEPS_PER_TERM * most
        self.generators: list[Generator] = []
        self.index: dict[object, int] = {}
        self.definitions: dict[int, Polynomial] = {}
        self.pending: dict[int, Callable[[], Polynomial]] = {}
        self.late: set[int] = set()  # whose definitions have generators that came later
        self.bias = 0
        self.unit = self.monomial(self.generator("-1", Generator(False, defined_by=CONSTANT), {0: -1}), Fraction(1, 2))

    # --- generators and monomials ---

    def generator(
        self, key: object, kind: Generator, definition: Polynomial | Callable[[], Polynomial] | None = None
    ) -> int:
        """The generator of this key; a definition that is a function is asked for when it is needed."""
        position = self.index.setdefault(key, len(self.generators))
        if position == len(self.generators):
            if position == MOST_GENERATORS:
                raise Undecided
            self.generators.append(kind)
            self.bias |= BELOW_ZERO << WIDTH * position
            if callable(definition):
                self.pending[position] = definition
            elif definition is not None:
                self.definitions[position] = definition
        return position

    def definition(self, generator: int) -> Polynomial:
        if generator not in self.definitions:
            self.definitions[generator] = definition = self.pending[generator]()
            if any(other > generator for monomial in definition for other, _ in self.exponents(monomial)):
                self.late.add(generator)
        return self.definitions[generator]

    def forget_functions(self) -> None:
        """The definitions that were asked for are asked for again."""
        for generator in self.pending:
            self.definitions.pop(generator, None)

    def monomial(self, generator: int, exponent: Exact = 1) -> int:
        above, left = divmod(exponent.numerator * self.units, exponent.denominator)
        if left:
            raise Finer(exponent.denominator // gcd(exponent.denominator, self.units))
        if abs(above) >= LARGEST:
            raise Undecided
        return above << WIDTH * generator

    def in_units(self, generator: int, exponent: int) -> int:
        """The monomial of a generator whose exponent is given in units."""
        return exponent << WIDTH * generator

    def exponents(self, monomial: int) -> list[tuple[int, int]]:
        """The generators of a monomial, each with its exponent in units."""
        found = []
        while monomial:
            generator = ((monomial & -monomial).bit_length() - 1) // WIDTH
            shift = WIDTH * generator
            exponent = ((monomial >> shift) + BELOW_ZERO & DIGIT) - BELOW_ZERO
            found.append((generator, exponent))
            monomial -= exponent << shift
        return found

    def raised(self, monomial: int, exponent: Exact) -> int:
        """A monomial to a power."""
        above, below = exponent.numerator, exponent.denominator
        for _, own in self.exponents(monomial):
            if own * above % below:
                raise Finer(below // gcd(below, own * above))
            if abs(own * above) >= LARGEST * below:
                raise Undecided
        return monomial * above // below

    # --- sums and products ---

    def spend(self, steps: int) -> None:
        self.steps -= steps
        if self.steps < 0:
            raise Undecided

    def sum(self, summands: Iterable[tuple[Polynomial, Exact]]) -> Polynomial:
        collected: Polynomial = {}
        for polynomial, factor in summands:
            for monomial, coefficient in polynomial.items():
                collected[monomial] = collected.get(monomial, 0) + coefficient * factor
            if len(collected) > self.most:
                raise Undecided
        return {monomial: coefficient for monomial, coefficient in collected.items() if coefficient}

    def product(self, first: Polynomial, second: Polynomial) -> Polynomial:
        self.spend(len(first) * len(second) + 1)
        collected: Polynomial = {}
        for monomial, coefficient in first.items():
            for other, own in second.items():
                both = monomial + other
                collected[both] = collected.get(both, 0) + coefficient * own
        return self.checked({monomial: coefficient for monomial, coefficient in collected.items() if coefficient})

    def checked(self, polynomial: Polynomial) -> Polynomial:
        """The same, if it isn't too long, and no exponent has come near to those of its neighbours."""
        if len(polynomial) > self.most:
            raise Undecided
        bias = self.bias
        for monomial in polynomial:
            biased = monomial + bias
            if (biased ^ biased << 1) & bias != bias:  # the two first bits of each exponent differ
                raise Undecided
        return polynomial

    def power(self, polynomial: Polynomial, exponent: int) -> Polynomial:
        """A whole power; one below 0 has to be of a single term."""
        if len(polynomial) == 1:
            ((monomial, coefficient),) = polynomial.items()
            return {self.raised(monomial, exponent): number_to_power(coefficient, exponent)}
        if exponent < 0:
            raise Undecided
        result: Polynomial = {0: 1}
        for _ in range(exponent):
            result = self.product(result, polynomial)
        return result

    # --- factors ---

    def in_whole_numbers(self, polynomial: Polynomial) -> tuple[int, Polynomial]:
        """A number, and that number times the polynomial: integers are faster than fractions."""
        multiple = lcm(*(coefficient.denominator for coefficient in polynomial.values()))
        return multiple, {
            monomial: coefficient.numerator * (multiple // coefficient.denominator)
            for monomial, coefficient in polynomial.items()
        }

    def primitive(self, polynomial: Polynomial) -> tuple[Exact, int, Polynomial]:
        """The common number and monomial of a polynomial, and what is left, whose first coefficient is above 0."""
        self.spend(len(polynomial))
        lowest: dict[int, int] = {}
        for count, monomial in enumerate(polynomial):
            own = dict(self.exponents(monomial))
            if count == 0:
                lowest = own
                continue
            for generator in lowest.keys() | own.keys():
                lowest[generator] = min(lowest.get(generator, 0), own.get(generator, 0))
        common = sum(exponent << WIDTH * generator for generator, exponent in lowest.items())
        number: Exact = Fraction(
            gcd(*(own.numerator for own in polynomial.values())), lcm(*(own.denominator for own in polynomial.values()))
        )
        number = simple(number if polynomial[max(polynomial)] > 0 else -number)
        if number == 1:
            return 1, common, {monomial - common: own for monomial, own in polynomial.items()} if common else polynomial
        return number, common, {m - common: simple(Fraction(own) / number) for m, own in polynomial.items()}

    def degrees(self, polynomial: Polynomial) -> int:
        """The largest exponent of each generator, as a monomial."""
        largest: dict[int, int] = {}
        for monomial in polynomial:
            for generator, exponent in self.exponents(monomial):
                largest[generator] = max(largest.get(generator, 0), exponent)
        return sum(self.in_units(generator, exponent) for generator, exponent in largest.items())

    def is_whole(self, monomial: int) -> bool:
        """Whether no exponent is below 0."""
        return (monomial + self.bias) & self.bias == self.bias

    def quotient(self, dividend: Polynomial, divisor: Polynomial) -> Polynomial | None:
        """The quotient of polynomials without exponents below 0, if it is one."""
        highest = self.degrees(dividend) - self.degrees(divisor)
        first, rest, result = max(divisor), dict(dividend), dict[int, Exact]()
        if not self.is_whole(highest):
            return None
        while rest:
            top = max(rest)
            monomial = top - first
            if not self.is_whole(monomial) or not self.is_whole(highest - monomial) or len(result) == LONGEST_QUOTIENT:
                return None
            self.spend(len(divisor) + len(rest))
            result[monomial] = factor = simple(Fraction(rest[top]) / divisor[first])
            for other, own in divisor.items():
                coefficient = rest.get(monomial + other, 0) - factor * own
                if coefficient:
                    rest[monomial + other] = coefficient
                else:
                    del rest[monomial + other]
        return result


def number_to_power(number: Exact, exponent: int) -> Exact:
    if number in (1, -1):
        return number if exponent % 2 else 1
    if abs(exponent) * max(number.numerator.bit_length(), number.denominator.bit_length()) > LONGEST:
        raise Undecided
    return number**exponent if exponent >= 0 else simple(Fraction(number) ** exponent)


def magnitude(number: Exact) -> Exact:
    return -number if number < 0 else number
