"""Where a result met a kink, and what its derivative is on both sides of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from autodiff.evaluate.explanation import chosen_branches
from autodiff.evaluate.floats import FLOATS
from autodiff.evaluate.numbers import rounded_text, shortest
from autodiff.evaluate.program import Differentiated, text_kernel
from autodiff.graph.gradient import dependents
from autodiff.graph.nodes import Graph
from autodiff.graph.prune import needed
from autodiff.graph.table import OPERATORS, PRIMITIVES
from autodiff.language.errors import Note

WHERE = PRIMITIVES["where"]
MOST_NOTES, MOST_VARIABLES = 5, 4
# How far to step aside: first as little as possible, so that the derivative there is the one-sided one to the last
# digits; then farther, until the kink is left behind.
STEPS_FROM_ZERO = (2.0**-500, 2.0**-100, 2.0**-52, 2.0**-26)
FARTHER = 2.0**20
RELATIVE_STEPS = (2.0**-52, 2.0**-46, 2.0**-36, 2.0**-26)


def kink_notes(
    job: Differentiated, values: list[Any], point: Mapping[str, Any], wrt: Mapping[str, int], sides: bool = True
) -> list[Note]:
    """A note for each node at a kink that the derivatives with respect to the variables `wrt` depend on.

    With `sides`, it has the derivatives on both sides, and there is none where they agree.
    """
    met = nodes_at_kinks(job, values, wrt)
    notes: list[Note] = []
    for position in met[: MOST_NOTES + 1]:
        if len(notes) == MOST_NOTES:
            notes.append(Note("kink", f"{len(met) - MOST_NOTES} more nodes are at a kink"))
            break
        note = kink_note(job, position, values, point if sides else {}, wrt)
        if note is not None:
            notes.append(note)
    return notes


def nodes_at_kinks(job: Differentiated, values: list[Any], wrt: Mapping[str, int]) -> list[int]:
    """The nodes at a kink between `wrt` and the output, those on a branch that was not chosen left out."""
    graph = job.graph
    depends = dependents(graph, wrt.values())
    chosen = chosen_nodes(graph, job.output, values)
    met = []
    for position, node in enumerate(graph.nodes):
        if not (
            node.primitive.has_kinks and depends[position] and chosen[position] and at_kink(graph, position, values)
        ):
            continue
        met.append(position)
    return met


def chosen_nodes(graph: Graph, output: int, values: list[Any]) -> list[bool]:
    """For each node whether the output's value comes from it; of a `where`, only the branch that it chose counts."""
    chosen = [False] * len(graph.nodes)
    chosen[output] = True
    for position in range(output, -1, -1):
        if chosen[position]:
            node = graph.nodes[position]
            operands = node.operands
            if node.primitive is WHERE:
                operands = (operands[0], *chosen_branches(values[operands[0]], operands))
            for operand in operands:
                chosen[operand] = True
    return chosen


def at_kink(graph: Graph, position: int, values: list[Any]) -> bool:
    """Whether the node, or an entry of it, is at a kink."""
    if graph.shapes[position] != () or graph.nodes[position].primitive.array is not None:
        from autodiff.evaluate.array_kinks import entries_at_kink

        return bool(entries_at_kink(graph, position, values).any())
    primitive, operands, _, _ = graph.nodes[position]
    names = primitive.operand_names(len(operands))
    condition = primitive.kinks_of(len(operands))
    return bool(text_kernel(condition, (*names, "y"), FLOATS)(*(values[o] for o in operands), values[position]))


