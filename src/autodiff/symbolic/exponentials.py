"""Logarithms, exponentials, sines and cosines of polynomials, in few generators: identities hold by arithmetic.

Everything is a root, a logarithm or an exponential: sin(u) by e^(i*u), sinh(u) by e^u, b^u by e^(u*log(b)). Each rule
holds for every value of the generators at which the formulas have real values; it is said where that needs a reason.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial

from autodiff.symbolic.definitions import spread
from autodiff.symbolic.exact import Exact
from autodiff.symbolic.polynomials import (
    FREE,
    FUNCTION,
    POSITIVE,
    SUM,
    UNKNOWN,
    Generator,
    Polynomial,
    Undecided,
    magnitude,
)
from autodiff.symbolic.radicals import Radicals

# The exponents of 2*sin(u) and 2*cos(u), or of 2*sinh(u) and 2*cosh(u), and what their product is multiplied by
SINE_AND_COSINE: dict[str, tuple[int, int, Exact]] = {
    "sin": (1, 0, Fraction(1, 2)),
    "cos": (0, 1, Fraction(1, 2)),
    "tan": (1, -1, 1),
    "cot": (-1, 1, 1),
    "sec": (0, -1, 2),
    "csc": (-1, 0, 2),
}
# cos(k*pi/12): roots, each with its coefficient
COSINES: tuple[dict[int, Fraction], ...] = (
    {1: Fraction(1)},
    {6: Fraction(1, 4), 2: Fraction(1, 4)},
    {3: Fraction(1, 2)},
    {2: Fraction(1, 2)},
    {1: Fraction(1, 2)},
    {6: Fraction(1, 4), 2: Fraction(-1, 4)},
    {},
)
HALF = Fraction(1, 2)
LARGEST_MULTIPLE = 20  # of an inverse function in sin(n*asin(x)) that is multiplied out


class Exponentials:
    """Logarithms and exponentials of polynomials, and what is made of them."""

    def __init__(self, radicals: Radicals) -> None:
        self.radicals = radicals
        self.of = radicals.of
        self.exponent_of: dict[int, int] = {}  # the generator e^w: w
        self.size_of: dict[int, int] = {}  # the generator log(abs(g)): g
        self.logarithm_of: dict[int, Polynomial] = {}  # some logarithm of b, for b^u where b has no known sign: b
        self.wave_of: dict[int, tuple[Polynomial, Polynomial]] = {}  # u = asin(x), atan(x): e^(i*u) and e^(-i*u)
        self.pi = self.of.monomial(self.of.generator("pi", Generator(sign=POSITIVE)))

    # --- logarithms and exponentials ---

    def logarithm(self, polynomial: Polynomial) -> Polynomial:
        """log(abs(u)), the sum of those of the factors."""
        number, monomial = self.radicals.factors(polynomial) if polynomial else (0, 0)
        if number == 0:
            raise Undecided
        of, units = self.of, self.of.units
        summands: list[tuple[Polynomial, Exact]] = []
        waiting = [(g, Fraction(e, units)) for g, e in of.exponents(monomial + self.radicals.number(magnitude(number)))]
        while waiting:
            generator, exponent = waiting.pop()
            kind, inside = of.generators[generator], self.exponent_of.get(generator)
            definition = of.definition(generator) if kind.defined_by == SUM else {}
            if inside is not None and kind.is_real:  # log(e^w) is w
                summands.append(({inside: 1}, exponent))
            elif len(definition) == 1:  # log(abs(g)) of roots and absolute values of products
                ((own, _),) = definition.items()
                waiting += [(g, Fraction(e, units) * exponent / kind.order) for g, e in of.exponents(own)]
            elif generator != 0:
                log = of.monomial(of.generator(("log", generator), Generator()))
                self.size_of[log] = generator
                summands.append(({log: 1}, exponent))
        return of.sum(summands)

    def exponential(self, polynomial: Polynomial) -> Polynomial:
        """e^u"""
        return self.exponential_of_terms(spread(self.of, polynomial, thoroughly=self.radicals.is_thorough))

    def exponential_of_terms(self, polynomial: Polynomial) -> Polynomial:
        """e^u, the product of those of the terms."""
        result = 0
        for monomial, coefficient in polynomial.items():
            base = self.size_of.get(monomial)
            if base is not None and self.of.generators[base].is_real:  # e^(c*log(abs(g))) is abs(g)^c
                result += self.of.raised(self.radicals.size(base), coefficient)
            else:
                result += self.of.monomial(self.exponential_generator(monomial), coefficient)
        return self.of.checked({result: 1})

    def exponential_generator(self, exponent: int) -> int:
        is_real = all(self.of.generators[generator].is_real for generator, _ in self.of.exponents(exponent))
        base = self.logarithm_of.get(exponent)
        kind = Generator(is_real, POSITIVE if is_real else UNKNOWN, SUM if base else FREE)
        generator = self.of.generator(("exp", exponent), kind, base)
        self.exponent_of[generator] = exponent
        return generator

    def power_of(self, base: Polynomial, exponent: Polynomial) -> Polynomial:
        """b^u, which is e^(u*log(b)). Where b may be negative, u is a whole number, and any logarithm of b will do.

        Where b is 0 and u is positive, what holds for small b holds in the limit.
        """
        if not exponent or (len(exponent) == 1 and 0 in exponent):
            return self.radicals.power(base, exponent.get(0, 0))
        number, monomial = self.radicals.factors(base) if base else (0, 0)
        if number == 0:
            raise Undecided
        _, is_below_zero, others, _ = self.radicals.with_known_signs(number, monomial)
        if not others and not is_below_zero:
            return self.exponential(self.of.product(exponent, self.logarithm(base)))
        scale: Exact = 1
        is_power = len(self.of.exponents(monomial)) == 1 and number > 0
        if is_power:  # (x^-1)^u is x^-u: a logarithm of an odd power of x is that multiple of one of x
            ((generator, own),) = self.of.exponents(monomial)
            if self.of.generators[generator].is_real:
                scale, monomial = own // self.of.units, self.of.monomial(generator)
        log = self.of.monomial(self.of.generator(("log of power", number < 0, monomial), Generator(False)))
        self.logarithm_of[log] = {monomial: -1 if number < 0 else 1}
        logarithm = self.of.sum([({log: 1}, scale), (self.logarithm({0: magnitude(number)}), 1)])
        return self.exponential(self.of.product(exponent, logarithm))

    # --- sines and cosines ---

    def circular(self, name: str, polynomial: Polynomial) -> Polynomial:
        return self._of_two(name, "sin", "cos", polynomial)

    def hyperbolic(self, name: str, polynomial: Polynomial) -> Polynomial:
        return self._of_two(name, "sinh", "cosh", polynomial)

    def _of_two(self, name: str, sine: str, cosine: str, operand: Polynomial) -> Polynomial:
        odd, even, factor = SINE_AND_COSINE[name]
        operand = spread(self.of, operand, thoroughly=self.radicals.is_thorough)
        if not operand:
            if odd < 0:
                raise Undecided
            return {} if odd else {0: 1}
        if operand[max(operand)] < 0:
            operand = {monomial: -coefficient for monomial, coefficient in operand.items()}
            factor = -factor if odd else factor
        monomial, key = 0, frozenset(operand.items())
        for function, exponent, sign in (
            (sine, odd, UNKNOWN),
            (cosine, even, POSITIVE if cosine == "cosh" else UNKNOWN),
        ):
            if exponent:
                kind = Generator(sign=sign, defined_by=FUNCTION)
                generator = self.of.generator((function, key), kind, partial(self.definition_of, function, operand))
                monomial += self.of.monomial(generator, exponent)
        return {monomial: factor}

    def definition_of(self, function: str, operand: Polynomial) -> Polynomial:
        """2*cos(u) is e^(i*u) + e^(-i*u), 2*sin(u) is -i*(e^(i*u) - e^(-i*u)), 2*cosh(u) is e^u + e^-u."""
        opposite = {monomial: -coefficient for monomial, coefficient in operand.items()}
        if function in ("sinh", "cosh"):
            first, second = self.exponential_of_terms(operand), self.exponential_of_terms(opposite)
        else:
            first, second = self.wave(operand), self.wave(opposite)
        both = self.of.sum([(first, 1), (second, -1 if function in ("sin", "sinh") else 1)])
        return self.of.product(both, {self.of.unit: -1}) if function == "sin" else both

    def wave(self, polynomial: Polynomial) -> Polynomial:
        """e^(i*u), which is known if u is a multiple of pi, or of an inverse function."""
        of, monomial = self.of, 0
        result: Polynomial = {0: 1}
        for own, coefficient in polynomial.items():
            if own == self.pi:
                result = of.product(result, self.turn(coefficient))
            elif own in self.wave_of and coefficient.denominator == 1 and magnitude(coefficient) <= LARGEST_MULTIPLE:
                wave, opposite = self.wave_of[own]
                factor = of.power(wave if coefficient > 0 else opposite, abs(coefficient.numerator))
                result = of.product(result, factor)
            else:
                monomial += of.monomial(self.exponential_generator(own + of.unit), coefficient)
        return of.product(result, {monomial: 1})

    def add_wave(self, angle: int, cosine: Polynomial, sine: Polynomial) -> None:
        """The cosine and the sine of an angle that is a generator."""
        imaginary = self.of.product(sine, {self.of.unit: 1})
        first, second = (self.of.sum([(cosine, 1), (imaginary, sign)]) for sign in (1, -1))
        self.wave_of[angle] = first, second

    def turn(self, coefficient: Exact) -> Polynomial:
        """e^(i*pi*c)"""
        twelfths = 12 * coefficient
        if (2 * coefficient).denominator == 1 or twelfths.denominator != 1:
            return {self.of.monomial(0, coefficient): 1}
        imaginary = self.of.product(self.cosine(6 - twelfths.numerator), {self.of.unit: 1})
        return self.of.sum([(self.cosine(twelfths.numerator), 1), (imaginary, 1)])

    def cosine(self, twelfths: int) -> Polynomial:
        """cos(k*pi/12)"""
        twelfths = min(twelfths % 24, -twelfths % 24)
        sign = 1 if twelfths <= 6 else -1
        roots = COSINES[min(twelfths, 12 - twelfths)]
        return {self.of.raised(self.radicals.number(root), HALF): sign * own for root, own in roots.items()}
