"""Every row of the table of primitives, so that none can go untested."""

from __future__ import annotations

import math
from itertools import product

import pytest
from mpmath import mp

from autodiff import Function
from autodiff.evaluate.digits import digits
from autodiff.evaluate.floats import FLOATS
from autodiff.evaluate.program import build_program, text_kernel
from autodiff.graph.gradient import gradient
from autodiff.graph.nodes import Graph
from autodiff.graph.primitive import Primitive
from autodiff.graph.rules import rule
from autodiff.graph.table import PRIMITIVES
from tests.calculus import CALCULUS
from tests.measure_accuracy import differentiable
from tests.points import HEAVY, kernel, points

ROWS = [row for row in PRIMITIVES.values() if row.name not in ("variable", "constant") and row.entrywise]
SPECIAL_NUMBERS = (0.0, -0.0, 1.0, -1.0, 0.5, 5e-324, 1e308, -1e308, 1e16, math.inf, -math.inf, math.nan)

each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)


def names_of(row: Primitive) -> tuple[str, ...]:
    return row.operand_names(2)


@each_row
def test_a_row_is_documented_and_names_its_operands(row: Primitive) -> None:
    assert row.doc
    assert row.signature.startswith(row.name + "(")
    assert "y" not in row.operands
    assert callable(row.partials) or len(row.partials) == len(row.operands)


@each_row
def test_the_texts_of_a_row_are_formulas_of_its_operands(row: Primitive) -> None:
    names = set(names_of(row))
    texts = [row.partial(position, len(names)) for position in range(len(names))]
    for text in (*texts, row.kinks_of(len(names)), row.domain, row.definition_of(len(names))):
        if text:
            assert {node.label for node in rule(text).graph.nodes if node.label} <= names | {"y"}
    assert "y" not in (row.domain + row.definition_of(len(names))).replace("xlogy", "").split()


@each_row
@pytest.mark.parametrize("backend", [FLOATS, digits(200)], ids=["floats", "digits"])
def test_every_backend_computes_every_primitive_for_every_number(row: Primitive, backend) -> None:
    compute = kernel(row, backend)
    numbers = SPECIAL_NUMBERS[:6] if row.name in HEAVY else SPECIAL_NUMBERS
    for point in product(numbers, repeat=min(2, len(names_of(row)))):
        operands = (*point, *(1.0 for _ in names_of(row)[2:]))
        value = compute(*map(backend.number, operands))
        assert isinstance(value, type(backend.number(1.0))), operands


@pytest.mark.parametrize("name", sorted(CALCULUS))
def test_values_agree_with_mpmath_over_the_domain(name: str) -> None:
    row = PRIMITIVES[name]
    exact = CALCULUS[name].value
    for point in points(row, 5 if name in HEAVY else 40):
        ours = kernel(row, FLOATS)(*point)
        with mp.workdps(60):
            try:
                true = exact(*map(mp.mpf, point))
            except ValueError:  # mpmath would take minutes
                continue
            if mp.isfinite(true) and 1e-300 < abs(true) < 1e300:
                assert abs(ours - true) <= tolerance(name) * abs(true), point


def tolerance(name: str) -> float:
    """A few ULP, but where a zero of the function is no number of binary64, or libm is coarse."""
    return {"lgamma": 1e-14, "logit": 1e-14, "xlogy": 1e-15, "gamma": 5e-15, "factorial": 5e-13}.get(name, 4e-15)


@pytest.mark.parametrize("row", [row for row in ROWS if row.domain and not row.internal], ids=lambda row: row.name)
def test_outside_its_domain_a_function_is_no_number_or_infinite(row: Primitive) -> None:
    inside = text_kernel(row.domain, names_of(row), FLOATS)
    grid = [-3.0, -2.5, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 2.5]
    outside = [point for point in product(grid, repeat=len(names_of(row))) if not inside(*point)]
    # cos(x) is nowhere exactly 0
    if row.name in ("tan", "sec"):
        return
    assert outside
    for point in outside:
        if row.name == "atan2":  # has a value at the origin by convention, and no derivative
            assert math.isnan(Function("atan2(a, b)").gradient(a=0, b=0)["a"])
        elif row.name == "log_base" and point[1] == 0:  # the limit is 0
            assert kernel(row, FLOATS)(*point) == 0 or point[0] <= 0
        else:
            assert not math.isfinite(kernel(row, FLOATS)(*point)), point


