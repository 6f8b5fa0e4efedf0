"""Value and gradient for each row of a file of CSV, end to end: beside Miller, mawk, and what Polars takes to copy it.

    python tests/benchmarks/csv_rows.py

Whole processes that read 1,000,000 rows of two columns from a file and write them with three more to another: `mlr put`
and `mawk` with the gradient of sigmoid(sinh(x))*y^2 written by hand, and Polars (the extra `bench`), which computes
nothing but a sum, a difference and a product, so that it is measured how long such columns take to be read and
written. What is not installed is left out. The sides take turns, and each round gives a ratio, so that other work on
the machine disturbs all alike; shown are the medians. All answers are compared with each other. The memory is the most
that all processes of autodiff have together, for that file and for one ten times as long; shared pages count once.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import NamedTuple

import numpy
from report import machine, markdown_table, processor_seconds, verdict

SIDES = Path(__file__).resolve().parent / "sides"
FORMULA = "sigmoid(sinh(x))*y^2"
MOST_MEMORY = 200  # MB
PART = 100_000  # rows that are made at a time


class Side(NamedTuple):
    """A command that writes to its standard output, or to the file named last; `target` is the most of its time."""

    name: str
    command: list[str]
    target: float | None = None
    writes_itself: bool = False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=7, help="how often the sides take turns")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        table, longer = Path(folder) / "rows.csv", Path(folder) / "longer.csv"
        write_rows(table, options.rows)
        sides = all_sides(str(table), folder)
        compare(sides, folder, options.rows)
        times = measure(sides, folder, options.rounds)
        write_rows(longer, 10 * options.rows)
        peaks = [peak_memory(autodiff(str(path))) for path in (table, longer)]
    print(machine())
    print(f"{options.rows:,} rows, medians of {options.rounds} rounds\n")
    header = ("whole process", "seconds", "processor", "autodiff : it", "processor", "target", "")
    print(markdown_table(header, [row(side, times) for side in sides]))
    print()
    memory = [
        (f"{rows:,} rows", f"{peak:.0f} MB", f"at most {MOST_MEMORY} MB", verdict(peak <= MOST_MEMORY))
        for rows, peak in zip((options.rows, 10 * options.rows), peaks, strict=True)
    ]
    print(markdown_table(("autodiff map", "memory", "target", ""), memory))


def write_rows(path: Path, rows: int) -> None:
    random = numpy.random.default_rng(1)
    with path.open("w") as file:
        file.write("x,y\n")
        for first in range(0, rows, PART):
            count = min(PART, rows - first)
            x, y = random.normal(size=(2, count)).tolist()
            file.writelines(f"{a!r},{b!r}\n" for a, b in zip(x, y, strict=True))


def autodiff(table: str) -> list[str]:
    return [sys.executable, "-m", "autodiff", "map", FORMULA, table]


def all_sides(table: str, folder: str) -> list[Side]:
    """autodiff first, then what there is to compare it with."""
    sides = [Side("autodiff map", autodiff(table))]
    if shutil.which("mlr"):
        miller = ["mlr", "--icsv", "--ocsv", "--ofmt", "%.17g", "put", "-f", str(SIDES / "rows.mlr"), table]
        sides.append(Side("Miller, by hand", miller, 0.25))
    if shutil.which("mawk"):
        sides.append(Side("mawk, by hand", ["mawk", "-F,", "-f", str(SIDES / "rows.awk"), table], 1.0))
    if find_spec("polars"):
        polars = [sys.executable, str(SIDES / "rows_in_polars.py"), table, f"{folder}/polars.csv"]
        sides.append(Side("Polars, which only copies", polars, 1.5, writes_itself=True))
    return sides


def run(side: Side, folder: str) -> tuple[float, float]:
    """The seconds that it takes, by the clock and of all processors."""
    before, started = processor_seconds(), time.perf_counter()
    with open(os.devnull if side.writes_itself else output_of(side, folder), "wb") as output:
        subprocess.run(side.command, stdout=output, check=True)
    return time.perf_counter() - started, processor_seconds() - before


def output_of(side: Side, folder: str) -> str:
    return f"{folder}/{side.name.split()[0].rstrip(',')}.csv"


def compare(sides: list[Side], folder: str, rows: int) -> None:
    """All sides that compute the gradient give the same, but for their rounding."""
    tables = []
    for side in sides:
        run(side, folder)
        if not side.writes_itself:
            tables.append(numpy.loadtxt(output_of(side, folder), delimiter=",", skiprows=1))
    for side, table in zip(sides, tables, strict=False):
        assert table.shape == (rows, 5), side.name
        # Not relative alone: s*(1 - s), as it is written by hand, loses all digits where s is near 1.
        numpy.testing.assert_allclose(table, tables[0], rtol=1e-9, atol=1e-12, err_msg=side.name)


def measure(sides: list[Side], folder: str, rounds: int) -> dict[str, list[tuple[float, float]]]:
    times: dict[str, list[tuple[float, float]]] = {side.name: [] for side in sides}
    for _ in range(rounds):
        for side in sides:
            times[side.name].append(run(side, folder))
    return times


def row(side: Side, times: dict[str, list[tuple[float, float]]]) -> tuple[str, ...]:
    ours, its = times["autodiff map"], times[side.name]
    measured = tuple(f"{median(seconds):.2f}" for seconds in zip(*its, strict=True))
    if side.target is None:
        return side.name, *measured, "", "", "", ""
    clock, processor = (
        median(mine / other for mine, other in zip(own, others, strict=True))
        for own, others in zip(zip(*ours, strict=True), zip(*its, strict=True), strict=True)
    )
    return (
        *(side.name, *measured, f"{clock:.2f}", f"{processor:.2f}"),
        *(f"at most {side.target:g}", verdict(round(clock, 2) <= side.target)),
    )


def peak_memory(command: list[str]) -> float:
    """The most that a process and its children have at any time, in MB, looked at every few milliseconds."""
    peak = 0.0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            peak = max(peak, sum(map(share, family(process.pid))))
            time.sleep(0.02)
    return peak


def family(process: int) -> list[int]:
    try:
        text = Path(f"/proc/{process}/task/{process}/children").read_text()
    except OSError:
        return [process]
    return [process, *map(int, text.split())]


def share(process: int) -> float:
    """The memory of a process in MB; a page that several have counts in part."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:  # it has ended
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


if __name__ == "__main__":
    main()
