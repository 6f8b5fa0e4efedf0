"""Rows with their answers -> CSV, TSV and NDJSON. A row that goes out in the form it came in keeps its own text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy

from autodiff.stream.answers import Answers
from autodiff.stream.cells import STRINGS_OF_JSON, as_json, as_texts, cell_as_json, quoted_cell
from autodiff.stream.row_block import NO_BREAKS, RowBlock
from autodiff.stream.shortest import number_rows, number_texts
from autodiff.stream.whole_rows import Rows, rows_of


class TextForm(NamedTuple):
    """How rows are written: the columns that are kept, or all of them as they stand if that is None; those added.

    With `keeps_breaks` the line ends and blank lines of the input are written, too.
    """

    columns: Sequence[str] | None
    added: Sequence[str]
    with_error: bool
    precision: int | None
    newline: bytes
    delimiter: bytes = b""
    keeps_breaks: bool = False


def delimited_header(form: TextForm, own: bytes) -> bytes:
    """The header; `own` is that of the input, as it was written."""
    added = [quoted_cell(name.encode(), form.delimiter) for name in form.added]
    if form.columns is not None:
        own = form.delimiter.join([quoted_cell(encoded_name(name), form.delimiter) for name in form.columns])
    return form.delimiter.join([own, *added] if own or form.columns is None else added) + form.newline


def encoded_name(name: str) -> bytes:
    """The name of a column, with the bytes that it came with."""
    try:
        return name.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half of a pair of surrogates, from an escape in JSON
        return name.encode("utf-8", "backslashreplace")


def delimited_rows(form: TextForm, block: RowBlock, answers: Answers) -> Rows:
    """The rows: what stood there, and what is added."""
    delimiter = form.delimiter
    breaks = block.breaks if form.keeps_breaks else NO_BREAKS
    newline = form.newline if breaks.behind is None else b""
    end = delimiter + newline if form.with_error else newline
    added = number_rows(answers.numbers, delimiter, end, form.precision)
    nothing = delimiter * answers.numbers.shape[1]
    for row, reason in answers.blank.items():
        added[row] = nothing + newline
        if form.with_error:
            added[row] = nothing + delimiter + quoted_cell(encoded_name(reason), delimiter) + newline
    if breaks.behind is not None:
        added = list(map(bytes.__add__, added, breaks.behind))
    if form.columns is None:
        own = block.texts()
    elif not form.columns:
        own = [b""] * block.count
        added = [row[len(delimiter) :] for row in added]
    else:
        cells = [[quoted_cell(cell, delimiter) for cell in as_texts(block.cells(name))] for name in form.columns]
        own = list(map(delimiter.join, zip(*cells, strict=True)))
    return rows_of(own, added, breaks)


def json_rows(form: TextForm, block: RowBlock, answers: Answers) -> Rows:
    """The objects: the members that stood there, and those added."""
    width = answers.numbers.shape[1]
    texts = number_texts(answers.numbers, form.precision)
    if not numpy.isfinite(answers.numbers).all():
        texts = [STRINGS_OF_JSON.get(text, text) for text in texts]
    names = [member_template(name) for name in form.added]
    template = b", ".join(names) + b"}" + form.newline
    if form.with_error:
        added = [template % (*texts[row * width : (row + 1) * width], b'""') for row in range(block.count)]
    else:
        added = [template % values for values in zip(*[iter(texts)] * width, strict=True)]
    for row, reason in answers.blank.items():
        error = [cell_as_json(reason)] if form.with_error else []
        added[row] = template % (*[b"null"] * width, *error)
    return rows_of(block.texts() if form.columns is None else members(form.columns, block), added)


def members(columns: Sequence[str], block: RowBlock) -> list[bytes]:
    if not columns:
        return [b"{"] * block.count
    template = b"{" + b", ".join([member_template(name) for name in columns]) + b", "
    return [template % row for row in zip(*[as_json(block.cells(name)) for name in columns], strict=True)]


def member_template(name: str) -> bytes:
    return cell_as_json(name).replace(b"%", b"%%") + b": %s"
