"""Derivatives as students make them: node by node, with a wrong rule at one of the nodes, or at all of a kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from itertools import combinations, islice, product
from typing import NamedTuple

from autodiff.check.wrong_rules import WRONG_RULES, WrongRule
from autodiff.check.wrong_rules.pattern import place_of
from autodiff.graph.gradient import add_partial, dependents
from autodiff.graph.nodes import Graph
from autodiff.graph.prune import needed
from autodiff.graph.rules import apply_rule, rule
from autodiff.graph.simplify import add_product, add_sum

MOST_NODES = 400  # of a function whose mistakes are looked for
MOST_SINGLE, MOST_PAIRS = 3000, 600

# What a node's derivative is taken to be, from the derivatives of its operands; None: what it really is.
Choice = Callable[[int, Mapping[int, int]], int | None]


class Attempt(NamedTuple):
    """A derivative with mistakes: the rules that were applied, at which nodes, and the node of the result."""

    rules: tuple[WrongRule, ...]
    nodes: tuple[int, ...]
    result: int


class Applied(NamedTuple):
    """A wrong rule at a node: one of its formulas."""

    rule: WrongRule
    wrong: str
    node: int


class Student:
    """Differentiates the node `output` of a graph by a variable; new nodes are added to the graph."""

    def __init__(self, graph: Graph, output: int, variable: int) -> None:
        self.graph = graph
        self.output = output
        self.variable = variable
        wanted, self.varies = needed(graph, [output]), dependents(graph, [variable])
        self.order = [p for p in range(output + 1) if wanted[p] and self.varies[p] and p != variable]
        if len(self.order) > MOST_NODES or not all(graph.nodes[p].primitive.entrywise for p in self.order):
            self.order = []
        self.places = {p: place for p in self.order if (place := place_of(graph, p, self.varies)) is not None}
        self.edges: dict[int, list[tuple[int, int]]] = {}
        self.right: dict[int, int] = {}

    def constant(self, node: int) -> float:
        """The number that a node of a constant is."""
        return float(self.graph.number(node) or 0)

    def derivatives(self) -> dict[int, int]:
        """The right derivative of each node that varies."""
        if not self.right:
            for position in self.order:
                operands = self.graph.nodes[position].operands
                self.edges[position] = [
                    (operand, add_partial(self.graph, position, index, textbook=True))
                    for index, operand in enumerate(operands)
                    if self.varies[operand]
                ]
            self.right = self.differentiated(lambda position, slopes: None)
        return self.right

    def differentiated(self, choose: Choice) -> dict[int, int]:
        """The derivative of each node."""
        graph = self.graph
        slopes = {self.variable: graph.constant(1)}
        for position in self.order:
            chosen = choose(position, slopes)
            if chosen is not None:
                slopes[position] = chosen
            elif self.right and all(slopes[operand] == self.right[operand] for operand, _ in self.edges[position]):
                slopes[position] = self.right[position]
            else:
                shares = [add_product(graph, slopes[operand], partial) for operand, partial in self.edges[position]]
                slopes[position] = reduce(lambda so_far, share: add_sum(graph, so_far, share), shares)
        return slopes

    def applied(self) -> Iterator[Applied]:
        """Every wrong rule at every node where it can be applied, in the order of the table."""
        for wrong_rule in WRONG_RULES:
            for position, place in self.places.items():
                if wrong_rule.pattern != place.pattern:
                    continue
                if wrong_rule.inner and place.names["u"] == self.variable:
                    continue
                if wrong_rule.functions and place.function not in wrong_rule.functions:
                    continue
                for wrong in wrong_rule.wrong:
                    yield Applied(wrong_rule, wrong, position)

    def wrong_slope(self, applied: Applied, slopes: Mapping[int, int]) -> int:
        """What the rule gives for the derivative of its node."""
        place = self.places[applied.node]
        names = {**place.names, "x": self.variable, "y": applied.node}
        for name in ("u", "v"):
            if name in names:
                names[f"d{name}"] = slopes.get(names[name], self.variable)
        for node in rule(applied.wrong).graph.nodes:
            if node.label is not None and node.label not in names:
                names[node.label] = self.named(node.label, applied.node, place.place, names)
        return apply_rule(applied.wrong, self.graph, names)

    def named(self, name: str, position: int, index: int, names: Mapping[str, int]) -> int:
        """The slope of a function at its operand, at x or at the derivative of its operand; its value there."""
        primitive, operands, _, _ = self.graph.nodes[position]
        inside = {"slope": "u", "slope_x": "x", "slope_du": "du", "y_du": "du"}[name]
        moved = (*operands[:index], names[inside], *operands[index + 1 :])
        value = self.graph.add(primitive, moved)
        if name == "y_du":
            return value
        given = dict(zip(primitive.operand_names(len(moved)), moved, strict=True), y=value)
        return apply_rule(primitive.written_partial(index, len(moved)), self.graph, given)

    def single(self) -> list[list[Applied]]:
        """One mistake at one node first, then the same one at all nodes where it can be made."""
        singles = list(islice(self.applied(), MOST_SINGLE))
        kinds: dict[tuple[str, str], list[Applied]] = {}
        by_rule: dict[str, dict[int, Applied]] = {}
        for applied in singles:
            kinds.setdefault((applied.rule.id, applied.wrong), []).append(applied)
            by_rule.setdefault(applied.rule.id, {}).setdefault(applied.node, applied)
        everywhere = [several for several in kinds.values() if len(several) > 1]
        everywhere += [
            list(different.values())
            for different in by_rule.values()
            if len({applied.wrong for applied in different.values()}) > 1
        ]
        return [*([applied] for applied in singles), *everywhere]

    def pairs(self) -> list[list[Applied]]:
        """Two mistakes at two nodes, or one at all nodes where it can be made and another at one node."""
        singles = list(self.applied())
        pairs = ([first, second] for first, second in combinations(singles, 2) if first.node != second.node)
        everywhere = [several for several in self.single() if len(several) > 1]
        more = (
            [*several, one]
            for several, one in product(everywhere, singles)
            if all(one.node != other.node for other in several)
        )
        return [*islice(pairs, MOST_PAIRS), *islice(more, MOST_PAIRS)]

    def attempt(self, several: list[Applied]) -> Attempt:
        """The derivative with these mistakes."""
        self.derivatives()
        chosen = {applied.node: applied for applied in several}

        def choose(position: int, slopes: Mapping[int, int]) -> int | None:
            return self.wrong_slope(chosen[position], slopes) if position in chosen else None

        result = self.differentiated(choose)[self.output]
        rules = tuple(dict.fromkeys(applied.rule for applied in several))
        return Attempt(rules, tuple(chosen), result)
