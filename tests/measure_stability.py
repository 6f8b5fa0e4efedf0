"""Measures what each stabilising row gains.

`python -m tests.measure_stability` writes src/autodiff/graph/stabilise.tsv.
"""

from __future__ import annotations

from collections.abc import Iterator

from autodiff.evaluate.numbers import shortest
from autodiff.graph.stabilise_gains import TABLE, Gain
from autodiff.graph.stabilise_rows import ROWS
from tests.stability import MEANINGS, errors

COLUMNS = Gain("form", "at", "before", "after")


def measure() -> Iterator[Gain]:
    """For each row the hard point at which its form is off most, and how far off the form is there;
    of the rewrite the largest error at any of these points."""
    for row in ROWS:
        found = []
        for point in MEANINGS[row.form].hard:
            before, after = (errors(row.form, point, stabilise=flag).largest for flag in (False, True))
            found.append((before, after, point))
        before, _, point = max(found)
        after = max(after for _, after, _ in found)
        yield Gain(row.form, ", ".join(map(shortest, point)), in_short(before), in_short(after))


def in_short(ulp: float) -> str:
    """Beyond 2^53 units not even the size is right: the number is infinite, or 0."""
    return "not finite" if ulp > 2.0**54 else f"{ulp:.1e}" if ulp > 1000 else f"{ulp:.1f}"


if __name__ == "__main__":
    lines = ["\t".join(gain) for gain in (COLUMNS, *measure())]
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")
