"""Numbers that are known when a formula is compiled: what an index, an axis, a length may be."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from math import ceil, floor
from typing import Any

from autodiff.graph.nodes import Graph
from autodiff.graph.primitive import CONSTANT, VARIABLE

OPERATIONS: dict[str, Callable[..., Any]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "neg": operator.neg,
    "mod": operator.mod,
    "min": min,
    "max": max,
    "floor": floor,
    "ceil": ceil,
    "identity": lambda a: a,
    "abs": abs,
}


class NotStaticError(Exception):
    """The number depends on something that is computed, or on the value of the variable `name`."""

    def __init__(self, name: str | None) -> None:
        super().__init__(name)
        self.name = name


def static_number(graph: Graph, position: int, values: Mapping[str, float]) -> Any:
    """The number that a node is, from the values of variables; None if it depends on a shape that isn't known yet.

    Raises NotStaticError.
    """
    numbers: dict[int, Any] = {}
    for node in static_order(graph, position):
        primitive, operands, payload, _ = graph.nodes[node]
        if primitive is CONSTANT and graph.shapes[node] == ():
            numbers[node] = payload
        elif primitive is VARIABLE and payload in values:
            numbers[node] = whole_or_float(values[str(payload)])
        elif primitive is VARIABLE:
            raise NotStaticError(str(payload))
        elif graph.shapes[node] is None:
            numbers[node] = None
        elif primitive.name == "div":
            numbers[node] = quotient(*(numbers[operand] for operand in operands))
        elif primitive.name in OPERATIONS:
            given = [numbers[operand] for operand in operands]
            numbers[node] = None if None in given else OPERATIONS[primitive.name](*given)
        else:
            raise NotStaticError(None)
    return numbers[position]


def static_order(graph: Graph, position: int) -> list[int]:
    """The nodes that a node is computed from, operands first; not beyond one whose shape isn't known."""
    wanted, pending = set(), [position]
    while pending:
        node = pending.pop()
        if node not in wanted:
            wanted.add(node)
            if graph.shapes[node] is not None:
                pending += graph.nodes[node].operands
    return sorted(wanted)


def whole_or_float(value: float) -> int | float:
    return int(value) if value == floor(value) else value


def quotient(a: Any, b: Any) -> Any:
    from fractions import Fraction

    if a is None or b is None:
        return None
    if b == 0 or isinstance(a, float) or isinstance(b, float):
        return float("nan") if b == 0 else a / b
    return Fraction(a) / b
