"""`autodiff eval - --lines`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from autodiff.cli.lines import Functions, Line, LineAnswer, answer_lines
from autodiff.cli.notes import refuse_notes
from autodiff.show.plain import plain_result


class EvalRequest(NamedTuple):
    """What is asked of every formula."""

    wrt: Sequence[str] | None
    of: str | None
    as_json: bool
    precision: int | None
    strict: bool


def evaluate_lines(arguments: Sequence[str], file: Path | None, functions: Functions, asked: EvalRequest) -> int:
    """The value and the gradient of the formula in every line."""

    def answer(line: Line) -> LineAnswer:
        function, at = functions.bound(line)
        result = function.evaluate(at, asked.wrt, asked.of)
        refuse_notes(result.notes, asked.strict, line.text)
        if asked.as_json:
            from autodiff.show.json import json_result

            return LineAnswer(json_result(line.text, at, result), ())
        written = plain_result(result.value, result.gradient, asked.precision)
        return LineAnswer(written.replace("\n", "\t"), result.notes)

    return answer_lines(arguments, file, answer, asked.as_json)
