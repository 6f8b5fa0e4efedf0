"""`autodiff map`: value and gradient in every row of a table."""

# Not `from __future__ import annotations`: Typer would have to evaluate each annotation again, twice.
from pathlib import Path
from typing import Annotated

import typer

from autodiff.cli.options import NoColor, NoStabilise, Precision, Wrt
from autodiff.cli.output import split_output
from autodiff.cli.points import read_names, read_point
from autodiff.language.errors import AutodiffError
from autodiff.stream.missing import Missing
from autodiff.stream.table_form import TableForm


def map_rows(
    context: typer.Context,
    arguments: Annotated[
        list[str] | None,
        typer.Argument(
            help="The formula, and the file of rows; without one, or with -, standard input is read.",
            metavar="EXPR [FILE]",
        ),
    ] = None,
    input_form: Annotated[
        TableForm | None,
        typer.Option("--from", help="The form of the rows; else what FILE ends in.", show_default=False),
    ] = None,
    to: Annotated[
        TableForm | None, typer.Option(help="The form of the output; else what -o FILE ends in, or as the rows.")
    ] = None,
    output: Annotated[Path | None, typer.Option(help="Write to a file; also -o FILE.", metavar="FILE")] = None,
    at: Annotated[
        list[str] | None,
        typer.Option(
            help="Fixed values: k=3, k=pi/4,c=2 or @point.json; --at e=e takes the constant where a column is named e.",
            metavar="NAME=VALUE",
            show_default=False,
        ),
    ] = None,
    wrt: Wrt = None,
    no_value: Annotated[bool, typer.Option("--no-value", help="Only derivatives.")] = False,
    hessian: Annotated[bool, typer.Option("--hessian", help="Second derivatives, too: d_x_x, d_x_y, ...")] = False,
    rename: Annotated[
        list[str] | None,
        typer.Option(help="The column that a variable stands in: x=width.", metavar="NAME=COLUMN", show_default=False),
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option(
            help="The columns to keep, in this order; '' for none.",
            metavar="COLUMNS",
            show_default=False,
        ),
    ] = None,
    prefix: Annotated[str, typer.Option(help="What the names of new columns begin with.", metavar="TEXT")] = "",
    missing: Annotated[
        Missing, typer.Option(help="A row without one of its numbers fails, is left empty, or has NaN.")
    ] = Missing.error,
    error_column: Annotated[
        bool, typer.Option("--error-column", help="Add a column error, which says why a row failed.")
    ] = False,
    fail_fast: Annotated[bool, typer.Option("--fail-fast", help="Stop at the first row that fails.")] = False,
    delimiter: Annotated[
        str | None,
        typer.Option(
            help="What separates the cells of CSV; where the rows are none, of the output.",
            metavar="CHARACTER",
            show_default=False,
        ),
    ] = None,
    precision: Precision = None,
    engine: Annotated[str, typer.Option(help="numpy, native or auto.", metavar="ENGINE")] = "auto",
    threads: Annotated[
        int | None,
        typer.Option(help="How much is done at once; as much as there are cores.", min=1, max=256, show_default=False),
    ] = None,
    unbuffered: Annotated[bool, typer.Option("--unbuffered", help="Answer each row before the next is read.")] = False,
    strict: Annotated[
        bool,
        typer.Option("--strict", help="Treat notes on how the formula was read, as on a column named e, as errors."),
    ] = False,
    no_stabilise: NoStabilise = False,
    no_color: NoColor = False,
) -> int:
    """Value and gradient in every row: the same rows, with the columns value, d_x, d_y, ... added.

    \b
    autodiff map "sigmoid(sinh(x)) * y^2" points.csv > out.csv
    autodiff map "k*x^2" points.csv --at k=3 --rename x=width --prefix area_ -o out.csv
    tail -f log.ndjson | autodiff map "log(size)" - --from ndjson --no-value
    autodiff map "x*y" points.csv --select x,y --to npz -o out.npz

    The forms are csv, tsv, ndjson, npy and npz, and with the extra arrow also parquet and arrow; a name like a.txt
    needs --from, and npy, npz and parquet need files, not pipes. Columns that the formula does not use pass through as
    they are, and so do blank lines of CSV; where there is one column, they are rows without a number. A column named
    like a constant, as e, is the variable. Rows flow whenever the input pauses; --unbuffered is for a source that never
    does. A row that fails keeps its place, with nothing in the new columns; the first failures are reported with their
    lines. A result that is not finite is nan, inf or -inf, and no failure.
    Exit codes: 0 done, 2 a formula, file or option that means nothing, 4 some rows failed, 5 a limit. 3 is not used.
    """
    from autodiff.cli.map_job import MapJob, run_map  # only now: --help does without
    from autodiff.function import Function

    words, short_output = split_output(arguments or [])
    text, name = formula_and_file(context, words)
    point = read_point(at or [])
    sources = read_sources(rename or [])
    bound = (*point, *sources)
    function = Function(text, variables=bound, stabilise=not no_stabilise)
    names = read_names(wrt)
    if no_value and not (function.variables if names is None else names):
        raise AutodiffError("usage", "--no-value without derivatives leaves nothing", suggestion="leave it out")
    job = MapJob(
        function=function,
        bound=bound,
        stabilise=not no_stabilise,
        point=point,
        names=names,
        with_value=not no_value,
        with_hessian=hessian,
        sources=sources,
        selected=select,
        prefix=prefix,
        missing=missing,
        error_column=error_column,
        fail_fast=fail_fast,
        delimiter=read_delimiter(delimiter),
        precision=precision,
        engine=engine,
        threads=threads,
        unbuffered=unbuffered,
        strict=strict,
        no_color=no_color,
    )
    return run_map(job, name, input_form, to, short_output or output)


def formula_and_file(context: typer.Context, words: list[str]) -> tuple[str, str]:
    """The formula and the name of the file, standard input if there is none."""
    from autodiff.cli.formula import read_formula

    mistyped = [word for word in words if word.startswith("--")]
    if mistyped:
        read_formula(context, mistyped)
    if len(words) > 2:
        raise AutodiffError("usage", "there is more than a formula and a file", suggestion="put the formula in quotes")
    if words[:1] in ([], ["-"]):
        raise AutodiffError("usage", "there is no formula", suggestion='give one, like autodiff map "x^2" -')
    return read_formula(context, words[:1]), words[1] if len(words) == 2 else "-"


def read_sources(options: list[str]) -> dict[str, str]:
    """The columns in `--rename x=width`, by variable; several in one option are separated by commas."""
    from autodiff.language.builder import plain_name

    sources: dict[str, str] = {}
    for option in options:
        parts = option.split(",")
        for pair in parts if all("=" in part for part in parts) else [option]:
            name, equals, column = pair.partition("=")
            variable = plain_name(name.strip())
            if not equals or not variable.isidentifier() or not column:
                raise AutodiffError("bad-value", f"'{pair}' gives no column to a name", suggestion="--rename x=width")
            if variable in sources:
                raise AutodiffError("value-given-twice", f"'{variable}' is given two columns", suggestion="give it one")
            sources[variable] = column
    return sources


def read_delimiter(written: str | None) -> str | None:
    delimiter = "\t" if written in ("\\t", "tab") else written
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise AutodiffError("bad-value", f"'{written}' can't separate cells", suggestion="--delimiter ';'")
    return delimiter
