"""Arrays at their edges: empty ones, ties, zeros, singular matrices, infinities, extreme scales; and indexing."""

from __future__ import annotations

from fractions import Fraction
from math import inf, nan
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from autodiff import AutodiffError, Function
from autodiff.evaluate.arrays import exact
from autodiff.evaluate.digits.arrays import digit_arrays
from autodiff.evaluate.program import build_program
from autodiff.graph.compiler import compile_program, parser
from autodiff.graph.gradient import gradient
from autodiff.show.formula import formula


def slopes(text: str, **point: Any) -> list[Any]:
    """The gradient with respect to the first variable, as lists."""
    found = Function(text).gradient(point)[next(iter(point))]
    return np.asarray(found).tolist()


def same(left: Any, right: Any) -> bool:
    return np.array_equal(np.asarray(left, dtype=float), np.asarray(right, dtype=float), equal_nan=True)


# -- no entries, one entry ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("sum([])", 0.0),
        ("prod([])", 1.0),
        ("norm([])", 0.0),
        ("norm([], inf)", 0.0),
        ("[] @ []", 0.0),
        ("len([])", 0.0),
        ("det(zeros(0, 0))", 1.0),
        ("logdet(zeros(0, 0))", 0.0),
        ("trace(zeros(0, 0))", 0.0),
        ("zeros(2, 0) @ ones(0, 1)", [[0.0], [0.0]]),
        ("prod(zeros(2, 0), axis=1)", [1.0, 1.0]),
        ("max(zeros(0, 2), axis=1)", []),
        ("softmax([])", []),
        ("log_softmax([])", []),
        ("cumsum([])", []),
        ("solve(zeros(0, 0), [])", []),
        ("concat([], [1])", [1.0]),
        ("range(0)", []),
        ("range(3, 1)", []),
        ("zeros()", 0.0),
        ("ones([])", 1.0),
    ],
)
def test_of_no_entries(text: str, value: Any) -> None:
    assert np.asarray(Function(text)()).tolist() == value


@pytest.mark.parametrize("name", ["mean", "max", "min", "var", "std", "logsumexp"])
def test_what_has_no_value_of_nothing_is_refused(name: str) -> None:
    with pytest.raises(AutodiffError) as caught:
        Function(f"{name}(v)")(v=[])
    assert caught.value.id == "shape-mismatch"
    assert "(0,)" in caught.value.message


@pytest.mark.parametrize(
    "text",
    [
        *("sum(v)", "prod(v)", "norm(v)", "norm(v, 1)", "norm(v, 3)", "norm(v, inf)", "v @ v", "dot(v, v)"),
        *("sum(cumsum(v))", "sum(softmax(v))", "sum(log_softmax(v))", "sum(outer(v, v))", "sum(diag(v))"),
        *("sum(concat(v, v))", "sum([v, v])", "sum(v[::-1])", "sum(reshape(v, 0, 2))", "sum(v.T)"),
        *("sum(det(diag(v)) + inv(diag(v)))", "sum(solve(diag(v), v))", "logdet(diag(v))", "trace(diag(v))"),
    ],
)
def test_the_derivatives_by_an_empty_array_are_empty(text: str) -> None:
    function = Function(text)
    assert function.gradient(v=[])["v"].shape == (0,)
    assert function.hessian(v=[])["v"]["v"].shape == (0, 0)
    assert function.jvp({"v": []}, {"v": []})[1] == 0.0


@pytest.mark.parametrize(
    ("text", "value", "slope"),
    [
        ("mean(v)", 5.0, 1.0),
        ("prod(v)", 5.0, 1.0),
        ("max(v)", 5.0, 1.0),
        ("var(v)", 0.0, 0.0),
        ("std(v)", 0.0, 0.0),
        ("norm(v)", 5.0, 1.0),
        ("logsumexp(v)", 5.0, 1.0),
        ("softmax(v)[0]", 1.0, 0.0),
        ("log_softmax(v)[0]", 0.0, 0.0),
        ("cumsum(v)[0]", 5.0, 1.0),
        ("v @ v", 25.0, 10.0),
    ],
)
def test_of_one_entry(text: str, value: float, slope: float) -> None:
    assert Function(text)(v=[5]) == value
    assert slopes(text, v=[5]) == [slope]


