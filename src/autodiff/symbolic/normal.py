"""Normal forms: sums of like terms and products of like powers, in which equal formulas are one form.

A form is a position in a list, operands first, as in a graph. Coefficients and exponents are exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from autodiff.graph.nodes import ArrayConstant, NamedConstant
from autodiff.graph.primitive import Payload, Primitive
from autodiff.graph.shapes import Shape, broadcast_shape
from autodiff.graph.table import PRIMITIVES
from autodiff.symbolic.exact import Exact, simple
from autodiff.symbolic.forms import APPLY, ATOM, NUMBER, PRODUCT, SUM, Application, Weighted
from autodiff.symbolic.powers import whole_powers_opened

MOST_FACTORS = 100  # a product of more is a factor of others, so that one of n factors takes no n^2 steps
BROADCAST = PRIMITIVES["broadcast"]


class Normal:
    """A list of forms, of which no two are equal.

    `kinds` tells what `parts` has of a form: the number, the variable's name or the constant, an Application, the terms
    of a sum with their coefficients, or the bases of a product with their exponents. The term of a constant summand is
    the number 1. A power whose exponent is no number is an application of `pow`, with a number as its exponent: x^(2*n)
    is (x^n)^2, and x^(n - 1) is x^n times x^-1. `cancelled` are the powers that a result no longer shows, for notes on
    its domain.
    """

    __slots__ = ("cancelled", "has_arrays", "identities", "index", "kinds", "one", "parts", "shapes", "zero")

    def __init__(self, identities: Identities | None = None) -> None:
        self.kinds: list[str] = []
        self.parts: list[Any] = []
        self.shapes: list[Shape] = []
        self.index: dict[object, int] = {}
        self.identities = identities or Identities({}, None, None)
        self.cancelled: list[tuple[int, Exact]] = []
        self.has_arrays = False
        self.zero, self.one = self.number(0), self.number(1)

    def _add(self, key: object, kind: str, part: Any, shape: Shape = ()) -> int:
        position = self.index.setdefault(key, len(self.kinds))
        if position == len(self.kinds):
            self.kinds.append(kind)
            self.parts.append(part)
            self.shapes.append(shape)
            if shape:
                self.has_arrays = True
        return position

    def number(self, value: Exact) -> int:
        if type(value) is Fraction and value.denominator == 1:
            value = value.numerator
        return self._add(value, NUMBER, value)

    def atom(self, content: str | NamedConstant | ArrayConstant | float, shape: Shape = ()) -> int:
        """A variable by its name, or a constant that is no exact number."""
        name = content.name if isinstance(content, NamedConstant) else str(content)
        key = content if isinstance(content, ArrayConstant) else name
        return self._add((type(content), key), ATOM, content, shape)

    def value(self, position: int) -> Exact | None:
        """The number that a form is; None for others."""
        value: Exact | None = self.parts[position] if self.kinds[position] == NUMBER else None
        return value

    def terms(self, position: int) -> Weighted:
        kind = self.kinds[position]
        if kind == SUM:
            terms: Weighted = self.parts[position]
            return terms
        if kind == NUMBER:
            return ((self.one, self.parts[position]),) if position != self.zero else ()
        return ((position, 1),)

    def factors(self, position: int) -> tuple[Exact, Weighted]:
        """A coefficient and powers whose product the form is."""
        kind = self.kinds[position]
        if kind == PRODUCT:
            part: Weighted = self.parts[position]
            return 1, part if len(part) <= MOST_FACTORS else ((position, 1),)
        if kind == NUMBER:
            return self.parts[position], ()
        if kind == SUM and len(self.parts[position]) == 1:
            ((term, coefficient),) = self.parts[position]
            return coefficient, self.factors(term)[1]
        return 1, ((position, 1),)

    def apply(self, primitive: Primitive, operands: tuple[int, ...], payload: Payload | None = None) -> int:
        """The form of a primitive that is neither a sum nor a product."""
        identity = self.identities.functions.get(primitive.name)
        if identity is not None:
            found = identity(self, primitive, operands, payload)
            if found is not None:
                return found
        return self.applied(primitive, operands, payload)

    def applied(self, primitive: Primitive, operands: tuple[int, ...], payload: Payload | None = None) -> int:
        """The same, where no identity is looked for."""
        part = Application(primitive, operands, payload)
        shape: Shape = ()
        if primitive.array is not None:
            shape = primitive.array.shape([self.shapes[operand] for operand in operands], *(payload or ()))
        elif self.has_arrays:
            shape = self.shape_of(primitive.name, operands)
        return self._add(part, APPLY, part, shape)

    def is_application(self, position: int, *names: str) -> bool:
        return self.kinds[position] == APPLY and self.parts[position].primitive.name in names

    def sum_of(self, summands: Iterable[tuple[int, Exact]]) -> int:
        """The sum of forms, each times a number: like terms are collected, in the order in which they came."""
        kinds, parts = self.kinds, self.parts
        collected: dict[int, Exact] = {}
        summands = list(summands)
        for position, coefficient in summands:
            kind = kinds[position]
            if kind is not SUM and kind is not NUMBER:
                collected[position] = collected.get(position, 0) + coefficient
                continue
            for term, own in self.terms(position):
                if kinds[term] is SUM and own * coefficient in (1, -1):  # a - (b + c) -> a - b - c
                    for inner, inside in parts[term]:
                        collected[inner] = collected.get(inner, 0) + inside * own * coefficient
                else:
                    collected[term] = collected.get(term, 0) + own * coefficient
        if 0 in collected.values():
            self.cancelled += [(term, 1) for term, coefficient in collected.items() if coefficient == 0]
            collected = {term: coefficient for term, coefficient in collected.items() if coefficient != 0}
        if self.identities.of_sums is not None and len(collected) > 1:
            self.identities.of_sums(self, collected)
        return self.in_shape_of("add", self.collected_sum(collected), [position for position, _ in summands])

    def in_shape_of(self, operation: str, position: int, operands: Sequence[int]) -> int:
        """The form, in the shape that the operation of the operands has."""
        if not self.has_arrays:
            return position
        return self.in_shape(position, self.shape_of(operation, operands))

    def shape_of(self, operation: str, operands: Iterable[int]) -> Shape:
        shapes = [self.shapes[operand] for operand in operands]
        return (broadcast_shape(operation, shapes) or ()) if any(shapes) else ()

    def collected_sum(self, collected: Mapping[int, Exact]) -> int:
        if not collected:
            return self.zero
        if len(collected) == 1:
            ((term, coefficient),) = collected.items()
            if coefficient == 1:
                return term
            if term == self.one:
                return self.number(coefficient)
        terms = tuple([(term, simple(coefficient)) for term, coefficient in collected.items()])
        shape = self.shape_of("add", collected) if self.has_arrays else ()
        return self._add(frozenset(terms), SUM, terms, shape)

    def product(self, *positions: int) -> int:
        """The product of forms."""
        coefficient: Exact = 1
        powers: list[tuple[int, Exact]] = []
        for position in positions:
            own, factors = self.factors(position)
            coefficient *= own
            powers += factors
        result = self.product_of(coefficient, powers)
        return self.in_shape_of("mul", result, positions)

    def negative(self, position: int) -> int:
        """The form times -1."""
        kind, part = self.kinds[position], self.parts[position]
        if kind is NUMBER:
            return self.number(-part)
        if kind is SUM:
            ((term, coefficient), *others) = part
            if others:  # -(a - b) -> b - a
                return self.collected_sum({term: -own for term, own in part})
            if coefficient == -1:
                return int(term)
            return self.collected_sum({term: -coefficient})
        return self.collected_sum({position: -1})

    def quotient(self, above: int, below: int) -> int:
        """The quotient of forms."""
        own, factors = self.factors(above)
        other, powers = self.factors(below)
        if other == 0:
            return self.product(above, self.product_of(1, [(below, -1)]))
        coefficient = own if other == 1 else simple(Fraction(own) / other)
        result = self.product_of(coefficient, [*factors, *[(base, -exponent) for base, exponent in powers]])
        return self.in_shape_of("div", result, (above, below))

    def product_of(self, coefficient: Exact, powers: Iterable[tuple[int, Exact]]) -> int:
        """A number times powers: like powers are collected."""
        if coefficient == 0:
            return self.zero
        kinds = self.kinds
        collected: dict[int, Exact] = {}
        has_special = has_functions = False
        for base, exponent in powers:
            kind = kinds[base]
            if kind is SUM and base not in collected and type(exponent) is int:
                other = self.opposite(base)
                if other is not None and other in collected:  # a - b beside b - a
                    base, coefficient = other, -coefficient if exponent % 2 else coefficient
            so_far = collected.get(base)
            if so_far is None:
                collected[base] = exponent
                has_functions |= kind is APPLY
                has_special |= kind is not APPLY and kind is not ATOM
                continue
            together = simple(so_far + exponent)
            for limiting in (so_far, exponent):  # what x/x and sqrt(x)^2 no longer show
                if (limiting < 0 or type(limiting) is not int) and together != limiting:
                    self.cancelled.append((base, limiting))
            if together == 0:
                del collected[base]
            else:
                collected[base] = together
        if has_special:
            coefficient = whole_powers_opened(self, coefficient, collected)
        if has_functions and self.identities.of_products is not None and len(collected) > 1:
            coefficient = self.identities.of_products(self, coefficient, collected)
        return self.collected_product(coefficient, collected)

    def collected_product(self, coefficient: Exact, collected: Mapping[int, Exact]) -> int:
        if not collected:
            return self.number(coefficient)
        factors = tuple(collected.items())
        if len(factors) == 1 and factors[0][1] == 1:
            position = factors[0][0]
        else:
            shape = self.shape_of("mul", collected) if self.has_arrays else ()
            position = self._add((PRODUCT, frozenset(factors)), PRODUCT, factors, shape)
        if coefficient == 1:
            return position
        if self.kinds[position] == SUM:  # -(a - b) -> b - a, (4*a + 6)/2 -> 2*a + 3
            terms = {term: own * coefficient for term, own in self.parts[position]}
            if coefficient == -1 or (type(coefficient) is Fraction and all(t.denominator == 1 for t in terms.values())):
                return self.collected_sum(terms)
        return self.collected_sum({position: coefficient})

    def opposite(self, position: int) -> int | None:
        """The form of the negative of a sum, if there is one."""
        return self.index.get(frozenset((term, -coefficient) for term, coefficient in self.parts[position]))

    def is_positive(self, position: int) -> bool:
        """Whether a form is a positive number, as far as is known without looking further."""
        part = self.parts[position]
        return (self.kinds[position] == NUMBER and part > 0) or isinstance(part, NamedConstant)

    def is_power_of_positive(self, position: int) -> bool:
        return self.is_application(position, "pow") and self.is_positive(self.parts[position].operands[0])

    def in_shape(self, position: int, shape: Shape) -> int:
        """The form, repeated if what made an array of it has been cancelled."""
        if self.shapes[position] == shape:
            return position
        return self.apply(BROADCAST, (position,), (shape,))


Identity = Callable[["Normal", Primitive, tuple[int, ...], Payload | None], int | None]


class Identities(NamedTuple):
    """What is known of functions: each looks at what is built, gives a simpler form or changes what is collected."""

    functions: Mapping[str, Identity]
    of_sums: Callable[[Normal, dict[int, Exact]], None] | None
    of_products: Callable[[Normal, Exact, dict[int, Exact]], Exact] | None
    of_powers: Callable[[Normal, int, int], int | None] | None = None
