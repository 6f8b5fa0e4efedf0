"""Elementary functions of polynomials, each by roots, logarithms and exponentials; of others only their symmetry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from autodiff.symbolic.definitions import cleared, spread
from autodiff.symbolic.exact import Exact
from autodiff.symbolic.exponentials import HALF, SINE_AND_COSINE, Exponentials
from autodiff.symbolic.identities import EVEN, ODD
from autodiff.symbolic.polynomials import Generator, Polynomial, Polynomials, magnitude
from autodiff.symbolic.radicals import Radicals

MOST_COMPARISONS = 20
ODD_NAMES, EVEN_NAMES = frozenset(ODD.split()), frozenset(EVEN.split())

Function = Callable[..., Polynomial | None]


class Elementary:
    """What functions of polynomials need."""

    def __init__(self, units: int, most: int) -> None:
        self.of = Polynomials(units, most)
        self.radicals = Radicals(self.of)
        self.exponentials = Exponentials(self.radicals)
        self.applied: dict[object, list[tuple[Sequence[Polynomial], int]]] = {}

    def are_equal(self, one: Polynomial, other: Polynomial) -> bool:
        """Whether the difference is empty once all definitions are put in."""
        difference = self.of.sum([(one, 1), (other, -1)])
        if not difference:
            return True
        _, difference = self.of.in_whole_numbers(difference)
        return not cleared(self.of, difference, thoroughly=True)[0]

    def opaque(self, name: str, operands: Sequence[Polynomial], payload: object = None) -> Polynomial:
        """A function of which nothing is known but its symmetry: a generator for each list of operands."""
        is_thorough = self.radicals.is_thorough
        operands = [spread(self.of, operand, thoroughly=is_thorough) for operand in operands]
        sign = 1
        if (name in ODD_NAMES or name in EVEN_NAMES) and operands[0] and operands[0][max(operands[0])] < 0:
            operands = [self.times(operands[0], -1)]
            sign = -1 if name in ODD_NAMES else 1
        key = (name, payload, *(frozenset(operand.items()) for operand in operands))
        same = self.applied.setdefault((name, payload, len(operands)), [])
        if key not in self.of.index:
            if is_thorough:
                for others, generator in same[:MOST_COMPARISONS]:
                    if all(map(self.are_equal, operands, others)):
                        return {self.of.monomial(generator): sign}
            same.append((operands, self.of.generator(key, Generator())))
        return {self.of.monomial(self.of.index[key]): sign}

    def times(self, polynomial: Polynomial, number: Exact) -> Polynomial:
        return self.of.sum([(polynomial, number)])

    def plus(self, *summands: Polynomial) -> Polynomial:
        return self.of.sum([(summand, 1) for summand in summands])


# --- functions ---


def log_to_base(f: Elementary, operand: Polynomial, base: Polynomial) -> Polynomial:
    return f.of.product(f.exponentials.logarithm(operand), f.radicals.power(f.exponentials.logarithm(base), -1))


def logarithm_to(base: int) -> Function:
    def function(f: Elementary, operand: Polynomial) -> Polynomial:
        return log_to_base(f, operand, {0: base})

    return function


def comparison(name: str, *, is_swapped: bool) -> Function:
    """a < b by the sign of a - b, in which a positive factor doesn't count."""

    def function(f: Elementary, first: Polynomial, second: Polynomial) -> Polynomial | None:
        if is_swapped:
            first, second = second, first
        difference = f.of.sum([(first, 1), (second, -1)])
        if not difference:
            return None
        number, _, _ = f.of.primitive(difference)
        factor = number if name in ("eq", "ne") else magnitude(number)
        return f.opaque(name, [f.times(difference, 1 / Fraction(factor))])

    return function


def sign(f: Elementary, operand: Polynomial) -> Polynomial | None:
    """u/abs(u) where it is known that u isn't 0."""
    number, monomial = f.radicals.factors(operand) if operand else (0, 0)
    if number == 0 or not f.radicals.is_nonzero(monomial):
        return None
    return f.of.product(operand, f.radicals.power(f.radicals.absolute(operand), -1))


