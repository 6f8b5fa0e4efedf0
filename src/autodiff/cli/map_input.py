"""The table that `autodiff map` reads, and the columns in it that the formula needs."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from autodiff.cli.formula import unreadable
from autodiff.function import Function
from autodiff.graph.nodes import NamedConstant
from autodiff.language.errors import AutodiffError
from autodiff.stream.blocks import line_blocks
from autodiff.stream.compressed import compressed, refuse_gzip, uncompressed
from autodiff.stream.row_block import RowBlock, Unread
from autodiff.stream.table_form import TableForm, table_form_of


class Table(Protocol):
    """Rows in blocks, None where more input has to be waited for, and what is known before the first.

    `rows` is how many there are, None where only the end of the input tells. `opening` is what stands before the
    header: blank lines, and the mark of UTF-8. A table that `is_empty` has no rows, nor columns that could be missing.
    """

    columns: tuple[str, ...]
    is_empty: bool
    opening: bytes
    header: bytes
    newline: bytes
    delimiter: str

    @property
    def rows(self) -> int | None: ...
    def __iter__(self) -> Iterator[RowBlock | Unread | None]: ...


def form_of_input(name: str, given: TableForm | None) -> TableForm:
    form = given or (TableForm.csv if name == "-" else table_form_of(Path(name)))
    if name != "-" and not os.path.exists(name):
        raise unreadable(name, os.strerror(errno.ENOENT))
    if name.endswith(".gz"):
        raise compressed(name)
    if form is None:
        raise AutodiffError("usage", f"the name {name} tells no form", suggestion=f"say it: {every_form('--from')}")
    if name == "-" and form.needs_file:
        raise AutodiffError("usage", f"standard input can't be {form}", suggestion="give the file by its name")
    return form


def every_form(option: str) -> str:
    return ", ".join(f"{option} {form}" for form in TableForm)


def opened_table(
    file: BinaryIO,
    form: TableForm,
    origin: str,
    delimiter: str | None,
    needed: Collection[str],
    refused: Callable[[tuple[str, ...]], Collection[str]],
    *,
    only_columns: bool,
    unbuffered: bool,
) -> Table:
    """The table in a file; of rows that are objects some columns are `needed`, and others `refused`.

    The latter depend on those that there are.
    """
    refuse_gzip(start_of(file, form), origin)
    if form in (TableForm.npy, TableForm.npz):
        from autodiff.stream.array_block import ArrayTable

        return ArrayTable(file, origin, is_archive=form is TableForm.npz)
    if form in (TableForm.parquet, TableForm.arrow):
        from autodiff.stream.arrow_block import ArrowTable

        return ArrowTable(file, origin, is_parquet=form is TableForm.parquet)
    blocks = uncompressed(line_blocks(file, origin, one_by_one=unbuffered), origin)
    if form is TableForm.ndjson:
        from autodiff.stream.json_block import JsonTable

        json_table = JsonTable(blocks, needed, refused, only_columns=only_columns, one_by_one=unbuffered)
        if json_table.start_without_object:
            raise AutodiffError(
                "malformed-row",
                f"{json_table.start_without_object} is no JSON object",
                suggestion="an object in each line is read, or another form: --from csv",
                origin=origin,
            )
        return json_table
    from autodiff.stream.delimited_blocks import DelimitedTable

    return DelimitedTable(blocks, origin, "\t" if form is TableForm.tsv else delimiter)


def columns_of_variables(function: Function, point: Mapping[str, Any], renamed: Mapping[str, str]) -> list[str]:
    """The columns of the variables without a fixed value."""
    return [renamed.get(name, name) for name in function.variables if name not in point]


def start_of(file: BinaryIO, form: TableForm) -> bytes:
    """The first bytes of a file; of a pipe only if it is read through its buffer, which text is not."""
    descriptor = file.fileno()
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        place = os.lseek(descriptor, 0, os.SEEK_CUR)
        start = os.read(descriptor, 8)
        os.lseek(descriptor, place, os.SEEK_SET)
        return start
    return b"" if form.is_text or not isinstance(file, BufferedReader) else file.peek(8)


def variable_columns(
    function: Function, point: Mapping[str, Any], renamed: Mapping[str, str], table: Table, origin: str
) -> dict[str, str]:
    """The column that each variable without a fixed value stands in. Raises AutodiffError where there is none.

    What is named like a constant may have both: the fixed value is how one says that the column is not meant.
    """
    for name in renamed:
        if name not in function.variables:
            raise AutodiffError("unknown-name", f"'{name}' is no variable of the formula", text=function.text)
    sources = {}
    for name in function.variables:
        column = renamed.get(name, name)
        if name in point:
            if column in table.columns and name not in NamedConstant.VALUES:
                raise AutodiffError(
                    "value-given-twice",
                    f"'{name}' has a column and a fixed value",
                    suggestion="leave out --at, or name another column with --rename",
                    origin=origin,
                )
            continue
        if column not in table.columns and not table.is_empty:
            raise missing_column(column, name, table.columns, origin)
        sources[name] = column
    return sources


def missing_column(column: str, variable: str, columns: Sequence[str], origin: str) -> AutodiffError:
    from difflib import get_close_matches

    folded = {name.casefold(): name for name in columns}
    near = get_close_matches(column.casefold(), folded, n=1)
    there = f"there is {', '.join(columns[:10])}; " if columns else "there are no columns at all; "
    hint = (
        f"--rename {variable}={folded[near[0]]}" if near else f"{there}--rename {variable}=COLUMN or --at {variable}=2"
    )
    return AutodiffError("missing-column", f"there is no column '{column}'", suggestion=hint, origin=origin)


def read_selected(options: Sequence[str] | None, table: Table, origin: str) -> list[str] | None:
    """The columns in `--select x,y`, and `--select "a, b"` where one has a comma in its name; None for all."""
    if options is None:
        return None
    names: list[str] = []
    for option in options:
        names += [option] if option in table.columns else [part.strip() for part in option.split(",") if part.strip()]
    for name in names:
        if name not in table.columns and not table.is_empty:
            from difflib import get_close_matches

            near = get_close_matches(name, table.columns, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there is {', '.join(table.columns[:10])}"
            raise AutodiffError("missing-column", f"there is no column '{name}'", suggestion=hint, origin=origin)
    return list(dict.fromkeys(names))
