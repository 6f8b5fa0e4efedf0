"""What `autodiff map` does: a table in, the same table out with its answers."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from autodiff.cli.constant_columns import constant_columns, constant_notes
from autodiff.cli.map_input import (
    Table,
    columns_of_variables,
    form_of_input,
    opened_table,
    read_selected,
    variable_columns,
)
from autodiff.cli.map_output import Layout, opened_output
from autodiff.cli.notes import print_notes, refuse_notes
from autodiff.cli.progress import Progress
from autodiff.cli.row_failures import RowFailures
from autodiff.cli.row_files import opened, size_of
from autodiff.evaluate.batch.program import BatchProgram
from autodiff.evaluate.batch.rows import available_processors
from autodiff.function import Function
from autodiff.language.builder import plain_name
from autodiff.language.errors import PARTIAL, AutodiffError, Note
from autodiff.stream.answers import Asked, answers_for
from autodiff.stream.lines import is_text
from autodiff.stream.missing import Missing
from autodiff.stream.processes import in_order
from autodiff.stream.row_block import RowBlock, Unread
from autodiff.stream.table_form import TableForm, table_form_of

# A row of text costs far more to read and write than to compute, so that compiling pays for itself much later than in
# memory: the engine is told of fewer rows than there are.
BYTES_OF_ROW = 256
BYTES_OF_NUMBER = 8


@dataclass(frozen=True, slots=True)
class MapJob:
    """What is asked for, apart from the files."""

    function: Function
    bound: Sequence[str]
    stabilise: bool
    point: Mapping[str, Any]
    names: Sequence[str] | None
    with_value: bool
    with_hessian: bool
    sources: Mapping[str, str]
    selected: Sequence[str] | None
    prefix: str
    missing: Missing
    error_column: bool
    fail_fast: bool
    delimiter: str | None
    precision: int | None
    engine: str
    threads: int | None
    unbuffered: bool
    strict: bool
    no_color: bool

    @property
    def requested(self) -> tuple[str, ...]:
        """The names to differentiate by, each once."""
        names = self.function.variables if self.names is None else self.names
        return tuple(dict.fromkeys(map(plain_name, names)))

    def asked(self, sources: Mapping[str, str]) -> Asked:
        """What each block is asked for, where variables stand in these columns."""
        return Asked(sources, self.missing, self.with_value, self.requested, self.with_hessian)

    def with_columns(self, columns: Sequence[str]) -> MapJob:
        """The job where a constant that has a column is a variable."""
        constants = constant_columns(self.function, self.bound, self.sources, columns)
        if not constants:
            return self
        bound = (*self.bound, *constants)
        function = Function(self.function.text, variables=bound, stabilise=self.stabilise)
        return replace(self, function=function, bound=bound, sources={**self.sources, **constants})

    @property
    def results(self) -> list[str]:
        """The names of the columns with results."""
        return self.asked({}).results(self.prefix)

    @property
    def added(self) -> list[str]:
        """The names of all columns that are added."""
        return [*self.results, *([f"{self.prefix}error"] if self.error_column else [])]


class Worked(NamedTuple):
    """A block of rows that is ready to be written; of those that failed the place and the reason, by their number."""

    rows: int
    failed: Mapping[int, tuple[str, str]]
    prepared: Any


def run_map(job: MapJob, name: str, given: TableForm | None, to: TableForm | None, path: Path | None) -> int:
    """Runs the job on a file, or on standard input, and gives the exit code."""
    if path is not None and str(path) == "-":
        path = None
    form = form_of_input(name, given)
    out = to or (table_form_of(path) if path else None) or form
    origin = "standard input" if name == "-" else name
    if job.delimiter is not None and TableForm.csv not in (form, out):
        raise AutodiffError("usage", f"--delimiter is for CSV, not for {form}", suggestion="leave it out")
    keeps_all = job.selected is None
    with ExitStack() as stack:
        file = stack.enter_context(opened(name))
        size = size_of(file)
        # Rows that go to the same terminal show themselves how far the run is.
        is_shown = name != "-" and (path is not None or not sys.stdout.isatty())
        progress = Progress(size, is_shown, job.no_color)
        failures = RowFailures(origin, progress.clear)
        if file.isatty():
            print("reading rows from the terminal, up to Ctrl-D; FILE reads them from a file", file=sys.stderr)
        table = opened_table(
            file,
            form,
            origin,
            job.delimiter,
            columns_of_variables(job.function, job.point, job.sources),
            lambda columns: job.with_columns(columns).added if keeps_all else (),
            only_columns=keeps_all and out is not form,
            unbuffered=job.unbuffered,
        )
        shadowing = constant_columns(job.function, job.bound, job.sources, table.columns)
        job = job.with_columns(table.columns)
        notes = [*job.function.notes, *constant_notes(shadowing)]
        refuse_notes(notes, job.strict, job.function.text)
        print_notes(notes)
        refuse_equal(job.added)
        sources = variable_columns(job.function, job.point, job.sources, table, origin)
        selected = read_selected(job.selected, table, origin)
        kept = table.columns if selected is None else selected
        refuse_taken(job.added, kept, origin)
        if form.is_delimited and not out.is_delimited:
            refuse_bytes(kept, origin)
        asked = job.asked(sources)
        threads = job.threads or available_processors()
        # Text is most of the work, and shared by processes; where there is none, the engine has threads of its own.
        processes = threads if form.is_text and out.is_text else 1
        batch = prepared_batch(job, 1 if processes > 1 else threads, expected_rows(table, form, size))
        layout = Layout(form, out, selected, job.results, job.error_column, job.prefix, job.precision, job.delimiter)

        def interrupted() -> None:
            progress.abandon()
            failures.show_count()

        output = opened_output(path, layout, table, set(sources.values()), stack, interrupted)

        def work(rows: RowBlock | Unread) -> Worked:
            block = rows() if isinstance(rows, Unread) else rows
            answers = answers_for(block, batch, asked)
            failed = {row: (block.place(row), reason) for row, reason in answers.blank.items() if reason}
            return Worked(block.count, failed, output.prepared(block, answers))

        stack.enter_context(progress)
        for worked in in_order(iter(table), work, processes):
            if worked.failed and job.fail_fast:
                first = next(iter(worked.failed))
                output.write(output.cut(worked.prepared, first))
                failures.note([worked.failed[first]])
                break  # the file, if there is one, isn't put in place
            output.write(worked.prepared)
            failures.note(worked.failed.values())
            progress.advance(place_in(file), worked.rows)
        else:
            output.close()
    failures.show_count()
    return PARTIAL if failures.count else 0


def prepared_batch(job: MapJob, threads: int, rows: int | None) -> BatchProgram:
    """The program for the rows, with a note where another engine than the one asked for computes them."""
    batch = job.function.batch(
        job.requested, at=job.point, engine=job.engine, threads=threads, hessian=job.with_hessian, rows=rows
    )
    if job.engine not in ("auto", batch.engine.name):
        message = f"the engine {batch.engine.name} computes this formula, not {job.engine}"
        print_notes([Note("other-engine", message)])
    return batch


def expected_rows(table: Table, form: TableForm, size: int | None) -> int | None:
    """How many rows there are, as far as the engine has to know it; None where nothing tells."""
    if table.rows is not None or size is None:
        return table.rows
    return size // (BYTES_OF_ROW if form.is_text else BYTES_OF_NUMBER * max(len(table.columns), 1))


def place_in(file: BinaryIO) -> int:
    """How much of a file was read; 0 for a pipe."""
    try:
        return os.lseek(file.fileno(), 0, os.SEEK_CUR)
    except OSError:
        return 0


def refuse_bytes(kept: Sequence[str], origin: str) -> None:
    """Raises AutodiffError for the name of a column that is no UTF-8, where the form of the output has text only."""
    if not all(map(is_text, kept)):
        raise AutodiffError(
            "malformed-row",
            "the header has bytes that are not UTF-8",
            suggestion="pipe it through iconv -t UTF-8, or leave the column out with --select",
            origin=origin,
        )


def refuse_equal(added: Sequence[str]) -> None:
    """Raises AutodiffError where two new columns would have one name, as d_x_y by x and y, and by x_y."""
    for place, name in enumerate(added):
        if name in added[:place]:
            raise AutodiffError(
                "taken-column",
                f"there would be two new columns '{name}'",
                suggestion="choose names with --wrt, or call a variable otherwise, with --rename",
            )


def refuse_taken(added: Sequence[str], kept: Sequence[str], origin: str) -> None:
    """Raises AutodiffError where a column that is kept has the name of one that is added."""
    for name in added:
        if name in kept:
            raise AutodiffError(
                "taken-column",
                f"there is a column '{name}' already",
                suggestion="give the new ones another beginning, as --prefix new_, or leave it out with --select",
                origin=origin,
            )
