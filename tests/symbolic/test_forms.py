"""Derivatives in the form that a person would write. The right-hand sides are those of calculus books."""

from __future__ import annotations

import pytest

from autodiff import Function

# formula, the derivative by x
BY_HAND = {
    # powers and polynomials
    "x^2*sin(x)": "2*x*sin(x) + x^2*cos(x)",
    "x^3/3": "x^2",
    "x^3 + x^2": "3*x^2 + 2*x",
    "3": "0",
    "a*x": "a",
    "-x^2": "-2*x",
    "-x": "-1",
    "x*2": "2",
    "1/x": "-1/x^2",
    "x^-3": "-3/x^4",
    "x^0.5": "1/(2*sqrt(x))",
    "sqrt(x)": "1/(2*sqrt(x))",
    "x^(1/3)": "1/(3*x^(2/3))",
    "x^(3/2)": "3*sqrt(x)/2",
    "5*x/2 + x/2": "3",
    "0.5*x^2 + 0.1*x": "x + 0.1",
    "2.5*x^2": "5*x",
    "x^2.5": "2.5*x^1.5",
    "0.1*x*3": "0.3",
    "1e-9*x^2": "2e-09*x",
    # what was factored stays, unless it is longer
    "(x - a)^6000": "6000*(x - a)^5999",
    "(2x + 1)^3": "6*(2*x + 1)^2",
    "(x^2 + 1)*(x + 2)": "3*x^2 + 4*x + 1",
    "(x^2 + 1)^2*sin(x)": "(x^2 + 1)*(4*x*sin(x) + (x^2 + 1)*cos(x))",
    "x*(1 - x)^9": "(1 - x)^8*(1 - 10*x)",
    # quotients
    "sin(5x)/(3x^2 + 7)": "(5*(3*x^2 + 7)*cos(5*x) - 6*x*sin(5*x))/(3*x^2 + 7)^2",
    "log(x)/x": "(1 - log(x))/x^2",
    "x/(1 - x)": "1/(1 - x)^2",
    "(x + 1)/(x - 1)": "-2/(x - 1)^2",
    # roots
    "sqrt(x^2 + 1)": "x/sqrt(x^2 + 1)",
    "sqrt(x^2 + 2x)": "(x + 1)/sqrt(x^2 + 2*x)",
    "sqrt(4x)": "1/sqrt(x)",
    "x/sqrt(2)": "1/sqrt(2)",
    "sqrt(x^2)": "x/abs(x)",
    # exponentials and logarithms
    "exp(x)": "exp(x)",
    "exp(-x^2/2)": "-x*exp(-x^2/2)",
    "e^(2x)": "2*e^(2*x)",
    "exp(x)*exp(2x)": "3*exp(3*x)",
    "2^x": "2^x*log(2)",
    "(1/2)^x": "-(1/2)^x*log(2)",
    "x^n": "n*x^(n - 1)",
    "n^x": "n^x*log(n)",
    "x^x": "x^x*(1 + log(x))",
    "log(x^2)": "2/x",
    "log(log(x))": "1/(x*log(x))",
    "log(x, 2)": "1/(x*log(2))",
    "x*log(x) - x": "log(x)",
    # trigonometry
    "sin(x)*cos(x)": "cos(x)^2 - sin(x)^2",
    "tan(x)": "sec(x)^2",
    "sin(x)/cos(x)": "sec(x)^2",
    "sec(x)": "sec(x)*tan(x)",
    "csc(x)": "-csc(x)*cot(x)",
    "cot(x)": "-csc(x)^2",
    "log(cos(x))": "-tan(x)",
    "sin(x)^2 + cos(x)^2": "0",
    "sin(-x)": "-cos(x)",
    "cos(3 - x)": "sin(3 - x)",
    "asin(x)": "1/sqrt(1 - x^2)",
    "acos(x)": "-1/sqrt(1 - x^2)",
    "atan(x)": "1/(x^2 + 1)",
    "atan2(y, x)": "-y/(y^2 + x^2)",
    # hyperbolic functions
    "sinh(x)*cosh(x)": "cosh(x)^2 + sinh(x)^2",
    "tanh(x)": "sech(x)^2",
    "asinh(x)": "1/sqrt(x^2 + 1)",
    "acosh(x)": "1/sqrt(x^2 - 1)",
    "atanh(x)": "1/(1 - x^2)",
    # choices and kinks
    "abs(x)": "sign(x)",
    "abs(x)^2": "2*x",
    "relu(x)^2": "where(x > 0, 2*relu(x), 0)",
    "where(x > 0, log(x), 0)": "where(x > 0, 1/x, 0)",
    "piecewise(x < 0, x^2, x < 1, -x, sin(x))": "piecewise(x < 0, 2*x, x < 1, -1, cos(x))",
    "max(x, 1)": "piecewise(x > 1, 1, x == 1, 1/2, 0)",
    # activations
    "sigmoid(x)": "sigmoid(x)*(1 - sigmoid(x))",
    "elu(x)": "where(x < 0, exp(x), 1)",
    "hypot(x, y)": "x/hypot(x, y)",
    # special functions
    "erf(x)": "2*exp(-x^2)/sqrt(pi)",
    "gamma(x)": "gamma(x)*digamma(x)",
    # physics
    "m*c^2*x": "m*c^2",
    "A*sin(omega*x + phi)": "A*omega*cos(omega*x + phi)",
}


