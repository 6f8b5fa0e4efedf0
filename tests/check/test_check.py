"""Verdicts on answers whose truth is a matter of school mathematics."""

from __future__ import annotations

import mpmath
import pytest

from autodiff.check.check import check_answer
from autodiff.check.question import CONSTANT, FACTOR, Interval, Question
from autodiff.check.verdict import RIGHT, UNDECIDED, WRONG, Verdict
from autodiff.language.errors import AutodiffError


def notes_of(verdict: Verdict) -> list[str]:
    return [note.id for note in verdict.notes]


@pytest.mark.parametrize(
    ("function", "answer"),
    [
        ("x^2*sin(x)", "2x*sin(x) + x^2*cos(x)"),
        ("sin(x)^2", "sin(2x)"),
        ("log(cos(x))", "-tan(x)"),
        ("abs(x)", "x/abs(x)"),
        ("abs(x)", "sign(x)"),
        ("relu(x)", "where(x > 0, 1, 0)"),
        ("log(x)", "1/x"),
        ("atan(x)", "1/(x^2 + 1)"),
        ("exp(exp(exp(x)))", "exp(exp(exp(x)) + exp(x) + x)"),
        ("sqrt(x)", "x^(-1/2)/2"),
        ("0.1*x^2", "x/5"),
        ("x^x", "x^x*(log(x) + 1)"),
        ("7", "0*x"),
        ("x/7", "1/7"),
        ("cosh(x)^2", "sinh(2x)"),
        ("gamma(x)", "gamma(x)*digamma(x)"),
        ("floor(x)", "0"),
        ("(x - 3)^6000", "6000*(x - 3)^5999"),
    ],
)
def test_a_right_answer_is_right_and_has_no_diagnosis(function: str, answer: str) -> None:
    verdict = check_answer(Question(function, "x"), answer)
    assert verdict.verdict == RIGHT
    assert verdict.diagnoses == ()
    assert verdict.counterexample is None


@pytest.mark.parametrize(
    ("function", "answer"),
    [
        ("abs(x)", "1"),
        ("x^2", "2x + 1e-30"),
        ("x^2", "2x + 1e-200"),
        ("x^2", "2x + exp(-1e6*x^2)"),
        ("x^2", "2x + sin(pi*x)"),
        ("x^2", "where(3.1 < x and x < 3.2, 2, 2x)"),
        ("x^2", "where(x > 1e5, 2, 2x)"),
        ("x^3/3", "x*abs(x)"),
        ("x/3", "0.333333333333333"),
        ("exp(9x)", "9*exp(9x) + 2"),
        ("x^107", "x^106"),
        ("sqrt(x^2)", "1"),
        ("floor(x)", "1"),
        ("x", "0/0"),
        ("x", "sqrt(-1 - x^2)"),
    ],
)
def test_a_wrong_answer_is_wrong_and_has_a_counterexample(function: str, answer: str) -> None:
    verdict = check_answer(Question(function, "x"), answer)
    assert verdict.verdict == WRONG
    assert verdict.counterexample is not None
    assert verdict.counterexample.expected != verdict.counterexample.got


def test_a_counterexample_has_small_numbers_and_the_values_of_both() -> None:
    verdict = check_answer(Question("x^2*sin(x)"), "2x*cos(x)")
    assert verdict.counterexample is not None
    assert verdict.counterexample.at == {"x": "2"}
    assert mpmath.almosteq(float(verdict.counterexample.expected), 4 * mpmath.sin(2) + 4 * mpmath.cos(2), 1e-5)
    assert mpmath.almosteq(float(verdict.counterexample.got), 4 * mpmath.cos(2), 1e-5)


def test_nan_is_not_equal_to_nan() -> None:
    verdict = check_answer(Question("sqrt(-1-x^2)", equal=True), "sqrt(-2-x^2)")
    assert verdict.verdict == WRONG
    assert verdict.counterexample is not None
    assert verdict.counterexample.at == {"x": "2"}
    assert verdict.counterexample.expected == "2.23607*i"
    assert verdict.counterexample.got == "2.44949*i"


def test_formulas_without_real_points_are_compared_at_complex_ones() -> None:
    verdict = check_answer(Question("erf(sqrt(-1-x^2))", equal=True), "-erf(-sqrt(-(1 + x^2)))")
    assert verdict.verdict == RIGHT


