"""`grade`: rows of answers, and what is said of each."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from types import ModuleType

import pytest

from autodiff import AutodiffError
from autodiff.check.grade import GradedRow, added_cells, added_values, counterexample_text, grade
from autodiff.check.key import read_key
from autodiff.check.question import Question
from autodiff.check.verdict import Counterexample, Diagnosis, Verdict
from autodiff.language.errors import Span
from autodiff.stream.rows_in import Row


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A `check_answer` that tells what it was asked."""

    def check_answer(question: Question, answer: str) -> Verdict:
        verdict = answer if answer in ("wrong", "undecided") else "right"
        diagnoses = (Diagnosis(repr(question), "", ""),)
        return Verdict(question.function, "x", 1, answer, verdict, "so", 0, None, None, diagnoses, (), "")

    module = ModuleType("check")
    module.check_answer = check_answer  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "autodiff.check.check", module)


def question(row: GradedRow) -> Question:
    assert row.verdict is not None
    assert row.verdict.diagnoses[0].rule == repr(row.question), "the worker is asked what the row says"
    assert row.question is not None
    return row.question


def graded(*rows: Mapping[str, str] | AutodiffError, **options: object) -> list[GradedRow]:
    return list(grade(rows, **options))  # type: ignore[arg-type]


def test_right_answers_get_the_points_and_wrong_ones_nothing() -> None:
    answers = [("2x", "", 1.0), ("2x", "2.5", 2.5), ("x", "3", 0.0), ("x*2", " 4 ", 4.0), ("2x", "0", 0.0)]
    rows = graded(*({"function": "x^2", "answer": answer, "points": points} for answer, points, _ in answers))
    assert [row.score for row in rows] == [score for _, _, score in answers]
    assert [row.verdict.verdict for row in rows if row.verdict] == ["right", "right", "wrong", "right", "right"]
    assert [row.number for row in rows] == [1, 2, 3, 4, 5]


def test_a_row_keeps_its_columns_and_says_whose_it_is() -> None:
    fields = {"function": "x^2", "answer": "2x", "student": "Ann", "question": "7b", "room": "12"}
    (row,) = graded(fields)
    assert row.fields == fields
    assert (row.student, row.question_name, row.answer, row.points) == ("Ann", "7b", "2x", 1.0)


@pytest.mark.usefixtures("asked")
def test_cells_and_defaults_make_the_question() -> None:
    bare = {"function": "x*y", "answer": "a"}
    full = {**bare, "variable": " y ", "order": " 2", "assume": "x > 0; y != 1;"}
    options = {"variable": "x", "order": 3, "assume": ["x < 0"], "tolerance": 0.5, "strict": True, "seed": 9}
    assert question(graded(bare)[0]) == Question("x*y")
    assert question(graded(full)[0]) == Question("x*y", "y", 2, assume=("x > 0", "y != 1"))
    same = {"tolerance": 0.5, "strict": True, "seed": 9}
    assert question(graded(bare, **options)[0]) == Question("x*y", "x", 3, assume=("x < 0",), **same)
    assert question(graded(full, **options)[0]) == Question("x*y", "y", 2, assume=("x > 0", "y != 1"), **same)
    empty = dict.fromkeys(full, "") | bare
    assert question(graded(empty, **options)[0]) == Question("x*y", "x", 3, assume=("x < 0",), **same)


KEY = {"q1": {"question": "q1", "function": "x^2", "order": "", "points": "3"}, "q2": {"function": "sin(t)"}}


@pytest.mark.usefixtures("asked")
def test_a_key_says_what_the_questions_are() -> None:
    first, second = graded(
        {"question": " q1", "answer": "a", "function": "1", "order": "2", "points": "9"},
        {"question": "q2", "answer": "a", "variable": "t"},
        key=KEY,
    )
    assert (question(first), first.points) == (Question("x^2", None, 2), 3.0)
    assert (question(second), second.points) == (Question("sin(t)", "t"), 1.0)
    assert "function" not in second.fields


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"function": "x^2"}, "empty-answer: there is no answer"),
        ({"function": "x^2", "answer": "  "}, "empty-answer: there is no answer"),
        ({"answer": "2x", "function": ""}, "missing-value: there is no function"),
        ({"function": "x^2", "answer": "2x", "order": "two"}, "bad-order: 'two' is no order of a derivative"),
        ({"function": "x^2", "answer": "2x", "order": "0"}, "bad-order: '0' is no order of a derivative"),
        ({"function": "x^2", "answer": "2x", "order": "-1"}, "bad-order: '-1' is no order of a derivative"),
        ({"function": "x^2", "answer": "2x", "order": "9" * 5000}, "bad-order: '999"),
        ({"function": "x^2", "answer": "2x", "points": "many"}, "bad-value: 'many' is no number of points"),
        ({"function": "x^2", "answer": "2x", "points": "nan"}, "bad-value: 'nan' is no number of points"),
        ({"function": "x^2", "answer": "2x", "points": "-1"}, "bad-value: '-1' is no number of points"),
        ({"function": "x^2", "answer": "2x +"}, "unexpected-end: "),
        ({"function": "sinn(x)", "answer": "2x"}, "unknown-function: there is no function 'sinn'"),
    ],
)
def test_what_is_wrong_with_a_row_is_its_error_and_the_others_go_on(fields: dict[str, str], error: str) -> None:
    good = {"function": "x^2", "answer": "2x"}
    before, row, after = graded(good, fields, good)
    assert row.error.startswith(error)
    assert (row.verdict, row.score, row.fields) == (None, None, fields)
    assert (before.score, after.score) == (1.0, 1.0)


