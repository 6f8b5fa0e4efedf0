"""Many small formulas: one process for all of them with `eval - --lines`, beside one process for each.

    python tests/benchmarks/lines.py

The formulas are all different: five forms with numbers in them. `--lines` is measured with all of them, and the
processes with some, from which follows what all would take. The start of the one process is counted.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import islice
from statistics import median

from report import machine, markdown_table, processor_seconds, verdict

FORMS = (
    "{a}*x^{b} + sin({b}*x)",
    "exp(-{a}*x)*cos({b}*x)",
    "log(x^2 + {a})/{b}",
    "tanh({b}*x)/{a}",
    "{a}*x*y + {b}*y^2",
)
COMMAND = [sys.executable, "-m", "autodiff", "eval"]
POINT = ["--at", "x=0.4,y=2"]
LEAST, TIMES = 5_000, 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--formulas", type=int, default=20_000)
    parser.add_argument("--processes", type=int, default=20, help="how many formulas get a process of their own")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    lines = list(islice(formulas(), options.formulas))
    text = "".join(f"{line}\n" for line in lines).encode()
    together, processor, apart = [], [], []
    for _ in range(options.rounds):
        before, started = processor_seconds(), time.perf_counter()
        subprocess.run(
            [*COMMAND, "-", "--lines", *POINT],
            input=text,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )
        together.append((time.perf_counter() - started) / len(lines))
        processor.append((processor_seconds() - before) / len(lines))
        started = time.perf_counter()
        for line in lines[: options.processes]:
            point = POINT if "y" in line else ["--at", "x=0.4"]
            subprocess.run([*COMMAND, line, *point], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        apart.append((time.perf_counter() - started) / options.processes)
    rate = 1 / median(processor)
    ratio = median(one / all_of_them for one, all_of_them in zip(apart, together, strict=True))
    print(machine())
    print(f"{options.formulas:,} formulas, medians of {options.rounds} rounds\n")
    rows = [
        ("eval - --lines, formulas a second of a core", f"{rate:,.0f}", f"at least {LEAST:,}", verdict(rate >= LEAST)),
        ("a process each, formulas a second", f"{1 / median(apart):.1f}", "", ""),
        ("a process each : eval - --lines", f"{ratio:.0f}", f"at least {TIMES}", verdict(ratio >= TIMES)),
    ]
    print(markdown_table(("small formulas", "", "target", ""), rows))


def formulas() -> Iterator[str]:
    chance = random.Random(1)
    seen = set()
    while True:
        line = chance.choice(FORMS).format(a=chance.randrange(1, 10_000), b=chance.randrange(2, 100))
        if line not in seen:
            seen.add(line)
            yield line


if __name__ == "__main__":
    main()