@pytest.mark.parametrize(
    ("name", "others", "at"),
    [
        *(("abs", (), 0.0), ("relu", (), 0.0), ("leaky_relu", (0.01,), 0.0), ("leaky_relu", (2.0,), 0.0)),
        *(("leaky_relu", (-0.5,), 0.0), ("elu", (3.0,), 0.0), ("elu", (0.5,), 0.0), ("elu", (-1.0,), 0.0)),
        ("hypot", (0.0,), 0.0),
    ],
)
def test_at_a_kink_the_derivative_is_the_one_of_smallest_norm_between_both_sides(name, others, at) -> None:
    row = PRIMITIVES[name]
    names = names_of(row)
    value = CALCULUS[name].value
    with mp.workdps(60):
        step = mp.mpf(10) ** -20
        here = value(mp.mpf(at), *map(mp.mpf, others))
        right = (value(at + step, *map(mp.mpf, others)) - here) / step
        left = (here - value(at - step, *map(mp.mpf, others))) / step
    low, high = sorted((float(left), float(right)))
    smallest = 0.0 if low <= 0 <= high else low if low > 0 else high
    f = Function(f"{name}({', '.join(names)})")
    assert f.gradient(dict(zip(names, (at, *others), strict=True)))[names[0]] == pytest.approx(smallest, rel=1e-15)


def test_ties_are_split_evenly_among_all() -> None:
    assert Function("max(a, b, c)").gradient(a=1, b=1, c=0) == {"a": 0.5, "b": 0.5, "c": 0.0}
    assert Function("min(a, b, c)").gradient(a=1, b=1, c=1) == dict.fromkeys("abc", 1 / 3)
    assert Function("clip(a, b, c)").gradient(a=0, b=0, c=1) == {"a": 0.5, "b": 0.5, "c": 0.0}
    assert Function("clip(a, a, 1)").gradient(a=0) == {"a": 1.0}
    assert Function("hypot(a, b)").gradient(a=0, b=0) == {"a": 0.0, "b": 0.0}


GENERIC = {  # a point well inside every domain
    **dict.fromkeys(("asin", "acos", "atanh", "asech", "logit"), (0.37,)),
    **dict.fromkeys(("asec", "acsc", "acosh", "acoth"), (1.7,)),
    "polygamma": (2.0, 1.3),
    "root": (1.7, 3.2),
    "log_base": (1.7, 2.9),
    "clip": (0.4, -1.0, 2.0),
    "where": (1.0, 0.3, 0.8),
}


