"""Threads that compute at the same time, each with a precision of its own. The values are mpmath's."""

from __future__ import annotations

import gc
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from mpmath import mp

from autodiff.evaluate.complex_step import complex_backend
from autodiff.evaluate.digits import digits
from autodiff.evaluate.program import defined_kernel
from autodiff.graph.table import PRIMITIVES

ROUNDS = 300
Work = Callable[[], Any]


@pytest.fixture(autouse=True)
def frequent_switches() -> Iterator[None]:
    """Python goes from one thread to another in the middle of a kernel, and does so often."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def at_the_same_time(*works: Work) -> list[list[Any]]:
    """For each work what it gave in each round, in a thread of its own."""
    start = threading.Barrier(len(works))

    def repeated(work: Work) -> list[Any]:
        start.wait()
        return [work() for _ in range(ROUNDS)]

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(repeated, works))


def computed(bits: int, name: str, *operands: float) -> Any:
    backend = digits(bits)
    return backend.kernels[name](*map(backend.number, operands))


def test_with_many_digits_each_has_its_own() -> None:
    """At 200 bits the first doubles them again and again, for what cancels."""
    point = -1.278464542761073
    slopes, few, many = at_the_same_time(
        partial(computed, 200, "silu_slope", point),
        partial(computed, 200, "exp", 0.3),
        partial(computed, 700, "exp", 0.3),
    )
    with mp.workprec(200):
        assert few == [mp.exp(0.3)] * ROUNDS
    with mp.workprec(700):
        assert many == [mp.exp(0.3)] * ROUNDS
    with mp.workprec(1000):
        sigmoid = 1 / (1 + mp.exp(-point))
        slope = sigmoid * (1 + point * (1 - sigmoid))
    with mp.workprec(200):
        assert slopes == [+slope] * ROUNDS


def test_a_tiny_imaginary_part_keeps_its_digits_beside_a_larger_one() -> None:
    gelu = complex_backend(has_arrays=False).kernels["gelu"]
    tiny, large = at_the_same_time(partial(gelu, complex(0.3, 1e-300)), partial(gelu, complex(0.3, 1e-3)))
    slope, point = float(mp.ncdf(0.3) + 0.3 * mp.npdf(0.3)), mp.mpc(0.3, 1e-3)
    assert [value.imag / 1e-300 for value in tiny] == pytest.approx([slope] * ROUNDS, rel=1e-14)
    assert large == pytest.approx([complex(point * mp.erfc(-point / mp.sqrt(2)) / 2)] * ROUNDS, rel=1e-14)


def test_what_a_thread_computed_with_is_dropped_when_it_ends() -> None:
    """Kernels that are made of definitions among it."""

    def context_of_thread() -> Any:
        backend = digits(201)
        assert defined_kernel(PRIMITIVES["square"], backend)(backend.number(3)) == 9
        return weakref.ref(backend.number(1).context)

    with ThreadPoolExecutor(1) as pool:
        context = pool.submit(context_of_thread).result()
    gc.collect()
    assert context() is None
