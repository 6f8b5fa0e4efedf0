"""The rows of a report: counts, and each different answer once, in a temporary file, so that memory stays flat."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from hashlib import sha256
from typing import NamedTuple

from autodiff.check.verdict import RIGHT, UNDECIDED, WRONG

KINDS = (RIGHT, WRONG, UNDECIDED, "error")
COUNTS = ", ".join(f"count_{kind}" for kind in KINDS)
SCHEMA = f"""
PRAGMA journal_mode = OFF;
PRAGMA temp_store = FILE;
CREATE TABLE question (
    id INTEGER PRIMARY KEY, key BLOB UNIQUE, html TEXT, readable INTEGER,
    {", ".join(f"count_{kind} INTEGER DEFAULT 0" for kind in KINDS)});
CREATE TABLE student (
    id INTEGER PRIMARY KEY, key BLOB UNIQUE, sorted BLOB, html TEXT, marks REAL DEFAULT 0, points REAL DEFAULT 0,
    {", ".join(f"count_{kind} INTEGER DEFAULT 0" for kind in KINDS)});
CREATE TABLE answer (
    id INTEGER PRIMARY KEY, key BLOB UNIQUE, question INTEGER, kind INTEGER, html TEXT, given INTEGER, number INTEGER);
CREATE TABLE given (answer INTEGER, student INTEGER, row INTEGER);
CREATE TABLE mistake (
    id INTEGER PRIMARY KEY, rule TEXT UNIQUE, html TEXT, varies INTEGER DEFAULT 0,
    alone INTEGER DEFAULT 0, among INTEGER DEFAULT 0);
