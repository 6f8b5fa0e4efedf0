"""Jacobians and Hessians as tables: a row for each entry of what is differentiated, a column for each variable's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy

from autodiff.evaluate.numbers import with_precision
from autodiff.evaluate.point import entry_text, shape_of
from autodiff.language.errors import Note
from autodiff.show.diagnostics import columns

DIGITS = 6  # at a terminal
MOST_ROWS = 40


class Table(NamedTuple):
    """The labels of rows and columns, and the numbers."""

    rows: list[str]
    columns: list[str]
    numbers: Any


def labels(name: str, shape: Sequence[int]) -> list[str]:
    """`x`, or for an array `x[0]`, `x[1]`, ..."""
    return [name + entry_text(index) for index in numpy.ndindex(*shape)] if shape else [name]


def jacobian_table(value: Any, blocks: Mapping[str, Any], output: str = "value") -> Table:
    """
    >>> table = jacobian_table(numpy.zeros(2), {"x": numpy.array([1.0, 2.0]), "v": numpy.eye(2)})
    >>> table.rows, table.columns
    (['value[0]', 'value[1]'], ['d/dx', 'd/dv[0]', 'd/dv[1]'])
    """
    shape = shape_of(value)
    rows = labels(output, shape)
    sizes = [len(labels(name, shape_of(block)[len(shape) :])) for name, block in blocks.items()]
    flat = [numpy.reshape(block, (len(rows), size)) for block, size in zip(blocks.values(), sizes, strict=True)]
    names = [f"d/d{label}" for name, block in blocks.items() for label in labels(name, shape_of(block)[len(shape) :])]
    return Table(rows, names, numpy.concatenate(flat, axis=1) if flat else numpy.zeros((len(rows), 0)))


def hessian_table(blocks: Mapping[str, Mapping[str, Any]]) -> Table:
    """
    >>> hessian_table({"x": {"x": 6.0, "y": 4.0}, "y": {"x": 4.0, "y": 0.0}}).numbers.tolist()
    [[6.0, 4.0], [4.0, 0.0]]
    """
    shapes = {name: shape_of(row[name])[: len(shape_of(row[name])) // 2] for name, row in blocks.items()}
    names = [f"d/d{label}" for name in blocks for label in labels(name, shapes[name])]
    sizes = {name: len(labels(name, shapes[name])) for name in blocks}
    rows = [
        numpy.concatenate([numpy.reshape(block, (sizes[name], sizes[other])) for other, block in row.items()], axis=1)
        for name, row in blocks.items()
    ]
    return Table(names, names, numpy.concatenate(rows) if rows else numpy.zeros((0, 0)))


def tab_lines(table: Table, precision: int | None) -> Iterator[str]:
    """For other programs: the columns' labels, then a line for each row, with tabs."""
    yield "\t".join(["", *table.columns])
    for label, row in zip(table.rows, table.numbers.tolist(), strict=True):
        yield "\t".join([label, *(with_precision(number, precision) for number in row)])


def aligned_lines(table: Table, width: int, precision: int | None, full: bool) -> tuple[list[str], list[Note]]:
    """For a person: aligned at the right; as many columns and rows as fit, and a note if that is not all."""
    digits = DIGITS if precision is None else precision
    rows = len(table.rows) if full else min(len(table.rows), MOST_ROWS)
    titles = ["", *table.rows[:rows]]
    widths = [max(map(columns, titles))]
    cells = [titles]
    used = widths[0]
    for index, name in enumerate(table.columns):
        texts = [name, *(with_precision(float(number), digits) for number in table.numbers[:rows, index])]
        wide = max(map(columns, texts))
        if used + 2 + wide > width - 3 and not full and (index or used > width):
            break
        cells.append(texts)
        widths.append(wide)
        used += 2 + wide
    cut = len(cells) - 1 < len(table.columns)
    lines = []
    for row in zip(*cells, strict=True):
        padded = [" " * (wide - columns(text)) + text for text, wide in zip(row[1:], widths[1:], strict=True)]
        title = row[0] + " " * (widths[0] - columns(row[0]))
        lines.append("  ".join([title, *padded, *(["…"] if cut else [])]).rstrip())
    if not cut and rows == len(table.rows):
        return lines, []
    shown = f"{rows} of {len(table.rows)} rows and {len(cells) - 1} of {len(table.columns)} columns are shown"
    return lines, [Note("table-cut", f"{shown}; --full shows all")]
