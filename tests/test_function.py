"""The public API."""

from __future__ import annotations

from fractions import Fraction

import pytest

import autodiff
from autodiff import AutodiffError, Function


def test_everything_public_is_exported_and_documented() -> None:
    assert set(autodiff.__all__) == {
        *("AutodiffError", "Derivatives", "Function", "GradientCheck", "Note", "Result", "Span", "Trace", "TraceNode"),
        *("Counterexample", "Diagnosis", "GradedRow", "Question", "Verdict", "check_answer", "grade"),
        *("BatchProgram", "BatchResult"),
    }
    assert all(getattr(autodiff, name).__doc__ for name in autodiff.__all__)


def test_a_variable_may_have_any_name() -> None:
    f = Function("self + lambda + θ + text + point + wrt + variables + class")
    values = dict.fromkeys(f.variables, 1)
    assert len(values) == 8
    assert f(values) == f(**values) == 8
    assert f.gradient(**values) == dict.fromkeys(values, 1.0)


def test_mappings_and_keywords_go_together() -> None:
    assert Function("x*y")({"x": 2}, y=3) == 6


@pytest.mark.parametrize("value", [2, 2.0, Fraction(2), True + 1])
def test_a_value_is_any_real_number(value: object) -> None:
    assert Function("x^2")(x=value) == 4


@pytest.mark.parametrize("value", ["2", None, 1j, ["a"], [[1], [2, 3]], [1j]])
def test_a_value_that_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(AutodiffError) as caught:
        Function("x")(x=value)
    assert caught.value.id == "bad-value"


def test_an_integer_beyond_the_floats_is_infinite() -> None:
    assert Function("x")(x=10**400) == float("inf")
    assert Function("x")(x=-(10**400)) == float("-inf")


def test_all_missing_values_are_listed() -> None:
    with pytest.raises(AutodiffError) as caught:
        Function("x + y*z")(y=1)
    assert caught.value.id == "missing-value"
    assert caught.value.message == "there is no value for 'x', 'z'"
    assert caught.value.span == (0, 1)


def test_a_value_nobody_uses_is_an_error_with_the_nearest_name() -> None:
    with pytest.raises(AutodiffError) as caught:
        Function("alpha + 1")(alpha=1, alhpa=2)
    assert (caught.value.id, caught.value.suggestion) == ("unused-value", "did you mean alpha?")


def test_a_named_node_can_not_be_given_a_value() -> None:
    with pytest.raises(AutodiffError) as caught:
        Function("h = x; h^2")(x=1, h=2)
    assert caught.value.id == "unused-value"


def test_a_misspelled_name_is_the_value_that_is_missing() -> None:
    with pytest.raises(AutodiffError) as caught:
        Function("alpha + 1")(alhpa=2)
    assert (caught.value.id, caught.value.suggestion) == ("missing-value", "did you mean alhpa?")


def test_value_and_gradient_agree_with_value_and_gradient() -> None:
    f = Function("x^y/(x - y)")
    point = {"x": 2.5, "y": 1.5}
    assert f.value_and_gradient(point) == (f(point), f.gradient(point))


def test_derivatives_by_named_nodes_treat_each_name_as_its_own() -> None:
    f = Function("h1 = x*y; h2 = x*y; h1*h2")
    assert f.gradient({"x": 2, "y": 3}, ["h1", "h2", "x"]) == {"h1": 6.0, "h2": 6.0, "x": 36.0}


def test_a_named_constant_has_a_derivative_of_its_own() -> None:
    assert Function("c = 3; c*x + 3").gradient({"x": 2}, ["c"]) == {"c": 2.0}


def test_a_variable_that_the_result_does_not_depend_on_has_derivative_zero() -> None:
    assert Function("h = y^2; 3*x").gradient(x=1, y=2) == {"y": 0.0, "x": 3.0}


def test_one_name_to_differentiate_by_may_stand_alone() -> None:
    assert Function("a*b + ab").gradient({"a": 1, "b": 2, "ab": 3}, "ab") == {"ab": 1.0}


def test_an_error_survives_pickling() -> None:
    import pickle

    with pytest.raises(AutodiffError) as caught:
        Function("sinn(x)")
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (copy.id, copy.message, copy.span, copy.suggestion, copy.text) == (
        *("unknown-function", "there is no function 'sinn'", (0, 4), caught.value.suggestion, "sinn(x)"),
    )


def test_an_infinite_factor_of_a_branch_that_was_not_chosen_poisons_nothing() -> None:
    assert Function("where(x > 0, inf*x, 0)").gradient(x=-1) == {"x": 0.0}


def test_a_trace_ends_where_the_value_is() -> None:
    trace = Function("h = x^2; h + 1").trace(x=3)
    assert trace.nodes[trace.output].value == trace.value == 10
    assert trace.gradient == {"x": 6.0}


def test_names_are_read_as_in_formulas() -> None:
    assert Function("𝐵 + x₁")({"B": 1, "x1": 2}) == Function("B + x1")({"𝐵": 1, "x₁": 2}) == 3


def test_a_function_can_be_called_at_many_points() -> None:
    f = Function("e^x")
    assert [f(x=0), f(x=0, e=5), f(x=2, e=3), f(x=0)] == [1, 1, 9, 1]


def test_one_name_is_no_list_of_letters() -> None:
    function = Function("theta*x")
    assert function.derivatives("theta", mixed=True).text("theta") == "x"
    assert function.derivatives((name for name in ("theta", "x")), mixed=True).text("theta,x") == "1"
    assert [derivation.steps[-1].result.text() for derivation in function.steps("theta", mixed=True)] == ["x"]
