"""`Function.map` and `Function.batch`: columns in, columns out, whatever the columns are and however they come."""

from __future__ import annotations

import importlib.util
import pickle
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import numpy
import pytest

from autodiff import AutodiffError, Function
from autodiff.evaluate.batch.numpy_engine import ALONE, TOGETHER

HAS_LLVM = importlib.util.find_spec("llvmlite") is not None
if HAS_LLVM:
    from autodiff.evaluate.batch.native import engine as native
NEEDS_LLVM = pytest.mark.skipif(not HAS_LLVM, reason="llvmlite is not installed")
ENGINES = ["numpy", pytest.param("native", marks=NEEDS_LLVM)]
EXAMPLE = "sigmoid(sinh(x))*y^2 + where(x > 0, log(x), 0) + hypot(x, y)"


def columns_of(count: int, seed: int = 1) -> dict[str, Any]:
    random = numpy.random.default_rng(seed)
    return {"x": random.uniform(-2, 2, count), "y": random.uniform(-2, 2, count)}


def bits(result: Any) -> list[bytes]:
    return [result.value.tobytes(), *(column.tobytes() for column in result.gradient.values())]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_row_has_the_answers_of_a_point(engine: str) -> None:
    function = Function("x^y + abs(x - y)")
    result = function.map(x=[2.0, 3.0, 1.0], y=[3.0, 0.5, 1.0], engine=engine)
    for row, point in enumerate([(2.0, 3.0), (3.0, 0.5), (1.0, 1.0)]):
        value, slopes = function.value_and_gradient(x=point[0], y=point[1])
        assert result.value[row] == pytest.approx(value, rel=1e-15)
        for name, slope in slopes.items():
            assert result.gradient[name][row] == pytest.approx(slope, rel=1e-15)
    assert result.engine == engine


SIZES = [0, 1, 2, 7, 8, 9, 63, *(edge + aside for edge in (ALONE, TOGETHER, 2 * TOGETHER) for aside in (-1, 0, 1))]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("count", SIZES)
def test_neither_threads_nor_neighbours_change_a_digit(count: int, engine: str) -> None:
    function = Function(EXAMPLE)
    columns = columns_of(count)
    columns["y"][count // 2 : count // 2 + 1] = 1e200  # for which the engines take other ways
    alone = function.map(columns, engine=engine, threads=1)
    assert len(alone.value) == count
    assert bits(function.map(columns, engine=engine, threads=2)) == bits(alone)
    half = count // 3
    parts = [
        function.map({name: column[part] for name, column in columns.items()}, engine=engine, threads=1)
        for part in (slice(None, half), slice(half, None))
    ]
    assert numpy.concatenate([part.value for part in parts]).tobytes() == alone.value.tobytes()
    for name in "xy":
        pieces = numpy.concatenate([part.gradient[name] for part in parts])
        assert pieces.tobytes() == alone.gradient[name].tobytes()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "column",
    [
        [1, 2, 3],
        (1, 2, 3),
        numpy.array([1, 2, 3], numpy.int32),
        numpy.array([1, 2, 3], numpy.float32),
        numpy.array([1, 2, 3], ">f8"),
        numpy.arange(1.0, 9.0)[:6:2] * 0.5 + 0.5,
        numpy.array([3.0, 2.0, 1.0])[::-1],
        numpy.broadcast_to(numpy.array([[1.0], [2.0], [3.0]]), (3, 2))[:, 0],
    ],
    ids=str,
)
def test_a_column_may_be_any_sequence_of_numbers(column: Any, engine: str) -> None:
    result = Function("x^2*y").map(x=column, y=column, engine=engine)
    assert result.value.tolist() == [1.0, 8.0, 27.0]
    assert result.gradient["x"].tolist() == [2.0, 8.0, 18.0]


@pytest.mark.parametrize("engine", ENGINES)
def test_results_are_new_arrays_that_may_be_changed(engine: str) -> None:
    columns = {"x": numpy.array([1.0, 2.0]), "y": numpy.array([3.0, 4.0])}
    result = Function("x + y*x/x").map(columns, engine=engine)
    arrays = [result.value, *result.gradient.values(), *columns.values()]
    arrays += [Function("x*y").map(columns, engine=engine).gradient["x"]]
    for place, array in enumerate(arrays):
        assert array.flags.writeable
        assert not any(numpy.shares_memory(array, other) for other in arrays[:place])


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("text", "slope"), [("3", {}), ("x", {"x": [1.0, 1.0]}), ("2*x", {"x": [2.0, 2.0]})])
def test_results_that_are_the_same_in_all_rows(text: str, slope: dict[str, list[float]], engine: str) -> None:
    result = Function(text).batch(engine=engine)({name: [5.0, 6.0] for name in slope}, rows=2)
    assert len(result.value) == 2
    assert {name: column.tolist() for name, column in result.gradient.items()} == slope


