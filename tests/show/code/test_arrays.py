"""Formulas of arrays in NumPy."""

from __future__ import annotations

import numpy
import pytest

from autodiff import AutodiffError, Function
from tests.show.code.forms import example, function, imported

SHAPES = {"v": (3,), "w": (3,), "A": (3, 3), "B": (2, 3), "x": (), "T": (2, 3, 2)}
TEXTS = (
    *("sum(v^2)", "v @ w", "sum(A @ v)", "v.T @ A @ v", "sum(B @ A)", "dot(v, w)", "sum(T @ B)", "sum(A + v)"),
    *("mean(B)", "sum(mean(B, axis=0)^2)", "prod(v)", "sum(prod(B, axis=1))", "max(v)", "sum(min(B, axis=1))"),
    *("var(v)", "var(v, ddof=1)", "sum(std(B, axis=1))", "sum(cumsum(v)*w)", "sum(cumsum(B, axis=0)*B)"),
    *("norm(v)", "norm(B)", "norm(v, p=3)", "norm(v, p=1)", "norm(v, p=inf)", "sum(norm(T, axis=1))", "norm(T)"),
    *("logsumexp(v)", "sum(logsumexp(B, axis=1)^2)", "sum(softmax(v)*w)", "sum(log_softmax(B)*B)"),
    *("sum(outer(v, w)*A)", "sum(cross(v, w)*v)", "trace(A)", "trace(A @ A)", "det(A)", "sum(inv(A)*A)"),
    *("logdet(A @ A.T + 3*eye(3))", "sum(solve(A, v))", "sum(solve(A, A.T))", "det(B @ B.T)"),
    *("v[0]*v[1]", "sum(v[1:]*v[:-1])", "sum(v[::-1]*w)", "sum(A[:, 1]*v)", "sum(T[1, :, ::2])"),
    *("sum(diag(v) @ w)", "sum(diag(A)*v)", "sum(diag(B)^2)", "sum(reshape(B, 3, 2)*2)", "sum(B.T^2)"),
    *("sum(concat(v, w)^2)", "sum([x, x^2, 3]*v)", "sum(stack(v, w, axis=1) @ [1, 2])", "sum([x, x^2])"),
    *("sum(transpose(T, 1, 0, 2)^2)", "sum([[1, 2, 3], [4, 5, 6]]*B)", "sum(range(3)*v)", "sum(v)/len(v)"),
    *("sum(where(v > 1, log(v - 1), 0))", "sum(relu(B @ v - 1))", "sum(v > 1)", "sum(max(v, w, 0.5))"),
    *("sum(gamma(v) + erf(v))", "x*sum(v) + x", "sum(v == w or not (v < 1))", "v[0]^2 + sum(zeros(0))"),
)


@pytest.mark.parametrize("text", TEXTS)
def test_numpy_computes_value_and_gradient_of_a_formula_of_arrays(text: str) -> None:
    random = numpy.random.default_rng(1)
    names = [name for name in SHAPES if name in text.replace("exp", "").replace("max", "").replace("axis", "")]
    made = example(text, {name: SHAPES[name] for name in names if name in Function(text).variables})
    at = {name: random.uniform(0.2, 2.0, SHAPES[name]) if SHAPES[name] else 0.7 for name in made.variables}
    code = made.code("numpy")
    assert imported(code) == {"numpy"}
    value, slopes = function(code)(*at.values())
    right, gradient = Function(text).value_and_gradient(at)
    assert value == pytest.approx(right, rel=1e-11)
    for name, slope in gradient.items():
        assert numpy.shape(slopes[name]) == numpy.shape(slope)
        numpy.testing.assert_allclose(slopes[name], slope, rtol=1e-10, atol=1e-12)


def test_every_array_primitive_has_a_form() -> None:
    from autodiff.graph.table import PRIMITIVES
    from autodiff.show.code.numpy_arrays import FORMS

    assert set(FORMS) == {row.name for row in PRIMITIVES.values() if row.array is not None}


def test_other_shapes_are_refused_when_it_runs() -> None:
    f = function(example("sum(v^2)/len(v)", {"v": (3,)}).code("numpy"))
    with pytest.raises(ValueError, match=r"v must have the shape \(3,\)"):
        f([1.0, 2.0])


def test_constants_are_written_by_what_they_are_made_with() -> None:
    code = example("sum(A*eye(3)) + sum(zeros(2, 2)) + sum(range(9)) + sum(ones(4)*7)", {"A": (3, 3)}).code("numpy")
    assert "numpy.eye(3)" in code
    assert "numpy.zeros((2, 2))" in code
    assert "numpy.arange(9.0)" in code


def test_a_constant_that_is_too_large_to_be_written_is_refused() -> None:
    with pytest.raises(AutodiffError) as caught:
        example("sum(range(1, 20001)*x)", {"x": ()}).code("numpy")
    assert caught.value.id == "no-such-form"
