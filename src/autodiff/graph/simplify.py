"""Nodes added in their simplest form: identities that hold for every number, NaN and infinities included, or whose
exceptions the strong zero of an adjoint covers. Used where the gradient is built; what the user typed stays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import inf
from typing import TYPE_CHECKING, TypeGuard

from autodiff.graph.nodes import Graph, NamedConstant
from autodiff.graph.primitive import CONSTANT, Payload, Primitive
from autodiff.graph.shapes import Shape
from autodiff.graph.table import PRIMITIVES

if TYPE_CHECKING:
    from autodiff.graph.nodes import Exact, Number

ADD, SUB, MUL, DIV, NEG, POW = (PRIMITIVES[name] for name in ("add", "sub", "mul", "div", "neg", "pow"))
WHERE, STRONG_PRODUCT = PRIMITIVES["where"], PRIMITIVES["strong_product"]
LOWERED_POWER, POWER_SLOPE = PRIMITIVES["lowered_power"], PRIMITIVES["power_slope"]
SCATTER, ADD_AT = PRIMITIVES["scatter"], PRIMITIVES["add_at"]
RESHAPE, TRANSPOSE, BROADCAST, SUM_TO = (PRIMITIVES[name] for name in ("reshape", "transpose", "broadcast", "sum_to"))
FACTORS = {CONSTANT, BROADCAST}  # what makes a product simpler
STRONG_FACTORS = {*FACTORS, NEG, WHERE}
MAX_DIGITS = 50  # an exact number longer than this is not worth its exactness


def add_simplified(
    graph: Graph, primitive: Primitive, operands: tuple[int, ...], payload: Payload | None = None
) -> int:
    """The position of a node that is equal to `primitive` of `operands`."""
    if primitive.array is not None:
        return add_arranged(graph, primitive, operands, payload)
    simplified = SIMPLIFIED.get(primitive)
    if simplified is not None:
        return simplified(graph, *operands)
    return graph.add(primitive, operands)


def add_arranged(graph: Graph, primitive: Primitive, operands: tuple[int, ...], payload: Payload | None) -> int:
    """A node of an array primitive; what would leave its operand as it is, or is done twice in a row, is left out."""
    if primitive in (RESHAPE, BROADCAST, SUM_TO) and payload == (graph.shapes[operands[0]],):
        return operands[0]
    if primitive is BROADCAST and (inner := operands_of(graph, RESHAPE, operands[0])) and graph.shapes[inner[0]] == ():
        return add_arranged(graph, BROADCAST, inner, payload)  # a number, whatever its axes of length 1
    if primitive in (RESHAPE, BROADCAST) and (inner := operands_of(graph, primitive, operands[0])):
        return add_arranged(graph, primitive, inner, payload)  # reshape(reshape(a, s), t) -> reshape(a, t)
    if primitive is TRANSPOSE and payload is not None:
        axes: tuple[int, ...] = payload[0]
        if axes == tuple(range(len(axes))):
            return operands[0]
        if inner := operands_of(graph, TRANSPOSE, operands[0]):  # a.T.T -> a
            before = graph.nodes[operands[0]].payload[0]  # type: ignore[index]  # of a transpose: its axes
            return add_arranged(graph, TRANSPOSE, inner, (tuple(before[axis] for axis in axes),))
    return graph.add(primitive, operands, payload=payload)


def add_broadcast(graph: Graph, a: int, shape: Shape | None) -> int:
    return a if shape is None else add_arranged(graph, BROADCAST, (a,), (shape,))


def unrepeated(graph: Graph, a: int, b: int) -> int:
    """`a`, or what it repeats, if the product with `b` repeats it anyway."""
    repeated = operands_of(graph, BROADCAST, a)
    return repeated[0] if repeated and graph.shapes[a] == graph.shapes[b] else a


def add_sum(graph: Graph, a: int, b: int) -> int:
    first, second = graph.number(a), graph.number(b)
    if is_zero(first):  # 0 + b -> b
        return b
    if is_zero(second):  # a + 0 -> a
        return a
    if is_exact(first) and is_exact(second):
        return folded(graph, ADD, (a, b), first + second)
    if (piece := operands_of(graph, SCATTER, b)) is not None and graph.shapes[a] == graph.shapes[b]:
        items = graph.nodes[b].payload[0]  # type: ignore[index]  # of a scatter: subscripts and shape
        return graph.add(ADD_AT, (a, *piece), payload=(items,))  # not n zeros for one entry
    if (negated := operands_of(graph, NEG, b)) is not None:  # a + -b -> a - b
        return add_difference(graph, a, negated[0])
    if (negated := operands_of(graph, NEG, a)) is not None:  # -a + b -> b - a
        return add_difference(graph, b, negated[0])
    return graph.add(ADD, (a, b))


def add_difference(graph: Graph, a: int, b: int) -> int:
    first, second = graph.number(a), graph.number(b)
    if is_zero(second):  # a - 0 -> a
        return a
    if is_zero(first):  # 0 - b -> -b
        return add_negative(graph, b)
    if is_exact(first) and is_exact(second):
        return folded(graph, SUB, (a, b), first - second)
    return graph.add(SUB, (a, b))


def scaled_repetition(graph: Graph, a: int, b: int) -> int | None:
    """For what repeats a number, times a number: broadcast(a)*b -> broadcast(a*b)."""
    for repeated, factor in ((a, b), (b, a)):
        inner = operands_of(graph, BROADCAST, repeated)
        if inner and graph.shapes[inner[0]] == () == graph.shapes[factor]:
            return add_broadcast(graph, add_product(graph, inner[0], factor), graph.shapes[repeated])
    return None


def add_product(graph: Graph, a: int, b: int) -> int:
    if graph.nodes[a].primitive not in FACTORS and graph.nodes[b].primitive not in FACTORS:
        return graph.add(MUL, (a, b))
    if graph.shapes[a] != graph.shapes[b] and (scaled := scaled_repetition(graph, a, b)) is not None:
        return scaled
    a = unrepeated(graph, a, b)
    b = unrepeated(graph, b, a)
    first, second = graph.number(a), graph.number(b)
    if first == 1:  # 1*b -> b
        return b
    if second == 1:  # a*1 -> a
        return a
    if is_exact(first) and is_exact(second):
        return folded(graph, MUL, (a, b), first * second)
    if first == -1:  # -1*b -> -b
        return add_negative(graph, b)
    if second == -1:  # a*-1 -> -a
        return add_negative(graph, a)
    while is_exact(first) and (factors := operands_of(graph, MUL, b)) and is_exact(second := graph.number(factors[0])):
        a, b = folded(graph, MUL, (a, factors[0]), first * second), factors[1]  # 2*(3*x) -> 6*x
        first = graph.number(a)
    if first == 1:
        return b
    if first is not None and (quotient := operands_of(graph, DIV, b)) and graph.number(quotient[0]) == 1:
        return add_quotient(graph, a, quotient[1])  # 2*(1/b) -> 2/b
    return graph.add(MUL, (a, b))


def add_strong_product(graph: Graph, a: int, b: int, levels: int = 3) -> int:
    nodes = graph.nodes
    if nodes[a].primitive not in STRONG_FACTORS and nodes[b].primitive not in STRONG_FACTORS:
        return graph.add(STRONG_PRODUCT, (a, b))
    a = unrepeated(graph, a, b)
    b = unrepeated(graph, b, a)
    first, second = graph.number(a), graph.number(b)
    if is_zero(first) or is_zero(second):  # 0*b -> 0, which is what a strong zero is for; a*0 -> 0: no such path
        return add_broadcast(graph, graph.constant(0), graph.shapes[b if is_zero(first) else a])
    if is_finite(first) or is_finite(second):  # a number that is neither 0 nor infinite multiplies as usual
        return add_product(graph, a, b)
    negative = False
    while negated := operands_of(graph, NEG, b):  # a*-b -> -(a*b)
        b, negative = negated[0], not negative
    while negated := operands_of(graph, NEG, a):  # -a*b -> -(a*b)
        a, negative = negated[0], not negative
    choice = operands_of(graph, WHERE, b)
    if choice and levels and any(graph.number(case) is not None for case in choice[1:]):
        # a*where(c, p, q) -> where(c, a*p, a*q): an infinite a can't make NaN of a 0 that is a constant branch
        cases = (add_strong_product(graph, a, case, levels - 1) for case in choice[1:])
        product = graph.add(WHERE, (choice[0], *cases))
    else:
        product = graph.add(STRONG_PRODUCT, (a, b))
    return add_negative(graph, product) if negative else product


def add_quotient(graph: Graph, a: int, b: int) -> int:
    first, second = graph.number(a), graph.number(b)
    if second == 1:  # a/1 -> a
        return a
    if is_exact(first) and is_exact(second) and second != 0:
        return folded(graph, DIV, (a, b), quotient(first, second))
    return graph.add(DIV, (a, b))


def add_negative(graph: Graph, a: int) -> int:
    number = graph.number(a)
    if number is not None and not is_zero(number) and not isinstance(number, NamedConstant):
        return graph.constant(-number)
    if negated := operands_of(graph, NEG, a):  # -(-a) -> a
        return negated[0]
    return graph.add(NEG, (a,))


def add_power(graph: Graph, a: int, b: int) -> int:
    exponent = graph.number(b)
    if exponent == 1:  # a^1 -> a
        return a
    if exponent == 0:  # a^0 -> 1, as IEEE 754 has it
        return graph.constant(1)
    return graph.add(POW, (a, b))


def add_lowered_power(graph: Graph, a: int, b: int) -> int:
    exponent = graph.number(b)
    # b - 1 is exact for an exact b, and is not rounded for a float from 1/2 on (Sterbenz's lemma below 2).
    if exponent is not None and (not isinstance(exponent, float) or exponent >= 0.5):
        return add_power(graph, a, graph.constant(reduced(exponent - 1)))
    return graph.add(LOWERED_POWER, (a, b))


def operands_of(graph: Graph, primitive: Primitive, position: int) -> tuple[int, ...] | None:
    """The operands of the node if it applies `primitive` and has no name; what has a name stays a node."""
    node = graph.nodes[position]
    return node.operands if node.primitive is primitive and node.label is None else None


def add_power_slope(graph: Graph, a: int, b: int) -> int:
    lowered = add_lowered_power(graph, a, b)
    if graph.nodes[lowered].primitive is LOWERED_POWER:
        return graph.add(POWER_SLOPE, (a, b))
    return add_strong_product(graph, b, lowered)  # of a constant power: b*a^(b - 1)


def is_finite(number: Number | None) -> bool:
    return number is not None and -inf < number < inf


def is_zero(number: Number | None) -> bool:
    return number == 0 and not isinstance(number, float)


def is_exact(number: Number | None) -> TypeGuard[Exact]:
    return number is not None and not isinstance(number, float)


def quotient(first: Exact, second: Exact) -> Exact:
    from fractions import Fraction  # takes longer to import than most formulas to differentiate

    return Fraction(first) / second


def folded(graph: Graph, primitive: Primitive, operands: tuple[int, ...], value: Exact) -> int:
    size = value.numerator.bit_length() + value.denominator.bit_length()
    if size > MAX_DIGITS * 3.33:
        return graph.add(primitive, operands)
    return graph.constant(reduced(value))


def reduced(value: Number) -> Number:
    """A Fraction that is an integer as the int."""
    return value.numerator if not isinstance(value, float) and value.denominator == 1 else value


SIMPLIFIED: Mapping[Primitive, Callable[..., int]] = {
    ADD: add_sum,
    SUB: add_difference,
    MUL: add_product,
    STRONG_PRODUCT: add_strong_product,
    DIV: add_quotient,
    NEG: add_negative,
    POW: add_power,
    LOWERED_POWER: add_lowered_power,
    POWER_SLOPE: add_power_slope,
}
