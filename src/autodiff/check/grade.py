"""`grade`: rows of answers -> the same rows, each with its verdict and score."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import closing
from typing import Any, NamedTuple

from autodiff.check.question import Question
from autodiff.check.verdict import RIGHT, UNDECIDED, WRONG, Counterexample, Verdict
from autodiff.check.workers import METHOD, Outcome, in_order
from autodiff.language.errors import AutodiffError

# The columns that a key may give to a question; all but the function may be left out.
KEY_COLUMNS = ("function", "variable", "order", "points", "assume")


class GradedRow(NamedTuple):
    """One row of answers, and what is said of it.

    `number` counts rows from 1. `fields` are the columns that the row came with. `question` is None where the row
    could not be read, and `verdict` is None where there is an `error`, which reads `id: message` and else is empty.
    `points` is what a right answer gets; `score` is None where nothing is decided. `student` and `question_name` may
    be empty.
    """

    number: int
    fields: Mapping[str, str]
    question: Question | None
    answer: str
    student: str
    question_name: str
    points: float
    verdict: Verdict | None
    error: str
    score: float | None


def grade(
    rows: Iterable[Mapping[str, str] | AutodiffError],
    *,
    key: Mapping[str, Mapping[str, str]] | None = None,
    jobs: int = 1,
    limit: float = 10.0,
    seed: int = 0,
    variable: str | None = None,
    order: int = 1,
    assume: Sequence[str] = (),
    tolerance: float | None = None,
    strict: bool = False,
) -> Generator[GradedRow, None, None]:
    """Each row with its verdict and score, in the order of the rows, as soon as those before it have theirs.

    A row has the columns `function` and `answer`, and may have `variable`, `order`, `student`, `question`, `points`
    and `assume` (conditions with `;` between them); others are kept. An empty cell means the default that is given
    here. `key` has the columns of each `question`, which count before the row's own. A row that could not be read may
    be given as its error. `jobs` processes have `limit` seconds for each row, and what takes longer is undecided.
    The same `seed` gives the same verdicts, whatever `jobs` is. What is wrong with a row is its `error`; nothing that
    is in it is raised. Closing the iterator ends the processes.

    >>> rows = [{"function": "x^2", "answer": answer} for answer in ("x + x", "x", "2x +")]
    >>> [(row.score, row.error.partition(":")[0]) for row in grade(rows)]
    [(1.0, ''), (0.0, ''), (None, 'unexpected-end')]
    """
    defaults = Question("", variable, order, assume=tuple(assume), tolerance=tolerance, strict=strict, seed=seed)
    readings = (read_row(number, row, key, defaults) for number, row in enumerate(rows, 1))
    requests = ((row, request_of(row)) for row in readings)
    if METHOD == "fork":
        verdict_of(("x^2", None, 1, (), None, False, seed, "x"))  # so that each fork has everything loaded
    with closing(in_order(verdict_of, requests, jobs, limit)) as outcomes:
        for row, outcome in outcomes:
            yield row if outcome is None else with_outcome(row, outcome, limit)


def read_row(
    number: int,
    row: Mapping[str, str] | AutodiffError,
    key: Mapping[str, Mapping[str, str]] | None,
    defaults: Question,
) -> GradedRow:
    """The row with its question, or with the reason why it can't be graded."""
    if isinstance(row, AutodiffError):
        return GradedRow(number, {}, None, "", "", "", 1.0, None, error_text(row), None)
    answer, student, name = row.get("answer", ""), row.get("student", ""), row.get("question", "")
    question, points, error = None, 1.0, ""
    try:
        columns = row if key is None else {**row, **keyed(name, key)}
        points = read_points(columns.get("points", ""))
        question = read_question(columns, defaults)
        if not answer.strip():
            raise AutodiffError("empty-answer", "there is no answer")
    except AutodiffError as fault:
        error = error_text(fault)
    return GradedRow(number, row, question, answer, student, name, points, None, error, None)


