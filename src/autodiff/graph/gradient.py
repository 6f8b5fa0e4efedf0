"""The chain rule: a graph to the graph of its gradient, in the same representation."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import reduce
from typing import NamedTuple, Protocol

from autodiff.graph.nodes import Graph
from autodiff.graph.primitive import CONSTANT, ArrayRule, Payload
from autodiff.graph.prune import needed
from autodiff.graph.rules import apply_rule
from autodiff.graph.shapes import Shape
from autodiff.graph.simplify import add_arranged, add_broadcast, add_simplified, add_strong_product, add_sum
from autodiff.graph.table import PRIMITIVES
from autodiff.graph.terms import Term

SUM_TO, TIES = PRIMITIVES["sum_to"], PRIMITIVES["ties"]


class Gradient(NamedTuple):
    """The graph with the nodes of its gradient behind its own.

    `adjoints` has, for each node on a path from a requested one to the output, the node of its adjoint, which has the
    node's shape; `origins`, for each node of the graph, the node whose rule it comes from (itself, in the graph that
    was differentiated). For a node and the position of an operand, `partials` has the node of the local partial (none
    for array primitives) and `contributions` that of what the node adds to the operand's adjoint.
    """

    graph: Graph
    origins: list[int]
    adjoints: dict[int, int]
    partials: dict[tuple[int, int], int]
    contributions: dict[tuple[int, int], int]


class Arithmetic(Protocol):
    """How partials and adjoints are made, multiplied and added."""

    def partial(self, position: int, index: int) -> int:
        """The local partial of a node for one of its operands."""

    def is_zero(self, partial: int) -> bool: ...

    def share(self, adjoint: int, partial: int, operand: int) -> int:
        """What a node adds to the adjoint of an operand: its own adjoint times the partial."""

    def sum(self, shares: list[int]) -> int: ...


class NodeArithmetic:
    """Partials and adjoints as nodes of the graph that is differentiated."""

    __slots__ = ("graph", "textbook")

    def __init__(self, graph: Graph, *, textbook: bool) -> None:
        self.graph = graph
        self.textbook = textbook

    def partial(self, position: int, index: int) -> int:
        return add_partial(self.graph, position, index, textbook=self.textbook)

    def is_zero(self, partial: int) -> bool:
        return self.graph.number(partial) == 0

    def share(self, adjoint: int, partial: int, operand: int) -> int:
        return fitted(self.graph, add_strong_product(self.graph, adjoint, partial), self.graph.shapes[operand])

    def sum(self, shares: list[int]) -> int:
        return reduce(lambda so_far, share: add_sum(self.graph, so_far, share), shares)


def gradient(
    graph: Graph,
    output: int,
    wrt: Collection[int],
    seed: int | None = None,
    *,
    with_edges: bool = True,
    textbook: bool = False,
) -> Gradient:
    """The adjoints of the nodes `wrt`, and of all between them and `output`.

    A node that the output does not depend on has no adjoint: its derivative is zero. `seed` is the node that is the
    output's own adjoint, 1 if it is not given. `partials` and `contributions` stay empty unless `with_edges`. With
    `textbook` the rules are written for people, not for numbers. For a second derivative apply it again, with an
    adjoint as the output.
    """
    pairs = [] if seed is None else [(output, seed)]
    return gradient_of(graph, pairs, wrt, output, with_edges=with_edges, textbook=textbook)


def gradient_of(
    graph: Graph,
    seeds: Sequence[tuple[int, int]],
    wrt: Collection[int],
    output: int | None = None,
    *,
    with_edges: bool = True,
    textbook: bool = False,
) -> Gradient:
    """The same for several outputs at once, each with its seed; for `output` alone with the seed 1."""
    extended = graph.copy()
    depends = dependents(graph, wrt)
    adjoints: dict[int, int] = {}
    if output is not None and not seeds:
        adjoints[output] = add_broadcast(extended, extended.constant(1), graph.shapes[output])
    for node, seed in seeds:
        adjoints[node] = add_sum(extended, adjoints[node], seed) if node in adjoints else seed
    last = max(adjoints, default=0)
    outputs = set(adjoints)
    step = Gradient(extended, list(range(len(graph.nodes))), adjoints, {}, {})
    uses = uses_in_order(graph, output) if textbook and output is not None else None
    pull_back(step, range(last, -1, -1), depends.__getitem__, with_edges, uses)
    step.origins.extend([last] * (len(extended.nodes) - len(step.origins)))
    return step._replace(adjoints={node: adjoints[node] for node in adjoints if depends[node] or node in outputs})


def pull_back(
    step: Gradient,
    order: Iterable[int],
    needs: Callable[[int], bool],
    with_edges: bool,
    uses: Mapping[tuple[int, int], int] | None = None,
    arithmetic: Arithmetic | None = None,
) -> None:
    """The chain rule: each node of `order`, users first, adds its share to the adjoints of its operands.

    `needs` tells which nodes need one. With `uses` the result is for people: the rules are those of textbooks, and
    the shares of a node stand in the order of its uses. Partials and adjoints are nodes of the graph itself, or what
    another `arithmetic` makes.
    """
    graph, origins, adjoints, partials, contributions = step
    arithmetic = arithmetic or NodeArithmetic(graph, textbook=uses is not None)
    waiting: dict[int, list[tuple[int, int]]] = {}
    for position in order:
        if position in waiting:
            adjoints[position] = arithmetic.sum([share for _, share in sorted(waiting.pop(position))])
        if position not in adjoints or not needs(position):
            continue
        primitive, operands, _, _ = graph.nodes[position]
        shares: dict[int, int] = {}
        if primitive.array is not None:
            shares = array_shares(graph, position, adjoints[position], needs, textbook=uses is not None)
        for index, operand in enumerate(operands):
            if not needs(operand):
                continue
            if primitive.array is None:
                partial = arithmetic.partial(position, index)
                if with_edges:
                    partials[position, index] = partial
                if arithmetic.is_zero(partial):
                    continue
                share = arithmetic.share(adjoints[position], partial, operand)
            elif index in shares:
                share = shares[index]
            else:
                continue
            if with_edges:
                contributions[position, index] = share
            if uses is not None:
                waiting.setdefault(operand, []).append((uses[position, index], share))
                continue
            so_far = adjoints.get(operand)
            adjoints[operand] = share if so_far is None else arithmetic.sum([so_far, share])
        origins.extend([position] * (len(graph.nodes) - len(origins)))


def uses_in_order(graph: Graph, output: int) -> dict[tuple[int, int], int]:
    """For each node and the position of an operand its place in a formula that is read from left to right."""
    uses: dict[tuple[int, int], int] = {}
    waiting = [(output, index) for index in range(len(graph.nodes[output].operands) - 1, -1, -1)]
    while waiting:
        use = waiting.pop()
        if use not in uses:
            uses[use] = len(uses)
            operand = graph.nodes[use[0]].operands[use[1]]
            waiting.extend((operand, index) for index in range(len(graph.nodes[operand].operands) - 1, -1, -1))
    return uses


def add_partial(graph: Graph, position: int, index: int, *, textbook: bool = False) -> int:
    """The local partial of a node that works entry by entry, for one of its operands."""
    primitive, operands, _, _ = graph.nodes[position]
    if textbook and len(operands) == len(primitive.textbook):
        names = dict(zip(primitive.operand_names(len(operands)), operands, strict=True), y=position)
        return apply_rule(primitive.textbook[index], graph, names)
    if callable(primitive.partials):  # the texts that name all operands would be as many, and as long, as these
        ties = graph.add(TIES, (position, *operands))
        return apply_rule(primitive.partials("x", "ties"), graph, {"x": operands[index], "y": position, "ties": ties})
    names = dict(zip(primitive.operands, operands, strict=True), y=position)
    return apply_rule(primitive.partials[index], graph, names)


def add_remaining_partials(step: Gradient, count: int) -> None:
    """The local partials of those of the first `count` nodes that no adjoint reached, for who wants to see them all."""
    for position in range(count):
        primitive, operands, _, _ = step.graph.nodes[position]
        if primitive.array is None:
            for index in range(len(operands)):
                if (position, index) not in step.partials:
                    step.partials[position, index] = add_partial(step.graph, position, index)


def fitted(graph: Graph, share: int, shape: Shape | None) -> int:
    """The share of an operand that was broadcast: summed over what repeated it."""
    if graph.shapes[share] == shape:
        return share
    return add_arranged(graph, SUM_TO, (share,), (shape,))


def array_shares(
    graph: Graph, position: int, adjoint: int, needs: Callable[[int], bool], *, textbook: bool = False
) -> dict[int, int]:
    """What an array primitive adds to the adjoint of each operand: its vector-Jacobian products."""
    primitive, operands, payload, _ = graph.nodes[position]
    rule = primitive.array
    assert rule is not None
    assert isinstance(payload, tuple), "a graph is differentiated when its shapes are known"
    terms = [Term(graph, operand) for operand in operands]
    products = rule.textbook if textbook and rule.textbook else rule.vjp
    if not products and rule.define is not None:
        return shares_of_definition(graph, rule, terms, payload, adjoint)
    d, y = Term(graph, adjoint, strong=True), Term(graph, position)
    shares = {}
    for index, operand in enumerate(operands):
        if not needs(operand):
            continue
        if callable(products):
            shares[index] = products(index, d, y, *terms, *payload).position
        else:
            shares[index] = products[index](d, y, *terms, *payload).position
    return shares


def shares_of_definition(
    graph: Graph, rule: ArrayRule, terms: list[Term], payload: Payload, adjoint: int
) -> dict[int, int]:
    """The vector-Jacobian products of what the primitive is defined as: the chain rule on a graph of its own.

    There the operands are variables, so that no simplification can look behind them.
    """
    assert rule.define is not None
    template = Graph()
    variables = [template.variable(f"operand {index}", shape=term.shape) for index, term in enumerate(terms)]
    output = rule.define(*(Term(template, variable) for variable in variables), *payload).position
    seed = template.variable("adjoint", shape=template.shapes[output])
    step = gradient(template, output, variables, seed, with_edges=False)
    wanted = {index: step.adjoints[node] for index, node in enumerate(variables) if node in step.adjoints}
    given = dict(zip((*variables, seed), (*(term.position for term in terms), adjoint), strict=True))
    at = copied(step.graph, wanted.values(), graph, given)
    return {index: at[node] for index, node in wanted.items()}


def copied(source: Graph, results: Iterable[int], graph: Graph, given: dict[int, int]) -> dict[int, int]:
    """Adds `results`, and what they are computed from, to `graph`, where the nodes `given` have their places."""
    wanted = needed(source, results)
    at = dict(given)
    for position, (primitive, operands, payload, _) in enumerate(source.nodes):
        if not wanted[position] or position in at:
            continue
        if primitive is CONSTANT:
            at[position] = graph.constant(payload)  # type: ignore[arg-type]  # a constant's payload is one
        else:
            settled = payload if isinstance(payload, tuple) else None
            at[position] = add_simplified(graph, primitive, tuple(at[operand] for operand in operands), settled)
    return at


def dependents(graph: Graph, wrt: Collection[int]) -> list[bool]:
    """For each node whether it is one of `wrt` or computed from one of them."""
    depends = [False] * len(graph.nodes)
    for position in wrt:
        depends[position] = True
    for position, node in enumerate(graph.nodes):
        for operand in node.operands:
            if depends[operand]:
                depends[position] = True
                break
    return depends
