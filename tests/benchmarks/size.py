"""How time and memory grow with the formula: value and gradient of sums of 1,000 to 100,000 distinct terms.

    python tests/benchmarks/size.py

The formula is x0*sin(y0 + 0.0) + x1*sin(y1 + 0.001) + ... in 120 variables (sides/terms.py). What is timed is all of
it: text to tree to graph to the graph of the gradient by every variable to numbers, in the library's public API, with
Python's garbage collector as it is by default. Times are processor times, so that other processes disturb little; each
is of a fresh process that has imported what it needs. A token is a name, a number, an operator or a parenthesis.

Memory is the peak of a process that does the job once, less the peak of one that only imports, per node of the
formula's value: a variable, a constant or an operation, those that are equal counted once. What the tokens, the tree
and the gradient take is in the peak; their number is not in the divisor.

autodiff runs in the Python that runs this, SymPy there too or in --peers.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any

from report import machine, markdown_table, verdict

SIDES = Path(__file__).resolve().parent / "sides"
SMALL, MIDDLE, LARGE = SIZES = (1_000, 10_000, 100_000)
REPEATS = {SMALL: 20, MIDDLE: 3, LARGE: 1}
TOKENS_PER_TERM = 9  # x0 * sin ( y0 + 0.5 ) and the sign before or behind it
# What makes Python write no bytecode, or run otherwise than it does for a user, is not for the processes measured.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="how often each size is measured in a process of its own")
    parser.add_argument("--peers", default=sys.executable, metavar="PYTHON", help="an interpreter with SymPy")
    options = parser.parse_args()
    times: dict[int, list[float]] = {count: [] for count in SIZES}
    for _ in range(options.rounds):
        for count in SIZES:
            times[count].append(median(in_autodiff(count, REPEATS[count])["seconds"]))
    peaks = {count: in_autodiff(count, 1) for count in (0, *SIZES)}
    print(machine())
    print(f"medians of {options.rounds} rounds\n")
    rows = [*time_rows(times), *sympy_rows(times[SMALL], in_sympy(options.peers)), *memory_rows(peaks)]
    print(markdown_table(("value and gradient of a sum", "measured", "target", ""), rows))


def in_autodiff(count: int, repeats: int) -> Any:
    return output_of(sys.executable, "terms_in_autodiff.py", str(count), str(repeats))


def in_sympy(python: str) -> list[float] | None:
    """The seconds that parse, diff and evalf take for the small sum; None where there is no SymPy."""
    find = "import importlib.util, sys; sys.exit(importlib.util.find_spec('sympy') is None)"
    if subprocess.run([python, "-c", find], env=ENVIRONMENT).returncode:
        return None
    seconds: list[float] = output_of(python, "terms_in_sympy.py", str(SMALL))
    return seconds


def output_of(python: str, side: str, *arguments: str) -> Any:
    command = [python, str(SIDES / side), *arguments]
    return json.loads(subprocess.run(command, env=ENVIRONMENT, check=True, stdout=subprocess.PIPE).stdout)


def time_rows(times: dict[int, list[float]]) -> list[tuple[str, ...]]:
    def per_token(count: int) -> str:
        return f"{median(times[count]) / (count * TOKENS_PER_TERM) * 1e6:.1f} µs"

    ratios = [large / LARGE * SMALL / small for large, small in zip(times[LARGE], times[SMALL], strict=True)]
    ratio = round(median(ratios), 2)
    measured = f"{ratio:.2f}x ({min(ratios):.2f} to {max(ratios):.2f})"
    return [
        *((f"time per token, {count:,} terms", per_token(count), "", "") for count in SIZES),
        (f"at {LARGE:,} terms, of that at {SMALL:,}", measured, "at most 1.3x", verdict(ratio <= 1.3)),
    ]


def sympy_rows(own: list[float], peer: list[float] | None) -> list[tuple[str, ...]]:
    target = "at least 20x"
    if peer is None:
        return [(f"SymPy, {SMALL:,} terms", "absent", target, "not measured")]
    parse, diff, evalf = peer
    factor = sum(peer) / median(own)
    return [
        (f"autodiff, {SMALL:,} terms", f"{median(own):.2f} s", "", ""),
        (f"SymPy, {SMALL:,} terms: parse, diff, evalf", f"{parse:.1f} + {diff:.1f} + {evalf:.1f} s", "", ""),
        ("autodiff is faster than SymPy", f"{factor:.0f}x", target, verdict(factor >= 20)),
    ]


def memory_rows(peaks: dict[int, Any]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for count in SIZES:
        grown, nodes = peaks[count]["peak"] - peaks[0]["peak"], peaks[count]["nodes"]
        per_node = grown / nodes
        what = f"peak memory per node, {count:,} terms"
        measured = f"{per_node:.0f} bytes ({grown / 1e6:.0f} MB, {nodes:,} nodes)"
        rows.append((what, measured, "under 2 kB", verdict(per_node < 2000)))
    return rows


if __name__ == "__main__":
    main()
