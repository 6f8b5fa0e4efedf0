"""A graph to normal forms: what is a sum, a product or a power becomes one, the rest an application."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import isfinite
from typing import Any

from autodiff.graph.nodes import ArrayConstant, Graph, NamedConstant, Node
from autodiff.graph.primitive import CONSTANT, VARIABLE
from autodiff.graph.prune import needed
from autodiff.graph.rules import rule
from autodiff.graph.table import PRIMITIVES
from autodiff.symbolic.exact import HALF, Exact, simple
from autodiff.symbolic.normal import Normal
from autodiff.symbolic.powers import power, power_of_form

ADD, SUB, LOG = PRIMITIVES["add"], PRIMITIVES["sub"], PRIMITIVES["log"]
SUMS = (ADD, SUB)
EULER = NamedConstant("e")
UNITS = {"1": 1, "-1": -1}
Lowered = Callable[..., int]


def lowered_into(normal: Normal, graph: Graph, results: list[int], known: dict[int, int]) -> None:
    """Puts into `known` the forms of the nodes `results` and of all that they are computed from.

    A sum of n summands is made at once, which takes time in proportion to n: its partial sums get no forms.
    """
    wanted = needed(graph, results, known)
    partial_sums = used_in_sums(graph, wanted, {*results, *known})
    gathered: dict[int, list[tuple[int, Exact]]] = {}
    for position, node in enumerate(graph.nodes):
        if not wanted[position] or position in known:
            continue
        if node.primitive not in SUMS:
            known[position] = form_of_node(normal, graph, position, node, known)
            continue
        first, second = node.operands
        summands = gathered.pop(first, None) or [(known[first], 1)]
        others = gathered.pop(second, None) or [(known[second], 1)]
        summands += others if node.primitive is ADD else [(form, -coefficient) for form, coefficient in others]
        if position in partial_sums:
            gathered[position] = summands
        else:
            known[position] = normal.sum_of(summands)


def used_in_sums(graph: Graph, wanted: list[bool], kept: set[int]) -> set[int]:
    """The sums that are used once, in another sum."""
    uses: dict[int, int] = {}
    for position, node in enumerate(graph.nodes):
        if wanted[position]:
            for operand in node.operands:
                uses[operand] = uses.get(operand, 0) + (1 if node.primitive in SUMS else 2)
    return {o for o, count in uses.items() if count == 1 and graph.nodes[o].primitive in SUMS and o not in kept}


def form_of_node(normal: Normal, graph: Graph, position: int, node: Node, at: Mapping[int, int]) -> int:
    primitive, operands, payload, _ = node
    if primitive is VARIABLE:
        return normal.atom(str(payload), graph.shapes[position] or ())
    if primitive is CONSTANT:
        return form_of_constant(normal, payload)
    forms = [at[operand] for operand in operands]
    arithmetic = ARITHMETIC.get(primitive.name)
    if arithmetic is not None:
        return arithmetic(normal, *forms)
    if primitive.internal and primitive.array is None:
        names = dict(zip(primitive.operand_names(len(forms)), forms, strict=True))
        return form_of_text(normal, primitive.written_definition(len(forms)), names)
    settled = payload if isinstance(payload, tuple) else None
    return normal.apply(primitive, tuple(forms), settled)


def form_of_constant(normal: Normal, payload: Any) -> int:
    """Decimal fractions are taken as they were typed: 0.1 is 1/10."""
    if isinstance(payload, ArrayConstant):
        from autodiff.symbolic.constant_arrays import form_of_array

        return form_of_array(normal, payload)
    if isinstance(payload, NamedConstant):
        return normal.atom(payload)
    if isinstance(payload, float):
        return normal.number(Fraction(repr(payload))) if isfinite(payload) else normal.atom(payload)
    return normal.number(simple(payload))


def form_of_text(normal: Normal, text: str, names: Mapping[str, int]) -> int:
    """The form of a text of the table whose names stand for forms."""
    template = rule(text)
    graph = template.graph
    at: dict[int, int] = {}
    for position, node in enumerate(graph.nodes):
        if node.primitive is VARIABLE:
            at[position] = names[node.label]  # type: ignore[index]  # a variable's label is its name
        else:
            at[position] = form_of_node(normal, graph, position, node, at)
    return at[template.output]


class FormArithmetic:
    """Partials and adjoints as normal forms, for a graph of numbers whose nodes have the forms `known`."""

    __slots__ = ("graph", "known", "normal")

    def __init__(self, normal: Normal, graph: Graph, known: dict[int, int]) -> None:
        self.normal = normal
        self.graph = graph
        self.known = known

    def partial(self, position: int, index: int) -> int:
        primitive, operands, _, _ = self.graph.nodes[position]
        text, names = primitive.written_partial(index, len(operands)), primitive.operand_names(len(operands))
        if text in UNITS:
            return self.normal.number(UNITS[text])
        known = self.known
        given = dict(zip(names, [known[operand] for operand in operands], strict=True))
        given["y"] = known[position]
        return form_of_text(self.normal, text, given)

    def is_zero(self, partial: int) -> bool:
        return partial == self.normal.zero

    def share(self, adjoint: int, partial: int, operand: int) -> int:
        normal = self.normal
        return (
            partial if adjoint == normal.one else adjoint if partial == normal.one else normal.product(adjoint, partial)
        )

    def sum(self, shares: list[int]) -> int:
        return self.normal.sum_of([(share, 1) for share in shares])


def lowered_power(normal: Normal, base: int, exponent: int) -> int:
    return power_of_form(normal, base, normal.sum_of([(exponent, 1), (normal.one, -1)]))


def power_slope(normal: Normal, base: int, exponent: int) -> int:
    if (number := normal.value(exponent)) is not None:
        own, factors = normal.factors(power(normal, base, simple(number - 1)))
        return normal.in_shape_of("mul", normal.product_of(number * own, factors), (base,))
    return normal.product(exponent, lowered_power(normal, base, exponent))


def exponent_slope(normal: Normal, value: int, base: int, exponent: int) -> int:
    return normal.product(value, normal.apply(LOG, (base,)))


ARITHMETIC: dict[str, Lowered] = {
    "add": lambda normal, a, b: normal.sum_of([(a, 1), (b, 1)]),
    "sub": lambda normal, a, b: normal.sum_of([(a, 1), (b, -1)]),
    "neg": lambda normal, a: normal.negative(a),
    "mul": lambda normal, a, b: normal.product(a, b),
    "strong_product": lambda normal, a, b: normal.product(a, b),
    "div": lambda normal, a, b: normal.quotient(a, b),
    "quotient_slope": lambda normal, a, b: normal.negative(normal.product(a, power(normal, b, -2))),
    "pow": lambda normal, a, b: power_of_form(normal, a, b),
    "lowered_power": lowered_power,
    "power_slope": power_slope,
    "exponent_slope": exponent_slope,
    "square": lambda normal, a: power(normal, a, 2),
    "sqrt": lambda normal, a: power(normal, a, HALF),
    "exp": lambda normal, a: power_of_form(normal, normal.atom(EULER), a),
    "identity": lambda normal, a: a,
}
