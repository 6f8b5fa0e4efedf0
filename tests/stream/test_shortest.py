"""Numbers written in bulk, against Python's own `repr`."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodiff.stream.shortest import number_rows, number_texts

EDGES = [0.0, -0.0, 1.0, 1e16, 9999999999999998.0, 123456789012345680.0, 1e22, 1e-4, 9.999e-5, 1e-5, -1.5e-5, 1e-6]
EDGES += [1e-7, 5e-324, 1.7976931348623157e308, np.inf, -np.inf, np.nan, 10.00001, 0.00010001, 2**53 + 2.0, 1e100]


@given(st.lists(st.floats(), min_size=1))
def test_numbers_are_written_as_repr_writes_them(numbers: list[float]) -> None:
    assert number_texts(np.array(numbers)) == [repr(number).encode() for number in numbers]


def test_edges_are_written_as_repr_writes_them() -> None:
    assert number_texts(np.array(EDGES)) == [repr(float(number)).encode() for number in EDGES]


@pytest.mark.parametrize("share", [0.01, 0.9])
def test_rows_with_small_numbers_are_as_the_others(share: float) -> None:
    random = np.random.default_rng(3)
    matrix = random.normal(size=(2000, 3)) * np.where(random.random((2000, 3)) < share, 1e-6, 1)
    rows = [b";" + b";".join([repr(number).encode() for number in row]) + b"\r\n" for row in matrix.tolist()]
    assert number_rows(matrix, b";", b"\r\n") == rows


def test_bits_of_any_pattern_come_back() -> None:
    bits = np.random.default_rng(5).integers(0, 2**64, 50_000, dtype=np.uint64)
    numbers = bits.view(np.float64)
    numbers = numbers[np.isfinite(numbers)]
    texts = number_texts(numbers)
    assert [struct.pack("d", float(text)) for text in texts] == [
        struct.pack("d", number) for number in numbers.tolist()
    ]


def test_digits_may_be_cut() -> None:
    assert number_rows(np.array([[1 / 3, np.nan]]), b",", b"\n", 3) == [b",0.333,nan\n"]
