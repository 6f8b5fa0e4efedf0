"""A row of the table of primitives in LaTeX, from its operands."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from autodiff.graph.primitive import Primitive
from autodiff.show.latex_names import NOT_A_NUMBER
from autodiff.show.latex_pieces import (
    AND,
    ATOM,
    CASES,
    COMPARISON,
    FACTOR,
    NOT,
    OR,
    Piece,
    added,
    called,
    divided,
    enclosed,
    filled,
    made,
    multiplied,
    multiplied_entrywise,
    negative,
    parenthesised,
    raised,
    subtracted,
)

LARGEST_RAISED_OPERAND = 13  # symbols of the operand of exp that stands above the line
# In a chain of comparisons all go in one direction.
DIRECTIONS = {"lt": "up", "le": "up", "gt": "down", "ge": "down", "eq": ""}


def function_name(primitive: Primitive) -> str:
    r"""
    >>> from autodiff.graph.table import PRIMITIVES
    >>> print(function_name(PRIMITIVES["log"]), function_name(PRIMITIVES["erf"]))
    \ln \operatorname{erf}
    """
    return primitive.latex or rf"\operatorname{{{primitive.name.replace('_', chr(92) + '_')}}}"


def operation(primitive: Primitive, operands: Sequence[Piece]) -> Piece:
    """By what the operation is, or as the row says."""
    name = primitive.name
    if name in OPERATIONS:
        return OPERATIONS[name](*operands)
    if name in ("lt", "le", "gt", "ge", "eq", "ne"):
        return comparison(primitive, *operands)
    if name == "square":
        return raised(operands[0], Piece(("2",), ATOM, exponent="2"))
    if "#" in primitive.latex:
        return filled(primitive.latex, operands)
    return called(function_name(primitive), operands)


def product(left: Piece, right: Piece) -> Piece:
    """Of two arrays with a sign of its own: side by side they would be a matrix product."""
    return (multiplied_entrywise if left.rank and right.rank else multiplied)(left, right)


def comparison(primitive: Primitive, left: Piece, right: Piece) -> Piece:
    left, right = enclosed(left, COMPARISON + 1), enclosed(right, COMPARISON + 1)
    rest = made((primitive.latex[2:-2], right), COMPARISON)
    direction = DIRECTIONS.get(primitive.name)
    chain = None if direction is None else (direction, left, rest, right)
    return made((left, rest), COMPARISON)._replace(chain=chain)


def conjunction(left: Piece, right: Piece) -> Piece:
    """`a < b and b < c` is a chain."""
    if left.chain and right.chain:
        direction, first, so_far, last = left.chain
        other, middle, rest, end = right.chain
        if last is middle and (direction == other or "" in (direction, other)):
            joined = made((so_far, rest), COMPARISON)
            chain = (direction or other, first, joined, end)
            return made((first, joined), COMPARISON)._replace(chain=chain)
    return made((enclosed(left, AND), r" \wedge ", enclosed(right, AND)), AND)


def disjunction(left: Piece, right: Piece) -> Piece:
    return made((enclosed(left, OR), r" \vee ", enclosed(right, OR)), OR)


def negation(operand: Piece) -> Piece:
    return made((r"\neg ", operand if operand.binding >= FACTOR else parenthesised(operand)), NOT)


def choice(condition: Piece, chosen: Piece, otherwise: Piece) -> Piece:
    """A row for each condition; a choice between the others goes on below. NaN is what there is where none holds."""
    holds = condition if condition.binding <= COMPARISON else made((condition, r" \neq 0"), COMPARISON)
    rows: tuple[str | Piece, ...] = (chosen, r" & \text{if } ", holds)
    if otherwise.cases is not None:
        rows += (r" \\ ", otherwise.cases)
    elif otherwise.parts != (NOT_A_NUMBER,):
        rows += (r" \\ ", otherwise, r" & \text{otherwise}")
    cases = made(rows, CASES)
    return made((r"\begin{cases} ", cases, r" \end{cases}"), CASES)._replace(cases=cases)


def exponential(operand: Piece) -> Piece:
    """A power of e, unless that would be too high or taken for the exponential of a matrix."""
    if operand.size > LARGEST_RAISED_OPERAND or operand.rank:
        return called(r"\exp", [operand])
    return raised(Piece(("e",), ATOM), operand)


OPERATIONS: dict[str, Callable[..., Piece]] = {
    "add": added,
    "sub": subtracted,
    "mul": product,
    "div": divided,
    "neg": negative,
    "pow": raised,
    "exp": exponential,
    "and": conjunction,
    "or": disjunction,
    "not": negation,
    "where": choice,
}
