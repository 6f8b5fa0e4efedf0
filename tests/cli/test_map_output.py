"""What `autodiff map` writes, in each of its forms."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from autodiff.stream.whole_rows import Rows


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
