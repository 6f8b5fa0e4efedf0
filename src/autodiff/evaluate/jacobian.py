"""Derivatives of arrays by arrays: the gradient step with a variable in place of the output's adjoint.

What comes out of that step is linear in the variable: one row of the Jacobian for each unit vector. The same step
applied to what came out gives the transpose of that linear function: one column for each unit vector.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy

from autodiff.evaluate.plan import Plan
from autodiff.evaluate.point import all_finite, handed_out, zeros
from autodiff.evaluate.program import Backend, Program, build_program
from autodiff.graph.gradient import dependents, gradient, gradient_of
from autodiff.graph.nodes import Graph
from autodiff.graph.prune import needed
from autodiff.graph.shapes import Shape, entries
from autodiff.language.errors import AutodiffError, Note

MAX_ENTRIES = 100_000_000  # 800 MB
SEED = "the adjoint of the output"  # a name that no formula can contain
Point = Mapping[str, Any]


class Derivatives(NamedTuple):
    """A value, its Jacobian or Hessian by the names of the variables, and what the reader should know about them."""

    value: Any
    derivatives: dict[str, Any]
    notes: list[Note]


class Linear(NamedTuple):
    """A linear function of some nodes at a point: a program for what doesn't depend on them, one for the rest.

    `inputs` are the nodes of the graph that take the vector, `outputs` what becomes of it (None: always zero).
    """

    graph: Graph
    inputs: list[int]
    outputs: list[int | None]
    before: Program
    program: Program

    def at(self, known: list[Any]) -> Callable[[Sequence[Any]], list[Any]]:
        """The function where `before` gave what is `known`: from a value for each input to one for each output."""

        def apply(vector: Sequence[Any]) -> list[Any]:
            values = known.copy()
            for node, value in zip(self.inputs, vector, strict=True):
                values[node] = value
            values = self.program.go_on(values)
            return [None if node is None else values[node] for node in self.outputs]

        return apply


def linear(
    graph: Graph, inputs: list[int], outputs: list[int | None], backend: Backend, also: Sequence[int] = ()
) -> Linear:
    """`also` are further nodes that the first program computes."""
    results = [node for node in outputs if node is not None]
    depends = dependents(graph, inputs)
    wanted = needed(graph, results)
    edge = {
        operand
        for position, node in enumerate(graph.nodes)
        if wanted[position] and depends[position]
        for operand in node.operands
        if not depends[operand]
    }
    edge.update(node for node in (*results, *also) if not depends[node])
    before = build_program(graph, edge, backend)
    return Linear(graph, inputs, outputs, before, build_program(graph, results, backend, known=[*edge, *inputs]))


def backward(plan: Plan, output: int, wrt: Sequence[int]) -> Linear:
    """From a cotangent of the output to what it gives for each of `wrt`."""
    graph = plan.compiled.graph.copy()
    seed = graph.variable(SEED, shape=graph.shapes[output])
    step = gradient(graph, output, wrt, seed, with_edges=False)
    return linear(step.graph, [seed], [step.adjoints.get(node) for node in wrt], plan.backend, also=[output])


def forward(plan: Plan, output: int, wrt: Sequence[int]) -> Linear:
    """From tangents of each of `wrt` to the output's: the transpose of the transpose."""
    graph = plan.compiled.graph.copy()
    seed = graph.variable(SEED, shape=graph.shapes[output])
    once = gradient(graph, output, wrt, seed, with_edges=False)
    graph = once.graph.copy()
    tangents = [graph.variable(f"{SEED} {node}", shape=graph.shapes[node]) for node in wrt]
    pairs = [(once.adjoints[node], t) for node, t in zip(wrt, tangents, strict=True) if node in once.adjoints]
    twice = gradient_of(graph, pairs, [seed], with_edges=False)
    return linear(twice.graph, tangents, [twice.adjoints.get(seed)], plan.backend, also=[output])


def jacobian(plan: Plan, output: int, wrt: Mapping[str, int], at: Point) -> tuple[Any, dict[str, Any]]:
    """The value, and for each name the derivatives, in the shape of the output followed by the name's."""
    graph, nodes = plan.compiled.graph, list(wrt.values())
    shape, shapes = known_shape(graph, output), [known_shape(graph, node) for node in nodes]
    refuse_too_many(entries(shape) * sum(map(entries, shapes)))
    by_columns = sum(map(entries, shapes)) < entries(shape)
    if by_columns:
        function = plan.once(forward, output, nodes)
        known = function.before.run(at)
    if by_columns and is_tame(known):
        blocks = columns(function.at(known), shape, shapes)
    else:
        function = plan.once(backward, output, nodes)
        known = function.before.run(at)
        blocks = rows(function.at(known), shape, shapes)
    return handed_out(known[output], at), {name: handed_out(block) for name, block in zip(wrt, blocks, strict=True)}


