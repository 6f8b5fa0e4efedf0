"""Value and full gradient in every row, for each of the 49 formulas of feynman.json, beside four other libraries.

    python tests/benchmarks/batch.py

In binary64, over 4,000,000 rows within a fifth of the point that the corpus gives. The sides are JAX (compiled as a
whole), PyTorch, HIPS autograd and numexpr, all in the extra `bench`; numexpr has no derivatives and is given ours as
text. Each side is a process of its own, which waits while another one works, so all have the same processors. The
sides take turns, formula by formula; what counts is the best of the rounds, and in each round everything is made anew
from the formula's text: the time includes parsing, tracing and compiling. All sides are checked to agree.

The native engine is also compared with the limit that memory sets: the time in which NumPy copies as many columns as
the formula has variables and results. Where an engine is below 0.8 of the best, the last tables say what of its time
can't be saved: NumPy's own functions, and copying.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import geometric_mean
from typing import Any, NamedTuple

import numpy
from report import machine, markdown_table, verdict

from autodiff import Function

HERE = Path(__file__).resolve().parent
CORPUS = HERE.parent / "corpora" / "feynman.json"
SIDES = {
    "numpy": ("batch_in_autodiff.py", "numpy"),
    "native": ("batch_in_autodiff.py", "native"),
    "JAX": ("batch_in_jax.py",),
    "PyTorch": ("batch_in_torch.py",),
    "autograd": ("batch_in_autograd.py",),
    "numexpr": ("batch_in_numexpr.py",),
    "copying": ("batch_copying.py",),
}
PEERS = ("JAX", "PyTorch", "autograd", "numexpr")
TARGETS = {"numpy": 2.0, "native": 4.0}
LEAST, FROM_THE_LIMIT = 0.8, 2.0
# NumPy's functions that take several nanoseconds, by what stands in a formula whose value or gradient needs them.
SLOW = {"cos": r"\b(sin|cos)\(", "arcsin": r"\b(arcsin|asin)\(", "arccos": r"\b(arccos|acos)\("}
BLOCK = 1 << 14
TRANSCENDENTAL = ("sin", "cos", "tan", "exp", "log", "asin", "acos", "arcsin", "tanh")


class Task(NamedTuple):
    """A formula, its variables and a point, and for numexpr the texts of the value and the derivatives."""

    id: str
    formula: str
    names: list[str]
    point: list[float]
    texts: list[str]
    rows: int

    @property
    def functions(self) -> int:
        """How many transcendental functions the formula has."""
        return sum(self.formula.count(f"{name}(") for name in TRANSCENDENTAL)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=4_000_000)
    parser.add_argument("--rounds", type=int, default=3, help="how often the sides take turns with each formula")
    parser.add_argument("--every", type=int, default=1, help="only every so-manieth formula")
    parser.add_argument("--sides", default=",".join(SIDES), help="which sides take part")
    options = parser.parse_args()
    print(f"{machine()}, NumPy {numpy.__version__}")
    print(f"{options.rows:,} rows, the best of {options.rounds} rounds\n", flush=True)
    tasks = [task for place, task in enumerate(read_tasks(options.rows)) if place % options.every == 0]
    chosen = {name: SIDES[name] for name in options.sides.split(",")}
    processes = {name: started(*command) for name, command in chosen.items()}
    for process in processes.values():  # what a process does once, like loading a library, is not what is compared
        ask(process, tasks[0]._replace(id="warm-up", rows=1000))
    times: dict[str, dict[str, float]] = {name: {} for name in processes}
    for task in tasks:
        for _ in range(options.rounds):
            answers = {name: ask(process, task) for name, process in processes.items()}
            for name, answer in answers.items():
                times[name][task.id] = min(times[name].get(task.id, float("inf")), answer["seconds"])
        check(task, {name: answer["shown"] for name, answer in answers.items() if name != "copying"})
    for process in processes.values():
        process.stdin.close()
        process.wait()
    report(tasks, times)


def read_tasks(rows: int) -> list[Task]:
    tasks = []
    rows_of_corpus = json.loads(CORPUS.read_text(encoding="utf-8"))
    first = {row["formula"]: row for row in reversed(rows_of_corpus)}  # most stand there at several points
    for number, row in enumerate(reversed(first.values()), 1):
        names = list(row["point"])
        function = Function(row["formula"], variables=names)
        answer = function.derivatives(names)
        texts = [row["formula"], *(answer.text(name) for name in names)]
        for ours, theirs in (("\\^", "**"), (r"\bpi\b", repr(numpy.pi)), (r"\basin\b", "arcsin"), (r"\bln\b", "log")):
            texts = [re.sub(ours, theirs, text) for text in texts]
        point = [float(row["point"][name]) for name in names]
        tasks.append(Task(f"{row['id']}/{number}", row["formula"], names, point, texts, rows))
    return tasks


def started(script: str, *arguments: str) -> Any:
    command = [sys.executable, str(HERE / "sides" / script), *arguments]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def ask(process: Any, task: Task) -> dict[str, Any]:
    process.stdin.write(json.dumps(task._asdict()) + "\n")
    process.stdin.flush()
    answer: dict[str, Any] = json.loads(process.stdout.readline())
    return answer


def check(task: Task, shown: dict[str, list[list[float]]]) -> None:
    """All sides have the same values and derivatives, but for their rounding."""
    first, *others = shown
    for other in others:
        for ours, theirs in zip(shown[first], shown[other], strict=True):
            numpy.testing.assert_allclose(theirs, ours, rtol=1e-8, atol=1e-9, err_msg=f"{task.formula}: {other}")


def report(tasks: list[Task], times: dict[str, dict[str, float]]) -> None:
    peers = [name for name in PEERS if name in times]
    rows = [
        (name, *(f"{quantity:.1f}" for quantity in (min(spent), geometric_mean(spent), max(spent))))
        for name in times
        for spent in [[seconds * 1e3 for seconds in times[name].values()]]
    ]
    print(markdown_table(("ms", "least", "geometric mean", "most"), rows), end="\n\n")
    rows = []
    for name, target in TARGETS.items():
        if name not in times or not peers:
            continue
        ratios = {task.id: min(times[peer][task.id] for peer in peers) / times[name][task.id] for task in tasks}
        mean = geometric_mean(ratios.values())
        rows.append(
            (f"{name}: as quick as the best peer, times", f"{mean:.2f}", f"{target:g}", verdict(mean >= target))
        )
        low = sum(ratio < LEAST for ratio in ratios.values())
        rows.append((f"{name}: formulas below {LEAST:g}", str(low), "0", verdict(low == 0)))
        for peer in peers:
            each = geometric_mean([times[peer][task.id] / times[name][task.id] for task in tasks])
            rows.append((f"{name}: as quick as {peer}, times", f"{each:.2f}", "", ""))
    limited = [task for task in tasks if task.functions <= 2]
    if "native" in times and "copying" in times:
        beyond = {task.id: times["native"][task.id] / times["copying"][task.id] for task in limited}
        mean, most = geometric_mean(beyond.values()), max(beyond.values())
        over = sum(ratio > FROM_THE_LIMIT for ratio in beyond.values())
        text = f"native: time / time of copying, {len(limited)} formulas (mean {mean:.2f}; {over} over the target)"
        rows.append((text, f"{most:.2f}", f"{FROM_THE_LIMIT:g}", verdict(most <= FROM_THE_LIMIT)))
    print(markdown_table(("", "", "target", ""), rows), end="\n\n")
    if "native" in times and "copying" in times:
        far = sorted(limited, key=lambda task: -beyond[task.id])[:5]
        cells = [(t.formula, f"{beyond[t.id]:.2f}", f"{times['native'][t.id] * 1e3:.1f}") for t in far]
        print(markdown_table(("native: farthest from copying", "times as long", "ms"), cells), end="\n\n")
    for name in TARGETS:
        if name in times and peers:
            worst(tasks, times, name, peers)


def worst(tasks: list[Task], times: dict[str, dict[str, float]], name: str, peers: list[str], count: int = 10) -> None:
    """The formulas for which an engine is least ahead."""
    rows = []
    for task in tasks:
        best = min(peers, key=lambda peer: times[peer][task.id])
        mine, its = times[name][task.id], times[best][task.id]
        why = reason(task, name, times) if its / mine < LEAST else ""
        cells = (task.formula, f"{its / mine:.2f}", f"{mine * 1e3:.1f}", best, f"{its * 1e3:.1f}", why)
        rows.append((its / mine, cells))
    rows.sort()
    header = (f"{name}: least ahead", "times as quick", "ms", "best peer", "ms", "why")
    print(markdown_table(header, [cells for _, cells in rows[:count]]), end="\n\n")


def reason(task: Task, name: str, times: dict[str, dict[str, float]]) -> str:
    """Why an engine is behind for a formula, as far as it can be measured: what neither engine can do without."""
    shown = []
    own = [function for function, pattern in SLOW.items() if re.search(pattern, task.formula)]
    if name == "numpy" and own:
        shown.append(f"NumPy's {' and '.join(own)} alone: {spent_in(own, task.rows) * 1e3:.1f} ms")
    if "copying" in times:
        shown.append(f"copying the columns: {times['copying'][task.id] * 1e3:.1f} ms")
    return ", ".join(shown)


def spent_in(functions: list[str], rows: int) -> float:
    """The seconds that NumPy takes for these functions of a column, in as many threads as there are processors."""
    threads = len(os.sched_getaffinity(0))
    columns = [numpy.random.default_rng(1).uniform(0.2, 0.8, rows // threads) for _ in range(threads)]

    def work(column: Any) -> None:
        out = numpy.empty(BLOCK)
        for start in range(0, len(column) - BLOCK, BLOCK):
            for function in functions:
                getattr(numpy, function)(column[start : start + BLOCK], out)

    best = float("inf")
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(3):
            started = time.perf_counter()
            list(pool.map(work, columns))
            best = min(best, time.perf_counter() - started)
    return best


if __name__ == "__main__":
    main()
