"""Real data and long files through `autodiff map`."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

from autodiff import Function

DATASETS = json.loads((Path(__file__).parents[1] / "corpora" / "nist_strd.json").read_text(encoding="utf-8"))
LIMIT = 200 << 10  # KiB


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset["name"])
def test_the_gradients_of_rows_add_up_to_that_of_the_array_program(dataset: dict, tmp_path: Path) -> None:
    """The sum of squared residuals, row by row and summed exactly, against the program over whole columns.

    They are the same sums of the same terms, each of which both compute with some roundings of its own.
    """
    names = [parameter["name"] for parameter in dataset["parameters"]]
    at = {parameter["name"]: float(parameter["start1"]) for parameter in dataset["parameters"]}
    rows = [",".join(dataset["columns"]), *(",".join(row) for row in dataset["data"])]
    (tmp_path / "data.csv").write_text("\n".join(rows) + "\n")
    formula = f"({dataset['response']} - ({dataset['formula']}))^2"
    options = [f"{name}={value!r}" for name, value in at.items()]
    command = ["map", formula, str(tmp_path / "data.csv"), "--wrt", ",".join(names), "--at", ",".join(options)]
    result = subprocess.run([sys.executable, "-m", "autodiff", *command], capture_output=True, text=True, check=True)
    header, *written = [line.split(",") for line in result.stdout.splitlines()]
    width = len(dataset["columns"])
    assert header == [*dataset["columns"], "value", *(f"d_{name}" for name in names)]
    assert [row[:width] for row in written] == dataset["data"]
    columns = {name: [float(row[place]) for row in written] for place, name in enumerate(header)}
    point = {name: columns[name] for name in dataset["columns"]} | at
    value, gradient = Function(f"sum({formula})").value_and_gradient(point, names)
    for name, total in {"value": value, **{f"d_{name}": gradient[name] for name in names}}.items():
        sizes = math.fsum(map(abs, columns[name]))
        assert abs(math.fsum(columns[name]) - total) <= 64 * 2.0**-53 * max(sizes, abs(total)), name


@pytest.mark.slow
def test_a_file_ten_times_as_long_takes_no_more_memory(tmp_path: Path) -> None:
    peaks = []
    for rows in (100_000, 1_000_000):
        path = tmp_path / f"{rows}.csv"
        with path.open("w") as file:
            file.write("x,y,name\n")
            file.writelines(f"{n / 7!r},{n % 13}.5,n{n}\n" for n in range(rows))
        script = "import os, sys; sys.stdout.flush(); pid = os.spawnv(os.P_NOWAIT, sys.argv[1], sys.argv[1:])\n"
        script += "_, status, usage = os.wait4(pid, 0); print(status, usage.ru_maxrss, file=sys.stderr)"
        command = [sys.executable, "-m", "autodiff", "map", "x*y", str(path)]
        result = subprocess.run(
            [sys.executable, "-c", script, *command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        status, peak = map(int, result.stderr.split())
        assert status == 0
        peaks.append(peak)
    assert max(peaks) < LIMIT
    assert peaks[1] < 1.2 * peaks[0]
