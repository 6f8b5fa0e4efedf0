"""Nodes of array primitives in LaTeX: matrix products side by side, subscripts, arrays as columns and matrices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autodiff.graph.nodes import ArrayConstant, Graph
from autodiff.graph.primitive import Primitive
from autodiff.graph.shapes import Shape
from autodiff.show.arrangement import parameter_text, subscripts_text
from autodiff.show.latex_names import number_piece
from autodiff.show.latex_pieces import (
    ATOM,
    OPERATOR,
    SUBSCRIPTED,
    Piece,
    called,
    enclosed,
    filled,
    made,
    multiplied,
    separated,
)
from autodiff.show.latex_rows import function_name, operation


def array_piece(graph: Graph, position: int, operands: Sequence[Piece]) -> Piece:
    primitive, nodes, payload, _ = graph.nodes[position]
    name = primitive.name
    settled: tuple[Any, ...] = payload if isinstance(payload, tuple) else ()
    shape: Shape = (settled[1] if name == "scatter" and settled else graph.shapes[nodes[0]]) or ()
    if name == "matmul":
        return matrix_product(*operands)
    if name == "index" and settled:
        return made((enclosed(operands[0], ATOM), f"_{{{subscripts_text(settled[0], shape)}}}"), SUBSCRIPTED)
    if name == "norm" and len(settled) > 1 and len(settled[1]) == len(shape):
        return norm(primitive, operands[0], settled[0])
    if name == "stack" and settled == (0,):
        return literal(operands)
    if (name == "transpose" and settled == (tuple(range(len(shape) - 1, -1, -1)),)) or name.startswith("diagonal"):
        settled = ()
    parameters = shown_parameters(primitive, settled, shape)
    if parameters and "#" in primitive.latex:
        return called(rf"\operatorname{{{name}}}", [*operands, *parameters])
    return called(function_name(primitive), [*operands, *parameters]) if parameters else operation(primitive, operands)


def matrix_product(left: Piece, right: Piece) -> Piece:
    """Side by side; of two vectors with a dot. Words are parted by a space: the dot is that of vectors."""
    if left.rank == right.rank == 1 and min(left.binding, right.binding) >= SUBSCRIPTED:
        return filled(r"#1 \cdot #2", (left, right))
    return multiplied(left, right, dot=r" \, ")


def norm(primitive: Primitive, operand: Piece, order: float) -> Piece:
    """Without its order if that is 2."""
    piece = filled(primitive.latex, [operand])
    return piece if order == 2 else made((piece, "_{", number_piece(float(order)), "}"), SUBSCRIPTED)


def shown_parameters(primitive: Primitive, settled: tuple[Any, ...], shape: Shape) -> list[str]:
    r"""`\mathrm{axis} = 0`, `3, 2`; nothing where it says nothing."""
    texts = []
    for index, (name, value) in enumerate(zip(primitive.parameters, settled, strict=False)):
        default = primitive.parameters[name]
        axes = value if isinstance(value, tuple) else (value,)
        only = len(shape) == 1 and primitive.name != "stack"
        if name == "axis" and (only or (default.startswith("-") and axes == (len(shape) + int(default),))):
            continue
        if text := parameter_text(primitive, index, value, shape):
            key, equals, setting = text.partition("=")
            number = r"\infty" if setting == "inf" else setting
            texts.append(rf"\mathrm{{{key}}} = {number}" if equals else text)
    return texts


def literal(entries: Sequence[Piece]) -> Piece:
    """An array by its entries along the first axis: a vector is a column, a list of vectors a matrix."""
    if not entries:
        return Piece((r"\left[\right]",), ATOM)
    rows = [entry.row for entry in entries]
    if not any(entry.rank for entry in entries):
        column = made(tuple(separated(entries, r" \\ ")), OPERATOR)
        side_by_side = made(tuple(separated(entries, " & ")), OPERATOR)
        return matrix(column)._replace(row=side_by_side, rank=1)
    lines = [row for row in rows if row is not None]
    if len(lines) == len(rows):
        return matrix(made(tuple(separated(lines, r" \\ ")), OPERATOR))._replace(rank=2)
    return made((r"\left[", *separated(entries, ", "), r"\right]"), ATOM)


def matrix(body: Piece) -> Piece:
    return made((r"\begin{pmatrix} ", body, r" \end{pmatrix}"), ATOM)._replace(first="parenthesis")


def constant_array(constant: ArrayConstant) -> Piece:
    entries = constant.entries
    if 0 in entries.shape and entries.ndim > 1:
        return called(r"\operatorname{zeros}", list(map(str, entries.shape)))
    return nested(entries.tolist())


def nested(entries: Any) -> Piece:
    """It recurses on the axes of an array, of which NumPy allows 64."""
    return literal(list(map(nested, entries))) if isinstance(entries, list) else number_piece(entries)