# -- ties, kinks, zeros ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "v", "gradient_"),
    [
        ("max(v)", [1, 3, 3], [0, 0.5, 0.5]),
        ("min(v)", [1, 1, 3], [0.5, 0.5, 0]),
        ("max(v)", [2, 2, 2, 2], [0.25] * 4),
        ("sum(max(v, axis=1))", [[1, 1], [2, 3]], [[0.5, 0.5], [0, 1]]),
        ("sum(min(v, axis=(0, 1)))", [[1, 1], [2, 3]], [[0.5, 0.5], [0, 0]]),
        ("max(v)", [inf, inf, 1], [0.5, 0.5, 0]),
        ("norm(v, inf)", [-2, 2, 1], [-0.5, 0.5, 0]),
        ("norm(v)", [0, 0], [0, 0]),
        ("norm(v, 1)", [0, 2], [0, 1]),
        ("norm(v, 3)", [0, 0], [0, 0]),
        ("norm(v, inf)", [0, 0], [0, 0]),
        ("norm(v, 3/2)", [0, -2], [0, -1]),
        ("sum(norm(v, axis=0))", [[0, 3], [0, 4]], [[0, 0.6], [0, 0.8]]),
        ("std(v)", [2, 2, 2], [0, 0, 0]),
        ("std(v)", [0.1, 0.1, 0.1], [0, 0, 0]),
        ("var(v)", [0.1, 0.1, 0.1], [0, 0, 0]),
        ("sum(std(v, axis=1))", [[0.1, 0.1], [1, 3]], [[0, 0], [-0.5, 0.5]]),
        ("prod(v)", [0, 2, 3], [6, 0, 0]),
        ("prod(v)", [0, 2, 0], [0, 0, 0]),
        ("sum(prod(v, axis=0))", [[0, 2], [5, 7]], [[5, 7], [0, 2]]),
    ],
)
def test_the_gradient_at_ties_and_zeros(text: str, v: Any, gradient_: Any) -> None:
    assert slopes(text, v=v) == gradient_


def test_the_second_derivatives_of_a_product_with_zeros() -> None:
    one = Function("prod(v)").hessian(v=[0, 2, 3, 4])["v"]["v"]
    assert one.tolist() == [[0, 12, 8, 6], [12, 0, 0, 0], [8, 0, 0, 0], [6, 0, 0, 0]]
    two = Function("prod(v)").hessian(v=[0, 2, 0, 4])["v"]["v"]
    assert two.tolist() == [[0, 0, 8, 0], [0, 0, 0, 0], [8, 0, 0, 0], [0, 0, 0, 0]]


@pytest.mark.parametrize("text", ["norm(v)", "norm(v, 3)", "std(v)"])
def test_the_second_derivatives_at_a_cusp_are_finite(text: str) -> None:
    assert same(Function(text).hessian(v=[0, 0])["v"]["v"], np.zeros((2, 2)))


# -- singular, integer and badly conditioned matrices -----------------------------------------------------------------

RANK_THREE = [[1, 2, 3, 4], [2, 3, 4, 5], [5, 4, 3, 1], [8, 9, 10, 10]]
RANK_TWO = [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11], [12, 13, 14, 15]]


def cofactor(matrix: Any, i: int, j: int) -> Fraction:
    """By the definition: a sum over permutations, in fractions."""
    rows = [[Fraction(x) for k, x in enumerate(row) if k != j] for r, row in enumerate(matrix) if r != i]
    return (-1) ** (i + j) * leibniz(rows)


def leibniz(rows: list[list[Fraction]]) -> Fraction:
    if not rows:
        return Fraction(1)
    return sum(
        ((-1) ** j * x * leibniz([[*row[:j], *row[j + 1 :]] for row in rows[1:]]) for j, x in enumerate(rows[0])),
        Fraction(0),
    )


@pytest.mark.parametrize(
    "matrix",
    [
        *([[0]], [[1, 2], [2, 4]], [[0, 0], [0, 0]], [[1, 2, 3], [4, 5, 6], [7, 8, 9]], RANK_THREE, RANK_TWO),
        *(np.ones((5, 5)).tolist(), [[0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [0, 0, 0, 0]]),
        *([[1, 2], [3, 4]], [[1, 2, 3, 4], [5, 6, 7, 9], [2, 6, 4, 8], [3, 1, 1, 2]]),
        [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6], [0.7, 0.8, 0.9]],
    ],
)
def test_the_derivative_of_a_determinant_is_the_adjugate(matrix: list[list[float]]) -> None:
    n = len(matrix)
    truth = [[float(cofactor(matrix, i, j)) for j in range(n)] for i in range(n)]
    assert slopes("det(A)", A=matrix) == truth
    assert Function("det(A)")(A=matrix) == float(leibniz([[Fraction(x) for x in row] for row in matrix]))


