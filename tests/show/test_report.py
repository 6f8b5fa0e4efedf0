"""The page for a teacher: its text, and the page in a real browser."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest

from autodiff.check.grade import GradedRow
from autodiff.check.question import Interval, Question
from autodiff.check.verdict import RIGHT, UNDECIDED, WRONG, Counterexample, Diagnosis, Verdict
from autodiff.language.errors import AutodiffError, Note, Span
from autodiff.show import report
from autodiff.show.report import Report
from tests.browser import CHROMIUM, DRIVER, WHY_SKIPPED, Browser, browser

PRODUCT = Question("x^2*sin(x)", "x")
POWER = Question("x^3 + 5", "x")
NO_PRODUCT_RULE = Diagnosis("product-of-derivatives", "", "the product rule was taken as u'v'", Span(0, 10))
INNER_LOST = Diagnosis("inner-lost", "", "the inner derivative is missing", Span(4, 10))
CONSTANT_KEPT = Diagnosis("constant-kept", "", "a constant was not dropped", Span(6, 7))


def said(question: Question, answer: str, verdict: str, *diagnoses: Diagnosis, notes: Iterable[str] = ()) -> Verdict:
    found = Counterexample({"x": "2"}, "4", "2") if verdict == WRONG else None
    how = {RIGHT: "proved", WRONG: "differs at a point", UNDECIDED: "no point has a value in both"}[verdict]
    told = tuple(Note("a-note", note) for note in notes)
    return Verdict(question.function, "x", 1, answer, verdict, how, 24, 50, found, diagnoses, told, "2*x")


def row(
    verdict: str,
    *diagnoses: Diagnosis,
    answer: str = "2x",
    student: str = "",
    question: Question = PRODUCT,
    name: str = "",
    points: float = 1.0,
    number: int = 1,
    error: str = "unknown-name: there is no name 'p'",
    notes: Iterable[str] = (),
) -> GradedRow:
    """A row of the verdict, or of an error where it is `error`."""
    score = {RIGHT: points, WRONG: 0.0}.get(verdict)
    if verdict == "error":
        return GradedRow(number, {}, question, answer, student, name, points, None, error, score)
    evidence = said(question, answer, verdict, *diagnoses, notes=notes)
    return GradedRow(number, {}, question, answer, student, name, points, evidence, "", score)


def unreadable(error: str, student: str = "", number: int = 1) -> GradedRow:
    return GradedRow(number, {"x": "Anna"}, None, "Anna: 2x", student, "", 1.0, None, error, None)


def page(rows: Iterable[GradedRow], anonymous: bool = False, title: str = "Grades") -> str:
    written = Report(title, anonymous)
    for graded in rows:
        written.add(graded)
    return "\n".join(written.lines())


def words(html: str) -> str:
    """What a reader sees, each piece of white space one blank."""
    body = re.sub(r"<style>.*?</style>", "", html, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


def section(html: str, name: str) -> str:
    found = re.search(rf'<section id="{name}">.*?</section>', html, re.S)
    assert found is not None
    return found[0]


def cells(html: str, name: str) -> list[list[str]]:
    lines = re.findall(r"<tr>(.*?)</tr>", section(html, name), re.S)
    return [[words(cell) for cell in re.findall(r"<t[hd].*?>(.*?)</t[hd]>", line, re.S)] for line in lines]


def bars(html: str) -> dict[str, tuple[float, float, str]]:
    """Of each mistake the widths of its solid and hatched bar, in percent, and its count in words."""
    found = {}
    for item in re.findall(r"<li>(.*?)</li>", section(html, "mistakes"), re.S):
        label = words(re.sub(r"<small.*?</small>", "", item[: item.index("</p>")]))
        widths = dict(re.findall(r'class="(\w+)" style="width:([\d.]+)%"', item))
        count = words(re.findall(r'class="count">(.*?)</span>', item)[0])
        found[label] = float(widths.get("alone", widths.get("unknown", 0))), float(widths.get("among", 0)), count
    return found


def a_class(seed: int = 1, students: int = 12) -> list[GradedRow]:
    """As a class might answer three questions, in the order of the students."""
    generator = random.Random(seed)
    rows: list[GradedRow] = []
    for student in range(students):
        for name, question in (("First", PRODUCT), ("Second", POWER), ("Third", Question("sin(3x)", "x"))):
            kind = generator.choices([RIGHT, WRONG, UNDECIDED, "error"], [5, 5, 1, 1])[0]
            known = [NO_PRODUCT_RULE, INNER_LOST, CONSTANT_KEPT]
            diagnoses = generator.sample(known, generator.choice([0, 1, 1, 2])) if kind == WRONG else []
            answer = f"2x + {len(diagnoses)} + {known.index(diagnoses[0]) if diagnoses else 'c'}"
            given = {"answer": answer, "student": f"Student No {student}", "question": question, "name": name}
            rows.append(row(kind, *diagnoses, number=len(rows) + 1, **given))  # type: ignore[arg-type]
    return rows


# The text of the page.


def test_the_summary_counts_each_answer_once_and_the_mean_leaves_out_those_without_a_score() -> None:
    rows = [row(RIGHT, points=2.0, student="A"), row(RIGHT, student="B"), row(WRONG, student="A"), row(UNDECIDED)]
    shown = words(page([*rows, row("error")]))
    assert "5 answers of 2 students" in shown
    assert "2 right 1 wrong 1 undecided 1 in error" in shown
    # 2 + 1 + 0 of 2 + 1 + 1 points
    assert "75 % mean score" in shown
    assert "3 of 4 points in 3 answers; 2 without a score" in shown


def test_marks_are_added_up_by_student_and_sorted_by_name_without_regard_to_case_and_accents() -> None:
    graded = [("Zoe", RIGHT, 0.1), ("özil", RIGHT, 0.1), ("Zoe", RIGHT, 0.2), ("Pia", WRONG, 2.0), ("Pia", "error", 1)]
    shown = page([row(kind, student=name, points=points) for name, kind, points in graded] + [row(WRONG)])
    assert cells(shown, "marks") == [
        ["Student", "Marks", "of", "%", "Right", "Wrong", "Undecided", "In error"],
        ["özil", "0.1", "0.1", "100 %", "1", "·", "·", "·"],
        ["Pia", "0", "3", "0 %", "·", "1", "·", "1"],
        ["Zoe", "0.3", "0.3", "100 %", "2", "·", "·", "·"],
        ["without a name", "0", "1", "0 %", "·", "1", "·", "·"],
    ]


def test_without_a_column_of_students_there_is_no_table_of_marks_and_answers_are_told_by_row() -> None:
    shown = page([row(WRONG, number=7), row(WRONG, number=12)])
    assert 'id="marks"' not in shown
    assert "row 7, row 12" in words(shown)


def test_each_question_has_its_counts_and_its_most_common_mistake() -> None:
    product = [row(WRONG, NO_PRODUCT_RULE, answer="a"), *[row(WRONG, INNER_LOST, answer=text) for text in "bbcc"]]
    power = [row(RIGHT, question=POWER, name="Q2"), row("error", question=POWER, name="Q2")]
    assert cells(page([*product, *power]), "questions")[1:] == [
        ["derivative of x^2*sin(x) by x", "·", "5", "·", "·", "the inner derivative is missing (4 answers)"],
        ["Q2 derivative of x^3 + 5 by x", "1", "·", "·", "1", "—"],
    ]


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        (Question("x^2"), "derivative of x^2"),
        (Question("x^2", "x", 2), "second derivative of x^2 by x"),
        (Question("x^9", "x", 7), "derivative of order 7 of x^9 by x"),
        (Question("x*y", mixed=("x", "y")), "mixed derivative of x*y by x, y"),
        (Question("x^2", equal=True), "equal to x^2"),
        (Question("x^2", "x", at=(("x", "pi/4"),)), "derivative of x^2 by x at x = pi/4"),
        (Question("x^2", "x", up_to="factor"), "derivative of x^2 by x, up to a factor"),
        (Question("ln(x)", "x", assume=("x > 0", "x < 9")), "derivative of ln(x) by x, where x > 0, x < 9"),
        (Question("ln(x)", "x", domain=(Interval("x", 0.5, 9.0),)), "derivative of ln(x) by x, for x from 0.5 to 9"),
    ],
)
def test_what_was_asked_stands_in_words(question: Question, asked: str) -> None:
    shown = cells(page([row(RIGHT, question=question)]), "questions")[1][0]
    assert shown.replace(" ,", ",") == asked


def test_a_bar_is_as_long_as_its_answers_are_many_solid_where_the_mistake_is_certain() -> None:
    certain = [row(WRONG, INNER_LOST, answer=text) for text in "aabc"]
    uncertain = [row(WRONG, NO_PRODUCT_RULE, INNER_LOST, answer="d")]
    shown = page([*certain, *uncertain, row(WRONG, answer="e"), row(WRONG, answer="e")])
    assert bars(shown) == {
        "the inner derivative is missing": (80, 20, "4 answers, perhaps 1 more"),
        "the product rule was taken as u'v'": (0, 20, "perhaps 1 answer"),
        "No known mistake gives this answer": (40, 0, "2 answers"),
    }
    told = "Of 7 wrong answers, 4 are explained by one mistake alone (solid), 1 by any of several"
    assert told in words(shown)


def test_a_mistake_that_may_have_been_made_at_two_places_is_certain() -> None:
    shown = page([row(WRONG, INNER_LOST, INNER_LOST._replace(span=Span(0, 3)))])
    assert bars(shown) == {"the inner derivative is missing": (100, 0, "1 answer")}


@pytest.mark.parametrize("seed", range(5))
def test_the_histogram_adds_up_to_the_wrong_answers(seed: int) -> None:
    rows = a_class(seed, 30)
    wrong = [graded.verdict.diagnoses for graded in rows if graded.verdict and graded.verdict.verdict == WRONG]
    counts = [count for *_, count in bars(page(rows)).values()]
    certain = sum(int(re.findall(r"^\d+", count)[0]) for count in counts if not count.startswith("perhaps"))
    possible = sum(int(re.findall(r"perhaps (\d+)", count)[0]) for count in counts if "perhaps" in count)
    assert certain == sum(len(diagnoses) < 2 for diagnoses in wrong)
    assert possible == 2 * sum(len(diagnoses) == 2 for diagnoses in wrong)


def test_every_answer_of_a_mistake_is_linked_from_its_bar() -> None:
    shown = page(a_class())
    for item in re.findall(r"<li>(.*?)</li>", section(shown, "mistakes"), re.S):
        label = words(re.sub(r"<small.*?</small>", "", item[: item.index("</p>")]))
        for number in re.findall(r'href="#answer-(\d+)"', item):
            article = re.findall(rf'<article id="answer-{number}".*?</article>', shown, re.S)
            assert len(article) == 1
            assert label in words(article[0])


@pytest.mark.parametrize(
    ("sentences", "shown"),
    [
        (["it is missing, in 2 places", "it is missing", "it is missing"], "it is missing"),
        (["off by the factor 12", "off by the factor 3", "off by the factor 20"], "off by the factor 3 and the like"),
    ],
)
def test_of_sentences_that_differ_the_shortest_stands_for_its_kind(sentences: list[str], shown: str) -> None:
    rows = [row(WRONG, INNER_LOST._replace(teacher=text), answer=text) for text in sentences]
    assert bars(page(rows)) == {shown: (100, 0, "3 answers")}


def givers(html: str) -> list[str]:
    found = [words(names).replace(" ,", ",") for names in re.findall(r'class="givers">(.*?)</p>', html, re.S)]
    return found


def test_answers_that_are_the_same_stand_once_with_all_who_gave_them() -> None:
    rows = [row(WRONG, INNER_LOST, student=name, answer=text) for name, text in (("B", "1"), ("A", "2"), ("C", "1"))]
    rows += [row(WRONG, INNER_LOST, student=" A", answer=" 1 "), row(WRONG, INNER_LOST, student="A", answer="1")]
    shown = page([*rows, row(WRONG, INNER_LOST, student="B", answer="1", question=POWER)])
    assert givers(shown) == ["A (2 times), B, C", "A", "B"]
    assert "Answer 1 given 4 times" in words(shown)


def test_an_answer_stands_with_its_counterexample_its_diagnosis_and_its_notes() -> None:
    shown = section(page([row(WRONG, INNER_LOST, notes=["dy/dx = was left out"], student="Ada")]), "wrong")
    assert words(shown[shown.index("<article") :]) == (
        "Answer 1 Function x^2* sin(x) Answer 2x Right is 2*x Differs at x = 2: expected 4, yours 2 "
        "the inner derivative is missing inner-lost Note: dy/dx = was left out Ada"
    )


def test_of_several_diagnoses_none_is_asserted_and_each_has_its_place() -> None:
    shown = section(page([row(WRONG, INNER_LOST, NO_PRODUCT_RULE)]), "wrong")
    assert "Any of these may be meant, the likeliest first:" in shown
    first, second = re.findall(r"<li>(.*?)</li>", shown, re.S)
    assert words(first).startswith("the inner derivative is missing")
    assert "<code>x^2*<u>sin(x)</u></code>" in first
    assert words(second).startswith("the product rule was taken as u'v'")
    assert "<code><u>x^2*sin(x)</u></code>" in second


def test_what_is_not_decided_stands_with_its_reason() -> None:
    shown = page([row(UNDECIDED), row("error", answer="p + 1"), unreadable("bad-row: too few fields", number=9)])
    assert "Why no point has a value in both" in words(section(shown, "undecided"))
    errors = words(section(shown, "error"))
    assert "Answer p + 1 Why unknown-name: there is no name 'p'" in errors
    assert "Rows that could not be read" in errors
    assert "Why bad-row: too few fields row 9" in errors


@pytest.mark.parametrize(
    ("function", "span", "shown"),
    [
        ("x^2*sin(x)", Span(4, 10), "x^2*<u>sin(x)</u>"),
        ("x^2*sin(x)", None, "<u>x^2*sin(x)</u>"),
        ("α²·sin(β)", Span(3, 9), "α²·<u>sin(β)</u>"),
        ("𝑥*sin(𝑦)", Span(2, 8), "𝑥*<u>sin(𝑦)</u>"),
        ('where(x<1 & y, "a", b)', Span(6, 9), "where(<u>x&lt;1</u> &amp; y, &quot;a&quot;, b)"),
        ("a = x\nsin(a)", Span(6, 12), "a = x↵<u>sin(a)</u>"),
        ("\u202ex*\u200by", Span(3, 5), "\\u202ex*<u>\\u200by</u>"),
        ("sin(x)", Span(4, 99), "sin(<u>x)</u>"),
        ("sin(x)", Span(4, 4), "sin(<u>x</u>)"),
    ],
)
def test_the_part_that_a_diagnosis_concerns_is_underlined(function: str, span: Span | None, shown: str) -> None:
    graded = row(WRONG, INNER_LOST._replace(span=span), question=Question(function, "x"))
    assert f"<dt>Function</dt><dd><code>{shown}</code></dd>" in page([graded])


def test_a_diagnosis_of_the_whole_function_concerns_the_same_part_as_one_without_a_place() -> None:
    shown = section(page([row(WRONG, NO_PRODUCT_RULE, CONSTANT_KEPT._replace(span=None))]), "wrong")
    assert re.findall(r"<u>.*?</u>", shown) == ["<u>x^2*sin(x)</u>"]


@pytest.mark.parametrize("before", [0, 3, 3_990, 20_000])
def test_the_underlined_part_of_a_long_function_is_shown(before: int) -> None:
    function = "x+" * (before // 2) + "sin(x)" + "+y" * 10_000
    start = 2 * (before // 2)
    graded = row(WRONG, INNER_LOST._replace(span=Span(start, start + 6)), question=Question(function, "x"))
    shown = page([graded])
    assert "<u>sin(x)</u>" in shown
    assert f"({len(function):,} characters in all)" in shown
    assert len(shown) < 30_000


def test_an_answer_of_ten_megabytes_is_cut_with_a_note() -> None:
    shown = page(
        [row(WRONG, INNER_LOST, answer="x+" * 5_000_000, student="a" * 1_000_000), row("error", error="e" * 9**7)]
    )
    assert "(10,000,000 characters in all)" in shown
    assert len(shown) < 40_000


def test_answers_that_differ_only_where_they_are_cut_stand_apart() -> None:
    shown = page([row(WRONG, answer="x+" * 9_000 + end) for end in "xy"])
    assert shown.count("<article") == 2


HOSTILE = [
    "<script>alert(1)</script>",
    "</code></style><img src=x onerror=alert(1)>",
    "\"'><b onclick=alert(1)>&amp;",
    "{0} %s $x",
    "שלום <b>",
    "-->]]>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_others_is_escaped_wherever_it_stands(text: str) -> None:
    diagnosis = Diagnosis(text, text, text, Span(0, 3))
    question = Question(text, text, assume=(text,))
    given = {"answer": text, "student": text, "question": question, "name": text}
    rows = [row(WRONG, diagnosis, notes=[text], **given), row("error", error=text, **given), unreadable(text)]  # type: ignore[arg-type]
    shown = page(rows, title=text)
    assert text in unescape(shown)
    tags = set(re.findall(r"<[/!]?\w+", re.sub(r"<style>.*?</style>", "", shown, count=1, flags=re.S)))
    plain = set(
        re.findall(
            r"<[/!]?\w+",
            re.sub(
                r"<style>.*?</style>",
                "",
                page(
                    [
                        row(WRONG, diagnosis._replace(rule="r", teacher="t"), name="n", student="s", notes=["n"]),
                        row("error", student="s", name="n"),
                        unreadable("u"),
                    ]
                ),
                count=1,
                flags=re.S,
            ),
        )
    )
    assert tags == plain


def test_characters_that_do_not_show_are_escaped() -> None:
    hidden = "a\x00\x1b[31m\u202e\u2066\ud800\x7f"
    diagnosis = Diagnosis("rule", "", hidden, Span(0, 3))
    rows = [row(WRONG, diagnosis, answer=hidden, student=hidden, name=hidden, question=Question(hidden, hidden))]
    shown = page([*rows, row("error", error=hidden)], title=hidden)
    assert shown.encode()  # no lone surrogate
    assert [character for character in shown if not character.isprintable() and character != "\n"] == []
    assert "a\\x00\\x1b[31m\\u202e\\u2066\\ud800\\x7f" in shown


NAMES = ["Anna Berg", "O'Neill, Ben", "<Sæther>", "李小龙", "Karl-Theodor", "Tan"]


def test_an_anonymous_page_has_no_name_in_any_of_its_bytes() -> None:
    rows = [
        row(kind, student=name, number=place) for place, name in enumerate(NAMES) for kind in (RIGHT, WRONG, UNDECIDED)
    ]
    rows += [row("error", student=name, answer=f"{name.upper()}: 2x", error=f"what is {name}?") for name in NAMES[:-1]]
    rows += [row(WRONG, student="Anna Berg", answer="2x # by Anna", notes=["Berg is no name"])]
    rows += [row(WRONG, student="Anna Berg", answer="x+" * 1998 + "# Anna Berg")]
    rows += [unreadable("bad-row: Anna Berg", "")]
    named, shown = page(rows), page(rows, anonymous=True)
    for name in ["Anna", "Berg", "Neill", "Ben", "Sæther", "李", "Karl", "Theodor", "Tan"]:
        assert name in named
        assert name.casefold() not in shown.casefold().replace("standard", "")
    assert [line[0] for line in cells(shown, "marks")[1:]] == [
        *(f"Student {k + 1}" for k in range(6)),
        "without a name",
    ]
    assert "Student 1 (2 times), Student 2" not in shown
    assert "Why bad-row row 1" in words(shown)


def test_a_name_that_is_a_function_too_stays_in_formulas() -> None:
    shown = page([row(WRONG, student="Max Tan", answer="max(tan(x), 2)")], anonymous=True)
    assert "<code>max(tan(x), 2)</code>" in shown


@pytest.mark.parametrize("anonymous", [False, True])
def test_the_same_rows_give_the_same_bytes(anonymous: bool) -> None:
    assert len({page(a_class(3), anonymous) for _ in range(3)}) == 1


def test_a_page_of_no_answers_says_so() -> None:
    shown = words(page([]))
    assert "0 answers" in shown
    assert "— mean score" in shown


def test_a_row_may_have_points_that_are_not_finite_or_negative() -> None:
    rows = [row(RIGHT, points=points, student="A") for points in (float("inf"), float("nan"), -1.0, 0.0)]
    assert "— mean score" in words(page(rows))


# The file.


def test_the_file_is_the_page_and_is_written_over_an_older_one(tmp_path: Path) -> None:
    path = tmp_path / "class.html"
    path.write_text("old")
    path.chmod(0o640)
    written = Report("Grades")
    written.add(row(WRONG, student="שרה"))
    written.write(path)
    assert path.read_text(encoding="utf-8") == page([row(WRONG, student="שרה")]) + "\n"
    assert path.stat().st_mode & 0o777 == 0o640
    written.add(row(WRONG, answer="other"))
    written.write(path)
    assert "2 wrong" in words(path.read_text(encoding="utf-8"))
    written.close()


def test_what_interrupts_the_writing_leaves_the_older_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> Iterator[str]:
        yield "half"
        raise KeyboardInterrupt

    path = tmp_path / "class.html"
    path.write_text("old")
    monkeypatch.setattr(report, "answers", interrupted)
    with pytest.raises(KeyboardInterrupt):
        Report("Grades").write(path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_not_there_is_an_error_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(AutodiffError, match=r"can't write .*missing.class\.html") as caught:
        Report("Grades").write(tmp_path / "missing" / "class.html")
    assert caught.value.id == "unwritable-output"


def test_a_temporary_file_that_is_full_is_an_error_that_says_what_to_do() -> None:
    full = Report("Grades")
    full.store.file.execute("PRAGMA max_page_count = 30")
    rows = [row(WRONG, answer=f"{number}*" + "x" * 3000) for number in range(1000)]
    with pytest.raises(AutodiffError) as caught:
        [full.add(graded) for graded in rows]  # type: ignore[func-returns-value]
    assert caught.value.id == "unwritable-output"
    assert "TMPDIR" in caught.value.suggestion


MEMORY = """
import resource, sys
sys.path.insert(0, {here!r})
from pathlib import Path
from autodiff.check.verdict import WRONG
from autodiff.show.report import Report
from tests.show.test_report import INNER_LOST, row
report = Report("Grades")
for number in range({count}):
    report.add(row(WRONG, INNER_LOST, answer=f"2x + {{number}}", student=f"S{{number // 3}}", number=number))
