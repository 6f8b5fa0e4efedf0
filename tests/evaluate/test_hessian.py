"""Second derivatives: symmetric blocks, and products with vectors without them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodiff import Function
from autodiff.evaluate.hessian import symmetric


def test_a_quadratic_form_has_the_hessian_of_the_book() -> None:
    matrix = np.array([[2.0, 7.0, 1.0], [-1.0, 3.0, 0.5], [4.0, 4.0, 9.0]])
    blocks = Function("x @ A @ x").hessian({"x": [1, 2, 3], "A": matrix}, ["x"])
    assert blocks["x"]["x"].tolist() == (matrix + matrix.T).tolist()


def test_rosenbrock_has_the_hessian_of_the_book() -> None:
    x = np.array([-1.2, 1.0, 0.7])
    text = "sum(100*(x[1:] - x[:-1]^2)^2 + (1 - x[:-1])^2)"
    expected = np.zeros((3, 3))
    for i in (0, 1):
        expected[i, i] += 1200 * x[i] ** 2 - 400 * x[i + 1] + 2
        expected[i, i + 1] -= 400 * x[i]
        expected[i + 1, i] -= 400 * x[i]
        expected[i + 1, i + 1] += 200
    assert np.allclose(Function(text).hessian(x=x)["x"]["x"], expected, rtol=1e-13)


def test_blocks_have_the_shapes_of_both_names() -> None:
    blocks = Function("s*sum(A @ v)^2").hessian({"s": 2, "A": np.ones((2, 3)), "v": np.ones(3)})
    assert blocks["A"]["v"].shape == (2, 3, 3)
    assert blocks["v"]["A"].shape == (3, 2, 3)
    assert blocks["A"]["A"].shape == (2, 3, 2, 3)
    assert blocks["s"]["v"].shape == (3,)
    assert blocks["s"]["s"] == 0.0
    assert np.array_equal(np.moveaxis(blocks["A"]["v"], -1, 0), blocks["v"]["A"])
    assert np.array_equal(blocks["v"]["s"], blocks["s"]["v"])


def test_the_log_determinant_has_the_hessian_of_the_book() -> None:
    matrix = np.array([[4.0, 1.0], [1.0, 3.0]])
    inverse = np.linalg.inv(matrix)
    ours = Function("logdet(A)").hessian(A=matrix)["A"]["A"]
    assert np.allclose(ours, -np.einsum("li,jk->ijkl", inverse, inverse), rtol=1e-14)


def test_a_linear_formula_has_zeros() -> None:
    blocks = Function("sum(v) + 3*x").hessian(v=[1, 2], x=1)
    assert blocks["v"]["v"].tolist() == [[0, 0], [0, 0]]
    assert blocks["v"]["x"].tolist() == [0, 0]
    assert blocks["x"]["x"] == 0.0


def test_a_named_node_may_be_a_variable() -> None:
    blocks = Function("h = x*y; h^3").hessian({"x": 1, "y": 2}, ["h"])
    assert blocks == {"h": {"h": 12.0}}


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 4), st.integers(0, 2**32))
def test_the_product_with_a_vector_is_that_of_the_hessian(n: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    function = Function("logsumexp(A @ v) + norm(v)*s + prod(v)")
    point = {"A": random.standard_normal((n, n)), "v": random.standard_normal(n), "s": float(random.standard_normal())}
    vector = {name: random.standard_normal(np.shape(x)) for name, x in point.items()}
    blocks, products = function.hessian(point), function.hvp(point, vector)
    for name in point:
        total = sum(np.tensordot(blocks[name][other], vector[other], np.ndim(vector[other])) for other in point)
        assert np.allclose(products[name], total, rtol=1e-10, atol=1e-10)
        for other in point:
            front = np.ndim(point[name])
            turned = np.moveaxis(blocks[name][other], range(front), range(-front, 0)) if front else blocks[name][other]
            assert np.allclose(turned, blocks[other][name], rtol=1e-9, atol=1e-12)


def test_a_product_with_a_vector_moves_only_what_is_in_it() -> None:
    assert Function("x^2*y").hvp({"x": 2, "y": 3}, {"x": 1}) == {"x": 6.0}


def test_halves_that_differ_by_rounding_become_their_mean() -> None:
    matrix, notes = symmetric(np.array([[1.0, 0.1], [np.nextafter(0.1, 1), 1.0]]), ["x", "y"])
    assert matrix[0, 1] == matrix[1, 0]
    assert not notes


@pytest.mark.parametrize("other", [0.2, np.nan, np.inf])
def test_halves_that_differ_by_more_are_told(other: float) -> None:
    matrix, notes = symmetric(np.array([[1.0, 0.1], [other, 1.0]]), ["x", "y[0]"])
    assert matrix[0, 1] == 0.1
    assert [note.id for note in notes] == ["not-symmetric"]
    assert "d/dx d/dy[0]" in notes[0].message


def test_the_derivative_of_derivatives_in_both_orders_may_differ_at_a_kink() -> None:
    ours = Function("where(x == 0 and y == 0, 0, x*y*(x^2 - y^2)/(x^2 + y^2))").hessian(x=0, y=0)
    assert np.isfinite([ours[a][b] for a in "xy" for b in "xy"]).all()
