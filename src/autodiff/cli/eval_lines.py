"""`autodiff eval - --lines`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from autodiff.cli.lines import Functions, Line, LineAnswer, answer_lines
from autodiff.cli.notes import refuse_notes
from autodiff.show.plain import plain_result


def evaluate_lines(
    arguments: Sequence[str],
    file: Path | None,
    point: Mapping[str, Any],
    options: Mapping[str, Any],
    names: Sequence[str] | None,
    of: str | None,
    as_json: bool,
    precision: int | None,
    strict: bool,
) -> int:
    """The value and the gradient of the formula in every line."""
    functions = Functions(point, **options)

    def answer(line: Line) -> LineAnswer:
        function, at = functions.bound(line)
        result = function.evaluate(at, names, of)
        refuse_notes(result.notes, strict, line.text)
        if as_json:
            from autodiff.show.json import json_result

            return LineAnswer(json_result(line.text, at, result), ())
        return LineAnswer(plain_result(result.value, result.gradient, precision).replace("\n", "\t"), result.notes)

    return answer_lines(arguments, file, answer, as_json)