@pytest.mark.parametrize("matrix", [[[1, 2], [2, 4]], [[1, 2, 3], [4, 5, 6], [7, 8, 9]], RANK_THREE, RANK_TWO])
def test_a_determinant_has_second_derivatives_where_it_is_zero(matrix: list[list[float]]) -> None:
    n = len(matrix)
    ours = Function("det(A)").hessian(A=matrix)["A"]["A"]
    for i, j, k, m in np.ndindex(n, n, n, n):
        moved = [[Fraction(x) + (r == k and c == m) for c, x in enumerate(row)] for r, row in enumerate(matrix)]
        truth = cofactor(moved, i, j) - cofactor(matrix, i, j)  # it is linear in each entry
        assert ours[i, j, k, m] == pytest.approx(float(truth), abs=1e-10)


@pytest.mark.parametrize("text", ["sum(inv(A))", "logdet(A)", "sum(solve(A, ones(len(A))))"])
@pytest.mark.parametrize("matrix", [[[0]], [[1, 2], [2, 4]], RANK_THREE, np.ones((6, 6)), np.ones((30, 30))])
def test_a_singular_matrix_is_named_as_the_reason(text: str, matrix: Any) -> None:
    result = Function(text).evaluate(A=matrix)
    assert not np.isfinite(result.value)
    (note,) = result.notes
    assert note.id == "not-finite"
    assert "singular" in note.message


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 7).flatmap(
        lambda n: st.lists(st.lists(st.integers(-9, 9), min_size=n, max_size=n), min_size=n, max_size=n)
    )
)
def test_determinants_of_integers_are_exact(matrix: list[list[int]]) -> None:
    truth = int(sympy.Matrix(matrix).det())
    assert Function("det(A)")(A=matrix) == truth
    assert exact.determinant_of(matrix) == truth


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 6), st.integers(0, 3), st.integers(0, 2**32))
def test_rank_deficient_matrices_have_the_adjugate_of_minors(n: int, deficit: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    rank = max(n - deficit, 0)
    matrix = (random.integers(-4, 5, (n, rank)) @ random.integers(-4, 5, (rank, n))).astype(float)
    truth = [[float(cofactor(matrix.tolist(), i, j)) for j in range(n)] for i in range(n)]
    assert exact.cofactors(exact.exact(matrix)) == truth
    assert exact.has_determinant_zero(matrix) == (leibniz([[Fraction(x) for x in row] for row in matrix]) == 0)


def hilbert(n: int) -> Any:
    return np.array([[1 / (i + j + 1) for j in range(n)] for i in range(n)])


@pytest.mark.parametrize("n", [3, 6, 9, 12])
def test_of_a_badly_conditioned_matrix_every_digit_is_right(n: int) -> None:
    matrix = hilbert(n)
    with mpmath.workdps(60):
        entries = mpmath.matrix(matrix.tolist())
        determinant, inverse = mpmath.det(entries), mpmath.inverse(entries)
        solution = inverse * mpmath.matrix([1] * n)
        logarithm = mpmath.log(determinant)
        adjugate = determinant * inverse
    assert Function("det(A)")(A=matrix) == float(determinant)
    assert Function("logdet(A)")(A=matrix) == pytest.approx(float(logarithm), rel=1e-15)
    assert same(Function("inv(A)")(A=matrix), [[float(inverse[i, j]) for j in range(n)] for i in range(n)])
    assert same(Function("solve(A, b)")(A=matrix, b=np.ones(n)), [float(x) for x in solution])
    assert same(slopes("det(A)", A=matrix), [[float(adjugate[j, i]) for j in range(n)] for i in range(n)])


@pytest.mark.parametrize("diagonal", [[1e200, 1e-200, 1e200, 1e-200], [1e200, 1e200, 1e-200, 1e-200], [1e-200] * 5])
def test_determinants_of_extreme_scales(diagonal: list[float]) -> None:
    matrix = np.diag(diagonal)
    truth = mpmath.fprod(diagonal)
    assert Function("det(A)")(A=matrix) == pytest.approx(float(truth), rel=1e-15)
    assert Function("logdet(A)")(A=matrix) == pytest.approx(float(mpmath.log(truth)), rel=1e-14, abs=1e-15)
    expected = [float(truth / x) for x in diagonal]
    assert np.diagonal(slopes("det(A)", A=matrix)).tolist() == pytest.approx(expected, rel=1e-15)


def test_a_large_determinant_and_its_derivative() -> None:
    random = np.random.default_rng(1)
    matrix = random.standard_normal((60, 60))
    sign, logarithm = np.linalg.slogdet(matrix)
    value, found = Function("det(A)").value_and_gradient(A=matrix)
    assert value == pytest.approx(sign * np.exp(logarithm), rel=1e-10)
    assert np.allclose(found["A"], value * np.linalg.inv(matrix).T, rtol=1e-9, atol=0)
    matrix[0] = matrix[1] + matrix[2]
    assert abs(Function("det(A)")(A=matrix)) <= 1e-12 * abs(value)
    assert np.isfinite(slopes("det(A)", A=matrix)).all()


@pytest.mark.parametrize("n", [1, 2, 3, 4, 30])
@pytest.mark.parametrize("odd", [inf, nan])
@pytest.mark.parametrize("text", ["sum(inv(A))", "logdet(A)", "sum(solve(A, ones(len(A))))", "det(A)"])
def test_a_matrix_with_an_entry_that_is_not_finite_is_no_crash(text: str, odd: float, n: int) -> None:
    matrix = np.eye(n)
    matrix[0, -1] = odd
    result = Function(text).evaluate(A=matrix)
    assert not np.isfinite(result.value)
    assert result.notes[0].message.startswith("the value given for A is")


# -- extreme scales, infinities, NaN ----------------------------------------------------------------------------------


@pytest.mark.parametrize("scale", [1e-320, 1e-200, 1e-100, 1.0, 1e100, 1e200, 2e307])
@pytest.mark.parametrize(
    "text", ["norm(v)", "norm(v, 3)", "norm(v, 1)", "norm(v, inf)", "std(v)", "std(v, ddof=1)", "mean(v)"]
)
def test_no_scale_over_or_underflows(text: str, scale: float) -> None:
    plain = [3.0, -4.0, 0.5]
    value, found = Function(text).value_and_gradient(v=[x * scale for x in plain])
    expected, slope = Function(text).value_and_gradient(v=plain)
    tolerance = 1e-3 if scale == 1e-320 else 1e-14
    assert value == pytest.approx(expected * scale, rel=tolerance)
    assert found["v"].tolist() == pytest.approx(slope["v"].tolist(), rel=tolerance, abs=1e-15)


def test_the_spread_of_near_entries_keeps_its_digits() -> None:
    assert Function("std(v)")(v=[1e16, 1e16 + 2, 1e16 + 4]) == pytest.approx((8 / 3) ** 0.5, rel=1e-15)
    assert Function("var(v)")(v=[1e8 + 0.25, 1e8 + 0.5]) == 0.015625


@pytest.mark.parametrize(
    ("v", "value", "gradient_"),
    [
        ([1000, 1000], 1000 + np.log(2), [0.5, 0.5]),
        ([-1000, -1000], -1000 + np.log(2), [0.5, 0.5]),
        ([0, -50], float(mpmath.log1p(mpmath.exp(-50))), [1.0, float(mpmath.exp(-50))]),
        ([0, -800], 0.0, [1.0, 0.0]),
        ([1e308, -1e308], 1e308, [1.0, 0.0]),
        ([-inf, 1], 1.0, [0.0, 1.0]),
    ],
)
def test_logsumexp_neither_overflows_nor_rounds_away(v: Any, value: float, gradient_: Any) -> None:
    found, slope = Function("logsumexp(v)").value_and_gradient(v=v)
    assert found == pytest.approx(value, rel=2e-16)
    assert slope["v"].tolist() == pytest.approx(gradient_, rel=1e-15)


@pytest.mark.parametrize("v", [[1000, 0], [0, -40], [1e308, -1e308], [-745, 0], [3, 3]])
def test_softmax_and_its_logarithm_are_right_in_the_tails(v: list[float]) -> None:
    with mpmath.workdps(50):
        total = mpmath.fsum(mpmath.exp(mpmath.mpf(x) - max(v)) for x in v)
        truth = [mpmath.exp(mpmath.mpf(x) - max(v)) / total for x in v]
        logarithms = [float(mpmath.mpf(x) - max(v) - mpmath.log(total)) for x in v]
    assert Function("softmax(v)")(v=v).tolist() == pytest.approx([float(x) for x in truth], rel=1e-15, abs=5e-324)
    assert Function("log_softmax(v)")(v=v).tolist() == pytest.approx(logarithms, rel=1e-15)


@pytest.mark.parametrize(
    ("text", "v", "value"),
    [
        *(("sum(v)", [inf, 1], inf), ("sum(v)", [inf, -inf], nan), ("prod(v)", [inf, 0], nan)),
        *(("mean(v)", [inf, 1], inf), ("mean(v)", [nan, 1], nan)),
        *(("max(v)", [nan, 1], nan), ("min(v)", [1, nan], nan), ("max(v)", [-inf, 1], 1.0), ("norm(v)", [inf, 1], inf)),
        *(("norm(v)", [-inf, inf], inf), ("norm(v, 1)", [inf, 0], inf), ("norm(v, inf)", [-inf, 0], inf)),
        *(("norm(v)", [nan, 1], nan), ("std(v)", [inf, 1], nan), ("logsumexp(v)", [inf, 1], inf)),
        *(("logsumexp(v)", [-inf, -inf], -inf), ("logsumexp(v)", [nan, 1], nan), ("cumsum(v)[1]", [1, inf], inf)),
        *(("std(v, ddof=1)", [2], nan), ("var(v, ddof=1)", [2], nan), ("v @ v", [inf, 0], inf)),
    ],
)  # fmt: skip
def test_infinities_and_nan_are_those_of_numpy(text: str, v: Any, value: float) -> None:
    assert same(Function(text)(v=v), value)


# -- strong zeros -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "point", "gradient_"),
    [
        ("sum(where(v > 0, log(v), 0))", {"v": [-1, 0, 2]}, [0, 0, 0.5]),
        ("sum(where(v > 0, sqrt(v), 0))", {"v": [-1, 0, 4]}, [0, 0, 0.25]),
        ("sum(max(log(v), [-9, -9, -9]))", {"v": [0, 0, 2]}, [0, 0, 0.5]),
        ("sum(where([1, 0] > 0, A @ [1, 2], 0))", {"A": [[1, 2], [inf, nan]]}, [[1, 2], [0, 0]]),
        ("sum(where([[1], [0]] > 0, A @ [[1], [2]], 0))", {"A": [[1, 2], [3, inf]]}, [[1, 2], [0, 0]]),
        ("sum(where([[1], [0]] > 0, A @ B, 0))", {"A": [[1, 2], [3, 4]], "B": [[1, 2], [3, 4]]}, [[3, 7], [0, 0]]),
        ("(v @ w)*0", {"v": [1, 2], "w": [inf, 1]}, [0, 0]),
        ("v[1]*w[1] + 0*(v @ w)", {"v": [1, 2], "w": [inf, 5]}, [0, 5]),
        ("sum(where([1, 0] > 0, v*w, 0))", {"v": [1, 2], "w": [3, inf]}, [3, 0]),
        ("where(x > 0, logdet([[x, 0], [0, x]]), 0)", {"x": -1}, 0.0),
        ("where(x > 0, sum(inv([[x, x], [x, x]])), 5*x)", {"x": -1}, 5.0),
        ("sum(where([1, 0] > 0, (diag(v) @ w), 0))", {"v": [2, 0], "w": [3, inf]}, [3, 0]),
    ],
)
def test_what_was_not_selected_can_not_poison_the_gradient(text: str, point: dict[str, Any], gradient_: Any) -> None:
    assert slopes(text, **point) == gradient_


