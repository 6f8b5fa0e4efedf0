"""The forms that a table of numbers is read and written in, and which of them a file's name tells."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path


class TableForm(StrEnum):
    csv = "csv"
    tsv = "tsv"
    ndjson = "ndjson"
    npy = "npy"
    npz = "npz"
    parquet = "parquet"
    arrow = "arrow"

    @property
    def is_delimited(self) -> bool:
        return self in (TableForm.csv, TableForm.tsv)

    @property
    def is_text(self) -> bool:
        return self.is_delimited or self is TableForm.ndjson

    @property
    def needs_file(self) -> bool:
        """Whether it has to be read, and written, in more than one place at a time."""
        return self in (TableForm.npy, TableForm.npz, TableForm.parquet)


SUFFIXES = {
    **{f".{form}": form for form in TableForm},
    ".tab": TableForm.tsv,
    ".jsonl": TableForm.ndjson,
    ".arrows": TableForm.arrow,
    ".pq": TableForm.parquet,
}


def table_form_of(path: Path) -> TableForm | None:
    """The form that a file's name tells; None where it tells none.

    >>> table_form_of(Path("points.CSV"))
    <TableForm.csv: 'csv'>
    """
    return SUFFIXES.get(path.suffix.lower())
