"""The formulas of the corpora as batches: every row has what a single point has, on every engine."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from random import Random
from typing import Any

import numpy
import pytest
from mpmath import mp

from autodiff import Function
from autodiff.evaluate.batch.program import BatchResult
from autodiff.evaluate.batch.tape import Tape, build_tape
from autodiff.evaluate.digits import digits
from autodiff.evaluate.program import build_program
from tests.evaluate.batch.rounding import rounding_bounds
from tests.test_corpora import FEYNMAN, OPTIMISATION, Case, binary64, started

ENGINES = ["numpy", *(["native"] if importlib.util.find_spec("llvmlite") else [])]
CASES = {case.id: case for case in [*FEYNMAN, *started("cute"), *OPTIMISATION]}
FORMULAS = list({case.formula: case.id for case in CASES.values()}.values())
STRANGE = (0.0, -0.0, float("nan"), float("inf"), float("-inf"), 1e300, -1e300, 1e-300, 1.0, -1.0, 0.5, 5e-324)
DIGITS = digits(200)
SAMPLED = 3  # rows that are compared with many digits


def rows_around(point: Mapping[str, float], count: int, seed: str) -> dict[str, Any]:
    """Three of four rows near the point, the others with strange numbers in some places."""
    random = Random(seed)
    columns: dict[str, list[float]] = {name: [] for name in point}
    for row in range(count):
        for name, centre in point.items():
            near = centre + 0.2 * random.uniform(-1, 1) * (abs(centre) or 1.0)
            strange = row % 4 == 3 and random.random() < 0.4
            columns[name].append(random.choice(STRANGE) if strange else near)
    return {name: numpy.array(column) for name, column in columns.items()}


def single_points(function: Function, columns: Mapping[str, Any]) -> dict[str, Any]:
    """The value and the derivatives, point by point."""
    names = function.variables
    results: dict[str, list[float]] = {name: [] for name in ("value", *(f"d_{name}" for name in names))}
    for row in zip(*(columns[name].tolist() for name in names), strict=True):
        value, slopes = function.value_and_gradient(dict(zip(names, row, strict=True)))
        results["value"].append(value)
        for name in names:
            results[f"d_{name}"].append(slopes[name])
    return {name: numpy.array(column) for name, column in results.items()}


def by_name(result: BatchResult) -> dict[str, Any]:
    return {"value": result.value, **{f"d_{name}": column for name, column in result.gradient.items()}}


def tape_of_all(function: Function) -> Tape:
    plan = function.formula.unbound
    return build_tape(plan, plan.compiled.output, plan.compiled.variables, function.variables, function.text)


def bounds_by_name(function: Function, columns: Mapping[str, Any]) -> dict[str, Any]:
    tape = tape_of_all(function)
    bounds = rounding_bounds(tape, columns)
    zero = numpy.zeros(len(next(iter(columns.values()))))
    slopes = {f"d_{name}": zero if node is None else bounds[node] for name, node in tape.slopes.items()}
    return {"value": bounds[tape.value], **slopes}


def assert_rows_agree(case: Case, count: int) -> None:
    point = {name: binary64(text) for name, text in case.point.items()}
    function = Function(case.formula, variables=point)
    columns = rows_around({name: point[name] for name in function.variables}, count, case.id)
    expected = single_points(function, columns)
    with numpy.errstate(all="ignore"):
        bounds = bounds_by_name(function, columns)
        exact = truths(function, columns)
        for engine in ENGINES:
            result = function.map(columns, engine=engine)
            assert result.engine == engine
            for name, column in by_name(result).items():
                single, bound = expected[name], bounds[name]
                where = f"{name} of {case.id} on {engine}"
                numpy.testing.assert_array_equal(numpy.isnan(column), numpy.isnan(single), where)
                infinite = numpy.isinf(single) | numpy.isinf(column)
                numpy.testing.assert_array_equal(column[infinite], single[infinite], where)
                apart = numpy.where(column == single, 0.0, numpy.abs(column - single))
                assert not (apart > 2 * bound)[numpy.isfinite(single)].any(), where
                for row, true in exact[name].items():
                    if numpy.isfinite(bound[row]) and mp.isfinite(true):
                        assert abs(mp.mpf(column[row]) - true) <= bound[row] + numpy.spacing(abs(column[row])), where


def truths(function: Function, columns: Mapping[str, Any]) -> dict[str, dict[int, Any]]:
    """By name, for some rows, what the same graph gives in many digits."""
    tape = tape_of_all(function)
    program = build_program(tape.graph, tape.outputs, DIGITS)
    results: dict[str, dict[int, Any]] = {name: {} for name in ("value", *(f"d_{name}" for name in tape.slopes))}
    for row in range(SAMPLED):
        values = program.run({name: DIGITS.number(float(column[row])) for name, column in columns.items()})
        results["value"][row] = values[tape.value]
        for name, node in tape.slopes.items():
            results[f"d_{name}"][row] = mp.mpf(0) if node is None else values[node]
    return results


@pytest.mark.parametrize("id", FORMULAS)
def test_rows_are_as_single_points(id: str) -> None:
    assert_rows_agree(CASES[id], 40)


@pytest.mark.slow
@pytest.mark.parametrize("id", FORMULAS)
def test_1000_rows_are_as_single_points(id: str) -> None:
    assert_rows_agree(CASES[id], 1000)
