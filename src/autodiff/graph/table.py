"""THE table: every primitive by its name, and what a function's name in a formula stands for."""

from __future__ import annotations

from itertools import chain

from autodiff.graph.primitive import CONSTANT, VARIABLE, Primitive
from autodiff.graph.primitives import (
    activation,
    arithmetic,
    arrangement,
    calculus,
    construction,
    exponential,
    hyperbolic,
    linear_algebra,
    logic,
    reductions,
    special,
    trigonometric,
)

CHAPTERS: dict[str, tuple[Primitive, ...]] = {
    "arithmetic": arithmetic.ROWS,
    "exponentials and logarithms": exponential.ROWS,
    "trigonometry": trigonometric.ROWS,
    "hyperbolic functions": hyperbolic.ROWS,
    "activations": activation.ROWS,
    "special functions": special.ROWS,
    "choices": logic.ROWS,
    "derivatives": calculus.ROWS,
    "arrays": (*arrangement.ROWS, *construction.ROWS),
    "sums and means of arrays": reductions.ROWS,
    "linear algebra": linear_algebra.ROWS,
}
PRIMITIVES: dict[str, Primitive] = {row.name: row for row in chain((VARIABLE, CONSTANT), *CHAPTERS.values())}

# Primitives that are written with an operator and can't be called.
OPERATORS = {
    "add": "a + b",
    "sub": "a - b",
    "mul": "a*b",
    "div": "a/b",
    "neg": "-a",
    "lt": "a < b",
    "le": "a <= b",
    "gt": "a > b",
    "ge": "a >= b",
    "eq": "a == b",
    "ne": "a != b",
    "and": "a and b",
    "or": "a or b",
    "not": "not a",
    "index": "x[0], x[1:], x[:, -1]",
    "smallest": "min(x, axis)",
    "largest": "max(x, axis)",
}
# Rows with a name of their own for what is written with another one.
WRITTEN = {"log_base": "log", "smallest": "min", "largest": "max"}
# A function's name, or another name for it, to its row.
FUNCTIONS: dict[str, Primitive] = {
    name: row
    for row in PRIMITIVES.values()
    if not row.internal and row.name not in OPERATORS
    for name in (row.name, *row.aliases)
}
# The names that the parser takes for functions: in the texts of the table the internal ones, too.
CALLABLE_NAMES = frozenset((*PRIMITIVES, *FUNCTIONS)) - OPERATORS.keys() - {"variable", "constant"}


# Functions that make a program one of arrays, whose shapes must be known before it means anything.
ARRAY_FUNCTIONS = frozenset(
    name for name, row in FUNCTIONS.items() if row.array or row.constant or row.parameters or row is PRIMITIVES["diag"]
)


def function_called(name: str, operand_count: int) -> Primitive:
    """The row for a call with so many operands, parameters not counted. Raises KeyError for a name without one.

    `log` or `lg` of two operands is `log_base`; `min` and `max` of one are those of its entries.
    """
    if operand_count == 2 and name in ("log", "ln", "lg"):
        name = "log_base"
    if operand_count == 1 and name in ("min", "max"):
        return PRIMITIVES["smallest" if name == "min" else "largest"]
    return FUNCTIONS[name]