def root(f: Elementary, operand: Polynomial, order: Polynomial) -> Polynomial | None:
    number = order.get(0, 0)
    if len(order) != 1 or number.denominator != 1 or number == 0:
        return None
    if number % 2 == 0:
        return f.radicals.power(operand, Fraction(1, number))
    found = f.radicals.odd_root(operand, abs(number.numerator))
    return found if number > 0 or found is None else f.radicals.power(found, -1)


def circular(name: str) -> Function:
    return lambda f, operand: f.exponentials.circular(name, operand)


def hyperbolic(name: str) -> Function:
    return lambda f, operand: f.exponentials.hyperbolic(name, operand)


def arcsine(f: Elementary, operand: Polynomial) -> Polynomial:
    """e^(i*asin(u)) is sqrt(1 - u^2) + i*u."""
    found = f.opaque("asin", [operand])
    if f.radicals.is_thorough:
        ((monomial, own_sign),) = found.items()
        cosine = f.radicals.power(f.plus({0: 1}, f.times(f.of.product(operand, operand), -1)), HALF)
        f.exponentials.add_wave(monomial, cosine, f.times(operand, own_sign))
    return found


def arctangent(f: Elementary, operand: Polynomial) -> Polynomial:
    """e^(i*atan(u)) is (1 + i*u)/sqrt(1 + u^2)."""
    found = f.opaque("atan", [operand])
    if f.radicals.is_thorough:
        ((monomial, own_sign),) = found.items()
        cosine = f.radicals.power(f.plus({0: 1}, f.of.product(operand, operand)), -HALF)
        f.exponentials.add_wave(monomial, cosine, f.times(f.of.product(operand, cosine), own_sign))
    return found


def complement(f: Elementary, angle: Polynomial) -> Polynomial:
    """pi/2 less an angle"""
    return f.of.sum([({f.exponentials.pi: 1}, HALF), (angle, -1)])


def area_exponential(f: Elementary, operand: Polynomial, number: int) -> Polynomial:
    """u + sqrt(u^2 + 1), or with -1, which is positive: e to the power asinh(u), or acosh(u)."""
    square = f.plus(f.of.product(operand, operand), {0: number})
    return f.plus(operand, f.radicals.power(square, HALF))


def area_function(number: int) -> Function:
    return lambda f, operand: f.exponentials.logarithm(area_exponential(f, operand, number))


def area_tangent(f: Elementary, operand: Polynomial) -> Polynomial:
    """Half of log((1 + u)/(1 - u)); that of its absolute value is the inverse of coth, too."""
    above, below = f.plus({0: 1}, operand), f.plus({0: 1}, f.times(operand, -1))
    return f.of.sum([(f.exponentials.logarithm(above), HALF), (f.exponentials.logarithm(below), -HALF)])


def of_inverse(function: Function) -> Function:
    return lambda f, operand: function(f, f.radicals.power(operand, -1))


def sigmoid(f: Elementary, operand: Polynomial) -> Polynomial:
    return f.radicals.power(one_and_exponential(f, f.times(operand, -1)), -1)


def one_and_exponential(f: Elementary, operand: Polynomial) -> Polynomial:
    return f.plus({0: 1}, f.exponentials.exponential(operand))


def largest(f: Elementary, *operands: Polynomial) -> Polynomial:
    """max(a, b) is (a + b + abs(a - b))/2."""
    result, *others = operands
    for other in others:
        distance = f.radicals.absolute(f.of.sum([(result, 1), (other, -1)]))
        result = f.times(f.plus(result, other, distance), HALF)
    return result


def smallest(f: Elementary, *operands: Polynomial) -> Polynomial:
    return f.times(largest(f, *(f.times(operand, -1) for operand in operands)), -1)


def choices(f: Elementary, *operands: Polynomial) -> Polynomial:
    """piecewise(c, a, d, b, e) is where(c, a, where(d, b, e))."""
    result = operands[-1]
    for at in range(len(operands) - 3, -1, -2):
        result = f.opaque("where", [*operands[at : at + 2], result])
    return result


