"""What must not be shared between threads: a context of mpmath, whose precision changes while it computes."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from threading import local
from typing import ParamSpec, TypeVar

Operands = ParamSpec("Operands")
Made = TypeVar("Made")


def once_per_thread(make: Callable[Operands, Made]) -> Callable[Operands, Made]:
    """`make`, called once in each thread for each operands; what it made is dropped when the thread ends."""
    threads = local()

    @wraps(make)
    def made(*operands: Operands.args, **settings: Operands.kwargs) -> Made:
        if not hasattr(threads, "cached"):
            threads.cached = cache(make)
        result: Made = threads.cached(*operands, **settings)
        return result

    return made
