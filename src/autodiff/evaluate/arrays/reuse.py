"""Results written over operands that nothing needs any more: a million entries cost as much to place as to compute."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy

from autodiff.evaluate.arrays.arrangement import add_at
from autodiff.evaluate.arrays.elementwise.arithmetic import strong_product
from autodiff.evaluate.program import Kernel, Program
from autodiff.graph.nodes import Graph

# What hands on its operand's entries instead of making new ones: nothing may be written over them.
VIEWS = {"index", "reshape", "transpose", "broadcast", "diagonal", "sum_to"}
# What makes an array of its own, beside all that works entry by entry.
FRESH = {"scatter", "add_at", "matmul", "concat", "stack", "outer", "cumsum"}


# By primitive; they take the operands, the payload, and `out` to write into, which is one of the operands.
IN_PLACE: dict[str, Callable[..., Any]] = {
    "add": numpy.add,
    "sub": numpy.subtract,
    "mul": numpy.multiply,
    "div": numpy.divide,
    "neg": numpy.negative,
    "square": numpy.square,
    "strong_product": strong_product,
    "add_at": add_at,
}


def reusing(graph: Graph, program: Program) -> Program:
    """The program with each result, where possible, in the place of an operand that it is the last to use."""
    viewed = {
        operand
        for position, _, operands in program.instructions
        if graph.nodes[position].primitive.name in VIEWS
        for operand in operands
    }
    instructions = []
    for instruction, released in zip(program.instructions, program.releases or (), strict=True):
        position, kernel, operands = instruction
        place = next(
            (
                index
                for index, operand in enumerate(operands)
                if operand in released and operand not in viewed and fits(graph, operand, position)
            ),
            None,
        )
        name = graph.nodes[position].primitive.name
        if place is not None and name in IN_PLACE and not (name == "add_at" and place):
            kernel = writing(IN_PLACE[name], place, graph.nodes[position].payload or ())
        instructions.append((position, kernel, operands))
    return program._replace(instructions=instructions)


def fits(graph: Graph, operand: int, position: int) -> bool:
    primitive = graph.nodes[operand].primitive
    fresh = primitive.array is None or primitive.name in FRESH
    return fresh and graph.shapes[operand] == graph.shapes[position] != ()


def writing(function: Callable[..., Any], place: int, payload: Any) -> Kernel:
    def kernel(*operands: Any) -> Any:
        return function(*operands, *payload, out=operands[place])

    return kernel
