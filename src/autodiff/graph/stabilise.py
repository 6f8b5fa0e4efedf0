"""A graph to one of the same meaning that keeps its digits: forms that lose them are computed in another way."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import product
from typing import NamedTuple

from autodiff.graph.calls import default_settings
from autodiff.graph.compiler import Compiled
from autodiff.graph.nodes import Graph, Node
from autodiff.graph.patterns import ADD, DIV, MUL, NEG, SUB, WRITTEN_AS, inside, kinds_in, matched, may_fit, operands_of
from autodiff.graph.primitive import CONSTANT, VARIABLE, Primitive
from autodiff.graph.prune import pruned
from autodiff.graph.rules import Rule, rule
from autodiff.graph.simplify import add_negative, add_simplified
from autodiff.graph.stabilise_rows import ROWS, Row
from autodiff.graph.table import PRIMITIVES
from autodiff.language.errors import Note, Span

LONGEST_PRODUCT = 8  # factors in front of which a sign is found
Path = tuple[Primitive, ...]
NumberedRows = dict[tuple[Primitive, Primitive], list[tuple[int, Path]]]


class Found(NamedTuple):
    """A row, and what its names stand for at a node."""

    row: Row
    names: Mapping[str, int]


class Step(NamedTuple):
    """The graph that was made, where the nodes of the old one are in it, and the notes by the nodes that they are on.

    It may have nodes that nothing uses any more.
    """

    graph: Graph
    at: list[int]
    notes: dict[int, Note]


def stabilised(compiled: Compiled, text: str) -> Compiled:
    """The formula with each form of the table computed in the way that keeps its digits, with a note on each.

    A node that the program gave a name to stays one: a form is not looked for across it. Without known shapes
    everything stays as it is.
    """
    graph, output, variables, names, notes, _, _ = compiled
    if None in graph.shapes:
        return compiled
    rows = rows_within(kinds_in(graph))
    if not rows or not any(found(graph, position, rows=rows) for position in range(len(graph.nodes))):
        return compiled
    from autodiff.graph.stabilise_notes import limited

    step = rewrite_forms(graph, text)
    output = step.at[output]
    variables = {name: step.at[position] for name, position in variables.items()}
    names = {name: step.at[position] for name, position in names.items()}
    graph, at = pruned(step.graph, [output, *variables.values(), *names.values()])
    new_notes = [note._replace(node=at[position]) for position, note in step.notes.items() if position in at]
    return compiled._replace(
        graph=graph,
        output=at[output],
        variables={name: at[position] for name, position in variables.items()},
        names={name: at[position] for name, position in names.items()},
        notes=[*notes, *limited(new_notes)],
    )


def rewrite_forms(graph: Graph, text: str, first: int = 0, except_for: int | None = None) -> Step:
    """The graph with the forms of the rows from `first` on rewritten, operands first."""
    from autodiff.graph.stabilise_notes import Words, derived_spans

    step = Step(Graph(), [], {})
    words = Words(step.graph, text, derived_spans(graph))
    for position, node in enumerate(graph.nodes):
        span = graph.spans[position]
        moved = node._replace(operands=tuple([step.at[operand] for operand in node.operands]))
        place = step.graph.append(moved, graph.shapes[position], span)
        match = found(step.graph, place, first) if position != except_for else None
        if match is not None:
            covered = inside(step.graph, place, match.names)
            for node_inside in covered:
                step.notes.pop(node_inside, None)
            form, count, axes = (
                words.of_form(place, covered),
                len(step.graph.nodes),
                axes_text(step.graph, place, match),
            )
            words.make(place)  # the formula has other words for it if what is in it was rewritten
            place = rewritten(step.graph, place, match, span)
            for new in range(count, len(step.graph.nodes)):
                words.make(new, axes)
            message = f"{form} is computed as {words.made.get(place) or words.of(place)}: {match.row.reason}"
            step.notes[place] = Note("stabilised", message, span)
        step.at.append(place)
    return step


def found(graph: Graph, position: int, first: int = 0, rows: NumberedRows | None = None) -> Found | None:
    """The first row from `first` on, of `rows` if they are given, whose form the node is."""
    primitive, operands, _, _ = graph.nodes[position]
    rows = numbered_rows() if rows is None else rows
    for operand in operands:
        for number, path in rows.get((primitive, graph.nodes[operand].primitive), ()):
            if number < first or not may_fit(graph, position, path):
                continue
            names = matched(graph, position, pattern(number), through_names=False)
            if names is not None and axes_fit(graph, position, names):
                return Found(ROWS[number], names)
    return None


@cache
def numbered_rows() -> NumberedRows:
    """The rows, by number, and their paths, by what a node and one of its operands may be."""
    rows: NumberedRows = {}
    for number, row in enumerate(ROWS):
        path = tuple([PRIMITIVES[name] for name in row.path.split()])
        tops, seconds = ((wanted, *WRITTEN_AS.get(wanted, ())) for wanted in path[:2])
        pairs = [*product(tops, seconds), *[(ADD, NEG)] * (path[0] is SUB)]  # -erf(x) + 1
        for pair in dict.fromkeys(pairs):
            rows.setdefault(pair, []).append((number, path))
    return rows


@lru_cache(maxsize=1024)
def rows_within(kinds: frozenset[Primitive]) -> NumberedRows:
    """The rows whose paths have no other primitives than these."""
    within = {
        pair: [(number, path) for number, path in rows if kinds.issuperset(path)]
        for pair, rows in numbered_rows().items()
    }
    return {pair: rows for pair, rows in within.items() if rows}


@cache
def pattern(number: int) -> Rule:
    """The form of a row as it stands in a graph in which the forms that it has inside were rewritten already."""
    form = rule(ROWS[number].form)
    if None in form.graph.shapes:  # of arrays
        return form
    step = rewrite_forms(form.graph, ROWS[number].form, number + 1, except_for=form.output)
    return Rule(step.graph, step.at[form.output])


def axes_fit(graph: Graph, position: int, names: Mapping[str, int]) -> bool:
    """Whether what goes over some axes meets the array that it came from along the same axes again, if it does.

    In exp(a)/sum(exp(a), axis=1) it does not: the sums are aligned with the last axis.
    """
    reduction = reduction_in(graph, position, names)
    if reduction is None:
        return True
    before, behind = graph.shapes[graph.nodes[reduction].operands[0]], graph.shapes[reduction]
    axes = axes_of(graph, reduction)
    return behind in (before, graph.shapes[position]) or axes == tuple(range(len(axes)))


def reduction_in(graph: Graph, position: int, names: Mapping[str, int]) -> int | None:
    """The array primitive of a form."""
    return next((node for node in inside(graph, position, names) if graph.nodes[node].primitive.array), None)


def axes_of(graph: Graph, reduction: int) -> tuple[int, ...]:
    payload = graph.nodes[reduction].payload
    assert isinstance(payload, tuple)
    axes: tuple[int, ...] = payload[-1]
    return axes


def axes_text(graph: Graph, position: int, match: Found) -> str:
    """What the rewrite has behind its operand where it doesn't go over the axes that it goes over by itself."""
    reduction = reduction_in(graph, position, match.names)
    if reduction is None:
        return ""
    primitive = PRIMITIVES[match.row.rewrite.partition("(")[0]]
    assert primitive.array is not None
    shape = graph.shapes[graph.nodes[reduction].operands[0]] or ()
    axes = axes_of(graph, reduction)
    if primitive.array.settle([shape], default_settings(primitive))[-1] == axes:
        return ""
    return f", axis={axes[0] if len(axes) == 1 else axes}"