def test_the_strong_zero_of_a_large_product_takes_no_cube_of_memory() -> None:
    n = 400
    weights = np.ones((n, n))
    weights[3, 5] = inf
    found = Function("sum(where(mask > 0, A @ W, 0))").gradient(A=np.ones((n, n)), W=weights, mask=np.arange(n) != 5)
    assert np.isfinite(found["A"]).all()
    assert found["A"][0, 0] == n - 1


# -- indexing ---------------------------------------------------------------------------------------------------------

bounds = st.none() | st.integers(-6, 6)
slices = st.builds(slice, bounds, bounds, st.none() | st.integers(-3, 3).filter(bool))


@st.composite
def subscripts(draw: st.DrawFn) -> tuple[tuple[int, ...], tuple[Any, ...]]:
    """A shape, and subscripts that it has entries for."""
    shape = tuple(draw(st.lists(st.integers(0, 4), min_size=1, max_size=3)))
    items = []
    for length in shape[: draw(st.integers(1, len(shape)))]:
        index = st.integers(-length, length - 1) if length else slices
        items.append(draw(index | slices))
    return shape, tuple(items)


def written(item: Any) -> str:
    if isinstance(item, int):
        return str(item)
    parts = ["" if bound is None else str(bound) for bound in (item.start, item.stop)]
    return ":".join(parts) + ("" if item.step is None else f":{item.step}")


