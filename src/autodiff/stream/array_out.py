"""Rows with their answers -> `.npy` with named fields, `.npz` with an array for each column.

Columns of arrays keep their types; all others are binary64.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import IO, Any, BinaryIO

import numpy
from numpy.lib import format as npy

from autodiff.language.errors import AutodiffError
from autodiff.stream.answers import Answers
from autodiff.stream.array_block import ArrayBlock
from autodiff.stream.row_block import RowBlock

FIXED = npy.MAGIC_LEN + 4 + 1  # bytes of a header beside its description: the magic, the length, the line feed
MOST_DIGITS = 21  # of a number of rows


def number_columns(block: RowBlock, answers: Answers, kept: Sequence[str], added: Sequence[str]) -> dict[str, Any]:
    """Every column as numbers, NaN where a row failed. Raises AutodiffError for text, which has no place there.

    A column of an array is kept as it is.
    """
    columns = {}
    for name in kept:
        if isinstance(block, ArrayBlock):
            columns[name] = block.cells(name)
            continue
        values, _, wrong = block.numbers(name)
        for row, flaw in wrong.items():
            if row not in answers.blank:
                raise AutodiffError(
                    "bad-value",
                    f"column '{name}' has {flaw}, which is no number",
                    suggestion="keep columns of numbers only: --select x,y",
                    origin=block.place(row),
                )
        columns[name] = values
    numbers = answers.numbers
    numbers[list(answers.blank)] = numpy.nan
    return columns | {name: numbers[:, place] for place, name in enumerate(added)}


def first_rows(columns: dict[str, Any], count: int) -> dict[str, Any]:
    return {name: values[:count] for name, values in columns.items()}


class NpyOut:
    """An array with named fields; the number of rows is written into its header at the end."""

    def __init__(self, file: BinaryIO, types: Mapping[str, Any]) -> None:
        self._file = file
        self._dtype = numpy.dtype(list(types.items()))
        self._count = 0
        self._length = self._write_header()

    def _write_header(self) -> int:
        """As NEP 1 has it; names that are not ASCII need version 3.0, which NumPy has no public function for."""
        description = {"descr": npy.dtype_to_descr(self._dtype), "fortran_order": False, "shape": (self._count,)}
        text = repr(description).encode()
        # Room for a number of rows of any length, so that the header keeps its own.
        length = npy.ARRAY_ALIGN * -(-(FIXED + len(text) - len(str(self._count)) + MOST_DIGITS) // npy.ARRAY_ALIGN)
        self._file.write(npy.magic(2 if text.isascii() else 3, 0) + (length - FIXED + 1).to_bytes(4, "little"))
        self._file.write(text.ljust(length - FIXED) + b"\n")
        return length

    def cut(self, columns: dict[str, Any], rows: int) -> dict[str, Any]:
        return first_rows(columns, rows)

    def write(self, columns: dict[str, Any]) -> None:
        rows = numpy.empty(len(next(iter(columns.values()))), self._dtype)
        for name, values in columns.items():
            rows[name] = values
        self._file.write(rows.tobytes())
        self._count += len(rows)

    def close(self) -> None:
        self._file.seek(0)
        if self._write_header() != self._length:
            raise AssertionError("the header of the array has another length than at first")


class NpzOut:
    """An archive with an array for each column, which are collected in temporary files, one for each."""

    def __init__(self, file: BinaryIO, types: Mapping[str, Any], stack: ExitStack) -> None:
        self._file = file
        self._types = types
        self._parts: dict[str, IO[bytes]] = {}
        for name in types:
            self._parts[name] = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
        self._count = 0

    def cut(self, columns: dict[str, Any], rows: int) -> dict[str, Any]:
        return first_rows(columns, rows)

    def write(self, columns: dict[str, Any]) -> None:
        for name, values in columns.items():
            self._parts[name].write(numpy.ascontiguousarray(values).tobytes())
        self._count += len(next(iter(columns.values()), ()))

    def close(self) -> None:
        with zipfile.ZipFile(self._file, "w", allowZip64=True) as archive:
            for name, part in self._parts.items():
                part.seek(0)
                with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                    kind = npy.dtype_to_descr(numpy.dtype(self._types[name]))
                    shape = (self._count,)
                    npy.write_array_header_1_0(member, {"descr": kind, "fortran_order": False, "shape": shape})
                    shutil.copyfileobj(part, member, 1 << 20)
