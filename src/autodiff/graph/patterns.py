"""Whether a node is of a given form: a small graph whose variables stand for any nodes.

A form is met in the other ways in which people write it, too: `a + b` as `b + a`, `exp(a)` as `e^a`, `a^2` as `a*a`,
`sqrt(a)` as `a^(1/2)`, `a - b` as `-b + a`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from autodiff.graph.nodes import Graph, NamedConstant, Node
from autodiff.graph.primitive import VARIABLE, Primitive
from autodiff.graph.rules import Rule
from autodiff.graph.table import PRIMITIVES

ADD, SUB, MUL, DIV, NEG, POW = (PRIMITIVES[name] for name in ("add", "sub", "mul", "div", "neg", "pow"))
SQUARE, SQRT, EXP = (PRIMITIVES[name] for name in ("square", "sqrt", "exp"))
COMMUTATIVE = {ADD, MUL}
# What else a primitive may be written with.
WRITTEN_AS = {EXP: (POW,), SQRT: (POW,), POW: (MUL, SQUARE), SUB: (ADD,), NEG: (MUL, DIV)}
WRITES = {
    primitive: tuple(wanted for wanted, others in WRITTEN_AS.items() if primitive in others)
    for others in WRITTEN_AS.values()
    for primitive in others
}
Pairs = tuple[tuple[int, int], ...]


def matched(graph: Graph, position: int, form: Rule, *, through_names: bool) -> dict[str, int] | None:
    """The nodes that the form's variables stand for if the node is of that form, else None.

    Nodes between that have names are looked through only if `through_names`.
    """
    names: dict[str, int] = {}
    return names if fits(graph, position, form, form.output, names, through_names) else None


def fits(graph: Graph, position: int, form: Rule, pattern: int, names: dict[str, int], through_names: bool) -> bool:
    """Whether the node is the form's node for some meaning of its variables, which are put into `names`.

    It recurses on the form, which is as small as a row of a table.
    """
    wanted = form.graph.nodes[pattern]
    if wanted.primitive is VARIABLE:
        return names.setdefault(str(wanted.label), position) == position
    number = literal(form.graph, pattern)
    if number is not None:
        return literal(graph, position) == number
    if graph.nodes[position].label is not None and pattern != form.output and not through_names:
        return False
    for pairs in readings(graph, position, form.graph, wanted):
        attempt = names.copy()
        if all(fits(graph, operand, form, inner, attempt, through_names) for operand, inner in pairs):
            names.update(attempt)
            return True
    return False


def readings(graph: Graph, position: int, form: Graph, wanted: Node) -> Iterator[Pairs]:
    """The ways in which the node may be the wanted one: each operand with the node of the form that it must fit."""
    primitive, operands, _, _ = graph.nodes[position]
    inner = wanted.operands
    if primitive is wanted.primitive:
        if len(operands) == len(inner):
            yield tuple(zip(operands, inner, strict=True))
        if primitive in COMMUTATIVE:
            yield tuple(zip(operands[::-1], inner, strict=True))
    elif not may_be(graph, position, wanted.primitive):
        return
    elif wanted.primitive is EXP:
        yield ((operands[1], inner[0]),)
    elif wanted.primitive is SQRT:
        yield ((operands[0], inner[0]),)
    elif wanted.primitive is POW:
        if literal(form, inner[1]) == 2:
            yield ((operands[0], inner[0]),)
    elif wanted.primitive is SUB:
        for kept, taken in (operands, operands[::-1]):
            if (negated := operands_of(graph, NEG, taken)) is not None:
                yield (kept, inner[0]), (negated[0], inner[1])
    elif (positive := without_sign(graph, position)) is not None:
        yield ((positive, inner[0]),)


def may_fit(graph: Graph, position: int, path: tuple[Primitive, ...]) -> bool:
    """Whether there is a way down from the node, through operands, along the primitives of a path."""
    level = {position}
    for depth, wanted in enumerate(path):
        if depth:
            level = {operand for node in level for operand in graph.nodes[node].operands}
            level |= {operand for node in level for operand in operands_of(graph, NEG, node) or ()}  # -b + a
        level = {node for node in level if may_be(graph, node, wanted)}
    return bool(level)


def may_be(graph: Graph, position: int, wanted: Primitive) -> bool:
    """Whether the node applies a primitive, or is written as people write that one."""
    primitive, operands, _, _ = graph.nodes[position]
    if primitive is wanted:
        return True
    if primitive not in WRITTEN_AS.get(wanted, ()):
        return False
    if wanted is EXP:
        return is_e(graph, operands[0])
    if wanted is SQRT:
        return literal(graph, operands[1]) == 0.5
    if wanted is POW:
        return primitive is SQUARE or operands[0] == operands[1]
    return wanted is NEG or any(operands_of(graph, NEG, operand) for operand in operands)


def kinds_in(graph: Graph) -> frozenset[Primitive]:
    """The primitives that nodes of the graph apply, or are written as people write them."""
    kinds = {node.primitive for node in graph.nodes}
    for position, node in enumerate(graph.nodes):
        for wanted in WRITES.get(node.primitive, ()):
            if wanted not in kinds and may_be(graph, position, wanted):
                kinds.add(wanted)
    return frozenset(kinds)


def inside(graph: Graph, position: int, names: Mapping[str, int]) -> set[int]:
    """The nodes of a form that was matched: all from the node down to those that its variables stand for."""
    nodes: set[int] = set()
    pending = [position]
    while pending:
        node = pending.pop()
        if node not in nodes and node not in names.values():
            nodes.add(node)
            pending += graph.nodes[node].operands
    return nodes


def operands_of(graph: Graph, primitive: Primitive, position: int) -> tuple[int, ...] | None:
    """The operands of the node if it applies `primitive` and has no name."""
    node = graph.nodes[position]
    return node.operands if node.primitive is primitive and node.label is None else None


def without_sign(graph: Graph, position: int) -> int | None:
    """For `-2*x`, which is `(-2)*x`, the node of `2*x`, if the graph has one; None for what has no sign in front."""
    primitive, operands, _, label = graph.nodes[position]
    if primitive not in (MUL, DIV) or label is not None:
        return None
    negated = operands_of(graph, NEG, operands[0])
    return None if negated is None else graph.index.get(Node(primitive, (negated[0], operands[1])))


def is_e(graph: Graph, position: int) -> bool:
    number = graph.number(position)
    return isinstance(number, NamedConstant) and number.name == "e"


def literal(graph: Graph, position: int, levels: int = 2) -> float | None:
    """The number that is written as `2`, `-2`, `1/2` or `-1/2`; None for anything else."""
    number = graph.number(position)
    if number is not None:
        return None if isinstance(number, NamedConstant) else number  # type: ignore[return-value]  # an int is a float
    if not levels:
        return None
    if negated := operands_of(graph, NEG, position):
        inner = literal(graph, negated[0], levels - 1)
        return None if inner is None else -inner
    if divided := operands_of(graph, DIV, position):
        over, under = (literal(graph, operand, levels - 1) for operand in divided)
        small = over is not None and under is not None and max(abs(over), abs(under)) < 100
        return over / under if small and under else None  # type: ignore[operator]  # mypy: both are numbers
    return None
