"""The kernels for arrays give what the floats backend gives, entry by entry, and are as close to the truth."""

from __future__ import annotations

import itertools
import math
import warnings
from collections.abc import Callable, Iterator, Sequence
from math import inf, nan
from typing import Any

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp

from autodiff.evaluate.arrays.elementwise import ENTRY_BY_ENTRY, KERNELS, VECTORISED
from autodiff.evaluate.arrays.elementwise.activation import GELU_COEFFICIENTS, GELU_ZERO, GELU_ZERO_REST
from autodiff.evaluate.arrays.elementwise.blocks import BLOCK
from autodiff.evaluate.digits import digits
from autodiff.evaluate.floats import FLOATS
from autodiff.evaluate.program import Backend, Kernel, build_program, defined_kernel
from autodiff.graph.gradient import gradient
from autodiff.graph.nodes import Graph
from autodiff.graph.primitive import CONSTANT, VARIABLE, Primitive
from autodiff.graph.table import PRIMITIVES
from tests.calculus import CALCULUS, truth, ulps
from tests.points import BESSEL, HEAVY, Point, points

MOST = 4.0
DIGITS = digits(200)
ROWS = {
    row.name: row
    for row in PRIMITIVES.values()
    if row not in (VARIABLE, CONSTANT) and not (row.array or row.constant or row.stands_for)
}


def both_signs(*sizes: float) -> list[float]:
    return [nan, *sizes, *(-size for size in sizes)]


EXTREMES = (0.0, 5e-324, 1e-310, 2.0**-1022, 1e-300, 1e-20, 1e154, 1e300, 1.7976931348623157e308, inf)
NUMBERS = (0.1, 0.5, 1 - 2.0**-53, 1.0, 1 + 2.0**-52, 1.5, 2.0, 3.0, 5.0, 10.0, 200.0, 710.0, 2.0**53)
# Where kernels change the formula, kinks, ends of domains, zeros of derivatives, where exponentials end.
BORDERS = (
    *(1e-280, 1e-100, 0.25, 0.75, 2.5, 4.0, 18.9, 20.0, 21.0, 36.9, 37.0, 39.9, 40.0, 41.0, 1e280, 1e290),
    *(170.5, 171.7, 699.9, 700.0, 700.1, 708.4, 709.7, 709.8, 745.1, 745.2, 746.0, 1023.0, 1024.0, 1074.0, 1075.0),
    *(0.374, 0.375, 0.7517915246935645, 1.375, 1.376, 1.14, 1.2784645427610737, 1.42, math.pi / 2, math.pi),
)
EDGES = {
    1: both_signs(*EXTREMES, *NUMBERS, *BORDERS),
    2: both_signs(*EXTREMES, *NUMBERS),
    3: both_signs(0.0, 1e-310, 0.5, 1.0, 2.0, 3.0, 1e300, inf),
}
FEW_EDGES = both_signs(0.0, 1e-310, 0.5, 2.0, inf)  # for what takes mpmath's time, and is the floats' kernel anyway


@pytest.fixture(autouse=True)
def silence() -> Iterator[None]:
    """NumPy's warnings are silenced as the caller of kernels does it; any other is an error."""
    with numpy.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def operand_count(row: Primitive) -> int:
    return 3 if row.variadic else len(row.operands)


def float_kernel(name: str, count: int) -> Kernel:
    return FLOATS.kernels.get(name) or defined_kernel(ROWS[name], FLOATS, count)


def single(name: str, *operands: float) -> float:
    """What the floats backend has. Its `ties` takes a NaN for equal to itself if it is the same object."""
    return float_kernel(name, len(operands))(*[operand if operand == operand else float("nan") for operand in operands])


def read_only(values: Any) -> numpy.ndarray:
    array = numpy.array(values, dtype=numpy.float64)
    array.setflags(write=False)
    return array


