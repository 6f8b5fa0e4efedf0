"""The forms that rows are written in, and which of them a file's name tells."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path


class Form(StrEnum):
    csv = "csv"
    tsv = "tsv"
    ndjson = "ndjson"

    @property
    def is_delimited(self) -> bool:
        """Whether there is a header and each row has a cell for each of its columns."""
        return self is not Form.ndjson


SUFFIXES = {".csv": Form.csv, ".tsv": Form.tsv, ".tab": Form.tsv, ".ndjson": Form.ndjson, ".jsonl": Form.ndjson}


def form_of(path: Path) -> Form | None:
    """The form that a file's name tells; None where it tells none.

    >>> form_of(Path("answers.CSV"))
    <Form.csv: 'csv'>
    """
    return SUFFIXES.get(path.suffix.lower())
