"""Tables of Apache Arrow: IPC streams and files, and Parquet. Needs the extra `arrow`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from io import BufferedReader
from typing import Any, BinaryIO

import numpy

from autodiff.language.errors import AutodiffError
from autodiff.stream.record_cells import parse_column
from autodiff.stream.row_block import NO_BREAKS, NumberColumn, RowBlock, Unread
from autodiff.stream.rows_in import distinct

AT_ONCE = 32_768  # rows
MAGIC = b"ARROW1"  # what a file of Arrow begins with, and a stream does not


def arrow() -> Any:
    """The package. Raises AutodiffError where it is not installed."""
    try:
        import pyarrow
    except ImportError:
        raise AutodiffError(
            "missing-package",
            "Arrow and Parquet need the package pyarrow, which is not installed",
            suggestion="pip install 'autodiff-cli[arrow]'",
        ) from None
    return pyarrow


class ArrowBlock:
    """A batch of rows, of which the first is row `first`, counted from 1."""

    flaws: Mapping[int, str] = {}
    breaks = NO_BREAKS

    def __init__(self, batch: Any, first: int) -> None:
        self.batch = batch
        self.first = first
        self.count: int = batch.num_rows

    def texts(self) -> Sequence[bytes]:
        raise NotImplementedError("what is in Arrow has no text of its own")

    def place(self, row: int) -> str:
        return f"row {self.first + row}"

    def cells(self, column: str) -> Any:
        return self.batch.column(column)

    def numbers(self, column: str) -> NumberColumn:
        types, cells = arrow().types, self.batch.column(column)
        if types.is_dictionary(cells.type):
            cells = cells.dictionary_decode()
        if types.is_integer(cells.type) or types.is_floating(cells.type) or types.is_decimal(cells.type):
            # Not safely: integers beyond 2^53 are rounded, as they are in a formula.
            values = cells.cast(arrow().float64(), safe=False).to_numpy(zero_copy_only=False)
            missing = numpy.flatnonzero(cells.is_null().to_numpy(zero_copy_only=False)).tolist()
            return NumberColumn(numpy.array(values, dtype=float), missing, {})
        if types.is_string(cells.type) or types.is_large_string(cells.type):
            return parse_column([(cell or "").encode() for cell in cells.to_pylist()])
        if types.is_null(cells.type):
            return NumberColumn(numpy.full(self.count, numpy.nan), range(self.count), {})
        raise AutodiffError("bad-value", f"the column '{column}' has no numbers, but {cells.type}")


def begins_as_arrow_file(file: BinaryIO) -> bool:
    return isinstance(file, BufferedReader) and file.peek(len(MAGIC)).startswith(MAGIC)


class ArrowTable:
    """The batches of a stream or a file of Arrow, or of a file of Parquet, in blocks."""

    is_empty = False
    opening, header, newline, delimiter = b"", b"", b"\n", ""

    def __init__(self, file: BinaryIO, name: str, *, is_parquet: bool) -> None:
        self.rows: int | None = None
        try:
            if is_parquet:
                self._open_parquet(file)
            elif begins_as_arrow_file(file):
                self._open_file(file, name)
            else:
                self._open_stream(file)
        except (arrow().ArrowException, OSError, EOFError) as error:
            raise unreadable(name, error) from None
        self.columns = distinct(self.schema.names, name)
        self._name = name

    def _open_parquet(self, file: BinaryIO) -> None:
        from pyarrow import parquet

        source = parquet.ParquetFile(file)
        self.rows = source.metadata.num_rows
        self.schema = source.schema_arrow
        self._batches: Iterator[Any] = source.iter_batches(batch_size=AT_ONCE)

    def _open_file(self, file: BinaryIO, name: str) -> None:
        from pyarrow import ipc

        if not file.seekable():
            raise AutodiffError(
                "unreadable-file",
                f"can't read {name}: it is an Arrow file, not a stream, and has to be read in more than one place",
                suggestion="give the file by its name",
            )
        source = ipc.open_file(file)
        self.schema = source.schema
        self._batches = map(source.get_batch, range(source.num_record_batches))

    def _open_stream(self, file: BinaryIO) -> None:
        from pyarrow import ipc

        stream = ipc.open_stream(file)
        self.schema = stream.schema
        self._batches = iter(stream)

    def __iter__(self) -> Iterator[RowBlock | Unread | None]:
        first = 1
        while True:
            try:
                batch = next(self._batches, None)
            except (arrow().ArrowException, OSError, EOFError) as error:
                raise unreadable(self._name, error) from None
            if batch is None:
                return
            for start in range(0, batch.num_rows, AT_ONCE):
                part = batch.slice(start, AT_ONCE)
                yield ArrowBlock(part, first)
                first += part.num_rows
            yield None


def unreadable(name: str, error: Exception) -> AutodiffError:
    reason = str(error).partition("\n")[0].rstrip(".")
    return AutodiffError(
        "unreadable-file", f"can't read {name}: {reason}", suggestion="say what it is: --from csv, parquet or arrow"
    )