report.write(Path({path!r}))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.slow
def test_memory_stays_flat_in_the_number_of_rows(tmp_path: Path) -> None:
    """All answers differ, so the page grows to tens of megabytes."""
    used = []
    for count in (3_000, 60_000):
        program = MEMORY.format(here=str(Path(__file__).parents[2]), count=count, path=str(tmp_path / "class.html"))
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        used.append(int(done.stdout) / 1024)
    assert (tmp_path / "class.html").stat().st_size > 20e6
    assert used[1] - used[0] < 8, used


# The page in a browser.


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    if CHROMIUM is None or DRIVER is None:
        pytest.skip(WHY_SKIPPED)
    with browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


def long_rows() -> list[GradedRow]:
    """Formulas and names without a place to break a line at."""
    question = Question("sin(" + "x" * 4000 + ")", "x", assume=("y" * 300 + " > 0",))
    diagnosis = INNER_LOST._replace(teacher="t" * 500, span=Span(0, 3))
    given = {"answer": "w" * 5000, "student": "N" * 200, "question": question, "name": "Q" * 200}
    rows = [row(kind, diagnosis, CONSTANT_KEPT, notes=["n" * 500], **given) for kind in (RIGHT, WRONG, UNDECIDED)]  # type: ignore[arg-type]
    return [*rows, row("error", error="e" * 500, **given), *a_class()]  # type: ignore[arg-type]


