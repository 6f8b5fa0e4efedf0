"""Between tokens and parser: what takes more than one token of context to know.

Which `|` opens and which closes; which line end ends a statement; which name is a function, and which is defined as
one; which `[` is an index; whether brackets match.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from autodiff.language.builder import plain_name
from autodiff.language.errors import AutodiffError
from autodiff.language.tokens import Token

CLOSERS = {"LPAR": "RPAR", "OPEN_BAR": "CLOSE_BAR", "LSQB": "RSQB", "OPEN_INDEX": "RSQB"}
# After one of these an operand is complete: a "|" can only close, a "[" only begin an index, a line end end the
# statement.
ENDS_OPERAND = {"NUMBER", "NAME", "RPAR", "RSQB", "CLOSE_BAR", "FACTORIAL", "TRANSPOSE", "SUPERSCRIPT"}
# A line that begins with one of these goes on with the line before; "+" and "-" could begin a new one.
CONTINUES = {
    *("TIMES", "MATMUL", "DIVIDE", "POWER", "COMPARE", "AND", "OR", "ASSIGN"),
    *("RPAR", "RSQB", "FACTORIAL", "TRANSPOSE", "SUPERSCRIPT", "_COMMA"),
}


def in_context(tokens: Sequence[Token], functions: Container[str]) -> list[Token]:
    """The tokens with their final kinds; line ends that separate nothing are left out.

    Raises AutodiffError for brackets that don't match.
    """
    result: list[Token] = []
    open_brackets: list[Token] = []
    kinds = {token.kind for token in tokens}
    behind = kinds_behind(tokens) if "NEWLINE" in kinds else []
    defined = defined_functions(tokens) if "ASSIGN" in kinds else {}
    own = set(defined.values())
    previous = ""
    for index, token in enumerate(tokens):
        kind = token.kind
        if kind == "NAME":
            if index in defined:
                token.kind = kind = "DEFINED"
            elif (
                (name := plain_name(token.text)) in functions or name in own or is_primed(tokens, index)
            ) and is_called(tokens, index):
                token.kind = kind = "FUNCTION"
        elif kind == "NEWLINE":
            if open_brackets or previous not in ENDS_OPERAND or behind[index] in CONTINUES:
                continue
            token.kind = kind = "_SEPARATOR"
        elif kind == "BAR":
            inside_bar = bool(open_brackets) and open_brackets[-1].kind == "OPEN_BAR"
            token.kind = kind = "CLOSE_BAR" if inside_bar and previous in ENDS_OPERAND else "OPEN_BAR"
        elif kind == "LSQB" and previous in ENDS_OPERAND:
            token.kind = kind = "OPEN_INDEX"
        if kind in CLOSERS:
            open_brackets.append(token)
        elif kind in ("RPAR", "CLOSE_BAR", "RSQB"):
            close(open_brackets, token)
        previous = kind
        result.append(token)
    if open_brackets:
        opener = open_brackets[-1]
        is_bar = opener.kind == "OPEN_BAR"
        suggestion = "close it, or write abs(...), or the word or" if is_bar else "add the closing one"
        raise AutodiffError("unmatched-bracket", f"this '{opener.text}' is never closed", opener.span, suggestion)
    return result


def defined_functions(tokens: Sequence[Token]) -> dict[int, str]:
    """Where a statement begins with `f(x, y) =`, the index of `f` and its name."""
    defined: dict[int, str] = {}
    for index, token in enumerate(tokens):
        if token.kind != "ASSIGN" or tokens[index - 1].kind != "RPAR" or index < 3:
            continue
        start = index - 2
        while start > 0 and tokens[start].kind in ("NAME", "_COMMA", "NEWLINE"):
            start -= 1
        begins = start == 1 or tokens[start - 2].kind in ("NEWLINE", "_SEPARATOR")
        if start > 0 and tokens[start].kind == "LPAR" and tokens[start - 1].kind == "NAME" and begins:
            defined[start - 1] = plain_name(tokens[start - 1].text)
    return defined


def kinds_behind(tokens: Sequence[Token]) -> list[str]:
    """For each token the kind of the first behind it that is no line end; nothing at the end of the text."""
    kinds, kind = [""] * len(tokens), ""
    for index in range(len(tokens) - 1, -1, -1):
        kinds[index] = kind
        if tokens[index].kind != "NEWLINE":
            kind = tokens[index].kind
    return kinds


def is_primed(tokens: Sequence[Token], index: int) -> bool:
    return index + 1 < len(tokens) and tokens[index + 1].kind == "PRIME"


def is_called(tokens: Sequence[Token], index: int) -> bool:
    """Whether the name stands before operands, as in `sin(x)`, `sin'(x)`, `sin^2(x)`, `sin²(x)`, `sin^-1(x)`."""
    following = [token.kind for token in tokens[index + 1 : index + 5]]
    return (
        following[:1] == ["LPAR"]
        or following[:2] == ["PRIME", "LPAR"]
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