def test_a_row_that_could_not_be_read_keeps_its_place() -> None:
    rows = graded(AutodiffError("malformed-row", "the row is no JSON object"), {"function": "x^2", "answer": "2x"})
    assert [(row.number, row.error, row.score) for row in rows] == [
        (1, "malformed-row: the row is no JSON object", None),
        (2, "", 1.0),
    ]


def test_a_question_that_the_key_does_not_have_is_an_error_of_the_row() -> None:
    rows = graded({"question": "q9", "answer": "2x"}, {"question": "", "answer": "2x"}, key=KEY)
    assert [row.error for row in rows] == [
        "unknown-name: there is no question 'q9' in the key",
        "missing-value: there is no question",
    ]


@pytest.mark.parametrize(
    ("fields", "error", "said"),
    [
        ({"question": "q1", "function": "x"}, "value-given-twice", "the question 'q1' stands twice"),
        ({"question": "", "function": "x"}, "missing-value", "there is no question"),
        ({"question": "q2", "function": ""}, "missing-value", "there is no function"),
        ({"question": "q2", "function": "x", "order": "x"}, "bad-order", "'x' is no order of a derivative"),
        ({"question": "q2", "function": "x", "points": "x"}, "bad-value", "'x' is no number of points"),
    ],
)
def test_a_key_that_means_nothing_is_refused_with_its_line(fields: dict[str, str], error: str, said: str) -> None:
    rows = [Row(2, 9, "", True, {"question": "q1", "function": "x^2"}), Row(5, 19, "", True, fields)]
    with pytest.raises(AutodiffError) as caught:
        read_key(rows, "key.csv")
    assert (caught.value.id, caught.value.message, caught.value.origin) == (error, said, "line 5 of key.csv")


@pytest.mark.usefixtures("asked")
def test_what_is_undecided_has_no_score() -> None:
    (row,) = graded({"function": "x^2", "answer": "undecided"})
    assert row.score is None
    assert added_cells(row)[:3] == ["undecided", "so", ""]


@pytest.mark.parametrize("answer", ["2*x + 0*9^9^9^9", "(" * 10_000 + "2x" + ")" * 10_000, "x" + "+x" * 5_000_000])
def test_no_answer_stalls_the_class(answer: str) -> None:
    row, after = graded({"function": "x^2", "answer": answer}, {"function": "x^2", "answer": "2x"}, limit=2.0)
    assert row.error or row.verdict
    assert after.score == 1.0


@pytest.mark.parametrize("jobs", [2, 3])
def test_the_verdicts_do_not_depend_on_the_number_of_processes(jobs: int) -> None:
    answers = ["2x", "x", "2x + 1e-30", "abs(x)*2", "sqrt(4x^2)", "2x*cos(x)^2 + 2x*sin(x)^2", "2x +", "y"] * 3
    rows = [{"function": "x^2", "answer": answer} for answer in answers]
    assert graded(*rows, jobs=jobs, seed=7) == graded(*rows, seed=7)


def test_added_values_are_texts_and_json() -> None:
    example = Counterexample({"x": "2", "y": "-1/2"}, "4", "undefined")
    diagnoses = (Diagnosis("lost-sign", "a, b", "t", Span(1, 3), 4), Diagnosis("other-rule", "c", "t"))
    verdict = Verdict("x", "x", 1, "1", "wrong", "differs", 1, None, example, diagnoses, (), "2*x")
    row = GradedRow(1, {}, None, "", "", "", 1.0, verdict, "", 0.0)
    assert added_cells(row) == [
        *("wrong", "differs", "0", "lost-sign: a, b | other-rule: c"),
        *("x = 2, y = -1/2: expected 4, got undefined", ""),
    ]
    found = [
        {"rule": "lost-sign", "message": "a, b", "span": (1, 3), "node": 4},
        {"rule": "other-rule", "message": "c", "span": None, "node": None},
    ]
    shown = {"at": {"x": "2", "y": "-1/2"}, "expected": "4", "got": "undefined"}
    assert added_values(row) == ["wrong", "differs", 0, found, shown, ""]
    failed = row._replace(verdict=None, error="usage: no", score=None)
    assert added_cells(failed) == ["", "", "", "", "", "usage: no"]
    assert added_values(failed) == ["", "", None, [], None, "usage: no"]
    assert added_cells(row._replace(score=2.5))[2] == "2.5"
    assert counterexample_text(Counterexample({}, "1", "2")) == "expected 1, got 2"


FLAT = """
import sys
from resource import RUSAGE_SELF, getrusage
from types import ModuleType
from autodiff.check.grade import grade
from autodiff.check.verdict import Verdict

sys.modules["autodiff.check.check"] = ModuleType("check")
sys.modules["autodiff.check.check"].check_answer = lambda question, answer: Verdict(
    question.function, "x", 1, answer, "right", "so", 0, None, None, (), (), ""
)
for number in (2_000, 20_000):
    for row in grade({"function": "x^2", "answer": "2x" * 50, "student": f"s{n}"} for n in range(number)):
        pass
    print(getrusage(RUSAGE_SELF).ru_maxrss)
"""


def test_memory_is_flat_in_the_number_of_rows() -> None:
    printed = subprocess.run([sys.executable, "-c", FLAT], capture_output=True, text=True, check=True).stdout
    few, many = map(int, printed.split())
    assert many - few < 1_000, "kilobytes; the rows themselves are ten times as much"