def assert_same(name: str, given: numpy.ndarray, operands: Sequence[Any]) -> None:
    """Each entry is what the floats backend has, finite ones but for a few ULP."""
    assert type(given) is numpy.ndarray
    assert given.dtype == numpy.float64
    columns = [column.ravel().tolist() for column in numpy.broadcast_arrays(*operands)] if operands else []
    for entry, point in zip(given.ravel().tolist(), zip(*columns, strict=True), strict=True):
        expected = single(name, *point)
        assert close(entry, expected), f"{name}{point} is {entry!r} and not {expected!r}"


def close(entry: float, expected: float) -> bool:
    if entry != entry or expected != expected:
        return entry != entry and expected != expected
    if entry == expected:
        return math.copysign(1.0, entry) == math.copysign(1.0, expected)
    return math.isfinite(entry) and math.isfinite(expected) and abs(entry - expected) <= MOST * math.ulp(expected)


def test_every_primitive_that_works_entry_by_entry_has_a_kernel() -> None:
    assert KERNELS.keys() == ROWS.keys()


def test_only_what_is_rare_and_hard_is_left_to_the_floats() -> None:
    assert set(ENTRY_BY_ENTRY) == {
        *("gamma", "gamma_slope", "factorial", "factorial_slope", "lgamma", "digamma", "polygamma"),
        *("beta", "beta_slope", "sinc_slope", "log_base_slope", "erfi", "lambertw", "lambertw_slope", *BESSEL),
        *("fresnels", "fresnels_slope", "fresnelc", "fresnelc_slope"),
    }


@pytest.mark.parametrize("name", ROWS)
def test_edge_cases_are_as_in_the_floats_backend(name: str) -> None:
    count = operand_count(ROWS[name])
    edges = FEW_EDGES if name in HEAVY else EDGES[count]
    operands = [read_only(column) for column in zip(*itertools.product(edges, repeat=count), strict=True)]
    assert_same(name, KERNELS[name](*operands), operands)


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if operand_count(row) > 1])
def test_floats_among_the_operands_are_as_arrays(name: str) -> None:
    count = operand_count(ROWS[name])
    edges = FEW_EDGES if count == 3 or name in ENTRY_BY_ENTRY else EDGES[2]
    along = read_only(edges)
    for chosen in range(1, 2**count - 1):
        floats = [position for position in range(count) if chosen >> position & 1]
        for values in itertools.product(edges, repeat=len(floats)):
            operands: list[Any] = [along] * count
            for position, value in zip(floats, values, strict=True):
                operands[position] = value
            assert_same(name, KERNELS[name](*operands), operands)


ENTRIES = st.floats() | st.floats(-4, 4) | st.integers(-20, 20).map(lambda twice: twice / 2) | st.floats(-800, 800)


@pytest.mark.parametrize("name", VECTORISED)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_any_arrays_have_the_entries_of_the_floats_backend(name: str, data: st.DataObject) -> None:
    with numpy.errstate(all="ignore"):
        entries = st.tuples(*[ENTRIES] * operand_count(ROWS[name]))
        rows = data.draw(st.lists(entries, min_size=1, max_size=12))
        operands = [read_only(column) for column in zip(*rows, strict=True)]
        assert_same(name, KERNELS[name](*operands), operands)


def true_value(name: str, point: Point) -> Any | None:
    """What mpmath has; None outside the domain."""
    if name == "exponent_slope":  # of which the first operand is the power
        return truth(CALCULUS["pow"].partials[1], point[1:])
    if name in CALCULUS:
        return truth(CALCULUS[name].value, point)
    exact = DIGITS.kernels.get(name) or defined_kernel(ROWS[name], DIGITS)
    value = exact(*map(DIGITS.number, point))
    return None if mp.isnan(value) else value


def truthful_points(name: str, count: int) -> Iterator[tuple[Point, Any]]:
    """Points in the domain at which there is a true value, and that."""
    for point in points(ROWS[name], count):
        if name == "exponent_slope":
            point = (single("pow", *point[1:]), *point[1:])
        if name == "scaled_exp":  # which is called for negative x only
            point = (point[0], -abs(point[1]))
        true = true_value(name, point)
        if true is not None:
            yield point, true


