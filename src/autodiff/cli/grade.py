"""`autodiff grade`: the answers of a class, each with its verdict and score."""

# Not `from __future__ import annotations`: Typer would have to evaluate each annotation again, twice.
import os
import signal
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autodiff.cli.options import NoColor
from autodiff.cli.output import split_output
from autodiff.cli.progress import Progress
from autodiff.cli.row_files import check_resume, form_of_rows, keep_apart, one_file, opened, size_of
from autodiff.language.errors import PARTIAL, AutodiffError
from autodiff.stream.columns import refuse_columns, require_columns
from autodiff.stream.form import Form, form_of
from autodiff.stream.resume import Written, opened_output, skip_rows, written_rows
from autodiff.stream.rows_in import Row, read_table
from autodiff.stream.rows_out import RowWriter, write_whole

if TYPE_CHECKING:
    from autodiff.check.grade import GradedRow
    from autodiff.show.report import Report

REPORTED = 5  # failures that are shown one by one


class Ended(BaseException):  # it is no error
    """A signal asks this process to end; the argument is its number."""


def grade(
    files: Annotated[
        list[str] | None,
        typer.Argument(help="The file with the answers; - reads standard input.", metavar="FILE", show_default=False),
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option(help="A file with columns question, function, ...; answers name their question.", metavar="FILE"),
    ] = None,
    input_form: Annotated[
        Form | None, typer.Option("--from", help="The form of the answers; else what FILE ends in.", show_default=False)
    ] = None,
    to: Annotated[
        Form | None, typer.Option(help="The form of the output; else what -o FILE ends in, or as the answers.")
    ] = None,
    output: Annotated[Path | None, typer.Option(help="Write to a file; also -o FILE.", metavar="FILE")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the file of an interrupted run.")] = False,
    wrt: Annotated[
        str | None, typer.Option(help="The variable of rows that name none.", metavar="NAME", show_default=False)
    ] = None,
    order: Annotated[int, typer.Option(help="The order of rows that give none.", min=1, metavar="N")] = 1,
    assume: Annotated[
        list[str] | None,
        typer.Option(help="Where answers have to hold, for rows that don't say: x > 0.", metavar="CONDITION"),
    ] = None,
    tolerance: Annotated[
        float | None, typer.Option(help="How far off a number may be, relative to it.", min=0, metavar="T")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="An answer must have a value wherever the derivative has one.")
    ] = False,
    jobs: Annotated[
        int | None, typer.Option(help="Processes; as many as there are cores.", min=1, show_default=False)
    ] = None,
    limit: Annotated[
        float, typer.Option(help="Seconds for one row, which is undecided then.", min=0.01, max=1e6, metavar="SECONDS")
    ] = 10.0,
    seed: Annotated[int, typer.Option(help="For the points that answers are compared at.", metavar="N")] = 0,
    report: Annotated[
        Path | None, typer.Option(help="Write a page for the teacher, too: class.html.", metavar="FILE")
    ] = None,
    anonymous: Annotated[bool, typer.Option("--anonymous", help="Leave the names out of the page.")] = False,
    no_color: NoColor = False,
) -> int:
    """The answers of a class, row by row: verdict, score, and what went wrong.

    \b
    autodiff grade answers.csv -o graded.csv
    autodiff grade answers.csv --key key.csv --report class.html > graded.csv
    autodiff grade answers.csv -o graded.csv --resume
    cat answers.ndjson | autodiff grade - --from ndjson --jobs 4 | jq .verdict

    The columns are function and answer, and there may be variable, order, student, question, points and assume
    (conditions with ; between them). All columns are kept, in the order of the rows, and verdict, how, score,
    diagnoses, counterexample and error are added. The same seed gives the same output, whatever --jobs is.
    Exit codes: 0 done, 2 a file or option that means nothing, 4 some rows failed; the others are in the output.
    """
    from autodiff.check.grade import ADDED, added_cells, added_values, conditions_in  # only now: --help does without
    from autodiff.check.grade import grade as graded_rows

    arguments, short_output = split_output(files or [])
    output = short_output or output
    name = one_file(arguments, "grade")
    check_resume(resume, output, report)
    keep_apart(
        {"the answers": Path("/dev/stdin" if name == "-" else name), "--key": key, "-o": output, "--report": report}
    )
    form = form_of_rows(name, input_form)
    out = to or (form_of(output) if output else None) or form
    origin = "standard input" if name == "-" else name
    failures = Failures(origin)
    for number in (signal.SIGINT, signal.SIGTERM):  # so that the workers end first
        signal.signal(number, raise_ended)
    try:
        with ExitStack() as stack:
            file = stack.enter_context(opened(name))
            table = read_table(file, form, origin, only_columns_of_first=out.is_delimited, refused=ADDED)
            require_columns(table, ["answer", "question" if key else "function"], origin)
            refuse_columns(table, ADDED, origin)
            waiting: deque[Row] = deque()
            graded = graded_rows(
                noted(table.rows, waiting),
                key=None if key is None else key_of(key),
                jobs=jobs or usable_cores(),
                limit=limit,
                seed=seed,
                variable=wrt,
                order=order,
                assume=[condition for option in assume or [] for condition in conditions_in(option)],
                tolerance=tolerance,
                strict=strict,
            )
            stack.enter_context(closing(graded))
            writer = RowWriter(table, out, ADDED)
            written = Written(0, 0)
            if resume and output is not None:
                written = written_rows(output, writer, lambda record: failures.see(record, writer))
                skip_rows(table.rows, written, output, writer)
            descriptor = sys.stdout.fileno() if output is None else opened_output(output, written.end)
            if output is not None:
                stack.callback(os.close, descriptor)
            if not written.end:
                write_whole(descriptor, writer.header())
            page = None if report is None else page_for(origin, anonymous, stack)
            # Rows that go to the same terminal show themselves how far the run is.
            is_shown = output is not None or not sys.stdout.isatty()
            progress = stack.enter_context(Progress(size_of(file), is_shown, no_color))
            values = added_cells if out.is_delimited else added_values
            for result in graded:
                row = waiting.popleft()
                write_whole(descriptor, writer.row(row, values(result)))
                failures.note(result, row)
                if page is not None:
                    page.add(result)
                progress.advance(row.end)
            if page is not None and report is not None:
                page.write(report)
    except Ended as ended:
        return 128 + int(ended.args[0])
    failures.show()
    return PARTIAL if failures.count else 0


