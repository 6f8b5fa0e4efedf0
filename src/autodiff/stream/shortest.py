"""Numbers -> text: the shortest digits that read back as the same binary64, as Python's `repr` writes them."""

from __future__ import annotations

import re

import numpy
import orjson
from numpy.typing import NDArray

Matrix = NDArray[numpy.float64]

SMALLEST_FIXED = 1e-4  # what is smaller is written with an exponent
ONE_DIGIT_EXPONENT = re.compile(rb"e-(\d)(?=[\],\n])")
FIVE_ZEROS = re.compile(rb"0\.0000([1-9])(\d*)")  # it begins with letters, not with a look behind, to be found fast
MANY = 8  # where more than one row in so many has such a number, all are gone through together
FROM_JSON = bytes.maketrans(b"]", b"\n")


def as_json(matrix: Matrix) -> bytes:
    """Rows of numbers as JSON, with `null` for what is not finite, and other exponents than Python's."""
    return orjson.dumps(numpy.ascontiguousarray(matrix), option=orjson.OPT_SERIALIZE_NUMPY)


def with_exponents(text: bytes) -> bytes:
    """What orjson wrote, with the exponents of small numbers as Python writes them.

    >>> with_exponents(b"[2.5e-7,0.000012,10.00001]")
    b'[2.5e-07,1.2e-05,10.00001]'
    """
    return FIVE_ZEROS.sub(with_exponent, ONE_DIGIT_EXPONENT.sub(rb"e-0\1", text))


def with_exponent(match: re.Match[bytes]) -> bytes:
    if match.string[match.start() - 1 : match.start()].isdigit():  # as in 10.00002
        return match[0]
    first, others = match.groups()
    return first + (b"." + others if others else b"") + b"e-05"


def number_rows(matrix: Matrix, delimiter: bytes, end: bytes, precision: int | None = None) -> list[bytes]:
    """Each row as it stands behind the cells of a row of CSV: every number behind a delimiter, then `end`.

    >>> number_rows(numpy.array([[1.0, 0.1], [numpy.nan, 2.0]]), b";", b"\\n")
    [b';1.0;0.1\\n', b';nan;2.0\\n']
    """
    if not matrix.size:
        return [end] * len(matrix)
    if precision is not None:
        form = b"".join([b"%s%%.%dg" % (delimiter, precision)] * matrix.shape[1]) + end
        return [form % tuple(row) for row in matrix.tolist()]
    text = b"," + as_json(matrix).translate(FROM_JSON, b"[")
    odd = sorted(set((numpy.flatnonzero(numpy.abs(matrix) < SMALLEST_FIXED) // matrix.shape[1]).tolist()))
    if len(odd) > len(matrix) // MANY:
        text, odd = with_exponents(text), []
    rows = text.splitlines(keepends=True)[: len(matrix)]
    mended = with_exponents(b"".join([rows[row] for row in odd])).splitlines(keepends=True)
    for row, line in zip(odd, mended, strict=True):
        rows[row] = line
    if not numpy.isfinite(matrix).all():
        for row in numpy.flatnonzero(~numpy.isfinite(matrix).all(axis=1)).tolist():
            rows[row] = b"," + b",".join([b"%r" % number for number in matrix[row].tolist()]) + b"\n"
    if delimiter != b",":
        rows = [row.replace(b",", delimiter) for row in rows]
    return rows if end == b"\n" else [row[:-1] + end for row in rows]


def number_texts(numbers: Matrix, precision: int | None = None) -> list[bytes]:
    """Each number by itself.

    >>> number_texts(numpy.array([0.1, -numpy.inf]))
    [b'0.1', b'-inf']
    """
    column = numpy.asarray(numbers, dtype=float).reshape(-1, 1)
    return [row[1:-1] for row in number_rows(column, b",", b"\n", precision)]
