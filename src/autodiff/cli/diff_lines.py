"""`autodiff diff - --lines`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from autodiff.cli.diff import asked_names, derivative_lines, evaluated
from autodiff.cli.lines import Functions, Line, LineAnswer, answer_lines
from autodiff.cli.notes import refuse_notes


class DiffRequest(NamedTuple):
    """What is asked of every formula."""

    wrt: list[str] | None
    mixed: list[str] | None
    order: int
    of: str | None
    to: str
    share: bool
    precision: int | None
    strict: bool


def differentiate_lines(
    arguments: Sequence[str], file: Path | None, point: Mapping[str, Any], shapes: Mapping[str, Any], asked: DiffRequest
) -> int:
    """The derivatives of the formula in every line, with their values where the line or `point` has one."""
    functions = Functions(point, shapes, stabilise=False)

    def answer(line: Line) -> LineAnswer:
        function, at = functions.bound(line)
        where = at if at or point else None
        names = asked_names(asked.wrt, asked.mixed, function)
        is_mixed = asked.mixed is not None
        found = function.derivatives(names, asked.order, asked.of, mixed=is_mixed, point=where)
        results = {} if where is None else evaluated(found, where)
        notes = [*function.notes, *found.notes, *(note for result in results.values() for note in result.notes)]
        refuse_notes(notes, asked.strict, line.text)
        values = {name: result.value for name, result in results.items()}
        if asked.to == "json":
            from autodiff.show.derivative_json import json_answer

            return LineAnswer(json_answer(found, where, values, notes, asked.share), ())
        written = derivative_lines(found, asked.to, asked.share, values, asked.precision, at_terminal=False)
        return LineAnswer("\t".join(written), notes)

    return answer_lines(arguments, file, answer, asked.to == "json")
