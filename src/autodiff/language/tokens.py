"""Text to tokens."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping

from autodiff.language.errors import Span


class Token:
    """A word or sign of the text: its kind (a terminal of the grammar), what is written, and where."""

    __slots__ = ("end", "kind", "start", "text")

    def __init__(self, kind: str, text: str, start: int, end: int) -> None:
        self.kind = kind
        self.text = text
        self.start = start
        self.end = end

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


class UnexpectedCharacterError(Exception):
    """The text has something at `position` that begins no token."""

    def __init__(self, position: int) -> None:
        super().__init__(position)
        self.position = position


def tokenise(text: str, pattern: re.Pattern[str], keywords: Mapping[str, str], ignored: Container[str]) -> list[Token]:
    """The tokens of a text. Raises UnexpectedCharacterError."""
    tokens = []
    position = 0
    for match in pattern.finditer(text):
        start, end = match.span()
        if start != position:
            raise UnexpectedCharacterError(position)
        position = end
        kind = match.lastgroup or ""
        if kind in ignored:
            continue
        written = match[0]
        if kind == "NAME":
            kind = keywords.get(written, kind)
        tokens.append(Token(kind, written, start, end))
    if position != len(text):
        raise UnexpectedCharacterError(position)
    return tokens
