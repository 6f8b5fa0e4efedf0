"""Verdicts that were wrong once, found by hunting. Each has its truth beside it, by mpmath or by mathematics."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator
from typing import Any

import mpmath
import pytest

from autodiff import AutodiffError
from autodiff.check.check import check_answer
from autodiff.check.question import Interval, Question
from autodiff.check.verdict import RIGHT, UNDECIDED, WRONG, Verdict

Number = Callable[[Any], Any]
LIMIT = 5  # seconds for a verdict


@pytest.fixture(autouse=True)
def limited() -> Iterator[None]:
    """Fails a test that takes too long."""

    def stop(*_: object) -> None:
        pytest.fail(f"no verdict in {LIMIT} seconds")

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(LIMIT)
    yield
    signal.alarm(0)


def verdict(function: str, answer: str, **asked: Any) -> Verdict:
    return check_answer(Question(function, **asked), answer)


def by_mpmath(function: Number, answer: Number, x: float) -> tuple[Any, Any]:
    """The derivative of a function at a point, from its values alone, and the answer there."""
    with mpmath.workdps(60):
        return mpmath.diff(function, mpmath.mpf(x)), mpmath.mpf(answer(mpmath.mpf(x)))


def cube(x: Any) -> Any:
    return abs(x) ** 3


# The function, the answer, both for mpmath, and a point at which the answer is not the derivative.
WITH_COMPUTED_EXPONENTS: list[tuple[str, str, Number, Number, float]] = [
    ("abs(x)^3", "3*x^(3-1)", cube, lambda x: 3 * x**2, -1),
    ("abs(x)^3", "3*x^(6/3)", cube, lambda x: 3 * x**2, -1),
    ("abs(x)^3", "3*x^(2*1)", cube, lambda x: 3 * x**2, -1),
    ("abs(x)^3", "3*x^(-(-2))", cube, lambda x: 3 * x**2, -1),
    ("abs(x^3)", "3*x^(2^1)", cube, lambda x: 3 * x**2, -1),
    ("sqrt(x^6)", "3*x^(3-1)", cube, lambda x: 3 * x**2, -1),
    ("abs(x)", "x^(2-1)/x", abs, lambda x: 1, -1),
    ("x^3", "3*x^(3-1)*sign(x)", lambda x: x**3, lambda x: 3 * x**2 * mpmath.sign(x), -1),
    ("x^4", "4*abs(x^(4-1))", lambda x: x**4, lambda x: 4 * abs(x**3), -1),
    ("x^3 + x^2", "3*x^(3-1) + 2*abs(x)", lambda x: x**3 + x**2, lambda x: 3 * x**2 + 2 * abs(x), -1),
    ("-1/abs(x)", "x^(-2)", lambda x: -1 / abs(x), lambda x: x**-2, -2),
    ("log(abs(x))", "abs(x)*x^(-2)", lambda x: mpmath.log(abs(x)), lambda x: abs(x) * x**-2, -2),
    ("x^(5-2)", "3x*abs(x)", lambda x: x**3, lambda x: 3 * x * abs(x), -1),
    ("abs(x)*x^(2/1)", "3*x^2", lambda x: abs(x) * x**2, lambda x: 3 * x**2, -1),
    (
        "acos(relu(x))*(-2)^(-1)",
        "-1/(2*sqrt(1 - relu(x)^2))",
        lambda x: -mpmath.acos(max(x, 0)) / 2,
        lambda x: -1 / (2 * mpmath.sqrt(1 - max(x, 0) ** 2)),
        0.5,
    ),
]


@pytest.mark.parametrize(("function", "answer", "f", "g", "x"), WITH_COMPUTED_EXPONENTS)
def test_difference_where_a_base_is_negative_counts_if_its_exponent_is_computed(
    function: str, answer: str, f: Number, g: Number, x: float
) -> None:
    right, given = by_mpmath(f, g, x)
    assert abs(right - given) > 0.1
    assert verdict(function, answer).verdict == WRONG


def test_number_with_a_computed_exponent_of_a_negative_base_is_decided() -> None:
    point = (("x", "-2"),)
    assert verdict("x^3", "3*(-2)^(3-1)", at=point).verdict == RIGHT  # 12
    assert verdict("x^3", "4*(-2)^(3-1)", at=point).verdict == WRONG
    assert verdict("x^(3-1)", "-4", at=point).verdict == RIGHT


@pytest.mark.parametrize("root", [-9, -8, -7, -5, 7, 8, 11, 12, 20, 30, 50])
def test_absolute_value_of_a_quadratic_is_seen_to_bend_down_between_its_roots(root: int) -> None:
    function, answer = f"abs((x - ({root}))*(x - ({root + 1})))", f"2x - ({2 * root + 1})"
    right, given = by_mpmath(lambda x: abs((x - root) * (x - root - 1)), lambda x: 2 * x - (2 * root + 1), root + 0.25)
    assert abs(right - given) > 0.5
    assert verdict(function, answer).verdict == WRONG


NARROW: list[tuple[str, str, Number, Number, float]] = [
    ("max(x^2-17x+72, 0)", "2x-17", lambda x: max(x * x - 17 * x + 72, 0), lambda x: 2 * x - 17, 8.25),
    ("max((8-x)*(x-9), 0)", "0", lambda x: max((8 - x) * (x - 9), 0), lambda x: 0, 8.25),
    ("sqrt((x-5)^2*(x-6)^2)", "2x-11", lambda x: abs((x - 5) * (x - 6)), lambda x: 2 * x - 11, 5.25),
    ("x^2", "2x + relu(1-(x-8)^2)", lambda x: x * x, lambda x: 2 * x + max(1 - (x - 8) ** 2, 0), 8.25),
    ("clip(x, 1234, 1235)", "0", lambda x: min(max(x, 1234), 1235), lambda x: 0, 1234.5),
    ("clip(x, 1e-5, 2e-5)", "0", lambda x: min(max(x, 1e-5), 2e-5), lambda x: 0, 1.5e-5),
    ("relu(x-1e10)", "0", lambda x: max(x - 10**10, 0), lambda x: 0, 2e10),
    ("min(x, 1e10)", "1", lambda x: min(x, 10**10), lambda x: 1, 2e10),
    ("x^2", "2x + where(x > 1e12, 1, 0)", lambda x: x * x, lambda x: 2 * x + (1 if x > 10**12 else 0), 2e12),
    ("max(x, 1)", "where(x > 1.0000001, 1, 0)", lambda x: max(x, 1), lambda x: int(x > 1.0000001), 1.00000005),
    ("relu(x-pi)", "where(x > 3.14159, 1, 0)", lambda x: max(x - mpmath.pi, 0), lambda x: int(x > 3.14159), 3.141592),
]


@pytest.mark.parametrize(("function", "answer", "f", "g", "x"), NARROW)
def test_difference_in_a_small_or_distant_part_is_never_called_right(
    function: str, answer: str, f: Number, g: Number, x: float
) -> None:
    right, given = by_mpmath(f, g, x)
    assert abs(right - given) > 0.1
    assert verdict(function, answer).verdict != RIGHT


@pytest.mark.parametrize(
    ("function", "answer", "variable"),
    [
        ("x^2 + y^2", "2x + where(y < -1000 and x > 50, 1, 0)", "x"),  # x = 60, y = -2000
        ("x^2 + y^2", "2x + relu(-y-20)*relu(x-3)", "x"),  # x = 4, y = -21
        ("relu(x-20)*relu(y-20)", "0", "x"),  # x = y = 21: 1
    ],
)
def test_difference_in_one_quarter_of_a_plane_is_never_called_right(function: str, answer: str, variable: str) -> None:
    assert verdict(function, answer, variable=variable).verdict != RIGHT


@pytest.mark.parametrize(
    ("function", "answer"),
    [
        ("(-1)^x", "1"),  # x = 1: -1
    ],
)
def test_powers_that_differ_at_single_points_only_are_not_equal(function: str, answer: str) -> None:
    assert verdict(function, answer, equal=True).verdict != RIGHT


ON_AN_INTERVAL = [
    ("abs(x)", "1", 0, 10),
    ("abs(x)", "-1", -10, 0),
    ("abs(x-1)", "1", 1, 10),
    ("abs(x-5)", "-1", 0, 5),
    ("abs(x^2-1)", "2x", 1, 10),
    ("abs(sin(x))", "cos(x)", 0, 3),
    ("relu(x)", "1", 0, 10),
    ("max(x, 2)", "1", 2, 9),
    ("abs(x-3)", "1", 3.0000001, 3.0000002),
    ("abs(x-1000000.002)", "-1", 1000000, 1000000.001),
    ("abs(x-0.9999) + abs(x-1.0005)", "1 + sign(x-1.0005)", 1, 10),
]


@pytest.mark.parametrize(("function", "answer", "low", "high"), ON_AN_INTERVAL)
def test_answer_that_is_right_inside_of_the_domain_is_right(
    function: str, answer: str, low: float, high: float
) -> None:
    assert verdict(function, answer, domain=(Interval("x", low, high),)).verdict == RIGHT


@pytest.mark.parametrize("answer", ["7", "-1"])
def test_counterexample_lies_within_the_domain(answer: str) -> None:
    found = verdict("x", answer, domain=(Interval("x", 1000000, 1000000.001),))
    assert found.counterexample is not None
    assert 1000000 <= float(found.counterexample.at["x"]) <= 1000000.001


@pytest.mark.parametrize(("low", "high"), [(5.0, 3.0), (float("nan"), float("nan"))])
def test_domain_without_points_is_refused_or_decides_nothing(low: float, high: float) -> None:
    try:
        found = verdict("x^2", "3x", domain=(Interval("x", low, high),))
    except AutodiffError:
        return
    assert found.verdict == UNDECIDED


UNDEFINED_EVERYWHERE = [
    "2x + 0/0",
    "2x + 0*sqrt(-1)",
    "2x + log(-1-x^2) - log(-1-x^2)",
    "2x*sqrt(-1-x^2)/sqrt(-1-x^2)",
    "2x + 0*asin(2+x^2)",
    "2x + gamma(-1) - gamma(-1)",
    "2x + 0*log(0)",
    "-2x*sqrt(-1)*sqrt(-1)",
    "2x*sqrt(-1)^4",
    "2x + inf - inf",
]


@pytest.mark.parametrize("answer", UNDEFINED_EVERYWHERE)
def test_answer_that_has_no_value_anywhere_is_not_right(answer: str) -> None:
    assert verdict("x^2", answer).verdict != RIGHT


@pytest.mark.parametrize(
    ("function", "answer"),
    [
        ("sqrt(x)", "1/(2*sqrt(x)) + sqrt(-x-1) - sqrt(-x-1)"),
        ("sqrt(x)", "1/(2*sqrt(x))*sqrt(-x)/sqrt(-x)"),
        ("log(x)", "1/x*log(-x)/log(-x)"),
        ("0/0*x", "0/0"),
    ],
)
def test_answer_without_a_point_in_common_with_the_derivative_is_not_right(function: str, answer: str) -> None:
    assert verdict(function, answer).verdict != RIGHT


@pytest.mark.parametrize(
    ("function", "answer", "variable"),
    [
        ("exp(-1000)*x^2", "0", "x"),
        ("exp(-1000)*x^2", "3*exp(-1000)*x", "x"),
        ("exp(-x-1000)", "-2*exp(-x-1000)", "x"),
        ("exp(-1000-x^2)", "0", "x"),
        ("10^-400*x^2", "7*10^-400*x", "x"),
        ("(1e-200*x)^2", "3*1e-200*1e-200*x", "x"),
        ("1e-400*x^2", "7e-400*x", "x"),
        ("5", "exp(-5000-x^2)", "x"),
        ("2x", "2 + 1e-300", "x"),
        ("x^2", "2x + 1e-400", "x"),
    ],
)
def test_numbers_below_all_floats_are_not_0(function: str, answer: str, variable: str) -> None:
    assert verdict(function, answer, variable=variable).verdict == WRONG


def test_number_below_all_floats_is_told_from_0_at_a_point() -> None:
    assert verdict("exp(-x)", "0", at=(("x", "1000"),)).verdict == WRONG
    assert verdict("exp(-x)", "-1e-400", at=(("x", "1000"),)).verdict == WRONG


def test_number_above_all_floats_has_a_value_at_a_point() -> None:
    with mpmath.workdps(20):
        assert mpmath.nstr(mpmath.exp(1000), 8) == "1.9700711e+434"
    assert verdict("exp(x)", "1.9700711e434", at=(("x", "1000"),)).verdict == RIGHT
    assert verdict("exp(x)", "exp(1000)", at=(("x", "1000"),)).verdict == RIGHT


@pytest.mark.parametrize(
    ("function", "answer"),
    [
        ("x^2", "2.0000000000000000000000000000000001x"),
        ("0.12345678901234567891*x", "0.12345678901234567892"),
        ("0.1*x", "0.1000000000000000055511151231257827"),
        ("12345678901234567890.5*x", "12345678901234567890.25"),
        ("x", "1.00000000000000001"),
    ],
)
def test_every_digit_of_a_decimal_fraction_counts(function: str, answer: str) -> None:
    assert verdict(function, answer).verdict == WRONG


@pytest.mark.parametrize(
    ("function", "answer"),
    [
        ("tanh(1e6*x)", "sign(x)"),  # |x| < 1e-6
        ("x^2", "x^2 + exp(-1e10*x^2)"),  # x = 0: 1
        ("x^2", "x^2 + exp(-1e6*(x-3.7)^2)"),  # x = 3.7: 1
    ],
)
def test_formula_that_differs_near_one_point_only_is_not_called_equal(function: str, answer: str) -> None:
    assert verdict(function, answer, equal=True).verdict != RIGHT


# gamma(4.5) is 3.5*gamma(3.5), gamma(x+1) is x*gamma(x), and sin(x)^2 + cos(x)^2 is 1: all that is added is 0.
ZERO_BY_ROUNDING = [
    "atan2(sin(x)^2 + cos(x)^2 - 1, -1) - pi",
    "atan2(gamma(x+1) - x*gamma(x), -1) - pi",
    "(-2)^(2*gamma(4.5)/(3.5*gamma(3.5))) - 4",
    "floor(gamma(4.5)/(3.5*gamma(3.5))) - 1",
    "mod(gamma(4.5)/(3.5*gamma(3.5)), 1)",
    "sign(gamma(x+1) - x*gamma(x))",
    "(gamma(4.5) - 3.5*gamma(3.5))^(1/2)",
    "sqrt(gamma(x+1) - x*gamma(x))",
    "acos(gamma(x+1)/(x*gamma(x)))",
]


@pytest.mark.parametrize("zero", ZERO_BY_ROUNDING)
def test_rounding_at_a_jump_or_at_the_end_of_a_domain_does_not_flip_a_verdict(zero: str) -> None:
    assert verdict("x^2", f"2x + {zero}", assume=("x > 0",)).verdict != WRONG


def test_rounding_at_a_jump_does_not_hide_a_wrong_answer() -> None:
    assert verdict("x^2", "2x + floor(gamma(4.5)/(3.5*gamma(3.5)))").verdict != RIGHT  # it is 2x + 1


@pytest.mark.parametrize(
    "zero",
    [
        "acosh(cosh(1e10)) - 1e10",
        "log(2^(2^40)) - 2^40*log(2)",
        "lgamma(1e12) - log(gamma(1e12))",
    ],
)
def test_number_too_large_to_be_computed_does_not_make_an_answer_wrong(zero: str) -> None:
    assert verdict("x^2", f"2x + {zero}").verdict != WRONG


@pytest.mark.parametrize(
    ("function", "x", "answer"),
    [
        ("abs(sin(x))", "pi", "-1"),
        ("abs(sin(x))", "pi", "1"),
        ("abs(cos(x))", "pi/2", "-1"),
        ("abs(cos(x))", "pi/2", "0"),
        ("abs(2*sin(x)-1)", "pi/6", "1.732"),
        ("abs(x^2-2)", "sqrt(2)", "2.828"),
        ("abs(tan(x)-1)", "pi/4", "2"),
        ("abs(x-2)", "sqrt(2)^2", "0"),
        ("abs(x-0.3)", "0.1+0.2", "1"),
        ("max(sin(x), cos(x))", "pi/4", "0"),
        ("floor(sin(x))", "pi/2", "0"),
        ("floor(cos(x))", "0", "0"),
        ("floor(tan(x))", "pi/4", "0"),
        ("where(sin(x) > 0.5, 1, x)", "pi/6", "1"),
    ],
)
def test_there_is_no_derivative_at_a_kink_or_jump_that_is_no_float(function: str, x: str, answer: str) -> None:
    assert verdict(function, answer, at=(("x", x),)).verdict == UNDECIDED


@pytest.mark.parametrize("function", ["cbrt(x)^3", "cbrt(x)*cbrt(x)^2", "cbrt(x)*cbrt(x)*cbrt(x)"])
def test_derivative_of_x_written_with_roots_is_1_at_0(function: str) -> None:
    found = verdict(function, "1", at=(("x", "0"),))
    assert found.verdict != WRONG
    assert verdict(function, "0", at=(("x", "0"),)).verdict != RIGHT


@pytest.mark.parametrize("function", ["cbrt(x^3)", "sqrt(x^4)"])
def test_derivative_that_is_not_computed_at_a_point_is_not_said_to_be_missing(function: str) -> None:
    assert "there is no derivative" not in verdict(function, "7", at=(("x", "0"),)).how  # it is 1, and 0


@pytest.mark.parametrize("answer", ["= 0.333", "f'(1) = 0.333", "dy/dx = 0.333", "y' = 0.333"])
def test_digits_of_a_number_count_behind_an_equals_sign_too(answer: str) -> None:
    assert verdict("x/3", "0.333", at=(("x", "1"),)).verdict == RIGHT
    assert verdict("x/3", answer, at=(("x", "1"),)).verdict == RIGHT


def test_value_that_is_0_is_shown_as_0() -> None:
    found = verdict("cos(x)", "0.0001", at=(("x", "pi"),))
    assert found.counterexample is not None
    assert found.counterexample.expected == "0"
    assert found.correct == "0"


@pytest.mark.parametrize(
    ("function", "answer"),
    [("tan(x)", "sec^2 x"), ("tan(x)", "sec² x"), ("cot(x)", "-csc^2 x"), ("tan(x)", "1 + tan^2 x")],
)
def test_power_of_a_function_without_parentheses_is_no_product_of_variables(function: str, answer: str) -> None:
    with contextlib.suppress(AutodiffError):  # as for "sin x"
        assert verdict(function, answer).verdict == RIGHT


@pytest.mark.parametrize("answer", ["0", "0*x", "x*0/0"])
def test_0_is_not_the_right_answer_up_to_a_constant_factor(answer: str) -> None:
    assert verdict("x^2", answer, up_to="factor").verdict != RIGHT


@pytest.mark.parametrize(
    ("function", "answer"),
    [
        ("x", "abs(x)"),
        ("x^2", "x*abs(x)"),
        ("relu(x)", "relu(-x)"),
        ("relu(x)", "relu(x) + relu(-x)"),
        ("sqrt(x)", "sqrt(-x)"),
    ],
)
def test_factor_that_changes_at_0_is_no_constant_factor(function: str, answer: str) -> None:
    assert verdict(function, answer, equal=True, up_to="factor").verdict != RIGHT


@pytest.mark.parametrize(
    ("function", "answer"), [("x^2", "x^2 + sign(x)"), ("x^2", "x^2 + floor(x)"), ("log(x)", "log(-x)")]
)
def test_step_is_no_constant(function: str, answer: str) -> None:
    assert verdict(function, answer, equal=True, up_to="constant").verdict != RIGHT


def test_two_numbers_are_equal_up_to_a_constant_and_up_to_a_factor() -> None:
    assert verdict("5", "7", equal=True, up_to="constant").verdict == RIGHT
    assert verdict("5", "7", equal=True, up_to="factor").verdict == RIGHT
    assert verdict("5", "3", variable="x", up_to="constant").verdict == RIGHT  # 0 and 3


@pytest.mark.parametrize(
    ("answer", "up_to", "expected", "got"), [("x^2 + x", "constant", "4", "6"), ("x^2 + 1", "factor", "4", "5")]
)
def test_counterexample_has_the_values_of_both_formulas_up_to_a_constant(
    answer: str, up_to: str, expected: str, got: str
) -> None:
    found = verdict("x^2", answer, equal=True, up_to=up_to)
    assert found.verdict == WRONG
    assert found.counterexample is not None
    if found.counterexample.at == {"x": "2"}:
        assert (found.counterexample.expected, found.counterexample.got) == (expected, got)


@pytest.mark.parametrize(
    ("function", "answer", "asked"),
    [
        ("relu(x)*sigmoid(x)", "sigmoid(x)*(1-sigmoid(x))*relu(x) + sigmoid(x)*(1+sign(x+1))/2", {}),
        ("max(x, y, z)", "where(x > y, 1, 0)", {"variable": "x"}),
    ],
)
def test_answer_that_is_wrong_where_the_derivative_is_0_is_wrong(
    function: str, answer: str, asked: dict[str, Any]
) -> None:
    assert verdict(function, answer, **asked).verdict == WRONG


@pytest.mark.parametrize(
    ("function", "answer"), [("sinh(x)", "-cosh(x)"), ("cosh(x)", "-sinh(x)"), ("exp(-x)", "exp(-x)")]
)
def test_integral_with_the_wrong_sign_is_not_called_an_integral_first(function: str, answer: str) -> None:
    assert verdict(function, answer).diagnoses[0].rule != "integrated"


@pytest.mark.parametrize(
    ("function", "answer"),
    [("relu(x)", "sign(x+1)"), ("clip(x, 0, 1)", "where(x > 0, 1, 0)")],  # 1/f' has no value where f' is 0
)
def test_reciprocal_is_no_diagnosis_where_it_has_no_value(function: str, answer: str) -> None:
    assert "reciprocal" not in [each.rule for each in verdict(function, answer).diagnoses]


@pytest.mark.parametrize(("function", "answer"), [("2x", "2 + 1e-60"), ("x^2", "2x*(1 + 1e-55)")])
def test_factor_of_1_is_no_diagnosis(function: str, answer: str) -> None:
    assert all("answer is 1 times" not in each.message for each in verdict(function, answer).diagnoses)


def test_inner_derivative_missing_is_said_before_a_constant_factor_lost() -> None:
    assert verdict("(2x+1)^5", "5*(2x+1)^4").diagnoses[0].rule == "inner-derivative-missing"


def test_k_over_x_for_the_logarithm_of_k_times_x_is_named_first() -> None:
    assert verdict("log(5x)", "5/x").diagnoses[0].rule == "logarithm-coefficient-kept"


def test_logarithm_of_e_is_not_said_to_be_missing() -> None:
    assert "base-logarithm-missing" not in [each.rule for each in verdict("e^(3x)", "e^(3x)").diagnoses]


@pytest.mark.parametrize(
    ("function", "answer", "asked"),
    [
        ("exp(x^2)", "0", {"order": 15}),
        ("sin(x)/x", "0", {"order": 10}),
        ("x^2", "2x*(-1)^(2-1)", {}),
        ("x^3", "3*x^(3-1) + 1", {"domain": (Interval("x", -10, -1),)}),
        ("x^2", "2x*10000!/10000!", {}),
        ("x^2", "2x + sin(10^400)", {}),
        ("x^2", "2x*gamma(200+x^2)/gamma(200+x^2)", {}),
        ("gamma(2000)*x", "gamma(2001)", {}),
        ("x^2", "1/(gamma(x+1) - x*gamma(x))", {}),
        ("x^2", "-" * 10_001 + "2x", {}),
    ],
    ids=lambda value: str(value)[:30],
)
def test_verdict_comes_within_seconds(function: str, answer: str, asked: dict[str, Any]) -> None:
    with contextlib.suppress(AutodiffError):
        verdict(function, answer, **asked)
