"""Shapes are known before anything is computed, and an error of them names both and the place."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodiff import AutodiffError, Function
from autodiff.graph.shapes import MAX_AXES, MAX_ENTRIES, ShapeError, broadcast_shape

POINT: dict[str, Any] = {
    "v": [1.0, 2.0, 3.0],
    "A": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]],
    "S": [[1.0, 2.0], [3.0, 4.0]],
    "T": np.arange(24.0).reshape(2, 3, 4),
    "x": 1.0,
}

lengths = st.integers(0, 3)
shapes = st.lists(lengths, max_size=4).map(tuple)


def error_of(text: str, **point: Any) -> AutodiffError:
    """What the evaluation of a formula in v, A, S, T and x ends with."""

    def evaluate() -> None:
        function = Function(text)
        function({name: {**POINT, **point}[name] for name in function.variables})

    with pytest.raises(AutodiffError) as caught:
        evaluate()
    return caught.value


@given(st.lists(shapes, min_size=1, max_size=3))
def test_broadcasting_is_that_of_numpy(given_shapes: list[tuple[int, ...]]) -> None:
    try:
        expected = np.broadcast_shapes(*given_shapes)
    except ValueError:
        with pytest.raises(ShapeError):
            broadcast_shape("add", given_shapes)
    else:
        assert broadcast_shape("add", given_shapes) == expected


@settings(max_examples=150, deadline=None)
@given(shapes, shapes)
def test_the_shape_of_a_product_is_that_of_numpy(a: tuple[int, ...], b: tuple[int, ...]) -> None:
    try:
        expected = np.matmul(np.ones(a), np.ones(b))
    except ValueError:
        with pytest.raises(AutodiffError) as caught:
            Function("a @ b")(a=np.ones(a), b=np.ones(b))
        assert caught.value.id == "shape-mismatch"
    else:
        assert np.array_equal(Function("a @ b")(a=np.ones(a), b=np.ones(b)), expected)


@pytest.mark.parametrize(
    ("text", "span", "shown"),
    [
        ("1 + v*[1, 2]", "v*[1, 2]", ["mul", "(3,)", "(2,)"]),
        ("sum(A + [1, 2])", "A + [1, 2]", ["add", "(2, 3)", "(2,)"]),
        ("atan2(v, [1, 2])", "atan2(v, [1, 2])", ["atan2", "(3,)", "(2,)"]),
        ("max(v, [1, 2])", "max(v, [1, 2])", ["max", "(3,)", "(2,)"]),
        ("where(v > 0, [1, 2], 3)", "where(v > 0, [1, 2], 3)", ["where", "(3,)", "(2,)", "()"]),
        ("1 + A @ A", "A @ A", ["matmul", "(2, 3)", "(2, 3)"]),
        ("A @ 3", "A @ 3", ["matmul", "(2, 3)", "()"]),
        ("x @ v", "x @ v", ["matmul", "()", "(3,)"]),
        ("T @ v", "T @ v", ["matmul", "(2, 3, 4)", "(3,)"]),
        ("v @ v @ v", "v @ v @ v", ["matmul", "()", "(3,)"]),
        ("dot(A, A)", "dot(A, A)", ["dot", "(2, 3)", "(2, 3)"]),
        ("dot(T, v)", "dot(T, v)", ["dot", "(2, 3, 4)", "(3,)"]),
        ("outer(A, v)", "outer(A, v)", ["outer", "(2, 3)", "(3,)"]),
        ("cross(v, [1, 2])", "cross(v, [1, 2])", ["cross", "(3,)", "(2,)"]),
        ("solve(S, v)", "solve(S, v)", ["solve", "(2, 2)", "(3,)"]),
        ("solve(S, T)", "solve(S, T)", ["solve", "(2, 2)", "(2, 3, 4)"]),
        ("solve(A, v)", "solve(A, v)", ["solve", "(2, 3)"]),
        ("det(A)", "det(A)", ["det", "(2, 3)", "square"]),
        ("det(x)", "det(x)", ["det", "()"]),
        ("inv(v)", "inv(v)", ["inv", "(3,)"]),
        ("logdet(T)", "logdet(T)", ["logdet", "(2, 3, 4)"]),
        ("trace(v)", "trace(v)", ["trace", "(3,)"]),
        ("diag(T)", "diag(T)", ["diag", "(2, 3, 4)"]),
        ("concat(v, A)", "concat(v, A)", ["concat", "(3,)", "(2, 3)"]),
        ("concat(v, x)", "concat(v, x)", ["concat", "(3,)", "()"]),
        ("stack(v, A)", "stack(v, A)", ["(3,)", "(2, 3)"]),
        ("[v, 3]", "[v, 3]", ["(3,)", "()"]),
        ("[[1, 2], [3]]", "[[1, 2], [3]]", ["(2,)", "(1,)"]),
        ("reshape(v, 2, 2)", "reshape(v, 2, 2)", ["reshape", "(3,)", "(2, 2)"]),
        ("reshape(v, -1, -1)", "reshape(v, -1, -1)", ["(3,)", "(-1, -1)"]),
        ("reshape([], -1, 0)", "reshape([], -1, 0)", ["(0,)", "(-1, 0)"]),
        ("transpose(A, 0, 0)", "transpose(A, 0, 0)", ["transpose", "(2, 3)"]),
        ("2*v[3]", "v[3]", ["3", "length 3"]),
        ("v[-4]", "v[-4]", ["-4", "length 3"]),
        ("A[0, 3]", "A[0, 3]", ["3", "length 3"]),
        ("[][0]", "[][0]", ["0", "length 0"]),
        ("v[0, 0]", "v[0, 0]", ["2 indices", "(3,)"]),
        ("x[0]", "x[0]", ["one index", "()"]),
        ("v[1.5]", "v[1.5]", ["whole number", "1.5"]),
        ("v[1/2:]", "v[1/2:]", ["whole number", "1/2"]),
        ("v[inf]", "v[inf]", ["whole number", "inf"]),
        ("v[0/0]", "v[0/0]", ["whole number", "nan"]),
        ("v[mod(5, 0)]", "v[mod(5, 0)]", ["whole number"]),
        ("v[floor(inf)]", "v[floor(inf)]", ["whole number"]),
        ("v[::0]", "::0", ["0"]),
        ("sum(v, axis=1)", "sum(v, axis=1)", ["no axis 1", "(3,)"]),
        ("sum(A, axis=-3)", "sum(A, axis=-3)", ["no axis -3", "(2, 3)"]),
        ("sum(A, axis=0.5)", "sum(A, axis=0.5)", ["0.5"]),
        ("sum(A, axis=(0, -2))", "sum(A, axis=(0, -2))", ["twice", "sum"]),
        ("softmax(x)", "softmax(x)", ["softmax", "()", "-1"]),
        ("cumsum(v, axis=1)", "cumsum(v, axis=1)", ["cumsum", "(3,)"]),
        ("norm(v, [1, 2])", "norm(v, [1, 2])", ["p", "number"]),
        ("norm(v, 1/2)", "norm(v, 1/2)", ["norm", "0.5"]),
        ("mean([])", "mean([])", ["mean", "(0,)"]),
        ("max(zeros(0, 3), axis=0)", "max(zeros(0, 3), axis=0)", ["max", "(0, 3)"]),
        ("len(x)", "len(x)", ["len", "()"]),
        ("zeros(-1)", "zeros(-1)", ["-1"]),
        ("ones(1.5)", "ones(1.5)", ["1.5"]),
        ("eye([2])", "eye([2])", ["[2]"]),
        ("range(1, 2, 0)", "range(1, 2, 0)", ["(1, 2, 0)"]),
        ("range(inf)", "range(inf)", ["inf"]),
    ],
)
def test_a_shape_that_does_not_fit_is_explained_where_it_stands(text: str, span: str, shown: list[str]) -> None:
    error = error_of(text)
    assert error.id == "shape-mismatch"
    assert error.exit_code == 2
    assert error.span is not None
    assert text[error.span.start : error.span.end] == span
    for word in shown:
        assert word in error.message


@pytest.mark.parametrize(
    "text",
    [
        f"zeros({MAX_ENTRIES + 1})",
        "zeros(1e200, 1e200)",
        "range(0, 1, 1e-12)",
        "eye(100000)",
        "outer(range(100000), range(100000))",
        "reshape(range(100000), 100000, 1)*range(100000)",
        "ones(100000, 1) @ ones(1, 100000)",
        "diag(range(100000))",
        f"{'[' * (MAX_AXES + 1)}1{']' * (MAX_AXES + 1)}",
        f"reshape(1, {', '.join('1' * (MAX_AXES + 1))})",
    ],
)
def test_an_array_that_is_too_large_is_refused_before_it_is_made(text: str) -> None:
    with pytest.raises(AutodiffError) as caught:
        Function(text)
    assert caught.value.id == "shape-mismatch"
    assert "allowed" in caught.value.suggestion


@pytest.mark.parametrize(
    ("text", "point", "value"),
    [
        ("v[n - 1]", {"n": 3}, 3.0),
        ("v[a*b]", {"a": 1, "b": 2}, 3.0),
        ("sum(v[-n:])", {"n": 2}, 5.0),
        ("k = n - 1; v[k]", {"n": 2}, 2.0),
        ("sum(range(n))", {"n": 5}, 10.0),
        ("sum(range(n*m))", {"n": 2, "m": 3}, 15.0),
        ("sum(ones(n, 2*n))", {"n": 2}, 8.0),
        ("len(zeros(n))", {"n": 4}, 4.0),
        ("v[len(v) - 1]", {}, 3.0),
        ("v[floor(len(v)/2)]", {}, 2.0),
        ("v[4/2]", {}, 3.0),
        ("v[2.0]", {}, 3.0),
        ("v[2^1]", {}, 3.0),
        ("v[min(len(v), 2)]", {}, 3.0),
        ("v[mod(-1, 3)]", {}, 3.0),
        ("sum(A, axis=n)[0]", {"n": 1}, 6.0),
        ("f(k) = v[k]; f(0) + f(n)", {"n": 2}, 4.0),
        ("f(k) = sum(range(k)); f(n)*f(n + 1)", {"n": 3}, 18.0),
        ("x = 2; v[x]", {}, 3.0),
    ],
)
def test_an_index_may_be_computed_from_lengths_and_bound_variables(
    text: str, point: dict[str, Any], value: float
) -> None:
    function = Function(text)
    given = {name: {**POINT, **point}[name] for name in function.variables}
    assert function(given) == value
    assert all(slope == 0.0 for name, slope in function.gradient(given).items() if name in point)


def test_another_value_of_a_length_is_another_shape() -> None:
    function = Function("sum(range(n)) + x")
    assert [function(n=n, x=0) for n in (3, 5, 3)] == [3.0, 10.0, 3.0]


@pytest.mark.parametrize("text", ["v[v[0]]", "v[sum(v)]", "v[x > 0]", "sum(v, axis=v)", "sum(v, v)", "v[sin(0)]"])
def test_an_index_that_is_computed_from_entries_is_refused(text: str) -> None:
    assert error_of(text).id == "not-known-in-advance"


@pytest.mark.parametrize("n", [1.5, float("inf"), float("nan"), 3, -4])
def test_a_variable_that_is_no_index_is_explained(n: float) -> None:
    with pytest.raises(AutodiffError) as caught:
        Function("v[n]")(v=[1, 2, 3], n=n)
    assert caught.value.id == "shape-mismatch"


def test_a_declared_shape_is_checked_without_a_point() -> None:
    assert Function("A @ v", shapes={"A": (2, 3), "v": (3,)}).outline().nodes[-1].shape == (2,)
    with pytest.raises(AutodiffError, match=r"matmul of \(2, 3\) and \(2,\)"):
        Function("A @ v", shapes={"A": (2, 3), "v": (2,)})
    with pytest.raises(AutodiffError, match=r"has shape \(2,\), where \(3,\) is needed"):
        Function("sum(v)", shapes={"v": (3,)})(v=[1, 2])
