"""Slips in algebra, applied to every node of a graph that has their shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from autodiff.check.attempts import MOST_NODES, Attempt
from autodiff.check.wrong_rules.rule import SLIP, WrongRule
from autodiff.check.wrong_rules.slips import ROWS, Slip
from autodiff.graph.compiler import Compiler, parser
from autodiff.graph.nodes import Graph
from autodiff.graph.primitive import CONSTANT, VARIABLE, Primitive
from autodiff.graph.prune import needed
from autodiff.graph.simplify import add_simplified
from autodiff.graph.stand_ins import replaced

STAND_IN = "tanh"  # what `f` is in the shapes: a function that none of them means


class Shape:
    """A text of the table of slips as a graph."""

    def __init__(self, text: str) -> None:
        written = text.replace("f(", f"{STAND_IN}(")
        compiled = Compiler(parser().parse(written), written, frozenset("abc"), internal=True).compile()
        self.graph, self.output = compiled.graph, compiled.output

    def matched(self, graph: Graph, position: int) -> tuple[dict[str, int], Primitive | None] | None:
        """What the letters and the function stand for where a node has this shape; None where it has not."""
        letters: dict[str, int] = {}
        function: Primitive | None = None
        pairs = [(self.output, position)]
        while pairs:
            own, other = pairs.pop()
            mine, theirs = self.graph.nodes[own], graph.nodes[other]
            if mine.primitive is VARIABLE:
                if letters.setdefault(str(mine.payload), other) != other:
                    return None
                continue
            if mine.primitive is CONSTANT:
                if graph.number(other) != mine.payload:
                    return None
                continue
            if mine.primitive.name == STAND_IN:
                is_function = (
                    theirs.primitive.entrywise and len(theirs.operands) == 1 and theirs.primitive.name != "neg"
                )
                if not is_function or function not in (None, theirs.primitive):
                    return None
                function = theirs.primitive
            elif mine.primitive is not theirs.primitive:
                return None
            pairs += zip(mine.operands, theirs.operands, strict=True)
        return letters, function

    def added(self, graph: Graph, letters: Mapping[str, int], function: Primitive | None) -> int:
        """The node that the text is when its letters and its function stand for these."""
        at: dict[int, int] = {}
        for position, node in enumerate(self.graph.nodes):
            if node.primitive is VARIABLE:
                at[position] = letters[str(node.payload)]
            elif node.primitive is CONSTANT:
                at[position] = graph.constant(node.payload)  # type: ignore[arg-type]  # a constant's payload is one
            else:
                primitive = function if node.primitive.name == STAND_IN and function else node.primitive
                at[position] = add_simplified(graph, primitive, tuple(at[operand] for operand in node.operands))
        return at[self.output]


@cache
def shape(text: str) -> Shape:
    return Shape(text)


def slips(graph: Graph, output: int) -> Iterator[Attempt]:
    """The node `output` with one slip in it, for each slip and each node that has its shape."""
    wanted = needed(graph, [output])
    positions = [position for position in range(output + 1) if wanted[position] and graph.nodes[position].operands]
    if len(positions) > MOST_NODES:
        return
    for slip in ROWS:
        for position in positions:
            found = shape(slip.shape).matched(graph, position)
            if found is not None:
                wrong = shape(slip.wrong).added(graph, *found)
                yield Attempt((as_rule(slip),), (position,), replaced(graph, output, {position: wrong}))


@cache
def as_rule(slip: Slip) -> WrongRule:
    return WrongRule(slip.id, SLIP, (slip.wrong,), slip.message, slip.teacher)