def opened(window: Browser, folder: Path, rows: Iterable[GradedRow], width: int = 1200) -> Browser:
    path = folder / "class.html"
    path.write_text(page(rows), encoding="utf-8")
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    window.do("goog/cdp/execute", cmd="Emulation.setDeviceMetricsOverride", params=size)
    window.emulate()
    window.requests()
    window.complaints()
    window.open(path)
    return window


def test_nothing_is_asked_of_the_network_and_nothing_is_complained_of(window: Browser, tmp_path: Path) -> None:
    shown = opened(window, tmp_path, a_class())
    assert [re.sub(r".*/", "", address) for address in shown.requests()] == ["class.html"]
    assert shown.complaints() == []
    assert shown.run("return document.scripts.length") == 0
    assert shown.run("return document.compatMode") == "CSS1Compat"


def test_bars_are_drawn_in_proportion_to_the_answers(window: Browser, tmp_path: Path) -> None:
    rows = [row(WRONG, INNER_LOST, answer=str(number)) for number in range(8)]
    rows += [row(WRONG, CONSTANT_KEPT, answer=f"c{number}") for number in range(2)]
    rows += [row(WRONG, CONSTANT_KEPT, NO_PRODUCT_RULE, answer=f"d{number}") for number in range(2)]
    shown = opened(window, tmp_path, [*rows, *[row(WRONG, answer=f"e{number}") for number in range(4)]])
    script = """return [...document.querySelectorAll('.bar')].map((bar) =>
      [...bar.children].map((part) => part.getBoundingClientRect().width / bar.clientWidth))"""
    widths = [[round(width, 2) for width in bar] for bar in shown.run(script)]
    assert widths == [[1.0], [0.25, 0.25], [0.25], [0.5]]


