"""Nodes of array primitives as text: subscripts, `.T`, `@`, and parameters behind the operands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from autodiff.evaluate.numbers import shortest, value_text
from autodiff.graph.nodes import ArrayConstant, Graph
from autodiff.graph.primitives.construction import kind_of_array
from autodiff.graph.shapes import Shape
from autodiff.graph.table import WRITTEN
from autodiff.show.binding import ATOM, BINDING

if TYPE_CHECKING:
    import numpy

MATRIX_PRODUCT, PRODUCT = BINDING["matmul"], BINDING["mul"]


def array_text(graph: Graph, position: int, operands: Sequence[tuple[str, int]]) -> tuple[str, int]:
    """The node, from its operands' texts and how tightly they bind.

    >>> from autodiff.graph.compiler import compile_program, parser
    >>> from autodiff.show.formula import formula
    >>> text = "sum((A + B)[1:, -1]) + max(A.T @ B, axis=1)"
    >>> compiled = compile_program(parser().parse(text), text, shapes={"A": (2, 3), "B": (2, 3)})
    >>> formula(compiled.graph, compiled.output)
    'sum((A + B)[1:, 2]) + max(A.T @ B, axis=1)'
    """
    primitive, nodes, payload, _ = graph.nodes[position]
    name = primitive.name
    written = [text for text, _ in operands]
    atom = written[0] if operands[0][1] >= ATOM else f"({written[0]})"
    if not isinstance(payload, tuple):
        return f"{WRITTEN.get(name, name)}({', '.join(written)})", ATOM
    shape: Shape = (payload[1] if name == "scatter" else graph.shapes[nodes[0]]) or ()
    if name == "index":
        return f"{atom}[{subscripts_text(payload[0], shape)}]", ATOM
    if name == "transpose" and payload[0] == tuple(range(len(shape) - 1, -1, -1)):
        return f"{atom}.T", ATOM
    if name == "matmul":
        left = written[0] if operands[0][1] >= MATRIX_PRODUCT else f"({written[0]})"
        right = written[1] if operands[1][1] > PRODUCT else f"({written[1]})"
        return f"{left} @ {right}", MATRIX_PRODUCT
    parameters = [
        text for index, value in enumerate(payload) if (text := parameter_text(primitive, index, value, shape))
    ]
    if name.startswith("diagonal"):
        name, parameters = "diag", []
    if name == "broadcast" and (number := graph.number(nodes[0])) in (0, 1):
        return f"{'ones' if number else 'zeros'}({', '.join(map(str, payload[0]))})", ATOM
    if name == "stack" and payload == (0,):
        return f"[{', '.join(entry_text(graph, node, text) for node, text in zip(nodes, written, strict=True))}]", ATOM
    return f"{WRITTEN.get(name, name)}({', '.join([*written, *parameters])})", ATOM


def entry_text(graph: Graph, position: int, text: str) -> str:
    """A row of a matrix: a constant one with all its entries, as the others have."""
    _, _, payload, label = graph.nodes[position]
    return value_text(payload.entries) if isinstance(payload, ArrayConstant) and label is None else text


def constant_array_text(entries: numpy.ndarray) -> str:
    """Arrays of zeros or ones, and unit matrices, by their names; else all entries."""
    kind, lengths = kind_of_array(entries), ", ".join(map(str, entries.shape))
    if kind:
        return f"{kind}({entries.shape[0] if kind == 'eye' else lengths})"
    empty = entries.ndim > 1 and 0 in entries.shape  # [] would say nothing of the other lengths
    return f"zeros({lengths})" if empty else value_text(entries)


def parameter_text(primitive: Any, index: int, value: Any, shape: Shape) -> str:
    """`axis=0`, `3, 2`; nothing where it says nothing."""
    name = list(primitive.parameters)[index]
    if name == "items":
        return f"[{subscripts_text(value, shape)}]"
    if name.endswith("..."):
        return ", ".join(map(str, value))
    if name == "axis" and value in (len(shape) - 1, (len(shape) - 1,)) and primitive.parameters[name] == "-1":
        return ""
    if name == "axis" and isinstance(value, tuple):
        if value == tuple(range(len(shape))) and primitive.parameters[name] == "":
            return ""
        return f"axis={value[0] if len(value) == 1 else value}"
    if name == "shape":
        return ", ".join(map(str, value))
    if isinstance(value, float):
        return "" if shortest(value) == primitive.parameters[name] else f"{name}={shortest(value)}"
    return "" if str(value) == primitive.parameters[name] else f"{name}={value}"


def subscripts_text(items: Sequence[Any], shape: Shape) -> str:
    """The subscripts, those at the end that take everything left out."""
    texts = [item_text(item, length) for item, length in zip(items, shape, strict=True)]
    while len(texts) > 1 and texts[-1] == ":":
        texts.pop()
    return ", ".join(texts)


def item_text(item: Any, length: int) -> str:
    if isinstance(item, int):
        return str(item)
    start, count, step = item
    stop = start + count * step
    if step == 1:
        return f"{start or ''}:{'' if stop == length else stop}"
    first = "" if start == (0 if step > 0 else length - 1) else str(start)
    last = "" if (stop >= length if step > 0 else stop < 0) else str(stop)
    return f"{first}:{last}:{step}"
