"""Between lexer and parser: what takes more than one token of context to know.

Which `|` opens and which closes; which line end ends a statement; which name is a function; whether brackets match.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import TYPE_CHECKING

from autodiff.language.errors import AutodiffError, Span

if TYPE_CHECKING:
    from lark import Token

CLOSERS = {"LPAR": "RPAR", "OPEN_BAR": "CLOSE_BAR"}
# After one of these an operand is complete: a "|" can only close, a line end can end the statement.
ENDS_OPERAND = {"NUMBER", "NAME", "RPAR", "CLOSE_BAR", "FACTORIAL", "SUPERSCRIPT"}
# A line that begins with one of these goes on with the line before; "+" and "-" could begin a new one.
CONTINUES = {
    "TIMES",
    "DIVIDE",
    "POWER",
    "COMPARE",
    "AND",
    "OR",
    "RPAR",
    "FACTORIAL",
    "_COMMA",
    "ASSIGN",
    "SUPERSCRIPT",
}


class TokenContext:
    """A Lark post-lexer for one set of function names; it keeps no state between texts."""

    always_accept = ("NEWLINE", "BAR")

    def __init__(self, functions: Container[str]) -> None:
        self.functions = functions

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        tokens = list(stream)
        open_brackets: list[Token] = []
        previous = ""
        for index, token in enumerate(tokens):
            kind = token.type
            if kind == "NEWLINE":
                following = next((t.type for t in tokens[index + 1 :] if t.type != "NEWLINE"), "")
                if open_brackets or previous not in ENDS_OPERAND or following in CONTINUES:
                    continue
                kind = "_SEPARATOR"
            elif kind == "BAR":
                inside_bar = bool(open_brackets) and open_brackets[-1].type == "OPEN_BAR"
                kind = "CLOSE_BAR" if inside_bar and previous in ENDS_OPERAND else "OPEN_BAR"
            elif kind == "NAME" and token in self.functions and is_called(tokens, index):
                kind = "FUNCTION"
            token.type = kind
            if kind in CLOSERS:
                open_brackets.append(token)
            elif kind in ("RPAR", "CLOSE_BAR"):
                close(open_brackets, token)
            previous = kind
            yield token
        if open_brackets:
            opener = open_brackets[-1]
            raise AutodiffError(
                "unmatched-bracket",
                f"this '{opener}' is never closed",
                token_span(opener),
                "add the closing bracket" if opener.type == "LPAR" else "close it, or write abs(...)",
            )


def token_span(token: Token) -> Span:
    return Span(token.start_pos or 0, token.end_pos or 0)


def is_called(tokens: Sequence[Token], index: int) -> bool:
    """Whether the name at `index` stands before its operands, as in `sin(x)`, `sin^2(x)`, `sin²(x)`, `sin^-1(x)`."""
    following = [token.type for token in tokens[index + 1 : index + 5]]
    return (
        following[:1] == ["LPAR"]
        or following[:2] == ["SUPERSCRIPT", "LPAR"]
        or following[:3] == ["POWER", "NUMBER", "LPAR"]
        or following == ["POWER", "MINUS", "NUMBER", "LPAR"]
    )


def close(open_brackets: list[Token], token: Token) -> None:
    if open_brackets and CLOSERS[open_brackets[-1].type] == token.type:
        open_brackets.pop()
        return
    span = token_span(token)
    if not open_brackets:
        raise AutodiffError("unmatched-bracket", f"this '{token}' closes nothing", span, "remove it, or open it")
    opener = open_brackets[-1]
    raise AutodiffError(
        "unmatched-bracket",
        f"this '{token}' can't close the '{opener}' before it",
        span,
        "close the inner one first",
    )
