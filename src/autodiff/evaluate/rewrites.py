"""Forms that lose their value at an end of the range, and the function that keeps it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from autodiff.evaluate.floats import FLOATS
from autodiff.evaluate.point import all_finite
from autodiff.evaluate.program import build_program, text_kernel
from autodiff.graph.compiler import compile_program, parser
from autodiff.graph.nodes import Graph
from autodiff.graph.primitive import CONSTANT, VARIABLE
from autodiff.graph.rules import Rule, rule
from autodiff.graph.table import PRIMITIVES
from autodiff.language.excerpts import shortened

REWRITES = (
    ("log(sum(exp(a)))", "logsumexp(a)"),
    ("exp(a)/sum(exp(a))", "softmax(a)"),
    ("log(softmax(a))", "log_softmax(a)"),
    ("log(1 + exp(a))", "softplus(a)"),
    ("log(exp(a) + exp(b))", "logaddexp(a, b)"),
    ("1/(1 + exp(-a))", "sigmoid(a)"),
    ("exp(a)/(1 + exp(a))", "sigmoid(a)"),
    ("exp(a)/(exp(a) + 1)", "sigmoid(a)"),
    ("log(sigmoid(a))", "-softplus(-(a))"),
    ("(exp(a) - exp(-a))/(exp(a) + exp(-a))", "tanh(a)"),
    ("sqrt(a^2 + b^2)", "hypot(a, b)"),
    ("sqrt(a^2)", "abs(a)"),
    ("(a^2 + b^2)^(1/2)", "hypot(a, b)"),
    ("a*log(a)", "xlogy(a, a)"),
    ("a*log(b)", "xlogy(a, b)"),
    ("sin(a)/a", "sinc(a)"),
    ("log(gamma(a))", "lgamma(a)"),
    ("a^(1/3)", "cbrt(a)"),
    ("a^(2/3)", "cbrt(a)^2"),
    ("a^(1/5)", "root(a, 5)"),
)
COMMUTATIVE = {PRIMITIVES["add"], PRIMITIVES["mul"]}
FARTHEST = 4  # levels between the culprit and the form that it stands in


def known_rewrite(graph: Graph, text: str, position: int, values: Sequence[Any]) -> tuple[str, str] | None:
    """The form around the node that a rewrite is known for, and the rewrite, both as text of the formula.

    Only one that is finite where the form is not helps.
    """
    for candidate in sorted(around(graph, position)):
        for form, rewrite in REWRITES:
            pattern = rule(form)
            names: dict[str, int] = {}
            if graph.spans[candidate] is None or not matches(graph, candidate, pattern, pattern.output, names):
                continue
            if is_finite(rewrite, graph, names, values):
                texts = {name: text_of(graph, text, node) for name, node in names.items()}
                return text_of(graph, text, candidate), with_texts(rewrite, texts)
    return None


def is_finite(rewrite: str, graph: Graph, names: Mapping[str, int], values: Sequence[Any]) -> bool:
    """Whether the rewrite is, where its names are the given nodes."""
    given = {name: values[node] for name, node in names.items()}
    shapes = {name: graph.shapes[node] or () for name, node in names.items()}
    if not any(shapes.values()):
        return math.isfinite(text_kernel(rewrite, tuple(names), FLOATS)(*given.values()))
    from autodiff.evaluate.arrays import ARRAYS

    compiled = compile_program(parser().parse(rewrite), rewrite, shapes=shapes)
    return all_finite(build_program(compiled.graph, [compiled.output], ARRAYS).run(given)[compiled.output])


def with_texts(rewrite: str, texts: Mapping[str, str]) -> str:
    return re.sub(r"\b[ab]\b", lambda name: texts[name[0]], rewrite)


def around(graph: Graph, position: int) -> set[int]:
    """The node, what uses it, what uses that, up to the farthest that a form reaches."""
    nodes = {position}
    for _ in range(FARTHEST):
        users = range(position, len(graph.nodes))
        nodes |= {user for user in users if not nodes.isdisjoint(graph.nodes[user].operands)}
    return nodes


def matches(graph: Graph, position: int, rule: Rule, pattern: int, names: dict[str, int]) -> bool:
    """Whether the node is the pattern's node for some meaning of its names, which are put into `names`.

    It recurses on the pattern, which is as small as the rows above.
    """
    wanted, node = rule.graph.nodes[pattern], graph.nodes[position]
    if wanted.primitive is VARIABLE:
        return names.setdefault(str(wanted.label), position) == position
    if wanted.primitive is CONSTANT:
        return graph.number(position) == wanted.payload
    if node.primitive is not wanted.primitive or not takes_all(graph, position):
        return False
    orders = [node.operands, node.operands[::-1]] if node.primitive in COMMUTATIVE else [node.operands]
    for operands in orders:
        attempt = names.copy()
        if all(matches(graph, *pair, attempt) for pair in zip_patterns(operands, rule, wanted.operands)):
            names.update(attempt)
            return True
    return False


def takes_all(graph: Graph, position: int) -> bool:
    """Whether an array primitive goes over all axes, as the forms above do."""
    primitive, operands, payload, _ = graph.nodes[position]
    if primitive.array is None:
        return True
    return payload == (tuple(range(len(graph.shapes[operands[0]] or ()))),)


def zip_patterns(operands: tuple[int, ...], rule: Rule, patterns: tuple[int, ...]) -> list[tuple[int, Rule, int]]:
    return [(operand, rule, pattern) for operand, pattern in zip(operands, patterns, strict=True)]


def text_of(graph: Graph, text: str, position: int) -> str:
    span = graph.spans[position]
    return shortened(text[span.start : span.end] if span else str(graph.nodes[position].label), 60)
