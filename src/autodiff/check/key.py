"""The key of a class: what each question asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from autodiff.check.grade import read_points, read_question
from autodiff.check.question import Question
from autodiff.language.errors import AutodiffError
from autodiff.stream.rows_in import Row


def read_key(rows: Iterable[Row], name: str) -> dict[str, Mapping[str, str]]:
    """The columns of each question, from the rows of the file `name`.

    Raises AutodiffError for a row that means nothing, and for a question that stands there twice.
    """
    key: dict[str, Mapping[str, str]] = {}
    for row in rows:
        try:
            add_question(row, key)
        except AutodiffError as error:
            error.origin = f"line {row.line} of {name}"
            raise
    return key


def add_question(row: Row, key: dict[str, Mapping[str, str]]) -> None:
    if row.problem is not None:
        raise row.problem
    question = row.fields.get("question", "").strip()
    if not question:
        raise AutodiffError("missing-value", "there is no question")
    if question in key:
        raise AutodiffError("value-given-twice", f"the question '{question}' stands twice", suggestion="leave one out")
    read_question(row.fields, Question(""))
    read_points(row.fields.get("points", ""))
    key[question] = row.fields