def raise_ended(number: int, _: object) -> None:
    raise Ended(number)


def usable_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def key_of(path: Path) -> dict[str, Mapping[str, str]]:
    from autodiff.check.key import read_key

    with opened(str(path)) as file:
        table = read_table(file, form_of(path) or Form.csv, str(path))
        require_columns(table, ["question", "function"], str(path))
        return read_key(table.rows, str(path))


def noted(rows: Iterable[Row], waiting: deque[Row]) -> Iterator[Mapping[str, str] | AutodiffError]:
    """What is to be graded of each row, which is put with those that wait for it."""
    for row in rows:
        waiting.append(row)
        yield row.problem or row.fields


def page_for(origin: str, anonymous: bool, stack: ExitStack) -> "Report":
    from autodiff.show.report import Report

    return stack.enter_context(closing(Report(Path(origin).stem, anonymous)))


class Failures:
    """The rows that could not be graded: how many, and the first few."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.count = 0
        self.first: list[AutodiffError] = []

    def see(self, record: bytes, writer: RowWriter) -> None:
        """Counts a row that an interrupted run has written, if its error, which stands last, isn't empty."""
        end = writer.delimiter if writer.form.is_delimited else '"error": ""}'
        self.count += not record.rstrip(b"\r\n").endswith(end.encode())

    def note(self, graded: "GradedRow", row: Row) -> None:
        if graded.error:
            self.count += 1
            if len(self.first) < REPORTED:
                name, _, message = graded.error.partition(": ")
                self.first.append(AutodiffError(name, message, origin=f"line {row.line} of {self.origin}"))

    def show(self) -> None:
        from autodiff.cli.app import print_error

        for error in self.first:
            print_error(error)
        more = self.count - len(self.first)
        if more:
            rows = "row" if more == 1 else "rows"
            print(f"{more} {'more ' if self.first else ''}{rows} failed", file=sys.stderr)
