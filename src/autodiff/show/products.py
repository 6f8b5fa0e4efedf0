"""The vector-Jacobian products of array primitives as formulas, for operands of a size that shows what happens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autodiff.graph.calls import default_settings
from autodiff.graph.gradient import gradient
from autodiff.graph.nodes import Graph
from autodiff.graph.primitive import Primitive
from autodiff.graph.shapes import Shape
from autodiff.graph.terms import Term
from autodiff.show.formula import formula

# The operands' shapes by their names in the table: vectors, and matrices that are square.
SHAPES: dict[str, Shape] = {"x": (3,), "u": (3,), "v": (3,), "a": (3, 3), "b": (3, 3)}
MATRICES: dict[str, Shape] = {"x": (2, 3)}
PARAMETERS: dict[str, dict[str, Any]] = {"index": {"items": [slice(1, None)]}, "reshape": {"shape": [3, 2]}}


def product_texts(row: Primitive) -> Iterator[tuple[str, str]]:
    """What the node adds to the adjoint of each operand; `adjoint` is the node's own, `y` the node.

    Of a row that is differentiated through its definition, that.
    """
    assert row.array is not None
    graph = Graph()
    shapes = {**SHAPES, **MATRICES} if row.name in ("transpose", "reshape") else SHAPES
    names = ["x", "u"] if row.variadic else list(row.operands)
    operands = tuple(graph.variable(name, shape=shapes[name]) for name in names)
    settings = {**default_settings(row), **PARAMETERS.get(row.name, {})}
    payload = row.array.settle([shapes[name] for name in names], settings)
    if row.array.define is not None:
        defined = row.array.define(*(Term(graph, operand) for operand in operands), *payload)
        yield "definition", formula(graph, defined.position)
        return
    output = graph.add(row, operands, payload=payload)
    seed = graph.variable("adjoint", shape=graph.shapes[output])
    step = gradient(graph, output, operands, seed)
    for index, name in enumerate(names):
        yield f"adjoint of {name}", formula(step.graph, step.contributions[output, index], {output: "y"})