def test_formulas_with_nothing_in_common_are_undecided() -> None:
    verdict = check_answer(Question("floor(sqrt(-1-x^2))", equal=True), "floor(sqrt(-2-x^2))")
    assert verdict.verdict == UNDECIDED
    assert "no point" in verdict.how


@pytest.mark.parametrize(
    ("function", "answer", "place"), [("x^2", "2*sqrt(x)^2", "x = -1"), ("x^2", "2x^2/x", "x = 0 alone")]
)
def test_a_difference_of_domain_is_noted_and_wrong_with_strict(function: str, answer: str, place: str) -> None:
    lenient, strict = (check_answer(Question(function, strict=strict), answer) for strict in (False, True))
    assert (lenient.verdict, strict.verdict) == (RIGHT, WRONG)
    (note,) = [note for note in lenient.notes if note.id == "domain"]
    assert f"at {place}" in note.message
    assert strict.counterexample is not None
    assert strict.counterexample.got == "undefined"


def test_assumptions_and_domains_say_where_an_answer_has_to_hold() -> None:
    assert check_answer(Question("sqrt(x^2)"), "1").verdict == WRONG
    assert check_answer(Question("sqrt(x^2)", assume=("x > 0",)), "1").verdict == RIGHT
    assert check_answer(Question("sqrt(x^2)", domain=(Interval("x", 0.0, 10.0),)), "1").verdict == RIGHT
    assert check_answer(Question("abs(x)", assume=("x > 1", "x < 0")), "1").verdict == UNDECIDED


@pytest.mark.parametrize(
    ("value", "answer", "tolerance", "verdict"),
    [
        ("pi/4", "sqrt(2)/2", None, RIGHT),
        ("pi/4", "0.707", None, RIGHT),
        ("pi/4", "0.7071067811865475", None, RIGHT),
        ("pi/4", "0.708", None, WRONG),
        ("pi/4", "0.708", 0.01, RIGHT),
        ("pi/4", "0.7", None, WRONG),
        ("pi/2", "0", None, RIGHT),
        ("pi/2", "1e-9", None, WRONG),
        ("pi/2", "1e-9", 1e-3, RIGHT),
        ("0", "1", 0.0, RIGHT),
        ("0", "cos(x)", None, RIGHT),
    ],
)
def test_a_number_is_right_to_the_digits_that_it_has(
    value: str, answer: str, tolerance: float | None, verdict: str
) -> None:
    """sin'(pi/4) is 0.70710678..., and sin'(pi/2) is 0."""
    question = Question("sin(x)", at=(("x", value),), tolerance=tolerance)
    assert check_answer(question, answer).verdict == verdict


def test_at_a_kink_there_is_no_derivative_to_give() -> None:
    verdict = check_answer(Question("abs(x)", at=(("x", "0"),)), "0")
    assert verdict.verdict == UNDECIDED
    assert "not differentiable" in verdict.how


def test_a_wrong_number_is_explained_by_the_rule_that_gives_it() -> None:
    verdict = check_answer(Question("sin(3x)", at=(("x", "1"),)), "-0.98999")  # cos(3)
    assert verdict.diagnoses[0].rule == "inner-derivative-missing"


def test_entries_of_a_gradient_may_stand_in_each_others_places() -> None:
    question = Question("x^2*y")
    assert check_answer(question, "x: 2x*y, y: x^2").verdict == RIGHT
    permuted = check_answer(question, "x: x^2, y: 2x*y")
    assert (permuted.verdict, [each.rule for each in permuted.diagnoses]) == (WRONG, ["gradient-entries-permuted"])
    with pytest.raises(AutodiffError, match="no answer for 'y'"):
        check_answer(question, "x: 2x*y")


@pytest.mark.parametrize(
    ("expected", "answer", "up_to", "verdict"),
    [
        ("x^3/3", "x^3/3 + c", CONSTANT, RIGHT),
        ("x^3/3", "(x^3 + 5)/3", CONSTANT, RIGHT),
        ("x^3/3", "x^3/3 + x", CONSTANT, WRONG),
        ("log(x)", "log(k*x)", CONSTANT, RIGHT),
        ("x^3/3", "k*x^3", FACTOR, RIGHT),
        ("x^3/3", "x^3 + 1", FACTOR, WRONG),
        ("sin(2x)", "sin(x)*cos(x)", FACTOR, RIGHT),
    ],
)
def test_an_answer_may_be_right_up_to_a_constant_or_a_factor(
    expected: str, answer: str, up_to: str, verdict: str
) -> None:
    assert check_answer(Question(expected, "x", equal=True, up_to=up_to), answer).verdict == verdict


