"""Derivatives inside a program: what `diff(expr, x)` and `f'(x)` are. How they are written is in tests/language."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from mpmath import mp

from autodiff import AutodiffError, Function
from autodiff.graph.primitive import Primitive
from autodiff.graph.table import FUNCTIONS
from tests.calculus import CALCULUS
from tests.test_properties import BENIGN_POINTS, SMOOTH
from tests.test_table import GENERIC, SPECIAL_NUMBERS

# Every function of one number, or of one and others that have a value anyway.
ONE_OPERAND = [
    pytest.param(row, id=row.name)
    for row in dict.fromkeys(FUNCTIONS.values())
    if row.entrywise and not row.variadic and len(row.operands) - len(row.defaults) == 1
]


def value(text: str, /, **point: Any) -> Any:
    return Function(text, variables=point, stabilise=False)(point)


# --- against mpmath, and by hand ---


@pytest.mark.parametrize("row", ONE_OPERAND)
def test_one_prime_is_the_derivative_of_a_function_and_two_are_the_second(row: Primitive) -> None:
    x = GENERIC.get(row.name, (0.7,))[0]
    defaults = [mp.mpf(text) for text in row.defaults.values()]
    with mp.workdps(60):
        once, twice = (mp.diff(lambda t: CALCULUS[row.name].value(t, *defaults), mp.mpf(x), n) for n in (1, 2))
    assert value(f"{row.name}'(x)", x=x) == pytest.approx(float(once), rel=1e-13, abs=1e-15)
    assert value(f"{row.name}''(x)", x=x) == pytest.approx(float(twice), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("row", ONE_OPERAND)
@pytest.mark.parametrize("x", SPECIAL_NUMBERS)
def test_a_prime_is_the_gradient_to_the_last_bit_at_kinks_and_edges_too(row: Primitive, x: float) -> None:
    gradient = Function(f"{row.name}(x)", stabilise=False).gradient(x=x)["x"]
    for text in (f"{row.name}'(x)", f"diff({row.name}(x), x)", f"f(t) = {row.name}(t); f'(x)"):
        assert repr(value(text, x=x)) == repr(gradient)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("diff(x^x, x)", lambda x, y: mp.diff(lambda t: t**t, x)),
        ("diff(x^x, x, 4)", lambda x, y: mp.diff(lambda t: t**t, x, 4)),
        ("diff(exp(-x^2/2), x, 7)", lambda x, y: mp.diff(lambda t: mp.exp(-(t**2) / 2), x, 7)),
        ("diff(x^y*sin(x*y), x, 2, y)", lambda x, y: mp.diff(lambda s, t: s**t * mp.sin(s * t), (x, y), (2, 1))),
        ("diff(log(x + y^2), y, 2, x, 2)", lambda x, y: mp.diff(lambda s, t: mp.log(s + t**2), (x, y), (2, 2))),
        ("diff(diff(x^2*y^3, x), y)", lambda x, y: 6 * x * y**2),
        ("sin'(cos(x))", lambda x, y: mp.cos(mp.cos(x))),
        ("tanh'''(x*y)", lambda x, y: mp.diff(mp.tanh, x * y, 3)),
        ("sin'(sin'(x))", lambda x, y: mp.cos(mp.cos(x))),
        ("diff(sin'(2*x), x)", lambda x, y: -2 * mp.sin(2 * x)),
        ("x*diff(x^3, x)^2", lambda x, y: x * (3 * x**2) ** 2),
        ("diff(x^3, x, 0)", lambda x, y: x**3),
        ("diff(sin(x), x, 1000003)", lambda x, y: -mp.cos(x)),
        ("diff(exp(x)*x^2, x, 30)", lambda x, y: mp.exp(x) * (x**2 + 60 * x + 870)),
        ("diff(y^3, x)", lambda x, y: 0),
        ("diff(x, x)", lambda x, y: 1),
        ("leaky_relu'(-x, slope=y)", lambda x, y: y),
        ("leaky_relu'(-x, slope=x)", lambda x, y: x),
        ("leaky_relu'(0.01)", lambda x, y: 1),
        ("log'(x)", lambda x, y: 1 / x),
        ("f(t) = t^3; f'(f(x))", lambda x, y: 3 * x**6),
        ("f(t) = t^3; f'(f'(x))", lambda x, y: 27 * x**4),
        ("f(t) = t*y; f'(x)", lambda x, y: y),
        ("f(t) = t*x; f'(x)", lambda x, y: x),
        ("f(t) = t*x; diff(f(x), x)", lambda x, y: 2 * x),
        ("f(t) = diff(t^4, t); f'(x)", lambda x, y: 12 * x**2),
        ("f(t) = sin'(t)*t; f''(x)", lambda x, y: mp.diff(lambda t: mp.cos(t) * t, x, 2)),
        ("g(t) = diff(t^3, t); g(x + 1)", lambda x, y: 3 * (x + 1) ** 2),
        ("g(t) = diff(t^2 + x, t); g(x)", lambda x, y: 2 * x),
        ("g(t) = diff(t^2 + x, x); g(x)", lambda x, y: 1),
        ("g(t, s) = diff(t*s, t); g(x, x)", lambda x, y: x),
        ("g(t, k) = diff(t^2*k, t); g(x, g(x, 1))", lambda x, y: 4 * x**2),
        ("k(s) = diff(s^3, s); g(t) = diff(t*k(x), t); g(x)", lambda x, y: 3 * x**2),
        ("k(s) = diff(s^3, s); g(t) = diff(t*k(t), t); g(x)", lambda x, y: 9 * x**2),
        ("k(s) = s*x; g(t) = diff(k(t) + x*t, x); g(x)", lambda x, y: 2 * x),
        ("g(t) = diff(t^2, t); g(3)", lambda x, y: 6),
        ("g(n) = diff(x^n, x); g(2)", lambda x, y: 2 * x),
        ("g(x) = diff(x^2, x); g(y) + x", lambda x, y: 2 * y + x),
        ("h = x^2; diff(h*x, h)", lambda x, y: x),
        ("h = x^2; diff(h*x, x)", lambda x, y: 3 * x**2),
        ("h = x; diff(h*x, h)", lambda x, y: x),
        ("h = 3; diff(h^2*x, h)", lambda x, y: 6 * x),
        ("h = diff(x^3, x); diff(h^2, h) + diff(h, x)", lambda x, y: 6 * x**2 + 6 * x),
        ("h = diff(x, x); h + x", lambda x, y: 1 + x),
        ("diff(where(x > y, x^2, y*x), x)", lambda x, y: y),
    ],
)
def test_a_derivative_in_a_program_has_the_value_that_mathematics_gives_it(text: str, expected: Any) -> None:
    x, y = 1.25, 2.5
    function = Function(text, ["x", "y"], stabilise=False)
    with mp.workdps(40):
        exact = float(expected(mp.mpf(x), mp.mpf(y)))
    at = {name: number for name, number in {"x": x, "y": y}.items() if name in function.variables}
    assert function(at) == pytest.approx(exact, rel=1e-12, abs=1e-14)


def test_a_negative_base_takes_no_logarithm() -> None:
    assert value("diff(x^2, x)", x=-3) == -6
    assert value("g(n) = diff(x^n, x); g(2)", x=-3) == -6
    assert Function("g(n) = diff(x^n, x); g(3)").gradient(x=-3) == {"x": -18}


def test_a_constant_that_has_a_value_is_a_variable_to_differentiate_by() -> None:
    assert value("diff(e^2*x, e)", e=3, x=2) == 12


def test_the_derivative_at_a_kink_is_the_one_of_smallest_norm() -> None:
    assert value("abs'(x) + relu'(x)", x=0) == 0
    assert value("diff(max(x, y), x)", x=1, y=1) == 0.5


def test_a_branch_that_was_not_chosen_does_no_harm() -> None:
    assert value("diff(where(x > 0, log(x), 0), x)", x=-1) == 0


@settings(max_examples=60, deadline=None)
@given(SMOOTH, BENIGN_POINTS)
def test_diff_of_any_formula_is_its_gradient(text: str, point: dict[str, float]) -> None:
    function = Function(text, stabilise=False)
    at = {name: point[name] for name in function.variables}
    for name, slope in function.gradient(at).items():
        assert value(f"diff({text}, {name})", **at) == pytest.approx(slope, rel=1e-12, abs=1e-300, nan_ok=True)


# --- it goes on as any other node does ---


def test_a_derivative_is_differentiated_traced_and_checked_like_all_else() -> None:
    f = Function("diff(sin(x)^2*y, x)")  # 2 sin(x) cos(x) y = sin(2x) y
    x, y = 0.8, 3.0
    gradient = f.gradient(x=x, y=y)
    assert gradient == pytest.approx({"x": 2 * np.cos(2 * x) * y, "y": np.sin(2 * x)})
    hessian = f.hessian(x=x, y=y)
    assert hessian["x"] == pytest.approx({"x": -4 * np.sin(2 * x) * y, "y": 2 * np.cos(2 * x)})
    assert f.trace(x=x, y=y).value == pytest.approx(np.sin(2 * x) * y)
    for method in ("central", "complex", "precise"):
        assert f.gradcheck({"x": x, "y": y}, method=method).passed


def test_a_derivative_by_a_named_node_is_what_wrt_gives() -> None:
    text = "h = x^2 + y; {}"
    gradient = Function(text.format("sin(h)*x")).gradient({"x": 2, "y": 1}, ["h"])
    assert value(text.format("diff(sin(h)*x, h)"), x=2, y=1) == gradient["h"]


def test_what_only_the_derivative_was_taken_of_is_no_node() -> None:
    assert [node.op for node in Function("diff(sin(x), x)").outline().nodes] == ["variable", "cos"]
    nodes = Function("g(t) = diff(t^3, t); g(x + 1)").outline().nodes
    assert [(node.op, node.label) for node in nodes if node.operands] == [
        ("add", None),
        ("pow", None),
        ("mul", "g(x + 1)"),
    ]


def test_the_nodes_of_a_derivative_stand_where_it_was_asked_for() -> None:
    text = "y + diff(log(x), x)"
    (note,) = Function(text).evaluate(x=0, y=1).notes
    assert note.id == "not-finite"
    assert note.span is not None
    assert text[note.span.start : note.span.end] == "diff(log(x), x)"


# --- arrays ---


@pytest.mark.parametrize(
    ("text", "point", "expected"),
    [
        ("diff(sum(v^2), v)", {"v": [1, 2, 3]}, [2, 4, 6]),
        ("diff(norm(A @ v)^2, v)", {"A": [[1, 2], [3, 4]], "v": [1, 1]}, [48, 68]),
        ("sum(diff(sum(v^3), v))", {"v": [1, 2, 3]}, 42),
        ("diff(sum(diff(sum(v^3), v)), v)", {"v": [1, 2]}, [6, 12]),
        ("diff(sum(v)*k^2, k, 2)", {"v": [1, 2], "k": 5}, 6),
        ("diff(sum(v), k)", {"v": [1, 2], "k": 5}, 0),
        ("diff(k, v) + 0*k", {"v": [1, 2], "k": 5}, [0, 0]),
        ("diff(sum(v*k^3), k, len(v))", {"v": [1, 2], "k": 5}, 90),
        ("n = len(v); diff(sum(v*k^3), k, n + 0)", {"v": [1, 2], "k": 5}, 90),
        ("v[diff(2*k, k) - 1]", {"v": [1, 2], "k": 5}, 2),
        ("square'(v)", {"v": [1, 2]}, [2, 4]),
        ("sin''(v)", {"v": [0, np.pi / 2]}, [0, -1]),
        ("f(t) = t^3; f''(v)", {"v": [1, 2]}, [6, 12]),
        ("f(t) = w*t; f'(v)", {"v": [1, 2], "w": [3, 4]}, [3, 4]),
        ("f(t) = sum(t^3); f'(v)", {"v": [1, 2]}, [3, 12]),
        ("max'(v)", {"v": [1, 3, 2]}, [0, 1, 0]),
        ("sum'(v, axis=0)", {"v": [1, 3]}, [1, 1]),
        ("det'(A)", {"A": [[1, 2], [3, 5]]}, [[5, -3], [-2, 1]]),
        ("g(t, i) = diff(t^2, t)*v[i]; g(k, 1)", {"v": [1, 2], "k": 2}, 8),
        ("g(i) = diff(i^2, i)*v[i]; g(k)", {"v": [1, 2], "k": 1}, 4),
        ("g(M) = diff(sum(M @ M), M); g(A)", {"A": [[1, 2], [3, 4]]}, [[7, 11], [9, 13]]),
    ],
)
def test_a_derivative_by_an_array_has_its_shape(text: str, point: dict[str, Any], expected: Any) -> None:
    assert np.asarray(Function(text)(point)) == pytest.approx(np.asarray(expected), abs=1e-12)


@pytest.mark.parametrize(
    "text", ["diff(v^2, v)", "softmax'(v)", "diff(sum(v^2), v, 2)", "f(t) = sum(t^2); f''(v)", "exp'(v)*diff(v, v)"]
)
def test_the_derivative_of_an_array_is_refused_and_the_jacobian_offered(text: str) -> None:
    function = Function(text)  # nothing is wrong yet: v might be a number
    with pytest.raises(AutodiffError, match=r"array of shape \([23],\)") as caught:
        function(v=[1, 2])
    assert caught.value.id == "not-a-number"
    assert "autodiff jacobian" in caught.value.suggestion


# --- size ---


def test_derivatives_grow_with_the_formula_and_not_faster() -> None:
    def nodes(text: str) -> int:
        return len(Function(text, stabilise=False).outline().nodes)

    for form in ("diff({}, x)", "{}"):
        terms = "diff(sin({0}*x), x)" if form == "{}" else "sin({0}*x)^2"
        small, large = (nodes(form.format(" + ".join(terms.format(k) for k in range(1, n)))) for n in (101, 1001))
        assert large < 10.2 * small
    depth = 20_000
    assert value("diff(" + "sin(" * depth + "x" + ")" * depth + ", x)", x=0) == 1


def test_an_order_beyond_all_bounds_is_a_limit_not_an_endless_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    assert value("diff(x^50, x, 1000000)", x=2) == 0
    assert value("diff(x^50, x, 50)", x=2) == pytest.approx(float(mp.factorial(50)))
    monkeypatch.setattr("autodiff.graph.derivatives.MAX_NODES", 5000)
    for text in ("diff(exp(sin(x)*x), x, 50)", "diff(exp(2*x), x, 1000000)"):
        with pytest.raises(AutodiffError) as caught:
            Function(text)
        assert caught.value.id == "too-many-nodes"
        assert caught.value.exit_code == 5


def test_a_derivative_in_a_formula_is_that_of_the_form_that_keeps_its_digits() -> None:
    # the derivative of log(1 + exp(x)) is 1/(1 + exp(-x)), which is 1 at 1000
    assert Function("diff(log(1 + exp(x)), x)")(x=1000) == 1
    assert Function("f(t) = log(1 + exp(t)); f'(2*x)")(x=500) == 1
    assert Function("diff(log(1 + exp(x)), x)", stabilise=False)(x=1000) != 1
