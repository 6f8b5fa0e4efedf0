"""A graph in LaTeX, for people to read: with the fewest parentheses that leave no doubt."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from autodiff.graph.nodes import ArrayConstant, Graph, Node
from autodiff.graph.primitive import CONSTANT, VARIABLE
from autodiff.graph.prune import needed
from autodiff.graph.rules import rule
from autodiff.show.latex_names import name_piece, number_piece
from autodiff.show.latex_pieces import ATOM, Piece, called, written
from autodiff.show.latex_rows import operation


def latex(graph: Graph, output: int, known: Mapping[int, str] = MappingProxyType({})) -> str:
    r"""The node `output`, for math mode. A node that is used twice is written twice; `known` nodes by their name.

    >>> from autodiff.graph.compiler import compile_program, parser
    >>> text = "-2*x*sin(theta1)^2/sqrt(x + 1)"
    >>> compiled = compile_program(parser().parse(text), text)
    >>> print(latex(compiled.graph, compiled.output))
    -\frac{2 x \sin^{2}\left(\theta_{1}\right)}{\sqrt{x + 1}}
    """
    pieces: list[Piece] = []
    wanted = needed(graph, [output], known)
    # A variable e, or a node of that name, is not the base of the exponential.
    names = {*known.values(), *(node.payload for node in graph.nodes if node.primitive is VARIABLE)}
    for position, node in enumerate(graph.nodes):
        shape = graph.shapes[position]
        rank = -1 if shape is None else len(shape)
        if position in known:
            piece = name_piece(known[position])
        elif not wanted[position]:
            piece = NOTHING
        elif node.primitive.array is not None:
            from autodiff.show.latex_arrays import array_piece

            piece = array_piece(graph, position, [pieces[operand] for operand in node.operands])
        else:
            piece = node_piece(node, pieces, "e" in names)
        pieces.append(piece._replace(rank=rank) if rank else piece)
    return written(pieces[output])


NOTHING = Piece(("",), ATOM)


def node_piece(node: Node, pieces: list[Piece], e_is_a_name: bool) -> Piece:
    primitive, operands, payload, _ = node
    if primitive is VARIABLE:
        return name_piece(str(payload))
    if primitive is CONSTANT:
        return constant_piece(payload)
    if primitive.internal:
        return defined_piece(node, pieces, e_is_a_name)
    given = [pieces[operand] for operand in operands]
    if primitive.name == "exp" and e_is_a_name:
        return called(r"\exp", given)
    return operation(primitive, given)


def constant_piece(payload: object) -> Piece:
    if isinstance(payload, ArrayConstant):
        from autodiff.show.latex_arrays import constant_array

        return constant_array(payload)
    return number_piece(payload)  # type: ignore[arg-type]  # all other constants are numbers


def defined_piece(node: Node, pieces: list[Piece], e_is_a_name: bool) -> Piece:
    """An internal primitive is written as its definition."""
    primitive, operands, _, _ = node
    template = rule(primitive.written_definition(len(operands)))
    given = dict(zip(primitive.operand_names(len(operands)), operands, strict=True))
    inner: list[Piece] = []
    for part in template.graph.nodes:
        if part.primitive is VARIABLE:
            inner.append(pieces[given[str(part.label)]])
        else:
            piece = node_piece(part, inner, e_is_a_name)
            ranks = [inner[operand].rank for operand in part.operands]
            inner.append(piece._replace(rank=max(ranks, key=abs, default=0)))
    return inner[template.output]
