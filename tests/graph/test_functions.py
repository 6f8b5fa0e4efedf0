"""Functions that a program defines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autodiff import AutodiffError, Function


@pytest.mark.parametrize(
    ("text", "point", "value", "gradient"),
    [
        ("f(x) = x^2 + 1; f(3*y)", {"y": 2}, 37.0, {"y": 36.0}),
        ("f(x, y) = x - y; f(1, z)", {"z": 3}, -2.0, {"z": -1.0}),
        ("f(x, y) = x - 2*y; f(y=1, x=z)", {"z": 3}, 1.0, {"z": 1.0}),
        ("f(x, y) = x - 2*y; f(z, y=1)", {"z": 3}, 1.0, {"z": 1.0}),
        ("g(x) = 2*x; f(x) = g(g(x)) + x; f(f(z))", {"z": 1}, 25.0, {"z": 25.0}),
        ("f(x) = g(x); g(x) = x^2; f(z)", {"z": 3}, 9.0, {"z": 6.0}),
        ("f(x) = x + a; a = 3*z; f(1)*a", {"z": 1}, 12.0, {"z": 21.0}),
        ("f(x) = x*z; f(2)", {"z": 3}, 6.0, {"z": 2.0}),
        ("f(x, y) = x @ y; f(v, v)", {"v": [1, 2]}, 5.0, {"v": [2.0, 4.0]}),
        ("f(M) = M.T @ M; sum(f(A))", {"A": [[1, 2]]}, 9.0, {"A": [[6.0, 6.0]]}),
        ("f(x) = A[x, 0]; f(1)", {"A": [[1, 2], [3, 4]]}, 3.0, {"A": [[0.0, 0.0], [1.0, 0.0]]}),
        ("f(x) = [x, 2*x]; sum(f(z[0])) + f(1)[1]", {"z": [5, 7]}, 17.0, {"z": [3.0, 0.0]}),
        ("f(n) = sum(range(n)); f(3) + f(len(v)) + 0*sum(v)", {"v": [1, 2]}, 4.0, {"v": [0.0, 0.0]}),
        ("f(x) = where(x > 0, log(x), 0); sum(f(v))", {"v": [-1, 0, 2]}, np.log(2), {"v": [0.0, 0.0, 0.5]}),
    ],
)
def test_a_call_is_the_body_with_the_operands(
    text: str, point: dict[str, Any], value: float, gradient: dict[str, Any]
) -> None:
    found, slopes = Function(text).value_and_gradient(point)
    assert found == pytest.approx(value, rel=1e-15)
    assert {name: np.asarray(slope).tolist() for name, slope in slopes.items()} == gradient


@pytest.mark.parametrize(
    ("text", "point", "value"),
    [
        ("x = 5; f(x) = x^2; f(2) + x", {}, 9.0),
        ("f(x) = x^2; f(2)*x", {"x": 10}, 40.0),
        ("f(pi) = pi^2; f(3)", {}, 9.0),
        ("f(f) = f + 1; f(2)", {}, 3.0),
        ("f(v) = sum(v); v = f([1, 2]); v*2", {}, 6.0),
        ("g(x) = x + 1; f(g) = g^2; f(g(1))", {}, 4.0),
    ],
)
def test_a_parameter_hides_what_has_its_name_outside(text: str, point: dict[str, Any], value: float) -> None:
    assert Function(text)(point) == value


def test_only_what_the_body_does_not_bind_is_a_variable() -> None:
    assert set(Function("f(x, y) = x*y*k; f(u, 2)").variables) == {"k", "u"}


@pytest.mark.parametrize(
    ("text", "id", "marked"),
    [
        ("f(n) = n*f(n - 1); f(3)", "recursive-function", "f(n - 1)"),
        ("f(x) = g(x) + 1; g(x) = f(x); f(2)", "recursive-function", "f(x)"),
        ("f(x, y) = x; f(1)", "wrong-number-of-operands", "f(1)"),
        ("f(x, y) = x; f(1, 2, 3)", "wrong-number-of-operands", "f(1, 2, 3)"),
        ("f(x, y) = x; f(1, x=2)", "wrong-number-of-operands", "f(1, x=2)"),
        ("f(x, y) = x; f(1, z=2)", "unknown-keyword", "z=2"),
        ("f(x, x) = x; f(1, 2)", "name-defined-twice", "x"),
        ("f(x) = x; f(x) = 2*x; f(1)", "name-defined-twice", "f(x) = 2*x"),
        ("sin(x) = x; sin(1)", "name-defined-twice", "sin(x) = x"),
        ("f(x) = x^2", "unused-statement", "f(x) = x^2"),
        ("f(x) = [x, 1] + [1, 2, 3]; f(2)", "shape-mismatch", "[x, 1] + [1, 2, 3]"),
        ("f(x) = x[0]; f(3)", "shape-mismatch", "x[0]"),
    ],
)
def test_what_can_not_be_called_is_explained_where_it_stands(text: str, id: str, marked: str) -> None:
    with pytest.raises(AutodiffError) as caught:
        Function(text)
    assert caught.value.id == id
    assert caught.value.span is not None
    assert text[caught.value.span.start : caught.value.span.end] == marked


def test_a_fault_in_a_body_names_the_function() -> None:
    with pytest.raises(AutodiffError, match=r"in f\(x\)"):
        Function("f(x) = x @ [1, 2]; f(v)")(v=[1, 2, 3])


def test_equal_calls_are_computed_once() -> None:
    nodes = Function("f(x) = exp(sin(x)); f(x) + f(x)").outline().nodes
    assert [node.op for node in nodes].count("exp") == 1


def test_calls_nest_a_thousand_deep() -> None:
    text = "f0(x) = x + 1; " + "; ".join(f"f{i}(x) = f{i - 1}(x)*1" for i in range(1, 1000)) + "; f999(y)"
    assert Function(text).value_and_gradient(y=1) == (2.0, {"y": 1.0})


def test_calls_that_double_are_a_limit_not_an_endless_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autodiff.graph.frames.MAX_NODES", 2000)
    text = "f0(x, y) = x*y; " + "; ".join(f"f{i}(x, y) = f{i - 1}(x, y) + f{i - 1}(y, x + {i})" for i in range(1, 40))
    with pytest.raises(AutodiffError) as caught:
        Function(text + "; f39(a, b)")
    assert caught.value.id == "too-many-nodes"
    assert caught.value.exit_code == 5


def test_calls_that_read_alike_at_their_beginning_are_not_confused() -> None:
    long = "+".join(["sin(x)"] * 10)
    f = Function(f"f(a, y, z) = a + y - 2*z; f({long}, y=p, z=q) - f({long}, z=p, y=q)")
    assert f(x=0, p=2, q=5) == -9