@pytest.mark.parametrize("text", BY_HAND)
def test_a_derivative_is_written_as_in_a_book(text: str) -> None:
    answer = Function(text).derivatives(["x"])
    assert answer.text("x") == BY_HAND[text]


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("x^4", 4, "24"),
        ("x^4", 5, "0"),
        ("sin(x)", 4, "sin(x)"),
        ("exp(-x^2)", 2, "2*(2*x^2 - 1)*exp(-x^2)"),
        ("exp(-x^2)", 3, "4*x*(3 - 2*x^2)*exp(-x^2)"),
        ("x^2*exp(x)", 3, "(x^2 + 6*x + 6)*exp(x)"),
        ("log(x)", 12, "-39916800/x^12"),
        ("1/(1 - x)", 6, "720/(1 - x)^7"),
        ("x^n", 2, "n*(n - 1)*x^(n - 2)"),
        ("e^(-k*t*x)", 2, "k^2*t^2*e^(-k*t*x)"),
    ],
)
def test_a_derivative_of_a_higher_order_is_as_short(text: str, order: int, expected: str) -> None:
    assert Function(text).derivatives(["x"], order).text("x") == expected


def test_mixed_derivatives_are_taken_in_turn() -> None:
    assert Function("sin(x*y)").derivatives(["x", "y"], mixed=True).text("x,y") == "cos(x*y) - x*y*sin(x*y)"
    assert Function("x^3*y^2").derivatives(["x", "x", "y"], mixed=True).text("x,x,y") == "12*x*y"


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("x/x", "except where x is 0"),
        ("x^2/x", "except where x is 0"),
        ("sin(x)/x*x", "except where x is 0"),
        ("sqrt(x)^2", "only where x is not negative"),
        ("exp(log(x))", "except where x is 0"),
        ("log(x) - log(x)", "only where x is not negative"),
    ],
)
def test_what_was_cancelled_is_said_where_it_limits_the_domain(text: str, condition: str) -> None:
    messages = [note.message for note in Function(text).derivatives(["x"]).notes]
    assert any(message.endswith(condition) for message in messages), messages


@pytest.mark.parametrize(
    "text", ["x^2*log(x)", "x^x", "x^2/x + log(x)", "sin(x)/cos(x)", "(x^2 + 1)/(x^2 + 1)", "exp(x)/exp(x)"]
)
def test_there_is_no_note_where_the_domain_is_the_same(text: str) -> None:
    assert Function(text).derivatives(["x"]).notes == []


def test_a_nest_of_20_sines_stays_linear_when_its_parts_are_shared() -> None:
    nested = "x"
    for _ in range(20):
        nested = f"sin({nested})"
    shared = Function(nested).derivatives(["x"]).text("x", share=True)
    # 18 definitions of one sine, and the product of 20 cosines
    assert shared.count("sin(") + shared.count("cos(") + shared.count("*") <= 20 + 20 + 20


def test_a_derivative_that_would_be_too_long_is_written_with_names() -> None:
    doubled = "; ".join(["a0 = sin(x)*x", *(f"a{i} = a{i - 1}*sin(a{i - 1})" for i in range(1, 40)), "a39"])
    derivative = Function(doubled).derivative("x")
    assert len(derivative.text) < 10_000
    assert derivative(x=0.5) == pytest.approx(Function(doubled).gradient(x=0.5)["x"], rel=1e-12)


def test_a_sum_of_thousands_of_terms_and_a_nest_of_thousands_of_calls_go_through() -> None:
    total = " + ".join(f"x^{n}" for n in range(2, 3000))
    assert Function(total).derivative("x").text.startswith("2999*x^2998 + 2998*x^2997")
    nested = "sin(" * 3000 + "x" + ")" * 3000
    assert Function(nested).derivative("x")(x=0.0) == 1.0
