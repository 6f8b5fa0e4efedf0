"""Whether a formula is 0 for a reason of algebra: the proof that two formulas are equal.

A form is written as a polynomial in generators, operands first. What vanishes as a polynomial vanishes wherever all
parts of the formula have real values; what doesn't may vanish all the same. Nothing is evaluated, and nothing guessed.
"""

from __future__ import annotations

from autodiff.graph.nodes import NamedConstant
from autodiff.symbolic.elementary import FUNCTIONS, Elementary, area_exponential
from autodiff.symbolic.forms import ATOM, NUMBER, PRODUCT, SUM, Application
from autodiff.symbolic.normal import Normal
from autodiff.symbolic.polynomials import Finer, Generator, Polynomial, Undecided

MOST_TERMS = 2000
MOST_FORMS = 2000
ROUNDS = 3
UNITS, MOST_UNITS = 12, 1 << 20
PI, TAU = ("pi", "π"), ("tau", "τ")
# Functions that have values where one of their operands, beyond the first, has none.
WITHOUT_SOME_OPERANDS = ("where", "piecewise", "and", "or", "xlogy")


def vanishes(normal: Normal, form: int, *, most: int = MOST_TERMS) -> bool:
    """Whether a form is 0 wherever all that it is made of has a real value. False: that isn't proved.

    Polynomials of more than `most` terms are given up.
    """
    return form == normal.zero or differ_by_zero(normal, form, normal.zero, most)


def equal_forms(normal: Normal, one: int, other: int, *, most: int = MOST_TERMS) -> bool:
    """Whether two forms are equal wherever all that they are made of has a real value. False: that isn't proved."""
    return one == other or differ_by_zero(normal, one, other, most)


def differ_by_zero(normal: Normal, one: int, other: int, most: int) -> bool:
    forms, is_needed = forms_of(normal, one, other)
    if not forms:
        return False
    units = UNITS
    while units <= MOST_UNITS:
        try:
            return Reading(normal, units, most).is_difference_zero(forms, is_needed, one, other)
        except Finer as finer:
            units *= finer.factor
        except Undecided:
            return False
    return False


def forms_of(normal: Normal, *results: int) -> tuple[list[int], set[int]]:
    """The forms that results are made of, operands first, and those that have values wherever the results have.

    There are no forms if there are too many, or arrays among them.
    """
    needed: set[int] = set()
    found: set[int] = set()
    waiting = [(result, True) for result in results]
    while waiting:
        form, is_needed = waiting.pop()
        if form in needed or (form in found and not is_needed):
            continue
        if normal.shapes[form] != () or len(found) > MOST_FORMS:
            return [], set()
        found.add(form)
        if is_needed:
            needed.add(form)
        kind, part = normal.kinds[form], normal.parts[form]
        if kind in (SUM, PRODUCT):
            if len(part) > MOST_FORMS:
                return [], set()
            waiting += [(inner, is_needed) for inner, _ in part]
        elif isinstance(part, Application):
            decides = part.primitive.name in WITHOUT_SOME_OPERANDS
            waiting += [(inner, is_needed and not (decides and at)) for at, inner in enumerate(part.operands)]
    return sorted(found), needed


class Reading:
    """Forms as polynomials."""

    def __init__(self, normal: Normal, units: int, most: int) -> None:
        self.normal = normal
        self.elementary = Elementary(units, most)
        self.of, self.radicals = self.elementary.of, self.elementary.radicals
        self.known: dict[int, Polynomial] = {}

    def is_difference_zero(self, forms: list[int], needed: set[int], one: int, other: int) -> bool:
        """Reads the forms again if the first time was not enough.

        Then operands are compared with more effort, and what is known of signs is used: where sqrt(x) has a value, x is
        not negative.
        """
        facts = -1
        for _ in range(ROUNDS):
            for form in forms:
                self.known[form] = self.polynomial(form)
            if self.elementary.are_equal(self.known[one], self.known[other]):
                return True
            for form in forms:
                if form in needed:
                    self.learn(form)
            if self.radicals.facts() == facts and not self.radicals.has_roots_of_functions:
                return False
            facts = self.radicals.facts()
            self.radicals.take_more_effort()
        return False

    def polynomial(self, form: int) -> Polynomial:
        kind, part = self.normal.kinds[form], self.normal.parts[form]
        if kind == NUMBER:
            return {0: part} if part else {}
        if kind == ATOM:
            return self.atom(part)
        if kind == SUM:
            return self.of.sum([(self.known[term], coefficient) for term, coefficient in part])
        if kind == PRODUCT:
            result: Polynomial = {0: 1}
            for base, exponent in part:
                inside = self.known[base]
                power = inside if exponent == 1 and len(inside) == 1 else self.radicals.power(inside, exponent)
                result = self.of.product(result, power) if len(part) > 1 else power
            return result
        operands = [self.known[operand] for operand in part.operands]
        function = FUNCTIONS.get(part.primitive.name)
        found = function(self.elementary, *operands) if function is not None else None
        return found if found is not None else self.elementary.opaque(part.primitive.name, operands, part.payload)

    def learn(self, form: int) -> None:
        """What follows for the signs of its parts where a form has a value."""
        kind, part = self.normal.kinds[form], self.normal.parts[form]
        if kind == PRODUCT:
            for base, exponent in part:
                if exponent.denominator != 1:
                    self.radicals.learn_positive(self.known[base], may_be_zero=exponent > 0)
                elif exponent < 0:
                    self.radicals.learn_nonzero(self.known[base])
        elif self.normal.is_application(form, "log", "log2", "log10"):
            self.radicals.learn_positive(self.known[part.operands[0]])
        elif self.normal.is_application(form, "asinh", "acosh"):
            number = 1 if part.primitive.name == "asinh" else -1
            self.radicals.learn_positive(area_exponential(self.elementary, self.known[part.operands[0]], number))

    def atom(self, content: object) -> Polynomial:
        if isinstance(content, str):
            return {self.of.monomial(self.of.generator(("variable", content), Generator())): 1}
        if isinstance(content, NamedConstant):
            if content.name == "e":
                return self.elementary.exponentials.exponential({0: 1})
            if content.name in PI:
                return {self.elementary.exponentials.pi: 1}
            if content.name in TAU:
                return {self.elementary.exponentials.pi: 2}
        raise Undecided  # infinity, or no number
