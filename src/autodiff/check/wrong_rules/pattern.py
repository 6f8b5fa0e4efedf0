"""Which pattern a node has, and what the names in a wrong rule stand for there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from autodiff.check.wrong_rules.rule import (
    CONSTANT_MINUS,
    DIFFERENCE,
    DIVIDED,
    EXPONENTIAL,
    FUNCTION,
    MINUS_CONSTANT,
    MULTIPLE,
    NEGATIVE,
    PLUS_CONSTANT,
    POWER,
    POWER_OF_FUNCTIONS,
    PRODUCT,
    QUOTIENT,
    RECIPROCAL,
    RECIPROCAL_POWER,
    SUM,
)
from autodiff.graph.nodes import Graph, NamedConstant

# The pattern of a node of two operands by which of them vary: both, the first, the second.
OF_TWO = {
    "add": (SUM, PLUS_CONSTANT, PLUS_CONSTANT),
    "sub": (DIFFERENCE, MINUS_CONSTANT, CONSTANT_MINUS),
    "mul": (PRODUCT, MULTIPLE, MULTIPLE),
    "div": (QUOTIENT, DIVIDED, RECIPROCAL),
    "pow": (POWER_OF_FUNCTIONS, POWER, EXPONENTIAL),
}
CONSTANTS = {POWER: "n", EXPONENTIAL: "b"}  # other constants are called c
BASES = {"exp": NamedConstant("e"), "exp2": 2}


class Place(NamedTuple):
    """A pattern, the function by its name, and the nodes that the names of rules stand for.

    `place` is that of the operand that varies, of a function. Powers of e are those of `exp`.
    """

    pattern: str
    function: str
    names: dict[str, int]
    place: int = 0


def place_of(graph: Graph, position: int, varies: Sequence[bool]) -> Place | None:
    """The pattern of a node that varies; None if no rule of differentiation is applied to it."""
    primitive, operands, _, _ = graph.nodes[position]
    varying = [index for index, operand in enumerate(operands) if varies[operand]]
    if primitive.name in OF_TWO:
        pattern = OF_TWO[primitive.name][0 if len(varying) == 2 else 1 + varying[0]]
        if len(varying) == 2:
            return Place(pattern, primitive.name, {"u": operands[0], "v": operands[1]})
        u, c = operands[varying[0]], operands[1 - varying[0]]
        inner = graph.nodes[u]
        if pattern == RECIPROCAL and inner.primitive.name == "pow" and not varies[inner.operands[1]]:
            return Place(RECIPROCAL_POWER, "pow", {"u": inner.operands[0], "n": inner.operands[1], "c": c})
        is_euler = graph.number(c) == BASES["exp"] and isinstance(graph.number(c), NamedConstant)
        name = "exp" if pattern == EXPONENTIAL and is_euler else primitive.name
        return Place(pattern, name, {"u": u, CONSTANTS.get(pattern, "c"): c})
    if primitive.name == "neg":
        return Place(NEGATIVE, "neg", {"u": operands[0]})
    if primitive.name in BASES:
        return Place(EXPONENTIAL, primitive.name, {"u": operands[0], "b": graph.constant(BASES[primitive.name])})
    if (
        len(varying) == 1
        and primitive.entrywise
        and not primitive.variadic
        and primitive.name not in ("identity", "where")
    ):
        return Place(FUNCTION, primitive.name, {"u": operands[varying[0]]}, varying[0])
    return None
