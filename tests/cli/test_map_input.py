"""What `autodiff map` reads: members that come and go, and files that are damaged or odd."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest


def test_a_member_that_nobody_keeps_fails_no_row(shell, tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_text('{"x": 1}\n{"x": 2, "value": 5, "new": 6}\n')
    result = shell("autodiff map x^2 a.ndjson --select x")
    assert result.stdout.splitlines()[1] == '{"x": 2, "value": 4.0, "d_x": 4.0}'
    assert (result.stderr, result.returncode) == ("", 0)
    result = shell("autodiff map x^2 a.ndjson --select x --to csv")
    assert (result.stdout, result.returncode) == ("x,value,d_x\n1,1.0,2.0\n2,4.0,4.0\n", 0)
    result = shell("autodiff map x^2 a.ndjson --to csv")
    assert "there is a column 'value' already" in result.stderr
    assert result.returncode == 4


def test_the_first_object_need_not_have_the_variable(shell, tmp_path: Path) -> None:
    rows = ['{"start": true}', '{"size": 1}', '{"end": true}']
    (tmp_path / "a.ndjson").write_text("\n".join(rows) + "\n")
    for options in ("", "--unbuffered"):
        result = shell(f"cat a.ndjson | autodiff map 'log(size)' - --from ndjson {options}")
        written = list(map(json.loads, result.stdout.splitlines()))
        assert [row["value"] for row in written] == [None, 0.0, None]
        assert result.stderr.splitlines() == [
            f"error[malformed-row]: column 'size' has nothing in line {line} of standard input" for line in (1, 3)
        ]
        assert result.returncode == 4
    assert shell("autodiff map 'log(size)' a.ndjson --missing skip").returncode == 0
    result = shell("autodiff map 'log(size)' a.ndjson --select size --to csv --missing skip")
    assert result.stdout == "size,value,d_size\n,,\n1,0.0,1.0\n,,\n"
    result = shell("autodiff map 'log(sise)' a.ndjson")
    assert result.stderr.startswith("error[missing-column]: there is no column 'sise' in a.ndjson\n")
    assert (result.stdout, result.returncode) == ("", 2)


def test_objects_are_not_looked_for_without_end(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "autodiff", "map", "x", "-", "--from", "ndjson"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdin.write(b"no object\n" * 1_000)
        process.stdin.flush()
        assert process.stderr.readline().startswith(b"error[malformed-row]: line 1 is no JSON object")
        process.stdin.close()
        assert process.wait() == 2


def test_json_beyond_binary64_is_read(shell, tmp_path: Path) -> None:
    digits = "1" + "0" * 5000
    (tmp_path / "a.ndjson").write_text(
        f'{{"x": 1e400, "n": 7}}\n{{"x": 1, "s": "\\ud800"}}\n{{"x": -{digits}, "s": "\\ud800"}}\n{{"x": NaN}}\n'
    )
    result = shell("autodiff map x a.ndjson --wrt ''")
    assert result.stdout.splitlines()[:2] == [
        '{"x": 1e400, "n": 7, "value": "Infinity"}',
        '{"x": 1, "s": "\\ud800", "value": 1.0}',
    ]
    assert result.stdout.splitlines()[2].endswith('"value": "-Infinity"}')
    assert result.stderr == (
        "error[malformed-row]: the row is not JSON: NaN is no number there in line 4 of a.ndjson\n"
    )
    (tmp_path / "b.ndjson").write_text('{"x": 1, "\\ud800": "\\ud800"}\n')
    assert shell("autodiff map x b.ndjson --wrt '' --to csv").stdout == "x,\\ud800,value\n1,\\ud800,1.0\n"
    result = shell("autodiff map x b.ndjson --wrt '' --select '' --to ndjson")
    assert result.stdout == '{"value": 1.0}\n'
    (tmp_path / "c.ndjson").write_text('{"x": 1, "s": "\\ud800"}\n')
    assert shell("autodiff map x c.ndjson --wrt '' --select s").stdout == '{"s": "\\ud800", "value": 1.0}\n'


def test_an_arrow_file_is_read_as_a_stream_is(shell, tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import ipc

    with ipc.new_file(tmp_path / "a.arrow", pyarrow.schema([("x", pyarrow.float64())])) as out:
        for numbers in ([1.0, 2.0], [3.0]):
            out.write_batch(pyarrow.record_batch([pyarrow.array(numbers)], names=["x"]))
    expected = "x,value,d_x\n1.0,1.0,2.0\n2.0,4.0,4.0\n3.0,9.0,6.0\n"
    assert shell("autodiff map x^2 a.arrow --to csv").stdout == expected
    assert shell("autodiff map x^2 - --from arrow --to csv < a.arrow").stdout == expected
    result = shell("cat a.arrow | autodiff map x^2 - --from arrow --to csv")
    assert result.stderr.splitlines()[1] == "  give the file by its name"
    assert result.returncode == 2


def test_damaged_files_are_refused(shell, tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.arange(100.0))
    content = bytearray((tmp_path / "a.npz").read_bytes())
    content[400] ^= 1
    (tmp_path / "a.npz").write_bytes(content)
    np.savez_compressed(tmp_path / "b.npz", x=np.arange(100.0))
    content = bytearray((tmp_path / "b.npz").read_bytes())
    content[60:120] = b"\xff" * 60
    (tmp_path / "b.npz").write_bytes(content)
    for name in ("a.npz", "b.npz"):
        result = shell(f"autodiff map x {name} --to csv")
        assert result.stderr.startswith(f"error[unreadable-file]: can't read {name}: ")
        assert result.returncode == 2


def test_two_columns_of_one_name_are_refused(shell, tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import ipc

    batch = pyarrow.record_batch([pyarrow.array([1.0]), pyarrow.array([2.0])], names=["x", "x"])
    with ipc.new_stream(tmp_path / "a.arrow", batch.schema) as out:
        out.write_batch(batch)
    np.save(tmp_path / "x.npy", np.arange(3.0))
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.write(tmp_path / "x.npy", "x.npy")
        archive.write(tmp_path / "x.npy", "x.npy")
    for name in ("a.arrow", "a.npz"):
        result = shell(f"autodiff map x {name} --to csv")
        assert result.stderr.startswith(f"error[name-defined-twice]: there are two columns 'x' in {name}\n")
        assert result.returncode == 2