def worst(name: str, count: int) -> tuple[float, Point]:
    """The largest error of a kernel among so many points, and where it is."""
    operands, true = zip(*truthful_points(name, count), strict=True)
    given = KERNELS[name](*map(read_only, zip(*operands, strict=True))).tolist()
    return max(zip(map(ulps, given, true), operands, strict=True))


MEASURED = [name for name, row in ROWS.items() if name in VECTORISED and not row.variadic]


@pytest.mark.parametrize("name", MEASURED)
def test_a_value_is_within_4_ulp(name: str) -> None:
    assert worst(name, 250) <= (MOST, (inf,))


@pytest.mark.slow
@pytest.mark.parametrize("name", MEASURED)
def test_a_value_is_within_4_ulp_at_many_points(name: str) -> None:
    assert worst(name, 4000) <= (MOST, (inf,))


@pytest.mark.parametrize(
    ("name", "point"),
    [
        ("logaddexp", (-0.6927541416549989, -0.6927541416550002)),  # where NumPy's is off by 596 ULP
        ("logaddexp", (-1.3988258983713538e-06, -10.0)),
        ("cbrt", (-0.3592753547245422,)),  # where glibc's is off by 3.3
        ("pow", (-inf, 0.5)),  # where NumPy's square root is NaN
        ("gelu_slope", (-0.7517915246935644,)),
        ("gelu_slope", (-1.3749999,)),
        ("silu_slope", (-1.2784645427610735,)),
        ("power_slope", (1e-40, 9.0)),  # where the power underflows
        ("power_slope", (5e-324, 0.5)),
        ("exponent_slope", (0.0, 1e-300, 1.08)),
        ("quotient_slope", (1e-310, 1e-5)),
        ("gaussian", (26.5,)),
        ("sech", (745.0,)),
        ("direction", (1e308, 1.7e308)),
        ("angle_slope", (1e-200, 1e-200)),
    ],
)
def test_a_value_is_accurate_where_a_plain_formula_is_not(name: str, point: Point) -> None:
    (given,) = KERNELS[name](*[read_only([operand]) for operand in point]).tolist()
    true = true_value(name, point)
    assert true is not None
    assert given == true or ulps(given, true) <= MOST


def lifted(name: str) -> Kernel:
    def kernel(*operands: Any) -> Any:
        arrays = any(isinstance(operand, numpy.ndarray) for operand in operands)
        return (KERNELS[name] if arrays else float_kernel(name, len(operands)))(*operands)

    return kernel


DERIVATIVES = [
    pytest.param(row, position, id=f"{name}-{position}")
    for name, row in ROWS.items()
    if name in VECTORISED and name in CALCULUS
    for position, partial in enumerate(CALCULUS[name].partials)
    if partial is not None and row.partial(position, len(CALCULUS[name].partials)) != "0"
]
LIFTED = Backend({name: lifted(name) for name in KERNELS}, FLOATS.number)


@pytest.mark.parametrize(("row", "position"), DERIVATIVES)
def test_a_derivative_of_an_array_is_within_4_ulp(row: Primitive, position: int) -> None:
    graph, names = Graph(), row.operand_names(2)
    operands = tuple(graph.variable(name) for name in names)
    step = gradient(graph, graph.add(row, operands), [operands[position]])
    adjoint = step.adjoints[operands[position]]
    where = list(points(row, 100))
    columns = map(read_only, zip(*where, strict=True))
    given = build_program(step.graph, [adjoint], LIFTED).run(dict(zip(names, columns, strict=True)))[adjoint]
    partial = CALCULUS[row.name].partials[position]
    assert partial is not None
    for point, entry in zip(where, numpy.broadcast_to(given, len(where)).tolist(), strict=True):
        true = truth(partial, point)
        assert true is None or ulps(entry, true) <= MOST, point


