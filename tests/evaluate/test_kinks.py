"""Kinks: which are noted, and the derivatives on both sides. The one-sided ones are from calculus."""

from __future__ import annotations

import pytest

from autodiff import Function


@pytest.mark.parametrize(
    ("text", "point", "left", "right", "given"),
    [
        ("abs(x)", {"x": 0}, -1, 1, 0),
        ("3*relu(x)", {"x": 0}, 0, 3, 0),
        ("leaky_relu(x)", {"x": 0}, 0.01, 1, 0.01),
        ("elu(x, alpha=2)", {"x": 0}, 2, 1, 1),
        ("abs(x - 1)", {"x": 1}, -1, 1, 0),
        ("max(x, 2)", {"x": 2}, 0, 1, 0.5),
        ("min(x, 2)", {"x": 2}, 1, 0, 0.5),
        ("clip(x, 0, 1)", {"x": 1}, 1, 0, 0.5),
        ("hypot(x, 0)", {"x": 0}, -1, 1, 0),
        ("where(x > 0, 2*x, -x)", {"x": 0}, -1, 2, -1),
        ("where(x >= 0, 2*x, -x)", {"x": 0}, -1, 2, 2),
        ("where(x == 0, 0, sin(x))", {"x": 0}, 1, 1, 0),
        ("exp(abs(x))", {"x": 0}, -1, 1, 0),
        ("abs(sin(x)) + x", {"x": 0}, 0, 2, 1),
    ],
)
def test_a_kink_is_noted_with_the_derivatives_on_both_sides(text, point, left, right, given) -> None:
    result = Function(text).evaluate(point)
    (note,) = result.notes
    assert note.id == "kink"
    assert result.gradient["x"] == given
    assert note.message.endswith(f"d/dx is {left} to the left and {right} to the right, given as {given}")


@pytest.mark.parametrize(
    ("text", "below", "above"),
    [("floor(x)", 1, 2), ("round(x - 0.5)", 1, 2), ("where(x < 2, x, x + 3)", 2, 5), ("sign(x - 2)", -1, 1)],
)
def test_a_jump_is_noted_with_the_values_on_both_sides(text: str, below: float, above: float) -> None:
    (note,) = Function(text).evaluate(x=2).notes
    jump = note.message.split("the value jumps from ")[1].split(" as x grows")[0]
    assert [float(value) for value in jump.split(" to ")] == pytest.approx([below, above])


def test_an_infinite_slope_is_called_infinite() -> None:
    notes = Function("sqrt(abs(x))").evaluate(x=0).notes
    assert "d/dx is -inf to the left and inf to the right" in notes[0].message


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("abs(x)", {"x": 1}),
        ("x*abs(x)", {"x": 0}),
        ("where(x > 0, x^2, 0)", {"x": 0}),
        ("where(x == 0, 1, sin(x)/x)", {"x": 0}),
        ("where(y > 0, abs(x), x)", {"x": 0, "y": -1}),
        ("elu(x)", {"x": 0}),
        ("leaky_relu(x, slope=1)", {"x": 0}),
        ("abs(x)^3", {"x": 0}),
    ],
)
def test_what_is_differentiable_has_no_note(text: str, point: dict[str, float]) -> None:
    assert Function(text).evaluate(point).notes == []


def test_a_kink_that_no_requested_variable_moves_is_not_noted() -> None:
    assert Function("abs(x) + y").evaluate({"x": 0, "y": 1}, ["y"]).notes == []
    assert Function("abs(0)*x").evaluate(x=1).notes == []


def test_each_variable_has_its_own_sides() -> None:
    (note,) = Function("max(x, 2*y)").evaluate(x=2, y=1).notes
    assert "d/dx is 0 to the left and 1 to the right, given as 0.5" in note.message
    assert "d/dy is 0 to the left and 2 to the right, given as 1" in note.message


def test_many_kinks_are_counted() -> None:
    notes = Function(" + ".join(f"abs(x - {k} + {k})" for k in range(1, 9))).evaluate(x=0).notes
    assert notes[-1].message == "3 more nodes are at a kink"


def test_a_note_has_the_place_and_the_node() -> None:
    f = Function("2*abs(x)")
    (note,) = f.evaluate(x=0).notes
    assert f.text[note.span.start : note.span.end] == "abs(x)"
    assert f.trace(x=0).nodes[note.node].op == "abs"
