"""Where the entries of an array met a kink."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy

from autodiff.evaluate.arrays import ARRAYS
from autodiff.evaluate.numbers import shortest
from autodiff.evaluate.point import entry_text
from autodiff.evaluate.program import build_program
from autodiff.graph.nodes import Graph
from autodiff.graph.rules import apply_rule
from autodiff.graph.shapes import shape_text
from autodiff.graph.table import OPERATORS, WRITTEN
from autodiff.graph.terms import Term
from autodiff.language.errors import Note


def entries_at_kink(graph: Graph, position: int, values: Sequence[Any]) -> Any:
    """For each entry of a node whether it is at a kink; for one of several entries to one, for each of these."""
    primitive, operands, payload, _ = graph.nodes[position]
    condition = Graph()
    count = len(operands)
    names = (*primitive.operand_names(count), "y")
    nodes = (*operands, position)
    given = {name: condition.variable(name, shape=graph.shapes[n]) for name, n in zip(names, nodes, strict=True)}
    if primitive.array is None:
        output = apply_rule(primitive.kinks_of(count), condition, given)
    else:
        assert primitive.array.kink is not None
        *terms, y = (Term(condition, node) for node in given.values())
        assert isinstance(payload, tuple), "a graph is computed when its shapes are known"
        output = primitive.array.kink(y, *terms, *payload).position
    program = build_program(condition, [output], ARRAYS)
    with numpy.errstate(all="ignore"):
        met = program.run({name: values[n] for name, n in zip(names, nodes, strict=True)})[output]
    return numpy.broadcast_to(met != 0, (graph.shapes[position] or ()) if primitive.array is None else numpy.shape(met))


def array_kink_note(graph: Graph, position: int, values: Sequence[Any]) -> Note:
    """Which entries are at a kink; what the derivatives beside it are, `gradcheck` tells entry by entry."""
    primitive, operands, _, _ = graph.nodes[position]
    span = graph.spans[position]
    if primitive.array is not None:
        shapes = ", ".join(shape_text(graph.shapes[operand]) for operand in operands)
        name = WRITTEN.get(primitive.name, primitive.name)
        return Note("kink", f"{name} of {shapes} is not differentiable here", span, position)
    met = entries_at_kink(graph, position, values)
    first = tuple(int(i) for i in numpy.argwhere(met)[0])
    numbers = [shortest(float(numpy.broadcast_to(values[o], met.shape)[first])) for o in operands]
    count = int(met.sum())
    more = f" and {count - 1} more" if count > 1 else ""
    entries = f"in entry {entry_text(first)}{more}"
    if primitive.name in OPERATORS:
        sign = OPERATORS[primitive.name].split()[1]
        message = f"a choice is made at its very edge, {numbers[0]} {sign} {numbers[1]}, {entries}"
    else:
        message = f"{primitive.name} is not differentiable at {', '.join(numbers)}, {entries}"
    return Note("kink", message, span, position)
