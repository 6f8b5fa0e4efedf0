"""How derivatives are written: `diff(expr, x)` and `f'(x)`. What they are is in tests/graph/test_derivatives.py."""

from __future__ import annotations

from typing import Any

import pytest

from autodiff import AutodiffError, Function
from autodiff.language.errors import Span


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("sin’(x)", "sin'(x)"),
        ("sin′(x)", "sin'(x)"),
        ("sin＇(x)", "sin'(x)"),
        ("sin″(x)", "sin''(x)"),
        ("sin′′(x)", "sin''(x)"),
        ("sin‴(x)", "sin'''(x)"),
        ("sin⁗(x)", "sin''''(x)"),
        ("sin' (x)", "sin'(x)"),
        ("2sin'(x)", "2*(sin'(x))"),
        ("x sin'(x)", "x*(sin'(x))"),
        ("sin'(x)cos'(x)", "(sin'(x))*(cos'(x))"),
        ("-sin'(x)^2", "-((sin'(x))^2)"),
        ("exp'(x)!", "factorial(exp'(x))"),
        ("|sin'(x)|", "abs(sin'(x))"),
        ("√sin'(x)", "sqrt(sin'(x))"),
        ("ln'(x)", "log'(x)"),
        ("x^sin'(x)", "x^(sin'(x))"),
        ("diff(x^2,\n x)", "diff(x^2, x)"),
        ("2diff(x^2, x)", "2*(diff(x^2, x))"),
        ("diff(x(x + 1), x)", "diff(x*(x + 1), x)"),
        ("diff(x^2, x, 1)", "diff(x^2, x)"),
        ("diff(x^4, x, x)", "diff(x^4, x, 2)"),
        ("diff(x^4, x, x, 2)", "diff(x^4, x, 3)"),
        ("diff(x^4, x, 2^2/2)", "diff(x^4, x, 2)"),
    ],
)
def test_a_derivative_means_what_its_explicit_form_means(text: str, same: str) -> None:
    first, second = (Function(text, ["x"]).outline().nodes for text in (text, same))
    assert [node._replace(span=None) for node in first] == [node._replace(span=None) for node in second]


