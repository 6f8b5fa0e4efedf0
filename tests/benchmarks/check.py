"""How fast answers are checked, beside SymPy, and a class graded.

    python tests/benchmarks/check.py

SymPy (the extra `bench`) is in the Python that runs this. The answers are those of student_answers.csv if it lies
beside this repository; else the derivatives of triples_open.csv, each once as it is and once with 1 added.

One answer: processor time in a warm process, `check_answer` with all that it gives (verdict, evidence, diagnosis)
against `simplify(diff(f, x, n) - answer) == 0` with the parsing of both, in one process and in turns. SymPy's cache is
cleared before each row, and so are the questions that we keep: beside it stand the times without that. A row on which
SymPy takes longer than the limit counts with the limit.

A class: `autodiff grade` as a user runs it, on the same answers over and over; its memory at two sizes.
"""

from __future__ import annotations

import argparse
import csv
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from math import inf
from pathlib import Path
from statistics import geometric_mean
from time import perf_counter, process_time
from typing import Any, NamedTuple

import sympy
from derivative import RULES, Row, names_for_sympy
from report import machine, markdown_table, verdict
from sympy.core.cache import clear_cache
from sympy.parsing.sympy_parser import parse_expr

from autodiff.check.check import check_answer
from autodiff.check.problem import problem_of
from autodiff.check.proof import solution_of
from autodiff.check.question import Question
from autodiff.check.suspects import suspects_of

CORPORA = Path(__file__).resolve().parents[1] / "corpora"
SHARED = Path(__file__).resolve().parents[3] / "shared" / "corpora"
SPEED_TARGET, ROWS_TARGET = 20, 100
LIMIT = 10.0  # seconds that SymPy may take for a row
CACHES = (problem_of, solution_of, suspects_of)


class Answer(NamedTuple):
    """An answer to a question, and whether it is right."""

    function: str
    variable: str
    order: int
    text: str
    is_right: bool


class Times(NamedTuple):
    """The least seconds that an answer took: ours and SymPy's, and both with what they keep."""

    ours: float = inf
    theirs: float = inf
    kept: float = inf
    cached: float = inf


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000, help="how many answers are graded; 0 for none")
    parser.add_argument("--every", type=int, default=1, help="only every n-th answer is checked one by one")
    options = parser.parse_args()
    answers = list(corpus_answers())
    chosen = answers[:: options.every]
    print(machine())
    print(f"SymPy {sympy.__version__}, {len(chosen)} answers\n")
    table = one_by_one(chosen)
    if options.rows:
        table += class_rows(answers, options.rows)
    print(markdown_table(("answers", "measured", "target", ""), table))


def corpus_answers() -> Iterator[Answer]:
    if SHARED.exists():
        for row in read(SHARED / "student_answers.csv"):
            right = row["verdict"] == "right"
            yield Answer(row["function"], row["variable"], int(row["order"]), row["student_answer"], right)
        return
    for row in read(CORPORA / "triples_open.csv"):
        question = row["function"], row["variable"], int(row["order"])
        yield Answer(*question, row["derivative"], True)
        yield Answer(*question, f"{row['derivative']} + 1", False)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- one by one ---


