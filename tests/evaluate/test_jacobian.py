"""Jacobians, and products with them, by rows and by columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodiff import AutodiffError, Function


def test_the_jacobian_has_the_shape_of_the_value_and_then_of_the_variable() -> None:
    blocks = Function("A @ B").jacobian(A=np.ones((2, 3)), B=np.ones((3, 4)))
    assert blocks["A"].shape == (2, 4, 2, 3)
    assert blocks["B"].shape == (2, 4, 3, 4)
    assert Function("A*x").jacobian({"A": np.ones((2, 3)), "x": 2.0})["x"].shape == (2, 3)
    assert Function("x^2").jacobian(x=3) == {"x": 6.0}


def test_the_jacobian_of_a_product_of_matrices() -> None:
    a, b = np.arange(6.0).reshape(2, 3), np.arange(12.0).reshape(3, 4)
    blocks = Function("A @ B").jacobian(A=a, B=b)
    assert np.array_equal(blocks["A"], np.einsum("ik,lj->ijkl", np.eye(2), b))
    assert np.array_equal(blocks["B"], np.einsum("ik,jl->ijkl", a, np.eye(4)))


def test_the_jacobian_of_spherical_coordinates_has_the_determinant_of_the_book() -> None:
    text = "[r*sin(t)*cos(p), r*sin(t)*sin(p), r*cos(t)]"
    point = {"r": 2.0, "t": 0.7, "p": 1.1}
    blocks = Function(text).jacobian(point, ["r", "t", "p"])
    matrix = np.stack([blocks[name] for name in ("r", "t", "p")], axis=1)
    assert np.linalg.det(matrix) == pytest.approx(4 * np.sin(0.7), rel=1e-14)


def test_what_the_value_does_not_depend_on_has_zeros() -> None:
    blocks = Function("h = 2*v; [x, 3]*1 + 0*sum(h)", shapes={"v": (3,)}).jacobian({"v": [1, 2, 3], "x": 1}, ["v", "x"])
    assert blocks["v"].tolist() == [[0, 0, 0], [0, 0, 0]]
    assert blocks["x"].tolist() == [1, 0]
    constant = Function("[1, 2] + 0*[x, x]").jacobian(x=1)["x"]
    assert constant.tolist() == [0, 0]


def test_a_named_node_may_be_the_output_and_the_variable() -> None:
    function = Function("h = A @ v; y = sin(h); sum(y)")
    point = {"A": [[1.0, 2.0], [3.0, 4.0]], "v": [0.1, 0.2]}
    assert function.jacobian(point, ["v"], "h")["v"].tolist() == [[1, 2], [3, 4]]
    assert np.allclose(function.jacobian(point, ["h"], "y")["h"], np.diag(np.cos([0.5, 1.1])), rtol=1e-15)
    assert np.allclose(function.jacobian(point, ["h"])["h"], np.cos([0.5, 1.1]), rtol=1e-15)


def test_both_ways_through_a_formula_give_the_same_numbers() -> None:
    text = "tanh(W @ x + b)"
    random = np.random.default_rng(5)
    for rows, columns in ((2, 5), (5, 2)):  # one is computed row by row, the other column by column
        point = {"W": random.standard_normal((rows, columns)), "x": random.standard_normal(columns), "b": np.ones(rows)}
        blocks = Function(text).jacobian(point, ["x", "b"])
        slope = 1 - np.tanh(point["W"] @ point["x"] + 1) ** 2
        assert np.allclose(blocks["x"], slope[:, None] * point["W"], rtol=1e-13)
        assert np.allclose(blocks["b"], np.diag(slope), rtol=1e-13)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 4), st.integers(1, 4), st.integers(0, 2**32))
def test_products_are_those_with_the_jacobian(m: int, n: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    function = Function("sin(A @ v)*exp(v @ A.T/9) + s*v[0]")
    point = {"A": random.standard_normal((m, n)), "v": random.standard_normal(n), "s": float(random.standard_normal())}
    tangent = {name: random.standard_normal(np.shape(x)) for name, x in point.items()}
    cotangent = random.standard_normal(m)
    blocks = function.jacobian(point)
    moved = function.jvp(point, tangent)[1]
    pulled = function.vjp(point, cotangent)[1]
    total = sum(np.tensordot(blocks[name], tangent[name], np.ndim(tangent[name])) for name in point)
    assert np.allclose(moved, total, rtol=1e-12, atol=1e-12)
    for name in point:
        assert np.allclose(pulled[name], np.tensordot(cotangent, blocks[name], 1), rtol=1e-12, atol=1e-12)
    inner = sum(float(np.sum(pulled[name] * tangent[name])) for name in point)
    assert float(cotangent @ moved) == pytest.approx(inner, rel=1e-9, abs=1e-12)


def test_only_what_is_in_the_tangent_moves() -> None:
    value, moved = Function("[x*y, x + y]").jvp({"x": 2, "y": 3}, {"y": 1})
    assert value.tolist() == [6, 5]
    assert moved.tolist() == [2, 1]
    assert Function("[x*y, x + y]").jvp({"x": 2, "y": 3}, {})[1].tolist() == [0, 0]


def test_a_number_in_a_tangent_stands_for_all_entries() -> None:
    assert Function("sum(v^2)").jvp({"v": [1, 2, 3]}, {"v": 1})[1] == 12.0


@pytest.mark.parametrize(
    ("call", "id"),
    [
        (lambda f, p: f.jvp(p, {"v": [1, 2, 3]}), "shape-mismatch"),
        (lambda f, p: f.jvp(p, {"w": 1}), "unknown-name"),
        (lambda f, p: f.vjp(p, [1, 2, 3]), "shape-mismatch"),
        (lambda f, p: f.jacobian(p, ["w"]), "unknown-name"),
        (lambda f, p: f.jacobian(p, None, "w"), "unknown-name"),
        (lambda f, p: f.jacobian({}), "missing-value"),
        (lambda f, p: f.gradient(p), "not-a-number"),
        (lambda f, p: f.hessian(p), "not-a-number"),
        (lambda f, p: f.hvp(p, {"v": [1, 2]}), "not-a-number"),
    ],
)
def test_what_does_not_fit_is_an_error(call: Any, id: str) -> None:
    with pytest.raises(AutodiffError) as caught:
        call(Function("v^2"), {"v": [1, 2]})
    assert caught.value.id == id


def test_results_belong_to_the_caller() -> None:
    v = np.array([1.0, 2.0])
    function = Function("v")
    value, moved = function.jvp({"v": v}, {"v": v})
    pulled = function.vjp({"v": v}, v)[1]["v"]
    block = function.jacobian(v=v)["v"]
    for result in (value, moved, pulled, block, function(v=v)):
        result += 1.0
    assert v.tolist() == [1.0, 2.0]
    assert function.jacobian(v=v)["v"].tolist() == [[1, 0], [0, 1]]


def test_an_infinite_entry_stays_where_it_is() -> None:
    blocks = Function("v*w").jacobian(v=[1.0, 2.0], w=[np.inf, 3.0])
    assert blocks["v"].tolist() == [[np.inf, 0], [0, 3]]
    columns = Function("concat(v*w, v, v)").jacobian(v=[1.0, 2.0], w=[np.inf, 3.0])["v"]
    assert columns.tolist() == [[np.inf, 0], [0, 3], [1, 0], [0, 1], [1, 0], [0, 1]]


def test_a_number_as_tangent_or_cotangent_stands_for_all_entries() -> None:
    f = Function("v*w")
    point = {"v": [1, 2], "w": [3, 4]}
    assert f.vjp(point, 2)[1]["v"].tolist() == [6, 8]
    assert f.jvp(point, {"v": 2})[1].tolist() == [6, 8]


@pytest.mark.parametrize(
    ("text", "slope"),
    [("[x*sqrt(x), x]", [0, 1]), ("[exp(log(x)), x]", [0, 1]), ("[x*cbrt(x), x, 2*x]", [0, 1, 2])],
)
def test_a_strong_zero_holds_whichever_direction_is_cheaper(text: str, slope: list[float]) -> None:
    f = Function(text)
    assert f.jacobian(x=0)["x"].tolist() == slope
    assert f.jvp({"x": 0}, {"x": 1})[1].tolist() == slope
    rows = [f.vjp({"x": 0}, unit)[1]["x"] for unit in np.eye(len(slope))]
    assert rows == slope
