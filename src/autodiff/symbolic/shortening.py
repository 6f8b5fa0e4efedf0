"""The shortest of equal forms: common factors, common denominators, products written out. What the user typed stays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from math import gcd, lcm
from typing import NamedTuple

from autodiff.symbolic.cost import Costs
from autodiff.symbolic.exact import Exact, simple
from autodiff.symbolic.forms import APPLY, ATOM, NUMBER, PRODUCT, SUM, Weighted
from autodiff.symbolic.normal import Normal
from autodiff.symbolic.parts import parts_needed
from autodiff.symbolic.powers import POW, power, power_of_form

MOST_PASSES = 8
MOST_TRIED = 150  # factors that are put together in other ways, for each form that there was
MOST_TERMS = 24  # that a product is written out to
MOST_FACTORED = 200  # terms that are searched for common factors


class Candidate(NamedTuple):
    """Another form of a sum, and how many operations it must save to be preferred."""

    form: int
    saving: int


class Shortener:
    """Makes forms shorter. Those before `kept` are what the user typed."""

    def __init__(self, normal: Normal, kept: int) -> None:
        self.normal = normal
        self.kept = kept
        self.effort = 0
        self.costs = Costs(normal)
        self.shorter: dict[int, int] = {}

    def shortened(self, results: list[int]) -> list[int]:
        self.effort = MOST_TRIED * sum(parts_needed(self.normal, results))
        for _ in range(MOST_PASSES):
            again = self.one_pass(results)
            if again == results:
                break
            results = again
        return results

    def one_pass(self, results: list[int]) -> list[int]:
        normal = self.normal
        last = max(results, default=0)
        wanted = parts_needed(normal, results)
        at: dict[int, int] = {}
        for position in range(self.kept, last + 1):
            if wanted[position]:
                shortest = self.shortest(self.rebuilt(position, at) if at else position)
                if shortest != position:
                    at[position] = shortest
        return [at.get(result, result) for result in results]

    def rebuilt(self, position: int, at: dict[int, int]) -> int:
        """The form of parts of which those in `at` have become others."""
        normal = self.normal
        kind, part = normal.kinds[position], normal.parts[position]
        if kind == APPLY:
            operands = tuple(at.get(operand, operand) for operand in part.operands)
            if operands == part.operands:
                return position
            if part.primitive is POW:
                return power_of_form(normal, *operands)
            return normal.apply(part.primitive, operands, part.payload)
        if kind == PRODUCT:
            return self.rebuilt_product(position, part, at)
        if kind == SUM:
            terms = [
                (self.rebuilt_product(term, normal.parts[term], at), coefficient)
                if normal.kinds[term] == PRODUCT
                else (at.get(term, term), coefficient)
                for term, coefficient in part
            ]
            if any(new != old for (new, _), (old, _) in zip(terms, part, strict=True)):
                summands = [(normal.product(form, normal.number(coefficient)), 1) for form, coefficient in terms]
                return normal.in_shape(normal.sum_of(summands), normal.shapes[position])
        return position

    def rebuilt_product(self, position: int, factors: Weighted, at: dict[int, int]) -> int:
        normal = self.normal
        powers = [(at.get(base, base), exponent) for base, exponent in factors]
        if all(new == old for new, old in zip(powers, factors, strict=True)):
            return position
        product = normal.product(*(power(normal, base, exponent) for base, exponent in powers))
        return normal.in_shape(product, normal.shapes[position])

    def shortest(self, position: int) -> int:
        known = self.shorter.get(position)
        if known is not None:
            return known
        self.shorter[position] = best = position
        again = True
        while again:
            again = False
            cost, noted = -1, len(self.normal.cancelled)
            for candidate in self.candidates(best):
                if cost < 0:
                    cost = self.costs.of(best)
                saved = cost - self.costs.of(candidate.form)
                fits = self.normal.shapes[candidate.form] == self.normal.shapes[best]
                if saved >= candidate.saving and candidate.form != best and fits:
                    best, cost, noted = candidate.form, cost - saved, len(self.normal.cancelled)
                    again = saved > 0
                else:
                    del self.normal.cancelled[noted:]
        self.shorter[position] = best
        return best

    def candidates(self, position: int) -> Iterator[Candidate]:
        normal = self.normal
        kind, part = normal.kinds[position], normal.parts[position]
        if kind == SUM:
            if 1 < len(part) <= MOST_FACTORED:
                yield from self.written_out_sums(part)
                yield from self.with_common_factor(part)
                yield from self.grouped(part)
            elif len(part) == 1:
                yield from self.reduced_fractions(*normal.factors(position))
        elif kind == PRODUCT:
            yield from self.reduced_fractions(1, part)

    # sums

    def with_common_factor(self, terms: Weighted) -> Iterator[Candidate]:
        """a*b + a*c -> a*(b + c); a/b + c/b^2 -> (a*b + c)/b^2, the form of the quotient rule."""
        normal = self.normal
        powers = [dict(normal.factors(term)[1]) for term, _ in terms]
        counts = Counter(base for factors in powers for base in factors)
        outside: dict[int, Exact] = {}
        denominators: dict[int, Exact] = {}
        for base in counts:
            exponents = [factors.get(base, 0) for factors in powers]
            lowest, highest = min(exponents), max(exponents)
            if lowest > 0 or lowest == highest:
                outside[base] = lowest
            if lowest < 0:
                denominators[base] = lowest
        content = common_content([coefficient for _, coefficient in terms])
        if outside or content != 1:
            wanted = 2 if all(normal.kinds[base] in (ATOM, NUMBER) for base in outside) else 1
            most = (len(terms) - 1) * sum(self.costs.power(*factor) + 1 for factor in outside.items())
            if most + (len(terms) - 1) * (content != 1) >= wanted:
                yield from self.taken_out(terms, outside, content, wanted)
        if any(counts[base] > 1 for base in denominators):
            yield from self.taken_out(terms, {**outside, **denominators}, content, 0)

    def taken_out(self, terms: Weighted, outside: dict[int, Exact], content: Exact, saving: int) -> Iterator[Candidate]:
        normal, noted = self.normal, len(self.normal.cancelled)
        self.effort -= self.size(terms)
        divided = terms
        if content != 1:
            divided = tuple([(term, simple(Fraction(coefficient) / content)) for term, coefficient in terms])
        if not outside:
            rest = normal.sum_of(divided)
        else:
            inverse = [(base, -exponent) for base, exponent in outside.items()]
            rest = normal.sum_of(
                [(normal.product_of(1, (*normal.factors(term)[1], *inverse)), c) for term, c in divided]
            )
        own, factors = normal.factors(rest)
        product = normal.product_of(content * own, (*factors, *outside.items()))
        del normal.cancelled[noted:]  # what was divided by stands outside
        yield Candidate(product, saving)

    def size(self, terms: Weighted) -> int:
        """How much work it is to make a sum of other forms of its terms."""
        normal = self.normal
        return sum([1 + len(normal.parts[term]) if normal.kinds[term] is PRODUCT else 1 for term, _ in terms])

    def grouped(self, terms: Weighted) -> Iterator[Candidate]:
        """a*f + b*f + c -> (a + b)*f + c"""
        if len(terms) < 3:
            return
        normal = self.normal
        counts = Counter(factor for term, _ in terms for factor in normal.factors(term)[1] if self.costs.power(*factor))
        for factor, count in counts.most_common(3):
            if 1 < count < len(terms) and self.effort > 0:
                self.effort -= self.size(terms)
                inside = [(term, c) for term, c in terms if factor in normal.factors(term)[1]]
                others = [(term, c) for term, c in terms if factor not in normal.factors(term)[1]]
                rest = [
                    (normal.product_of(1, [own for own in normal.factors(term)[1] if own != factor]), c)
                    for term, c in inside
                ]
                group = normal.product(self.shortest(normal.sum_of(rest)), normal.product_of(1, [factor]))
                yield Candidate(normal.sum_of([(group, 1), *others]), 1)

    def written_out_sums(self, terms: Weighted) -> Iterator[Candidate]:
        """2*x*(x + 1) + x^2 -> 3*x^2 + 2*x; also where only the sums that the user did not type are multiplied out."""
        for kept in (self.kept, 0):
            if any(self.has_sum(term, kept) for term, _ in terms):
                summands = self.written_out(terms, kept)
                if summands is not None:
                    opened = self.normal.sum_of(summands)
                    yield Candidate(self.shortest(opened) if kept else opened, 1)

    def written_out(self, terms: Weighted, kept: int) -> list[tuple[int, Exact]] | None:
        summands: list[tuple[int, Exact]] = []
        for term, coefficient in terms:
            if not self.has_sum(term, kept):
                summands.append((term, coefficient))
                continue
            opened = self.multiplied_out(self.normal.factors(term)[1], kept)
            if opened is None or len(opened) + len(summands) > MOST_TERMS:
                return None
            summands += [(form, coefficient) for form in opened]
        return summands

    def has_sum(self, term: int, kept: int) -> bool:
        return any(self.is_open(base, exponent, kept) for base, exponent in self.normal.factors(term)[1])

    def is_open(self, base: int, exponent: Exact, kept: int) -> bool:
        """Whether a factor is a sum that can be multiplied out."""
        return self.normal.kinds[base] == SUM and base >= kept and type(exponent) is int and 0 < exponent < 4

    def multiplied_out(self, factors: Weighted, kept: int = 0) -> list[int] | None:
        """The summands of a product of sums, of those from `kept` on; None if there are too many."""
        normal = self.normal
        summands = [normal.one]
        for base, exponent in factors:
            if self.is_open(base, exponent, kept):
                for _ in range(int(exponent)):
                    if len(summands) * len(normal.parts[base]) > MOST_TERMS:
                        return None
                    self.effort -= len(summands) * len(normal.parts[base]) * len(factors)
                    summands = [
                        normal.product(summand, normal.number(coefficient), term)
                        for summand in summands
                        for term, coefficient in normal.parts[base]
                    ]
            else:
                factor = power(normal, base, exponent)
                self.effort -= len(summands)
                summands = [normal.product(summand, factor) for summand in summands]
        return summands

    # products

    def reduced_fractions(self, coefficient: Exact, factors: Weighted) -> Iterator[Candidate]:
        """(4*a + 2)/(2*b) -> (2*a + 1)/b; what is shorter when it is multiplied out."""
        normal = self.normal
        for base, exponent in factors:
            if normal.kinds[base] != SUM:
                continue
            if coefficient < 0 and exponent.denominator == 1 and exponent.numerator % 2:  # -(a - b)/c -> (b - a)/c
                flipped = normal.collected_sum({term: -own for term, own in normal.parts[base]})
                others = [factor for factor in factors if factor[0] != base]
                yield Candidate(normal.product_of(-coefficient, [*others, (flipped, exponent)]), 1)
            if exponent not in (1, -1):
                continue
            content = common_content([own for _, own in normal.parts[base]])
            if content != 1:
                # 12*(6*x + 8) -> 24*(3*x + 4), but not where the user typed the sum
                saving = 0 if base >= self.kept and coefficient != 1 else 1
                divided = {term: simple(Fraction(own) / content) for term, own in normal.parts[base]}
                others = [factor for factor in factors if factor[0] != base]
                scaled = simple(Fraction(coefficient) * (content if exponent == 1 else 1 / Fraction(content)))
                others.append((normal.collected_sum(divided), exponent))
                yield Candidate(normal.product_of(scaled, others), saving)
        if any(exponent == 1 and self.cancels(base, coefficient, factors) for base, exponent in factors):
            opened = self.multiplied_out(factors)
            if opened is not None:
                yield Candidate(normal.sum_of([(form, coefficient) for form in opened]), 1)

    def cancels(self, base: int, coefficient: Exact, factors: Weighted) -> bool:
        """Whether a sum may become shorter by its factors: x*(1/x + 1), (2*x + 1)/2."""
        if self.normal.kinds[base] != SUM:
            return False
        if coefficient.denominator != 1:
            return True
        inside = dict(factor for term, _ in self.normal.parts[base] for factor in self.normal.factors(term)[1])
        return any(own * inside.get(factor, 0) < 0 for factor, own in factors)


def common_content(numbers: list[Exact]) -> Exact:
    """The largest number that divides all with whole results; negative if all are.

    >>> common_content([4, 6]), common_content([-Fraction(1, 2), -Fraction(3, 4)])
    (2, Fraction(-1, 4))
    """
    content = Fraction(gcd(*(n.numerator for n in numbers)), lcm(*(n.denominator for n in numbers)))
    return simple(-content if all(number < 0 for number in numbers) else content)
