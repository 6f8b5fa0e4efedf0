"""Pieces of LaTeX: how tightly each binds and what stands at its ends decide what has to stand between them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

# How tightly a piece binds, the loosest first.
CASES = 0
OR, AND, NOT, COMPARISON = 1, 2, 3, 4
SUM = 5  # and whatever has a minus in front
OPERATOR = 6  # a large operator, or a product of vectors: alone between plus signs, else in parentheses
ENTRYWISE = 7  # a product of arrays entry by entry
PRODUCT = 8
FACTOR = 9  # needs parentheses only as the base of a power
SUBSCRIPTED = 10  # may be the base of a power, but has a subscript
ATOM = 11

LARGEST_EXPONENT_OF_A_CALL = 2  # digits


class Piece(NamedTuple):
    """What is written for a node. The text is only joined at the end: a long sum would be copied for each term.

    `first` and `last` say what stands at the ends: a "digit", a "word" (a name of several letters); at the beginning
    also a "minus", a "parenthesis", an "operator" (that goes on to the end); at the end also a "function" (a letter
    that often stands for one). `rank` is the number of axes, -1 if it is not known.
    """

    parts: tuple[str | Piece, ...]
    binding: int
    size: int = 1  # roughly the number of its symbols
    first: str = ""
    last: str = ""
    rank: int = 0
    unsigned: Piece | None = None  # the same without the minus in front
    exponent: str = ""  # of an integer or a fraction: how it is written as an exponent
    call: tuple[str, Piece] | None = None  # a function's name and its operands in parentheses
    chain: tuple[str, Piece, Piece, Piece] | None = None  # of comparisons: direction, first operand, rest, last operand
    cases: Piece | None = None  # the rows of a choice
    row: Piece | None = None  # the entries of a vector side by side


def written(piece: Piece) -> str:
    texts: list[str] = []
    pending: list[str | Piece] = [piece]
    while pending:
        part = pending.pop()
        if isinstance(part, str):
            texts.append(part)
        else:
            pending += part.parts[::-1]
    return "".join(texts)


def made(parts: tuple[str | Piece, ...], binding: int) -> Piece:
    """A piece whose size and ends are those of its parts."""
    size = sum(part.size for part in parts if isinstance(part, Piece)) + 1
    return Piece(parts, binding, size, kind_of_beginning(parts[0]), kind_of_end(parts[-1]))


def kind_of_beginning(part: str | Piece) -> str:
    if isinstance(part, Piece):
        return part.first
    if part.startswith((r"\left(", r"\left[")):
        return "parenthesis"
    if part.startswith((r"\sum", r"\prod")):
        return "operator"
    return "minus" if part.startswith("-") else "digit" if part[:1].isdigit() else ""


def kind_of_end(part: str | Piece) -> str:
    return part.last if isinstance(part, Piece) else "digit" if part[-1:].isdigit() else ""


def enclosed(piece: Piece, needed: int) -> Piece:
    """In parentheses if it binds less tightly than needed; a condition among numbers in the brackets of Iverson."""
    if piece.binding >= needed:
        return piece
    return parenthesised(piece, iverson=CASES < piece.binding <= COMPARISON < needed)


def parenthesised(piece: Piece, *, iverson: bool = False) -> Piece:
    opening, closing = "[]" if iverson else "()"
    return made((rf"\left{opening}", piece, rf"\right{closing}"), ATOM)._replace(rank=piece.rank)


def negative(piece: Piece) -> Piece:
    unsigned = enclosed(piece, OPERATOR)
    exponent = piece.exponent and f"-{piece.exponent}"
    return made(("-", unsigned), SUM)._replace(unsigned=unsigned, exponent=exponent)


def added(left: Piece, right: Piece) -> Piece:
    if right.unsigned is not None:
        return subtracted(left, right.unsigned)
    right = enclosed(right, SUM)
    return made((enclosed(left, SUM), " + ", parenthesised(right) if right.first == "minus" else right), SUM)


def subtracted(left: Piece, right: Piece) -> Piece:
    return made((enclosed(left, SUM), " - ", enclosed(right, OPERATOR)), SUM)


def multiplied(left: Piece, right: Piece, dot: str = r" \cdot ") -> Piece:
    """Side by side where nobody could take that for one number, one word or a call; else with a dot."""
    if left.unsigned is not None:
        return negative(multiplied(left.unsigned, right, dot))
    left = enclosed(left, PRODUCT)
    if right.binding != OPERATOR or right.first != "operator":
        right = enclosed(right, PRODUCT)
    unclear = (
        right.first == "digit"
        or left.last == "word"
        or (right.first == "word" and left.last != "digit")
        or (right.first == "parenthesis" and left.last == "function")
    )
    return made((left, dot if unclear else " ", right), min(PRODUCT, right.binding))


def multiplied_entrywise(left: Piece, right: Piece) -> Piece:
    if left.unsigned is not None:
        return negative(multiplied_entrywise(left.unsigned, right))
    return made((enclosed(left, ENTRYWISE), r" \odot ", enclosed(right, ENTRYWISE)), ENTRYWISE)


def divided(left: Piece, right: Piece) -> Piece:
    if left.unsigned is not None:
        return negative(divided(left.unsigned, right))
    both_numbers = left.exponent.isdigit() and right.exponent.isdigit()
    fraction = made((r"\frac{", left, "}{", right, "}"), FACTOR)
    return fraction._replace(
        first="digit" if left.first == "digit" else "",
        exponent=f"{left.exponent}/{right.exponent}" if both_numbers else "",
    )


def raised(base: Piece, exponent: Piece) -> Piece:
    number = exponent.exponent
    if base.call and number.isdigit() and len(number) <= LARGEST_EXPONENT_OF_A_CALL:
        name, operands = base.call
        return made((f"{name}^{{{number}}}", operands), FACTOR)
    entrywise = r"\odot " if base.rank > 1 else ""  # the square of a matrix would be its product with itself
    return made((enclosed(base, SUBSCRIPTED), f"^{{{entrywise}", number or exponent, "}"), FACTOR)


def called(name: str, operands: Sequence[Piece | str]) -> Piece:
    """A function's name with its operands behind it."""
    list_of_operands = made((r"\left(", *separated(operands, ", "), r"\right)"), ATOM)
    return made((name, list_of_operands), FACTOR)._replace(call=(name, list_of_operands))


