"""Every row of the table, with its derivatives, in every form of code."""

from __future__ import annotations

import math
from itertools import islice
from pathlib import Path
from random import Random

import numpy
import pytest

from autodiff import AutodiffError, Function
from autodiff.graph.primitive import Primitive
from autodiff.graph.table import OPERATORS, PRIMITIVES, WRITTEN
from autodiff.show.code.c import C
from autodiff.show.code.dialect import Dialect
from autodiff.show.code.numpy import NUMPY
from autodiff.show.code.python import PYTHON
from autodiff.show.code.sympy import SYMPY
from tests.points import everyday_points
from tests.show.code.forms import COMPILER, Result, compiled_library, example, function, imported, run_c, run_sympy

SCALARS = [row for row in PRIMITIVES.values() if row.name not in ("variable", "constant") and row.entrywise]
# What SymPy has, and none of the others.
ONLY_SYMPY = {
    *("fresnels", "fresnelc", "besselj", "bessely", "besseli", "besselk"),
    *("besselj_slope", "bessely_slope", "besseli_slope", "besselk_slope"),
}
ROWS = [row for row in SCALARS if not row.internal and row.name not in ONLY_SYMPY]
POINTS = 8
TOLERANCE = 1e-12
SUBNORMAL = 2.3e-308
# Near a zero of the function, or of a derivative, its terms cancel: there it has so many decimals, not digits.
DECIMALS = {
    **dict.fromkeys(("lgamma", "digamma", "polygamma", "gamma", "factorial", "beta"), 1e-13),
    **dict.fromkeys(("gelu", "silu", "sinc", "logaddexp"), 1e-15),
}

each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)


def text_of(row: Primitive) -> str:
    operands = row.operand_names(2)
    if row.name in OPERATORS:
        return OPERATORS[row.name]
    return f"{WRITTEN.get(row.name, row.name)}({', '.join(operands)})"


def sample(row: Primitive) -> list[tuple[float, ...]]:
    """Points of everyday size. Special functions of a large operand lose the digits that its logarithm has; the
    derivative of beta, a difference of two digammas, those that they share beside a pole."""
    if row.name == "beta":
        random = Random("the points of beta")
        return [(random.randint(-3, 40) + random.uniform(0.1, 0.4), random.uniform(0.1, 0.4)) for _ in range(POINTS)]
    largest = 100 if row.name in DECIMALS or row.name in ("root", "pow") else 1e4
    return list(islice((point for point in everyday_points(row, 60) if max(map(abs, point)) < largest), POINTS))


def expected(row: Primitive, point: tuple[float, ...]) -> tuple[dict[str, float], Result]:
    made = Function(text_of(row))
    at = dict(zip(made.variables, point, strict=True))
    return at, made.value_and_gradient(at)


def is_near(row: Primitive, found: float, right: float) -> bool:
    if not math.isfinite(right):
        return math.isnan(found) if math.isnan(right) else found == right
    return abs(found - right) <= max(TOLERANCE * abs(right), DECIMALS.get(row.name, SUBNORMAL))


def assert_near(row: Primitive, found: Result, right: Result) -> None:
    assert is_near(row, float(found[0]), right[0]), (row.name, found, right)
    assert list(found[1]) == list(right[1])
    for name, slope in right[1].items():
        assert is_near(row, float(found[1][name]), slope), (row.name, name, found, right)


@pytest.mark.parametrize("dialect", [PYTHON, NUMPY, C, SYMPY], ids=lambda dialect: dialect.name)
def test_every_row_that_works_on_numbers_has_a_form_or_a_definition(dialect: Dialect) -> None:
    known = [row for row in SCALARS if row.name not in ("identity", "strong_product")]
    for row in known if dialect is SYMPY else [row for row in known if row.name not in ONLY_SYMPY]:
        assert dialect.has(row.name) or dialect.definitions.get(row.name) or row.definition_of(2), row.name


@each_row
def test_python_computes_what_autodiff_computes_and_imports_only_math(row: Primitive) -> None:
    code = example(text_of(row)).code("python")
    assert imported(code) <= {"math"}
    f = function(code)
    for point in sample(row):
        _, right = expected(row, point)
        try:
            found = f(*point)
        except (ArithmeticError, ValueError):
            assert not all(map(math.isfinite, (right[0], *right[1].values())))
            continue
        assert_near(row, found, right)


@each_row
def test_numpy_computes_it_at_many_points_at_once_and_imports_only_numpy(row: Primitive) -> None:
    code = example(text_of(row)).code("numpy")
    assert imported(code) <= {"numpy"}
    points = sample(row)
    with numpy.errstate(all="ignore"):
        values, slopes = function(code)(*map(numpy.array, zip(*points, strict=True)))
    assert values.shape == (len(points),)
    assert all(slope.shape == (len(points),) for slope in slopes.values())
    for index, point in enumerate(points):
        found = values[index], {name: slope[index] for name, slope in slopes.items()}
        assert_near(row, found, expected(row, point)[1])


@pytest.mark.skipif(COMPILER is None, reason="there is no C compiler")
def test_c_compiles_without_a_warning_and_computes_the_same(tmp_path: Path) -> None:
    examples = {row.name: example(text_of(row)) for row in ROWS}
    sources = {f"of_{name}": made.code("c", f"of_{name}") for name, made in examples.items()}
    library = compiled_library(sources, tmp_path)
    for row in ROWS:
        for point in sample(row):
            found = run_c(library, f"of_{row.name}", examples[row.name].variables, point)
            assert_near(row, found, expected(row, point)[1])


@pytest.mark.parametrize("row", [row for row in SCALARS if not row.internal], ids=lambda row: row.name)
def test_sympy_reads_it_back(row: Primitive) -> None:
    pytest.importorskip("sympy")
    code = example(text_of(row)).code("sympy")
    for point in sample(row)[: 1 if row.name in ONLY_SYMPY else 2]:
        at, right = expected(row, point)
        if math.isfinite(right[0]) and all(map(math.isfinite, right[1].values())):
            assert_near(row, run_sympy(code, at), right)


@pytest.mark.parametrize("form", ["python", "numpy", "c"])
@pytest.mark.parametrize("name", [name for name in sorted(ONLY_SYMPY) if not PRIMITIVES[name].internal])
def test_what_only_sympy_has_is_refused_elsewhere(name: str, form: str) -> None:
    with pytest.raises(AutodiffError) as caught:
        example(text_of(PRIMITIVES[name])).code(form)
    assert caught.value.id == "no-such-form"
    assert "sympy" in caught.value.suggestion
