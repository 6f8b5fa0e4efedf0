"""Pieces that several processes work on."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from autodiff.language.errors import AutodiffError
from autodiff.stream.processes import in_order


def test_what_comes_out_has_the_order_of_what_went_in() -> None:
    def make(number: int) -> tuple[int, int]:
        time.sleep(0.01 * (number % 3))
        return number, os.getpid()

    found = list(in_order(iter(range(30)), make, 3))
    assert [number for number, _ in found] == list(range(30))
    assert len({process for _, process in found}) == 4  # the first pieces are worked on here


def test_large_pieces_pass() -> None:
    pieces = [bytes([number]) * 3_000_000 for number in range(12)]
    assert list(in_order(iter(pieces), lambda piece: piece * 2, 2)) == [piece * 2 for piece in pieces]


def test_everything_is_handed_out_before_the_input_is_waited_for() -> None:
    seen: list[int] = []

    def pieces():
        yield from range(8)
        yield None
        assert seen == list(range(8))
        yield 8

    for number in in_order(pieces(), lambda number: number, 2):
        seen.append(number)
    assert seen == list(range(9))


def test_errors_come_back() -> None:
    def make(number: int) -> int:
        if number == 5:
            raise AutodiffError("bad-value", "five", origin="here")
        return number

    found = in_order(iter(range(9)), make, 2)
    assert [next(found) for _ in range(5)] == [0, 1, 2, 3, 4]
    with pytest.raises(AutodiffError) as caught:
        next(found)
    assert (caught.value.id, caught.value.message, caught.value.origin) == ("bad-value", "five", "here")


def test_a_process_that_is_killed_is_told() -> None:
    here = os.getpid()

    def make(number: int) -> int:
        if number == 5 and os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    with pytest.raises(AutodiffError, match="was ended"):
        list(in_order(iter(range(9)), make, 2))


def test_whoever_stops_early_leaves_no_process() -> None:
    found = in_order(iter(range(100)), lambda number: os.getpid(), 2)
    processes = {next(found) for _ in range(10)} - {os.getpid()}
    assert len(processes) == 2
    found.close()
    for process in processes:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def test_what_can_not_be_sent_back_is_told() -> None:
    here = os.getpid()
    with pytest.raises(Exception, match="pickle"):
        list(in_order(iter(range(9)), lambda number: number if os.getpid() == here else (lambda: number), 2))

    def fail(number: int) -> int:
        if os.getpid() != here:
            error = ValueError("no number")
            error.cause = lambda: number
            raise error
        return number

    with pytest.raises(AutodiffError, match="ValueError: no number"):
        list(in_order(iter(range(9)), fail, 2))


def test_where_no_process_can_be_started_the_work_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refuse)
    open_files = len(os.listdir("/proc/self/fd")) if os.path.exists("/proc/self/fd") else 0
    assert list(in_order(iter([*range(5), None, 5]), lambda number: (number, os.getpid()), 2)) == [
        (number, os.getpid()) for number in range(6)
    ]
    assert not open_files or len(os.listdir("/proc/self/fd")) == open_files


def test_an_interrupt_at_the_start_of_a_process_runs_no_handler_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fork, here = os.fork, os.getpid()

    def interrupted_fork() -> int:
        process = fork()
        if not process:
            os.kill(os.getpid(), signal.SIGINT)
        return process

    def handler(*_: object) -> None:
        (tmp_path / f"{os.getpid()}").touch()

    monkeypatch.setattr(os, "fork", interrupted_fork)
    before = signal.signal(signal.SIGINT, handler)
    try:
        assert list(in_order(iter(range(9)), lambda number: number, 2)) == list(range(9))
    finally:
        signal.signal(signal.SIGINT, before)
    assert os.getpid() == here
    assert os.listdir(tmp_path) == []
