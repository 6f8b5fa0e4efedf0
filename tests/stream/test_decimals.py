"""Decimal numbers read in bulk, against Python's own `float`."""

from __future__ import annotations

import random
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodiff.stream.decimals import MARGIN, Fields, parse_decimals
from autodiff.stream.record_cells import parse_column
from autodiff.stream.row_block import parse_number

FLOATS = st.floats(allow_nan=False)


def column(cells: list[str]):
    return parse_column([cell.encode() for cell in cells])


def assert_as_float(cells: list[str]) -> None:
    """The numbers are the same bits as `float` gives."""
    expected = np.array([float(cell) for cell in cells])
    found = column(cells)
    assert (list(found.missing), dict(found.wrong)) == ([], {})
    assert found.values.view(np.uint64).tolist() == expected.view(np.uint64).tolist()


@given(st.lists(FLOATS.map(repr) | FLOATS.map(lambda x: f"{x:.20f}") | st.integers().map(str), min_size=1))
def test_numbers_are_those_that_float_reads(cells: list[str]) -> None:
    assert_as_float(cells)


@pytest.mark.parametrize(
    "cell",
    [
        "0",
        "-0",
        "+7",
        "007",
        "-0.0",
        ".5",
        "5.",
        "1e5",
        "-1.5E-7",
        "inf",
        "-Infinity",
        "1" * 400,
        "0." + "0" * 30 + "1",
    ],
)
def test_every_form_of_a_number_is_read(cell: str) -> None:
    assert_as_float([cell, "1.25"])


@pytest.mark.parametrize(
    "cell", ["abc", "1.2.3", "--1", "1-2", ".", "-", "+.", "1_000", "0x10", "1,5", "1 2", "e5", "½", "１"]
)
def test_what_is_no_number_is_told(cell: str) -> None:
    found = column(["1", cell, "2"])
    assert found.wrong == {1: repr(cell)}
    assert np.isnan(found.values[1])
    assert found.values[[0, 2]].tolist() == [1, 2]


def test_cells_without_anything_are_missing() -> None:
    found = column(["1", "", "  ", "2"])
    assert (list(found.missing), found.wrong) == ([1, 2], {})
    assert parse_number(b" 3 ") == 3


def test_numbers_between_two_binary_ones_are_rounded_to_even() -> None:
    halfway = [f"{2**53 + odd}" for odd in range(1, 40, 2)] + [f"{(2**54 + 2 * odd) / 4:.2f}" for odd in range(9)]
    near = ["9007199254740993.0000000000", "9007199254740993.000001", "1.00000000000000011102230246251565404"]
    assert_as_float(halfway + near)


def test_a_hundred_thousand_numbers_of_every_size_are_exact() -> None:
    chance = random.Random(7)
    cells = [repr(struct.unpack("d", struct.pack("Q", chance.getrandbits(64)))[0]) for _ in range(20_000)]
    cells += [repr(chance.gauss(0, 1)) for _ in range(40_000)]
    cells += [f"{chance.gauss(0, 10 ** chance.randrange(8)):.{chance.randrange(25)}f}" for _ in range(40_000)]
    assert_as_float([cell for cell in cells if cell != "nan"])


def test_most_numbers_are_read_in_bulk() -> None:
    chance = random.Random(8)
    cells = [repr(chance.gauss(0, 1000)).encode() for _ in range(10_000)]
    text = np.frombuffer(bytes(MARGIN) + b",".join(cells) + b",", np.uint8)
    stops = np.flatnonzero(text == ord(","))
    starts = np.concatenate([[MARGIN], stops[:-1] + 1])
    values, done = parse_decimals(text, Fields(starts, stops, np.flatnonzero(text == ord("."))))
    assert done.mean() > 0.999
    assert values[done].tolist() == [float(cell) for cell, is_done in zip(cells, done, strict=True) if is_done]
