"""How long a whole process takes that differentiates one formula into a pipe, beside others that do the same or less.

    python tests/benchmarks/startup.py

autodiff is installed from this repository into a fresh virtual environment, as a user has it: not editable, with its
bytecode. SymPy and JAX (the extra `bench`) are taken from the Python that runs this, or from --peers. qalc is the one
on the PATH. In each round every side runs once, in an order that changes. What counts is the median of the ratios
within a round; beside it stand the ratio of the minima and that of the processor times, which are steadier on a busy
machine.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

from report import machine, markdown_table, verdict

REPOSITORY = Path(__file__).resolve().parents[2]
SIDES = Path(__file__).resolve().parent / "sides"
FORMULA = "sigmoid(sinh(x))*y^2"
HEAVY = ("numpy", "mpmath", "rich")
# PYTHONDONTWRITEBYTECODE and its like would slow down what a user's processes do fast.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
WARM_UPS = 2  # rounds that write the bytecode and the tables, and fill the caches of the system


class Taken(NamedTuple):
    """The seconds that a process took: by the clock, and of a processor."""

    clock: float
    processor: float


class Side(NamedTuple):
    """A process to measure; `target` is the most that autodiff's time may be of its time. No command: absent."""

    name: str
    command: list[str] | None
    target: float | None = None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=40, help="how often each side runs; 20 or more")
    parser.add_argument("--peers", default=sys.executable, metavar="PYTHON", help="an interpreter with SymPy and JAX")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        installed = install_autodiff(Path(folder))
        sides = all_sides(installed, options.peers, Path(folder))
        times = measure([side for side in sides if side.command], options.rounds)
        loaded = heavy_imports(sides[0].command or [], installed / "python")
    print(machine())
    print(f"medians and minima of {options.rounds} rounds\n")
    print(markdown_table(HEADER, [*(row(side, sides[0], times) for side in sides), imports_row(loaded)]))


def install_autodiff(folder: Path) -> Path:
    """The folder of programs of a new environment that has autodiff."""
    environment = folder / "autodiff"
    venv.create(environment, with_pip=True)
    programs = environment / "bin"
    run([str(programs / "python"), "-m", "pip", "install", "--quiet", str(REPOSITORY)])
    return programs


def all_sides(installed: Path, peers: str, folder: Path) -> list[Side]:
    """autodiff first, then what it is compared with."""
    python, bare, tables = str(installed / "python"), str(SIDES / "bare.py"), str(folder / "saved")
    run([python, bare, tables, "--build", str(REPOSITORY / "grammar" / "expression.lark")])
    qalc = shutil.which("qalc")
    with_sympy = [peers, str(SIDES / "with_sympy.py"), FORMULA, "x=0.4", "y=2"]
    with_jax = [peers, str(SIDES / "with_jax.py"), "0.4", "2"]
    return [
        Side("autodiff eval", [str(installed / "autodiff"), "eval", FORMULA, "--at", "x=0.4", "--at", "y=2"]),
        Side("Python that does nothing", [python, "-c", "pass"]),
        Side("typer, Lark's saved tables, parse only", [python, bare, tables, FORMULA], 1.15),
        Side('qalc -t "diff(sinh(x))"', [qalc, "-t", "diff(sinh(x))"] if qalc else None, 1.0),
        Side("the same job in SymPy", with_sympy if is_installed("sympy", peers) else None, 0.5),
        Side("the same job in JAX", with_jax if is_installed("jax", peers) else None, 0.2),
    ]


def is_installed(module: str, python: str) -> bool:
    find = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({module!r}) is None)"
    return subprocess.run([python, "-c", find], env=ENVIRONMENT).returncode == 0


def measure(sides: list[Side], rounds: int) -> dict[str, list[Taken]]:
    """For each side what it took in each round."""
    times: dict[str, list[Taken]] = {side.name: [] for side in sides}
    for number in range(-WARM_UPS, rounds):
        for side in random.sample(sides, len(sides)):
            clock, processor = perf_counter(), processor_time_of_children()
            run(side.command or [])
            if number >= 0:
                taken = Taken(perf_counter() - clock, processor_time_of_children() - processor)
                times[side.name].append(taken)
    return times


def processor_time_of_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run(command: list[str]) -> None:
    done = subprocess.run(command, env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\nfailed with {done.returncode}:\n{done.stderr}")


def heavy_imports(command: list[str], python: Path) -> list[str]:
    """Which of the heavy packages the command imports."""
    timed = [str(python), "-X", "importtime", *command]
    report = subprocess.run(timed, env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True, text=True).stderr
    imported = set(re.findall(r"^import time:.*\| +(\w+)", report, re.MULTILINE))
    if "autodiff" not in imported:
        sys.exit(f"Python did not say what it imports:\n{report}")
    return [module for module in HEAVY if module in imported]


HEADER = (
    *("whole process, into a pipe", "median", "minimum"),
    *("autodiff : it", "minima", "processor", "target", ""),
)


def row(side: Side, autodiff: Side, times: dict[str, list[Taken]]) -> tuple[str, ...]:
    target = f"at most {side.target}" if side.target else ""
    if side.command is None:
        return side.name, "absent", "absent", "", "", "", target, "not measured"
    own, others = times[autodiff.name], times[side.name]
    fastest = min(other.clock for other in others)
    measured = (side.name, f"{1000 * median(other.clock for other in others):.0f} ms", f"{1000 * fastest:.0f} ms")
    if side is autodiff:
        return *measured, "", "", "", "", ""
    pairs = list(zip(own, others, strict=True))
    ratio = round(median(mine.clock / other.clock for mine, other in pairs), 2)
    of_minima = min(mine.clock for mine in own) / fastest
    of_processor = median(mine.processor / other.processor for mine, other in pairs)
    holds = verdict(ratio <= side.target) if side.target else ""
    return *measured, f"{ratio:.2f}", f"{of_minima:.2f}", f"{of_processor:.2f}", target, holds


def imports_row(loaded: list[str]) -> tuple[str, ...]:
    named = ", ".join(loaded) or "none"
    return "autodiff imports, of NumPy, mpmath, Rich", "", "", named, "", "", "none", verdict(not loaded)


if __name__ == "__main__":
    main()
