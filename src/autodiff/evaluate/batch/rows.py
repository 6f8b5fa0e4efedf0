"""The rows of a batch shared among threads, block by block: who is ready first takes the next one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence


def available_processors() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not Linux
        return os.cpu_count() or 1


def share_rows(blocks: Sequence[slice], threads: int, work: Callable[[Iterator[slice]], None]) -> None:
    """Calls `work` in each thread with the blocks that nobody has taken yet."""
    waiting = iter(blocks)  # one iterator for all: Python hands each block out once
    workers = min(threads, len(blocks))
    if workers < 2:
        work(waiting)
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(workers - 1) as pool:
        others = [pool.submit(work, waiting) for _ in range(workers - 1)]
        work(waiting)
    for other in others:
        other.result()


def blocks_of(count: int, size: int) -> list[slice]:
    """All rows in blocks of some size, of which the last may be smaller."""
    return [slice(start, min(start + size, count)) for start in range(0, count, size)]
