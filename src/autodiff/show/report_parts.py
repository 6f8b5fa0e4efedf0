"""The parts of a report as lines of HTML: the summary, the mistakes, the tables, the answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple

from autodiff.check.verdict import RIGHT, UNDECIDED, WRONG
from autodiff.evaluate.numbers import shortest
from autodiff.show.report_answers import ERROR
from autodiff.show.report_store import Counts, Explained, Mistake, Store

LINKS = 40  # to answers, at one mistake
LONG = 3000  # characters of an answer that may be taken apart where a page of paper ends
KIND_WORDS = {RIGHT: "right", WRONG: "wrong", UNDECIDED: "undecided", ERROR: "in error"}
HEADINGS = {WRONG: "Wrong answers", UNDECIDED: "Undecided answers", ERROR: "Answers in error"}
EXPLANATIONS = {
    WRONG: "By question, the answer that was given most often first. Underlined is the part of the function that the "
    "diagnosis concerns.",
    UNDECIDED: "They have no score: they are yours to decide.",
    ERROR: "They could not be read, or the limits did not allow to check them. They have no score.",
}


class Total(NamedTuple):
    """Of the whole class. `marks` and `points` are of the `scored` answers, those that have a score."""

    counts: Counts
    scored: int
    marks: float
    points: float


def counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def number(value: float) -> str:
    return shortest(round(value, 4))


def percentage(marks: float, points: float) -> str:
    return f"{100 * marks / points:.0f} %" if points > 0 else "—"


def summary(store: Store, total: Total) -> Iterator[str]:
    count, students = sum(total.counts), store.student_count()
    of = f" of {counted(students, 'student')}" if students else ""
    yield f'<p class="summary">{counted(count, "answer")}{of}</p>'
    yield '<ul class="summary">'
    for kind, share in zip(KIND_WORDS, total.counts, strict=True):
        yield f'<li class="{kind}"><b>{share:,}</b> {KIND_WORDS[kind]}</li>'
    yield f"<li><b>{percentage(total.marks, total.points)}</b> mean score</li>\n</ul>"
    text = f"{number(total.marks)} of {number(total.points)} points in {counted(total.scored, 'answer')}"
    without = count - total.scored
    yield f"<p>{text}{f'; {without:,} without a score' if without else ''}.</p>"


def misconceptions(store: Store, wrong: int) -> Iterator[str]:
    yield '<section id="mistakes">\n<h2>Misconceptions</h2>'
    mistakes = list(store.mistakes())  # no more than there are rules
    unknown = store.unexplained(LINKS)
    alone = sum(mistake.alone for _, mistake in mistakes)
    yield (
        f"<p>Of {counted(wrong, 'wrong answer')}, {alone:,} are explained by one mistake alone (solid), "
        f"{wrong - alone - unknown.given:,} by any of several (hatched: such an answer is counted at each of them), "
        f"{unknown.given:,} by none that is known.</p>"
    )
    most = max([unknown.given, *(mistake.alone + mistake.among for _, mistake in mistakes)])
    yield '<ol class="bars">'
    for place, mistake in mistakes:
        bars = bar("alone", mistake.alone, most) + bar("among", mistake.among, most)
        alike = " <i>and the like</i>" if mistake.varies else ""
        words = f'{mistake.html}{alike} <small class="rule">{escape(mistake.rule)}</small>'
        yield from bar_lines(words, bars, how_often(mistake), store.explained(place, LINKS))
    if unknown.given:
        bars = bar("unknown", unknown.given, most)
        yield from bar_lines("No known mistake gives this answer", bars, counted(unknown.given, "answer"), unknown)
    yield "</ol>\n</section>"


def bar(kind: str, count: int, most: int) -> str:
    return f'<span class="{kind}" style="width:{100 * count / most:.2f}%"></span>' if count else ""


def bar_lines(words: str, bars: str, count: str, explained: Explained) -> Iterator[str]:
    yield f'<li><p>{words}</p>\n<div class="row"><div class="bar" aria-hidden="true">{bars}</div>'
    yield f'<span class="count">{count}</span></div>'
    links = ", ".join(f'<a href="#answer-{place}">{place}</a>' for place in explained.numbers)
    more = explained.different - len(explained.numbers)
    others = f" and {more:,} more" if more else ""
    yield f'<p class="links">{"answer" if explained.different == 1 else "answers"} {links}{others}</p></li>'


def how_often(mistake: Mistake) -> str:
    if not mistake.among:
        return counted(mistake.alone, "answer")
    if not mistake.alone:
        return f"perhaps {counted(mistake.among, 'answer')}"
    return f"{counted(mistake.alone, 'answer')}, perhaps {mistake.among:,} more"


def question_table(store: Store) -> Iterator[str]:
    yield '<section id="questions">\n<h2>Questions</h2>'
    yield from table_head("Questions", ["Question", *count_heads(), "Most common mistake"])
    for place, html, counts in store.questions():
        mistake = store.commonest(place)
        words = f"{mistake.html} ({how_often(mistake)})" if mistake else "—"
        yield f'<tr><th scope="row">{html}</th>{count_cells(counts)}<td class="words">{words}</td></tr>'
    yield "</tbody></table></div>\n</section>"


def student_table(store: Store) -> Iterator[str]:
    yield '<section id="marks">\n<h2>Marks</h2>'
    yield from table_head("Marks", ["Student", "Marks", "of", "%", *count_heads()])
    for student in store.students():
        marks = [number(student.marks), number(student.points), percentage(student.marks, student.points)]
        cells = "".join(f"<td>{text}</td>" for text in marks)
        yield f'<tr><th scope="row">{student.html}</th>{cells}{count_cells(student.counts)}</tr>'
    yield "</tbody></table></div>"
    yield "<p>Marks are sums of scores, of the points of all answers; an answer without a score counts nothing yet.</p>"
    yield "</section>"


def table_head(name: str, heads: Sequence[str]) -> Iterator[str]:
    """The beginning of a table that scrolls by itself where the window is too narrow."""
    cells = "".join(f'<th scope="col">{head}</th>' for head in heads)
    yield f'<div class="wide" role="region" aria-label="{name}" tabindex="0"><table>'
    yield f"<thead><tr>{cells}</tr></thead><tbody>"


def count_heads() -> list[str]:
    return [words.capitalize() for words in KIND_WORDS.values()]


def count_cells(counts: Counts) -> str:
    return "".join(f"<td>{count or '·'}</td>" for count in counts)


def answers(store: Store, kind: str) -> Iterator[str]:
    """Every answer of a kind that differs from the others, by question; nothing if there is none."""
    question = None
    for place, answer in store.answers(kind):
        if question is None:
            yield f'<section id="{kind}">\n<h2>{HEADINGS[kind]}</h2>\n<p>{EXPLANATIONS[kind]}</p>'
        if question != answer.question:
            if question is not None:
                yield "</div>"
            question = answer.question
            yield f'<h3>{store.question_html(question)}</h3>\n<div class="answers">'
        often = f" <small>given {answer.given:,} times</small>" if answer.given > 1 else ""
        long = ' class="long"' if len(answer.html) > LONG else ""
        yield f'<article id="answer-{answer.number}"{long}>\n<h4>Answer {answer.number}{often}</h4>\n{answer.html}'
        yield '<p class="givers">'
        yield from givers(store, place, answer.given)
        yield "</p>\n</article>"
    if question is not None:
        yield "</div>\n</section>"


def givers(store: Store, place: int, left: int) -> Iterator[str]:
    """One by one, because there may be as many as there are rows."""
    for name, count in store.givers(place):
        left -= count
        yield f"{name}{f' ({count:,} times)' if count > 1 else ''}{',' if left else ''}"
