"""Formulas of matrices at a point, in 60 digits: their values, and their derivatives by differences alone."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

import numpy

from autodiff.evaluate.digits import digits
from autodiff.evaluate.digits.arrays import digit_arrays
from autodiff.evaluate.program import build_program
from autodiff.graph.compiler import Compiled, compile_program, parser
from autodiff.graph.shapes import Shape
from autodiff.symbolic.answer import Answer, differentiated

BITS = 240
NUMBER = digits(BITS).number
STEP = NUMBER(2.0**-80)
AGREEMENT = NUMBER(1e-40)  # the differences are off by the square of the step
Shapes = Mapping[str, Shape]


def read_shapes(text: str) -> dict[str, Shape]:
    """`x=3, A=3x3, s=` as a mapping."""
    pairs = (pair.strip().partition("=") for pair in text.split(","))
    return {name: tuple(map(int, filter(None, lengths.split("x")))) for name, _, lengths in pairs if name}


def compiled(text: str, shapes: Shapes) -> Compiled:
    return compile_program(parser().parse(text), text, shapes=shapes)


def derivatives(text: str, shapes: Shapes) -> Answer:
    program = compiled(text, shapes)
    return differentiated(program, program.output, dict(program.variables), text)


def point(shapes: Shapes) -> dict[str, Any]:
    """Positive numbers, always the same ones; square matrices far from singular."""
    random, at = Random("a point"), {}
    for name, shape in sorted(shapes.items()):
        entries = numpy.empty(shape, dtype=object)
        for place in numpy.ndindex(*shape):
            on_diagonal = len(place) == 2 and place[0] == place[1]
            entries[place] = NUMBER(random.uniform(0.2, 1.5) + 2 * on_diagonal)
        at[name] = entries
    return at


def value(text: str, shapes: Shapes, at: Mapping[str, Any]) -> Any:
    program, backend = compiled(text, shapes), digit_arrays(BITS)
    numbers = {name: at[name] if shapes[name] else at[name][()] for name in program.variables}
    return build_program(program.graph, [program.output], backend).run(numbers)[program.output]


def slopes(text: str, name: str, shapes: Shapes, at: Mapping[str, Any]) -> Any:
    """Central differences by each entry of a variable."""
    result = numpy.empty(shapes[name], dtype=object)
    for place in numpy.ndindex(*shapes[name]):
        ends = []
        for sign in (1, -1):
            moved = at[name].copy()
            moved[place] += sign * STEP
            ends.append(value(text, shapes, {**at, name: moved}))
        result[place] = (ends[0] - ends[1]) / (2 * STEP)
    return result


def agree(one: Any, other: Any) -> bool:
    """Whether two numbers or arrays have one shape and the same entries, to 40 digits of the largest."""
    one, other = numpy.asarray(one, dtype=object), numpy.asarray(other, dtype=object)
    if one.shape != other.shape:
        return False
    size = max(map(abs, other.flat), default=0) + 1
    return all(abs(a - b) <= AGREEMENT * size for a, b in zip(one.flat, other.flat, strict=True))