CREATE TABLE made (mistake INTEGER, answer INTEGER, alone INTEGER);
"""
# Before the report is read: each answer that is not right gets a number, by kind, question and how often it was given.
ORDER = """
CREATE INDEX IF NOT EXISTS given_answer ON given (answer);
CREATE INDEX IF NOT EXISTS made_answer ON made (answer);
CREATE INDEX IF NOT EXISTS made_mistake ON made (mistake);
CREATE TABLE numbered (id INTEGER PRIMARY KEY, number INTEGER);
INSERT INTO numbered SELECT id, row_number() OVER (ORDER BY kind, question, given DESC, id) FROM answer;
UPDATE answer SET number = (SELECT numbered.number FROM numbered WHERE numbered.id = answer.id);
DROP TABLE numbered;
CREATE INDEX IF NOT EXISTS answer_number ON answer (number);
CREATE INDEX IF NOT EXISTS answer_question ON answer (question);
"""
NAMELESS = 0  # the student of the rows that name none
SHOWN = "coalesce(student.html, 'Student ' || student.id)"


class Counts(NamedTuple):
    right: int
    wrong: int
    undecided: int
    error: int


class Student(NamedTuple):
    html: str
    marks: float
    points: float
    counts: Counts


class Mistake(NamedTuple):
    """A wrong rule, the answers that it alone explains, and those that it explains as one of several.

    `html` is the shortest sentence for these answers; `varies` if they don't all begin with it.
    """

    rule: str
    html: str
    varies: bool
    alone: int
    among: int


class Explained(NamedTuple):
    """How many answers, how many different ones, and the numbers of the first of these."""

    given: int
    different: int
    numbers: list[int]


class Answer(NamedTuple):
    number: int
    question: int
    html: str
    given: int


class Store:
    """Raises sqlite3.Error where the temporary file can't be written."""

    def __init__(self) -> None:
        # An empty name is a file of SQLite's own in the folder for temporary files, without a name while it is open.
        self.file = sqlite3.connect("", isolation_level=None)
        self.file.executescript(SCHEMA)
        self.file.execute(
            "INSERT INTO student (id, key, html) VALUES (?, ?, ?)", (NAMELESS, b"", "<i>without a name</i>")
        )

    def question(self, key: str, html: str, readable: bool) -> int:
        """The number of a question, from 1 in the order in which they come."""
        return self.place("question", encoded(key), html=html, readable=readable)

    def student(self, name: str, sort_key: str, html: str | None) -> int:
        """The number of a student, from 1 in the order in which they come; without `html` it is all that is shown."""
        if not name:
            return NAMELESS
        return self.place("student", encoded(name), sorted=encoded(sort_key), html=html)

    def place(self, table: str, key: bytes, **columns: object) -> int:
        found = self.file.execute(f"SELECT id FROM {table} WHERE key = ?", (key,)).fetchone()
        if found:
            return int(found[0])
        names = ", ".join(columns)
        marks = ", ?" * len(columns)
        done = self.file.execute(f"INSERT INTO {table} (key, {names}) VALUES (?{marks})", (key, *columns.values()))
        return int(done.lastrowid or 0)

    def count(self, kind: str, question: int, student: int, marks: float, points: float) -> None:
        self.file.execute(f"UPDATE question SET count_{kind} = count_{kind} + 1 WHERE id = ?", (question,))
        self.file.execute(
            f"UPDATE student SET count_{kind} = count_{kind} + 1, marks = marks + ?, points = points + ? WHERE id = ?",
            (marks, points, student),
        )

    def answer(self, kind: str, question: int, text: str, html: str, rules: dict[str, str]) -> int:
        """The place of an answer that is not right. `rules` are those that explain it, each with its sentence."""
        hashed = sha256(f"{KINDS.index(kind)} {question} {len(html)} ".encode() + encoded(html) + encoded(text))
        key = hashed.digest()
        place = self.place("answer", key, question=question, kind=KINDS.index(kind), html=html, given=0)
        new = self.file.execute("SELECT given FROM answer WHERE id = ?", (place,)).fetchone()[0] == 0
        self.file.execute("UPDATE answer SET given = given + 1 WHERE id = ?", (place,))
        column = "alone" if len(rules) == 1 else "among"
        for rule, words in rules.items():
            self.file.execute("INSERT OR IGNORE INTO mistake (rule, html) VALUES (?, ?)", (rule, words))
            self.file.execute(
                f"UPDATE mistake SET {column} = {column} + 1, "
                "varies = varies OR instr(:words, html) <> 1 AND instr(html, :words) <> 1, "
                "html = CASE WHEN length(:words) < length(html) THEN :words ELSE html END WHERE rule = :rule",
                {"words": words, "rule": rule},
            )
            if new:
                self.file.execute(
                    "INSERT INTO made SELECT id, ?, ? FROM mistake WHERE rule = ?", (place, len(rules) == 1, rule)
                )
        return place

    def give(self, answer: int, student: int, row: int) -> None:
        self.file.execute("INSERT INTO given VALUES (?, ?, ?)", (answer, student, row))

    def order(self) -> None:
        """Numbers the answers; before anything is read, and again after more was added."""
        self.file.executescript(ORDER)

    def students(self) -> Iterator[Student]:
        """Those with a row, by name, and at the end the rows without one."""
        chosen = f"SELECT {SHOWN}, marks, points, {COUNTS} FROM student WHERE {COUNTS.replace(', ', ' + ')} > 0"
        for html, marks, points, *counts in self.file.execute(f"{chosen} ORDER BY id = {NAMELESS}, sorted, id"):
            yield Student(html, marks, points, Counts(*counts))

    def student_count(self) -> int:
        return int(self.file.execute("SELECT count(*) FROM student WHERE id <> ?", (NAMELESS,)).fetchone()[0])

    def questions(self) -> Iterator[tuple[int, str, Counts]]:
        """Those that could be read, in the order in which they came."""
        for place, html, *counts in self.file.execute(
            f"SELECT id, html, {COUNTS} FROM question WHERE readable ORDER BY id"
        ):
            yield place, html, Counts(*counts)

    def question_html(self, place: int) -> str:
        return str(self.file.execute("SELECT html FROM question WHERE id = ?", (place,)).fetchone()[0])

    def mistakes(self) -> Iterator[tuple[int, Mistake]]:
        """The most frequent first."""
        for place, *mistake in self.file.execute(
            "SELECT id, rule, html, varies, alone, among FROM mistake ORDER BY alone + among DESC, alone DESC, id"
        ):
            yield place, Mistake(*mistake)

    def commonest(self, question: int) -> Mistake | None:
        """The mistake that was made most often in a question, one that is certain before one that is possible."""
        found = self.file.execute(
            "SELECT rule, mistake.html, varies, "
            "sum(given * made.alone) AS certain, sum(given * (1 - made.alone)) AS possible "
            "FROM answer JOIN made ON made.answer = answer.id JOIN mistake ON made.mistake = mistake.id "
            "WHERE answer.question = ? GROUP BY mistake.id ORDER BY certain DESC, possible DESC, mistake.id LIMIT 1",
            (question,),
        ).fetchone()
        return Mistake(*found) if found else None

    def explained(self, mistake: int, most: int) -> Explained:
        """The different answers that a mistake explains."""
        return self.found("FROM made JOIN answer ON answer.id = made.answer WHERE mistake = ?", mistake, most)

    def unexplained(self, most: int) -> Explained:
        """The different wrong answers that no mistake explains."""
        chosen = "FROM answer WHERE kind = ? AND NOT EXISTS (SELECT * FROM made WHERE made.answer = answer.id)"
        return self.found(chosen, KINDS.index(WRONG), most)

    def found(self, chosen: str, value: int, most: int) -> Explained:
        given, different = self.file.execute(f"SELECT total(given), count(*) {chosen}", (value,)).fetchone()
        numbers = self.file.execute(f"SELECT number {chosen} ORDER BY number LIMIT ?", (value, most))
        return Explained(int(given), different, [number for (number,) in numbers])

    def answers(self, kind: str) -> Iterator[tuple[int, Answer]]:
        """The different answers of a kind by their number, with the place of each."""
        for place, *answer in self.file.execute(
            "SELECT id, number, question, html, given FROM answer WHERE kind = ? ORDER BY number", (KINDS.index(kind),)
        ):
            yield place, Answer(*answer)

    def givers(self, answer: int) -> Iterator[tuple[str, int]]:
        """The students who gave an answer, by name, each with how often; then the rows without a name."""
        yield from self.file.execute(
            f"SELECT {SHOWN}, count(*) FROM given JOIN student ON student.id = given.student "
            "WHERE answer = ? AND student <> ? GROUP BY student ORDER BY sorted, student.id",
            (answer, NAMELESS),
        )
        for (row,) in self.file.execute(
            "SELECT row FROM given WHERE answer = ? AND student = ? ORDER BY row", (answer, NAMELESS)
        ):
            yield f"row {row}", 1

    def close(self) -> None:
        self.file.close()


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
