"""Values in many digits, each with a bound on how far rounding may have moved it.

The bound is the running error of first order: a node passes on the errors of its operands by its local partials, which
come from the table of primitives, and adds one rounding of its own (Higham, Accuracy and Stability, 3.3). It is no
enclosure; whoever decides by it leaves a margin, and asks for more digits where that is not enough.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import inf, isfinite, ldexp
from typing import Any, NamedTuple

from autodiff.evaluate.program import Backend, build_program
from autodiff.graph.gradient import add_partial
from autodiff.graph.nodes import Graph, NamedConstant
from autodiff.graph.primitive import CONSTANT
from autodiff.graph.prune import needed
from autodiff.graph.table import PRIMITIVES

COMPARISONS = frozenset(PRIMITIVES[name] for name in ("lt", "le", "gt", "ge", "eq", "ne"))
STEPS = frozenset(PRIMITIVES[name] for name in ("floor", "ceil", "round", "mod", "sign", "ties"))
MARGIN = 1 << 12  # how much nearer than its error an operand must be to a jump for its side to be open
LARGEST_MAGNITUDE = 1000  # in bits: beyond it a size is held to be infinite, below the negative of it to be this small

Exact = Fraction | tuple[Fraction, Fraction]  # a real number, or a complex one by its parts


class Value(NamedTuple):
    """A number of mpmath, and how far it may be off.

    `error` counts units of 2^-bits, as a float; a value that is not known at all has the error inf. It is as large as
    the numbers that the value was made of.
    """

    number: Any
    error: float


class ManyDigits:
    """The nodes `results` of a graph of numbers, with `bits` bits and bounds on the errors.

    `backend` makes the namespace of kernels for so many bits, of real or of complex numbers.
    """

    def __init__(self, graph: Graph, results: Sequence[int], bits: int, backend: Callable[[int], Backend]) -> None:
        kernels = backend(bits)
        exact = Backend(kernels.kernels, lambda payload: kernels.number(as_typed(payload)))
        exact.made = kernels.made
        extended = graph.copy()
        wanted = needed(graph, results)
        self.bits = bits
        self.number = kernels.number
        self.results = results
        self.unit = ldexp(1.0, -bits)
        self.rounded = [p for p, node in enumerate(graph.nodes) if wanted[p] and is_rounded(node.primitive, node)]
        self.edges: list[tuple[int, Any, list[tuple[int, int]]]] = []
        partials: list[int] = []
        for position, node in enumerate(graph.nodes):
            if wanted[position] and node.operands:
                pairs = [(operand, add_partial(extended, position, i)) for i, operand in enumerate(node.operands)]
                self.edges.append((position, node.primitive, pairs))
                partials += [partial for _, partial in pairs]
        self.program = build_program(extended, [*results, *partials], exact)

    def at(self, point: Mapping[str, Exact]) -> list[Value]:
        """The values of the results at a point of exact numbers."""
        values = self.program.run({name: self.held(value) for name, value in point.items()})
        errors: dict[int, float] = {position: size(values[position]) for position in self.rounded}
        for position, primitive, pairs in self.edges:
            error = size(values[position])
            passed = 0.0
            for operand, partial in pairs:
                inherited = errors.get(operand, 0.0)
                if inherited:
                    slope = size(values[partial])
                    passed += slope * inherited if slope else 0.0
            if (primitive in COMPARISONS or primitive in STEPS) and self.is_open(primitive, pairs, values, errors):
                passed = inf
            errors[position] = error + passed if passed == passed else inf
        return [Value(values[position], errors.get(position, 0.0)) for position in self.results]

    def held(self, value: Exact) -> Any:
        if isinstance(value, tuple):
            real, imaginary = map(self.number, value)
            return real + 1j * imaginary
        return self.number(value)

    def is_open(
        self, primitive: Any, pairs: list[tuple[int, int]], values: list[Any], errors: dict[int, float]
    ) -> bool:
        """Whether rounding may have put an operand on the wrong side of a jump."""
        operands = [values[operand] for operand, _ in pairs]
        error = max(errors.get(operand, 0.0) for operand, _ in pairs) * self.unit * MARGIN
        if error == 0 or not all(map(is_real, operands)):
            return False
        if primitive in COMPARISONS or primitive.name == "ties":
            first, *others = operands
            return any(0 <= size(first - other) <= error for other in others)
        if primitive.name == "sign":
            return size(operands[0]) <= error
        quotient = operands[0] / operands[1] if primitive.name == "mod" and operands[1] else operands[0]
        return size(2 * quotient - int_near(2 * quotient)) <= 4 * error


def is_rounded(primitive: Any, node: Any) -> bool:
    """Whether a node is a constant that has no end in binary."""
    if primitive is not CONSTANT:
        return False
    payload = as_typed(node.payload)
    return not isinstance(payload, int)


def as_typed(payload: Any) -> Any:
    """A decimal fraction as it was typed: 0.1 is 1/10."""
    if isinstance(payload, float) and not isinstance(payload, NamedConstant) and isfinite(payload):
        fraction = Fraction(repr(payload))
        return fraction.numerator if fraction.denominator == 1 else fraction
    return payload


def is_real(number: Any) -> bool:
    return not hasattr(number, "imag") or number.imag == 0


def int_near(number: Any) -> Any:
    return number.context.nint(number) if hasattr(number, "context") else round(number)


def size(number: Any) -> float:
    """The absolute value as a float; a power of two where that is too small for one, inf for what is not finite."""
    if not number:
        return 0.0
    magnitude = number.context.mag(number) if hasattr(number, "context") else 0
    if not isinstance(magnitude, int) or magnitude > LARGEST_MAGNITUDE:
        return inf
    if magnitude < -LARGEST_MAGNITUDE:
        return ldexp(1.0, -LARGEST_MAGNITUDE)
    return abs(complex(number)) if hasattr(number, "_mpc_") else abs(float(number))