def jacobian_notes(
    plan: Plan, output: int, wrt: Mapping[str, int], at: Point, text: str, blocks: Iterable[Any]
) -> list[Note]:
    """Kinks that were met, and why an entry is not finite: of the sum of the output's entries.

    `blocks` are all that must be finite, the value included.
    """
    is_finite = all(map(all_finite, blocks))
    if is_finite and not plan.has_kinks:
        return []
    job = plan.job(output, tuple(wrt.values()))
    notes = []
    if plan.has_kinks:
        from autodiff.evaluate.kinks import kink_notes

        notes += kink_notes(job, job.program.run(at), at, wrt, sides=False)
    if not is_finite:
        from autodiff.evaluate.explanation import explained

        notes += explained(plan, job, text, wrt, at)
    return notes


def refuse_too_many(count: int) -> None:
    """Raises AutodiffError for a matrix of derivatives that is larger than anybody could look at, or keep."""
    if count > MAX_ENTRIES:
        raise AutodiffError(
            "too-many-entries",
            f"the matrix of derivatives has {count} entries, more than {MAX_ENTRIES}",
            suggestion="name fewer variables with wrt, or use jvp, vjp or hvp, which need no matrix",
        )


def is_tame(known: Iterable[Any]) -> bool:
    """Whether all that a linear function multiplies by is finite.

    Only then both directions give the same: an infinite partial meets a zero that comes from the other side, and which
    of the two is exactly zero first decides.
    """
    return all(value is None or all_finite(value) for value in known)


def rows(apply: Callable[[Sequence[Any]], list[Any]], shape: Shape, shapes: Sequence[Shape]) -> list[Any]:
    blocks = [numpy.zeros((*shape, *other)) for other in shapes]
    for index, unit in unit_vectors(shape):
        for block, slopes in zip(blocks, apply([unit]), strict=True):
            if slopes is not None:
                block[index] = slopes
    return blocks


def columns(apply: Callable[[Sequence[Any]], list[Any]], shape: Shape, shapes: Sequence[Shape]) -> list[Any]:
    blocks = [numpy.zeros((*shape, *other)) for other in shapes]
    still = [zeros(other) for other in shapes]
    for place, block in enumerate(blocks):
        for index, unit in unit_vectors(shapes[place]):
            (moved,) = apply([*still[:place], unit, *still[place + 1 :]])
            if moved is not None:
                numpy.moveaxis(block, range(-len(index), 0), range(len(index)))[index] = moved
    return blocks


def directional(
    plan: Plan, output: int, wrt: Mapping[str, int], at: Point, moves: Mapping[int, Any]
) -> tuple[Any, Any]:
    """The value, and how it moves when the nodes move as given."""
    nodes = list(wrt.values())
    function = plan.once(forward, output, nodes)
    known = function.before.run(at)
    value = handed_out(known[output], at)
    if not is_tame(known):
        return value, moved_by_rows(plan, output, [(node, moves[node]) for node in nodes], at)
    (moved,) = function.at(known)([moves[node] for node in nodes])
    return value, zeros(known_shape(plan.compiled.graph, output)) if moved is None else handed_out(moved, at)


def moved_by_rows(plan: Plan, output: int, moves: Sequence[tuple[int, Any]], at: Point) -> Any:
    """The Jacobian, which reverse mode gives, times the moves; what does not move does not count."""
    nodes = [node for node, _ in moves]
    graph = plan.compiled.graph
    shape = known_shape(graph, output)
    function = plan.once(backward, output, nodes)
    apply = function.at(function.before.run(at))
    blocks = rows(apply, shape, [known_shape(graph, node) for node in nodes])
    total = numpy.zeros(shape)
    for block, (_, move) in zip(blocks, moves, strict=True):
        with numpy.errstate(all="ignore"):
            products = numpy.where(numpy.equal(move, 0.0), 0.0, block * move)
        total = total + products.sum(axis=tuple(range(len(shape), block.ndim)))
    return total if shape else float(total)


def weighted_gradient(
    plan: Plan, output: int, wrt: Mapping[str, int], at: Point, weight: Any
) -> tuple[Any, dict[str, Any]]:
    """The value, and for each name what the cotangent `weight` gives."""
    nodes = list(wrt.values())
    function = plan.once(backward, output, nodes)
    known = function.before.run(at)
    slopes = function.at(known)([weight])
    graph = plan.compiled.graph
    return handed_out(known[output], at), {
        name: zeros(known_shape(graph, node)) if slope is None else handed_out(slope)
        for (name, node), slope in zip(wrt.items(), slopes, strict=True)
    }


def unit_vectors(shape: Shape) -> Iterator[tuple[tuple[int, ...], Any]]:
    """Each index of an array, and the array that is 1 there and 0 elsewhere; for a number just 1."""
    if not shape:
        yield (), 1.0
        return
    for index in numpy.ndindex(*shape):
        unit = numpy.zeros(shape)
        unit[index] = 1.0
        yield index, unit


def known_shape(graph: Graph, node: int) -> Shape:
    shape = graph.shapes[node]
    assert shape is not None, "a graph is evaluated when its shapes are known"
    return shape
