"""Rows with their answers -> Arrow and Parquet. Columns that came in Arrow keep their types."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, BinaryIO

from autodiff.stream.answers import Answers
from autodiff.stream.arrow_block import ArrowBlock, arrow
from autodiff.stream.cells import as_texts
from autodiff.stream.row_block import RowBlock


class ArrowOut:
    """A stream of Arrow, or Parquet. What is no number in a table of text is text; a row that failed has nulls."""

    def __init__(
        self, file: BinaryIO, kept: Sequence[str], added: Sequence[str], numbers: Collection[str], error: str | None
    ) -> None:
        self._file = file
        self._kept = kept
        self._added = added
        self._numbers = numbers
        self._error = error
        self._writer: Any = None

    def open(self, schema: Any, *, is_parquet: bool) -> None:
        """Begins the output; `schema` is that of the input, if it was in Arrow."""
        pyarrow = arrow()
        own = [
            pyarrow.field(name, pyarrow.float64() if name in self._numbers else pyarrow.string())
            if schema is None
            else schema.field(name)
            for name in self._kept
        ]
        fields = [*own, *(pyarrow.field(name, pyarrow.float64()) for name in self._added)]
        if self._error is not None:
            fields.append(pyarrow.field(self._error, pyarrow.string()))
        self._schema = pyarrow.schema(fields)
        if is_parquet:
            from pyarrow import parquet

            self._writer = parquet.ParquetWriter(self._file, self._schema)
        else:
            from pyarrow import ipc

            self._writer = ipc.new_stream(self._file, self._schema)

    def batch(self, block: RowBlock, answers: Answers) -> Any:
        pyarrow = arrow()
        own = [self._own(block, name) for name in self._kept]
        valid = [row not in answers.blank for row in range(block.count)] if answers.blank else None
        absent = None if valid is None else ~pyarrow.array(valid).to_numpy(zero_copy_only=False)
        columns = [
            pyarrow.array(answers.numbers[:, place].copy(), mask=absent) for place in range(answers.numbers.shape[1])
        ]
        if self._error is not None:
            columns.append(
                pyarrow.array([answers.blank.get(row) or None for row in range(block.count)], pyarrow.string())
            )
        return pyarrow.record_batch([*own, *columns], schema=self._schema)

    def _own(self, block: RowBlock, name: str) -> Any:
        pyarrow = arrow()
        if isinstance(block, ArrowBlock):
            return block.cells(name)
        if name in self._numbers:
            values, missing, wrong = block.numbers(name)
            absent = None
            if missing or wrong:
                absent = pyarrow.array([False] * block.count).to_numpy(zero_copy_only=False).copy()
                absent[[*missing, *wrong]] = True
            return pyarrow.array(values, mask=absent)
        texts = as_texts(block.cells(name))
        return pyarrow.array([text.decode("utf-8", "backslashreplace") for text in texts], pyarrow.string())

    def cut(self, batch: Any, rows: int) -> Any:
        return batch.slice(0, rows)

    def write(self, batch: Any) -> None:
        self._writer.write_batch(batch)
        self._file.flush()  # whoever reads the stream need not wait for more

    def close(self) -> None:
        """Ends the output; once only, however often it is called."""
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()