@pytest.mark.parametrize("width", [320, 400, 700, 1200])
@pytest.mark.parametrize("rows", [long_rows, a_class])
def test_nothing_is_wider_than_the_window_but_what_scrolls_by_itself(
    window: Browser, tmp_path: Path, width: int, rows: Callable[[], list[GradedRow]]
) -> None:
    shown = opened(window, tmp_path, rows(), width)
    script = """return [...document.querySelectorAll('body *')].filter((element) =>
      element.getBoundingClientRect().right > innerWidth && !element.closest('.wide')).length"""
    assert shown.run("return innerWidth") == width
    assert shown.run("return document.documentElement.scrollWidth <= innerWidth")
    assert shown.run(script) == 0


@pytest.mark.parametrize(("scheme", "dark"), [("light", False), ("dark", True)])
def test_the_report_is_light_or_dark_as_the_reader_has_it_and_its_text_is_easy_to_read(
    window: Browser, tmp_path: Path, scheme: str, dark: bool
) -> None:
    shown = opened(window, tmp_path, a_class())
    shown.emulate(prefers_color_scheme=scheme)
    script = """
    const backdrop = (element) => {
      const colour = getComputedStyle(element).backgroundColor;
      return colour === "rgba(0, 0, 0, 0)" ? backdrop(element.parentElement) : colour;
    };
    const elements = [...document.querySelectorAll("h1, h2, p, a, td, th, dt, dd, u, small, code, b, li, .count")];
    const pairs = elements.map((element) => `${getComputedStyle(element).color} ${backdrop(element)}`);
    return [...new Set(pairs)].map((pair) => pair.match(/\\d+/g).map(Number))"""
    pairs = [(colours[:3], colours[3:]) for colours in shown.run(script)]
    assert all((luminance(paper) < 0.2) == dark for _, paper in pairs)
    # WCAG 2.2, success criterion 1.4.3: at least 4.5 to 1
    assert all(contrast(ink, paper) >= 4.5 for ink, paper in pairs), pairs


