"""What texts mean: each is the same graph as a text in which nothing is left to a reader."""

from __future__ import annotations

import pytest

from autodiff import AutodiffError, Function
from autodiff.graph.compiler import compile_program, parser

SAME_MEANING = [
    # precedence
    ("-x^2", "-(x^2)"),
    ("2^-x", "2^(-x)"),
    ("2^3^x", "2^(3^x)"),
    ("2**x", "2^x"),
    ("-x!", "-(factorial(x))"),
    ("x^2!", "x^(factorial(2))"),
    ("-2x", "(-2)*x"),
    ("a/b/c", "(a/b)/c"),
    ("a - b - c", "(a - b) - c"),
    ("not x > 1 and y or z", "((not (x > 1)) and y) or z"),
    ("0 < x < 1", "(0 < x) and (x < 1)"),
    ("0 < x <= y != z", "((0 < x) and (x <= y)) and (y != z)"),
    # juxtaposition
    ("2x", "2*x"),
    ("2 sin(x)", "2*sin(x)"),
    ("3(x+1)", "3*(x + 1)"),
    ("(x+1)(x-1)", "(x + 1)*(x - 1)"),
    ("2x cos(x)", "2*x*cos(x)"),
    ("x sin(x)", "x*sin(x)"),
    ("2x^2", "2*(x^2)"),
    ("2x!", "2*factorial(x)"),
    ("x y", "x*y"),
    ("2|x|", "2*abs(x)"),
    ("3beta_47", "3*beta_47"),
    ("2pi", "2*pi"),
    ("-.0032t", "(-.0032)*t"),
    ("sin^2(x)", "sin(x)^2"),
    ("sin²(x)", "sin(x)^2"),
    ("x(x+1)^2", "x*((x + 1)^2)"),
    # bars
    ("|x|", "abs(x)"),
    ("||x| - 1|", "abs(abs(x) - 1)"),
    ("|x|y|z|", "abs(x)*y*abs(z)"),
    ("|x + |y||", "abs(x + abs(y))"),
    ("(|x|)|y|", "abs(x)*abs(y)"),
    # pasted text
    ("2 − x", "2 - x"),
    ("x × y", "x*y"),
    ("x · y", "x*y"),
    ("x ÷ y", "x/y"),
    ("√x", "sqrt(x)"),
    ("√(x + 1)", "sqrt(x + 1)"),
    ("∛x", "cbrt(x)"),
    ("x² + y³ + z⁻¹", "x^2 + y^3 + z^(-1)"),
    ("π x", "π*x"),
    ("（x + 1）（x）", "(x + 1)*(x)"),
    ("where(x ≤ y, x ≥ y, x ≠ y)", "where(x <= y, x >= y, x != y)"),
    ("𝐵 + x₁", "B + x1"),
    ("ℯ^x", "e^x"),
    # names, aliases, keywords
    ("ln(x) + arcsin(x) + arctan2(x, y) + swish(x)", "log(x) + asin(x) + atan2(x, y) + silu(x)"),
    ("log(x, 2)", "log_base(x, 2)"),
    ("leaky_relu(x, slope=0.1)", "leaky_relu(x, 0.1)"),
    ("leaky_relu(x)", "leaky_relu(x, 0.01)"),
    ("leaky_relu(x=z, slope=0.1)", "leaky_relu(z, 0.1)"),
    ("piecewise(x < 0, a, x < 1, b, c)", "where(x < 0, a, where(x < 1, b, c))"),
    # lines and comments
    ("(x\n + 1)", "x + 1"),
    ("x +\n1", "x + 1"),
    ("x\n* y", "x*y"),
    ("x # the rest is a comment ^^^ ", "x"),
    ("\n\nx + 1;\n", "x + 1"),
    ("x\r\n^2", "x^2"),
]


def graph_of(text: str) -> object:
    compiled = compile_program(parser().parse(text), text)
    return [(node.primitive.name, node.operands, node.payload, node.label) for node in compiled.graph.nodes]


@pytest.mark.parametrize(("text", "same"), SAME_MEANING)
def test_a_text_means_what_its_explicit_form_means(text: str, same: str) -> None:
    assert graph_of(text) == graph_of(same)


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("1/2x", "ambiguous-division"),
        ("1/2 x", "ambiguous-division"),
        ("a/b(c + 1)", "ambiguous-division"),
        ("2x/3y", "ambiguous-division"),
        ("sin x", "function-without-parentheses"),
        ("2 sin x", "function-without-parentheses"),
        ("log -x", "missing-value"),
        ("sin^-1(x)", "inverse-notation"),
        ("sin⁻¹(x)", "inverse-notation"),
        ("x 2", "adjacent-number"),
        ("2 3", "adjacent-number"),
        ("(x + 1)2", "adjacent-number"),
        ("f(x, y)", "unknown-function"),
        ("xsin(x)", "unknown-function"),
        ("2.5.1", "adjacent-number"),
        ("1..2", "adjacent-number"),
        ("1 .. 2", "unexpected-character"),
        ("x = 1 = 2", "unexpected-token"),
        ("(x) = 1", "unexpected-token"),
        ("x\n-1\n", "unused-statement"),
        ("|x", "unmatched-bracket"),
        ("(|x)|", "unmatched-bracket"),
        ("strong_product(x, x)", "unknown-function"),
        ("add(x, x)", "unknown-function"),
        ("sin(x=1, 2)", "wrong-number-of-operands"),
        ("max(x=1)", "unknown-keyword"),
        ("sin(x, x=1)", "wrong-number-of-operands"),
        ("piecewise(x)", "wrong-number-of-operands"),
        ("()", "unexpected-token"),
    ],
)
def test_what_could_be_read_in_two_ways_or_none_is_refused(text: str, id: str) -> None:
    with pytest.raises(AutodiffError) as caught:
        Function(text)(x=1)
    assert caught.value.id == id
    assert caught.value.suggestion


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("e^2x", "power-before-product"),
        ("x^2(x + 1)", "power-before-product"),
        ("x^n(x + n)", "power-before-product"),
        ("x(x + 1)", "name-before-parentheses"),
        ("pi(x + 1)", "name-before-parentheses"),
        ("√x^2", "power-of-radical"),
    ],
)
def test_a_reading_that_is_not_the_only_one_is_noted(text: str, id: str) -> None:
    assert [note.id for note in Function(text).notes] == [id]


@pytest.mark.parametrize("text", ["e^2 x", "x^2 sin(x)", "(x^2)y", "x²y", "2x", "(x)(x)", "x^(2)y", "√(x)^2"])
def test_a_plain_reading_has_no_note(text: str) -> None:
    assert Function(text).notes == ()


def test_a_function_s_name_may_be_a_variable_where_it_is_not_called() -> None:
    f = Function("gamma + beta^2 + E + I + lambda + gamma(beta)")
    assert f.variables == ("gamma", "beta", "E", "I", "lambda")


def test_a_constant_is_a_variable_once_it_has_a_value() -> None:
    assert Function("e")(e=3) == 3
    assert Function("e*x").gradient(e=3, x=2) == {"e": 2.0, "x": 3.0}
    assert Function("e*x").gradient(x=2) == {"x": 2.718281828459045}


def test_a_name_before_parentheses_is_a_variable_if_it_has_a_value() -> None:
    assert Function("a(t + 1)", ["a"])(a=2, t=3) == 8


def test_names_label_nodes_and_may_shadow_constants() -> None:
    f = Function("e = y - t; l = square(e)")
    assert f.names == ("e", "l")
    assert f(y=3, t=1) == 4