def shapes_of(name: str, *shapes: tuple[int, ...]) -> list[numpy.ndarray]:
    """An operand for each shape, taken in turn as the primitive needs them, of different numbers."""
    count = operand_count(ROWS[name])
    return [
        read_only(numpy.linspace(0.3 + position, 2.6, math.prod(shape)).reshape(shape))
        for position, shape in zip(range(count), itertools.cycle(shapes))
    ]


@pytest.mark.parametrize("name", [name for name in ROWS if name not in HEAVY - BESSEL])
@pytest.mark.parametrize(
    "shapes",
    [((3, 1), (4,)), ((4,), (3, 1)), ((), (5,)), ((5,), ()), ((),), ((0,),), ((2, 0), (1, 1)), ((2, 3, 2),), ((1,),)],
    ids=str,
)
def test_operands_broadcast_into_a_new_array(name: str, shapes: tuple[tuple[int, ...], ...]) -> None:
    operands = shapes_of(name, *shapes)
    result = KERNELS[name](*operands)
    assert result.shape == numpy.broadcast_shapes(*(operand.shape for operand in operands))
    assert result.flags.writeable
    assert not any(numpy.shares_memory(result, operand) for operand in operands)
    assert_same(name, result, operands)


ORDERS: list[Callable[[numpy.ndarray], numpy.ndarray]] = [
    lambda x: x.T,
    lambda x: x[::-1, ::2],
    lambda x: numpy.broadcast_to(x[:1], (7, 9)),
]


@pytest.mark.parametrize("order", ORDERS, ids=("transposed", "strided", "repeated"))
@pytest.mark.parametrize("name", VECTORISED)
def test_the_order_in_memory_does_not_matter(name: str, order: Callable[[numpy.ndarray], numpy.ndarray]) -> None:
    operands = [order(operand) for operand in shapes_of(name, (7, 9))]
    assert_same(name, KERNELS[name](*operands), operands)


@pytest.mark.parametrize("name", VECTORISED)
def test_a_large_array_has_the_entries_of_its_parts(name: str) -> None:
    size = 2 * BLOCK + 5
    generator = numpy.random.default_rng(1)
    operands = [read_only(generator.uniform(-3, 3, (1, size))) for _ in range(operand_count(ROWS[name]))]
    whole = KERNELS[name](*operands)
    assert whole.shape == (1, size)
    for part in (slice(0, 40), slice(BLOCK - 20, BLOCK + 20), slice(size - 40, size)):
        pieces = [operand[:, part] for operand in operands]
        assert_same(name, whole[:, part], pieces)


def test_min_and_max_take_more_operands_than_numpy_broadcasts_at_once() -> None:
    operands = [float(number) for number in range(99)] + [read_only([[3.5], [-1.0]]), read_only([200.0, nan, 98.5])]
    assert_same("max", KERNELS["max"](*operands), operands)
    assert_same("min", KERNELS["min"](*operands), operands)
    assert_same("ties", KERNELS["ties"](*operands), operands)


def test_min_and_max_of_one_array_are_a_copy_of_it() -> None:
    operand = read_only([1.0, nan])
    for name in ("min", "max"):
        result = KERNELS[name](operand)
        assert not numpy.shares_memory(result, operand)
        assert_same(name, result, [operand])


def test_the_series_beside_the_zero_of_gelu_slope_is_taylors() -> None:
    with mp.workdps(40):
        slope = DIGITS.kernels["gelu_slope"]
        zero = mp.findroot(lambda x: mp.erfc(-x / mp.sqrt(2)) / 2 + x * mp.npdf(x), GELU_ZERO)
        assert float(zero) == GELU_ZERO
        assert float(zero - GELU_ZERO) == GELU_ZERO_REST
        assert abs(slope(zero)) < 1e-35
        taylor = mp.taylor(lambda x: mp.erfc(-x / mp.sqrt(2)) / 2 + x * mp.npdf(x), zero, len(GELU_COEFFICIENTS))
        assert list(GELU_COEFFICIENTS) == pytest.approx([float(term) for term in taylor[1:]], rel=1e-9)
        assert GELU_COEFFICIENTS[:8] == tuple(float(term) for term in taylor[1:9])
