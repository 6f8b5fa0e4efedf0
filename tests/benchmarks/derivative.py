"""How large derivatives are and how long they take, beside SymPy, over the formulas of the corpora.

    python tests/benchmarks/derivative.py

SymPy (the extra `bench`) is in the Python that runs this. The formulas are those of triples.csv, at the order that the
row asks for, and of webwork_derivatives.csv, if they lie beside this repository; else the part that is kept here.

Size: the operations of our derivative's text over those of SymPy's `diff`, as each prints it. Both texts are parsed by
the same parser, Python's, with ** for ^; each sign, operator, comparison and call counts 1, names and numbers nothing.
Where one of the two has none, one is added to both. What is more than twice as large stands in LARGER, with the reason.

Speed: processor time from text to derivative, `Function(text).derivatives(...)` against `parse_expr` and `diff`, in one
process and in turns, the best of the rounds of each. SymPy's cache is cleared before each row, because a program that
is started for one formula has none; beside it stands the time without that, in rounds of their own, where SymPy meets
every row once in a round. `prepared` spares SymPy the import of its own names, which parse_expr does in every call
unless it is given them.

The nests are sin(sin(... x ...)) and sin(1 + sin(1 + ... sin(x)^2 ...)^2)^2, with 59 operations at 20 levels, whose
derivative in SymPy has 1220.
"""

from __future__ import annotations

import argparse
import ast
import csv
import json
import re
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from math import inf
from pathlib import Path
from statistics import geometric_mean
from time import process_time
from typing import Any, NamedTuple

import sympy
from report import machine, markdown_table, verdict
from sympy.core.cache import clear_cache
from sympy.parsing.sympy_parser import convert_xor, parse_expr, standard_transformations

from autodiff import Function

CORPORA = Path(__file__).resolve().parents[1] / "corpora"
SHARED = Path(__file__).resolve().parents[3] / "shared" / "corpora"
SIZE_TARGET, LARGEST_TARGET, SPEED_TARGET = 1.0, 2.0, 20
DEPTHS = (5, 10, 20)
RULES = (*standard_transformations, convert_xor)

# Rows whose derivative has more than twice the operations of SymPy's, and why.
LARGER = {
    "triples/t03371": "SymPy's acsc has the slope -1/(x^2*sqrt(1 - 1/x^2)), which cancels; ours has abs(x)",
    "triples/t04903": "the same of asec and acos(1/x)",
    "triples/t04905": "the same of acsch and asinh(1/x)",
    "triples/t02670": "the same of asec(1/x)",
    "triples/t03738": "SymPy leaves the fractions of each factor apart; ours gathers them by reverse mode",
    "triples/t04858": "SymPy takes any derivative for that at a tie; ours is the mean of those that tie",
    "triples/t02512": "SymPy takes cos(x - pi/2) for sin(x) as it reads",
    "triples/t04734": "SymPy keeps sqrt(x^2), which cancels with 1/sqrt(x^2) over x^2; ours has abs(x)",
    "webwork/58": "SymPy computes log(0.06) to a float",
}


class Row(NamedTuple):
    """A formula of a corpus, and the names that are variables even if they are constants elsewhere."""

    id: str
    formula: str
    variable: str
    order: int
    names: frozenset[str]

    @property
    def corpus(self) -> str:
        return self.id.partition("/")[0]


class Sizes(NamedTuple):
    """The operations of our derivative and of SymPy's."""

    ours: int
    theirs: int

    @property
    def ratio(self) -> float:
        return self.ours / self.theirs if self.ours and self.theirs else (self.ours + 1) / (self.theirs + 1)


class Times(NamedTuple):
    """The least seconds that a row took: ours, ours with its text; SymPy's, and SymPy's in other circumstances."""

    ours: float = inf
    printed: float = inf
    theirs: float = inf
    prepared: float = inf
    cached: float = inf

    def least(self, **seconds: float) -> Times:
        return self._replace(**{name: min(getattr(self, name), taken) for name, taken in seconds.items()})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="how often each row is differentiated; 0 for sizes only")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="list the N rows that are largest, too")
    options = parser.parse_args()
    rows = [row for row in corpus_rows() if is_read_by_both(row)]
    sizes = {row.id: measured_sizes(row) for row in rows}
    print(machine())
    print(f"SymPy {sympy.__version__}, {len(rows)} formulas, best of {options.rounds} rounds\n")
    table = size_rows(sizes)
    if options.rounds:
        table += speed_rows(rows, measured_times(rows, options.rounds))
    print(markdown_table(("derivatives", "measured", "target", ""), [*table, *nest_rows()]))
    print_larger(rows, sizes, options.worst)


