"""Derivatives that nobody on this project wrote, and ours of the same functions (tests/corpora/README.md has sources).

Both are computed with 120 digits, and agree to 50; where they cancel, to 100 digits of the largest number on the way.
Decimal fractions are what they say, not the nearest binary64. Rows whose source is off, or isn't real, stand in
MISPRINTS, NEED_COMPLEX_NUMBERS and NO_COMMON_DOMAIN.
"""

from __future__ import annotations

import csv
import functools
import json
import math
import random
import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import mpmath
import pytest
from matplotlib.mathtext import MathTextParser

from autodiff import Function
from autodiff.evaluate.digits import digits
from autodiff.evaluate.program import Backend, build_program
from autodiff.graph.compiler import Compiled, compile_program, parser
from autodiff.graph.gradient import gradient
from autodiff.graph.nodes import Graph
from autodiff.show.formula import formula
from autodiff.symbolic.answer import Answer

CORPORA = Path(__file__).parent / "corpora"
SHARED = Path(__file__).parents[2] / "shared" / "corpora"  # with the files whose licence keeps them out of here
BITS = 400  # 120 digits
EQUAL, EQUAL_TO_LARGEST, EQUAL_TO_NUMBER = (mpmath.ldexp(1, -bits) for bits in (167, 333, 53))  # 50, 100, 16 digits
POINTS, FEW_POINTS = 20, 5
CANDIDATES = 800  # points that are tried until so many are in both domains
SPREADS = (1, 2, 4, 10)
BLOCKS = 16  # of rows, that processes can share

# The numbers belong to another formula than the one that is printed: to this one.
MISPRINTS = {
    "triples/t03817": "r*x/sqrt(-a^2 - e^2 + 2*1.141*r^2)",  # exp(1) got the value of the variable e
}

# An antiderivative that is complex at its point (its derivative then isn't, or not by way of real numbers).
NEED_COMPLEX_NUMBERS = {
    "triples/t03490": "x^2 - 1 is -0.17, and both its root and the logarithm of x + sqrt(x^2 - 1) are imaginary",
    "triples/t03492": "1 - 1/x^2 is negative, and so is x^4 - 1",
    "triples/t03505": "asec of 0.93",
    "triples/t04726": "asec of 0.511",
    "triples/t04730": "x^2 - 1 is -0.144, to the power 3/2",
    "triples/t04903": "asec of 0.113",
}

# The given derivative has log(u) and log(-sqrt(u)), u = a*x - 1: nowhere are both real. Ours is 1/sqrt(-u).
# By its rule the derivative of log(x), 1/x, has values where log(x) has none; so have those of these formulas. The
# unsimplified derivative still has the logarithm, or the inverse function, in terms that cancel.
BEYOND_THE_FUNCTION = {
    "triples/t02767": "the second derivative of log(x)/(1/x) is 1/x",
    "triples/t04904": "the derivatives of asech(x) and acosh(1/x) are equal, for x < 0 too",
}
NO_COMMON_DOMAIN = {"triples/t04741"}

# What the sources have, and the language has not.
DEFINITIONS = {"Heaviside": "Heaviside(u) = (1 + sign(u))/2; "}


class Row(NamedTuple):
    """A function with the derivative that its source gives; its point or limits, and the derivative there."""

    id: str
    function: str
    variable: str
    order: int
    given: str
    names: frozenset[str]
    point: Mapping[str, Fraction]
    limits: Mapping[str, tuple[Fraction, Fraction]]
    number: str | None = None


def triples(path: Path) -> list[Row]:
    return [triple(row) for row in read(path)]


def triple(row: Mapping[str, str]) -> Row:
    point = {name: Fraction(text) for name, text in json.loads(row["point"]).items()}
    limits = {name: (value * 3 / 4, value * 5 / 4) for name, value in point.items()}
    names = frozenset(point) | {row["variable"]}
    formulas = row["function"], row["variable"], int(row["order"]), with_definitions(row["derivative"])
    return Row(f"triples/{row['id']}", *formulas, names, point, limits, row["derivative_at_point"])


def webwork(path: Path) -> list[Row]:
    """Rows that are named by their line."""
    return [
        Row(
            f"webwork/{line}",
            *(row["function"], row["variable"], 1, row["answer"]),
            frozenset(row["constants"].split()) | {row["variable"]},
            {},
            limits_of(row["limits"]),
        )
        for line, row in enumerate(read(path), 2)
    ]


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def with_definitions(text: str) -> str:
    return "".join(definition for name, definition in DEFINITIONS.items() if f"{name}(" in text) + text


def limits_of(text: str) -> dict[str, tuple[Fraction, Fraction]]:
    """Those of `a:[1,5] s:[0.1,0.9]`; one that is mistyped is left out."""
    found = re.findall(r"(\w+):\[([-\d.]+), *([-\d.]+)\]", text)
    return {name: (Fraction(low), Fraction(high)) for name, low, high in found}


