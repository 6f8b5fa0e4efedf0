"""Why a result is not finite: the first node at which it arose, its operands, and a rewrite if one is known."""

from __future__ import annotations

import math
from collections.abc import Iterable

from autodiff.evaluate.floats import FLOATS
from autodiff.evaluate.numbers import shortest
from autodiff.evaluate.program import text_kernel
from autodiff.evaluate.rewrites import known_rewrite
from autodiff.graph.gradient import Gradient
from autodiff.graph.nodes import Graph
from autodiff.graph.primitive import CONSTANT, VARIABLE
from autodiff.graph.table import PRIMITIVES
from autodiff.language.errors import Note

WHERE = PRIMITIVES["where"]
MOST_NOTES = 5
SYMBOLS = {"add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "^", "strong_product": "*"}


def not_finite_notes(
    graph: Graph,
    text: str,
    output: int,
    gradient: Gradient,
    wrt: Iterable[tuple[str, int]],
    values: list[float],
) -> list[Note]:
    """A note on the value if it is not finite, else one on each place where a derivative stopped being finite.

    `values` are those of the nodes of `gradient.graph`; None for nodes that no result needed.
    """
    if not math.isfinite(values[output]):
        return [value_note(graph, text, origin_of(graph, output, values), values)]
    notes: dict[int, Note] = {}
    for name, position in wrt:
        if len(notes) == MOST_NOTES:
            break
        adjoint = gradient.adjoints.get(position)
        if adjoint is None or math.isfinite(values[adjoint]):
            continue
        source = origin_of(gradient.graph, adjoint, values)
        node = gradient.origins[source]
        if source < len(graph.nodes):  # a value that the result did not need, as of a power of 1
            notes.setdefault(source, value_note(graph, text, source, values))
        elif node not in notes:
            notes[node] = derivative_note(graph, text, node, name, values, source)
    return list(notes.values())


def origin_of(graph: Graph, position: int, values: list[float]) -> int:
    """From a node that is not finite down to the one at which that arose: its operands are finite."""
    while True:
        node = graph.nodes[position]
        operands = node.operands
        if node.primitive is WHERE:
            operands = (operands[1] if values[operands[0]] else operands[2],)
        culprit = next((operand for operand in operands if not math.isfinite(values[operand])), None)
        if culprit is None:
            return position
        position = culprit


def value_note(graph: Graph, text: str, position: int, values: list[float]) -> Note:
    primitive, operands, _, label = graph.nodes[position]
    outcome = in_words(values[position])
    span = graph.spans[position]
    if primitive is VARIABLE:
        return Note("not-finite", f"the value given for {label} is {outcome}", span, position)
    if primitive is CONSTANT:
        if span is None:  # what piecewise adds
            return Note("not-finite", "no condition of piecewise holds, so there is no value", span, position)
        return Note("not-finite", f"the number{place(graph, text, position)} is {outcome}", span, position)
    message = f"{described(graph, text, position, values)} is {outcome}"
    if primitive.domain and primitive.name not in SYMBOLS:
        names = primitive.operand_names(len(operands))
        inside = text_kernel(primitive.domain, names, FLOATS)(*(values[operand] for operand in operands))
        if not inside:
            message += f"; {primitive.name} is defined where {primitive.domain}"
    return Note("not-finite", message + rewrite_words(graph, text, position, values), span, position)


def derivative_note(graph: Graph, text: str, node: int, name: str, values: list[float], source: int) -> Note:
    outcome = in_words(values[source])
    message = f"d/d{name} is not finite: the derivative of {described(graph, text, node, values)} is {outcome}"
    return Note("not-finite", message + rewrite_words(graph, text, node, values), graph.spans[node], node)


def described(graph: Graph, text: str, position: int, values: list[float]) -> str:
    """`log of -1.2 at column 7`, `1/0 at column 1`."""
    primitive, operands, _, _ = graph.nodes[position]
    numbers = [shortest(values[operand]) for operand in operands]
    if primitive.name in SYMBOLS:
        left, right = (f"({number})" if number.startswith("-") else number for number in numbers)
        words = f"{left} {SYMBOLS[primitive.name]} {right}"
    else:
        words = f"{primitive.name} of {', '.join(numbers)}"
    return words + place(graph, text, position)


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


def rewrite_words(graph: Graph, text: str, position: int, values: list[float]) -> str:
    rewrite = known_rewrite(graph, text, position, values)
    return f"; write {rewrite[1]} for {rewrite[0]}" if rewrite else ""