def luminance(colour: list[int]) -> float:
    """WCAG 2.2, relative luminance."""
    linear = [part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(ink: list[int], paper: list[int]) -> float:
    dark, light = sorted([luminance(ink), luminance(paper)])
    return (light + 0.05) / (dark + 0.05)


def test_a_reader_who_does_not_see_finds_headings_in_order_heads_of_tables_and_links_that_lead_somewhere(
    window: Browser, tmp_path: Path
) -> None:
    shown = opened(window, tmp_path, a_class())
    assert shown.run("return [document.documentElement.lang, document.title]") == ["en", "Grades"]
    headings = "return [...document.querySelectorAll('h1, h2, h3, h4')].map((heading) => Number(heading.tagName[1]))"
    levels = shown.run(headings)
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))
    assert shown.run("return document.querySelectorAll('th:not([scope]), tr:not(:has(th))').length") == 0
    broken = "return [...document.links].filter((link) => !document.querySelector(link.hash)).length"
    assert shown.run("return document.links.length") > 10
    assert shown.run(broken) == 0
    assert shown.run("return new Set([...document.querySelectorAll('[id]')].map((element) => element.id)).size") == (
        shown.run("return document.querySelectorAll('[id]').length")
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_others_is_shown_as_it_is_and_never_run(window: Browser, tmp_path: Path, text: str) -> None:
    question = Question(text, text)
    diagnosis = Diagnosis(text, text, text, Span(1, 3))
    shown = opened(window, tmp_path, [row(WRONG, diagnosis, answer=text, student=text, question=question, name=text)])
    content = "return [...document.querySelectorAll(arguments[0])].map((element) => element.textContent)"
    assert shown.run(content, "dd code")[:2] == [text, text]
    assert shown.run(content, "dd u") == [text[1:3]]
    assert set(shown.run(content, "bdi")) == {text}
    assert shown.run("return document.querySelectorAll('script, img, b[onclick]').length") == 0
    assert shown.complaints() == []


def test_on_paper_it_is_black_on_white_with_bars_and_underlines(window: Browser, tmp_path: Path) -> None:
    shown = opened(window, tmp_path, a_class())
    shown.emulate(media="print", prefers_color_scheme="dark")
    script = """return [...new Set([...document.querySelectorAll("body, body *")].flatMap((element) => {
      const style = getComputedStyle(element);
      return [style.color, style.backgroundColor, style.borderTopColor, style.textDecorationColor];
    }))]"""
    greys = [re.findall(r"\d+", colour)[:3] for colour in shown.run(script)]
    assert all(len(set(grey)) == 1 for grey in greys), greys
    bar = "const style = getComputedStyle(document.querySelector('.bar .alone')); return [style.%s, style.%s]"
    assert shown.run(bar % ("backgroundColor", "printColorAdjust")) == ["rgb(0, 0, 0)", "exact"]
    assert shown.run("return getComputedStyle(document.querySelector('u')).textDecorationLine") == "underline"


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="there is no pdftotext (apt install poppler-utils)")
def test_what_is_printed_has_every_answer_whole_on_one_page(window: Browser, tmp_path: Path) -> None:
    rows = [
        row(
            WRONG,
            *[INNER_LOST, NO_PRODUCT_RULE, CONSTANT_KEPT][: number % 4],
            answer=f"{number}x",
            student=f"No {number}",
        )
        for number in range(1, 61)
    ]
    shown = opened(window, tmp_path, rows)
    (tmp_path / "class.pdf").write_bytes(shown.print_to_pdf())
    command = ["pdftotext", "-layout", str(tmp_path / "class.pdf"), "-"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    sheets = printed[printed.index("Wrong answers") :].rstrip("\f").split("\f")
    assert len(sheets) > 3
    for number in range(1, 61):
        # Its first lines and its last are on the same sheet.
        (begun,) = [place for place, sheet in enumerate(sheets) if re.search(rf"\bAnswer {number}\b", sheet)]
        (ended,) = [place for place, sheet in enumerate(sheets) if re.search(rf"\bNo {number}\b", sheet)]
        assert begun == ended
    assert printed.count("expected 4, yours 2") == 60
