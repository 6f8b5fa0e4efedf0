"""The answers of a class as one HTML page for its teacher: no script, no network, and readable on paper."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from math import isfinite
from pathlib import Path
from sqlite3 import Error as StoreError
from typing import BinaryIO

from autodiff.check.grade import GradedRow
from autodiff.check.verdict import RIGHT, UNDECIDED, WRONG, Verdict
from autodiff.language.errors import AutodiffError
from autodiff.language.excerpts import shortened
from autodiff.show.diagnostics import visible
from autodiff.show.report_answers import ERROR, Clean, answer_html, kind, name_html, sentence, task
from autodiff.show.report_names import sort_key, without
from autodiff.show.report_parts import (
    Total,
    answers,
    misconceptions,
    question_table,
    student_table,
    summary,
)
from autodiff.show.report_store import KINDS, Counts, Store

TITLE_CHARACTERS = 200
NOTHING_MEANT = "Rows that could not be read"


class Report:
    """The page. Rows are added one by one, then it is written; memory stays flat in their number.

    Answers to a question that are the same stand once, with who gave them. If `anonymous`, students are numbered in the
    order in which they come, and a student's own name in an answer is left out. All text of others stands escaped; the
    policy in the head of the page forbids it to load or to run anything. The same rows give the same bytes.

    Raises AutodiffError if a file can't be written: the page, or the temporary one that the rows are kept in.
    """

    def __init__(self, title: str, anonymous: bool = False) -> None:
        self.title = title
        self.anonymous = anonymous
        self.store = Store()
        self.counts = dict.fromkeys(KINDS, 0)
        self.scored, self.marks, self.points = 0, 0.0, 0.0

    def add(self, row: GradedRow) -> None:
        with temporary_file():
            self.keep(row)

    def keep(self, row: GradedRow) -> None:
        verdict, store = kind(row), self.store
        points = row.points if isfinite(row.points) else 0.0
        marks = row.score if row.score is not None and isfinite(row.score) else 0.0
        self.counts[verdict] += 1
        if row.score is not None:
            self.scored += 1
            self.marks += marks
            self.points += points
        question = self.question(row)
        student = self.student(row.student.strip())
        store.count(verdict, question, student, marks, points)
        if verdict != RIGHT:
            clean = without(row.student) if self.anonymous else str
            html = answer_html(row, clean, self.anonymous)
            place = store.answer(verdict, question, row.answer.strip(), html, rules(row.verdict, clean))
            store.give(place, student, row.number)

    def question(self, row: GradedRow) -> int:
        if row.question is None:
            return self.store.question("", NOTHING_MEANT, readable=False)
        given = row.question_name.strip()
        name = f'<span class="question">{name_html(given)}</span> ' if given else ""
        asked = task(row.question)
        return self.store.question(f"{given}\0{row.question.function}\0{asked}", name + asked, True)

    def student(self, name: str) -> int:
        if self.anonymous:
            return self.store.student(name, "", None)
        return self.store.student(name, sort_key(name), name_html(name))

    def lines(self) -> Iterator[str]:
        self.store.order()
        title = escape(shortened(visible(self.title), TITLE_CHARACTERS))
        yield from head(title)
        yield f"<header>\n<h1>{title}</h1>"
        yield from summary(self.store, self.total())
        if self.anonymous:
            yield "<p>Names are left out: students are numbered in the order in which they come.</p>"
        yield "</header>\n<main>"
        if self.counts[WRONG]:
            yield from misconceptions(self.store, self.counts[WRONG])
        if any(self.counts.values()):
            yield from question_table(self.store)
        if self.store.student_count():
            yield from student_table(self.store)
        for verdict in (WRONG, UNDECIDED, ERROR):
            yield from answers(self.store, verdict)
        yield "</main>\n</html>"

    def total(self) -> Total:
        return Total(Counts(*(self.counts[kind] for kind in KINDS)), self.scored, self.marks, self.points)

    def write(self, path: Path) -> None:
        """The page to a file: whole or not at all, by way of a new file beside it."""
        try:
            with temporary_file():
                if path.exists() and not path.is_file():  # a device, a pipe
                    with path.open("wb") as file:
                        write_lines(self.lines(), file)
                else:
                    replace_file(path.resolve(), self.lines())
        except OSError as error:
            raise AutodiffError(
                "unwritable-output",
                f"can't write {path}: {error.strerror}",
                suggestion="choose a file in a folder that exists and that you may write to",
            ) from None

    def close(self) -> None:
        """Ends the temporary file."""
        self.store.close()


def rules(verdict: Verdict | None, clean: Clean) -> dict[str, str]:
    """The wrong rules that explain a wrong answer, each with its sentence for the teacher."""
    found: dict[str, str] = {}
    if verdict is not None and verdict.verdict == WRONG:
        for diagnosis in verdict.diagnoses:
            found.setdefault(diagnosis.rule, sentence(clean(diagnosis.teacher)))
    return found


def head(title: str) -> Iterator[str]:
    yield "<!DOCTYPE html>"
    yield '<html lang="en">'
    yield '<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width">'
    yield '<meta name="color-scheme" content="light dark">'
    yield """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">"""
    yield f"<title>{title}</title>"
    yield f"<style>\n{Path(__file__).with_suffix('.css').read_text(encoding='utf-8')}</style>"


@contextmanager
def temporary_file() -> Iterator[None]:
    try:
        yield
    except StoreError as error:
        raise AutodiffError(
            "unwritable-output",
            f"can't keep the rows of the report in a temporary file: {error}",
            suggestion="set TMPDIR to a folder with more room",
        ) from None


def replace_file(path: Path, lines: Iterator[str]) -> None:
    handle, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with open(handle, "wb") as file:
            write_lines(lines, file)
        os.chmod(beside, path.stat().st_mode if path.exists() else 0o666 & ~umask())
        os.replace(beside, path)
    except BaseException:  # an interrupt, too, leaves nothing beside the file
        os.unlink(beside)
        raise


def write_lines(lines: Iterator[str], file: BinaryIO) -> None:
    file.writelines(f"{line}\n".encode() for line in lines)


def umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