# --- the rows, and each side ---


def corpus_rows() -> Iterator[Row]:
    shared = SHARED.exists()
    for row in read(SHARED / "triples.csv" if shared else CORPORA / "triples_open.csv"):
        names = frozenset(json.loads(row["point"])) | {row["variable"]}
        yield Row(f"triples/{row['id']}", row["function"], row["variable"], int(row["order"]), names)
    for line, row in enumerate(read(SHARED / "webwork_derivatives.csv") if shared else [], 2):
        names = frozenset(row["constants"].split()) | {row["variable"]}
        yield Row(f"webwork/{line}", row["function"], row["variable"], 1, names)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def is_read_by_both(row: Row) -> bool:
    """Whether both sides can differentiate it; says so where one can't."""
    try:
        ours(row).text(row.variable)
        theirs(row, names_for_sympy(row))
    except Exception as error:  # whatever SymPy raises
        print(f"left out: {row.id}, {row.formula}: {error!r}", file=sys.stderr)
        return False
    return True


def ours(row: Row) -> Any:
    return Function(row.formula, variables=row.names).derivatives([row.variable], row.order)


def theirs(row: Row, names: dict[str, Any], prepared: dict[str, Any] | None = None) -> Any:
    parsed = parse_expr(row.formula, names, RULES, prepared)
    return parsed.diff(sympy.Symbol(row.variable), row.order)


def names_for_sympy(row: Row) -> dict[str, Any]:
    """What the formula's names mean: symbols, but for the constants; E, I, S and their like are variables here."""
    used = set(re.findall(r"[^\W\d]\w*(?!\w|\s*\()", row.formula)) | row.names
    constants = {"pi": sympy.pi, "e": sympy.E}
    return {name: sympy.Symbol(name) for name in used if name in row.names or name not in constants} | {
        name: value for name, value in constants.items() if name not in row.names
    }


def operations(text: str) -> int:
    """The signs, operators, comparisons and calls of a formula, or of all lines of a program."""
    count = 0
    for node in ast.walk(ast.parse(text.replace("^", "**"))):
        if isinstance(node, ast.Compare):
            count += len(node.ops)
        elif isinstance(node, ast.BoolOp):
            count += len(node.values) - 1
        else:
            count += isinstance(node, ast.BinOp | ast.UnaryOp | ast.Call)
    return count


# --- sizes ---


def measured_sizes(row: Row) -> Sizes:
    return Sizes(operations(ours(row).text(row.variable)), operations(str(theirs(row, names_for_sympy(row)))))


def size_rows(sizes: dict[str, Sizes]) -> list[tuple[str, ...]]:
    table = []
    for corpus in dict.fromkeys(id.partition("/")[0] for id in sizes):
        ratios = [size.ratio for id, size in sizes.items() if id.startswith(corpus)]
        mean = geometric_mean(ratios)
        what = f"operations of ours / of SymPy's, {corpus} ({len(ratios)})"
        table.append((what, f"{mean:.3f}", f"at most {SIZE_TARGET}", verdict(mean <= SIZE_TARGET)))
    above = [id for id, size in sizes.items() if size.ratio > LARGEST_TARGET]
    unlisted = len(set(above) - LARGER.keys())
    largest = max(size.ratio for size in sizes.values())
    measured = f"{len(above)}, {unlisted} unlisted; the largest is {largest:.2f}"
    return [*table, (f"rows above {LARGEST_TARGET}", measured, "none unlisted", verdict(not unlisted))]


def print_larger(rows: list[Row], sizes: dict[str, Sizes], worst: int) -> None:
    by_ratio = sorted(rows, key=lambda row: -sizes[row.id].ratio)
    above = [row for row in by_ratio if sizes[row.id].ratio > LARGEST_TARGET]
    for row in above + by_ratio[len(above) : worst]:
        size = sizes[row.id]
        print(f"\n{size.ratio:.2f} = {size.ours} : {size.theirs}, {row.id}: {LARGER.get(row.id, '')}")
        print(f"    {row.formula}, {row.order} times by {row.variable}")
        print(f"    ours    {ours(row).text(row.variable)}\n    SymPy's {theirs(row, names_for_sympy(row))}")


