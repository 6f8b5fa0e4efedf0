"""A graph as a formula of the language, with the fewest parentheses that read back as the same graph."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from autodiff.evaluate.numbers import shortest, value_text
from autodiff.graph.nodes import ArrayConstant, Graph, NamedConstant, Node
from autodiff.graph.primitive import CONSTANT, VARIABLE
from autodiff.graph.prune import needed
from autodiff.graph.rules import rule
from autodiff.graph.table import WRITTEN
from autodiff.show.arrangement import array_text
from autodiff.show.binding import ATOM, BINDING

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
    texts: list[tuple[str, int]] = []  # and how tightly each binds
    wanted = needed(graph, [output])
    for position, node in enumerate(graph.nodes):
        if position in known:
            texts.append((known[position], ATOM))
        elif not wanted[position]:
            texts.append(("", ATOM))
        elif node.primitive.array is not None:
            texts.append(array_text(graph, position, [texts[operand] for operand in node.operands]))
        else:
            texts.append(node_text(node, texts))
    return texts[output][0]


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
            return f"{enclosed(left, ATOM)}^{enclosed(right, 7)}", binding
        chained = binding == BINDING["lt"]  # a < b < c means something else than (a < b) < c
        return f"{enclosed(left, binding + chained)}{SIGNS[name]}{enclosed(right, binding + 1)}", binding
    return f"{WRITTEN.get(name, name)}({', '.join(texts[operand][0] for operand in operands)})", ATOM


def constant_text(payload: object) -> tuple[str, int]:
    if isinstance(payload, ArrayConstant):
        shape = payload.entries.shape
        empty = len(shape) > 1 and 0 in shape  # [] would say nothing of the other lengths
        return f"zeros({', '.join(map(str, shape))})" if empty else value_text(payload.entries), ATOM
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
