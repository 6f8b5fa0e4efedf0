"""The backend of complex numbers: every function of the table beside the real axis."""

from __future__ import annotations

import math

import pytest

from autodiff.evaluate.complex_step import complex_backend
from autodiff.evaluate.program import defined_kernel
from autodiff.graph.primitive import CONSTANT, VARIABLE
from autodiff.graph.table import PRIMITIVES

SCALARS = complex_backend(has_arrays=False)
ENTRYWISE = [row for row in PRIMITIVES.values() if row.entrywise and row not in (VARIABLE, CONSTANT)]


def compute(row):
    return SCALARS.kernels.get(row.name) or defined_kernel(row, SCALARS, len(row.operand_names(2)))


@pytest.mark.parametrize("row", ENTRYWISE, ids=lambda row: row.name)
def test_every_primitive_of_the_table_is_covered(row) -> None:
    operands = [complex(0.5 + 0.25 * k) for k in range(len(row.operand_names(2)))]
    assert isinstance(compute(row)(*operands), complex)


def test_every_primitive_of_arrays_is_covered() -> None:
    arrays = complex_backend(has_arrays=True)
    needed = {row.name for row in PRIMITIVES.values() if row.array is not None and not row.constant}
    assert needed <= arrays.array_kernels.keys()


@pytest.mark.parametrize(
    ("name", "operands", "value"),
    [
        ("abs", (-2 + 1e-100j,), 2 - 1e-100j),
        ("max", (1 + 1e-100j, 1 - 2e-100j), 1 + 1e-100j),
        ("min", (2 + 1e-100j, 1), 1),
        ("sign", (-3 + 1e-100j,), -1),
        ("floor", (2.5 + 1e-100j,), 2),
        ("lt", (1 + 1e-100j, 2), 1),
        ("eq", (1 + 1e-100j, 1), 1),
        ("where", (1e-100j, 5, 6), 6),
        ("relu", (-1 + 1e-100j,), 0),
        ("relu", (1 + 1e-100j,), 1 + 1e-100j),
        ("mod", (7 + 1e-100j, 4), 3 + 1e-100j),
    ],
)
def test_choices_are_made_by_the_real_part(name: str, operands: tuple[complex, ...], value: complex) -> None:
    assert compute(PRIMITIVES[name])(*map(complex, operands)) == value


@pytest.mark.parametrize(
    ("name", "operands"),
    [
        *(("sqrt", (-1,)), ("log", (-1,)), ("asin", (1.5,)), ("acosh", (0.5,)), ("atanh", (2,)), ("pow", (-8, 1 / 3))),
        *(("gamma", (-1,)), ("lgamma", (0,)), ("log1p", (-2,)), ("exp", (1000,)), ("polygamma", (0.5, 1))),
        *(
            ("lambertw", (-0.4,)),
            ("besselj", (0.5, -1)),
            ("bessely", (1, -2)),
            ("besseli", (2.5, -1)),
            ("besselk", (0, -1)),
        ),
    ],
)
def test_where_the_real_function_has_no_value_it_is_nan(name: str, operands: tuple[float, ...]) -> None:
    value = compute(PRIMITIVES[name])(*(complex(operand, 1e-100) for operand in operands))
    assert math.isnan(value.real)