@pytest.mark.parametrize(
    ("text", "id", "marked", "suggestion"),
    [
        ("A'", "unexpected-token", "'", "write f'(x) or diff(expr, x) for a derivative, A.T for a transpose"),
        ("A' @ x", "unexpected-token", "'", "write f'(x) or diff(expr, x) for a derivative, A.T for a transpose"),
        ("y'' + y", "unexpected-token", "''", "write f'(x) or diff(expr, x) for a derivative, A.T for a transpose"),
        ("(x^2)'", "unexpected-token", "'", "write f'(x) or diff(expr, x) for a derivative, A.T for a transpose"),
        ("sin'^2(x)", "unexpected-token", "'", "write f'(x) or diff(expr, x) for a derivative, A.T for a transpose"),
        ("sin' x", "unexpected-token", "'", "write f'(x) or diff(expr, x) for a derivative, A.T for a transpose"),
        ("'x'", "unexpected-token", "'", "write f'(x) or diff(expr, x) for a derivative, A.T for a transpose"),
        ('sin"(x)', "unexpected-character", '"', "write two primes, as in f''(x)"),
        ("sinn'(x)", "unknown-function", "sinn", "did you mean sin, sinh, sinc?"),
        ("f'(x)", "unknown-function", "f", "autodiff functions lists those there are"),
        ("a = f'(x); f(x) = x^2; a*f(x)", "name-used-before-definition", "f'(x)", "move its definition up"),
        ("f(x) = x*f'(x); f(2)", "recursive-function", "f'(x)", None),
        ("sin'()", "wrong-number-of-operands", "sin'()", "its form is sin(x)"),
        ("sin'(x, y)", "wrong-number-of-operands", "sin'(x, y)", "its form is sin(x)"),
        ("hypot'(2, y)", "wrong-number-of-operands", None, "write diff(hypot(2, y), y) for the derivative by y"),
        ("max''(x, y)", "wrong-number-of-operands", None, "write diff(max(x, y), x, 2) for the derivative by x"),
        ("f(a, b) = 1; f'(x, y)", "wrong-number-of-operands", None, "write diff(f(x, y), x) for the derivative by x"),
        ("diff()", "wrong-number-of-operands", "diff()", "its form is diff(expr, x) or diff(expr, x, n)"),
        ("diff(3*y^2)", "wrong-number-of-operands", "diff(3*y^2)", "write diff(3*y^2, y)"),
        ("diff(x^2, x, n=2)", "unknown-keyword", "n=2", "it takes expr, x, n"),
        ("diff(x^2, 2)", "not-a-variable", "2", "write diff(x^2, x, 2)"),
        ("diff(x^2, 2*x)", "not-a-variable", "2*x", "give it a name: u = 2*x; diff(..., u), with u in the expression"),
        ("diff(x^2, x, 2, 3)", "not-a-variable", "3", None),
        ("diff(e^2*x, e)", "not-a-variable", "e", "it is a variable where it gets a value; or use another name"),
        ("diff(x^2, x, -1)", "bad-order", "-1", "write it out, as in diff(expr, x, 2)"),
        ("diff(x^2, x, 1.5)", "bad-order", "1.5", "write it out, as in diff(expr, x, 2)"),
        ("diff(x^2, x, n + 1)", "bad-order", "n + 1", "write it out, as in diff(expr, x, 2)"),
        ("n = 2; diff(x^3, x, n)", "bad-order", "n", "write diff(x^3, x, 2) or diff(diff(x^3, x), n)"),
        ("d(n) = diff(x^3, x, n); d(2)", "bad-order", "n", "write diff(x^3, x, 2) or diff(diff(x^3, x), n)"),
        ("diff x^2", "function-without-parentheses", "diff", "its form is diff(expr, x, ...)"),
        ("diff(a) = a^2; diff(3)", "name-defined-twice", "diff(a) = a^2", None),
        ("d/dx(x^2 + 1)", "ambiguous-division", "d/dx(x^2 + 1)", "write diff(x^2 + 1, x) for the derivative"),
        ("d/dt sin(t)", "ambiguous-division", "d/dt sin(t)", "write diff(sin(t), t) for the derivative"),
        ("d^2/dx^2 sin(x)", "ambiguous-division", "d^2/dx^2 sin(x)", "write diff(sin(x), x, 2) for the derivative"),
        ("∂x", "unexpected-character", "∂", "write diff(expr, x); of the whole formula the gradient is printed anyway"),
        ("D(x^2, x)", "unknown-function", "D", "did you mean diff(expr, x)?"),
        ("derivative(x^2, x)", "unknown-function", "derivative", "did you mean diff(expr, x)?"),
    ],
)  # fmt: skip
def test_what_is_no_derivative_is_explained_where_it_stands(
    text: str, id: str, marked: str | None, suggestion: str | None
) -> None:
    with pytest.raises(AutodiffError) as caught:
        Function(text)
    assert caught.value.id == id
    assert isinstance(caught.value.span, Span)
    assert marked in (None, text[caught.value.span.start : caught.value.span.end])
    assert suggestion in (None, caught.value.suggestion)


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("diff*2 + 1", {"diff": 3.0}),
        ("diff + diff(diff^2, diff)/2", {"diff": 3.5}),
        ("diff = 3; 2*diff + 1", {}),
        ("f(diff) = diff(diff^2, diff) + 1; f(3)", {}),
    ],
)
def test_diff_is_a_name_where_it_is_not_called(text: str, point: dict[str, Any]) -> None:
    assert Function(text)(point) == 7


def test_a_comma_may_end_parentheses_that_hold_a_list_and_subscripts() -> None:
    point = {"A": [[1, 2], [3, 4]]}
    assert Function("sum(A, axis=(0,))")(point).tolist() == [4, 6]
    assert Function("sum(A, axis=(0, 1,))")(point) == 10
    assert Function("A[0,]")(point).tolist() == [1, 2]
    assert Function("A[:, 1,]")(point).tolist() == [2, 4]
    assert Function("zeros((2,)) + A")(point).tolist() == point["A"]


def test_parentheses_that_hold_one_value_and_a_comma_are_no_value() -> None:
    for text in ("(x,)", "(x,) + 1", "sin((x,))", "leaky_relu(x, slope=(1, 2))"):
        with pytest.raises(AutodiffError) as caught:
            Function(text)
        assert caught.value.id == "not-one-value"


def test_a_list_in_parentheses_is_an_array_where_one_is_taken() -> None:
    assert Function("norm((3, 4))")() == 5
    assert Function("sum((x, 2*x))").value_and_gradient(x=2) == (6, {"x": 3})