# --- times ---


def measured_times(rows: list[Row], rounds: int) -> dict[str, Times]:
    times = {row.id: Times() for row in rows}
    names = {row.id: names_for_sympy(row) for row in rows}
    prepared: dict[str, Any] = dict(vars(sympy)) | {"max": sympy.Max, "min": sympy.Min, "abs": abs}
    for _ in range(rounds):
        for row in rows:
            clear_cache()
            seconds, _ = timed(lambda row=row: theirs(row, names[row.id]))
            clear_cache()
            with_names, _ = timed(lambda row=row: theirs(row, names[row.id], prepared))
            own, answer = timed(lambda row=row: ours(row))
            printing, _ = timed(lambda row=row, answer=answer: answer.text(row.variable))
            times[row.id] = times[row.id].least(ours=own, printed=own + printing, theirs=seconds, prepared=with_names)
    for _ in range(rounds):
        clear_cache()
        for row in rows:
            seconds, _ = timed(lambda row=row: theirs(row, names[row.id]))
            times[row.id] = times[row.id].least(cached=seconds)
    return times


def timed(job: Callable[[], Any]) -> tuple[float, Any]:
    start = process_time()
    result = job()
    return process_time() - start, result


def speed_rows(rows: list[Row], times: dict[str, Times]) -> list[tuple[str, ...]]:
    def mean(which: str, own: str = "ours", corpus: str = "") -> float:
        chosen = [times[row.id] for row in rows if row.corpus.startswith(corpus)]
        return geometric_mean(getattr(time, which) / getattr(time, own) for time in chosen)

    def milliseconds(which: str) -> str:
        return f"{1000 * geometric_mean(getattr(time, which) for time in times.values()):.2f} ms"

    table = [
        ("autodiff, text to derivative", milliseconds("ours"), "", ""),
        ("autodiff, text to text", milliseconds("printed"), "", ""),
        ("SymPy, parse_expr and diff", milliseconds("theirs"), "", ""),
    ]
    for corpus in dict.fromkeys(row.corpus for row in rows):
        ratio = mean("theirs", corpus=corpus)
        what = f"autodiff is faster than SymPy, {corpus}"
        table.append((what, f"{ratio:.1f}x", f"at least {SPEED_TARGET}x", verdict(ratio >= SPEED_TARGET)))
    return [
        *table,
        ("... with the text of ours printed", f"{mean('theirs', 'printed'):.1f}x", "", ""),
        ("... with SymPy's names prepared", f"{mean('prepared'):.1f}x", "", ""),
        ("... with SymPy's cache left as it is", f"{mean('cached'):.1f}x", "", ""),
    ]


# --- nests ---


def sines(depth: int) -> str:
    return "sin(" * depth + "x" + ")" * depth


def squared_sines(depth: int) -> str:
    return "sin(1 + " * (depth - 1) + "sin(x)^2" + ")^2" * (depth - 1)


def nest_rows() -> list[tuple[str, ...]]:
    """Linear: the operations of the shared form grow by the same number with each level."""
    table = []
    for what, nest in (("sin(sin(... x))", sines), ("sin(1 + sin(1 + ... sin(x)^2)^2)^2", squared_sines)):
        answers = [Function(nest(depth)).derivatives(["x"]) for depth in DEPTHS]
        plain = [operations(answer.text("x")) for answer in answers]
        shared = [operations(answer.text("x", share=True)) for answer in answers]
        peer = [operations(str(parse_expr(nest(depth), None, RULES).diff())) for depth in DEPTHS]
        formulas = [operations(nest(depth)) for depth in DEPTHS]
        slopes = [
            (after[1] - before[1]) / (after[0] - before[0])
            for before, after in pairwise(zip(DEPTHS, shared, strict=True))
        ]
        levels = f"{what}, {listed(DEPTHS)} levels"
        table += [
            (f"{levels}: operations", listed(formulas), "", ""),
            ("... of its derivative in SymPy", listed(peer), "", ""),
            ("... in autodiff", listed(plain), "", ""),
            ("... in autodiff, shared", listed(shared), "linear", verdict(len(set(slopes)) == 1)),
        ]
    return table


def listed(numbers: Any) -> str:
    return ", ".join(map(str, numbers))


if __name__ == "__main__":
    main()
