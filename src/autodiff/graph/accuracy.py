"""The measured accuracy of every derivative, as tests/test_accuracy.py wrote it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

TABLE = Path(__file__).with_name("accuracy.tsv")


class Measured(NamedTuple):
    """The largest error found in a derivative, in units in the last place, and the operands at which it was found."""

    primitive: str
    operand: str
    ulp: str
    points: str
    worst_at: str


def measured() -> list[Measured]:
    """The rows of the table, the first of which names the columns."""
    return [Measured(*line.split("\t")) for line in TABLE.read_text(encoding="utf-8").splitlines()]