def separated(parts: Iterable[Piece | str], separator: str) -> list[Piece | str]:
    """
    >>> separated("abc", ", ")
    ['a', ', ', 'b', ', ', 'c']
    """
    result: list[Piece | str] = []
    for part in parts:
        result += [separator, part]
    return result[1:]


def filled(template: str, operands: Sequence[Piece]) -> Piece:
    """A row's template with its operands, each enclosed as far as the template does not do that."""
    parts: list[str | Piece] = []
    for text in re.split(r"(#\d)", template):
        if text.startswith("#"):
            parts.append(operands[int(text[1:]) - 1])
        elif text:
            parts.append(text)
    for index, part in enumerate(parts):
        if isinstance(part, Piece):
            parts[index] = enclosed(part, needed_in(parts, index))
    return made(tuple(parts), binding_of(template))


def needed_in(parts: Sequence[str | Piece], index: int) -> int:
    following = str(parts[index + 1]) if index + 1 < len(parts) else ""
    if following.startswith(("^", "!")):
        return SUBSCRIPTED
    return FACTOR if index in (0, len(parts) - 1) else CASES


def binding_of(template: str) -> int:
    """
    >>> [binding_of(template) for template in (r"\\sqrt{#1}", "#1!", r"#1 \\times #2", r"\\log_{#2}\\left(#1\\right)")]
    [9, 9, 6, 9]
    """
    if template.startswith(r"\left"):
        return ATOM
    return OPERATOR if re.search(r"^#1 | #\d$", template) else FACTOR
