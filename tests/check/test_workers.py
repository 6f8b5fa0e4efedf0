"""Workers: order, a time limit that really stops, deaths, memory, and no survivors."""

from __future__ import annotations

import ctypes
import faulthandler
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from autodiff import AutodiffError
from autodiff.check import workers
from autodiff.check.workers import Outcome, in_order


def task(request: Any) -> Any:
    match request:
        case ("sleep", seconds):
            time.sleep(seconds)
        case "power":
            return 9**9**9
        case "recurse":
            return task_forever(0)
        case ("die", number):
            os.kill(os.getpid(), number)
        case "exit":
            os._exit(3)
        case "segfault":
            faulthandler.disable()  # what pytest would print
            ctypes.string_at(0)
        case "error":
            raise AutodiffError("unexpected-end", "the formula ends early", text="x" * 1_000_000)
        case "memory":
            raise MemoryError
        case "unpicklable":
            return lambda: None
        case "print":
            os.write(1, b"noise")
            os.write(2, b"noise")
        case "pid":
            return os.getpid()
        case ("big", size):
            return "y" * size
        case bytes():
            return len(request)
    return request


def task_forever(depth: int) -> int:
    return task_forever(depth + 1) + 1


def outcomes(requests: list[Any], jobs: int = 1, limit: float = 10.0) -> list[Outcome | None]:
    return [outcome for _, outcome in in_order(task, enumerate(requests), jobs, limit)]


def children() -> list[int]:
    return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_outcomes_come_in_the_order_of_the_items(jobs: int) -> None:
    requests = [None if number % 7 == 0 else ("sleep", 0.01) if number % 5 == 0 else number for number in range(200)]
    found = list(in_order(task, ((f"item {n}", request) for n, request in enumerate(requests)), jobs, 10))
    assert [item for item, _ in found] == [f"item {n}" for n in range(200)]
    assert [outcome and outcome.value for _, outcome in found] == requests


@pytest.mark.parametrize("stuck", ["power", ("sleep", 60)])
@pytest.mark.parametrize("jobs", [1, 2])
def test_the_limit_stops_what_python_can_not_interrupt_and_no_other_row_is_lost(stuck: Any, jobs: int) -> None:
    requests = [1, 2, stuck, 3, 4, stuck, *range(5, 40)]
    started = time.monotonic()
    found = outcomes(requests, jobs, limit=0.2)
    assert time.monotonic() - started < 3
    assert found == [Outcome(ran_out=True) if request == stuck else Outcome(request) for request in requests]


def test_the_time_of_one_request_is_not_counted_for_the_next() -> None:
    assert all(not outcome.ran_out for outcome in outcomes([("sleep", 0.15)] * 8, limit=0.6) if outcome)


@pytest.mark.parametrize(
    ("fatal", "said"),
    [
        (("die", signal.SIGKILL), "ended by signal 9"),
        (("die", signal.SIGTERM), "ended by signal 15"),
        ("segfault", "ended by signal 11"),
        ("exit", "ended with code 3"),
        ("memory", "there is not enough memory for this"),
        ("recurse", "RecursionError: maximum recursion depth exceeded"),
        ("unpicklable", "pickle"),
    ],
)
def test_a_worker_that_dies_or_fails_costs_its_own_row_only(fatal: Any, said: str) -> None:
    requests = [1, fatal, *range(2, 12), fatal, 12]
    for request, outcome in zip(requests, outcomes(requests), strict=True):
        assert outcome is not None
        if request == fatal:
            assert outcome.error.startswith("internal-error: ")
            assert said in outcome.error
        else:
            assert outcome == Outcome(request)


def test_an_error_of_the_task_is_its_id_and_message() -> None:
    assert outcomes(["error", 1]) == [Outcome(error="unexpected-end: the formula ends early"), Outcome(1)]


def test_an_interrupt_is_left_to_the_process_that_reads() -> None:
    assert outcomes([1, ("die", signal.SIGINT), 2]) == [Outcome(1), Outcome(("die", signal.SIGINT)), Outcome(2)]


def test_a_worker_that_is_killed_while_it_waits_costs_no_row() -> None:
    def requests() -> Iterator[tuple[int, Any]]:
        for number in range(30):
            if number % 10 == 5:
                time.sleep(0.05)  # now it has nothing to do
                for pid in children():
                    os.kill(pid, signal.SIGKILL)
                time.sleep(0.05)
            yield number, number

    with closing(in_order(task, requests(), 1, 10)) as pairs:
        assert [(item, outcome) for item, outcome in pairs] == [(n, Outcome(n)) for n in range(30)]


def test_requests_and_answers_larger_than_a_pipe_do_not_block() -> None:
    size = 5_000_000
    requests = [b"x" * size, ("big", size), b"", b"x" * size, ("big", size), 1] * 2
    found = [outcome.value for outcome in outcomes(requests, 2) if outcome]
    assert found == [size, "y" * size, 0, size, "y" * size, 1] * 2


def test_what_a_task_prints_goes_nowhere(capfd: pytest.CaptureFixture[str]) -> None:
    outcomes(["print"])
    assert capfd.readouterr() == ("", "")


def test_no_more_is_read_than_a_window() -> None:
    read = 0

    def endless() -> Iterator[tuple[int, Any]]:
        nonlocal read
        while True:
            read += 1
            yield read, ("sleep", 0.3) if read == 1 else b"x" * 1000

    with closing(in_order(task, endless(), 1, 10)) as pairs:
        next(pairs)
        assert read <= workers.WINDOW
        for _ in range(100):
            next(pairs)
        assert read <= 101 + workers.WINDOW


def test_closing_the_iterator_ends_the_workers() -> None:
    before = set(children())
    with closing(in_order(task, ((n, "pid" if n == 0 else ("sleep", 60)) for n in range(9)), 3, 100)) as pairs:
        next(pairs)
        assert len(set(children()) - before) == 3
    assert set(children()) == before


SCRIPT = """
import os, sys, time
from autodiff.check.workers import in_order
def task(request):
    if request:
        time.sleep(0.3)
    return os.getpid()
for item, outcome in in_order(task, ((n, n) for n in range(99)), 3, 1.0):
    print(outcome.value, flush=True)
"""


def test_no_worker_survives_a_reader_that_was_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        found = {int(pid) for pid in children_of(process.pid)}
        assert len(found) == 3
        process.kill()
        end = time.monotonic() + 3
        while any(Path(f"/proc/{pid}").exists() for pid in found) and time.monotonic() < end:
            time.sleep(0.02)
        assert not any(Path(f"/proc/{pid}").exists() and not is_zombie(pid) for pid in found)


def children_of(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def is_zombie(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


def test_workers_that_were_not_forked_do_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    from multiprocessing import get_context

    monkeypatch.setattr(workers, "METHOD", "spawn")
    monkeypatch.setattr(workers, "CONTEXT", get_context("spawn"))
    requests = [(1.5, 2.5), (2.5, 1.5)]
    found = [outcome for _, outcome in in_order(max, enumerate(requests), 1, 10)]
    assert found == [Outcome(2.5), Outcome(2.5)]


def test_without_an_alarm_a_watchdog_stops_what_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "HAS_ALARM", False)
    monkeypatch.setattr(workers, "OUT_OF_TIME", 1)
    assert outcomes([1, ("sleep", 60), 2, "power", 3], limit=0.3) == [
        *(Outcome(1), Outcome(ran_out=True), Outcome(2), Outcome(ran_out=True), Outcome(3)),
    ]
