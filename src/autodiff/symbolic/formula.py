"""A formula in a step of a derivation: a node of a graph, in which some nodes are shown by their names."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from autodiff.graph.nodes import Graph, Node
from autodiff.graph.primitive import CONSTANT, VARIABLE
from autodiff.graph.prune import needed
from autodiff.graph.table import OPERATORS

NO_NAMES: Mapping[int, str] = MappingProxyType({})
PRIME = "'"


class Formula(NamedTuple):
    """The node `node` of a graph; `names` are of nodes that are not written out.

    A variable whose name ends in a prime is a derivative: in LaTeX, too, the prime stands behind the letter.
    """

    graph: Graph
    node: int
    names: Mapping[int, str] = NO_NAMES

    def text(self) -> str:
        from autodiff.show.formula import formula

        return formula(self.graph, self.node, self.names)

    def whole_text(self) -> str:
        """The text of a result, as `Answer.text` has it: a long one is a program in which shared parts have names."""
        from autodiff.show.sharing import shared_formulas
        from autodiff.symbolic.answer import LONGEST

        if self.operations() <= LONGEST:
            return self.text()
        definitions, (result,) = shared_formulas(self.graph, [self.node])
        return "\n".join([*(f"{short} = {text}" for short, text in definitions), result])

    def latex(self) -> str:
        from autodiff.show.latex import latex
        from autodiff.show.latex_names import name_text

        graph, letters = without_primes(self.graph)
        written = latex(graph, self.node, self.names)
        for letter in letters:
            written = written.replace(name_text(f"{letter}_p"), name_text(letter) + PRIME)
        return written

    def operations(self) -> int:
        """How many operations are written, a shared part each time."""
        wanted = needed(self.graph, [self.node], self.names)
        sizes: list[int] = []
        for position, node in enumerate(self.graph.nodes):
            if not wanted[position] or position in self.names or node.primitive in (VARIABLE, CONSTANT):
                sizes.append(0)
            else:
                sizes.append(1 + sum([sizes[operand] for operand in node.operands]))
        return sizes[self.node]

    def is_operation(self) -> bool:
        """Whether it is written with an operator that binds less tightly than a power does."""
        name = self.graph.nodes[self.node].primitive.name
        return self.node not in self.names and (name in (*OPERATORS, "matmul") or self.text().startswith("-"))

    def enclosed(self) -> str:
        """In parentheses, unless it is a name, a number, a power or a call."""
        return f"({self.text()})" if self.is_operation() else self.text()

    def latex_enclosed(self) -> str:
        return rf"\left({self.latex()}\right)" if self.is_operation() else self.latex()


def without_primes(graph: Graph) -> tuple[Graph, list[str]]:
    """The graph with `u_p` for `u'`, and the letters that have a prime in it."""
    letters: list[str] = []
    result = graph
    for position, node in enumerate(graph.nodes):
        if node.primitive is VARIABLE and str(node.payload).endswith(PRIME):
            if not letters:
                result = graph.copy()
            letter = str(node.payload).removesuffix(PRIME)
            letters.append(letter)
            result.nodes[position] = Node(VARIABLE, (), f"{letter}_p", f"{letter}_p")
    return result, letters


def copied_as_written(
    source: Graph, output: int, graph: Graph, given: Mapping[str, int], names: Mapping[int, str] = NO_NAMES
) -> int:
    """Adds the node `output` of another graph, where variables stand for the nodes `given`; nothing is simplified.

    Nodes of the other graph that have `names` become variables.
    """
    wanted = needed(source, [output], names)
    at: dict[int, int] = {}
    for position, node in enumerate(source.nodes):
        if not wanted[position]:
            continue
        name = names.get(position, node.payload if node.primitive is VARIABLE else None)
        if name in given:
            at[position] = given[str(name)]
        elif position in names:
            at[position] = graph.variable(names[position], shape=source.shapes[position])
        elif not node.operands and node.primitive.array is None:
            at[position] = graph.append(node, source.shapes[position], None)
        else:
            operands = tuple(at[operand] for operand in node.operands)
            payload = node.payload if isinstance(node.payload, tuple) else None
            at[position] = graph.add(node.primitive, operands, payload=payload)
    return at[output]