def kink_note(
    job: Differentiated,
    position: int,
    values: list[Any],
    point: Mapping[str, Any],
    wrt: Mapping[str, int],
) -> Note | None:
    """The note, or None if left and right agree with what was given: a kink that isn't one in the result."""
    graph = job.graph
    if graph.shapes[position] != () or graph.nodes[position].primitive.array is not None:
        from autodiff.evaluate.array_kinks import array_kink_note

        return array_kink_note(graph, position, values)
    primitive, operands, _, _ = graph.nodes[position]
    below = needed(graph, [position])
    concerned = [
        (name, variable)
        for name, variable in wrt.items()
        if name in point and below[variable] and graph.shapes[variable] == ()
    ]
    sides = []
    for name, variable in concerned[:MOST_VARIABLES]:
        given = value_or_zero(values, job.gradient.adjoints.get(variable))
        described = described_sides(job, position, name, variable, point, given)
        if described:
            sides.append(described)
    if concerned and not sides:
        return None
    numbers = [shortest(values[operand]) for operand in operands]
    if primitive.name in OPERATORS:  # a comparison
        sign = OPERATORS[primitive.name].split()[1]
        message = f"a choice is made at its very edge, {numbers[0]} {sign} {numbers[1]}"
    else:
        message = f"{primitive.name} is not differentiable at {', '.join(numbers)}"
    return Note("kink", "; ".join([message, *sides]), graph.spans[position], position)


def described_sides(
    job: Differentiated, position: int, name: str, variable: int, point: Mapping[str, Any], given: float
) -> str:
    """`d/dx is -1 to the left and 1 to the right, given as 0`, or nothing where all three are the same."""
    left, right = (beside(job, position, name, variable, point, direction) for direction in (-1.0, 1.0))
    if left is None or right is None:
        known = [(word, side) for word, side in (("left", left), ("right", right)) if side]
        texts = [f"{rounded_text(side.slope)} to the {word}" for word, side in known]
        return f"d/d{name} is {' and '.join(texts)}, given as {rounded_text(given)}" if texts else ""
    if jumps(left, right):
        return (
            f"the value jumps from {rounded_text(left.value)} to {rounded_text(right.value)} as {name} grows, "
            f"d/d{name} is given as {rounded_text(given)}"
        )
    if same(left.slope, right.slope) and same(left.slope, given):
        return ""
    return (
        f"d/d{name} is {rounded_text(left.slope)} to the left and {rounded_text(right.slope)} to the right, "
        f"given as {rounded_text(given)}"
    )


class Side(NamedTuple):
    """Value and derivative a small step aside, and the value a longer step aside."""

    value: float
    slope: float
    value_farther: float


def beside(
    job: Differentiated, position: int, name: str, variable: int, point: Mapping[str, Any], direction: float
) -> Side | None:
    """The nearest place aside where the node is no longer at its kink; None if there is no such."""
    x = point[name]
    steps = [abs(x) * step for step in RELATIVE_STEPS] if x else STEPS_FROM_ZERO
    for step in steps:
        values = job.program.run({**point, name: x + direction * step})
        if not at_kink(job.graph, position, values):
            break  # where other operands tie among themselves the last step has to do
    value, slope = values[job.output], value_or_zero(values, job.gradient.adjoints.get(variable))
    if not math.isfinite(value) or math.isnan(slope):
        return None
    farther = job.program.run({**point, name: x + direction * step * FARTHER})
    slope_farther = value_or_zero(farther, job.gradient.adjoints.get(variable))
    if abs(slope) > 16.0 * abs(slope_farther) > 0.0:  # it grows without bound towards the kink
        slope = math.copysign(math.inf, slope)
    elif abs(slope) < 1e-3 * abs(slope_farther):  # it vanishes towards the kink
        slope = 0.0
    return Side(value, slope, farther[job.output])


def jumps(left: Side, right: Side) -> bool:
    """Whether the values differ, and by as much as farther away: what is continuous gets closer towards the kink."""
    gap, wider_gap = abs(right.value - left.value), abs(right.value_farther - left.value_farther)
    return gap > 0.5 * wider_gap and gap > 1e-9 * max(abs(left.value), abs(right.value))


def value_or_zero(values: list[Any], position: int | None) -> float:
    return 0.0 if position is None else values[position]


def same(a: float, b: float) -> bool:
    """Whether two slopes found a tiny step apart are the same but for that step."""
    return a == b or math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-100)
