"""A file -> its rows, read one by one. A row that can't be read is a row all the same, with its problem."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, BinaryIO, NamedTuple, NoReturn

from autodiff.language.errors import AutodiffError
from autodiff.stream.delimited import Record, delimiter_of, records
from autodiff.stream.form import Form
from autodiff.stream.lines import Lines, is_text, without_end

WHOLE = "text"  # the one column of a row that is no JSON object
MOST_PEEKED = 1_000  # rows before the first that is an object


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it stands, what is written there, and the columns that were read from it.

    `line` counts from 1, `end` is how many bytes of the file end with the row. `text` has no line break at its end;
    `is_plain` tells whether it is well-formed, so that it can be written again as it is with columns added. `problem`
    says why the row can't be used; `fields` then keep whatever stands in it.
    """

    line: int
    end: int
    text: str
    is_plain: bool
    fields: Mapping[str, str]
    problem: AutodiffError | None = None


class Table(NamedTuple):
    """The rows of a file, with what is known before the first.

    `columns` are those of the header, or of the first JSON object. `header` is the header as it was written, or empty
    where it can't be written again with columns added.
    """

    form: Form
    delimiter: str
    newline: str
    columns: tuple[str, ...]
    header: str
    rows: Iterator[Row]


def read_table(
    file: BinaryIO, form: Form, name: str, *, only_columns_of_first: bool = False, refused: Sequence[str] = ()
) -> Table:
    """The table in a file, which is called `name` in errors.

    A JSON object that has a column that is `refused` has a problem, and with `only_columns_of_first` one that has a
    column that the first has not. The columns of the table itself, those of the first, aren't refused here.
    Raises AutodiffError for a header that names a column twice, or is not UTF-8.
    """
    lines = Lines(file, name)
    return (
        read_delimited(lines, form, name) if form.is_delimited else read_ndjson(lines, only_columns_of_first, refused)
    )


def read_delimited(lines: Lines, form: Form, name: str) -> Table:
    first = next((line for line in lines if without_end(line).strip(" ")), "")
    if first:
        lines.unread([first])
    delimiter = "\t" if form is Form.tsv else delimiter_of(first)
    every = records(lines, delimiter)
    header = next(every, Record(0, 0, "", [], "", True))
    if header.flaw or not is_text(header.text):
        raise AutodiffError(
            "malformed-row",
            f"the header has {header.flaw or 'bytes that are not UTF-8'}",
            suggestion="the first line has to name the columns",
            origin=name,
        )
    columns = column_names(header.cells, name)
    text = header.text if header.is_plain else ""
    rows = (delimited_row(record, columns, delimiter) for record in every)
    return Table(form, delimiter, lines.newline, columns, text, rows)


def column_names(cells: Iterable[str], name: str) -> tuple[str, ...]:
    """The names in a header; a column without one is called by its number. Raises AutodiffError for one named twice."""
    return distinct([cell.strip() or f"column {number}" for number, cell in enumerate(cells, 1)], name)


def distinct(columns: Sequence[str], name: str) -> tuple[str, ...]:
    """The columns. Raises AutodiffError where two of them have one name."""
    seen: set[str] = set()
    for column in columns:
        if column in seen:
            raise AutodiffError(
                "name-defined-twice",
                f"there are two columns '{column}'",
                suggestion="give each column a name of its own",
                origin=name,
            )
        seen.add(column)
    return tuple(columns)


def delimited_row(record: Record, columns: tuple[str, ...], delimiter: str) -> Row:
    cells, width, is_plain = record.cells, len(columns), record.is_plain
    flaw = f"the row has {record.flaw}" if record.flaw else ""
    if len(cells) != width:
        flaw = flaw or f"the row has {len(cells)} {'cell' if len(cells) == 1 else 'cells'} instead of {width}"
        # What is too much stays with the last cell, so that nothing is lost and the columns stay aligned.
        cells = [*cells[: width - 1], delimiter.join(cells[width - 1 :])] if len(cells) > width else cells
        cells = cells + [""] * (width - len(cells))
        is_plain = False
    if not is_text(record.text):
        flaw = flaw or "the row has bytes that are not UTF-8"
    fields = dict(zip(columns, cells, strict=True))
    return Row(record.line, record.end, record.text, is_plain, fields, malformed(flaw))


def malformed(flaw: str) -> AutodiffError | None:
    return AutodiffError("malformed-row", flaw) if flaw else None


def read_ndjson(lines: Lines, only_columns_of_first: bool, refused: Sequence[str]) -> Table:
    rows: Iterator[Row] = (
        json_row(without_end(line), lines.number, lines.end) for line in lines if without_end(line).strip(" \t\r")
    )
    peeked = []
    for row in islice(rows, MOST_PEEKED):
        peeked.append(row)
        if row.problem is None:
            break
    columns = tuple(peeked[-1].fields) if peeked else ()
    allowed = columns if only_columns_of_first else None
    rows = (with_columns(row, allowed, refused) for row in chain(peeked, rows))
    return Table(Form.ndjson, "", lines.newline, columns, "", rows)


def json_row(text: str, line: int, end: int) -> Row:
    try:
        if not is_text(text):
            raise ValueError("the row has bytes that are not UTF-8")
        value = json.loads(text, parse_int=str, parse_float=str, parse_constant=refuse_constant)
        if not isinstance(value, dict):
            raise ValueError("the row is no JSON object")
        fields = {name: json_cell(text, name, entry) for name, entry in value.items()}
    except json.JSONDecodeError as error:
        flaw = f"the row is not JSON: {error.msg[:1].lower()}{error.msg[1:]} at column {error.colno}"
    except RecursionError:
        flaw = "the row is nested too deeply"
    except ValueError as error:
        flaw = str(error)
    else:
        return Row(line, end, text, True, fields)
    return Row(line, end, text, False, {WHOLE: text}, malformed(flaw))


def refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"the row is not JSON: {name} is no number there")


def json_cell(text: str, name: str, entry: Any) -> str:
    """The entry as a cell: a string as it is, a number as it was written, nothing for null."""
    if isinstance(entry, str):
        return entry
    if entry is None:
        return ""
    if isinstance(entry, (dict, list)):
        entry = json.loads(text)[name]  # with numbers as numbers
    return json.dumps(entry, ensure_ascii=False)


def with_columns(row: Row, allowed: tuple[str, ...] | None, refused: Sequence[str]) -> Row:
    """The row, with a problem if it has columns that it must not have."""
    if row.problem is not None:
        return row
    for name in row.fields:
        if name in refused:
            return unfit(row, f"there is a column '{name}' already")
        if allowed is not None and name not in allowed:
            return unfit(row, f"the first row has no column '{name}'")
    return row


def unfit(row: Row, flaw: str) -> Row:
    return Row(row.line, row.end, row.text, False, {WHOLE: row.text}, malformed(flaw))
