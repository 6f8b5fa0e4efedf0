"""How far results may be apart that have the same operations with 4 ULP each: a bound for each row.

Running error analysis (Higham, Accuracy and Stability of Numerical Algorithms, section 3.3), to first order: a node's
error is what its own operation adds, and those of its operands times the local partials. The bound is the formula's
own condition, so it is tight where digits are kept and wide where terms cancel.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy

from autodiff.evaluate.arrays.elementwise import KERNELS
from autodiff.evaluate.batch.tape import Tape
from autodiff.graph.gradient import add_partial
from autodiff.graph.primitive import CONSTANT, VARIABLE

ULPS = 4.0


def rounding_bounds(tape: Tape, columns: Mapping[str, Any]) -> dict[int, Any]:
    """For each of the tape's results how far from the truth it may be, in each row; NaN where the bound is lost."""
    graph = tape.graph.copy()
    partials: dict[int, list[int]] = {}
    for position in tape.steps:
        operands = graph.nodes[position].operands
        partials[position] = [add_partial(graph, position, index) for index in range(len(operands))]
    count = len(next(iter(columns.values())))
    values: list[Any] = []
    for primitive, operands, payload, _ in graph.nodes:
        if primitive is VARIABLE:
            values.append(numpy.asarray(columns[str(payload)]))
        elif primitive is CONSTANT:
            values.append(numpy.full(count, float(payload)))
        else:
            values.append(KERNELS[primitive.name](*[values[operand] for operand in operands]))
    errors: dict[int, Any] = {node: numpy.zeros(count) for node in tape.columns.values()}
    for position in tape.steps:
        total = ULPS * numpy.spacing(numpy.abs(values[position]))
        for operand, partial in zip(graph.nodes[position].operands, partials[position], strict=True):
            error = errors.get(operand, numpy.zeros(count) + numpy.spacing(numpy.abs(values[operand])))
            share = numpy.abs(values[partial]) * error
            total = total + numpy.where(error == 0.0, 0.0, share)
        errors[position] = total
    return {node: errors.get(node, numpy.spacing(numpy.abs(values[node]))) for node in tape.outputs}
