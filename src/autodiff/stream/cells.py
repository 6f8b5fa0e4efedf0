"""The cells of a column as other forms have them: as text, as JSON, as numbers."""

from __future__ import annotations

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
    return b"" if cell is None else orjson.dumps(cell, default=str)


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
    return orjson.dumps(cell, default=str)


def listed(cells: Any) -> Any:
    """Cells of an array of numbers in binary64 as they are, all others as a list of Python's objects."""
    if isinstance(cells, list):
        return cells
    if isinstance(cells, numpy.ndarray):
        return cells if cells.dtype == numpy.float64 else cells.tolist()
    return cells.to_pylist()  # of Arrow