def keyed(name: str, key: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """What the key says of a question. Raises AutodiffError if it doesn't have it."""
    if not name.strip():
        raise AutodiffError("missing-value", "there is no question")
    if name.strip() not in key:
        raise AutodiffError("unknown-name", f"there is no question '{name.strip()}' in the key")
    entry = key[name.strip()]
    return {column: entry[column] for column in KEY_COLUMNS if entry.get(column, "").strip()}


def read_question(columns: Mapping[str, str], defaults: Question) -> Question:
    """What is asked in a row. Raises AutodiffError where a cell means nothing."""
    function = columns.get("function", "")
    if not function.strip():
        raise AutodiffError("missing-value", "there is no function")
    order, conditions = columns.get("order", "").strip(), columns.get("assume", "")
    return Question(
        function,
        columns.get("variable", "").strip() or defaults.variable,
        read_order(order) if order else defaults.order,
        assume=conditions_in(conditions) or defaults.assume,
        tolerance=defaults.tolerance,
        strict=defaults.strict,
        seed=defaults.seed,
    )


def conditions_in(cell: str) -> tuple[str, ...]:
    """The conditions in a cell, with `;` between them.

    >>> conditions_in("x > 0; y != 1")
    ('x > 0', 'y != 1')
    """
    return tuple(condition.strip() for condition in cell.split(";") if condition.strip())


def read_order(cell: str) -> int:
    if not (cell.isascii() and cell.isdigit() and len(cell) < 10 and int(cell)):
        raise AutodiffError("bad-order", f"'{cell}' is no order of a derivative")
    return int(cell)


def read_points(cell: str) -> float:
    try:
        points = float(cell) if cell.strip() else 1.0
    except ValueError:
        points = math.nan
    if not 0 <= points < math.inf:
        raise AutodiffError("bad-value", f"'{cell}' is no number of points")
    return points


Request = tuple[str, str | None, int, tuple[str, ...], float | None, bool, int, str]


def request_of(row: GradedRow) -> Request | None:
    """What a worker has to know of a row; None if there is nothing to compute. A question itself can't be pickled."""
    asked = row.question
    if row.error or asked is None:
        return None
    about = (asked.function, asked.variable, asked.order, asked.assume)
    return (*about, asked.tolerance, asked.strict, asked.seed, row.answer)


def verdict_of(request: Request) -> Verdict:
    from autodiff.check.check import check_answer

    function, variable, order, assume, tolerance, strict, seed, answer = request
    question = Question(function, variable, order, assume=assume, tolerance=tolerance, strict=strict, seed=seed)
    return check_answer(question, answer)


def with_outcome(row: GradedRow, outcome: Outcome, limit: float) -> GradedRow:
    if outcome.error:
        return row._replace(error=outcome.error)
    verdict = outcome.value
    if outcome.ran_out and row.question is not None:
        asked = row.question
        how = f"the time limit of {limit:g} s was reached"
        about = (asked.function, asked.variable or "", asked.order, row.answer)
        verdict = Verdict(*about, UNDECIDED, how, 0, None, None, (), (), "")
    return row._replace(verdict=verdict, score={RIGHT: row.points, WRONG: 0.0}.get(verdict.verdict))


def error_text(error: AutodiffError) -> str:
    return f"{error.id}: {error.message}"


# The columns that are added to a row.
ADDED = ("verdict", "how", "score", "diagnoses", "counterexample", "error")


def added_cells(row: GradedRow) -> list[str]:
    """What is added to a row, as texts."""
    verdict, score = row.verdict, "" if row.score is None else number_text(row.score)
    if verdict is None:
        return ["", "", score, "", "", row.error]
    diagnoses = " | ".join(f"{diagnosis.rule}: {diagnosis.message}" for diagnosis in verdict.diagnoses)
    return [verdict.verdict, verdict.how, score, diagnoses, counterexample_text(verdict.counterexample), row.error]


def counterexample_text(counterexample: Counterexample | None) -> str:
    """A counterexample in one line.

    >>> counterexample_text(Counterexample({"x": "2"}, "4", "2"))
    'x = 2: expected 4, got 2'
    """
    if counterexample is None:
        return ""
    point = ", ".join(f"{name} = {value}" for name, value in counterexample.at.items())
    values = f"expected {counterexample.expected}, got {counterexample.got}"
    return f"{point}: {values}" if point else values


def number_text(number: float) -> str:
    return str(int(number)) if number.is_integer() else repr(number)


def added_values(row: GradedRow) -> list[Any]:
    """What is added to a row, as JSON has it."""
    verdict, score = row.verdict, row.score
    number = score if score is None or not score.is_integer() else int(score)
    if verdict is None:
        return ["", "", number, [], None, row.error]
    found, example = verdict.diagnoses, verdict.counterexample
    diagnoses = [{"rule": d.rule, "message": d.message, "span": d.span, "node": d.node} for d in found]
    counterexample = example and {"at": dict(example.at), "expected": example.expected, "got": example.got}
    return [verdict.verdict, verdict.how, number, diagnoses, counterexample, row.error]