@pytest.mark.parametrize(
    ("row", "position"),
    [pytest.param(row, position, id=f"{row.name}-{position}") for row, position in differentiable()],
)
def test_the_gradient_applied_twice_is_the_second_derivative(row: Primitive, position: int) -> None:
    names = names_of(row)
    point = GENERIC.get(row.name, (0.7, 1.3, 2.1)[: len(names)])
    graph = Graph()
    operands = tuple(graph.variable(name) for name in names)
    first = gradient(graph, graph.add(row, operands), [operands[position]])
    second = gradient(first.graph, first.adjoints[operands[position]], [operands[position]])
    adjoint = second.adjoints.get(operands[position])
    ours = 0.0
    if adjoint is not None:
        ours = build_program(second.graph, [adjoint], FLOATS).run(dict(zip(names, point, strict=True)))[adjoint]
    value = CALCULUS[row.name].value
    with mp.workdps(60):
        exact = [mp.mpf(number) for number in point]

        def along(x):
            return value(*exact[:position], x, *exact[position + 1 :])

        true = float(mp.diff(along, exact[position], 2))
    assert ours == pytest.approx(true, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        # IEEE 754 and C99 Annex F
        *(("exp(1000)", math.inf), ("exp(-1000)", 0.0), ("log(0)", -math.inf), ("log(-1)", math.nan)),
        *(("1/0", math.inf), ("1/(-0.0)", -math.inf), ("0/0", math.nan), ("inf - inf", math.nan), ("0*inf", math.nan)),
        *(("0^0", 1.0), ("inf^0", 1.0), ("(-2)^3", -8.0), ("(-2)^(-1)", -0.5), ("(-8)^(1/3)", math.nan)),
        *(("0^(-1)", math.inf), ("0^(-2)", math.inf), ("(-0.0)^(-1)", -math.inf), ("(-inf)^3", -math.inf)),
        *(("(-10)^309", -math.inf), ("10^309", math.inf), ("9^9^9^9", math.inf), ("sqrt(-1)", math.nan)),
        *(("atan2(0, -1)", math.pi), ("atan2(-0.0, -1)", -math.pi), ("atan2(1, 0)", math.pi / 2)),
        *(("atan(inf)", math.pi / 2),),
        *(("tanh(inf)", 1.0), ("erf(inf)", 1.0), ("erfc(inf)", 0.0), ("atanh(1)", math.inf)),
        *(("sin(inf)", math.nan), ("asin(2)", math.nan), ("acosh(0.5)", math.nan), ("sinh(-1000)", -math.inf)),
        *(("log1p(-1)", -math.inf), ("expm1(1000)", math.inf), ("expm1(-1000)", -1.0), ("hypot(inf, 0/0)", math.inf)),
        *(("gamma(0)", math.inf), ("gamma(-1)", math.nan), ("gamma(172)", math.inf), ("lgamma(-1)", math.inf)),
        *(("round(2.5)", 2.0), ("round(-0.4)", -0.0), ("floor(-0.5)", -1.0), ("ceil(-0.5)", -0.0)),
        *(("round(1e300)", 1e300),),
        *(("max(1, 0/0)", math.nan), ("min(0/0, 1)", math.nan), ("sign(-0.0)", -0.0), ("abs(-0.0)", 0.0)),
        # mathematics
        *(("mod(-1, 3)", 2.0), ("mod(5, -3)", -1.0), ("mod(1, 0)", math.nan), ("cbrt(-27)", -3.0)),
        *(("root(-8, 3)", -2.0), ("5!", 120.0), ("0!", 1.0), ("171!", math.inf), ("sinc(0)", 1.0)),
        *(("xlogy(0, 0)", 0.0),),
        *(("softplus(1000)", 1000.0), ("softplus(-inf)", 0.0), ("logaddexp(inf, 1)", math.inf)),
        *(("logaddexp(-inf, -inf)", -math.inf),),
        *(("sigmoid(-1000)", 0.0), ("sigmoid(inf)", 1.0), ("logit(0)", -math.inf), ("logit(1)", math.inf)),
        *(("hypot(3e200, 4e200)", 5e200), ("log(8, 2)", 3.0), ("log(1000, 10)", 3.0), ("beta(2, 3)", 1 / 12)),
        *(("where(0/0 > 1, 1, 2)", 2.0), ("1 < 2 < 3", 1.0), ("1 < 3 < 2", 0.0), ("not 0 and (1 or 0)", 1.0)),
        *(("gelu(-inf)", -0.0), ("degrees(pi)", 180.0), ("asec(-1)", math.pi), ("acot(-1)", -math.pi / 4)),
    ],
)  # fmt: skip
def test_a_special_value(text: str, value: float) -> None:
    ours = Function(text)()
    assert (math.isnan(ours) and math.isnan(value)) or ours == pytest.approx(value, rel=2e-16, abs=0)
    if value == 0:
        assert math.copysign(1, ours) == math.copysign(1, value)


def test_a_constant_power_takes_no_logarithm_of_its_base() -> None:
    assert Function("x^2").gradient(x=-3) == {"x": -6.0}
    assert Function("x^(2 - 1)").gradient(x=-3) == {"x": 1.0}
    assert Function("x^0").gradient(x=0) == {"x": 0.0}
