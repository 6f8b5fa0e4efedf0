"""Where `autodiff map` writes: to standard output, or to a file that is put in place when it is whole."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Protocol

from autodiff.cli.map_input import Table
from autodiff.cli.output import ReplacedFile
from autodiff.language.errors import AutodiffError
from autodiff.stream.answers import Answers
from autodiff.stream.row_block import RowBlock
from autodiff.stream.table_form import TableForm
from autodiff.stream.text_out import TextForm, delimited_header, delimited_rows, json_rows
from autodiff.stream.whole_rows import Rows, WholeRows

# The signals that end a run. Windows has no SIGHUP.
ENDING = [number for number in signal.Signals if number.name in ("SIGINT", "SIGTERM", "SIGHUP")]


class Layout(NamedTuple):
    """How the output looks: its form, the columns that are kept, all if that is None, and those that are added."""

    source: TableForm
    form: TableForm
    selected: Sequence[str] | None
    results: Sequence[str]
    with_error: bool
    prefix: str
    precision: int | None
    delimiter: str | None

    @property
    def added(self) -> list[str]:
        return [*self.results, *([f"{self.prefix}error"] if self.with_error else [])]


class Output(Protocol):
    """`prepared` may be called in several processes, for blocks in any order; the rest is called in order."""

    def prepared(self, block: RowBlock, answers: Answers) -> Any: ...
    def cut(self, prepared: Any, rows: int) -> Any: ...
    def write(self, prepared: Any) -> None: ...
    def close(self) -> None: ...


class TextOutput:
    """CSV, TSV and NDJSON."""

    def __init__(self, rows: WholeRows, form: TextForm, *, is_json: bool, put_in_place: Callable[[], None]) -> None:
        self._rows = rows
        self._form = form
        self._text = json_rows if is_json else delimited_rows
        self.close = put_in_place

    def prepared(self, block: RowBlock, answers: Answers) -> Rows:
        return self._text(self._form, block, answers)

    def cut(self, prepared: Rows, rows: int) -> Rows:
        return prepared.first(rows)

    def write(self, prepared: Rows) -> None:
        self._rows.write(prepared)


class Writer(Protocol):
    """What writes the blocks of a form that is no text."""

    def cut(self, prepared: Any, rows: int) -> Any: ...
    def write(self, prepared: Any) -> None: ...
    def close(self) -> None: ...


class BinaryOutput:
    """Arrays and Arrow: what a writer in `stream` makes of each block."""

    def __init__(
        self, prepare: Callable[[RowBlock, Answers], Any], writer: Writer, put_in_place: Callable[[], None]
    ) -> None:
        self.prepared = prepare
        self.cut = writer.cut
        self.write = writer.write
        self._writer = writer
        self._put_in_place = put_in_place

    def close(self) -> None:
        self._writer.close()
        self._put_in_place()


def opened_output(
    path: Path | None,
    layout: Layout,
    table: Table,
    variables: Collection[str],
    stack: ExitStack,
    interrupted: Callable[[], None],
) -> Output:
    """The output, with its header written. Until it is closed there is nothing at `path`, or what was there before.

    A signal that ends the process calls `interrupted` first.
    """
    if layout.form.needs_file and path is None:
        raise AutodiffError("usage", f"{layout.form} can't go to standard output", suggestion="write it with -o FILE")
    if layout.with_error and layout.form in (TableForm.npy, TableForm.npz):
        raise AutodiffError("usage", f"{layout.form} has no place for errors", suggestion="leave out --error-column")
    replaced = None if path is None else ReplacedFile(path)

    def clean_up() -> None:
        if replaced is not None:
            replaced.discard()
        interrupted()

    rows = WholeRows(clean_up)
    for number in ENDING:
        if number.name != "SIGHUP" or signal.getsignal(number) is not signal.SIG_IGN:  # as nohup has it
            signal.signal(number, rows.interrupted)
    if replaced is None:
        descriptor, put_in_place = sys.stdout.fileno(), do_nothing
    else:
        descriptor, put_in_place = stack.enter_context(replaced).descriptor, replaced.put_in_place
    if layout.form.is_text:
        rows.descriptor = descriptor
        return text_output(rows, layout, table, put_in_place)
    file = stack.enter_context(open(descriptor, "wb", closefd=False))  # noqa: SIM115  # the stack closes it
    if layout.form.needs_file and not file.seekable():
        raise AutodiffError("usage", f"{layout.form} can't go to a pipe", suggestion="write it to a file with -o FILE")

    def finish() -> None:
        file.flush()
        put_in_place()

    kept = list(table.columns if layout.selected is None else layout.selected)
    return binary_output(file, layout, table, kept, variables, stack, finish)


def text_output(rows: WholeRows, layout: Layout, table: Table, put_in_place: Callable[[], None]) -> TextOutput:
    form, delimiter = layout.form, table.delimiter
    if form is TableForm.tsv:
        delimiter = "\t"
    elif form is not layout.source:
        delimiter = layout.delimiter or ","
    # The text of a row is kept if nothing in it has to be written in another way.
    is_same = form is layout.source
    is_kept = layout.selected is None and is_same
    columns = None if is_kept else table.columns if layout.selected is None else layout.selected
    newline = table.newline if is_same else b"\n"
    precision = layout.precision if form.is_delimited else None  # JSON is for machines
    text = TextForm(columns, layout.added, layout.with_error, precision, newline, delimiter.encode(), is_same)
    if form.is_delimited:
        opening = table.opening if is_same else b""
        rows.write(Rows(opening + delimited_header(text, table.header)))
    return TextOutput(rows, text, is_json=form is TableForm.ndjson, put_in_place=put_in_place)


def binary_output(
    file: BinaryIO,
    layout: Layout,
    table: Table,
    kept: Sequence[str],
    variables: Collection[str],
    stack: ExitStack,
    put_in_place: Callable[[], None],
) -> BinaryOutput:
    if layout.form in (TableForm.npy, TableForm.npz):
        from autodiff.stream.array_out import NpyOut, NpzOut, number_columns

        own = getattr(table, "types", {})  # of arrays
        types = {name: own.get(name, "<f8") for name in [*kept, *layout.results]}
        arrays = NpyOut(file, types) if layout.form is TableForm.npy else NpzOut(file, types, stack)

        def columns(block: RowBlock, answers: Answers) -> dict[str, Any]:
            return number_columns(block, answers, kept, layout.results)

        return BinaryOutput(columns, arrays, put_in_place)
    from autodiff.stream.arrow_out import ArrowOut

    numbers = table.columns if layout.source in (TableForm.npy, TableForm.npz) else variables
    error = layout.added[-1] if layout.with_error else None
    writer = ArrowOut(file, kept, layout.results, numbers, error)
    writer.open(getattr(table, "schema", None), is_parquet=layout.form is TableForm.parquet)
    stack.callback(writer.close)  # where the run stops early, the stream ends there
    return BinaryOutput(writer.batch, writer, put_in_place)


def do_nothing() -> None:
    pass
