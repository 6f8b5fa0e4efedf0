"""Factors, signs, powers and roots of polynomials.

What is known of signs holds wherever the formulas have real values, so that it may be used everywhere in them. Where a
factor is 0, a root that it is multiplied by need not be real: sqrt(x^2*y) is abs(x)*sqrt(y) at x = 0, y = -1, too.
"""

from __future__ import annotations

from fractions import Fraction

from autodiff.symbolic.definitions import cleared, spread
from autodiff.symbolic.exact import Exact, simple
from autodiff.symbolic.polynomials import (
    CONSTANT,
    FUNCTION,
    NOT_NEGATIVE,
    POSITIVE,
    SUM,
    UNKNOWN,
    Generator,
    Polynomial,
    Polynomials,
    Undecided,
    magnitude,
    number_to_power,
)
from autodiff.symbolic.primes import prime_powers


class Radicals:
    """Powers of polynomials, and what is known of the signs of generators.

    `is_thorough`: sums are divided by others that are known, and functions in them are written as exponentials.
    `opens_roots`: functions under roots are, too, which shows that sin(2*u) and 2*sin(u)*cos(u) have the same roots,
    but no more that this is a product.
    """

    def __init__(self, polynomials: Polynomials) -> None:
        self.of = polynomials
        self.is_thorough = False
        self.opens_roots = self.has_roots_of_functions = False
        self.not_negative: set[int] = set()
        self.not_positive: set[int] = set()
        self.nonzero: set[int] = set()
        self.sizes: dict[int, tuple[int, tuple[int, ...]]] = {}
        self.factored: dict[frozenset[tuple[int, Exact]], tuple[Exact, int]] = {}

    def take_more_effort(self) -> None:
        self.opens_roots = self.is_thorough
        self.is_thorough = True
        self.factored.clear()
        self.of.forget_functions()

    # --- factors ---

    def factors(self, polynomial: Polynomial) -> tuple[Exact, int]:
        """A number and a monomial whose product the polynomial is: what has several terms is made a generator."""
        if len(polynomial) == 1:
            ((monomial, number),) = polynomial.items()
            return number, monomial
        key = frozenset(polynomial.items())
        if key not in self.factored:
            self.factored[key] = self.factors_of_sum(polynomial)
        return self.factored[key]

    def factors_of_sum(self, polynomial: Polynomial) -> tuple[Exact, int]:
        of = self.of
        multiple, polynomial = of.in_whole_numbers(polynomial)
        opened, common = cleared(of, polynomial, thoroughly=self.is_thorough)
        if not opened:
            return 0, 0
        number, monomial, rest = of.primitive(opened)
        monomial += common
        for divisor in [g for g, kind in enumerate(of.generators) if self.is_thorough and kind.defined_by == SUM]:
            definition = of.definition(divisor)
            while len(definition) > 1 and definition != rest:
                quotient = of.quotient(rest, definition)
                if quotient is None:
                    break
                rest, monomial = quotient, monomial + of.monomial(divisor)
        own, more, rest = of.primitive(rest)
        monomial += more
        if len(rest) > 1:
            monomial += of.monomial(self.sum_generator(rest))
        of.checked({monomial: 1})
        return simple(Fraction(number * own) / multiple), monomial

    def sum_generator(self, polynomial: Polynomial) -> int:
        """A sum as a generator. One of squares is never negative."""
        is_real, sign = True, NOT_NEGATIVE
        for monomial, coefficient in polynomial.items():
            term = POSITIVE if coefficient > 0 else UNKNOWN
            for generator, exponent in self.of.exponents(monomial):
                kind = self.of.generators[generator]
                is_real = is_real and kind.is_real
                is_even = exponent % (2 * self.of.units) == 0
                term = min(term, max(kind.sign, NOT_NEGATIVE if is_even else UNKNOWN))
            sign = max(sign, term) if term != UNKNOWN and sign != UNKNOWN else UNKNOWN
        kind = Generator(is_real, sign if is_real else UNKNOWN, SUM)
        return self.of.generator(("sum", frozenset(polynomial.items())), kind, polynomial)

    def sign(self, generator: int) -> int:
        kind = self.of.generators[generator]
        if generator not in self.not_negative or (self.opens_roots and kind.defined_by == FUNCTION):
            return kind.sign
        return max(kind.sign, NOT_NEGATIVE)

    def size(self, generator: int) -> int:
        """The absolute value of a real generator, as a monomial."""
        root, others = self.sizes.get(generator, (0, ()))
        if root and self.nonzero.issuperset(others):  # if g*h isn't negative, abs(g) is g*h/abs(h)
            return root - sum(self.own_size(other) for other in others)
        return self.own_size(generator)

    def own_size(self, generator: int) -> int:
        of = self.of
        if self.sign(generator) != UNKNOWN:
            return of.monomial(generator)
        if generator in self.not_positive:
            return self.root_generator(True, of.monomial(generator))
        kind = Generator(sign=NOT_NEGATIVE, defined_by=SUM, order=2)
        return of.monomial(of.generator(("abs", of.monomial(generator)), kind, {of.monomial(generator, 2): 1}))

    def root_generator(self, is_below_zero: bool, monomial: int) -> int:
        """What has the roots of a product of unknown factors, or of its negative."""
        kind = Generator(sign=NOT_NEGATIVE, defined_by=SUM)
        definition: Polynomial = {monomial: -1 if is_below_zero else 1}
        return self.of.monomial(self.of.generator(("root", is_below_zero, monomial), kind, definition))

    def with_known_signs(self, number: Exact, monomial: int) -> tuple[int, bool, list[tuple[int, int]], bool]:
        """The absolute value of the factors whose sign is known, and the others.

        Between them stands whether there is a minus; last is whether one of the known factors may be 0.
        """
        of, known, others, is_below_zero, may_vanish = self.of, 0, [], number < 0, False
        for generator, exponent in of.exponents(monomial):
            is_odd = exponent % (2 * of.units) != 0
            if not of.generators[generator].is_real:
                others.append((generator, exponent))
            elif is_odd and self.sign(generator) == UNKNOWN and exponent % of.units == 0:
                if generator not in self.not_positive:
                    others.append((generator, exponent))
                    continue
                is_below_zero = not is_below_zero
                known += of.raised(self.size(generator), Fraction(exponent, of.units))
                may_vanish = True
            elif is_odd:  # a root of something: it is not negative
                known += self.of.in_units(generator, exponent)
                may_vanish |= of.generators[generator].sign != POSITIVE
            else:
                known += of.raised(self.size(generator), Fraction(exponent, of.units))
                may_vanish |= of.generators[generator].sign != POSITIVE
        return known, is_below_zero, others, may_vanish

    def learn_positive(self, polynomial: Polynomial, *, may_be_zero: bool = False) -> None:
        """Takes note of what follows where a polynomial has to be positive."""
        if not polynomial:
            return
        number, monomial = self.factors(polynomial)
        _, is_below_zero, others, may_vanish = self.with_known_signs(number, monomial)
        if not may_be_zero:
            self.learn_nonzero(polynomial)
        unknown = [generator for generator, _ in others]
        is_real = all(self.of.generators[generator].is_real for generator in unknown)
        if not unknown or not is_real or (may_be_zero and may_vanish):
            return
        if len(unknown) > 1:
            root = self.root_generator(is_below_zero, sum(map(self.of.monomial, unknown)))
            self.sizes.setdefault(max(unknown), (root, tuple(sorted(unknown)[:-1])))
        else:
            (self.not_positive if is_below_zero else self.not_negative).add(unknown[0])

    def facts(self) -> int:
        """How much is known of signs."""
        return len(self.not_negative) + len(self.not_positive) + len(self.nonzero) + len(self.sizes)

    def is_nonzero(self, monomial: int) -> bool:
        """Whether it is known that a monomial is not 0 anywhere."""
        generators = self.of.generators
        return all(
            generator in self.nonzero or generators[generator].sign == POSITIVE
            for generator, _ in self.of.exponents(monomial)
        )

    def learn_nonzero(self, polynomial: Polynomial) -> None:
        waiting = [self.factors(polynomial)[1]] if polynomial else []
        while waiting:
            for generator, _ in self.of.exponents(waiting.pop()):
                self.nonzero.add(generator)
                definition = self.of.definitions.get(generator, {})
                if len(definition) == 1 and self.of.generators[generator].defined_by == SUM:
                    waiting += definition

    # --- powers ---

    def power(self, polynomial: Polynomial, exponent: Exact) -> Polynomial:
        """A power with a number as its exponent. One that is not whole has a base that isn't negative."""
        number, monomial = self.factors(polynomial) if polynomial else (0, 0)
        if number == 0:
            if exponent > 0:
                return {}
            raise Undecided
        if exponent.denominator == 1:
            whole = exponent.numerator
            return {self.of.raised(monomial, whole): number_to_power(number, whole)}
        return self.of.checked({self.root(number, monomial, exponent): 1})

    def root(self, number: Exact, monomial: int, exponent: Exact) -> int:
        """A power that is not whole, of a product that is not negative, as a monomial."""
        known, is_below_zero, others, _ = self.with_known_signs(number, monomial)
        if is_below_zero and not others:
            raise Undecided
        result, unknown = self.of.raised(known + self.number(magnitude(number)), exponent), 0
        has_functions = any(self.of.generators[generator].defined_by == FUNCTION for generator, _ in others)
        self.has_roots_of_functions |= has_functions
        opens = has_functions and self.opens_roots
        for generator, in_units in others:
            own = Fraction(in_units, self.of.units)
            if not self.of.generators[generator].is_real:
                unknown += self.of.in_units(generator, in_units)
            elif len(others) == 1 and not is_below_zero and not opens:
                result += self.of.monomial(generator, own * exponent)
            else:  # (g^3*h)^q is abs(g)^(2*q)*(g*h)^q
                if own != 1:
                    result += self.of.raised(self.size(generator), (own - 1) * exponent)
                unknown += self.of.monomial(generator)
        if unknown:
            root = (self.root_of_functions if opens else self.root_generator)(is_below_zero, unknown)
            result += self.of.raised(root, exponent)
        return result

    def root_of_functions(self, is_below_zero: bool, monomial: int) -> int:
        """What has the roots of a product, which is written as a sum of exponentials."""
        definition = spread(self.of, {monomial: -1 if is_below_zero else 1}, thoroughly=True)
        kind = Generator(sign=NOT_NEGATIVE, defined_by=SUM)
        return self.of.monomial(self.of.generator(("root", frozenset(definition.items())), kind, definition))

    def number(self, number: Exact) -> int:
        """A positive number as a product of primes, which are generators whose roots are known."""
        monomial = 0
        for prime, exponent in [
            *prime_powers(number.numerator),
            *((p, -e) for p, e in prime_powers(number.denominator)),
        ]:
            monomial += self.of.monomial(self.prime(prime), exponent)
        return monomial

    def prime(self, prime: int) -> int:
        return self.of.generator(("prime", prime), Generator(sign=POSITIVE, defined_by=CONSTANT), {0: prime})

    def odd_root(self, polynomial: Polynomial, order: int) -> Polynomial | None:
        """The real root of odd order of any real number, so that the root of a product is the product of roots."""
        if not polynomial:
            return {}
        number, monomial = self.factors(polynomial)
        result = self.of.raised(self.number(magnitude(number)), Fraction(1, order))
        for generator, exponent in self.of.exponents(monomial):
            kind = self.of.generators[generator]
            if not kind.is_real:
                return None
            if self.sign(generator) != UNKNOWN or exponent % self.of.units:
                result += self.of.raised(self.of.in_units(generator, exponent), Fraction(1, order))
                continue
            own = Generator(defined_by=SUM, order=order)
            power = self.of.monomial(generator)
            root = self.of.generator(("root of odd order", order, generator), own, {power: 1})
            result += self.of.raised(self.of.monomial(root), exponent // self.of.units)
        return self.of.checked({result: -1 if number < 0 else 1})

    def absolute(self, polynomial: Polynomial) -> Polynomial:
        if not polynomial:
            return {}
        number, monomial = self.factors(polynomial)
        known, _, others, _ = self.with_known_signs(number, monomial)
        complex_factors = 0
        for generator, exponent in others:
            if self.of.generators[generator].is_real:
                own = Fraction(exponent, self.of.units)
                known += self.size(generator) + self.of.monomial(generator, own - 1)
            else:
                complex_factors += self.of.in_units(generator, exponent)
        if complex_factors:
            kind = Generator(sign=NOT_NEGATIVE, defined_by=SUM, order=2)
            square: Polynomial = {self.of.raised(complex_factors, 2): 1}
            known += self.of.monomial(self.of.generator(("abs", complex_factors), kind, square))
        return self.of.checked({known: magnitude(number)})
