"""Formulas in which what is used more than once has a name: `t1 = sin(x); t1*exp(t1)`."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from itertools import count
from typing import NamedTuple

from autodiff.graph.nodes import Graph
from autodiff.graph.primitive import CONSTANT, VARIABLE
from autodiff.graph.prune import needed
from autodiff.graph.table import FUNCTIONS, PRIMITIVES
from autodiff.show.formula import formula_texts

NEG = PRIMITIVES["neg"]


class Shared(NamedTuple):
    """What has a name, with the formula of each in the order in which they are needed; and the formulas of results."""

    definitions: list[tuple[str, str]]
    results: list[str]


def shared_formulas(graph: Graph, results: Sequence[int]) -> Shared:
    """The nodes `results` as text. What is used twice and takes an operation to compute is written once.

    >>> from autodiff.graph.compiler import compile_program, parser
    >>> text = "sin(x^2)*exp(sin(x^2))"
    >>> compiled = compile_program(parser().parse(text), text)
    >>> shared_formulas(compiled.graph, [compiled.output])
    Shared(definitions=[('t1', 'sin(x^2)')], results=['t1*exp(t1)'])
    """
    names = new_names({str(node.label) for node in graph.nodes if node.label is not None})
    known = {position: next(names) for position in used_twice(graph, results)}
    texts = formula_texts(graph, results, known)
    definitions = [(name, texts[position]) for position, name in known.items()]
    return Shared(definitions, [known.get(result, texts[result]) for result in results])


def used_twice(graph: Graph, results: Sequence[int]) -> Iterator[int]:
    """The nodes with operands that are used more than once; the sign of a number or variable is no operation."""
    wanted = needed(graph, results)
    uses = [0] * len(graph.nodes)
    for result in results:
        uses[result] += 1
    for position, node in enumerate(graph.nodes):
        if wanted[position]:
            for operand in node.operands:
                uses[operand] += 1
    for position, node in enumerate(graph.nodes):
        is_atom = not node.operands or (node.primitive is NEG and not graph.nodes[node.operands[0]].operands)
        is_fraction = all(graph.nodes[operand].primitive is CONSTANT for operand in node.operands)
        if wanted[position] and uses[position] > 1 and not is_atom and not is_fraction:
            yield position


def new_names(taken: Container[str]) -> Iterator[str]:
    """t1, t2, ... without names that are taken, and those of functions."""
    return (name for name in map("t{}".format, count(1)) if name not in taken and name not in FUNCTIONS)


def operations(graph: Graph, results: Sequence[int]) -> int:
    """How many operations the formulas of `results` have when nothing is shared."""
    sizes: list[int] = []
    for node in graph.nodes:
        own = node.primitive not in (VARIABLE, CONSTANT)
        sizes.append(own + sum([sizes[operand] for operand in node.operands]))
    return sum(sizes[result] for result in results)
