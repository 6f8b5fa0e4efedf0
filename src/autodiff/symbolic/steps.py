"""The derivation of a derivative: at each node the rule, the parts put into it, and the result."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from autodiff.graph.compiler import Compiled
from autodiff.graph.nodes import Graph
from autodiff.graph.primitive import VARIABLE
from autodiff.graph.prune import needed
from autodiff.language.errors import Note
from autodiff.symbolic.derivative import Derivation, derivatives
from autodiff.symbolic.formula import Formula
from autodiff.symbolic.rule import Rule, put_in, rule_at
from autodiff.symbolic.textbook import Textbook

MOST_STEPS = 200  # of one derivative
MOST_WORK = 10_000  # nodes that are differentiated for all of them together


class Step(NamedTuple):
    """The derivative of one node: by which rule, of which steps, and what it is.

    `label` is the name that the program gave to `expression`; `parts` are what the rule's letters stand for.
    `unsimplified` is the formula of the rule with the parts and their derivatives put in; None where it has none, or
    where the steps of a part were left out. `children` are the ids of the steps of the parts.
    """

    id: int
    rule: Rule
    label: str | None
    expression: Formula
    parts: list[Formula]
    children: list[int]
    unsimplified: Formula | None
    result: Formula
    notes: list[Note]


class Hint(NamedTuple):
    """The rule that comes next, and what its letters stand for."""

    rule: Rule
    parts: list[Formula]


class Steps(NamedTuple):
    """The steps of one derivative by `name`, operands first: the last one is the derivative that was asked for.

    `turn` says which it is of those taken one after the other, `is_partial` whether there are other variables. `hidden`
    counts the parts whose steps were left out.
    """

    name: str
    turn: int
    is_partial: bool
    steps: list[Step]
    hidden: int


def derivation_steps(
    compiled: Compiled, output: int, wrt: Mapping[str, int | None], *, order: int = 1, mixed: Sequence[str] = ()
) -> list[Steps]:
    """For what `differentiated` gives with the same arguments, the steps of each derivative in turn."""
    graph = compiled.graph
    derivation = Derivation(graph, output)
    turns = {",".join(mixed): tuple(mixed)} if mixed else {name: (name,) * order for name in wrt}
    first = derivation.first({mixed[0]: wrt[mixed[0]]} if mixed else wrt)
    forms = {name: [first[names[0]]] for name, names in turns.items()}
    for turn in range(1, len(mixed) or order):
        for name, names in turns.items():
            forms[name].append(derivation.next(forms[name][-1], names[turn]))
    result = []
    for key, names in turns.items():
        before, at, by = graph, output, wrt[names[0]]
        for turn, (name, form) in enumerate(zip(names, forms[key], strict=True), start=1):
            written = derivation.written({name: form}, False)
            derivative = Formula(written.graph, written.slopes[name])
            steps, hidden = Differentiation(before, at, name, by).steps(derivative)
            result.append(Steps(name, turn, len(compiled.variables) > 1, steps, hidden))
            before, at = derivative.graph, derivative.node
            by = next((p for p, node in enumerate(before.nodes) if node.label == (*names, "")[turn]), None)
    return result


def next_rule(compiled: Compiled, output: int, name: str, wrt: int | None) -> Hint:
    """The rule that a student applies first. Nothing is differentiated. A mere name is looked behind."""
    differentiation = Differentiation(compiled.graph, output, name, wrt)
    rule = rule_at(differentiation.book, output, name)
    while rule.name == "name":
        rule = rule_at(differentiation.book, rule.parts[0].node, name)
    return Hint(rule, differentiation.parts(rule))


class Differentiation:
    """One derivative of a node by the node `wrt`, whose name is `name`; None for a name that is not there."""

    def __init__(self, graph: Graph, output: int, name: str, wrt: int | None) -> None:
        self.graph = graph
        self.output = output
        self.name = name
        self.wrt = wrt
        self.book = Textbook(graph, wrt)
        self.names = {
            position: str(node.label)
            for position, node in enumerate(graph.nodes)
            if node.label is not None and node.primitive is not VARIABLE
        }
        if wrt is not None:
            self.names[wrt] = name

    def steps(self, derivative: Formula) -> tuple[list[Step], int]:
        """The steps to a derivative that is known, and how many parts have none."""
        rules, hidden = self.rules()
        results: dict[int, Formula] = {}
        ids: dict[int, int] = {}
        steps: list[Step] = []
        for position in sorted(rules):
            rule = rules[position]
            results[position], notes = (derivative, []) if position == self.output else self.derivative(position)
            children = [ids[part.node] for part in rule.parts if part.is_differentiated and part.node in ids]
            ids[position] = len(steps)
            step = Step(
                id=ids[position],
                rule=rule,
                label=self.names.get(position) if position != self.wrt else None,
                expression=self.expression(position),
                parts=self.parts(rule),
                children=list(dict.fromkeys(children)),
                unsimplified=put_in(rule, self.graph, results, self.names),
                result=results[position],
                notes=notes,
            )
            steps.append(step)
        return steps, hidden

    def rules(self) -> tuple[dict[int, Rule], int]:
        """The rule at each node that gets a step, nearest to the output first; how many others there would be."""
        rules: dict[int, Rule] = {}
        work = MOST_WORK
        waiting = deque([self.output])
        while waiting and len(rules) < MOST_STEPS and (work > 0 or not rules):
            position = waiting.popleft()
            if position not in rules:
                work -= sum(needed(self.graph, [position]))
                rules[position] = rule = rule_at(self.book, position, self.name)
                waiting += [part.node for part in rule.parts if part.is_differentiated]
        missing = {
            part.node
            for rule in rules.values()
            for part in rule.parts
            if part.is_differentiated and part.node not in rules
        }
        return rules, len(missing)

    def derivative(self, position: int) -> tuple[Formula, list[Note]]:
        """What `autodiff diff` gives for a node."""
        written = derivatives(self.graph, position, {self.name: self.wrt})
        return Formula(written.graph, written.slopes[self.name]), written.notes

    def expression(self, position: int) -> Formula:
        """A node, in which others that have names are not written out."""
        if position == self.wrt:
            return Formula(self.graph, position, self.names)
        return Formula(self.graph, position, {node: name for node, name in self.names.items() if node != position})

    def parts(self, rule: Rule) -> list[Formula]:
        return [Formula(self.graph, part.node, self.names) for part in rule.parts]