OPEN_ROWS = triples(CORPORA / "triples_open.csv")
SHARED_ROWS = (
    [*triples(SHARED / "triples.csv"), *webwork(SHARED / "webwork_derivatives.csv")] if SHARED.exists() else []
)
ROWS = SHARED_ROWS or OPEN_ROWS
IN_BLOCKS = pytest.mark.parametrize("block", range(BLOCKS))


# --- ours, and both of them with many digits ---


def derived(row: Row) -> Answer:
    return Function(row.function, variables=row.names).derivatives([row.variable], row.order)


def compiled(text: str, row: Row) -> Compiled:
    return compile_program(parser().parse(text), text, row.names)


class Computed:
    """What computes a node of a graph with many digits."""

    def __init__(self, graph: Graph, output: int) -> None:
        self.output = output
        self.program = build_program(graph, [output], decimals())
        self.variables = [name for _, name in self.program.variables]

    def at(self, point: Mapping[str, Fraction]) -> tuple[Any, Any]:
        """Its value, and the largest number on the way to it."""
        numbers = self.program.run({name: decimals().number(point[name]) for name in self.variables})
        sizes = [abs(number) for number in numbers if number is not None and mpmath.isfinite(number)]
        return numbers[self.output], max(sizes, default=0)


@functools.cache
def decimals() -> Backend:
    """The backend for many digits, in which 0.1 is a tenth."""
    backend = digits(BITS)

    def number(payload: Any) -> Any:
        is_decimal = type(payload) is float and math.isfinite(payload)  # pi is a float, too
        return backend.number(Fraction(repr(payload)) if is_decimal else payload)

    return Backend(backend.kernels, number)


def of_text(text: str, row: Row) -> Computed:
    program = compiled(text, row)
    return Computed(program.graph, program.output)


def unsimplified(row: Row) -> Computed:
    """The derivative as evaluation has it: the gradient step, and nothing else."""
    program = compiled(row.function, row)
    graph, output = program.graph, program.output
    for _ in range(row.order):
        variable = next((at for at, node in enumerate(graph.nodes) if node == variable_node(row.variable)), None)
        step = gradient(graph, output, [] if variable is None else [variable], with_edges=False)
        graph = step.graph
        output = graph.constant(0) if variable not in step.adjoints else step.adjoints[variable]
    return Computed(graph, output)


def variable_node(name: str) -> tuple[Any, ...]:
    graph = Graph()
    return graph.nodes[graph.variable(name)]


def agree(ours: tuple[Any, Any], given: tuple[Any, Any]) -> bool:
    """Whether two values agree, each with the largest number on the way to it."""
    (value, largest), (other, other_largest) = ours, given
    difference = abs(value - other)
    return bool(
        difference <= EQUAL * max(abs(value), abs(other))
        or difference <= EQUAL_TO_LARGEST * max(largest, other_largest)
    )


def candidates(row: Row, names: Iterable[str]) -> Iterator[dict[str, Fraction]]:
    """The row's point; then by chance, but always the same: points within its limits, and others from wider ranges."""
    chance = random.Random(row.id)
    if row.point:
        yield dict(row.point)
    in_order = sorted(set(names))
    for count in range(CANDIDATES):
        yield {name: coordinate(row, name, count, Fraction(chance.randrange(1, 10**6), 10**6)) for name in in_order}


