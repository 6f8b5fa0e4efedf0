"""A rule with its formula, as `(u*v)' = u'*v + u*v'`, and what its letters stand for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from autodiff.graph.nodes import Graph
from autodiff.graph.rules import apply_rule
from autodiff.graph.table import PRIMITIVES
from autodiff.symbolic.derivative import Derivation
from autodiff.symbolic.formula import PRIME, Formula, copied_as_written
from autodiff.symbolic.powers import power
from autodiff.symbolic.shortening import Shortener
from autodiff.symbolic.textbook import FUNCTION, GIVEN, ITSELF, LITERAL, Pattern, Slot, Textbook

ADD, MUL, DIV, NEG, POW = (PRIMITIVES[name] for name in ("add", "mul", "div", "neg", "pow"))
AND, LOG, NE, WHERE = (PRIMITIVES[name] for name in ("and", "log", "ne", "where"))
MOST_LETTERS = 6  # that a formula is shown with
# What the rows would give as two choices: a person has one, and the tie in it.
CHOICES = {"max": "where(a > b, p, where(b > a, q, (p + q)/2))", "min": "where(a < b, p, where(b < a, q, (p + q)/2))"}


class Part(NamedTuple):
    """A letter and the node that it stands for; whether its derivative is needed."""

    letter: str
    node: int
    is_differentiated: bool


class Rule(NamedTuple):
    """What comes next at a node.

    `name` is stable, `title` for people. `left` is what is differentiated, in the letters of `parts`; `right` its
    derivative, in which `u'` is that of `u`. Both are None where the rule has no formula in letters: an array's. `kink`
    is the condition under which there is no derivative.
    """

    name: str
    title: str
    parts: list[Part]
    left: Formula | None
    right: Formula | None
    kink: Formula | None = None

    @property
    def has_many_parts(self) -> bool:
        """Whether it is a sum with more terms than a formula should have letters."""
        return self.name == "sum" and len(self.parts) > MOST_LETTERS

    @property
    def has_inner_functions(self) -> bool:
        """Whether it is the chain rule, and what is differentiated of its parts are inner functions."""
        return self.name.startswith("chain")

    def shown(self) -> tuple[Formula, Formula] | None:
        """Both sides, if they say something; those of two terms stand for many."""
        if self.left is None or self.right is None or self.name == "name":
            return None
        if self.has_many_parts:
            return two_terms(self.parts[0].letter, self.parts[1].letter)
        return self.left, self.right


def two_terms(first: str, second: str) -> tuple[Formula, Formula]:
    graph = Graph()
    left, right = (
        graph.add(ADD, (graph.variable(first + mark), graph.variable(second + mark))) for mark in ("", PRIME)
    )
    return Formula(graph, left), Formula(graph, right)


def rule_at(book: Textbook, position: int, name: str) -> Rule:
    """The rule for a node; `name` is that of what it is differentiated by."""
    pattern = book.pattern(position)
    title = book.title(pattern)
    graph = Graph()
    if pattern.rule == "constant":
        (letter,) = book.letters([Slot(position, 0, GIVEN)])
        constant = Formula(graph, graph.variable(letter)), Formula(graph, graph.constant(0))
        return Rule(pattern.rule, title, [Part(letter, position, False)], *constant)
    if pattern.rule == "identity":
        return Rule(pattern.rule, title, [], Formula(graph, graph.variable(name)), Formula(graph, graph.constant(1)))
    if pattern.rule == "array":
        return Rule(pattern.rule, title, [], None, None)
    template = Template(book, pattern, name)
    right = template.derivative()
    if right.graph.number(right.node) == 0:
        step = Pattern("step", pattern.nodes, pattern.slots)
        parts = [part._replace(is_differentiated=False) for part in template.parts]
        return Rule(step.rule, book.title(step), parts, template.left, right, template.kink())
    return Rule(pattern.rule, title, template.parts, template.left, right, template.kink())


class Template:
    """A pattern with letters in the place of its parts: a small graph of its own."""

    def __init__(self, book: Textbook, pattern: Pattern, name: str) -> None:
        self.pattern = pattern
        self.name = name
        self.graph = graph = Graph()
        self.parts: list[Part] = []
        self.wrt: dict[str, int] = {}
        at: dict[tuple[int, int], int] = {}
        for slot, letter in zip(pattern.slots, book.letters(pattern.slots), strict=True):
            operand = book.graph.nodes[slot.parent].operands[slot.place]
            if slot.role == LITERAL:
                at[slot.parent, slot.place] = copied_as_written(book.graph, operand, graph, {}, book.labels)
                continue
            at[slot.parent, slot.place] = atom = graph.variable(name if slot.role == ITSELF else letter)
            if slot.role in (ITSELF, FUNCTION):
                self.wrt[name if slot.role == ITSELF else letter] = atom
            if slot.role != ITSELF:
                self.parts.append(Part(letter, operand, slot.role == FUNCTION))
        inner: dict[int, int] = {}
        for node in pattern.nodes:
            primitive, operands, _, _ = book.graph.nodes[node]
            given = [at[node, index] if (node, index) in at else inner[o] for index, o in enumerate(operands)]
            inner[node] = graph.add(primitive, tuple(given))
        self.output = inner[pattern.nodes[-1]]
        self.left = Formula(graph, self.output)

    def derivative(self) -> Formula:
        """What the rows of the table make of it, with primed letters for the derivatives of its parts."""
        primitive = self.graph.nodes[self.output].primitive
        if primitive is WHERE:
            return self.branch_by_branch()
        if primitive.name in CHOICES and len(self.wrt) == len(self.graph.nodes[self.output].operands) == 2:
            return self.choice(CHOICES[primitive.name])
        derivation = Derivation(self.graph, self.output)
        forms = derivation.first(self.wrt)
        if len(forms) > 1:
            return self.several(derivation, forms)
        ((letter, form),) = forms.items()
        written = derivation.written({letter: form}, False)
        graph, slope = written.graph, written.slopes[letter]
        if letter == self.name or graph.number(slope) == 0:
            return Formula(graph, slope)
        if graph.nodes[slope].primitive is WHERE:
            return self.several(derivation, forms)
        return Formula(graph, times_prime(graph, slope, graph.variable(letter + PRIME)))

    def several(self, derivation: Derivation, forms: Mapping[str, int]) -> Formula:
        """The sum over the parts: the chain rule for several operands."""
        normal = derivation.normal
        below = normal.one
        if self.pattern.rule == "quotient":  # u'/v - u*v'/v^2, over one bar
            below = power(normal, normal.atom(self.parts[1].letter), 2)
        shares = [(normal.product(normal.atom(letter + PRIME), form, below), 1) for letter, form in forms.items()]
        form = normal.product(normal.sum_of(shares), power(normal, below, -1))
        if self.pattern.rule not in ("sum", "difference", "product", "quotient"):
            (form,) = Shortener(normal, 0).shortened([form])
        written = derivation.written({self.name: form}, False)
        return Formula(written.graph, written.slopes[self.name])

    def branch_by_branch(self) -> Formula:
        """A choice with the derivatives of its branches: the row says so of each one in the other."""
        graph = self.graph.copy()
        at: dict[int, int] = {}
        for position, (primitive, operands, _, _) in enumerate(self.graph.nodes):
            if primitive is WHERE:
                at[position] = graph.add(WHERE, (operands[0], *(at[operand] for operand in operands[1:])))
            elif position in self.wrt.values():
                at[position] = graph.variable(f"{self.graph.nodes[position].label}{PRIME}")
            else:
                at[position] = graph.constant(0)
        return Formula(graph, at[self.output])

    def choice(self, text: str) -> Formula:
        graph = self.graph.copy()
        names: dict[str, int] = {}
        for operand, prime, part in zip("ab", "pq", self.parts, strict=True):
            names[operand] = graph.variable(part.letter)
            names[prime] = graph.variable(part.letter + PRIME)
        return Formula(graph, apply_rule(text, graph, names))

    def kink(self) -> Formula | None:
        """The condition under which it has no derivative, where the row has a short one."""
        primitive, operands, _, _ = self.graph.nodes[self.output]
        if not isinstance(primitive.kinks, str) or not primitive.kinks or "ties" in primitive.kinks:
            return None
        graph = self.graph.copy()
        names = dict(zip(primitive.operands, operands, strict=True), y=self.output)
        return condition_left(graph, apply_rule(primitive.kinks, graph, names))


def condition_left(graph: Graph, condition: int) -> Formula | None:
    """A condition without a second one on numbers alone, which the number of a call decides: `slope != 1`."""
    primitive, operands, _, _ = graph.nodes[condition]
    if primitive is AND:
        first, second = operands
        numbers = [graph.number(operand) for operand in graph.nodes[second].operands]
        if graph.nodes[second].primitive is NE and None not in numbers:
            return Formula(graph, first) if numbers[0] != numbers[1] else None
    return Formula(graph, condition)


def times_prime(graph: Graph, slope: int, prime: int) -> int:
    """cos(u)*u', -u', u'/(2*sqrt(u))"""
    if graph.number(slope) == 1:
        return prime
    primitive, operands, _, _ = graph.nodes[slope]
    if primitive is NEG and graph.number(operands[0]) == 1:
        return graph.add(NEG, (prime,))
    if primitive is DIV:
        return graph.add(DIV, (times_prime(graph, operands[0], prime), operands[1]))
    return graph.add(MUL, (slope, prime))