@settings(max_examples=250, deadline=None)
@given(subscripts())
def test_an_index_selects_what_numpy_selects(case: tuple[tuple[int, ...], tuple[Any, ...]]) -> None:
    shape, items = case
    x = np.arange(1.0, 1.0 + np.prod(shape)).reshape(shape)
    text = f"x[{', '.join(map(written, items))}]"
    expected = x[items]
    value = Function(text)(x=x)
    assert np.shape(value) == np.shape(expected)
    assert same(value, expected)
    marked = np.zeros(shape)
    marked[items] = 2 * x[items]
    assert same(Function(f"sum({text}^2)").gradient(x=x)["x"], marked)
    compiled = compile_program(parser().parse(text), text, shapes={"x": shape})
    again = formula(compiled.graph, compiled.output)
    assert same(Function(again)(x=x), expected)


@pytest.mark.parametrize("text", ["x[{}]", "x[0, {}]", "x[{}:]", "x[:{}]", "x[::{}]"])
def test_an_index_may_be_any_whole_number_that_is_there(text: str) -> None:
    x = np.arange(6.0).reshape(2, 3)
    for number in (-1, 1, 2 - 1):
        expected = eval(text.format(number), {"x": x})
        assert same(Function(text.format(number))(x=x), expected)


# -- many digits ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        *("sum(v)", "prod(v)", "norm(v)", "v @ v", "sum(cumsum(v))", "-sum(v) + 1", "log(prod(v)) + exp(sum(v))"),
        *("-sum(inv(A)) + det(A)", "abs(trace(A)) + sum(solve(A, v)^2)", "sum(-diag(v))", "-sum(outer(v, v))"),
    ],
)
@pytest.mark.parametrize("size", [0, 2])
def test_many_digits_know_empty_arrays_and_their_own_numbers(text: str, size: int) -> None:
    v, matrix = np.arange(1.0, size + 1), np.eye(size) * 2
    point = {name: {"v": v, "A": matrix}[name] for name in Function(text).variables}
    compiled = compile_program(parser().parse(text), text, shapes={name: x.shape for name, x in point.items()})
    step = gradient(compiled.graph, compiled.output, list(compiled.variables.values()))
    backend = digit_arrays(100)
    results = [compiled.output, *(step.adjoints[node] for node in compiled.variables.values())]
    given_ = {name: np.array(x.astype(object)) for name, x in point.items()}
    for x in given_.values():
        for index in np.ndindex(*x.shape):
            x[index] = backend.scalars.number(x[index])
    values = build_program(step.graph, results, backend).run(given_)
    value, slope = Function(text).value_and_gradient(point)
    assert float(values[compiled.output]) == pytest.approx(value, rel=1e-14)
    for name, node in compiled.variables.items():
        assert values[step.adjoints[node]].astype(float).ravel().tolist() == pytest.approx(slope[name].ravel().tolist())


def test_results_are_the_callers_to_change() -> None:
    f = Function("sum(v*[1, 2, 3])")
    f.gradient(v=[1, 1, 1])["v"][:] = 0
    assert f(v=[1, 1, 1]) == 6
    g = Function("zeros(3)")
    g()[:] = 1
    assert g().tolist() == [0, 0, 0]
    slopes = Function("sum((x + y)^2)").gradient(x=[1, 2], y=[3, 4])
    slopes["x"][:] = 0
    assert slopes["y"].tolist() == [8, 12]


def test_the_second_derivatives_of_a_nearly_singular_determinant_have_their_digits() -> None:
    rows = [[0.5, 0.7, 0.6, 0.5], [0.4, 0.6, 0.4, 0.9], [1, 0.4, 0.8, 0.5], [-0.1, 0.9, 0.2, 0.9]]
    found = Function("det(A)").hessian(A=rows)["A"]["A"][0, 1, 1, 0]
    # minus the determinant of the rest: -(0.8*0.9 - 0.5*0.2)
    assert found == pytest.approx(-0.62, rel=1e-12)
