"""A number that is not finite is explained by the first node at which that arose."""

from __future__ import annotations

import math

import pytest

from autodiff import Function


@pytest.mark.parametrize(
    ("text", "point", "message"),
    [
        ("log(x)", {"x": -1.2}, "log of -1.2 at column 1 is not a number; log is defined where x > 0"),
        ("1 + y*log(x)", {"x": -1.2, "y": 1}, "log of -1.2 at column 7 is not a number; log is defined where x > 0"),
        ("1/x", {"x": 0}, "1 / 0 at column 1 is infinite"),
        ("exp(x) - exp(x)", {"x": 1000}, "exp of 1000 at column 1 is infinite"),
        ("x*y", {"x": math.inf, "y": 1}, "the value given for x is infinite"),
        ("2*x", {"x": math.nan}, "the value given for x is not a number"),
        ("1e400*x", {"x": 1}, "the number at column 1 is infinite"),
        ("a = 1\nasin(x + a)", {"x": 1},
         "asin of 2 at column 1 of line 2 is not a number; asin is defined where -1 <= x <= 1"),
        ("where(x > 0, log(-x), log(x)) + log(y)", {"x": 1, "y": 1},
         "log of -1 at column 14 is not a number; log is defined where x > 0"),
        ("where(x > 0, 1, log(x)) + log(-x)", {"x": 1},
         "log of -1 at column 27 is not a number; log is defined where x > 0"),
        ("(-8)^(1/3)", {}, "(-8) ^ 0.3333333333333333 at column 1 is not a number; write cbrt(-8) for (-8)^(1/3)"),
        ("gamma(x)", {"x": -2},
         "gamma of -2 at column 1 is not a number; gamma is defined where x > 0 or x != floor(x)"),
    ],
)  # fmt: skip
def test_the_first_node_is_named_with_its_operands_and_place(text: str, point: dict[str, float], message: str) -> None:
    notes = Function(text).evaluate(point).notes
    assert [note.message for note in notes if note.id == "not-finite"] == [message]


@pytest.mark.parametrize(
    ("text", "at", "rewrite"),
    [
        ("log(1 + exp(x))", 1000, "softplus(x) for log(1 + exp(x))"),
        ("log(exp(x) + 1)", 1000, "softplus(x) for log(exp(x) + 1)"),
        ("exp(x)/(1 + exp(x))", 1000, "sigmoid(x) for exp(x)/(1 + exp(x))"),
        ("log(exp(2*x) + exp(x))", 1000, "logaddexp(2*x, x) for log(exp(2*x) + exp(x))"),
        ("sqrt(x^2 + 3^2)", 1e200, "hypot(x, 3) for sqrt(x^2 + 3^2)"),
        ("x*log(x)", 0, "xlogy(x, x) for x*log(x)"),
        ("sin(x)/x", 0, "sinc(x) for sin(x)/x"),
        ("log(gamma(x))", 500, "lgamma(x) for log(gamma(x))"),
    ],
)
def test_a_known_rewrite_is_offered(text: str, at: float, rewrite: str) -> None:
    notes = Function(text, stabilise=False).evaluate(x=at).notes
    assert notes[0].message.endswith(f"; write {rewrite}")


def test_a_rewrite_is_offered_across_a_name_that_keeps_the_form_as_it_is() -> None:
    note = Function("e_x = exp(x); log(1 + e_x)").evaluate(x=1000).notes[-1]
    assert note.message.endswith("; write softplus(x) for log(1 + e_x)")


def test_what_is_not_finite_is_explained_in_the_terms_that_were_typed() -> None:
    notes = Function("y + log(1 - 3*x)").evaluate(x=2, y=1).notes
    assert [note.id for note in notes] == ["stabilised", "not-finite"]
    assert notes[1].message == "log of -5 at column 5 is not a number; log is defined where x > 0"


@pytest.mark.parametrize(("text", "at"), [("x*log(x)", -1), ("log(1 - 3*x)*2", 2.1)])
@pytest.mark.parametrize("stabilise", [True, False])
def test_a_rewrite_that_would_not_help_is_not_offered(text: str, at: float, stabilise: bool) -> None:
    notes = Function(text, stabilise=stabilise).evaluate(x=at).notes
    assert any(note.id == "not-finite" for note in notes)
    assert not any("write" in note.message for note in notes)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2*sqrt(x)", "d/dx is not finite: the derivative of sqrt of 0 at column 3 is infinite"),
        ("sqrt(x^2)",
         "d/dx is not finite: the derivative of sqrt of 0 at column 1 is infinite; write abs(x) for sqrt(x^2)"),
        ("x^0.5", "d/dx is not finite: the derivative of 0 ^ 0.5 at column 1 is infinite"),
    ],
)  # fmt: skip
def test_a_derivative_that_is_not_finite_is_explained_where_the_value_is_finite(text: str, message: str) -> None:
    result = Function(text).evaluate(x=0)
    assert result.value == 0
    assert [note.message for note in result.notes] == [message]


def test_a_branch_that_was_not_chosen_poisons_nothing() -> None:
    f = Function("where(x > 0, log(x)*sqrt(x), 0)")
    assert f.evaluate(x=-1) == (0.0, {"x": 0.0}, [])


@pytest.mark.parametrize(
    ("text", "rewrite"),
    [
        ("log(sum(exp(v)))", "write logsumexp(v) for log(sum(exp(v)))"),
        ("sum(exp(v)/sum(exp(v)))", "write softmax(v) for exp(v)/sum(exp(v))"),
        ("log(softmax(v))[1]", "write log_softmax(v) for log(softmax(v))"),
        ("sum(log(1 + exp(v)))", "write softplus(v) for log(1 + exp(v))"),
    ],
)
def test_a_rewrite_is_named_for_arrays_too(text: str, rewrite: str) -> None:
    (note,) = Function(text, stabilise=False).evaluate(v=[1000, 1]).notes
    assert note.message.endswith(rewrite)


def test_a_form_along_one_axis_is_not_the_one_over_all() -> None:
    (note,) = Function("sum(log(sum(exp(W), axis=0)))", stabilise=False).evaluate(W=[[1000, 1], [2, 3]]).notes
    assert note.message.endswith("; write logsumexp(W, axis=0) for log(sum(exp(W), axis=0))")


def test_a_quotient_by_sums_that_are_aligned_with_another_axis_is_no_softmax() -> None:
    (note,) = Function("sum(exp(W)/sum(exp(W), axis=1))", stabilise=False).evaluate(W=[[1000, 1], [2, 3]]).notes
    assert "write" not in note.message
