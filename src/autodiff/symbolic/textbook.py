"""The rule of differentiation that a person would apply to a node, by its textbook name.

Names and grouping are chosen here. The formula of a rule is no second list of derivatives: it is what the chain rule
makes of the rows of the table where letters stand for the parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, count
from typing import NamedTuple

from autodiff.graph.gradient import dependents
from autodiff.graph.nodes import Graph, NamedConstant
from autodiff.graph.primitive import VARIABLE
from autodiff.graph.table import OPERATORS, PRIMITIVES, WRITTEN

ADD, SUB, MUL, DIV, NEG, POW = (PRIMITIVES[name] for name in ("add", "sub", "mul", "div", "neg", "pow"))
STRONG_PRODUCT, IDENTITY, WHERE = PRIMITIVES["strong_product"], PRIMITIVES["identity"], PRIMITIVES["where"]
EXPONENTIALS = tuple(PRIMITIVES[name] for name in ("exp", "exp2"))
CHOICES = (PRIMITIVES["min"], PRIMITIVES["max"])
SUMS, PRODUCTS = (ADD, SUB), (MUL, STRONG_PRODUCT)
MOST_TERMS, MOST_FACTORS, MOST_BRANCHES = 100, 4, 4  # that one rule takes at once
MOST_IN_CONDITION = 12  # nodes of one that is written out

# What an operand is in a rule: a function of x, a constant, an exponent, a base, a condition, x itself, or written out.
FUNCTION, GIVEN, EXPONENT, BASE, CONDITION = "uvwpqrst", "cabkm", "nmkab", "abck", "cdhkm"
ITSELF, LITERAL = "", "literal"

TITLES = {
    "constant": "constant rule",
    "identity": "identity rule",
    "name": "another name",
    "constant-multiple": "constant multiple rule",
    "sum": "sum rule",
    "difference": "difference rule",
    "product": "product rule",
    "quotient": "quotient rule",
    "reciprocal": "reciprocal rule",
    "power": "power rule",
    "chain-power": "power rule and chain rule",
    "exponential": "exponential rule",
    "chain-exponential": "exponential rule and chain rule",
    "logarithmic-differentiation": "logarithmic differentiation",
    "function": "derivative of {}",
    "chain": "chain rule",
    "chain-several": "chain rule for several inner functions",
    "branches": "branch by branch",
    "step": "constant between jumps",
    "array": "rule of {} for arrays",
}


class Slot(NamedTuple):
    """An operand that a letter stands for: of which node, the how manieth, and as what."""

    parent: int
    place: int
    role: str


class Pattern(NamedTuple):
    """A rule by its name, and the nodes that it takes at once, operands first, with their operands in reading order."""

    rule: str
    nodes: list[int]
    slots: list[Slot]


class Textbook:
    """What is constant in a graph when the node `wrt` varies, and which rule comes next at a node."""

    def __init__(self, graph: Graph, wrt: int | None) -> None:
        self.graph = graph
        self.wrt = wrt
        self.varies = dependents(graph, [] if wrt is None else [wrt])
        self.labels = {at: str(node.label) for at, node in enumerate(graph.nodes) if node.label is not None}
        self.names = set(self.labels.values())

    def pattern(self, position: int) -> Pattern:
        graph = self.graph
        primitive, operands, _, _ = graph.nodes[position]
        varying = [index for index, operand in enumerate(operands) if self.varies[operand]]
        if position == self.wrt:
            return Pattern("identity", [], [])
        if not self.varies[position]:
            return Pattern("constant", [], [])
        if primitive.array is not None or any(graph.shapes[operands[index]] != () for index in varying):
            return Pattern("array", [position], [])
        if primitive is IDENTITY:
            return Pattern("name", [position], [Slot(position, 0, FUNCTION)])
        if primitive in SUMS:
            return self.sum(position)
        if primitive is NEG:
            return Pattern("constant-multiple", [position], [self.inner(position, 0)])
        if primitive in PRODUCTS:
            return self.product(position) if len(varying) == 2 else self.multiple(position, varying[0])
        if primitive is DIV:
            return self.quotient(position, varying)
        if primitive is POW:
            return self.power(position, varying)
        if primitive is WHERE:
            return self.choice(position)
        if primitive in EXPONENTIALS:
            return Pattern(self.with_chain("exponential", position, 0), [position], [self.inner(position, 0)])
        return self.function(position, varying)

    def inner(self, position: int, index: int) -> Slot:
        """The one operand that varies: the variable stays itself, all else is a function of it."""
        is_itself = self.graph.nodes[position].operands[index] == self.wrt
        return Slot(position, index, ITSELF if is_itself else FUNCTION)

    def constant(self, position: int, place: int, role: str) -> Slot:
        """What does not vary gets a letter unless it is one."""
        operand = self.graph.nodes[position].operands[place]
        return Slot(position, place, LITERAL if self.graph.nodes[operand].primitive is VARIABLE else role)

    def with_chain(self, rule: str, position: int, index: int) -> str:
        return rule if self.inner(position, index).role == ITSELF else f"chain-{rule}"

    def left_operands(self, position: int, most: int, joins: Iterable[object]) -> list[int]:
        """The node, its left operand if it is one of `joins`, too, and so on; the innermost first."""
        nodes = [position]
        while len(nodes) < most - 1:
            left = self.graph.nodes[nodes[-1]].operands[0]
            node = self.graph.nodes[left]
            if node.primitive not in joins or node.label is not None or not self.varies[left]:
                break
            nodes.append(left)
        return nodes[::-1]

    def sum(self, position: int) -> Pattern:
        nodes = self.left_operands(position, MOST_TERMS, SUMS)
        slots = [Slot(nodes[0], 0, FUNCTION), *(Slot(node, 1, FUNCTION) for node in nodes)]
        is_difference = len(nodes) == 1 and self.graph.nodes[position].primitive is SUB
        return Pattern("difference" if is_difference else "sum", nodes, slots)

    def product(self, position: int) -> Pattern:
        """A product of factors that all vary."""
        nodes = self.left_operands(position, MOST_FACTORS, PRODUCTS)
        for index in range(len(nodes) - 1, -1, -1):
            if not all(self.varies[operand] for operand in self.graph.nodes[nodes[index]].operands):
                nodes = nodes[index + 1 :]
                break
        slots = [Slot(nodes[0], 0, FUNCTION), *(Slot(node, 1, FUNCTION) for node in nodes)]
        return Pattern("product", nodes, slots)

    def multiple(self, position: int, varying: int) -> Pattern:
        constant = self.constant(position, 1 - varying, GIVEN)
        return Pattern("constant-multiple", [position], [constant, self.inner(position, varying)])

    def quotient(self, position: int, varying: list[int]) -> Pattern:
        if varying == [0]:
            return self.multiple(position, 0)
        if varying == [1]:
            is_one = self.graph.number(self.graph.nodes[position].operands[0]) == 1
            above = self.constant(position, 0, LITERAL if is_one else GIVEN)
            return Pattern("reciprocal", [position], [above, self.inner(position, 1)])
        return Pattern("quotient", [position], [Slot(position, 0, FUNCTION), Slot(position, 1, FUNCTION)])

    def power(self, position: int, varying: list[int]) -> Pattern:
        if varying == [0]:
            slots = [self.inner(position, 0), self.constant(position, 1, EXPONENT)]
            return Pattern(self.with_chain("power", position, 0), [position], slots)
        if varying == [1]:
            base = self.graph.number(self.graph.nodes[position].operands[0])
            is_euler = isinstance(base, NamedConstant) and base.name == "e"
            slots = [self.constant(position, 0, LITERAL if is_euler else BASE), self.inner(position, 1)]
            return Pattern(self.with_chain("exponential", position, 1), [position], slots)
        slots = [Slot(position, 0, FUNCTION), Slot(position, 1, FUNCTION)]
        return Pattern("logarithmic-differentiation", [position], slots)

    def choice(self, position: int) -> Pattern:
        nodes, slots = [position], []
        while True:
            last = nodes[-1]
            slots += [self.condition(last), self.branch(last, 1)]
            other = self.graph.nodes[last].operands[2]
            node = self.graph.nodes[other]
            goes_on = node.primitive is WHERE and node.label is None and self.varies[other]
            if not goes_on or len(nodes) == MOST_BRANCHES:
                slots.append(self.branch(last, 2))
                return Pattern("branches", nodes[::-1], slots)
            nodes.append(other)

    def condition(self, position: int) -> Slot:
        """A short condition is written out."""
        condition = self.graph.nodes[position].operands[0]
        wanted, pending = {condition}, [condition]
        while pending and len(wanted) <= MOST_IN_CONDITION:
            node = self.graph.nodes[pending.pop()]
            pending += [operand for operand in node.operands if operand not in wanted]
            wanted.update(node.operands)
        return Slot(position, 0, CONDITION if pending else LITERAL)

    def branch(self, position: int, index: int) -> Slot:
        number = self.graph.number(self.graph.nodes[position].operands[index])
        return Slot(position, index, FUNCTION if number is None or number == number else LITERAL)

    def function(self, position: int, varying: list[int]) -> Pattern:
        """A function of the table: its own derivative at x, or the chain rule."""
        operands = self.graph.nodes[position].operands
        slots = []
        for index, operand in enumerate(operands):
            if index in varying:
                slots.append(self.inner(position, index) if len(varying) == 1 else Slot(position, index, FUNCTION))
            else:
                slots.append(self.constant(position, index, GIVEN if self.graph.number(operand) is None else LITERAL))
        if self.graph.nodes[position].primitive in CHOICES:
            rule = "branches"
        elif len(varying) > 1:
            rule = "chain-several"
        else:
            rule = "function" if operands[varying[0]] == self.wrt else "chain"
        return Pattern(rule, [position], slots)

    def letters(self, slots: Iterable[Slot]) -> list[str]:
        """A letter for each slot that needs one, none of which begins a name of the formula; empty for the others."""
        taken = {name[0] for name in self.names}
        chosen: list[str] = []
        for slot in slots:
            if slot.role in (ITSELF, LITERAL):
                chosen.append("")
                continue
            letter = next(name for name in candidates(slot.role) if name not in taken and name not in self.names)
            taken.add(letter)
            chosen.append(letter)
        return chosen

    def title(self, pattern: Pattern) -> str:
        title = TITLES[pattern.rule]
        if pattern.rule == "sum" and any(self.graph.nodes[node].primitive is SUB for node in pattern.nodes):
            return "sum and difference rule"
        if not pattern.nodes:
            return title
        primitive = self.graph.nodes[pattern.nodes[-1]].primitive
        if primitive.internal and pattern.rule == "function":
            return "derivative of a known function"
        name = primitive.doc if primitive.name in OPERATORS else primitive.name
        return title.format(WRITTEN.get(name, name))


def candidates(role: str) -> Iterator[str]:
    """
    >>> from itertools import islice
    >>> "".join(islice(candidates(GIVEN), 4)), list(islice(candidates(GIVEN), 5, 7))
    ('cabk', ['c1', 'c2'])
    """
    return chain(role, (f"{role[0]}{number}" for number in count(1)))
