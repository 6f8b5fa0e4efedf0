"""Errors and notes are data: an id, a place, a sentence, a suggestion. `autodiff.show.diagnostics` renders them."""

from __future__ import annotations

from typing import Any, NamedTuple

USAGE, NOT_FINITE, PARTIAL, LIMIT = 2, 3, 4, 5

# Every id that an error can have, with the exit code of a command that ends with it.
EXIT_CODES: dict[str, int] = {
    # the text
    "unexpected-character": USAGE,
    "unexpected-token": USAGE,
    "unexpected-end": USAGE,
    "unmatched-bracket": USAGE,
    "empty-formula": USAGE,
    "empty-answer": USAGE,
    "answer-is-condition": USAGE,
    "text-too-long": LIMIT,
    # what a person could read in two ways
    "ambiguous-division": USAGE,
    "adjacent-number": USAGE,
    "inverse-notation": USAGE,
    "double-factorial": USAGE,
    "index-in-parentheses": USAGE,
    "function-without-parentheses": USAGE,
    "strict-note": USAGE,
    # names
    "unknown-function": USAGE,
    "unknown-name": USAGE,
    "wrong-number-of-operands": USAGE,
    "unknown-keyword": USAGE,
    "name-defined-twice": USAGE,
    "name-used-before-definition": USAGE,
    "unused-statement": USAGE,
    "recursive-function": USAGE,
    "too-many-nodes": LIMIT,
    # derivatives in a formula
    "not-a-variable": USAGE,
    "bad-order": USAGE,
    # shapes
    "shape-mismatch": USAGE,
    "missing-shape": USAGE,
    "not-known-in-advance": USAGE,
    "not-a-number": USAGE,
    "too-many-entries": LIMIT,
    "not-one-value": USAGE,
    "no-notation": USAGE,
    "no-such-form": USAGE,
    # values
    "missing-value": USAGE,
    "unused-value": USAGE,
    "bad-value": USAGE,
    "value-given-twice": USAGE,
    # rows
    "malformed-row": USAGE,
    "missing-column": USAGE,
    "taken-column": USAGE,
    "unfit-output": USAGE,
    # the command line
    "unreadable-file": USAGE,
    "missing-package": USAGE,
    "unwritable-output": USAGE,
    "missing-program": USAGE,
    "failed-program": LIMIT,
    "usage": USAGE,
    # a fault of this program
    "internal-error": LIMIT,
}


class Span(NamedTuple):
    """The half-open range of characters, counted from 0, that a thing came from."""

    start: int
    end: int


class Note(NamedTuple):
    """Something a reader should know about a result that is right: a reading, a kink, a number that is not finite."""

    id: str
    message: str
    span: Span | None = None
    node: int | None = None


class AutodiffError(Exception):
    """The one family of errors that this package raises for bad input.

    `id` is stable and stands in `EXIT_CODES`; `span` is the place in `text` (None: no place); `suggestion` says what
    to do, or is empty. `origin` names `text` where it is not the formula: an option, a file.

    >>> from autodiff import Function
    >>> try:
    ...     Function("sinn(x)")
    ... except AutodiffError as error:
    ...     print(error.id, error.span, error.suggestion)
    unknown-function Span(start=0, end=4) did you mean sin, sinh, sinc?
    """

    def __init__(
        self,
        id: str,
        message: str,
        span: Span | None = None,
        suggestion: str = "",
        *,
        text: str | None = None,
        origin: str | None = None,
    ) -> None:
        super().__init__(message)
        self.id = id
        self.message = message
        self.span = span
        self.suggestion = suggestion
        self.text = text
        self.origin = origin
        self.exit_code = EXIT_CODES[id]

    def __reduce__(self) -> tuple[Any, ...]:
        return AutodiffError, (self.id, self.message, self.span, self.suggestion), self.__dict__