@pytest.mark.parametrize("engine", ENGINES)
def test_fixed_values_are_as_columns_of_them(engine: str) -> None:
    function = Function(EXAMPLE)
    x = columns_of(100)["x"]
    fixed = function.map(x=x, at={"y": 1.5}, engine=engine)
    assert bits(function.map(x=x, y=1.5, engine=engine)) == bits(fixed)
    column = function.map(x=x, y=numpy.full(100, 1.5), engine=engine)
    for one, other in zip(
        [fixed.value, *fixed.gradient.values()], [column.value, *column.gradient.values()], strict=True
    ):
        numpy.testing.assert_allclose(one, other, rtol=1e-14)


@pytest.mark.parametrize("engine", ENGINES)
def test_second_derivatives_are_those_of_a_point(engine: str) -> None:
    function = Function("x^2*y + sin(x*y) + exp(x - z)")
    columns = {**columns_of(50), "z": columns_of(50, 2)["x"]}
    result = function.map(columns, engine=engine, hessian=True)
    for row in range(50):
        point = {name: float(column[row]) for name, column in columns.items()}
        for name, others in function.hessian(point).items():
            for other, entry in others.items():
                assert result.hessian[name][other][row] == pytest.approx(entry, rel=1e-13, abs=1e-15)
    assert numpy.array_equal(result.hessian["x"]["y"], result.hessian["y"]["x"])


def test_a_batch_takes_columns_in_pieces() -> None:
    batch = Function(EXAMPLE).batch(["x"], at={"y": 0.5})
    assert batch.columns == ("x",)
    whole = columns_of(1000)["x"]
    pieces = [batch({"x": whole[start : start + 300]}) for start in range(0, 1000, 300)]
    once = Function(EXAMPLE).map(x=whole, y=0.5, wrt=["x"])
    assert numpy.concatenate([piece.gradient["x"] for piece in pieces]).tobytes() == once.gradient["x"].tobytes()
    assert list(once.gradient) == ["x"]


def test_a_constant_that_gets_a_column_is_a_variable() -> None:
    assert Function("e*x").map(e=[1, 2], x=3).gradient["e"].tolist() == [3.0, 3.0]


@pytest.mark.parametrize(
    ("arguments", "id"),
    [
        ({"x": [1.0, 2.0], "y": [1.0]}, "shape-mismatch"),
        ({"x": [[1.0, 2.0]], "y": 1.0}, "shape-mismatch"),
        ({"x": 1.0, "y": 2.0}, "shape-mismatch"),
        ({"x": [1.0]}, "missing-value"),
        ({"x": [1.0], "y": 1.0, "z": 1.0}, "unused-value"),
        ({"x": ["a"], "y": 1.0}, "bad-value"),
        ({"x": [1.0], "y": 1.0, "engine": "fast"}, "usage"),
        ({"x": [1.0], "y": [1.0], "at": {"y": 1.0}}, "value-given-twice"),
        ({"x": [1.0], "y": 1.0, "wrt": ["z"]}, "unknown-name"),
    ],
)
def test_what_is_wrong_is_said(arguments: dict[str, Any], id: str) -> None:
    with pytest.raises(AutodiffError) as caught:
        Function("x*y").map(**arguments)
    assert caught.value.id == id
    assert caught.value.suggestion


def test_a_formula_with_arrays_is_refused_with_its_place() -> None:
    with pytest.raises(AutodiffError) as caught:
        Function("sum([x, y])*2").map(x=[1.0], y=2.0)
    assert caught.value.id == "not-a-number"
    assert caught.value.text == "sum([x, y])*2"


def test_without_llvmlite_the_native_engine_is_missing_and_auto_is_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autodiff.evaluate.batch.engines.find_spec", lambda name: None)
    with pytest.raises(AutodiffError) as caught:
        Function("x").map(x=[1.0], engine="native")
    assert caught.value.id == "missing-package"
    assert Function("x^2").batch(rows=10**9).engine.name == "numpy"


@NEEDS_LLVM
def test_auto_compiles_for_many_rows_only() -> None:
    function = Function(EXAMPLE)
    assert function.map(columns_of(100)).engine == "numpy"
    assert function.batch(rows=10**9).engine.name == "native"


@NEEDS_LLVM
def test_a_program_that_takes_python_in_every_row_falls_back() -> None:
    assert Function("gamma(x)").map(x=[3.0, 4.0], engine="native").engine == "numpy"