def rewritten(graph: Graph, position: int, match: Found, span: Span | None) -> int:
    """The node that takes the place of the one at `position`, with its name. What is new has the place of the form."""
    count = len(graph.nodes)
    place = applied(graph, position, match)
    for new in range(count, len(graph.nodes)):
        graph.spans[new] = span
    label = graph.nodes[position].label
    if label is None:
        return place
    primitive, operands, payload, other = graph.nodes[place]
    if other is not None or not operands:
        return graph.add(PRIMITIVES["identity"], (place,), label=label, span=span)
    return graph.append(Node(primitive, operands, payload, label), graph.shapes[place], span)


def applied(graph: Graph, position: int, match: Found) -> int:
    """The rewrite as a node of the graph."""
    template = rule(match.row.rewrite)
    reduction = reduction_in(graph, position, match.names)
    at: list[int] = []
    for node in template.graph.nodes:
        operands = tuple([at[operand] for operand in node.operands])
        if node.primitive is VARIABLE:
            at.append(match.names[str(node.label)])
        elif node.primitive is CONSTANT:
            at.append(graph.constant(node.payload))  # type: ignore[arg-type]  # a constant's payload is a Number
        elif node.primitive is NEG:
            at.append(add_opposite(graph, *operands))
        elif node.primitive is DIV and (double := halved(graph, *operands)) is not None:
            at.append(double)
        elif node.primitive.array is not None and reduction is not None:
            settings = {**default_settings(node.primitive), "axis": list(axes_of(graph, reduction))}
            payload = node.primitive.array.settle([graph.shapes[operands[0]] or ()], settings)
            at.append(graph.add(node.primitive, operands, payload=payload))
        else:
            at.append(add_simplified(graph, node.primitive, operands))
    return at[template.output]


def add_opposite(graph: Graph, position: int) -> int:
    """-a; for `-k*x/s`, which is `((-k)*x)/s`, the node of `k*x/s`."""
    factors: list[Node] = []
    front = position
    while (node := graph.nodes[front]).primitive in (MUL, DIV) and not node.label and len(factors) < LONGEST_PRODUCT:
        factors.append(node)
        front = node.operands[0]
    negated = operands_of(graph, NEG, front)
    if negated is None:
        return add_negative(graph, position)
    result = negated[0]
    for primitive, (_, right), _, _ in reversed(factors):
        result = add_simplified(graph, primitive, (result, right))
    return result


def halved(graph: Graph, dividend: int, divisor: int) -> int | None:
    """For 2*a/2 the node of a."""
    factors = operands_of(graph, MUL, dividend)
    return factors[1] if factors and graph.number(divisor) == 2 == graph.number(factors[0]) else None
