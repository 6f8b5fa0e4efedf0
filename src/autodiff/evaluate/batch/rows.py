"""The rows of a batch shared among threads, block by block: who is ready first takes the next one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator


def available_processors() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not Linux
        return os.cpu_count() or 1


def share_rows(count: int, block: int, threads: int, work: Callable[[Iterator[int]], None]) -> None:
    """Calls `work` in each thread with the starts of the blocks that nobody has taken yet."""
    starts = iter(range(0, count, block))  # one iterator for all: Python hands each start out once
    workers = min(threads, -(-count // block))
    if workers < 2:
        work(starts)
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(workers - 1) as pool:
        others = [pool.submit(work, starts) for _ in range(workers - 1)]
        work(starts)
    for other in others:
        other.result()
