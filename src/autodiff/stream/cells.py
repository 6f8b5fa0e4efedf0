"""The cells of a column as other forms have them: as text, as JSON, as numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import numpy
import orjson

from autodiff.stream.shortest import number_texts

JSON_NUMBER = re.compile(rb"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
STRINGS_OF_JSON = {b"nan": b'"NaN"', b"inf": b'"Infinity"', b"-inf": b'"-Infinity"'}


def quoted_cell(cell: bytes, delimiter: bytes) -> bytes:
    """The cell, between quotes if it needs them.

    >>> quoted_cell(b'say "2x", or 3', b",")
    b'"say ""2x"", or 3"'
    """
    if delimiter in cell or b'"' in cell or b"\n" in cell or b"\r" in cell:
        return b'"' + cell.replace(b'"', b'""') + b'"'
    return cell


def as_texts(cells: Any) -> Sequence[bytes]:
    """Each cell as it stands in CSV, before it is quoted; nothing for null."""
    cells = listed(cells)
    if isinstance(cells, numpy.ndarray):
        return number_texts(cells)
    return [as_text(cell) for cell in cells]


def as_text(cell: Any) -> bytes:
    if isinstance(cell, bytes):
        return cell
    if isinstance(cell, str):
        return cell.encode("utf-8", "backslashreplace")
    if isinstance(cell, float):
        return repr(cell).encode()
    if cell is None:
        return b""
    written = dumped(cell)
    return orjson.loads(written).encode() if written.startswith(b'"') else written  # a date has no quotes of its own


def as_json(cells: Any) -> Sequence[bytes]:
    """Each cell as JSON. Text that is a number in JSON is one, with the digits that it was written with."""
    cells = listed(cells)
    if isinstance(cells, numpy.ndarray):
        return [STRINGS_OF_JSON.get(text, text) for text in number_texts(cells)]
    return [cell_as_json(cell) for cell in cells]


def cell_as_json(cell: Any) -> bytes:
    if isinstance(cell, bytes):
        if JSON_NUMBER.fullmatch(cell):
            return cell
        cell = cell.decode("utf-8", "backslashreplace")
    elif isinstance(cell, float):
        written = repr(cell).encode()
        return STRINGS_OF_JSON.get(written, written)
    return dumped(cell)


def dumped(cell: Any) -> bytes:
    try:
        return orjson.dumps(cell, default=str)
    except TypeError:  # half of a pair of surrogates, which JSON has an escape for
        return json.dumps(cell, default=str).encode()


def listed(cells: Any) -> Any:
    """Cells of an array of numbers in binary64 as they are, all others as a list of Python's objects.

    Times are texts as ISO 8601 has them: Python's own have no nanoseconds.
    """
    if isinstance(cells, list):
        return cells
    if isinstance(cells, numpy.ndarray):
        if cells.dtype.kind in "mM":
            return [None if text == "NaT" else text for text in cells.astype(str).tolist()]
        return cells if cells.dtype == numpy.float64 else cells.tolist()
    return times_as_texts(cells).to_pylist()


def times_as_texts(column: Any) -> Any:
    """A column of Arrow, as text if it has times."""
    from pyarrow import compute, string, types

    if not types.is_temporal(column.type) or types.is_interval(column.type):
        return column
    return compute.replace_substring(column.cast(string()), " ", "T")
