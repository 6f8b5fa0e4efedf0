"""Arrays in files: `.npy`, `.csv`, `.tsv`, `.json`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from autodiff.cli.formula import unreadable
from autodiff.cli.points import numbers_of
from autodiff.language.errors import AutodiffError

COMMA, TAB = ",", "\t"


def read_array(path: str, name: str) -> Any:
    """The array in a file, told by its ending. Raises AutodiffError."""
    ending = Path(path).suffix.lower()
    if ending == ".npy":
        return read_npy(path)
    if ending in (".csv", ".tsv"):
        return read_table(path, COMMA if ending == ".csv" else TAB)
    if ending == ".json":
        content = read_json(path, "write an array like [[1, 2], [3, 4]]")
        if isinstance(content, list | int | float) and not isinstance(content, bool):
            return numbers_of(content)
        raise AutodiffError(
            "bad-value",
            f"{path}, the value for '{name}', holds no array of numbers",
            suggestion="write an array like [[1, 2], [3, 4]]",
        )
    raise AutodiffError(
        "unreadable-file", f"can't tell what {path} is", suggestion="an array comes from .npy, .csv, .tsv or .json"
    )


def read_npy(path: str) -> Any:
    import numpy

    try:
        return numpy.load(path, allow_pickle=False)
    except OSError as error:
        raise unreadable(path, error.strerror or "it is cut short") from None
    except (ValueError, EOFError, SyntaxError):
        hint = "write one with numpy.save(file, array), of an array of numbers"
        raise AutodiffError("unreadable-file", f"{path} is no .npy file of numbers", suggestion=hint) from None


def read_table(path: str, delimiter: str) -> Any:
    """The rows of numbers; one column, or one row, is a vector. A first line without numbers is a heading."""
    import csv

    text = read_bytes(path).decode("utf-8-sig", "surrogateescape")
    lines = [row for row in csv.reader(text.splitlines(), delimiter=delimiter) if any(map(str.strip, row))]
    hint = f"write numbers with {'tabs' if delimiter == TAB else 'commas'} between them, a line for each row"
    rows: list[list[float]] = []
    for number, line in enumerate(lines, 1):
        try:
            rows.append([float(field) for field in line])
        except ValueError:
            if number == 1 and not any(map(is_number, line)):
                continue
            field = next(field for field in line if not is_number(field))
            message = f"line {number} of {path} has '{field}', which is no number"
            raise AutodiffError("bad-value", message, suggestion=hint) from None
        if len(rows[-1]) != len(rows[0]):
            message = f"line {number} of {path} has {len(line)} number{'s' * (len(line) != 1)}, not {len(rows[0])}"
            raise AutodiffError("bad-value", message, suggestion="give every row as many numbers")
    if not rows:
        raise AutodiffError("bad-value", f"{path} has no numbers", suggestion=hint)
    if len(rows) == 1:
        return rows[0]
    return [row[0] for row in rows] if len(rows[0]) == 1 else rows


def is_number(field: str) -> bool:
    try:
        float(field)
    except ValueError:
        return False
    return True


def read_json(path: str, suggestion: str) -> Any:
    import json

    try:
        return json.loads(read_bytes(path).decode("utf-8"))
    except (ValueError, RecursionError):
        raise AutodiffError("unreadable-file", f"{path} is not JSON", suggestion=suggestion) from None


def read_bytes(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise unreadable(path, error.strerror) from None
