"""Text to Expression."""

from __future__ import annotations

import re
from collections.abc import Container

from autodiff.language.automaton import END, Automaton, UnexpectedTokenError
from autodiff.language.builder import ExpressionBuilder
from autodiff.language.context import in_context
from autodiff.language.errors import AutodiffError, Span
from autodiff.language.expression import Expression
from autodiff.language.tables import load_tables
from autodiff.language.tokens import Token, UnexpectedCharacterError, tokenise

MAX_LENGTH = 4_000_000  # characters: a formula of a million operations fits


class Parser:
    """The language, with one set of function names. It keeps no state between texts."""

    def __init__(self, functions: Container[str]) -> None:
        tables = load_tables()
        self.functions = functions
        self.pattern = re.compile(tables.pattern)
        self.keywords = tables.keywords
        self.ignored = frozenset(tables.ignored)
        self.automaton = Automaton(tables, ExpressionBuilder())

    def parse(self, text: str) -> Expression:
        """The program that `text` is: an Expression of kind `program`, its operands the statements.

        Raises AutodiffError where the text is not of the language.
        """
        if len(text) > MAX_LENGTH:
            raise AutodiffError("text-too-long", f"the formula has {len(text)} characters, more than {MAX_LENGTH}")
        end = len(text.rstrip())
        try:
            tokens = in_context(tokenise(text, self.pattern, self.keywords, self.ignored), self.functions)
            program: Expression = self.automaton.run(tokens, Token(END, "", end, end + 1))
        except UnexpectedCharacterError as error:
            raise unexpected_character(text, error.position) from None
        except UnexpectedTokenError as error:
            raise unexpected_token(text, error.token, error.expected) from None
        except AutodiffError as error:
            error.text = text
            raise
        if not program.operands:
            raise AutodiffError("empty-formula", "there is no formula", Span(0, 0), "type one, like x^2", text=text)
        return program


def unexpected_character(text: str, position: int) -> AutodiffError:
    from unicodedata import category

    character = text[position]
    if "\udc80" <= character <= "\udcff":  # how Python passes on a byte that it could not decode
        shown = f"the byte 0x{ord(character) - 0xDC00:02X} is not UTF-8, so it"
        return AutodiffError(
            "unexpected-character",
            f"{shown} has no meaning here",
            Span(position, position + 1),
            "leave it out",
            text=text,
        )
    invisible = category(character) in ("Cc", "Cf", "Cs", "Co", "Cn")
    shown = f"the character U+{ord(character):04X}" if invisible else f"the character '{character}'"
    return AutodiffError(
        "unexpected-character",
        f"{shown} has no meaning here",
        Span(position, position + 1),
        CHARACTER_SUGGESTIONS.get(character, "leave it out"),
        text=text,
    )


CHARACTER_SUGGESTIONS = {
    "%": "write x/100 for per cent, mod(a, b) for the remainder",
    "{": "group with ( and )",
    "}": "group with ( and )",
    '"': "write two primes, as in f''(x)",
    "‖": "write norm(x)",
    "\\": "write solve(A, b)",
    "∑": "write sum(x)",
    "∏": "write prod(x)",
    "∇": "leave it out: the gradient is printed anyway",
    "∂": "write diff(expr, x); of the whole formula the gradient is printed anyway",
    "&": "write and",
    "~": "write not",
    ".": "a decimal point needs a digit beside it; functions go by their names alone, as sum(x)",
    "?": "write where(condition, a, b)",
    "°": "write radians(45), or 45*pi/180",
    "½": "write 1/2",
    "±": "write two formulas, one with + and one with -",
}


def unexpected_token(text: str, token: Token, expected: Container[str]) -> AutodiffError:
    if token.kind == END:
        return AutodiffError(
            "unexpected-end",
            "the formula ends where an operand should follow",
            token.span,
            "complete it, or remove what stands at its end",
            text=text,
        )
    if token.kind == "PRIME":
        message = "a prime stands between the name of a function and its operand"
        return AutodiffError("unexpected-token", message, token.span, TOKEN_SUGGESTIONS["PRIME"], text=text)
    operand_expected = "NUMBER" in expected and "TIMES" not in expected  # a number may also follow a factor
    if operand_expected:
        message = f"an operand should stand before '{token.text}'"
    else:
        message = f"'{token.text}' can't follow what stands before it"
    suggestion = TOKEN_SUGGESTIONS.get(token.kind, "put an operand there, or remove the sign")
    return AutodiffError("unexpected-token", message, token.span, suggestion, text=text)


TOKEN_SUGGESTIONS = {
    "ASSIGN": "write == to compare; a name on the left gets defined, as in h = x + 1",
    "_COMMA": "a comma only separates the operands of a function; write 1000 and 3.14",
    "CLOSE_BAR": "write abs(...)",
    "OPEN_BAR": "write abs(...), or `or`",
    "NOT": "write (not x)",
    "COMPARE": "write <= or >=, and an operand on each side",
    "PRIME": "write f'(x) or diff(expr, x) for a derivative, A.T for a transpose",
    "RPAR": "put a formula between the parentheses",
    "COLON": "a slice stands between [ and ]; a function is f(x) = x^2, a sequence range(1, n + 1)",
    "_SEPARATOR": "the rows of a matrix are [[1, 2], [3, 4]]",
}
