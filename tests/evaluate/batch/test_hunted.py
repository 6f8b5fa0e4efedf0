"""Rows that were wrong once, beside what a single point gives."""

from __future__ import annotations

import importlib.util
import warnings
from math import copysign, inf
from typing import Any

import numpy
import pytest

from autodiff import Function

HAS_LLVM = importlib.util.find_spec("llvmlite") is not None
NEEDS_LLVM = pytest.mark.skipif(not HAS_LLVM, reason="llvmlite is not installed")
ENGINES = ["numpy", pytest.param("native", marks=NEEDS_LLVM)]


def shown(number: float) -> tuple[str, float]:
    """The number and its sign, also of a zero; of NaN without one."""
    return repr(float(number)), copysign(1.0, number) if number == number else 0.0


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("count", [1, 9, 17])
@pytest.mark.parametrize("x", [-0.0, -inf])
@pytest.mark.parametrize("formula", ["1/x^(1/2)", "x^(1/2)", "x^sqrt(0.25)", "atan2(x^(1/2), -1)"])
def test_a_computed_half_as_exponent_is_no_square_root(formula: str, x: float, count: int, engine: str) -> None:
    function = Function(formula)
    value, gradient = function.value_and_gradient(x=x)
    rows = function.map(x=numpy.full(count, x), engine=engine)
    assert {shown(entry) for entry in rows.value} == {shown(value)}
    assert {shown(entry) for entry in rows.gradient["x"]} == {shown(gradient["x"])}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("half", [0.5, numpy.full(9, 0.5), numpy.broadcast_to(0.5, 9), numpy.full(18, 0.5)[::2]])
@pytest.mark.parametrize("x", [-0.0, -inf])
def test_how_an_exponent_lies_in_memory_changes_nothing(x: float, half: Any, engine: str) -> None:
    function = Function("x^k")
    rows = function.map(x=numpy.full(9, x), k=half, engine=engine)
    assert {shown(entry) for entry in rows.value} == {shown(function(x=x, k=0.5))}


@NEEDS_LLVM
@pytest.mark.parametrize("formula", ["log(0, y)", "elu(1e300, alpha=y) + xlogy(y, 0)"])
def test_compiling_says_nothing_of_plain_numbers(formula: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rows = Function(formula).map(y=numpy.ones(2), engine="native")
    assert rows.value.tolist() == [Function(formula)(y=1)] * 2
