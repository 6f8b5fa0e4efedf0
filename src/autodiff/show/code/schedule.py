"""Which nodes become local names, and in which order these are computed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from autodiff.graph.nodes import Graph
from autodiff.graph.primitive import CONSTANT, VARIABLE
from autodiff.graph.prune import needed
from autodiff.graph.table import PRIMITIVES
from autodiff.show.code.dialect import CONDITIONS
from autodiff.show.code.guards import ALWAYS, Guards, add_guards, needs

DEEPEST = 25  # levels of one expression
LONGEST = 40  # operations in one expression
MOST_WRITTEN_TWICE = 30  # operations of what is written again rather than shared
MOST_ATTEMPTS = 40
DIV, WHERE = PRIMITIVES["div"], PRIMITIVES["where"]
WRITTEN_AGAIN = (PRIMITIVES["neg"], PRIMITIVES["not"])  # with another name behind it
# What never raises and costs next to nothing, so that it may be computed where nothing needs it.
HARMLESS = CONDITIONS | {"variable", "constant", "add", "sub", "mul", "neg", "abs", "min", "max", "where"}


class Schedule(NamedTuple):
    """The nodes in the order in which they are written, operands and guards first.

    `named` are those that become local names; `guards` has for some of these the node of the condition under which
    they may be computed.
    """

    order: list[int]
    named: frozenset[int]
    guards: Mapping[int, int]


def schedule(graph: Graph, results: Sequence[int], guarded: bool) -> Schedule:
    """The schedule for `results`. Where `guarded`, what a choice leaves out is not computed; guards are added.

    A guard may depend on what it guards: that is then written where it is used, and not shared.
    """
    inline: frozenset[int] = frozenset()
    for _ in range(MOST_ATTEMPTS if guarded and any(node.primitive is WHERE for node in graph.nodes) else 0):
        guards, named = guarded_nodes(graph, results, inline)
        order, circular = ordered(graph, results, guards)
        if circular is None:
            return Schedule(order, named, guards)
        if operations(graph, circular, named) > MOST_WRITTEN_TWICE:
            break
        inline |= {circular}
    order, _ = ordered(graph, results, {})
    return Schedule(order, named_nodes(graph, results, frozenset()), {})


def ordered(graph: Graph, results: Sequence[int], guards: Mapping[int, int]) -> tuple[list[int], int | None]:
    """All that `results` are computed from, what is needed first before the rest; or a node that its guard needs."""
    order: list[int] = []
    finished: dict[int, bool] = {}
    for result in results:
        path = [] if result in finished else [(result, iter(depended_on(graph, result, guards)))]
        finished.setdefault(result, False)
        while path:
            position, pending = path[-1]
            following = next(pending, None)
            if following is None:
                finished[position] = True
                order.append(position)
                path.pop()
            elif following not in finished:
                finished[following] = False
                path.append((following, iter(depended_on(graph, following, guards))))
            elif not finished[following]:
                steps = pairwise([*(node for node, _ in path), following])
                return order, [node for node, other in steps if guards.get(node) == other][-1]
    return order, None


def depended_on(graph: Graph, position: int, guards: Mapping[int, int]) -> tuple[int, ...]:
    operands = graph.nodes[position].operands
    return (*operands, guards[position]) if position in guards else operands


def is_atom(graph: Graph, position: int) -> bool:
    return graph.nodes[position].primitive in (VARIABLE, CONSTANT) and graph.shapes[position] == ()


def is_short(graph: Graph, position: int) -> bool:
    """Whether a name would say no more: a number, a variable, two compared, a fraction, the negative of a name."""
    primitive, operands, _, _ = graph.nodes[position]
    if primitive.name in CONDITIONS and all(is_atom(graph, operand) for operand in operands):
        return True
    if primitive is DIV and all(graph.number(operand) is not None for operand in operands):
        return True
    return primitive in WRITTEN_AGAIN or primitive is VARIABLE or is_atom(graph, position)


def named_nodes(graph: Graph, results: Sequence[int], inline: frozenset[int]) -> frozenset[int]:
    """What is used more than once, and what would make an expression too deep or too long."""
    wanted = needed(graph, results)
    uses = [0] * len(graph.nodes)
    for result in results:
        uses[result] += 1
    for position in range(len(graph.nodes) - 1, -1, -1):
        if wanted[position]:
            again = uses[position] if graph.nodes[position].primitive in WRITTEN_AGAIN else 1
            for operand in graph.nodes[position].operands:
                uses[operand] += again
    named = {
        position
        for position, count in enumerate(uses)
        if count > 1 and position not in inline and not is_short(graph, position)
    }
    return cut(graph, wanted, named)


def cut(graph: Graph, wanted: Sequence[bool], named: set[int]) -> frozenset[int]:
    """`named` and as many more as it takes to keep every expression small."""
    depths, lengths = [0] * len(graph.nodes), [0] * len(graph.nodes)
    for position, node in enumerate(graph.nodes):
        if not wanted[position] or not node.operands:
            continue
        inside = sorted({o for o in node.operands if o not in named}, key=lengths.__getitem__)
        while inside and (
            max(depths[o] for o in inside) >= DEEPEST or sum(lengths[o] for o in inside) + len(node.operands) > LONGEST
        ):
            longest = inside.pop()
            if not graph.nodes[longest].operands:
                break
            named.add(longest)
        depths[position] = 1 + max((depths[o] for o in inside), default=0)
        lengths[position] = len(node.operands) + sum(lengths[o] for o in inside)
    return frozenset(named)


def operations(graph: Graph, position: int, named: frozenset[int]) -> int:
    """How many operations it takes to write a node, up to a few more than the most that are written twice."""
    count, pending = 0, [position]
    while pending and count <= MOST_WRITTEN_TWICE:
        node = graph.nodes[pending.pop()]
        count += bool(node.operands)
        pending += [operand for operand in node.operands if operand not in named]
    return count


def guarded_nodes(
    graph: Graph, results: Sequence[int], inline: frozenset[int]
) -> tuple[dict[int, int], frozenset[int]]:
    """The guards of those named nodes that might raise, as nodes, and all named nodes, conditions among them."""
    guards = Guards()
    needed_under = needs(graph, results, needed(graph, results), guards)
    named = set(named_nodes(graph, results, inline))
    guard_of: dict[int, int] = {}
    pending, seen = sorted(named), {ALWAYS}
    while pending:
        position = pending.pop()
        guard = needed_under[position]
        if guard == ALWAYS or not might_raise(graph, position, named):
            continue
        guard_of[position] = guard
        for condition in guards.conditions(guard, seen):
            if condition not in named and condition not in inline and not is_short(graph, condition):
                named.add(condition)
                pending.append(condition)
    nodes = add_guards(graph, guards, guard_of.values())
    guarded = {position: nodes[guard] for position, guard in guard_of.items()}
    named |= named_nodes(graph, [*results, *guarded.values()], inline)
    return guarded, frozenset(named)


def might_raise(graph: Graph, position: int, named: Collection[int]) -> bool:
    """Whether what is written for the node has an operation that may raise, or is costly."""
    pending = [position]
    while pending:
        node = graph.nodes[pending.pop()]
        if node.primitive.name not in HARMLESS:
            return True
        pending += [operand for operand in node.operands if operand not in named]
    return False
