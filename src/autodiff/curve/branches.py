"""On which side of each of its kinks a formula is at a point, by the conditions in the table of primitives."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from autodiff.evaluate.floats import FLOATS
from autodiff.evaluate.program import Program, build_program
from autodiff.evaluate.trace import TraceNode
from autodiff.graph.rules import rule
from autodiff.graph.table import PRIMITIVES


class Condition(NamedTuple):
    """A kink's condition as a program, and the nodes in it that change as the kink is passed.

    `equations` are pairs whose order changes: `x` and `0` of `x == 0`. `steps` are nodes that jump: `floor(x)`. `ties`
    are the operands of which the one that counts changes: those of a maximum.
    """

    program: Program
    equations: tuple[tuple[int, ...], ...]
    steps: tuple[int, ...]
    ties: tuple[tuple[int, ...], ...]


def has_branches(nodes: Sequence[TraceNode]) -> bool:
    return any(PRIMITIVES[node.op].kinks for node in nodes)


def branches(nodes: Sequence[TraceNode]) -> tuple[float, ...]:
    """Numbers that stay the same between two kinks; between points at which they differ lies a kink, or several.

    >>> from autodiff import Function
    >>> f = Function("floor(x) + abs(x - 2)")
    >>> [branches(f.trace(x=x).nodes) for x in (1.5, 1.75, 2.5)]
    [(1.0, -1.0), (1.0, -1.0), (2.0, 1.0)]
    """
    state: list[float] = []
    for node in nodes:
        primitive = PRIMITIVES[node.op]
        if not primitive.kinks:
            continue
        operands = [nodes[operand].value for operand in node.operands]
        if not all(isinstance(value, float) for value in (*operands, node.value)):
            continue  # an array has no one side
        count = len(operands)
        state += sides(condition(primitive.kinks_of(count)), primitive.operand_names(count), operands, node.value)
    return tuple(state)


@cache
def condition(text: str) -> Condition:
    graph, _ = rule(text)
    program = build_program(graph, range(len(graph.nodes)), FLOATS)
    named: dict[str, list[int]] = {"eq": [], "floor": [], "ties": []}
    for position, node in enumerate(graph.nodes):
        if node.primitive.name in named:
            named[node.primitive.name].append(position)
    stepping = set(named["floor"])
    equations = [graph.nodes[position].operands for position in named["eq"]]
    ties = [graph.nodes[position].operands for position in named["ties"]]
    # x == floor(x) is never passed, only touched: there the step itself tells the sides apart.
    crossed = tuple(pair for pair in equations if not stepping.intersection(pair))
    return Condition(program, crossed, tuple(named["floor"]), tuple(ties))


def sides(met: Condition, names: Sequence[str], operands: Sequence[float], value: float) -> list[float]:
    values = met.program.run(dict(zip(names, operands, strict=True), y=value))
    found = [float((values[left] > values[right]) - (values[left] < values[right])) for left, right in met.equations]
    found += [values[step] for step in met.steps]
    for extreme, *others in met.ties:
        found += [float(values[other] == values[extreme]) for other in others]
    return [number if number == number else 0.0 for number in found]
