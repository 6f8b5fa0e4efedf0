"""Why a result is not finite: the first node at which it arose, its operands, and a rewrite if one is known."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from autodiff.evaluate.floats import FLOATS
from autodiff.evaluate.numbers import shortest
from autodiff.evaluate.plan import Plan
from autodiff.evaluate.point import all_finite, entry_text
from autodiff.evaluate.program import Differentiated, build_program, text_kernel
from autodiff.evaluate.rewrites import known_rewrite
from autodiff.graph.gradient import Gradient
from autodiff.graph.nodes import Graph
from autodiff.graph.primitive import CONSTANT, VARIABLE
from autodiff.graph.shapes import shape_text
from autodiff.graph.table import PRIMITIVES
from autodiff.language.errors import Note

WHERE = PRIMITIVES["where"]
MOST_NOTES = 5
SYMBOLS = {"add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "^", "strong_product": "*"}


def explained(
    plan: Plan, job: Differentiated, text: str, requested: Mapping[str, int], point: Mapping[str, Any]
) -> list[Note]:
    """The notes for a result of `job` that is not finite, from the values of all nodes."""
    graph = job.gradient.graph
    program = build_program(graph, range(len(graph.nodes)), plan.backend)
    notes = not_finite_notes(job.graph, text, job.output, job.gradient, requested.items(), program.run(point))
    return [as_typed(plan, text, note, point) for note in notes]


def as_typed(plan: Plan, text: str, note: Note, point: Mapping[str, Any]) -> Note:
    """The note in terms of what was typed, if it is on a form that is computed in another way."""
    rewritten = any(other.id == "stabilised" and other.span == note.span for other in plan.compiled.notes)
    if plan.typed is None or note.span is None or not rewritten:
        return note
    graph = plan.typed.graph
    values = build_program(graph, range(len(graph.nodes)), plan.backend).run(point)
    form = len(graph.spans) - 1 - graph.spans[::-1].index(note.span)
    if all_finite(values[form]):
        return note
    return value_note(graph, text, origin_of(graph, form, values), values)._replace(node=note.node)


def not_finite_notes(
    graph: Graph,
    text: str,
    output: int,
    gradient: Gradient,
    wrt: Iterable[tuple[str, int]],
    values: list[Any],
) -> list[Note]:
    """A note on the value if it is not finite, else one on each place where a derivative stopped being finite.

    `values` are those of the nodes of `gradient.graph`; None for nodes that no result needed.
    """
    if not all_finite(values[output]):
        return [value_note(graph, text, origin_of(graph, output, values), values)]
    notes: dict[int, Note] = {}
    for name, position in wrt:
        if len(notes) == MOST_NOTES:
            break
        adjoint = gradient.adjoints.get(position)
        if adjoint is None or all_finite(values[adjoint]):
            continue
        source = origin_of(gradient.graph, adjoint, values)
        node = gradient.origins[source]
        if source < len(graph.nodes):  # a value that the result did not need, as of a power of 1
            notes.setdefault(source, value_note(graph, text, source, values))
        elif node not in notes:
            notes[node] = derivative_note(graph, text, node, name, values, source)
    return list(notes.values())


def origin_of(graph: Graph, position: int, values: list[Any]) -> int:
    """From a node that is not finite down to the one at which that arose: its operands are finite."""
    while True:
        node = graph.nodes[position]
        operands = node.operands
        if node.primitive is WHERE:
            operands = chosen_branches(values[operands[0]], operands)
        culprit = next((operand for operand in operands if not all_finite(values[operand])), None)
        if culprit is None:
            return position
        position = culprit


def chosen_branches(condition: Any, operands: Sequence[int]) -> tuple[int, ...]:
    """The operands of a `where` that some entry of the condition selects."""
    if isinstance(condition, float):
        return (operands[1] if condition else operands[2],)
    holds = condition != 0
    return tuple(branch for branch, met in ((operands[1], holds.any()), (operands[2], not holds.all())) if met)


def value_note(graph: Graph, text: str, position: int, values: list[Any]) -> Note:
    primitive, _, _, label = graph.nodes[position]
    index, outcome = outcome_of(values[position])
    span, where = graph.spans[position], f" in entry {entry_text(index)}" if index else ""
    if primitive is VARIABLE:
        return Note("not-finite", f"the value given for {label} is {outcome}{where}", span, position)
    if primitive is CONSTANT:
        if span is None:  # what piecewise adds
            return Note("not-finite", "no condition of piecewise holds, so there is no value", span, position)
        return Note("not-finite", f"the number{place(graph, text, position)} is {outcome}", span, position)
    if primitive.array is not None:
        message = f"{described(graph, text, position, values, ())} is {outcome}"
        if primitive.domain:
            message += f"; {primitive.name} is defined where {primitive.domain}"
        return Note("not-finite", message, span, position)
    message = f"{described(graph, text, position, values, index)} is {outcome}{where}"
    if primitive.domain and primitive.name not in SYMBOLS:
        names = primitive.operand_names(len(graph.nodes[position].operands))
        if not text_kernel(primitive.domain, names, FLOATS)(*entries_of(graph, position, values, index)):
            message += f"; {primitive.name} is defined where {primitive.domain}"
    return Note("not-finite", message + rewrite_words(graph, text, position, values), span, position)


def derivative_note(graph: Graph, text: str, node: int, name: str, values: list[Any], source: int) -> Note:
    index, outcome = outcome_of(values[source])
    is_entry = graph.nodes[node].primitive.array is None and len(index) == len(graph.shapes[node] or ())
    at = index if is_entry else ()
    message = f"d/d{name} is not finite: the derivative of {described(graph, text, node, values, at)} is {outcome}"
    if at:
        message += f" in entry {entry_text(at)}"
    return Note("not-finite", message + rewrite_words(graph, text, node, values), graph.spans[node], node)


def outcome_of(value: Any) -> tuple[tuple[int, ...], str]:
    """The first entry that is not finite, and what it is."""
    if isinstance(value, float):
        return (), in_words(value)
    import numpy

    wrong = numpy.argwhere(~numpy.isfinite(value))
    index = tuple(int(i) for i in wrong[0]) if len(wrong) else (0,) * value.ndim
    return index, in_words(float(value[index]))


def entries_of(graph: Graph, position: int, values: list[Any], index: Sequence[int]) -> list[float]:
    """The numbers that an entry of the node was computed from."""
    given = [values[operand] for operand in graph.nodes[position].operands]
    if not index:
        return given
    import numpy

    return [float(numpy.broadcast_to(value, graph.shapes[position] or ())[tuple(index)]) for value in given]


def described(graph: Graph, text: str, position: int, values: list[Any], index: Sequence[int]) -> str:
    """`log of -1.2 at column 7`, `1/0 at column 1`, `inv of a singular matrix (2, 2)`."""
    primitive, operands, _, _ = graph.nodes[position]
    shapes = [graph.shapes[operand] for operand in operands]
    if any(shape != () for shape in shapes) and not index:
        texts = [shortest(values[o]) if graph.shapes[o] == () else shape_text(graph.shapes[o]) for o in operands]
        kind = "a singular matrix " if is_singular_case(primitive.name, values[operands[0]]) else ""
        return f"{primitive.name} of {kind}{', '.join(texts)}{place(graph, text, position)}"
    numbers = [shortest(number) for number in entries_of(graph, position, values, index)]
    if primitive.name in SYMBOLS:
        left, right = (f"({number})" if number.startswith("-") else number for number in numbers)
        words = f"{left} {SYMBOLS[primitive.name]} {right}"
    else:
        words = f"{primitive.name} of {', '.join(numbers)}"
    return words + place(graph, text, position)


def is_singular_case(name: str, matrix: Any) -> bool:
    if name not in ("inv", "solve", "logdet"):
        return False
    from autodiff.evaluate.arrays.linear_algebra import is_singular

    return is_singular(matrix)


def place(graph: Graph, text: str, position: int) -> str:
    span = graph.spans[position]
    if span is None:
        return ""
    line_start = text.rfind("\n", 0, span.start) + 1
    line = text.count("\n", 0, span.start) + 1
    column = f" at column {span.start - line_start + 1}"
    return column if "\n" not in text else f"{column} of line {line}"


def in_words(value: float) -> str:
    return "not a number" if math.isnan(value) else "infinite"


def rewrite_words(graph: Graph, text: str, position: int, values: list[Any]) -> str:
    rewrite = known_rewrite(graph, text, position, values)
    return f"; write {rewrite[1]} for {rewrite[0]}" if rewrite else ""
