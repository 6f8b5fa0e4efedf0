"""Text to Expression, with Lark."""

from __future__ import annotations

import importlib.util
import marshal
import os
from collections.abc import Container
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import category

from autodiff.language.builder import ExpressionBuilder
from autodiff.language.errors import AutodiffError, Span
from autodiff.language.expression import Expression
from autodiff.language.tokens import TokenContext, token_span

if TYPE_CHECKING:
    from lark import Lark, UnexpectedCharacters, UnexpectedToken

MAX_LENGTH = 4_000_000  # characters: a formula of a million operations fits


class Parser:
    """The language, with one set of function names."""

    def __init__(self, functions: Container[str]) -> None:
        self.lark = load_lark(ExpressionBuilder(), TokenContext(functions))

    def parse(self, text: str) -> Expression:
        """The program that `text` is: an Expression of kind `program`, its operands the statements.

        Raises AutodiffError where the text is not of the language.
        """
        from lark import UnexpectedCharacters, UnexpectedToken

        if len(text) > MAX_LENGTH:
            raise AutodiffError(
                "text-too-long", f"the formula has {len(text)} characters, more than {MAX_LENGTH}", text=text
            )
        try:
            program: Expression = self.lark.parse(text)  # type: ignore[assignment]  # what ExpressionBuilder made
        except UnexpectedCharacters as error:
            raise unexpected_character(error, text) from None
        except UnexpectedToken as error:
            raise unexpected_token(error, text) from None
        except AutodiffError as error:
            error.text = text
            raise
        if not program.operands:
            raise AutodiffError("empty-formula", "there is no formula", Span(0, 0), "type one, like x^2", text=text)
        return program


def grammar_path() -> Path:
    """The grammar: beside the package where it was installed, at the top of the repository in a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "grammar" / "expression.lark"
    return installed if installed.exists() else package.parents[1] / "grammar" / "expression.lark"


def load_lark(builder: ExpressionBuilder, context: TokenContext) -> Lark:
    """Lark's parser for the grammar, from tables kept as Python keeps its bytecode, or built anew.

    The tables stand where `__pycache__` stands for the grammar's folder (`PYTHONPYCACHEPREFIX` is honoured), under a
    key of the grammar's text and Lark's version; where they can't be written they are built each time (20 ms).
    """
    import lark

    path = grammar_path()
    grammar = path.read_bytes()
    key = importlib.util.source_hash(grammar).hex() + lark.__version__
    cache = Path(importlib.util.cache_from_source(str(path))).with_suffix(".tables")
    hooks: dict[str, Any] = {"transformer": builder, "postlex": context}
    tables = stored_tables(cache, key)
    if tables is not None:
        loaded: Lark = lark.Lark.__new__(lark.Lark)._load(tables, **hooks)
        return loaded
    built = lark.Lark(grammar.decode(), start="program", parser="lalr", lexer="basic", **hooks)
    data, memo = built.memo_serialize([lark.lexer.TerminalDef, lark.grammar.Rule])
    data["options"].update(dict.fromkeys(hooks))  # objects of this process, given anew at each load
    store_tables(cache, key, {"data": data, "memo": memo})
    return built


def stored_tables(cache: Path, key: str) -> dict[str, Any] | None:
    try:
        stored = marshal.loads(cache.read_bytes())
    except (OSError, ValueError, EOFError, TypeError):
        return None
    return stored["tables"] if isinstance(stored, dict) and stored.get("key") == key else None


def store_tables(cache: Path, key: str, tables: dict[str, Any]) -> None:
    try:
        content = marshal.dumps({"key": key, "tables": tables})
        cache.parent.mkdir(parents=True, exist_ok=True)
        partial = cache.with_suffix(f".{os.getpid()}")
        partial.write_bytes(content)
        partial.replace(cache)
    except (OSError, ValueError):
        return  # a cache that can't be written costs time, nothing else


def unexpected_character(error: UnexpectedCharacters, text: str) -> AutodiffError:
    position = error.pos_in_stream or 0
    character = text[position]
    invisible = category(character) in ("Cc", "Cf", "Cs", "Co", "Cn")
    shown = f"the character U+{ord(character):04X}" if invisible else f"the character '{character}'"
    return AutodiffError(
        "unexpected-character",
        f"{shown} has no meaning here",
        Span(position, position + 1),
        CHARACTER_SUGGESTIONS.get(character, ""),
        text=text,
    )


CHARACTER_SUGGESTIONS = {
    "%": "write x/100 for per cent, mod(a, b) for the remainder",
    "{": "group with ( and )",
    "}": "group with ( and )",
    "[": "group with ( and )",
    "]": "group with ( and )",
    "'": "name the derivative's formula instead",
    '"': "leave the quotes out",
    "“": "leave the quotes out",
    "&": "write and",
    "~": "write not",
    "$": "leave it out",
    ".": "a decimal point needs a digit beside it",
    "?": "write where(condition, a, b)",
    ":": "write where(condition, a, b)",
    "°": "write radians(45), or 45*pi/180",
    "\\": "leave it out: sqrt(x), pi",
    "½": "write 1/2",
    "±": "write two formulas, one with + and one with -",
}


def unexpected_token(error: UnexpectedToken, text: str) -> AutodiffError:
    token, expected = error.token, error.accepts or error.expected
    operand_expected = "TIMES" not in expected
    if token.type == "$END":  # its position is the start of the last token: the caret belongs behind the text
        end = len(text.rstrip())
        if text[:end].isspace() or not end:
            return AutodiffError("empty-formula", "there is no formula", Span(0, 0), "type one, like x^2", text=text)
        return AutodiffError(
            "unexpected-end", "the formula ends where an operand should follow", Span(end, end + 1), text=text
        )
    span = token_span(token)
    if operand_expected:
        message = f"an operand should stand before '{token}'"
    else:
        message = f"'{token}' can't follow what stands before it"
    return AutodiffError("unexpected-token", message, span, TOKEN_SUGGESTIONS.get(token.type, ""), text=text)


TOKEN_SUGGESTIONS = {
    "ASSIGN": "write == to compare; a name on the left gets defined, as in h = x + 1",
    "_COMMA": "a comma only separates the operands of a function; write 1000 and 3.14",
    "CLOSE_BAR": "write abs(...)",
    "OPEN_BAR": "write abs(...), or `or`",
    "NOT": "write (not x)",
}