@pytest.mark.parametrize(
    "answer", ["dy/dx = 2x", "y' = 2x", "f'(x) = 2x", "d/dx x^2 = 2x", "= 2x", "y = 2x", "f_x = 2*x", "∂f/∂x = 2x"]
)
def test_what_stands_before_the_equals_sign_is_left_out_with_a_note(answer: str) -> None:
    verdict = check_answer(Question("x^2"), answer)
    assert verdict.verdict == RIGHT
    assert "equation" in notes_of(verdict)


@pytest.mark.parametrize(
    ("function", "answer", "note"),
    [("x^2", "2X", "wrong-case"), ("x^2", "2t", "undefined-name"), ("x^2", "2x + 0*k", "undefined-name")],
)
def test_names_that_the_function_does_not_have_are_noted(function: str, answer: str, note: str) -> None:
    assert note in notes_of(check_answer(Question(function), answer))


@pytest.mark.parametrize(
    ("answer", "rule"), [("2X", "wrong-case"), ("2t", "other-variable"), ("2x + C", "constant-of-integration")]
)
def test_an_answer_that_is_right_but_for_a_name_says_so(answer: str, rule: str) -> None:
    verdict = check_answer(Question("x^2"), answer)
    assert (verdict.verdict, [each.rule for each in verdict.diagnoses]) == (WRONG, [rule])


@pytest.mark.parametrize(
    ("answer", "rule"),
    [
        ("2x*sin(x) + x^2*cos(x) + 3", "off-by-constant"),
        ("5*(2x*sin(x) + x^2*cos(x))", "off-by-factor"),
    ],
)
def test_without_a_rule_it_is_said_how_an_answer_differs(answer: str, rule: str) -> None:
    verdict = check_answer(Question("x^2*sin(x)"), answer)
    assert [each.rule for each in verdict.diagnoses] == [rule]


def test_the_one_wrong_term_of_a_sum_is_found() -> None:
    verdict = check_answer(Question("x^3 + sin(x) + exp(2x)"), "3x^2 + cos(x) + 7*exp(x^2)")
    (diagnosis,) = verdict.diagnoses
    assert diagnosis.rule == "one-term-wrong"
    assert diagnosis.span is not None
    assert verdict.function[slice(*diagnosis.span)] == "exp(2x)"


def test_an_answer_that_is_right_on_one_side_says_on_which() -> None:
    (diagnosis,) = check_answer(Question("abs(x)"), "1").diagnoses
    assert diagnosis.message == "that is right only where x > 0"


def test_the_form_of_a_right_answer_is_noted() -> None:
    assert notes_of(check_answer(Question("x^2"), "2x")) == []
    assert notes_of(check_answer(Question("x^2"), "x + x + 0")) == ["not-simplified"]
    assert notes_of(check_answer(Question("sin(x)*cos(x)"), "cos(x)^2 - sin(x)^2")) == []


def test_mixed_and_higher_derivatives_are_checked() -> None:
    assert check_answer(Question("x^2*y^3", mixed=("x", "y")), "6x*y^2").verdict == RIGHT
    assert check_answer(Question("exp(x^3)", order=2), "9x^4*exp(x^3) + 6x*exp(x^3)").verdict == RIGHT
    assert check_answer(Question("sin(x)", order=4), "sin(x)").verdict == RIGHT


def test_the_same_seed_gives_the_same_verdict() -> None:
    question = Question("erf(x)*gamma(x + 5)", seed=3)
    assert check_answer(question, "erf(x)") == check_answer(question, "erf(x)")


@pytest.mark.parametrize(
    ("question", "answer", "id"),
    [
        (Question("x^2"), "", "empty-answer"),
        (Question("x^2"), "2x)", "unmatched-bracket"),
        (Question("x*y"), "x", "unknown-name"),
        (Question("sum([x, 1]*[1, 2])"), "[1, 2]", "not-a-number"),
        (Question("x*y", "x", at=(("y", "1"),)), "1", "missing-value"),
        (Question("x", at=(("x", "y"),)), "1", "bad-value"),
        (Question("x", "x", assume=("x >",)), "1", "unexpected-end"),
    ],
)
def test_what_means_nothing_is_an_error(question: Question, answer: str, id: str) -> None:
    with pytest.raises(AutodiffError) as caught:
        check_answer(question, answer)
    assert caught.value.id == id
