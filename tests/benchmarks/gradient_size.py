"""How many nodes the gradient of a formula adds to those of its value, over the formulas of the corpora.

    python tests/benchmarks/gradient_size.py

The ratio is of the nodes that value and derivatives by all variables are computed from, together, to those that the
value is computed from: variables, constants and operations, those that are equal counted once. It is 1 where the
gradient needs nothing that the value doesn't have. Each formula counts once, however many points the corpora have.
triples.csv is the collection of all licences if it lies beside this repository, else the part of it that is kept here.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterator
from pathlib import Path
from statistics import geometric_mean
from typing import NamedTuple

from report import machine, markdown_table, verdict

from autodiff.graph.compiler import compile_program, parser
from autodiff.graph.gradient import gradient
from autodiff.graph.prune import needed
from autodiff.language.errors import AutodiffError

CORPORA = Path(__file__).resolve().parents[1] / "corpora"
SHARED_TRIPLES = Path(__file__).resolve().parents[3] / "shared" / "corpora" / "triples.csv"
TRIPLES = SHARED_TRIPLES if SHARED_TRIPLES.exists() else CORPORA / "triples_open.csv"
COLLECTIONS = ("feynman", "cute", "mgh", "optimisation", "adbench", "ad_classics")
MEAN_TARGET, MAXIMUM_TARGET = 3, 6
SHOWN = 60  # characters of a formula


class Size(NamedTuple):
    """The nodes of a formula's value, and of its value and gradient."""

    formula: str
    value: int
    gradient: int

    @property
    def ratio(self) -> float:
        return self.gradient / self.value


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--worst", type=int, default=0, metavar="N", help="list the N formulas that grow most, too")
    worst: int = options.parse_args().worst
    collections: dict[str, list[Size]] = {}
    refused = 0
    seen: set[str] = set()
    for collection, formula, variables in corpus_formulas():
        if formula in seen:
            continue
        seen.add(formula)
        try:
            size = measured(formula, variables)
        except AutodiffError:
            refused += 1
            continue
        if size:
            collections.setdefault(collection, []).append(size)
    everything = [size for sizes in collections.values() for size in sizes]
    print(machine())
    print(f"{len(everything)} formulas; {refused} more are not of the language (complex numbers, unknown functions)\n")
    rows = [collection_row(*item, target=False) for item in collections.items()]
    print(markdown_table(HEADER, [*rows, collection_row("all", everything, target=True)]))
    by_ratio = sorted(everything, key=lambda size: -size.ratio)
    above = [size for size in by_ratio if size.ratio > MAXIMUM_TARGET]
    for size in above or by_ratio[:worst]:
        print(f"\n{size.ratio:.2f}: {size.value} -> {size.gradient} nodes\n    {size.formula}")


def corpus_formulas() -> Iterator[tuple[str, str, list[str]]]:
    """Every formula with the name of its collection and the names that its source gives values to."""
    for collection in COLLECTIONS:
        for row in json.loads((CORPORA / f"{collection}.json").read_text(encoding="utf-8")):
            yield collection, row.get("formula") or row["expression"], list(row.get("variables") or row["point"])
    with TRIPLES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield TRIPLES.stem, row["function"], list(json.loads(row["point"]))


def measured(formula: str, variables: list[str]) -> Size | None:
    """The formula's size; None if it has no variables. Raises AutodiffError."""
    compiled = compile_program(parser().parse(formula), formula, frozenset(variables))
    if not compiled.variables:
        return None
    step = gradient(compiled.graph, compiled.output, list(compiled.variables.values()))
    adjoints = [step.adjoints[node] for node in compiled.variables.values() if node in step.adjoints]
    value = sum(needed(compiled.graph, [compiled.output]))
    return Size(formula, value, sum(needed(step.graph, [compiled.output, *adjoints])))


HEADER = ("gradient's nodes / value's nodes", "formulas", "geometric mean", "largest", "at", "targets", "")


def collection_row(name: str, sizes: list[Size], target: bool) -> tuple[str, ...]:
    mean = geometric_mean(size.ratio for size in sizes)
    largest = max(sizes, key=lambda size: size.ratio)
    formula = largest.formula if len(largest.formula) <= SHOWN else largest.formula[: SHOWN - 3] + "..."
    row = (name, str(len(sizes)), f"{mean:.2f}", f"{largest.ratio:.2f}", f"`{formula}`")
    if not target:
        return *row, "", ""
    holds = mean <= MEAN_TARGET and largest.ratio <= MAXIMUM_TARGET
    return *row, f"mean at most {MEAN_TARGET}, none above {MAXIMUM_TARGET}", verdict(holds)


if __name__ == "__main__":
    main()
