"""What `autodiff map` writes, in each of its forms."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autodiff.stream.whole_rows import Rows
from tests.terminal import parts


def test_a_lone_carriage_return_ends_no_row(shell) -> None:
    result = shell("printf 'x,t\\n1,a\\rb\\n2,c\\nbad,d\\n' | autodiff map x --fail-fast | tr '\\r' '@'")
    assert result.stdout == "x,t,value,d_x\n1,a@b,1.0,1.0\n2,c,2.0,1.0\n"
    assert Rows(b"a\rb\nc\nd\n").first(2) == Rows(b"a\rb\nc\n")


def test_nothing_to_add_is_refused(shell) -> None:
    for options in ("3 - --no-value", "'a*b' - --at a=1,b=2 --no-value --wrt ''"):
        result = shell(f"echo '{{\"x\": 1}}' | autodiff map {options} --from ndjson")
        assert result.stderr.startswith("error[usage]: --no-value without derivatives leaves nothing")
        assert (result.stdout, result.returncode) == ("", 2)
    assert shell("echo '{\"x\": 1}' | autodiff map 3 - --from ndjson").stdout == '{"x": 1, "value": 3.0}\n'


def test_dates_and_decimals_of_parquet_have_no_quotes_of_their_own(shell, tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from decimal import Decimal

    from pyarrow import parquet

    table = pyarrow.table(
        {
            "x": pyarrow.array([1.0, 2.0]),
            "price": pyarrow.array([Decimal("1.50"), None]),
            "day": pyarrow.array([0, None], pyarrow.int32()).cast(pyarrow.date32()),
            "time": pyarrow.array([1, None], pyarrow.int64()).cast(pyarrow.timestamp("ns")),
        }
    )
    parquet.write_table(table, tmp_path / "a.parquet")
    result = shell("autodiff map x a.parquet --wrt '' --to csv")
    assert result.stdout.splitlines() == [
        "x,price,day,time,value",
        "1.0,1.50,1970-01-01,1970-01-01T00:00:00.000000001,1.0",
        "2.0,,,,2.0",
    ]
    rows = list(map(json.loads, shell("autodiff map x a.parquet --wrt '' --to ndjson").stdout.splitlines()))
    assert rows[0]["time"] == "1970-01-01T00:00:00.000000001"
    assert rows[1]["time"] is None


def test_times_of_arrays_are_written_as_iso_8601_has_them(shell, tmp_path: Path) -> None:
    times = np.array([1, "NaT"], "datetime64[ns]")
    np.savez(tmp_path / "a.npz", x=np.array([1.0, 2.0]), time=times)
    result = shell("autodiff map x a.npz --wrt '' --to csv")
    assert result.stdout == "x,time,value\n1.0,1970-01-01T00:00:00.000000001,1.0\n2.0,,2.0\n"


def test_two_new_columns_never_share_a_name(shell, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y,x_y\n1,2,3\n")
    result = shell("autodiff map 'x*y*x_y' a.csv --hessian")
    assert result.stderr.startswith("error[taken-column]: there would be two new columns 'd_x_y'\n")
    assert (result.stdout, result.returncode) == ("", 2)
    assert shell("autodiff map x*y a.csv --wrt x,x").stdout == "x,y,x_y,value,d_x\n1,2,3,2.0,2.0\n"
    assert shell("autodiff map x*y a.csv --wrt x,x -o a.npy").returncode == 0


def test_names_may_be_written_with_other_characters(shell) -> None:
    result = shell("printf 'x1\\n3\\n' | autodiff map 'x1^2' --wrt x₁")
    assert result.stdout == "x1,value,d_x1\n3,9.0,6.0\n"


@pytest.mark.filterwarnings("ignore:Stored array in format 3.0")
def test_names_in_greek_pass_through_arrays(shell, tmp_path: Path) -> None:
    result = shell(
        "printf 'ω,x\\n2,3\\n' | autodiff map 'ω*x' -o a.npy && autodiff map 'ω+1' a.npy --prefix n_ -o b.npy"
    )
    assert (result.stderr, result.returncode) == ("", 0)
    assert np.load(tmp_path / "a.npy").dtype.names == ("ω", "x", "value", "d_ω", "d_x")
    assert np.load(tmp_path / "b.npy")["n_value"].tolist() == [3.0]
    np.save(tmp_path / "c.npy", np.array([(2.0,)], [("ω", float)]))
    assert shell("autodiff map 'ω^2' c.npy --to csv").stdout == "ω,value,d_ω\n2.0,4.0,4.0\n"


def test_a_header_that_is_no_text_is_kept_in_csv_and_refused_elsewhere(shell) -> None:
    rows = "printf 'x,h\\xe9\\n2,3\\n' | autodiff map x - --wrt ''"
    assert shell(f"{rows} | iconv -f latin1 -t utf8").stdout == "x,hé,value\n2,3,2.0\n"
    for options in ("--to ndjson", "-o a.npz", "-o a.npy", "-o a.parquet"):
        result = shell(f"{rows} {options}")
        assert result.stderr.splitlines() == [
            "error[malformed-row]: the header has bytes that are not UTF-8 in standard input",
            "  pipe it through iconv -t UTF-8, or leave the column out with --select",
        ]
        assert result.returncode == 2
    assert shell(f"{rows} --to ndjson --select x").stdout == '{"x": 2, "value": 2.0}\n'


def test_arrow_and_parquet_end_well_at_the_first_failure(shell, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    from pyarrow import ipc

    (tmp_path / "a.csv").write_text("x\n1\nbad\n")
    error = "error[malformed-row]: column 'x' has 'bad', which is no number in line 3 of a.csv\n"
    result = shell("autodiff map x a.csv --fail-fast -o b.parquet")
    assert (result.stderr, result.returncode) == (error, 4)
    result = shell("autodiff map x a.csv --fail-fast --to arrow > b.arrow")
    assert (result.stderr, result.returncode) == (error, 4)
    written = (tmp_path / "b.arrow").read_bytes()
    assert ipc.open_stream(written).read_all().to_pylist() == [{"x": 1.0, "value": 1.0, "d_x": 1.0}]
    assert written.endswith(b"\xff\xff\xff\xff\0\0\0\0")  # the end of a stream


def test_a_stream_of_arrow_comes_while_the_input_goes_on() -> None:
    ipc = pytest.importorskip("pyarrow.ipc")
    command = [sys.executable, "-m", "autodiff", "map", "x^2", "-", "--from", "csv", "--to", "arrow", "--unbuffered"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdin.write(b"x\n1\n")
        process.stdin.flush()
        batches = ipc.open_stream(process.stdout)
        assert batches.read_next_batch().to_pylist() == [{"x": 1.0, "value": 1.0, "d_x": 2.0}]
        process.stdin.write(b"3\n")
        process.stdin.flush()
        assert batches.read_next_batch().to_pylist() == [{"x": 3.0, "value": 9.0, "d_x": 6.0}]
        process.stdin.close()
        assert process.wait() == 0


def test_an_array_can_not_go_to_a_pipe(shell) -> None:
    for form in ("npy", "npz", "parquet"):
        result = shell(f"set -o pipefail; printf 'x\\n1\\n' | autodiff map x --to {form} -o /dev/stdout | cat")
        assert result.stderr.startswith(f"error[usage]: {form} can't go to a pipe\n")
        assert (result.stdout, result.returncode) == ("", 2)


def test_an_interrupt_shows_the_cursor_again(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x\n" + "1\n" * 3_000_000)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "autodiff", "map", "x^2", str(tmp_path / "a.csv"), "-o", str(tmp_path / "b.csv")]
    environment = {**os.environ, "TERM": "xterm"}
    environment.pop("NO_COLOR", None)
    process = subprocess.Popen(command, stderr=theirs, env=environment)
    os.close(theirs)
    seen = b""
    for part in parts(ours):
        is_first, seen = b"\x1b[?25l" not in seen, seen + part
        if is_first and b"\x1b[?25l" in seen:
            process.send_signal(signal.SIGINT)
    os.close(ours)
    assert process.wait() == 130
    assert seen.rfind(b"\x1b[?25h") > seen.rfind(b"\x1b[?25l") >= 0
    assert os.listdir(tmp_path) == ["a.csv"]


def test_another_engine_than_the_one_asked_for_is_told(shell) -> None:
    pytest.importorskip("llvmlite")
    result = shell("printf 'x\\n1\\n' | autodiff map 'lambertw(x)' --engine native")
    assert result.stderr == "note[other-engine]: the engine numpy computes this formula, not native\n"
    assert (result.stdout.splitlines()[0], result.returncode) == ("x,value,d_x", 0)
    assert shell("printf 'x\\n1\\n' | autodiff map 'x^2' --engine native").stderr == ""


def test_files_of_numbers_tell_how_many_rows_they_have(shell, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    from autodiff.stream.array_block import ArrayTable
    from autodiff.stream.arrow_block import ArrowTable

    shell("seq 7 | sed 1ix > a.csv; for form in npy npz parquet; do autodiff map x a.csv -o a.$form; done")
    with (tmp_path / "a.npy").open("rb") as npy, (tmp_path / "a.npz").open("rb") as npz:
        assert ArrayTable(npy, "a", is_archive=False).rows == ArrayTable(npz, "a", is_archive=True).rows == 7
    with (tmp_path / "a.parquet").open("rb") as file:
        assert ArrowTable(file, "a", is_parquet=True).rows == 7