@NEEDS_LLVM
def test_a_program_is_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "COMPILED", {})
    for _ in range(3):
        Function("x*y + 17").map(x=[1.0], y=2.0, engine="native")
        Function("x*y + 17").map(x=[1.0], y=3.0, engine="native")  # a fixed number is no part of the code
    assert len(native.COMPILED) == 1


@NEEDS_LLVM
def test_results_too_long_for_the_cache_are_the_same() -> None:
    function, columns = Function(EXAMPLE), columns_of(native.CACHED // 16 + 3)
    long = function.map(columns, engine="native")
    in_pieces = function.batch(engine="native")
    for start in range(0, len(columns["x"]), 100_000):
        rows = slice(start, start + 100_000)
        piece = in_pieces({name: column[rows] for name, column in columns.items()})
        assert numpy.array_equal(piece.value, long.value[rows], equal_nan=True)
        assert numpy.array_equal(piece.gradient["y"], long.gradient["y"][rows], equal_nan=True)


@NEEDS_LLVM
@pytest.mark.parametrize("cached", [0, 1 << 24])
@pytest.mark.parametrize(("letter", "lanes"), [("e", 8), ("d", 4), ("b", 2), ("", 2), ("", 4)])
def test_narrower_vectors_and_plain_libm_give_the_same_rows(
    letter: str, lanes: int, cached: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from autodiff.evaluate.batch.native.machine import this_machine

    own = this_machine()
    if lanes > own.lanes:
        pytest.skip("this processor has no such vectors")
    monkeypatch.setattr(native, "this_machine", lambda: own._replace(letter=letter if own.letter else "", lanes=lanes))
    monkeypatch.setattr(native, "CACHED", cached)
    function = Function(EXAMPLE + " + silu(y) + x/y + pow(abs(y), x)")
    columns = columns_of(1001)
    columns["x"][::100] = 0.0
    expected = function.map(columns, engine="numpy")
    result = function.map(columns, engine="native")
    assert result.engine == "native"
    for one, other in zip(
        [result.value, *result.gradient.values()], [expected.value, *expected.gradient.values()], strict=True
    ):
        numpy.testing.assert_allclose(one, other, rtol=2e-14, atol=1e-15)


@pytest.mark.parametrize("method", ["spawn", *(["fork"] if sys.platform == "linux" else [])])
def test_a_function_goes_to_other_processes(method: str) -> None:
    function = Function("x^2 + e", variables=["x"])
    with ProcessPoolExecutor(1, mp_context=get_context(method)) as pool:
        assert (
            pool.submit(function.map, x=[1.0, 2.0]).result().value.tolist() == function.map(x=[1.0, 2.0]).value.tolist()
        )


def test_a_function_is_pickled_with_all_that_it_was_made_of() -> None:
    function = Function("log(1 + exp(x)) + sum(v)", variables=["x"], shapes={"v": (2,)}, stabilise=False)
    again = pickle.loads(pickle.dumps(function))
    assert (again.text, again.variables, again.notes) == (function.text, function.variables, function.notes)
    assert again(x=1.0, v=[1.0, 2.0]) == function(x=1.0, v=[1.0, 2.0])


def test_rows_have_to_be_as_many_as_the_columns_have() -> None:
    batch = Function("x^2").batch()
    for rows, id in ((7, "shape-mismatch"), (-3, "bad-value")):
        with pytest.raises(AutodiffError) as caught:
            batch({"x": [1, 2]}, rows=rows)
        assert caught.value.id == id
    with pytest.raises(AutodiffError, match="there can't be -3 rows"):
        Function("5").batch()({}, rows=-3)
    assert batch({"x": [1, 2]}, rows=2).value.tolist() == [1, 4]


def test_a_missing_column_is_told_by_what_the_formula_itself_does_with_it() -> None:
    with pytest.raises(AutodiffError) as caught:
        Function("x*y^2").batch()({"x": [1.0]})
    assert caught.value.suggestion == "give y=...; y is used in pow at column 3"
    assert caught.value.span == (2, 3)


def test_a_masked_entry_is_not_a_number() -> None:
    column = numpy.ma.masked_array([1, 2, 3], [False, True, False])
    value = Function("x^2").map(x=column).value
    assert numpy.array_equal(value, [1, numpy.nan, 9], equal_nan=True)


def test_less_than_one_thread_is_refused() -> None:
    with pytest.raises(AutodiffError, match="0 threads can do nothing"):
        Function("x^2").map(x=[1.0], threads=0)
