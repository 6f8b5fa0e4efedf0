"""Every primitive that works entry by entry, as a column on every engine, has what the floats backend has."""

from __future__ import annotations

import importlib.util
import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy
import pytest

from autodiff.evaluate.arrays.elementwise import VECTORISED
from autodiff.evaluate.batch.engines import chosen_engine
from autodiff.evaluate.batch.tape import Tape, tape_of
from autodiff.graph.nodes import Graph
from autodiff.graph.primitive import Primitive
from tests.calculus import ulps
from tests.evaluate.test_elementwise import EDGES, FEW_EDGES, ROWS, float_kernel, operand_count, truthful_points
from tests.points import HEAVY, Point

ENGINES = [
    "numpy",
    pytest.param(
        "native",
        marks=pytest.mark.skipif(importlib.util.find_spec("llvmlite") is None, reason="llvmlite is not installed"),
    ),
]
MOST = 4.0


def tape_for(row: Primitive, constants: Sequence[float | None]) -> Tape:
    """The tape of one primitive, some of whose operands are constants."""
    graph = Graph()
    operands = tuple(
        graph.variable(f"x{index}") if constant is None else graph.constant(constant)
        for index, constant in enumerate(constants)
    )
    output = graph.add(row, operands)
    return tape_of(graph, [output], [f"x{index}" for index in range(len(operands))])._replace(value=output)


def computed(row: Primitive, engine: str, operands: Sequence[Any]) -> list[float]:
    """What an engine makes of operands, which are columns or numbers."""
    columns = [operand for operand in operands if isinstance(operand, numpy.ndarray)]
    tape = tape_for(row, [None if isinstance(operand, numpy.ndarray) else operand for operand in operands])
    result = numpy.empty(len(columns[0]))
    fixed = list(tape.fixed_values({}).values())
    chosen_engine(tape, engine, None).run(columns, fixed, [result], 1)
    entries: list[float] = result.tolist()
    return entries


def same(given: float, expected: float) -> bool:
    if given != given or expected != expected:
        return given != given and expected != expected
    if given == expected:
        return math.copysign(1.0, given) == math.copysign(1.0, expected)
    return math.isfinite(given) and math.isfinite(expected) and abs(given - expected) <= MOST * math.ulp(expected)


def differences(row: Primitive, engine: str, operands: Sequence[Any]) -> list[str]:
    kernel = float_kernel(row.name, len(operands))
    given = computed(row, engine, operands)
    columns = [numpy.broadcast_to(operand, len(given)).tolist() for operand in operands]
    wrong = []
    for entry, point in zip(given, zip(*columns, strict=True), strict=True):
        expected = kernel(*[x if x == x else float("nan") for x in point])
        if not same(entry, expected):
            wrong.append(f"{row.name}{point} is {entry!r} and not {expected!r}")
    return wrong


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", ROWS)
def test_edge_cases_are_as_for_a_single_point(name: str, engine: str) -> None:
    row = ROWS[name]
    count = operand_count(row)
    edges = FEW_EDGES if name in HEAVY else EDGES[count]
    operands = [numpy.array(column) for column in zip(*itertools.product(edges, repeat=count), strict=True)]
    assert differences(row, engine, operands) == []


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if operand_count(row) > 1])
def test_constants_among_the_operands_are_as_for_a_single_point(name: str, engine: str) -> None:
    row = ROWS[name]
    count = operand_count(row)
    along = numpy.array(FEW_EDGES if name in HEAVY else EDGES[2])
    few = FEW_EDGES if count == 3 or name in HEAVY else [*FEW_EDGES, 1.0, -1.0, 3.0, 4.0, 5.0, 6.0, 7.5, -2.0, 1e300]
    wrong = []
    for chosen in range(1, 2**count - 1):
        places = [place for place in range(count) if chosen >> place & 1]
        for values in itertools.product(few, repeat=len(places)):
            operands: list[Any] = [along] * count
            for place, value in zip(places, values, strict=True):
                operands[place] = value
            wrong += differences(row, engine, operands)
    assert wrong == []


MEASURED = [name for name, row in ROWS.items() if name in VECTORISED and not row.variadic]


def worst(name: str, engine: str, count: int) -> tuple[float, Point]:
    """The largest error among so many points, in ULP, and where it is."""
    operands, true = zip(*truthful_points(name, count), strict=True)
    given = computed(ROWS[name], engine, [numpy.array(column) for column in zip(*operands, strict=True)])
    return max(zip(map(ulps, given, true), operands, strict=True))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", MEASURED)
def test_a_value_is_within_4_ulp(name: str, engine: str) -> None:
    assert worst(name, engine, 250) <= (MOST, (math.inf,))


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", MEASURED)
def test_a_value_is_within_4_ulp_at_many_points(name: str, engine: str) -> None:
    assert worst(name, engine, 4000) <= (MOST, (math.inf,))
