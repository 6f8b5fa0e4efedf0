"""Arrays of NumPy as tables: `.npy` with named fields or columns by number, `.npz` with an array for each column."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any, BinaryIO

import numpy
from numpy.lib import format as npy

from autodiff.language.errors import AutodiffError
from autodiff.stream.row_block import NO_BREAKS, NumberColumn, RowBlock, Unread
from autodiff.stream.rows_in import distinct

AT_ONCE = 32_768  # rows
# What a file that was damaged makes of its archive.
UNREADABLE = (OSError, EOFError, KeyError, NotImplementedError, RuntimeError, zipfile.BadZipFile, zlib.error)


class ArrayBlock:
    """Some rows of arrays, of which the first is row `first`, counted from 1."""

    flaws: Mapping[int, str] = {}
    breaks = NO_BREAKS

    def __init__(self, columns: Mapping[str, Any], first: int) -> None:
        self.columns = columns
        self.first = first
        self.count = len(next(iter(columns.values()), ()))

    def texts(self) -> Sequence[bytes]:
        raise NotImplementedError("numbers have no text of their own")

    def place(self, row: int) -> str:
        return f"row {self.first + row}"

    def cells(self, column: str) -> Any:
        return self.columns[column]

    def numbers(self, column: str) -> NumberColumn:
        cells = self.columns[column]
        if cells.dtype.kind not in "iufb":
            raise AutodiffError("bad-value", f"the column '{column}' has no numbers, but {cells.dtype}")
        return NumberColumn(cells.astype(float), (), {})


class ArrayTable:
    """The columns of arrays, of any length, in blocks."""

    is_empty = False
    opening, header, newline, delimiter = b"", b"", b"\n", ""

    def __init__(self, file: BinaryIO, name: str, *, is_archive: bool) -> None:
        try:
            self._readers = archive_members(file) if is_archive else [npy_array(file, file)]
        except (ValueError, *UNREADABLE) as error:
            raise unreadable(name, str(error).partition("\n")[0] or "it is cut off") from None
        lengths = {len(reader) for reader in self._readers}
        if len(lengths) > 1:
            raise unreadable(name, "its arrays have several lengths")
        self.columns = distinct([column for reader in self._readers for column in reader.columns], name)
        self.types = {name: kind for reader in self._readers for name, kind in reader.types().items()}
        self._name = name
        self.rows = max(lengths, default=0)

    def __iter__(self) -> Iterator[RowBlock | Unread | None]:
        for first in range(0, self.rows, AT_ONCE):
            count = min(AT_ONCE, self.rows - first)
            columns: dict[str, Any] = {}
            for reader in self._readers:
                columns |= reader.read(count, self._name)
            yield ArrayBlock(columns, first + 1)


class ArrayReader:
    """An array in a file, read some rows at a time."""

    def __init__(self, file: IO[bytes], name: str | None, shape: tuple[int, ...], dtype: numpy.dtype[Any]) -> None:
        self._file = file
        self._shape = shape
        self._dtype = dtype
        if dtype.names is not None:
            self.columns: tuple[str, ...] = dtype.names
        elif name is not None:
            self.columns = (name,)
        else:
            self.columns = tuple(f"column {number}" for number in range(1, (shape[1] if len(shape) > 1 else 1) + 1))

    def __len__(self) -> int:
        return self._shape[0]

    def types(self) -> dict[str, numpy.dtype[Any]]:
        """What is in each column."""
        return {name: self._dtype if self._dtype.names is None else self._dtype[name] for name in self.columns}

    def read(self, rows: int, name: str) -> dict[str, Any]:
        shape = (rows, *self._shape[1:])
        size = int(numpy.prod(shape)) * self._dtype.itemsize
        try:
            content = self._file.read(size)
        except UNREADABLE as error:
            raise unreadable(name, str(error)) from None
        if len(content) < size:
            raise unreadable(name, "it is cut off")
        array = numpy.frombuffer(content, self._dtype).reshape(shape)
        if self._dtype.names is not None:
            return {column: array[column] for column in self.columns}
        table = array.reshape(rows, len(self.columns))
        return {column: table[:, place] for place, column in enumerate(self.columns)}


def npy_array(file: IO[bytes], content: IO[bytes], name: str | None = None) -> ArrayReader:
    """The array that begins here. Raises ValueError for one that is no table."""
    version = npy.read_magic(file)
    read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, is_fortran, dtype = read(file)
    if version == (3, 0) and dtype.names is not None:
        # NumPy has no public function for it; the one for 2.0 reads its UTF-8 as Latin-1.
        dtype.names = tuple(field.encode("latin-1").decode("utf-8") for field in dtype.names)
    if dtype.hasobject:
        raise ValueError("it holds Python objects")
    if len(shape) not in (1, 2) or (len(shape) == 2 and (name is not None or dtype.names is not None)):
        raise ValueError(f"an array of shape {shape} is no table")
    if is_fortran and len(shape) == 2:
        raise ValueError("its columns stand one behind the other; save numpy.ascontiguousarray of it")
    return ArrayReader(content, name, shape, dtype)


def archive_members(file: BinaryIO) -> list[ArrayReader]:
    archive = zipfile.ZipFile(file)
    readers = []
    for member in archive.namelist():
        content = archive.open(member)
        readers.append(npy_array(content, content, member.removesuffix(".npy")))
    return readers


def unreadable(name: str, reason: str) -> AutodiffError:
    return AutodiffError(
        "unreadable-file", f"can't read {name}: {reason}", suggestion="give a file that numpy.save or numpy.savez wrote"
    )
