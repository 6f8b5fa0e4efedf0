"""Numbers and arrays that stand in the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autodiff.graph.nodes import ArrayConstant, Graph, NamedConstant
from autodiff.graph.primitive import CONSTANT
from autodiff.graph.shapes import allowed
from autodiff.graph.table import PRIMITIVES
from autodiff.language.errors import Span

if TYPE_CHECKING:
    from autodiff.graph.nodes import Number

NEG, STACK = PRIMITIVES["neg"], PRIMITIVES["stack"]
MAX_EXACT_DIGITS = 300
MAX_EXACT_EXPONENT = 5000


def read_number(text: str) -> Number:
    """The number that a literal means: exact where it is an integer of up to 300 digits."""
    if text.isdecimal() and len(text) <= MAX_EXACT_DIGITS:
        return int(text)
    return float(text)


def read_exactly(text: str) -> Number:
    """The number that a literal means, with all its digits: `0.1` is 1/10, which no binary64 is."""
    mantissa, _, exponent = text.lower().partition("e")
    if len(mantissa) > MAX_EXACT_DIGITS or abs(int(exponent or 0)) > MAX_EXACT_EXPONENT:
        return read_number(text)
    from fractions import Fraction

    value = Fraction(text)
    return value.numerator if value.denominator == 1 else value


def add_array(graph: Graph, operands: tuple[int, ...], label: str | None, span: Span) -> int:
    """The node of `[a, b, ...]`: a constant where all entries are numbers or constant arrays. Raises ShapeError."""
    known = [constant_entries(graph, operand) for operand in operands]
    shapes = {graph.shapes[operand] for operand in operands}
    if any(entry is None for entry in known) or len(shapes) > 1:
        return graph.add(STACK, operands, payload=(0,), label=label, span=span)
    import numpy

    allowed((len(known), *(next(iter(shapes), ()) or ())))
    entries = numpy.array(known, dtype=numpy.float64)
    return graph.constant(ArrayConstant(entries), label=label, span=span)


def constant_entries(graph: Graph, position: int) -> object:
    """What a constant has to say in an array of binary64; None where that would not be all."""
    primitive, operands, payload, label = graph.nodes[position]
    if label is not None:
        return None
    if primitive is NEG and (number := exact_float(graph.number(operands[0]))) is not None:
        return -number
    if primitive is not CONSTANT:
        return None
    return payload.entries if isinstance(payload, ArrayConstant) else exact_float(payload)


def exact_float(payload: object) -> float | None:
    """The binary64 that a number is; None for others, which a backend with more digits knows better."""
    if not isinstance(payload, int | float) or isinstance(payload, NamedConstant):
        return None
    try:
        number = float(payload)
    except OverflowError:
        return None
    return number if number == payload or payload != payload else None
