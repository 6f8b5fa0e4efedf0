"""`autodiff map`."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from autodiff import Function
from tests.terminal import parts

EXAMPLE = "sigmoid(sinh(x)) * y^2"
FAULTS = (
    b'\xef\xbb\xbfname,x,"y"\r\n"Ann, B.",1,2\r\nBob,,3\r\n\r\nCy,abc,1\r\nDi,1\r\nEd,1,2,3\r\n"F\r\nG",1e2,-3\r\n'
    b'"open,1,2\r\nH\xe9,nan,1\r\nIda,1000,1'
)


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def started(*arguments: str, **options) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "autodiff", "map", *arguments], **options)


def test_rows_come_back_with_value_and_gradient(shell, tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("name,x,y\nA,0.4,2\nB,-1,.5\n")
    result = shell(f"autodiff map '{EXAMPLE}' points.csv > out.csv")
    assert (result.stderr, result.returncode) == ("", 0)
    rows = table((tmp_path / "out.csv").read_text())
    assert list(rows[0]) == ["name", "x", "y", "value", "d_x", "d_y"]
    for row in rows:
        value, slopes = Function(EXAMPLE).value_and_gradient(x=float(row["x"]), y=float(row["y"]))
        assert math.isclose(float(row["value"]), value, rel_tol=1e-15)
        assert math.isclose(float(row["d_x"]), slopes["x"], rel_tol=1e-14)
        assert math.isclose(float(row["d_y"]), slopes["y"], rel_tol=1e-15)


def test_standard_input_needs_no_name(shell) -> None:
    assert shell("printf 'x\\n3\\n' | autodiff map x^2").stdout == "x,value,d_x\n3,9.0,6.0\n"
    assert shell("printf 'x\\n3\\n' | autodiff map -x^2 -").stdout == "x,value,d_x\n3,-9.0,-6.0\n"


def test_options_choose_the_columns_that_are_added(shell) -> None:
    rows = "printf 'x,y\\n1,2\\n'"
    assert shell(f"{rows} | autodiff map 'x^2*y' - --wrt y --no-value").stdout == "x,y,d_y\n1,2,1.0\n"
    result = shell(f"{rows} | autodiff map 'x^2*y' - --no-value --hessian --prefix f_")
    assert result.stdout == "x,y,f_d_x,f_d_y,f_d_x_x,f_d_x_y,f_d_y_x,f_d_y_y\n1,2,4.0,1.0,4.0,2.0,2.0,0.0\n"
    assert shell(f"{rows} | autodiff map 'x/y' - --select y --wrt x").stdout == "y,value,d_x\n2,0.5,0.5\n"
    assert shell(f"{rows} | autodiff map 'x/y' - --select '' --wrt x").stdout == "value,d_x\n0.5,0.5\n"
    assert shell(f"{rows} | autodiff map 'x/3' - --wrt x --precision 3").stdout == "x,y,value,d_x\n1,2,0.333,0.333\n"


def test_variables_may_have_other_columns_or_fixed_values(shell) -> None:
    rows = "printf 'width,height\\n3,5\\n'"
    result = shell(f"{rows} | autodiff map 'k*x*y' - --at k=2 --rename x=width,y=height --wrt x,k")
    assert result.stdout == "width,height,value,d_x,d_k\n3,5,30.0,10.0,15.0\n"
    result = shell(f"{rows} | autodiff map 'k*width' - --at k=2,width=1")
    assert result.stderr.startswith(
        "error[value-given-twice]: 'width' has a column and a fixed value in standard input"
    )
    assert result.returncode == 2
    result = shell(f"{rows} | autodiff map 'Width' -")
    assert (
        result.stderr == "error[missing-column]: there is no column 'Width' in standard input\n  --rename Width=width\n"
    )
    assert shell(f"{rows} | autodiff map 'width' - --rename z=width").stderr.startswith("error[unknown-name]")
    # e is a constant until it is bound.
    assert shell("printf 'e\\n3\\n' | autodiff map 'e^1' - --rename e=e").stdout == "e,value,d_e\n3,3.0,1.0\n"


def test_a_column_named_like_a_constant_is_the_variable(shell, tmp_path: Path) -> None:
    note = "note[column-of-constant]: 'e' is the column, not the constant; --at e=e takes the constant\n"
    result = shell("""printf '{"e":5,"x":2}\\n' | autodiff map 'e*x' - --from ndjson""")
    assert (result.stdout, result.stderr) == ('{"e":5,"x":2, "value": 10.0, "d_e": 2.0, "d_x": 5.0}\n', note)
    rows = "printf 'x,e,tau\\n2,5,7\\n'"
    result = shell(f"{rows} | autodiff map 'e*x' -")
    assert (result.stdout, result.stderr) == ("x,e,tau,value,d_e,d_x\n2,5,7,10.0,2.0,5.0\n", note)
    np.savez(tmp_path / "a.npz", pi=np.array([3.0]))
    assert shell("autodiff map 'pi*2' a.npz --to csv").stdout == "pi,value,d_pi\n3.0,6.0,2.0\n"
    assert shell("printf 'π\\n4\\n' | autodiff map 'π/2'").stdout == "π,value,d_π\n4,2.0,0.5\n"
    assert shell(f"{rows} | autodiff map 'e*x' - --strict").stderr.startswith("error[strict-note]")


def test_a_fixed_value_keeps_the_constant_that_has_a_column(shell) -> None:
    rows = "printf 'x,e\\n2,5\\n'"
    result = shell(f"{rows} | autodiff map 'e*x' - --at e=e --wrt x")
    assert (result.stdout, result.stderr) == ("x,e,value,d_x\n2,5,5.43656365691809,2.718281828459045\n", "")
    assert shell(f"{rows} | autodiff map 'x+1' -").stderr == ""
    assert shell(f"{rows} | autodiff map 'e=2x; e+1' -").stdout == "x,e,value,d_x\n2,5,5.0,2.0\n"
    assert shell(f"{rows} | autodiff map 'e*x' - --rename e=x").stderr == ""


def test_a_column_that_is_there_already_is_an_error(shell) -> None:
    for form, rows in (("csv", "x,d_x\\n1,2\\n"), ("ndjson", '{"x": 1, "d_x": 2}\\n')):
        result = shell(f"printf '{rows}' | autodiff map 'x^2' - --from {form}")
        assert result.stderr.splitlines() == [
            "error[taken-column]: there is a column 'd_x' already in standard input",
            "  give the new ones another beginning, as --prefix new_, or leave it out with --select",
        ]
        assert (result.stdout, result.returncode) == ("", 2)
        for option in ("--prefix new_", "--select x"):
            assert shell(f"printf '{rows}' | autodiff map 'x^2' - --from {form} {option}").returncode == 0


def test_line_ends_and_blank_lines_stay_as_they_were(shell) -> None:
    result = shell("printf 'x,y\\n1,2\\r\\n\\n3,4\\n \\n5,6\\r\\n' | autodiff map x - --no-value | od -An -c")
    written = "x,y,d_x\\n 1,2,1.0\\r\\n \\n 3,4,1.0\\n \\n 5,6,1.0\\r\\n".replace(" ", "")
    assert "".join(result.stdout.split()) == written
    result = shell("printf '\\n\\nx,y\\n\\n1,2\\n\\n' | autodiff map x - --no-value --select y")
    assert result.stdout == "\n\ny,d_x\n\n2,1.0\n\n"


def test_an_empty_line_of_one_column_is_a_row_without_a_number(shell) -> None:
    result = shell("printf 'x\\n1\\n\\n3\\n' | autodiff map x -")
    assert result.stdout == "x,value,d_x\n1,1.0,1.0\n,,\n3,3.0,1.0\n"
    assert result.stderr == "error[malformed-row]: column 'x' has nothing in line 3 of standard input\n"
    assert result.returncode == 4


def test_rows_that_are_none_are_written_as_they_stand(shell) -> None:
    result = shell("""printf 'x,y\\n1,2,3\\n"1"a,2\\n3\\n"1,2\\n' | autodiff map x - --no-value""")
    assert result.stdout == 'x,y,d_x\n1,2,3,\n"1"a,2,\n3,,\n"1,2,\n'
    assert result.returncode == 4


def test_lines_that_end_with_carriage_returns_alone_are_refused(shell) -> None:
    result = shell("printf 'x,y\\r1,2\\r3,4\\r' | autodiff map x -")
    assert result.stderr.splitlines() == [
        "error[unreadable-file]: can't read standard input: its lines end with carriage returns alone",
        "  pipe it through tr '\\r' '\\n'",
    ]
    assert (result.stdout, result.returncode) == ("", 2)


def test_a_file_of_faults_gives_each_its_own_row(shell, tmp_path: Path) -> None:
    (tmp_path / "faults.csv").write_bytes(FAULTS)
    result = shell("autodiff map 'exp(x)*y' faults.csv --error-column -o out.csv")
    written = (tmp_path / "out.csv").read_bytes()
    lines = written.split(b"\r\n")
    assert lines[0] == b'\xef\xbb\xbfname,x,"y",value,d_x,d_y,error'
    assert lines[1].startswith(b'"Ann, B.",1,2,5.43656365691809,5.43656365691809,2.71828182845904')
    assert lines[2] == b"Bob,,3,,,,column 'x' has nothing"
    assert lines.pop(3) == b""
    assert lines[3] == b"Cy,abc,1,,,,\"column 'x' has 'abc', which is no number\""
    assert lines[4] == b"Di,1,,,,,the row has 2 cells instead of 3"
    assert lines[5] == b"Ed,1,2,3,,,,the row has 4 cells instead of 3"
    assert lines[6:8] == [b'"F', lines[7]]
    assert lines[7].startswith(b'G",1e2,-3,-8.06435142544')
    assert lines[8] == b'"open,1,2,,,,the row has a quote that is not closed'
    assert lines[9:] == [b"H\xe9,nan,1,nan,nan,nan,", b"Ida,1000,1,inf,inf,inf,", b""]
    assert [error.rpartition(" in ")[2] for error in result.stderr.splitlines()] == [
        f"line {number} of faults.csv" for number in (3, 5, 6, 7, 10)
    ]
    assert (result.stdout, result.returncode) == ("", 4)


def test_the_first_failures_are_shown_and_the_others_counted(shell) -> None:
    result = shell("(echo x; seq 9 | sed 's/$/a/') | autodiff map x")
    assert len(result.stderr.splitlines()) == 6
    assert result.stderr.splitlines()[-1] == "4 more rows failed"
    assert result.stdout.splitlines()[1] == "1a,,"
    assert result.returncode == 4


def test_missing_numbers_fail_or_are_left_empty_or_nan(shell) -> None:
    rows = "printf 'x,y\\n,1\\n2,1\\n'"
    failing = shell(f"{rows} | autodiff map x*y")
    assert (failing.stdout.splitlines()[1], failing.returncode) == (",1,,,", 4)
    skipping = shell(f"{rows} | autodiff map x*y --missing skip")
    assert (skipping.stdout.splitlines()[1], skipping.stderr, skipping.returncode) == (",1,,,", "", 0)
    with_nan = shell(f"{rows} | autodiff map x*y --missing nan")
    assert (with_nan.stdout.splitlines()[1:], with_nan.returncode) == ([",1,nan,1.0,nan", "2,1,2.0,1.0,2.0"], 0)


def test_fail_fast_stops_at_the_first_failure(shell, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x\n1\n2\nc\n4\ne\n")
    result = shell("autodiff map x^2 a.csv --fail-fast")
    assert result.stdout == "x,value,d_x\n1,1.0,2.0\n2,4.0,4.0\n"
    assert result.stderr == "error[malformed-row]: column 'x' has 'c', which is no number in line 4 of a.csv\n"
    assert result.returncode == 4
    assert shell("autodiff map x^2 a.csv --fail-fast -o b.csv; ls -A").stdout == "a.csv\n"


def test_other_delimiters_are_found_or_given(shell) -> None:
    assert shell("printf 'x;y\\n1;2\\n' | autodiff map x*y --no-value").stdout == "x;y;d_x;d_y\n1;2;2.0;1.0\n"
    result = shell("printf 'x|y\\n1|2\\n' | autodiff map x*y --no-value --delimiter '|'")
    assert result.stdout == "x|y|d_x|d_y\n1|2|2.0|1.0\n"
    assert shell("printf 'x\\ty\\n1\\t2\\n' | autodiff map y --from tsv").stdout == "x\ty\tvalue\td_y\n1\t2\t2.0\t1.0\n"
    result = shell('echo \'{"x": 1, "s": "a;b"}\' | autodiff map x - --from ndjson --to csv --delimiter \';\'')
    assert result.stdout == 'x;s;value;d_x\n1;"a;b";1.0;1.0\n'
    result = shell("autodiff map x - --from ndjson --delimiter ';'")
    assert result.stderr.startswith("error[usage]: --delimiter is for CSV, not for ndjson")
    assert shell("autodiff map x - --delimiter ab").stderr.startswith("error[bad-value]: 'ab' can't separate cells")


def test_json_lines_keep_their_members(shell, tmp_path: Path) -> None:
    lines = ['{"x": 1, "a": [1,2]}', '{"x":"Infinity"}', '{"x": null}', "[1]", "nothing", '{"x":2,"value":1}', "{}"]
    (tmp_path / "a.ndjson").write_text("\n".join(lines))
    result = shell("autodiff map 'log(x)' a.ndjson --error-column")
    written = result.stdout.splitlines()
    assert written[0] == '{"x": 1, "a": [1,2], "value": 0.0, "d_x": 1.0, "error": ""}'
    assert written[1] == '{"x":"Infinity", "value": "Infinity", "d_x": 0.0, "error": ""}'
    rows = list(map(json.loads, written))
    assert [row["error"] for row in rows[2:]] == [
        "column 'x' has nothing",
        "the row is no JSON object",
        "the row is not JSON: expecting value at column 1",
        "there is a column 'value' already",
        "column 'x' has nothing",
    ]
    assert [row["value"] for row in rows[2:]] == [None] * 5
    assert [row["text"] for row in rows[3:6]] == lines[3:6]
    assert result.returncode == 4


def test_a_line_that_is_no_object_puts_nothing_into_the_columns(shell, tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_text('{"x": 1, "text": "a"}\nnot json\n5\n')
    result = shell("autodiff map x a.ndjson --no-value --select x")
    assert result.stdout == '{"x": 1, "d_x": 1.0}\n{"x": null, "d_x": null}\n{"x": null, "d_x": null}\n'
    assert shell("autodiff map x a.ndjson --no-value --to csv").stdout == "x,text,d_x\n1,a,1.0\n,,\n,,\n"
    rows = list(map(json.loads, shell("autodiff map x a.ndjson").stdout.splitlines()))
    assert rows[1] == {"text_": "not json", "value": None, "d_x": None}
    shell("autodiff map x a.ndjson --select x -o a.npz")
    assert np.isnan(np.load(tmp_path / "a.npz")["x"]).tolist() == [False, True, True]


def test_an_object_with_a_member_too_many_keeps_its_cells(shell) -> None:
    rows = """printf '{"x":1,"y":2}\\n{"x":3,"y":4,"z":5}\\n'"""
    result = shell(f"{rows} | autodiff map 'x*y' - --from ndjson --to csv --no-value")
    assert result.stdout == "x,y,d_x,d_y\n1,2,2.0,1.0\n3,4,,\n"
    assert result.stderr == "error[malformed-row]: the first row has no column 'z' in line 2 of standard input\n"
    assert result.returncode == 4


def test_what_is_no_json_lines_is_told_by_its_first_line(shell) -> None:
    for rows in ("x,y\\n1,2\\n", '[{"x":1}]\\n', "\\n\\n[\\n"):
        result = shell(f"printf '{rows}' | autodiff map x - --from ndjson")
        line = 3 if rows.startswith("\\n") else 1
        assert result.stderr.startswith(f"error[malformed-row]: line {line} is no JSON object in standard input\n")
        assert (result.stdout, result.returncode) == ("", 2)


def test_a_table_of_json_without_rows_has_none_behind(shell, tmp_path: Path) -> None:
    result = shell("printf '' | autodiff map 'x*y' - --from ndjson | autodiff map 'value' - --from ndjson")
    assert (result.stdout, result.stderr, result.returncode) == ("", "", 0)
    result = shell("printf '\\n' | autodiff map 'x*y' - --from ndjson --to csv")
    assert (result.stdout, result.stderr, result.returncode) == ("value,d_x,d_y\n", "", 0)
    assert shell("touch a.ndjson; autodiff map x a.ndjson -o b.npz").returncode == 0


FORMS = ("csv", "tsv", "ndjson", "npy", "npz", "parquet", "arrow")


# Every form is on both sides at each distance; the slow ones make up the rest of the pairs.
@pytest.mark.parametrize("apart", [1, 3, *(pytest.param(apart, marks=pytest.mark.slow) for apart in (0, 2, 4, 5, 6))])
def test_every_form_becomes_every_other(apart: int, shell, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    (tmp_path / "a.csv").write_text("x,y\n1,2\n0.1,1e300\n-3,5e-324\n")
    shell("; ".join(f"autodiff map 'x*y' a.csv -o b.{form}" for form in FORMS))
    for place, form in enumerate(FORMS):
        to = FORMS[(place + apart) % len(FORMS)]
        result = shell(
            f"autodiff map '2*value' b.{form} --prefix n_ -o c.{to} && autodiff map x c.{to} --to csv --prefix m_"
        )
        rows = table(result.stdout)
        assert ",".join(rows[0]) == "x,y,value,d_x,d_y,n_value,n_d_value,m_value,m_d_x"
        found = [[float(row[name]) for name in ("x", "y", "value", "n_value")] for row in rows]
        assert found == [[1, 2, 2, 4], [0.1, 1e300, 1e299, 2e299], [-3, 5e-324, -1.5e-323, -3e-323]], (form, to)


def test_compressed_input_is_told(shell, tmp_path: Path) -> None:
    shell("printf 'x\\n1\\n' | gzip > a.csv.gz; cp a.csv.gz b.csv; cp a.csv.gz c.npz")
    for name in ("a.csv.gz", "b.csv", "c.npz"):
        result = shell(f"autodiff map x {name}")
        assert result.stderr.splitlines() == [
            f"error[unreadable-file]: can't read {name}: it is compressed",
            f"  gunzip -c {name} | autodiff map ... -",
        ]
        assert (result.stdout, result.returncode) == ("", 2)
    for form in ("csv", "ndjson"):
        result = shell(f"cat a.csv.gz | autodiff map x - --from {form}")
        assert result.stderr.splitlines()[1] == "  gunzip -c FILE | autodiff map ... -"
        assert result.returncode == 2


def test_standard_output_has_a_name(shell) -> None:
    result = shell("printf 'x\\n3\\n' | autodiff map x^2 - -o -; ls")
    assert result.stdout == "x,value,d_x\n3,9.0,6.0\n"


def test_bytes_that_are_no_text_are_shown_as_bytes(shell) -> None:
    result = shell("printf 'x,y\\xff\\n1,2\\n' | autodiff map z")
    assert "there is x, y\\xff;" in result.stderr


def test_columns_of_arrays_keep_their_types(shell, tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=[True, False], y=[2, 3], s=["a", "é"], n=[2**60 + 1, 5])
    for form in ("npz", "npy"):
        result = shell(f"autodiff map 'x*y' a.npz -o b.{form}; autodiff map y b.{form} --prefix m_ -o c.npz")
        assert (result.stderr, result.returncode) == ("", 0)
        read = np.load(tmp_path / "c.npz")
        assert {name: read[name].tolist() for name in ("x", "y", "s", "n", "value", "d_y")} == {
            "x": [True, False],
            "y": [2, 3],
            "s": ["a", "é"],
            "n": [2**60 + 1, 5],
            "value": [2.0, 0.0],
            "d_y": [1.0, 0.0],
        }


def test_a_form_that_needs_a_file_says_so(shell, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,n\n1,b\n")
    assert "npz can't go to standard output" in shell("autodiff map x a.csv --to npz").stderr
    assert "standard input can't be parquet" in shell("autodiff map x - --from parquet").stderr
    assert "column 'n' has 'b', which is no number" in shell("autodiff map x a.csv -o a.npz").stderr
    assert "the name a.dat tells no form" in shell("cp a.csv a.dat; autodiff map x a.dat").stderr
    assert shell("ls -A").stdout == "a.csv\na.dat\n"


def test_arrow_and_parquet_need_their_package(shell) -> None:
    result = shell("echo 'raise ImportError' > pyarrow.py; printf 'x\\n1\\n' | autodiff map x --to arrow")
    assert result.stderr.splitlines() == [
        "error[missing-package]: Arrow and Parquet need the package pyarrow, which is not installed",
        "  pip install 'autodiff-cli[arrow]'",
    ]
    assert result.returncode == 2


def test_arrow_streams_through_pipes_and_keeps_its_types(shell, tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import ipc

    with ipc.new_stream(
        tmp_path / "a.arrow", pyarrow.schema([("n", pyarrow.int64()), ("s", pyarrow.large_string())])
    ) as out:
        for n, s in (([2**60 + 1, None], ["a", None]), ([3], ["c"])):
            out.write_batch(
                pyarrow.record_batch(
                    [pyarrow.array(n, pyarrow.int64()), pyarrow.array(s, pyarrow.large_string())], names=["n", "s"]
                )
            )
    result = shell("cat a.arrow | autodiff map 'n/2' - --from arrow --to arrow > b.arrow")
    assert (result.stderr, result.returncode) == (
        "error[malformed-row]: column 'n' has nothing in row 2 of standard input\n",
        4,
    )
    read = ipc.open_stream(tmp_path / "b.arrow").read_all()
    assert [str(field.type) for field in read.schema] == ["int64", "large_string", "double", "double"]
    assert read.column("n").to_pylist() == [2**60 + 1, None, 3]
    assert read.column("value").to_pylist() == [2.0**59, None, 1.5]


def test_output_comes_while_the_input_goes_on(tmp_path: Path) -> None:
    for options in ((), ("--unbuffered",)):
        with started("x^2", "-", *options, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            process.stdin.write(b"x\n1\n2")
            process.stdin.flush()
            assert process.stdout.readline() == b"x,value,d_x\n"
            assert process.stdout.readline() == b"1,1.0,2.0\n"
            process.stdin.write(b"5\n")
            process.stdin.flush()
            assert process.stdout.readline() == b"25,625.0,50.0\n"
            process.stdin.close()
            assert process.wait() == 0


def test_failures_are_reported_while_the_input_goes_on() -> None:
    pipe = subprocess.PIPE
    with started("x^2", "-", stdin=pipe, stdout=pipe, stderr=pipe) as process:
        process.stdin.write(b"x\n" + b"a\n" * 8)
        process.stdin.flush()
        expected = b"error[malformed-row]: column 'x' has 'a', which is no number in line %d of standard input\n"
        assert [process.stderr.readline() for _ in range(5)] == [expected % line for line in range(2, 7)]
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == b"3 more rows failed\n"
        assert process.wait() == 130


def test_a_closed_pipe_ends_quietly(shell) -> None:
    result = shell("set -o pipefail; (echo x; seq 300000) | autodiff map x^2 | head -2; echo ${PIPESTATUS[1]}")
    assert result.stdout == "x,value,d_x\n1,1.0,2.0\n0\n"
    assert result.stderr == ""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_whole_rows(tmp_path: Path, number: signal.Signals) -> None:
    rows = "".join(f'"a\nb",{n}.25\n' for n in range(200_000))
    (tmp_path / "a.csv").write_text("text,x\n" + rows)
    with started("x^2", str(tmp_path / "a.csv"), stdout=subprocess.PIPE) as process:
        taken = process.stdout.read(100_000)
        process.send_signal(number)
        taken += process.stdout.read()
        assert process.wait() == 128 + number
    found = list(csv.reader(io.StringIO(taken.decode()), strict=True))
    assert taken.endswith(b"\n")
    assert [row[1] for row in found[1:]] == [f"{n}.25" for n in range(len(found) - 1)]
    assert {len(row) for row in found} == {4}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_an_interrupt_leaves_the_file_as_it_was(tmp_path: Path, number: signal.Signals) -> None:
    (tmp_path / "out.csv").write_text("before\n")
    with started("x^2", "-", "-o", str(tmp_path / "out.csv"), stdin=subprocess.PIPE) as process:
        process.stdin.write(b"x\n1\n")
        process.stdin.flush()
        deadline = time.monotonic() + 20
        while len(os.listdir(tmp_path)) < 2 and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(number)
        assert process.wait() == 128 + number
    assert os.listdir(tmp_path) == ["out.csv"]
    assert (tmp_path / "out.csv").read_text() == "before\n"


def test_a_file_may_be_replaced_by_its_own_answers(shell, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x\n3\n")
    (tmp_path / "a.csv").chmod(0o640)
    assert shell("autodiff map x^2 a.csv -o a.csv && ls -A").stdout == "a.csv\n"
    assert (tmp_path / "a.csv").read_text() == "x,value,d_x\n3,9.0,6.0\n"
    assert (tmp_path / "a.csv").stat().st_mode & 0o777 == 0o640


def test_a_terminal_sees_how_far_a_file_is(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x\n" + "1\n" * 1_500_000)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "autodiff", "map", "x^2", str(tmp_path / "a.csv"), "-o", os.devnull]
    process = subprocess.Popen(command, stderr=theirs, env={**os.environ, "TERM": "xterm"})
    os.close(theirs)
    seen = b"".join(parts(ours))
    os.close(ours)
    assert process.wait() == 0
    assert b"rows" in seen
    assert b"%" in seen


def test_a_terminal_is_told_that_rows_are_waited_for() -> None:
    ours, theirs = pty.openpty()
    pipe = subprocess.PIPE
    with started("x^2", stdin=theirs, stdout=pipe, stderr=pipe) as process:
        assert process.stderr.readline().startswith(b"reading rows from the terminal")
        os.write(ours, b"x\n3\n\x04")
        assert process.stdout.read() == b"x,value,d_x\n3,9.0,6.0\n"
    os.close(ours)
    os.close(theirs)


def test_the_engine_and_the_threads_change_nothing(shell, tmp_path: Path) -> None:
    numbers = np.random.default_rng(4).normal(size=(60_000, 2)).tolist()
    (tmp_path / "a.csv").write_text("x,y\n" + "".join(f"{x!r},{y!r}\n" for x, y in numbers))
    for threads in (1, 3):
        result = shell(f"autodiff map '{EXAMPLE}' a.csv --threads {threads} --engine numpy -o {threads}.csv")
        assert (result.stderr, result.returncode) == ("", 0)
    assert (tmp_path / "1.csv").read_bytes() == (tmp_path / "3.csv").read_bytes()
    pytest.importorskip("llvmlite")
    result = shell(f"autodiff map '{EXAMPLE}' a.csv --engine native -o native.csv")
    assert (result.stderr, result.returncode) == ("", 0)
    numpy, native = (np.loadtxt(tmp_path / f"{name}.csv", delimiter=",", skiprows=1) for name in ("1", "native"))
    assert np.allclose(native, numpy, rtol=1e-13, atol=0)
    assert shell("autodiff map x a.csv --engine abacus").returncode == 2


def test_mistakes_on_the_command_line_are_told(shell) -> None:
    assert shell("autodiff map x a.csv b.csv").stderr.startswith(
        "error[usage]: there is more than a formula and a file"
    )
    assert shell("autodiff map").stderr.splitlines() == [
        "error[usage]: there is no formula",
        '  give one, like autodiff map "x^2" -',
    ]
    assert shell("autodiff map x missing.txt").stderr.startswith("error[unreadable-file]: can't read missing.txt: No")
    assert "@w.npy" not in shell("autodiff map --help").stdout
    assert "did you mean --no-value?" in shell("autodiff map x - --no-vlue").stderr
    assert shell("autodiff map x missing.csv").stderr.startswith("error[unreadable-file]: can't read missing.csv")
    assert "error[not-a-number]" in shell("printf 'x\\n1\\n' | autodiff map '[x, 1]' -").stderr
    assert shell("printf 'x,x\\n1,2\\n' | autodiff map x").stderr.startswith("error[name-defined-twice]")
    assert shell("printf 'x\\n1\\n' | iconv -t UTF-16 | autodiff map x").stderr.startswith("error[unreadable-file]")
