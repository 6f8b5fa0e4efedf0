"""The columns that a batch is given: numbers in binary64, all of one length, and single numbers beside them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy
from numpy.typing import NDArray

from autodiff.evaluate.point import as_name, as_value, quoted, shape_of
from autodiff.language.errors import AutodiffError

Column = NDArray[numpy.float64]


def as_columns(given: Mapping[str, Any]) -> tuple[dict[str, Column], dict[str, float]]:
    """What is given by name, as columns and as numbers that stand for whole columns. Raises AutodiffError.

    An entry that NumPy masks is NaN.
    """
    columns: dict[str, Column] = {}
    numbers: dict[str, float] = {}
    for key, value in given.items():
        name = as_name(key)
        number_or_column = as_value(name, as_array(value) if hasattr(value, "__array__") else value)
        if shape_of(number_or_column) == ():
            numbers[name] = number_or_column
        else:
            columns[name] = flat(name, number_or_column)
    return columns, numbers


def as_array(value: Any) -> NDArray[Any]:
    """A column of a table, as pandas has it, is no array, but can be made one."""
    if numpy.ma.isMaskedArray(value) and value.dtype.kind in "fiub":
        return numpy.asarray(numpy.ma.filled(value.astype(float), numpy.nan))
    return numpy.asarray(value)


def as_fixed(at: Mapping[str, Any] | None) -> dict[str, Any]:
    """The values that are the same in all rows, by name. Raises AutodiffError for what is no value."""
    return {as_name(name): as_value(name, value) for name, value in (at or {}).items()}


def flat(name: str, column: Column) -> Column:
    if column.ndim != 1:
        raise AutodiffError(
            "shape-mismatch",
            f"the column for '{name}' has shape {column.shape}, where one number for each row is needed",
            suggestion="give an array with one axis, as numpy.ravel makes it",
        )
    return column


def row_count(columns: Mapping[str, Column], rows: int | None = None) -> int:
    """The length that all columns have, or `rows` where there is none. Raises AutodiffError where they differ."""
    lengths = {name: len(column) for name, column in columns.items()}
    if rows is not None and rows < 0:
        raise AutodiffError("bad-value", f"there can't be {rows} rows", suggestion="give how many there are")
    if not lengths and rows is None:
        raise AutodiffError(
            "shape-mismatch",
            "there is no column, so the number of rows is not known",
            suggestion="give an array for at least one variable, or call the function for a single point",
        )
    if len(set(lengths.values())) > 1:
        (first, length), *others = lengths.items()
        other, its = next((name, size) for name, size in others if size != length)
        raise AutodiffError(
            "shape-mismatch",
            f"the column for '{first}' has {length} rows and that for '{other}' has {its}",
            suggestion="give columns of one length; a single number stands for a whole column",
        )
    for name, length in lengths.items():
        if rows is not None and length != rows:
            raise AutodiffError(
                "shape-mismatch",
                f"the column for '{name}' has {length} rows, where there are to be {rows}",
                suggestion="leave out the number of rows where there is a column",
            )
    count = next(iter(lengths.values()), rows)
    assert count is not None
    return count


def refuse_both(columns: Collection[str], at: Collection[str]) -> None:
    """Raises AutodiffError for a name with a column and a fixed value."""
    if both := [name for name in columns if name in at]:
        raise AutodiffError(
            "value-given-twice",
            f"{quoted(both)} has a column and a fixed value",
            suggestion="give one of them",
        )