def logarithm_of_power(rule: Rule) -> tuple[Formula, Formula] | None:
    """u^v and v*log(u), of logarithmic differentiation: (u^v)' = u^v*(v*log(u))'."""
    if rule.name != "logarithmic-differentiation":
        return None
    graph = Graph()
    base, exponent = (graph.variable(part.letter) for part in rule.parts)
    product = graph.add(MUL, (exponent, graph.add(LOG, (base,))))
    return Formula(graph, graph.add(POW, (base, exponent))), Formula(graph, product)


def put_in(rule: Rule, graph: Graph, derivatives: Mapping[int, Formula], names: Mapping[int, str]) -> Formula | None:
    """The right side with the parts, and their `derivatives`, in the place of the letters; nothing is simplified.

    `names` are of nodes of the graph that are not written out.
    """
    if rule.right is None or any(part.is_differentiated and part.node not in derivatives for part in rule.parts):
        return None
    extended = graph.copy()
    given = {name: node for node, name in names.items()}
    for part in rule.parts:
        given[part.letter] = part.node
        if part.is_differentiated:
            slope = derivatives[part.node]
            given[part.letter + PRIME] = copied_as_written(slope.graph, slope.node, extended, {})
    return Formula(extended, copied_as_written(rule.right.graph, rule.right.node, extended, given), names)