def gelu(f: Elementary, operand: Polynomial) -> Polynomial:
    """u*(1 + erf(u/sqrt(2)))/2"""
    error_function = f.opaque("erf", [f.of.product(operand, f.radicals.power({0: 2}, -HALF))])
    return f.of.product(f.times(operand, HALF), f.plus({0: 1}, error_function))


def hypotenuse(f: Elementary, a: Polynomial, b: Polynomial) -> Polynomial:
    return f.radicals.power(f.plus(f.of.product(a, a), f.of.product(b, b)), HALF)


def polygamma(f: Elementary, order: Polynomial, operand: Polynomial) -> Polynomial | None:
    return None if order else f.opaque("digamma", [operand])


def beta(f: Elementary, a: Polynomial, b: Polynomial) -> Polynomial:
    return f.opaque("beta", sorted((a, b), key=lambda operand: sorted(operand.items())))


FUNCTIONS: dict[str, Function] = {
    "pow": lambda f, base, exponent: f.exponentials.power_of(base, exponent),
    "log": lambda f, u: f.exponentials.logarithm(u),
    "log2": logarithm_to(2),
    "log10": logarithm_to(10),
    "log1p": lambda f, u: f.exponentials.logarithm(f.plus({0: 1}, u)),
    "log_base": log_to_base,
    "exp2": lambda f, u: f.exponentials.power_of({0: 2}, u),
    "expm1": lambda f, u: f.plus(f.exponentials.exponential(u), {0: -1}),
    "logaddexp": lambda f, a, b: f.exponentials.logarithm(
        f.plus(f.exponentials.exponential(a), f.exponentials.exponential(b))
    ),
    **{name: circular(name) for name in SINE_AND_COSINE},
    **{f"{name}h": hyperbolic(name) for name in SINE_AND_COSINE},
    "asin": arcsine,
    "acos": lambda f, u: complement(f, arcsine(f, u)),
    "atan": arctangent,
    "acsc": of_inverse(arcsine),
    "asec": of_inverse(lambda f, u: complement(f, arcsine(f, u))),
    "acot": of_inverse(arctangent),
    "asinh": area_function(1),
    "acosh": area_function(-1),
    "atanh": area_tangent,
    "acsch": of_inverse(area_function(1)),
    "asech": of_inverse(area_function(-1)),
    "acoth": area_tangent,
    "sigmoid": sigmoid,
    "logit": lambda f, u: f.times(area_tangent(f, f.plus(u, u, {0: -1})), 2),
    "softplus": lambda f, u: f.exponentials.logarithm(one_and_exponential(f, u)),
    "silu": lambda f, u: f.of.product(u, sigmoid(f, u)),
    "gelu": gelu,
    "beta": beta,
    "polygamma": polygamma,
    "erfc": lambda f, u: f.of.sum([({0: 1}, 1), (f.opaque("erf", [u]), -1)]),
    "factorial": lambda f, u: f.opaque("gamma", [f.plus(u, {0: 1})]),
    "abs": lambda f, u: f.radicals.absolute(u),
    "sign": sign,
    "cbrt": lambda f, u: f.radicals.odd_root(u, 3),
    "root": root,
    "hypot": hypotenuse,
    "max": largest,
    "min": smallest,
    "relu": lambda f, u: largest(f, u, {}),
    "clip": lambda f, u, low, high: smallest(f, largest(f, u, low), high),
    "ceil": lambda f, u: f.times(f.opaque("floor", [f.times(u, -1)]), -1),
    "softsign": lambda f, u: f.of.product(u, f.radicals.power(f.plus({0: 1}, f.radicals.absolute(u)), -1)),
    "degrees": lambda f, u: f.of.product(u, {-f.exponentials.pi: 180}),
    "radians": lambda f, u: f.of.product(u, {f.exponentials.pi: Fraction(1, 180)}),
    "lt": comparison("lt", is_swapped=False),
    "gt": comparison("lt", is_swapped=True),
    "le": comparison("le", is_swapped=False),
    "ge": comparison("le", is_swapped=True),
    "eq": comparison("eq", is_swapped=False),
    "ne": comparison("ne", is_swapped=False),
    "piecewise": choices,
}
