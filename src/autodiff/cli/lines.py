"""`--lines`: a formula in each line of the input, an answer in each line of the output."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from autodiff.cli.points import NUMBERS_OF_JSON, numbers_of, read_value
from autodiff.cli.row_files import opened
from autodiff.evaluate.point import as_value
from autodiff.function import Function
from autodiff.graph.shapes import Shape
from autodiff.language.builder import plain_name
from autodiff.language.errors import PARTIAL, AutodiffError, Note
from autodiff.stream.blocks import line_blocks, split_lines
from autodiff.stream.whole_rows import Rows, WholeRows

AT_ONCE = 64  # answers, or fewer where the input pauses
MOST_KEPT = 16  # formulas, as a pipeline often has one and the same at many points


class Line(NamedTuple):
    """One line: its formula, and the values that it gives to names itself."""

    text: str
    at: Mapping[str, Any]


class LineAnswer(NamedTuple):
    """What stands in the output for a line, and what goes to the standard error output."""

    text: str
    notes: Sequence[Note]


class Functions:
    """The functions of the formulas, the last ones of which are kept.

    `point` has values, and `shapes` shapes, for all that use them.
    """

    def __init__(self, point: Mapping[str, Any], shapes: Mapping[str, Shape], *, stabilise: bool) -> None:
        self._point = point
        self._shapes = shapes
        self._stabilise = stabilise
        self._kept: dict[tuple[str, frozenset[str]], Function] = {}

    def bound(self, line: Line) -> tuple[Function, dict[str, Any]]:
        """The function, and the point to evaluate it at. Raises AutodiffError."""
        names = frozenset(line.at)
        function = self._kept.pop((line.text, names), None)
        if function is None:
            function = self._made(line)
            if len(self._kept) >= MOST_KEPT:
                del self._kept[next(iter(self._kept))]
        self._kept[line.text, names] = function
        if not self._point:
            return function, dict(line.at)
        used = {name: self._point[name] for name in function.variables if name in self._point}
        return function, {**used, **line.at}

    def _made(self, line: Line) -> Function:
        names = [*self._point, *line.at]
        function = Function(line.text, variables=names, stabilise=self._stabilise)
        shapes = {name: self._shapes[name] for name in function.variables if name in self._shapes}
        return Function(line.text, names, shapes, stabilise=self._stabilise) if shapes else function


def answer_lines(
    arguments: Sequence[str], file: Path | None, answer: Callable[[Line], LineAnswer], as_json: bool
) -> int:
    """Answers every line of standard input, or of a file, and gives the exit code.

    A line that fails has `error` and the id of its error for an answer, in JSON an object with the `error`; an empty
    one, or a comment, has an empty line.
    """
    if file is None and list(arguments) != ["-"]:
        raise AutodiffError(
            "usage", "--lines reads standard input", suggestion="write - for the formula, or --file FILE"
        )
    if file is not None and arguments:
        raise AutodiffError("usage", "the formulas are given twice", suggestion="give - or --file, not both")
    rows = WholeRows(descriptor=sys.stdout.fileno())
    signal.signal(signal.SIGINT, rows.interrupted)
    with opened("-" if file is None else str(file)) as source:
        return PARTIAL if answered(source, answer, as_json, rows) else 0


def answered(source: BinaryIO, answer: Callable[[Line], LineAnswer], as_json: bool, rows: WholeRows) -> int:
    """Writes the answers, as soon as the input pauses, and gives the number of lines that failed."""
    failed = number = 0
    waiting: list[bytes] = []
    for block in line_blocks(source, getattr(source, "name", "standard input")):
        for written in split_lines(block):
            number += 1
            text = (
                written.rstrip(b"\r\n").decode("utf-8", "surrogateescape").removeprefix("\ufeff" if number == 1 else "")
            )
            line, is_right = answer_to(text, number, answer, as_json)
            failed += not is_right
            waiting.append(line.encode("utf-8", "backslashreplace") + b"\n")
            if len(waiting) >= AT_ONCE:
                rows.write(Rows(b"".join(waiting)))
                waiting.clear()
        rows.write(Rows(b"".join(waiting)))
        waiting.clear()
    return failed


def answer_to(text: str, number: int, answer: Callable[[Line], LineAnswer], as_json: bool) -> tuple[str, bool]:
    stripped = text.strip()
    if not stripped or stripped.startswith("#"):
        return "", True
    try:
        found = answer(read_line(stripped))
    except AutodiffError as error:
        return error_line(error, number, as_json), False
    except Exception as error:  # a fault of ours, which the other lines shall not suffer from
        fault = AutodiffError("internal-error", f"{type(error).__name__}: {error}", suggestion="please report it")
        return error_line(fault, number, as_json), False
    if found.notes and not as_json:
        from autodiff.cli.notes import print_notes

        print_notes([note._replace(message=f"{note.message} (line {number})") for note in found.notes])
    return found.text, True


def error_line(error: AutodiffError, number: int, as_json: bool) -> str:
    """What stands in the output for an error, which is shown on the standard error output as well if that is text."""
    if as_json:
        from autodiff.show.json import SCHEMA

        content = {"id": error.id, "message": error.message, "span": error.span, "suggestion": error.suggestion}
        return json.dumps({"schema": SCHEMA, "line": number, "error": content})
    from autodiff.cli.app import print_error

    error.origin = f"{error.origin}, line {number}" if error.origin else f"line {number}"
    print_error(error)
    return f"error\t{error.id}"


def read_line(text: str) -> Line:
    """A formula, or a JSON object with an `expression` and the values `at` which it is asked for."""
    if not text.startswith("{"):
        return Line(text, {})
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        raise bad_line("the line begins like a JSON object and is none") from None
    expression, at = content.get("expression"), content.get("at")
    at = {} if at is None else at
    if not isinstance(expression, str) or not isinstance(at, dict):
        raise bad_line("the object has no expression that is a text, or an at that is no object")
    unknown = [name for name in content if name not in ("expression", "at")]
    if unknown:
        raise bad_line(f"the object has a member '{unknown[0]}', which means nothing here")
    return Line(expression, read_values(at.items()))


def read_values(members: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """The values by name. Raises AutodiffError for what is no number, and for a name that gets two."""
    values: dict[str, Any] = {}
    for written, member in members:
        name = plain_name(written)
        if name in values:
            raise AutodiffError("value-given-twice", f"'{name}' is given two values", suggestion="give it one")
        values[name] = read_member(name, member)
    return values


def read_member(name: str, value: Any) -> Any:
    if isinstance(value, str) and not value.startswith("@"):  # files are for the command line only
        known = NUMBERS_OF_JSON.get(value)
        return read_value(value, name) if known is None else known
    if isinstance(value, int | float | list) and not isinstance(value, bool):
        return as_value(name, numbers_of(value))
    raise AutodiffError("bad-value", f"the value for '{name}' is no number")


def bad_line(message: str) -> AutodiffError:
    return AutodiffError(
        "malformed-row", message, suggestion='write a formula, or {"expression": "x^2", "at": {"x": 3}}'
    )
