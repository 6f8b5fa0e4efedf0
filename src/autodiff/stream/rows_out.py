"""Rows -> bytes: each row whole, with columns added behind its own."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any

from autodiff.stream.delimited import quoted
from autodiff.stream.form import Form
from autodiff.stream.rows_in import WHOLE, Row, Table


class RowWriter:
    """The rows of `table` as bytes in `form`, with the columns `added`.

    A row that is written in the form that it came in keeps its text; quotes are added only where it isn't well-formed.
    """

    def __init__(self, table: Table, form: Form, added: Sequence[str]) -> None:
        self.form = form
        self._added = added
        self._newline = table.newline
        self._columns = table.columns or (WHOLE,)
        self._same = table.form is form
        self.delimiter = "\t" if form is Form.tsv else table.delimiter if self._same else ","
        self._header = table.header if self._same and table.header else self._line(table.columns or (WHOLE,))

    def header(self) -> bytes:
        """The header; nothing in NDJSON, which has none."""
        if not self.form.is_delimited:
            return b""
        return self._encode(self.delimiter.join([self._header, self._line(self._added)]) + self._newline)

    def own(self, row: Row) -> bytes:
        """What is written of a row before what is added."""
        return self._encode(self._own(row))

    def row(self, row: Row, values: Sequence[Any]) -> bytes:
        """A row with the values that are added: texts, or in NDJSON whatever JSON has."""
        own = self._own(row)
        if self.form.is_delimited:
            return self._encode(own + self.delimiter + self._line(values) + self._newline)
        members = json_members(dict(zip(self._added, values, strict=True)))
        return self._encode(own + ("" if own.lstrip() == "{" else ", ") + members + "}" + self._newline)

    def _own(self, row: Row) -> str:
        if self.form.is_delimited:
            return row.text if self._same and row.is_plain else self._line(self._cells(row.fields))
        return row.text.rstrip()[:-1].rstrip() if self._same and row.is_plain else "{" + json_members(row.fields)

    def _cells(self, fields: Mapping[str, str]) -> list[str]:
        if not any(column in fields for column in self._columns):  # a line that is no object: kept as it is
            return [*fields.values()] + [""] * (len(self._columns) - len(fields))
        return [fields.get(column, "") for column in self._columns]

    def _line(self, cells: Sequence[str]) -> str:
        return self.delimiter.join([quoted(cell, self.delimiter) for cell in cells])

    def _encode(self, text: str) -> bytes:
        try:
            # Bytes that were no UTF-8 are written as they came. JSON has an escape for them.
            return text.encode("utf-8", "surrogateescape" if self.form.is_delimited else "backslashreplace")
        except UnicodeEncodeError:  # half of a pair, from an escape in JSON
            return text.encode("utf-8", "backslashreplace")


def json_members(fields: Mapping[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=False, allow_nan=False)[1:-1]


def write_whole(descriptor: int, content: bytes) -> None:
    """Writes at once, past every buffer: whoever is killed between two rows leaves whole ones."""
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
