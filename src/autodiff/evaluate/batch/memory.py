"""Memory for the numbers of a batch: on lines of the cache, and registers that programs use one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy

LINE = 64  # bytes
IDLE: dict[tuple[str, int], list[Any]] = {}  # by kind and length: what the system would take its time to find again
MOST_IDLE = 32  # of each


def on_a_line(count: int, kind: Any) -> Any:
    """A new array of one axis that begins on a line of the cache.

    Vectors of numbers that lie across two lines take NumPy up to twice as long.
    """
    size = numpy.dtype(kind).itemsize
    room = numpy.empty(count * size + LINE, numpy.uint8)
    start = -room.ctypes.data % LINE
    return room[start : start + count * size].view(kind)


def borrowed(kinds: Iterable[str], rows: int) -> list[Any]:
    """Registers of some kinds: a `number` or a `mask` for each row, or one `flag`."""
    return [register(kind, rows) for kind in kinds]


def register(kind: str, rows: int) -> Any:
    if kind == "flag":
        return [False]
    try:
        return IDLE[kind, rows].pop()
    except LookupError:
        return on_a_line(rows, bool if kind == "mask" else numpy.float64)


def given_back(registers: Iterable[Any], kinds: Iterable[str], rows: int) -> None:
    for place, kind in zip(registers, kinds, strict=True):
        idle = IDLE.setdefault((kind, rows), [])
        if kind != "flag" and len(idle) < MOST_IDLE:
            idle.append(place)
