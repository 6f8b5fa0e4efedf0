"""Runs the LALR(1) automaton that Lark made: tokens in, what the builder makes of them out.

Lark's own runtime does the same. It is not used here because importing it takes as long as all the rest of a small
formula, and because it walks through every precedence level of an operand; tests compare the two on the corpora.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from typing import Any

from autodiff.language.tables import Reduction, Tables
from autodiff.language.tokens import Token

END = "$END"
Action = Callable[[list[Any]], Any]


class UnexpectedTokenError(Exception):
    """`token` can't stand where it stands; `expected` could."""

    def __init__(self, token: Token, expected: Container[str]) -> None:
        super().__init__(token.kind)
        self.token = token
        self.expected = expected


class Automaton:
    """The automaton of `tables`, with the methods of `builder` as the actions of its rules."""

    def __init__(self, tables: Tables, builder: object) -> None:
        self.tables = tables
        self.actions: list[Action | None] = [
            getattr(builder, rule.action) if rule.action else None for rule in tables.rules
        ]
        # Whether a rule leaves out some of its children, or takes in the children of others.
        self.rearranges = [
            len(rule.kept) != rule.size or any(spliced for _, spliced in rule.kept) for rule in tables.rules
        ]
        # From the state below, the state and the token to the state where the reductions that only pass a value on
        # have been done: an operand climbs all precedence levels in one step.
        self.climbs: dict[tuple[int, int, str], int] = {}

    def run(self, tokens: Iterable[Token], end: Token) -> Any:
        """What the builder made of the whole text; `end` stands behind it. Raises UnexpectedTokenError."""
        tables, climbs = self.tables, self.climbs
        actions = tables.actions
        states: list[int] = [tables.start]
        values: list[Any] = []
        for token in (*tokens, end):
            kind = token.kind
            while True:
                state = states[-1]
                if len(states) > 1:
                    key = (states[-2], state, kind)
                    climbed = climbs.get(key)
                    if climbed is None:
                        climbed = climbs[key] = self.climb(*key)
                    states[-1] = state = climbed
                action = actions[state].get(kind)
                if action is None:
                    if kind == END and state == tables.end:
                        return values[-1]
                    raise UnexpectedTokenError(token, actions[state])
                if action >= 0:
                    states.append(action)
                    values.append(token)
                    break
                self.reduce(~action, states, values)
                if kind == END and states[-1] == tables.end:
                    return values[-1]
        raise AssertionError("the automaton accepts or refuses at the end of the text")

    def climb(self, below: int, state: int, kind: str) -> int:
        tables = self.tables
        while True:
            action = tables.actions[state].get(kind)
            if action is None or action >= 0:
                return state
            rule = tables.rules[~action]
            if rule.action != "" or rule.size != 1:
                return state
            state = tables.gotos[below][rule.origin]

    def reduce(self, number: int, states: list[int], values: list[Any]) -> None:
        rule = self.tables.rules[number]
        size = rule.size
        if size:
            children = values[-size:]
            del states[-size:], values[-size:]
        else:
            children = []
        if self.rearranges[number]:
            children = kept_children(rule, children)
        action = self.actions[number]
        if action is not None:
            values.append(action(children))
        else:
            values.append(children if rule.action is None else children[0])
        states.append(self.tables.gotos[states[-1]][rule.origin])


def kept_children(rule: Reduction, children: list[Any]) -> list[Any]:
    kept: list[Any] = []
    rest = rule.kept
    if rule.action is None and rest and rest[0][1]:  # a list that goes on: it grows in place, nobody else has it
        kept, rest = children[rest[0][0]], rest[1:]
    for index, spliced in rest:
        if spliced:
            kept.extend(children[index])
        else:
            kept.append(children[index])
    return kept