def coordinate(row: Row, name: str, count: int, share: Fraction) -> Fraction:
    """A number at `share`, which is between 0 and 1, of the range that the candidate of this count is from."""
    if name in row.limits and count % 2 == 0:
        low, high = row.limits[name]
    else:
        high = Fraction(SPREADS[count // 4 % len(SPREADS)])
        low = Fraction(0) if count % 3 == 0 else -high
    return low + (high - low) * share


# --- our derivative is the given one ---


def disagreements(row: Row, count: int) -> list[str]:
    """What is wrong with our derivative at its point, and where it, the given one and the function are real."""
    ours, given, function = (of_text(text, row) for text in (derived(row).text(row.variable), row.given, row.function))
    compared = 0
    found = []
    for point in candidates(row, function.variables + given.variables):
        mine, other = ours.at(point), given.at(point)
        if mpmath.isfinite(mine[0] + other[0]) and mpmath.isfinite(function.at(point)[0]):
            compared += 1
            found += [] if agree(mine, other) else [f"{shown(point)}: {mine[0]} for {other[0]}"]
        if compared == count:
            break
    else:
        found.append(f"only {compared} points in both domains")
    if row.number is not None and row.id not in MISPRINTS.keys() | NEED_COMPLEX_NUMBERS.keys():
        found += wrong_number(ours, row.point, row.number)
    return found


def wrong_number(ours: Computed, point: Mapping[str, Fraction], text: str) -> list[str]:
    """The derivative at a point, if it isn't the number that the source states."""
    value, largest = ours.at(point)
    stated = decimals().number(Fraction(text))
    allowed = EQUAL_TO_NUMBER * abs(stated) if stated else EQUAL_TO_LARGEST * largest
    return [] if abs(value - stated) <= allowed else [f"{shown(point)}: {value} for {text}"]


def shown(point: Mapping[str, Fraction]) -> str:
    return ", ".join(f"{name} = {float(value)}" for name, value in point.items())


def block_of(rows: list[Row], block: int, without: Iterable[str] = ()) -> list[Row]:
    return [row for row in rows[block::BLOCKS] if row.id not in without]


@IN_BLOCKS
def test_our_derivative_is_the_one_that_the_source_gives(block: int) -> None:
    rows = block_of(OPEN_ROWS, block, NO_COMMON_DOMAIN)
    assert not {row.id: found for row in rows if (found := disagreements(row, FEW_POINTS))}


@pytest.mark.slow
@IN_BLOCKS
def test_our_derivative_is_the_one_that_the_source_gives_at_many_points(block: int) -> None:
    rows = block_of(ROWS, block, NO_COMMON_DOMAIN)
    assert not {row.id: found for row in rows if (found := disagreements(row, POINTS))}


@pytest.mark.parametrize("id", sorted(NEED_COMPLEX_NUMBERS))
def test_a_row_that_needs_complex_numbers_has_no_derivative_at_its_point(id: str) -> None:
    row = listed(id)
    for computed in (of_text(derived(row).text(row.variable), row), unsimplified(row)):
        assert mpmath.isnan(computed.at(row.point)[0])


@pytest.mark.parametrize("id", sorted(MISPRINTS))
def test_the_number_of_a_misprint_belongs_to_the_other_formula(id: str) -> None:
    row = listed(id)
    other = row._replace(function=MISPRINTS[id])
    ours, others = (of_text(derived(row).text(row.variable), row) for row in (row, other))
    assert wrong_number(ours, row.point, row.number)
    assert not wrong_number(others, row.point, row.number)


def test_a_given_derivative_that_takes_the_way_of_complex_numbers_is_ours_where_that_leads_back() -> None:
    row = listed("triples/t04741")
    assert row.given == "1/2*(log(-1 + a*x) - 2*log(-sqrt(-1 + a*x)))/(pi*sqrt(-1 + a*x))"
    ours = of_text(derived(row).text("x"), row)
    with mpmath.workprec(BITS):
        for product in range(-POINTS, 0):
            root = mpmath.sqrt(product - 1)
            given = (mpmath.log(product - 1) - 2 * mpmath.log(-root)) / (2 * mpmath.pi * root)
            value, _ = ours.at({"a": Fraction(1), "x": Fraction(product)})
            assert abs(given - value) <= EQUAL * value


def listed(id: str) -> Row:
    """A row of one of the lists, which is skipped where the corpus is absent."""
    found = [row for row in ROWS if row.id == id]
    if not found:
        pytest.skip(f"{SHARED} is absent; its licences keep this row out of the repository")
    return found[0]


# --- its text, its notes and its LaTeX ---


@pytest.mark.slow
@IN_BLOCKS
def test_a_derivative_that_is_printed_and_parsed_is_printed_the_same_again(block: int) -> None:
    texts = {row.id: (row, derived(row).text(row.variable)) for row in block_of(ROWS, block)}
    again = {id: (row, compiled(text, row)) for id, (row, text) in texts.items()}
    assert {id: formula(program.graph, program.output) for id, (_, program) in again.items()} == {
        id: text for id, (_, text) in texts.items()
    }


def unnoted(row: Row) -> list[str]:
    """Where only one of our derivative and the unsimplified one has a value, if no note says that there is such."""
    answer = derived(row)
    if any(note.id == "domain" for note in answer.notes):
        return []
    ours, longer = of_text(answer.text(row.variable), row), unsimplified(row)
    found = []
    anywhere = row._replace(limits={})
    for point in islice(candidates(anywhere, ours.variables + longer.variables), POINTS):
        value, other = ours.at(point)[0], longer.at(point)[0]
        if mpmath.isfinite(value) != mpmath.isfinite(other):
            found.append(f"{shown(point)}: {value}, unsimplified {other}")
    return found


@pytest.mark.slow
@IN_BLOCKS
def test_a_note_says_that_a_form_has_a_value_where_the_unsimplified_derivative_has_none(block: int) -> None:
    assert not {row.id: found for row in block_of(ROWS, block, BEYOND_THE_FUNCTION) if (found := unnoted(row))}


@pytest.mark.slow
@IN_BLOCKS
def test_mathtext_renders_our_derivatives(block: int) -> None:
    render = MathTextParser("path").parse
    for row in block_of(ROWS, block):
        shown = derived(row).latex(row.variable)
        if r"\begin{" not in shown:  # mathtext knows no environments
            render(f"${shown}$")
