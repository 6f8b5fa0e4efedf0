"""Second derivatives: the gradient step applied to the gradient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy

from autodiff.evaluate.jacobian import SEED, Linear, Point, known_shape, linear, refuse_too_many, unit_vectors
from autodiff.evaluate.plan import Plan
from autodiff.evaluate.point import entry_text, handed_out, zeros
from autodiff.graph.gradient import gradient, gradient_of
from autodiff.graph.shapes import entries
from autodiff.language.errors import Note

ROUNDING = 64 * 2.0**-53  # differences of two second derivatives, beside the diagonal entries, that are rounding


class Hessian(NamedTuple):
    """The value, for each two names the block of second derivatives, and what is to be said about its symmetry."""

    value: Any
    blocks: dict[str, dict[str, Any]]
    notes: list[Note]


def second_step(plan: Plan, output: int, wrt: Sequence[int]) -> Linear:
    """From a direction in `wrt` to the change of the gradient along it."""
    once = gradient(plan.compiled.graph, output, wrt, with_edges=False)
    graph = once.graph.copy()
    vector = [graph.variable(f"{SEED} {node}", shape=graph.shapes[node]) for node in wrt]
    pairs = [(once.adjoints[node], v) for node, v in zip(wrt, vector, strict=True) if node in once.adjoints]
    twice = gradient_of(graph, pairs, wrt, with_edges=False)
    return linear(twice.graph, vector, [twice.adjoints.get(node) for node in wrt], plan.backend, also=[output])


def hessian_times(
    plan: Plan, output: int, wrt: Mapping[str, int], at: Point, vector: Mapping[int, Any]
) -> dict[str, Any]:
    """The product of the Hessian with one vector."""
    nodes = list(wrt.values())
    function = plan.once(second_step, output, nodes)
    products = function.at(function.before.run(at))([vector[node] for node in nodes])
    graph = plan.compiled.graph
    return {
        name: zeros(known_shape(graph, node)) if product is None else handed_out(product)
        for (name, node), product in zip(wrt.items(), products, strict=True)
    }


def hessian(plan: Plan, output: int, wrt: Mapping[str, int], at: Point) -> Hessian:
    """All second derivatives, a row for each unit vector."""
    names, nodes = list(wrt), list(wrt.values())
    shapes = [known_shape(plan.compiled.graph, node) for node in nodes]
    function = plan.once(second_step, output, nodes)
    known = function.before.run(at)
    apply = function.at(known)
    sizes = [entries(shape) for shape in shapes]
    refuse_too_many(sum(sizes) ** 2)
    starts = [sum(sizes[:place]) for place in range(len(sizes))]
    matrix = numpy.zeros((sum(sizes), sum(sizes)))
    still = [zeros(shape) for shape in shapes]
    row = 0
    for place, shape in enumerate(shapes):
        for _, unit in unit_vectors(shape):
            products = apply([*still[:place], unit, *still[place + 1 :]])
            for start, size, product in zip(starts, sizes, products, strict=True):
                if product is not None:
                    matrix[row, start : start + size] = numpy.ravel(product)
            row += 1
    labels = [name + entry_text(index) for name, shape in zip(names, shapes, strict=True) for index, _ in places(shape)]
    matrix, notes = symmetric(matrix, labels)
    blocks: dict[str, dict[str, Any]] = {name: {} for name in names}
    for i, name in enumerate(names):
        for j, other in enumerate(names):
            block = matrix[starts[i] : starts[i] + sizes[i], starts[j] : starts[j] + sizes[j]]
            blocks[name][other] = handed_out(block.reshape((*shapes[i], *shapes[j])))
    return Hessian(handed_out(known[output], at), blocks, notes)


def places(shape: tuple[int, ...]) -> list[tuple[tuple[int, ...], None]]:
    return [(index, None) for index in numpy.ndindex(*shape)]


def symmetric(matrix: Any, labels: Sequence[str]) -> tuple[Any, list[Note]]:
    """Both halves made their mean where they differ by rounding; a note where they differ by more, or are not finite.

    Rounding is judged beside the entry and beside the diagonal entries of its row and column, from which it may have
    cancelled.
    """
    with numpy.errstate(all="ignore"):
        difference = abs(matrix - matrix.T)
        diagonal = numpy.sqrt(abs(numpy.diagonal(matrix)))
        size = numpy.maximum(numpy.maximum(abs(matrix), abs(matrix.T)), diagonal[:, None] * diagonal[None, :])
        rounding = (difference > 0) & (difference < numpy.inf) & (difference <= ROUNDING * size)
        result = numpy.where(rounding, matrix / 2 + matrix.T / 2, matrix)
        apart = (result != result.T) & ~(numpy.isnan(result) & numpy.isnan(result.T))
    if not apart.any():
        return result, []
    i, j = (int(place) for place in numpy.argwhere(apart)[0])
    count = int(apart.sum()) // 2
    more = f", and {count - 1} more such pairs" if count > 1 else ""
    why = "the order of differentiation matters there, or digits were lost on the way"
    message = (
        f"the Hessian is not symmetric: d/d{labels[i]} d/d{labels[j]} is {result[i, j]:.17g} and "
        f"d/d{labels[j]} d/d{labels[i]} is {result[j, i]:.17g}{more}; {why}"
    )
    return result, [Note("not-symmetric", message)]