def one_by_one(answers: list[Answer]) -> list[tuple[str, ...]]:
    times: list[Times] = []
    wrong_of_ours, wrong_of_theirs, late = 0, 0, 0
    for answer in answers:
        for cached in CACHES:
            cached.cache_clear()
        clear_cache()
        own, found = timed(lambda answer=answer: ours(answer))
        kept = min(timed(lambda answer=answer: ours(answer))[0] for _ in range(3))
        own = min(own, timed(lambda answer=answer: without_cache(answer))[0])
        seconds, other = timed(lambda answer=answer: limited(answer))
        late += other is None
        cached_seconds = timed(lambda answer=answer: limited(answer))[0] if other is not None else LIMIT
        wrong_of_ours += found != answer.is_right
        wrong_of_theirs += other is not None and other != answer.is_right
        times.append(Times(own, seconds, kept, cached_seconds))
    mean = geometric_mean(time.theirs / time.ours for time in times)
    return [
        ("autodiff, one answer", milliseconds(times, "ours"), "", ""),
        ("... the second answer to a question", milliseconds(times, "kept"), "", ""),
        ("SymPy, simplify(diff(f, x) - answer) == 0", milliseconds(times, "theirs"), "", ""),
        ("autodiff is faster", f"{mean:.1f}x", f"at least {SPEED_TARGET}x", verdict(mean >= SPEED_TARGET)),
        *(
            (f"... for {kind} answers", f"{ratio(times, answers, right):.1f}x", "", "")
            for kind, right in (("right", True), ("wrong", False))
        ),
        ("... both with what they keep", f"{geometric_mean(t.cached / t.kept for t in times):.1f}x", "", ""),
        ("verdicts that are not the row's, autodiff", str(wrong_of_ours), "0", verdict(not wrong_of_ours)),
        ("... SymPy, and rows on which it reached the limit", f"{wrong_of_theirs}, {late}", "", ""),
    ]


def ratio(times: list[Times], answers: list[Answer], right: bool) -> float:
    chosen = [time for time, answer in zip(times, answers, strict=True) if answer.is_right == right]
    return geometric_mean(time.theirs / time.ours for time in chosen)


def milliseconds(times: list[Times], which: str) -> str:
    return f"{1000 * geometric_mean(getattr(time, which) for time in times):.2f} ms"


def timed(job: Callable[[], Any]) -> tuple[float, Any]:
    start = process_time()
    result = job()
    return process_time() - start, result


def ours(answer: Answer) -> bool:
    return check_answer(Question(answer.function, answer.variable, answer.order), answer.text).verdict == "right"


def without_cache(answer: Answer) -> bool:
    for cached in CACHES:
        cached.cache_clear()
    return ours(answer)


def theirs(answer: Answer) -> bool:
    row = Row("", f"{answer.function} + {answer.text}", answer.variable, answer.order, frozenset((answer.variable,)))
    names = names_for_sympy(row)
    function, given = (parse_expr(text, names, RULES) for text in (answer.function, answer.text))
    return sympy.simplify(sympy.diff(function, names[answer.variable], answer.order) - given) == 0


def limited(answer: Answer) -> bool | None:
    """What SymPy says; None if it reached the limit, or failed."""

    def stop(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, LIMIT)
    try:
        return theirs(answer)
    except Exception:  # whatever SymPy raises
        return None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


# --- a class ---


def class_rows(answers: list[Answer], count: int) -> list[tuple[str, ...]]:
    with tempfile.TemporaryDirectory() as folder:
        seconds, large = graded(answers, count, 1, Path(folder))
        both, _ = graded(answers, count, 2, Path(folder))
        _, small = graded(answers, count // 10, 1, Path(folder))
    rate = count / seconds
    return [
        (
            f"answers a second, grade --jobs 1, {count}",
            f"{rate:.0f}",
            f"at least {ROWS_TARGET}",
            verdict(rate >= ROWS_TARGET),
        ),
        ("... --jobs 2", f"{count / both:.0f}", "", ""),
        (
            f"peak memory of {count} and of {count // 10} answers",
            f"{large:.0f} MB, {small:.0f} MB",
            "flat",
            verdict(large < 1.2 * small),
        ),
    ]


def graded(answers: list[Answer], count: int, jobs: int, folder: Path) -> tuple[float, float]:
    """The seconds that grading so many answers takes, and the largest memory of its processes, in MB."""
    path = folder / f"{count}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("function", "variable", "order", "answer"))
        for index in range(count):
            answer = answers[index % len(answers)]
            writer.writerow((answer.function, answer.variable, answer.order, answer.text))
    script = (
        "import os, resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    command = [sys.executable, "-m", "autodiff", "grade", str(path), "--jobs", str(jobs)]
    start = perf_counter()
    found = subprocess.run([sys.executable, "-c", script, *command], check=True, capture_output=True, text=True)
    return perf_counter() - start, int(found.stdout) / 1024


if __name__ == "__main__":
    main()
