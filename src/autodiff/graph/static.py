"""Numbers that are known when a formula is compiled: what an index, an axis, a length may be."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from math import ceil, floor, isfinite, nan
from typing import Any

from autodiff.graph.nodes import Graph
from autodiff.graph.primitive import CONSTANT, VARIABLE

LONGEST_POWER = 4096  # bits


class NotStaticError(Exception):
    """The number depends on something that is computed, or on the values of the variables `names`."""

    def __init__(self, names: Sequence[str] = ()) -> None:
        super().__init__(*names)
        self.names = names


def static_number(graph: Graph, position: int, values: Mapping[str, float]) -> Any:
    """The number that a node is, from the values of variables; None if it depends on a shape that isn't known yet.

    Integers, exact fractions and floats; NaN for what has no value. Raises NotStaticError.
    """
    order = static_order(graph, position)
    variables = [node for node in order if graph.nodes[node].primitive is VARIABLE]
    if any(graph.shapes[node] for node in variables):
        raise NotStaticError
    missing = [name for node in variables if (name := str(graph.nodes[node].payload)) not in values]
    if missing:
        raise NotStaticError(missing)
    numbers: dict[int, Any] = {}
    for node in order:
        primitive, operands, payload, _ = graph.nodes[node]
        given = [numbers.get(operand) for operand in operands]
        if primitive is CONSTANT and graph.shapes[node] == ():
            numbers[node] = payload
        elif primitive is VARIABLE:
            numbers[node] = values[str(payload)]
        elif graph.shapes[node] is None and (primitive.constant or None in given):
            numbers[node] = None
        elif primitive.name in OPERATIONS:
            numbers[node] = computed(OPERATIONS[primitive.name], given)
        else:
            raise NotStaticError
    return simplest(numbers[position])


def static_order(graph: Graph, position: int) -> list[int]:
    """The nodes that a node is computed from, operands first; not beyond a length that isn't known."""
    wanted, pending = set(), [position]
    while pending:
        node = pending.pop()
        if node not in wanted:
            wanted.add(node)
            if graph.nodes[node].primitive.constant is None:
                pending += graph.nodes[node].operands
    return sorted(wanted)


def computed(operation: Callable[..., Any], given: Sequence[Any]) -> Any:
    try:
        number = operation(*map(simplest, given))
        float(number)
    except (ArithmeticError, ValueError):  # a division by 0, a number beyond all floats, the floor of NaN
        return nan
    return number


def simplest(number: Any) -> Any:
    """An integer if it is one."""
    return int(number) if number is not None and isfinite(number) and number == floor(number) else number


def quotient(a: Any, b: Any) -> Any:
    from fractions import Fraction

    return a / b if isinstance(a, float) or isinstance(b, float) else Fraction(a) / b


def power(a: Any, b: Any) -> Any:
    exact = isinstance(a, int) and isinstance(b, int) and b >= 0 and a.bit_length() * b <= LONGEST_POWER
    result = a**b if exact else float(a) ** float(b)
    return nan if isinstance(result, complex) else result


OPERATIONS: dict[str, Callable[..., Any]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": quotient,
    "pow": power,
    "neg": operator.neg,
    "mod": operator.mod,
    "min": min,
    "max": max,
    "floor": floor,
    "ceil": ceil,
    "round": round,
    "identity": lambda a: a,
    "abs": abs,
}
