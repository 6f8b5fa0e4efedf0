"""A hundred thousand of everything goes through every stage, and what would explode elsewhere doesn't.

The expected numbers are closed forms, or a loop over Python's own functions.
"""

from __future__ import annotations

import gc
import json
import math
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import mpmath
import pytest

from autodiff import AutodiffError, Function
from autodiff.language.parser import MAX_LENGTH
from autodiff.show.json import json_trace
from autodiff.show.tree import adjoint_tree, tree_lines

MANY = 100_000
WIDTH = 200


@pytest.fixture(autouse=True)
def _without_pauses() -> Iterator[None]:
    """No search for garbage among a million nodes: there are no cycles, and the command makes none either."""
    gc.disable()
    yield
    gc.enable()


class Large(NamedTuple):
    """A text with many of something, a point, what it is worth there, and how many levels its tree has."""

    text: str
    point: Mapping[str, float]
    value: float
    gradient: Mapping[str, float]
    levels: int = MANY


def nested_calls() -> Large:
    values = [0.5]
    for _ in range(MANY):
        values.append(math.sin(values[-1]))
    slope = math.prod(map(math.cos, values[:-1]))
    return Large("sin(" * MANY + "x" + ")" * MANY, {"x": 0.5}, values[-1], {"x": slope})


def unary_minuses() -> Large:
    """Of an odd number."""
    return Large("-" * (MANY + 1) + "x", {"x": 0.5}, -0.5, {"x": -1.0})


def parentheses() -> Large:
    return Large("(" * MANY + "x" + ")" * MANY, {"x": 0.5}, 0.5, {"x": 1.0}, levels=0)


def powers() -> Large:
    """x^x^x^... has converged to the y with y = x^y, which is -W(-log(x))/log(x) (Corless et al. 1996, (1.6))."""
    logarithm = math.log(0.5)
    y = float(-mpmath.lambertw(-logarithm) / logarithm)
    return Large("^".join(["x"] * MANY), {"x": 0.5}, y, {"x": y * y / 0.5 / (1 - y * logarithm)})


def comparisons() -> Large:
    return Large("0 < x" + "".join(f" < {i}" for i in range(1, MANY)), {"x": 0.5}, 1.0, {"x": 0.0})


def juxtapositions() -> Large:
    x = 1.0 + 2.0**-20
    power = math.exp(MANY * math.log1p(2.0**-20))
    return Large("(x)" * MANY, {"x": x}, power, {"x": MANY * power / x})


def sum_of_one_variable() -> Large:
    return Large(" + ".join(["x"] * MANY), {"x": 0.5}, MANY / 2, {"x": float(MANY)})


def sum_of_many_variables() -> Large:
    names = [f"x{i}" for i in range(MANY)]
    point = dict(zip(names, map(float, range(MANY)), strict=True))
    return Large(" + ".join(names), point, MANY * (MANY - 1) / 2, dict.fromkeys(names, 1.0))


@pytest.mark.parametrize(
    "build",
    [
        nested_calls,
        unary_minuses,
        parentheses,
        powers,
        comparisons,
        juxtapositions,
        sum_of_one_variable,
        sum_of_many_variables,
    ],
)
def test_a_hundred_thousand_go_through_every_stage(build: Callable[[], Large]) -> None:
    large = build()
    function = Function(large.text)

    trace = function.trace(large.point)
    value, gradient = function.value_and_gradient(large.point)
    assert (trace.value, trace.gradient) == (value, gradient)
    assert value == pytest.approx(large.value, rel=1e-9, abs=0)
    assert gradient == pytest.approx(large.gradient, rel=1e-9, abs=0)
    assert len(trace.nodes) >= large.levels

    content = json.loads(json_trace(trace))
    assert content["value"] == value
    assert content["gradient"] == gradient
    assert len(content["nodes"]) == len(trace.nodes)

    tree, notes = adjoint_tree(trace, WIDTH, None, None)
    lines = tree_lines(tree, WIDTH).splitlines()
    assert [note.id for note in notes] == (["tree-cut"] if large.levels else [])
    assert any("…" in line for line in lines) == bool(large.levels)
    assert len(lines) < 1000


def test_many_operands_go_through_every_stage() -> None:
    names = [f"x{i}" for i in range(300)]
    function = Function(f"max({', '.join(names)})")
    value, gradient = function.value_and_gradient({name: float(i % 299) for i, name in enumerate(names)})
    assert value == 298.0
    assert gradient == {**dict.fromkeys(names, 0.0), "x298": 1.0}


def test_many_named_nodes_go_through_every_stage() -> None:
    count = 10_000
    text = "h0 = x\n" + "".join(f"h{i} = h{i - 1} + x\n" for i in range(1, count)) + f"h{count - 1}*2"
    trace = Function(text).trace(x=3)
    assert (trace.value, trace.gradient) == (6.0 * count, {"x": 2.0 * count})
    adjoints = {node.label: node.adjoint for node in trace.nodes if node.label not in (None, "x")}
    assert adjoints == {f"h{i}": 2.0 for i in range(count)}


def test_a_tower_of_powers_that_no_computer_can_write_down_is_infinite_at_once() -> None:
    assert Function("9^9^9^9")() == math.inf
    assert Function("9^9^9^9").gradient() == {}
    assert Function("1/9^9^9^9")() == 0.0
    assert Function("x*9^9^9^9").gradient(x=1) == {"x": math.inf}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("1" + "0" * 4999, math.inf, id="10^4999"),
        pytest.param("7" * 5000, math.inf, id="5000 sevens"),
        pytest.param("0." + "3" * 5000, 1 / 3, id="0.333..."),
        pytest.param("0" * 5000 + "7", 7.0, id="zeros before 7"),
        pytest.param("1" * 300, (10**300 - 1) / 9, id="300 ones"),
        pytest.param("0." + "0" * 400 + "1", 0.0, id="10^-401"),
        pytest.param("1e" + "9" * 5000, math.inf, id="an exponent of 5000 digits"),
    ],
)
def test_a_number_may_have_thousands_of_digits(text: str, value: float) -> None:
    function = Function(f"{text}*x")
    assert function.value_and_gradient(x=1) == (pytest.approx(value, rel=1e-15, abs=0), {"x": function(x=1)})
    assert json.loads(json_trace(function.trace(x=1)))["schema"] == 1


def test_a_value_may_have_thousands_of_digits() -> None:
    assert Function("1/x")(x=10**5000) == 0.0
    assert Function("x")(x=-(10**5000)) == -math.inf


def test_a_text_that_is_too_long_is_refused_with_the_exit_code_of_a_limit() -> None:
    with pytest.raises(AutodiffError) as raised:
        Function("x" + " " * MAX_LENGTH)
    assert (raised.value.id, raised.value.exit_code) == ("text-too-long", 5)
    assert Function("x" + " " * (MAX_LENGTH - 1))(x=2) == 2.0


def test_a_high_power_of_a_sum_is_not_multiplied_out() -> None:
    value, gradient = Function("(x + 8)^181").value_and_gradient(x=0)
    assert value == 8.0**181
    assert gradient == {"x": pytest.approx(181 * 8.0**180, rel=1e-15)}
    assert Function("(x - a)^6000").value_and_gradient(x=5, a=4) == (1.0, {"x": 6000.0, "a": -6000.0})
    assert Function("(x - a)^6000").value_and_gradient(x=5, a=7) == (math.inf, {"x": -math.inf, "a": math.inf})
    trace = Function("(x - a)^6000").trace(x=5, a=4)
    assert len(trace.nodes) == 5  # x, a, x - a, 6000, and the power
