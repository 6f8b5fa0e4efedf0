"""A graph as a formula of the language, with the fewest parentheses that read back as the same graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from autodiff.evaluate.numbers import shortest
from autodiff.graph.nodes import ArrayConstant, Graph, NamedConstant, Node
from autodiff.graph.primitive import CONSTANT, VARIABLE
from autodiff.graph.prune import needed
from autodiff.graph.rules import rule
from autodiff.graph.table import PRIMITIVES, WRITTEN
from autodiff.show.arrangement import array_text, constant_array_text
from autodiff.show.binding import ATOM, BINDING

WHERE = PRIMITIVES["where"]
# What is written between two operands.
SIGNS = {
    "or": " or ",
    "and": " and ",
    "add": " + ",
    "sub": " - ",
    "mul": "*",
    "div": "/",
    "pow": "^",
    "lt": " < ",
    "le": " <= ",
    "gt": " > ",
    "ge": " >= ",
    "eq": " == ",
    "ne": " != ",
}


def formula(graph: Graph, output: int, known: Mapping[int, str] = MappingProxyType({})) -> str:
    """The node `output` as text. A node that is used twice is written twice; `known` nodes by their name.

    >>> from autodiff.graph.compiler import compile_program, parser
    >>> text = "((x + (y)) * 2) ^ (-x) / (1 - (2 - z))"
    >>> compiled = compile_program(parser().parse(text), text)
    >>> formula(compiled.graph, compiled.output)
    '((x + y)*2)^-x/(1 - (2 - z))'
    """
    return known[output] if output in known else formula_texts(graph, [output], known)[output]


def formula_texts(graph: Graph, results: Iterable[int], known: Mapping[int, str]) -> list[str]:
    """The text of each node that `results` need, where nodes made of `known` ones have their names."""
    own: list[str] = []
    texts: list[tuple[str, int]] = []  # as an operand, and how tightly each binds
    wanted = needed(graph, [*results, *known])
    for position, node in enumerate(graph.nodes):
        if not wanted[position]:
            text = "", ATOM
        elif node.primitive.array is not None:
            text = array_text(graph, position, [texts[operand] for operand in node.operands])
        elif node.primitive is WHERE:
            text = choice_text(graph, node, texts)
        else:
            text = node_text(node, texts)
        own.append(text[0])
        texts.append((known[position], ATOM) if position in known else text)
    return own


def choice_text(graph: Graph, node: Node, texts: list[tuple[str, int]]) -> tuple[str, int]:
    """`where(c, a, b)`; one within the other is `piecewise(c, a, d, b, e)`, which means the same."""
    condition, first, second = (texts[operand][0] for operand in node.operands)
    other = graph.nodes[node.operands[2]]
    if other.primitive is not WHERE or other.label is not None or not second.startswith(("where(", "piecewise(")):
        return f"where({condition}, {first}, {second})", ATOM
    return f"piecewise({condition}, {first}, {second.partition('(')[2]}", ATOM


def node_text(node: Node, texts: list[tuple[str, int]]) -> tuple[str, int]:
    primitive, operands, payload, _ = node
    name = primitive.name
    if primitive is VARIABLE:
        return str(payload), ATOM
    if primitive is CONSTANT:
        return constant_text(payload)
    if primitive.internal:
        return defined_text(node, texts)
    binding = BINDING.get(name, ATOM)
    if name in ("neg", "not"):
        operand = enclosed(texts[operands[0]], binding)
        return ("-" if name == "neg" else "not ") + operand, binding
    if name in SIGNS:
        left, right = texts[operands[0]], texts[operands[1]]
        if name == "pow":  # groups to the right, and takes a sign in its exponent
            return f"{enclosed(left, ATOM)}^{enclosed(right, BINDING['neg'])}", binding
        chained = binding == BINDING["lt"]  # a < b < c means something else than (a < b) < c
        needed_on_the_left = BINDING["matmul"] if name == "div" else binding + chained  # A @ x/2
        return f"{enclosed(left, needed_on_the_left)}{SIGNS[name]}{enclosed(right, binding + 1)}", binding
    return f"{WRITTEN.get(name, name)}({', '.join(texts[operand][0] for operand in operands)})", ATOM


def constant_text(payload: object) -> tuple[str, int]:
    if isinstance(payload, ArrayConstant):
        return constant_array_text(payload.entries), ATOM
    if isinstance(payload, NamedConstant):
        return payload.name, ATOM
    if payload != payload:  # NaN
        return "0/0", BINDING["div"]
    text = shortest(payload) if isinstance(payload, float) else str(payload)
    return text, BINDING["div"] if "/" in text else BINDING["neg"] if text.startswith("-") else ATOM


def defined_text(node: Node, texts: list[tuple[str, int]]) -> tuple[str, int]:
    """An internal primitive is written as its definition."""
    primitive, operands, _, _ = node
    template = rule(primitive.definition_of(len(operands)))
    given = dict(zip(primitive.operand_names(len(operands)), operands, strict=True))
    inner: list[tuple[str, int]] = []
    for part in template.graph.nodes:
        inner.append(texts[given[str(part.label)]] if part.primitive is VARIABLE else node_text(part, inner))
    return inner[template.output]


def enclosed(text: tuple[str, int], needed_binding: int) -> str:
    written, binding = text
    return written if binding >= needed_binding else f"({written})"
