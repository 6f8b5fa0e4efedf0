"""Between tokens and parser: what takes more than one token of context to know.

Which `|` opens and which closes; which line end ends a statement; which name is a function; whether brackets match.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from autodiff.language.errors import AutodiffError
from autodiff.language.tokens import Token

CLOSERS = {"LPAR": "RPAR", "OPEN_BAR": "CLOSE_BAR"}
# After one of these an operand is complete: a "|" can only close, a line end can end the statement.
ENDS_OPERAND = {"NUMBER", "NAME", "RPAR", "CLOSE_BAR", "FACTORIAL", "SUPERSCRIPT"}
# A line that begins with one of these goes on with the line before; "+" and "-" could begin a new one.
CONTINUES = {
    *("TIMES", "DIVIDE", "POWER", "COMPARE", "AND", "OR", "ASSIGN"),
    *("RPAR", "FACTORIAL", "SUPERSCRIPT", "_COMMA"),
}


def in_context(tokens: Sequence[Token], functions: Container[str]) -> list[Token]:
    """The tokens with their final kinds; line ends that separate nothing are left out.

    Raises AutodiffError for brackets that don't match.
    """
    result: list[Token] = []
    open_brackets: list[Token] = []
    behind = kinds_behind(tokens)
    previous = ""
    for index, token in enumerate(tokens):
        kind = token.kind
        if kind == "NAME":
            if token.text in functions and is_called(tokens, index):
                token.kind = kind = "FUNCTION"
        elif kind == "NEWLINE":
            if open_brackets or previous not in ENDS_OPERAND or behind[index] in CONTINUES:
                continue
            token.kind = kind = "_SEPARATOR"
        elif kind == "BAR":
            inside_bar = bool(open_brackets) and open_brackets[-1].kind == "OPEN_BAR"
            token.kind = kind = "CLOSE_BAR" if inside_bar and previous in ENDS_OPERAND else "OPEN_BAR"
        if kind in CLOSERS:
            open_brackets.append(token)
        elif kind in ("RPAR", "CLOSE_BAR"):
            close(open_brackets, token)
        previous = kind
        result.append(token)
    if open_brackets:
        opener = open_brackets[-1]
        suggestion = "add the closing one" if opener.kind == "LPAR" else "close it, or write abs(...), or the word or"
        raise AutodiffError("unmatched-bracket", f"this '{opener.text}' is never closed", opener.span, suggestion)
    return result


def kinds_behind(tokens: Sequence[Token]) -> list[str]:
    """For each token the kind of the first behind it that is no line end; nothing at the end of the text."""
    kinds, kind = [""] * len(tokens), ""
    for index in range(len(tokens) - 1, -1, -1):
        kinds[index] = kind
        if tokens[index].kind != "NEWLINE":
            kind = tokens[index].kind
    return kinds


def is_called(tokens: Sequence[Token], index: int) -> bool:
    """Whether the name at `index` stands before its operands, as in `sin(x)`, `sin^2(x)`, `sin²(x)`, `sin^-1(x)`."""
    following = [token.kind for token in tokens[index + 1 : index + 5]]
    return (
        following[:1] == ["LPAR"]
        or following[:2] == ["SUPERSCRIPT", "LPAR"]
        or following[:3] == ["POWER", "NUMBER", "LPAR"]
        or following == ["POWER", "MINUS", "NUMBER", "LPAR"]
    )


def close(open_brackets: list[Token], token: Token) -> None:
    if not open_brackets:
        raise AutodiffError(
            "unmatched-bracket", f"this '{token.text}' closes nothing", token.span, "remove it, or open it"
        )
    opener = open_brackets.pop()
    if CLOSERS[opener.kind] != token.kind:
        message = f"this '{token.text}' can't close the '{opener.text}' before it"
        raise AutodiffError("unmatched-bracket", message, token.span, "close the inner one first")
