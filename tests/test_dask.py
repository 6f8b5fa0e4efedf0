"""`Function.map` on a cluster: a function is sent to other processes, one of which is killed on the way."""

from __future__ import annotations

import os
import pickle
import signal
import time
from pathlib import Path

import numpy as np
import pytest

from autodiff import Function

ROWS, PARTITIONS = 20_000, 40


def test_a_function_pickles() -> None:
    function = pickle.loads(pickle.dumps(Function("sigmoid(sinh(x)) * y^2")))
    assert function.map(x=[0.4], y=[2]).value[0] == Function("sigmoid(sinh(x)) * y^2").map(x=[0.4], y=[2]).value[0]


def test_every_row_is_there_once_though_a_worker_is_killed(tmp_path: Path) -> None:
    dataframe = pytest.importorskip("dask.dataframe", reason="the extra dask is not installed")
    distributed = pytest.importorskip("distributed", reason="the extra dask is not installed")
    import pandas

    function = Function("sigmoid(sinh(x)) * y^2")

    def with_gradient(rows: pandas.DataFrame, folder: Path) -> pandas.DataFrame:
        (folder / f"worker {os.getpid()}").touch()
        killed = folder / "killed"
        if len(rows) and rows["id"].iloc[0] == ROWS // 2 and not killed.exists():
            killed.touch()  # once only
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(0.01)  # so that the other worker has its part of the rows
        result = function.map(x=rows["x"], y=rows["y"])
        return rows.assign(value=result.value, d_x=result.gradient["x"], d_y=result.gradient["y"])

    random = np.random.default_rng(1)
    points = pandas.DataFrame({"id": np.arange(ROWS), "x": random.normal(size=ROWS), "y": random.normal(size=ROWS)})
    meta = points.head(0).assign(value=0.0, d_x=0.0, d_y=0.0)
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, local_directory=str(tmp_path)
        ) as cluster,
        distributed.Client(cluster),
    ):
        table = dataframe.from_pandas(points, npartitions=PARTITIONS)
        found = table.map_partitions(with_gradient, tmp_path, meta=meta).compute()
    assert (tmp_path / "killed").exists()
    assert found["id"].tolist() == list(range(ROWS))
    assert len(list(tmp_path.glob("worker *"))) >= 2
    expected = function.map(x=points["x"], y=points["y"])
    assert found["value"].tolist() == expected.value.tolist()
    assert found["d_x"].tolist() == expected.gradient["x"].tolist()
    assert found["d_y"].tolist() == expected.gradient["y"].tolist()
