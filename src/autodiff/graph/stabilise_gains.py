"""What each stabilising row was measured to gain, as tests/measure_stability.py wrote it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

TABLE = Path(__file__).with_name("stabilise.tsv")


class Gain(NamedTuple):
    """How far a form is off at the worst of some hard points, and its rewrite at any, in units in the last place.

    Of the value and the derivatives the one that is off most counts.
    """

    form: str
    at: str
    before: str
    after: str


def gains() -> dict[str, Gain]:
    """The rows of the table by their forms."""
    _, *lines = TABLE.read_text(encoding="utf-8").splitlines()
    return {line.partition("\t")[0]: Gain(*line.split("\t")) for line in lines}
