"""What rounding can decide: the side of a jump, whether there is a value, whether a number leaves the range."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import Any

from autodiff.check.magnitude import magnitude, sum_of
from autodiff.evaluate.program import Backend, Program, build_program
from autodiff.graph.primitive import Primitive
from autodiff.graph.rules import rule
from autodiff.graph.table import PRIMITIVES

COMPARISONS = frozenset(PRIMITIVES[name] for name in ("lt", "le", "gt", "ge", "eq", "ne"))
STEPS = frozenset(PRIMITIVES[name] for name in ("floor", "ceil", "round", "mod", "sign", "ties", "atan2"))
WHERE, POW, POLYGAMMA = PRIMITIVES["where"], PRIMITIVES["pow"], PRIMITIVES["polygamma"]
# What may leave the range of numbers: a 0 or an infinity that they give for other operands is none.
OUT_OF_RANGE = frozenset(
    PRIMITIVES[name]
    for name in (
        *("mul", "strong_product", "div", "pow", "lowered_power", "power_slope", "square", "exp", "exp2", "expm1"),
        *("sinh", "cosh", "sech", "csch", "gaussian", "erfc", "erfi", "sigmoid", "softplus", "silu", "gamma"),
        *("factorial", "beta", "besseli", "besselk", "quotient_slope", "exponent_slope", "lgamma"),
    )
)
SURE = (-inf, -inf)
MARGIN = 12.0  # bits by which an operand must be farther from an edge than its error


class Edges:
    """The comparisons in the texts of the table, with the kernels of one backend."""

    def __init__(self, backend: Backend, bits: int) -> None:
        self.backend = backend
        self.bits = bits
        self.programs: dict[str, tuple[Program, list[tuple[int, int]]]] = {}

    def is_near(self, text: str, names: Sequence[str], numbers: Sequence[Any], error: float) -> bool:
        """Whether the two sides of a comparison in a condition are as near to each other as an error."""
        if text not in self.programs:
            graph = rule(text).graph
            pairs = [(n.operands[0], n.operands[1]) for n in graph.nodes if n.primitive in COMPARISONS]
            sides = [side for pair in pairs for side in pair]
            self.programs[text] = build_program(graph, sides, self.backend), pairs
        program, pairs = self.programs[text]
        values = program.run(dict(zip(names, numbers, strict=True)))
        return any(is_small(values[left] - values[right], error - self.bits) for left, right in pairs)


def is_small(number: Any, error: float) -> bool:
    """Whether a number may be 0, by the logarithm of its error."""
    return magnitude(number) <= error + MARGIN


def is_open(primitive: Primitive, numbers: Sequence[Any], errors: Sequence[float]) -> bool:
    """Whether rounding, by the logarithms of the errors, may have put an operand on the wrong side of a jump."""
    error = max(errors)
    if error == -inf or (primitive not in COMPARISONS and primitive not in STEPS) or not all(map(is_real, numbers)):
        return False
    if primitive in COMPARISONS or primitive.name == "ties":
        pairs = zip(numbers[1:], errors[1:], strict=True)
        return any(
            is_small(numbers[0] - other, max(errors[0], own)) for other, own in pairs if (errors[0], own) != SURE
        )
    if primitive.name == "sign":
        return is_small(numbers[0], error)
    if primitive.name == "atan2":
        return is_small(numbers[0], error) and bool(numbers[1] < 0)
    quotient = numbers[0]
    if primitive.name == "mod" and numbers[1]:
        quotient = numbers[0] / numbers[1]
        error = sum_of(errors[0], magnitude(quotient) + errors[1]) - magnitude(numbers[1])
    return is_small(2 * quotient - quotient.context.nint(2 * quotient), error + 1)


def is_unknown(
    edges: Edges,
    primitive: Primitive,
    operands: Sequence[int],
    values: Sequence[Any],
    position: int,
    error: float,
    unknown: set[int],
) -> bool:
    """Whether a value, or whether there is one, is not known: by its range, by rounding, or by its operands."""
    if primitive is WHERE and operands[0] not in unknown:
        operands = [operands[1] if values[operands[0]] else operands[2]]
    if unknown and not unknown.isdisjoint(operands):
        return True
    value = values[position]
    numbers = [values[operand] for operand in operands]
    if value != value:
        if error == -inf or any(number != number for number in numbers):
            return False
        if primitive in (POW, POLYGAMMA):  # of a negative base only whole powers are real
            whole = numbers[1] if primitive is POW else numbers[0]
            if is_real(whole) and is_small(whole - whole.context.nint(whole), error - edges.bits):
                return True
        names = primitive.operand_names(len(numbers))
        return bool(primitive.domain) and edges.is_near(primitive.domain, names, numbers, error)
    if primitive not in OUT_OF_RANGE or (value and not is_infinite(value)):
        return False
    # Of operands that are neither 0 nor infinite nothing is either; 1/0 is infinite, and 0*x is 0.
    return all(number and not is_infinite(number) for number in numbers)


def is_infinite(number: Any) -> bool:
    return bool(number.context.isinf(number)) if hasattr(number, "context") else abs(number) == inf


def is_integer(number: Any) -> bool:
    return bool(number.context.isint(number)) if hasattr(number, "context") else number == int(number)


def is_real(number: Any) -> bool:
    return not hasattr(number, "imag") or number.imag == 0
