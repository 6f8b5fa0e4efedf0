"""Values in many digits, each with a bound on how far rounding may have moved it.

The bound is the running error of first order: a node passes on the errors of its operands by its local partials, which
come from the table of primitives, and adds one rounding of its own (Higham, Accuracy and Stability, 3.3). It is no
enclosure; whoever decides by it leaves a margin, and asks for more digits where that is not enough.

Sizes and errors are logarithms of base 2, so that none is too small or too large for a float.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import inf
from typing import Any, NamedTuple

from autodiff.check.magnitude import magnitude, sum_of
from autodiff.check.rounding import Edges, is_integer, is_open, is_unknown
from autodiff.evaluate.program import Backend, build_program
from autodiff.graph.gradient import add_partial
from autodiff.graph.nodes import Graph, NamedConstant
from autodiff.graph.primitive import CONSTANT, Primitive
from autodiff.graph.prune import needed
from autodiff.graph.table import CHAPTERS, PRIMITIVES

EXACT = -inf  # the error of a value that has none
DIV = PRIMITIVES["div"]
WHOLE = frozenset(PRIMITIVES[name] for name in ("add", "sub", "mul", "neg", "square", "identity", "div", "pow"))
# What gives one of its operands, or a whole number, is not rounded.
SELECTING = frozenset(
    PRIMITIVES[name]
    for name in (
        *("identity", "neg", "abs", "min", "max", "clip", "relu", "where", "sign", "floor", "ceil", "round", "ties"),
        *("lt", "le", "gt", "ge", "eq", "ne", "and", "or", "not"),
    )
)
POWERS = frozenset(PRIMITIVES[name] for name in ("mul", "strong_product", "square", "pow"))
EXPENSIVE = frozenset(CHAPTERS["special functions"])
COST = 3000  # of a special function, in nodes

Exact = Fraction | tuple[Fraction, Fraction]  # a real number, or a complex one by its parts


class Value(NamedTuple):
    """A number of mpmath, and how far it may be off.

    `error` is the logarithm of a number of units of 2^-bits: about that of the numbers that the value was made of,
    inf for a value that is not known at all. `is_known` is False where a number left the range that can be computed
    with, or where rounding decides whether there is a value.
    """

    number: Any
    error: float
    is_known: bool = True


class Run(NamedTuple):
    """The values of all nodes at a point, their errors, and the nodes that are not known."""

    values: list[Any]
    errors: dict[int, float]
    unknown: set[int]


class ManyDigits:
    """The nodes `results` of a graph of numbers, with `bits` bits and bounds on the errors.

    `backend` makes the namespace of kernels for so many bits, of real or of complex numbers. `work` counts the nodes
    that one point costs.
    """

    def __init__(self, graph: Graph, results: Sequence[int], bits: int, backend: Callable[[int], Backend]) -> None:
        kernels = backend(bits)
        exact = Backend(kernels.kernels, lambda payload: kernels.number(plain(payload)))
        exact.made = kernels.made
        extended = graph.copy()
        wanted = needed(graph, results)
        self.bits = bits
        self.number = kernels.number
        self.results = results
        self.edges = Edges(exact, bits)
        self.rounded = [
            p for p, node in enumerate(graph.nodes) if wanted[p] and is_rounded(node.primitive, node.payload)
        ]
        self.steps: list[tuple[int, Primitive, list[tuple[int, int]]]] = []
        partials: list[int] = []
        for position, node in enumerate(graph.nodes):
            if wanted[position] and node.operands:
                pairs = [(operand, add_partial(extended, position, i)) for i, operand in enumerate(node.operands)]
                self.steps.append((position, node.primitive, pairs))
                partials += [partial for _, partial in pairs]
        self.program = build_program(extended, [*results, *partials], exact)
        expensive = sum(extended.nodes[position].primitive in EXPENSIVE for position, _, _ in self.program.instructions)
        self.work = (len(self.program.instructions) + COST * expensive) * bits // 256

    def at(self, point: Mapping[str, Exact]) -> list[Value]:
        """The values of the results at a point of exact numbers."""
        values, errors, unknown = self.run(point)
        return [Value(values[p], errors.get(p, EXACT), p not in unknown) for p in self.results]

    def run(self, point: Mapping[str, Exact]) -> Run:
        """The values of all nodes."""
        values = self.program.run({name: self.held(value) for name, value in point.items()})
        errors = {position: magnitude(values[position]) for position in self.rounded}
        unknown: set[int] = set()
        for position, primitive, pairs in self.steps:
            operands = [operand for operand, _ in pairs]
            numbers = [values[operand] for operand in operands]
            inherited = [errors.get(operand, EXACT) for operand in operands]
            largest = max(inherited)
            if is_unknown(self.edges, primitive, operands, values, position, largest, unknown):
                unknown.add(position)
            if largest == EXACT and primitive in WHOLE and self.is_whole(primitive, numbers, values[position]):
                continue
            error = EXACT if primitive in SELECTING else magnitude(values[position])
            for (_, partial), before in zip(pairs, inherited, strict=True):
                if before != EXACT and (slope := magnitude(values[partial])) != EXACT:
                    error = sum_of(error, slope + before)
            if largest != EXACT and primitive in POWERS:  # of second order: the slope of a square is 0 at 0
                error = sum_of(error, 2 * largest - self.bits)
            errors[position] = inf if is_open(primitive, numbers, [each - self.bits for each in inherited]) else error
        return Run(values, errors, unknown)

    def is_whole(self, primitive: Primitive, operands: Sequence[Any], value: Any) -> bool:
        """Whether a value is an integer made of integers, and so has no error: 6/3 is 2."""
        if not all(map(is_integer, (*operands, value))) or magnitude(value) > self.bits - 2:
            return False
        return primitive is not DIV or bool(value * operands[1] == operands[0])

    def held(self, value: Exact) -> Any:
        if isinstance(value, tuple):
            real, imaginary = map(self.number, value)
            return real + 1j * imaginary
        return self.number(value)


def is_rounded(primitive: Primitive, payload: Any) -> bool:
    """Whether a node is a constant that has no end in binary."""
    return primitive is CONSTANT and not isinstance(plain(payload), int)


def plain(payload: Any) -> Any:
    """A fraction that is an integer as the int."""
    if isinstance(payload, float) and not isinstance(payload, NamedConstant) and payload.is_integer():
        return int(payload)
    return payload.numerator if isinstance(payload, Fraction) and payload.denominator == 1 else payload
