"""The identities by which the gradient is simplified: a row for each, and none changes a value."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from fractions import Fraction

import pytest

from autodiff.evaluate.floats import FLOATS
from autodiff.evaluate.program import build_program
from autodiff.graph.compiler import Compiler, parser
from autodiff.graph.nodes import Graph
from autodiff.graph.rules import apply_rule
from autodiff.graph.simplify import MAX_DIGITS, add_simplified
from autodiff.graph.table import PRIMITIVES
from autodiff.show.formula import formula

NAMES = ("a", "b", "c")
SPECIAL = (math.nan, math.inf, -math.inf, 0.0, -0.0, 1.0, -1.0, 2.5, -0.75, 5e-324, -1e-310, 1e308, -1e308)

# What is written, and what it is added as. These hold for every number, to the sign of a zero.
EXACT = [
    # sums
    ("2 + 3", "5"),
    ("1/2 + 1/2", "1"),
    ("a + -b", "a - b"),
    ("-a + b", "b - a"),
    ("a + b", "a + b"),
    ("0.0 + b", "0 + b"),  # a binary64 zero may be the result of rounding; and 0.0 + -0.0 is 0.0
    ("0.1 + 0.2", "0.1 + 0.2"),  # rounding is left to the backend
    # differences
    ("a - 0", "a"),
    ("2 - 3", "-1"),
    ("a - b", "a - b"),
    ("a - a", "a - a"),  # NaN for an infinite a
    # products
    ("1*b", "b"),
    ("a*1", "a"),
    ("1.0*b", "b"),
    ("2*3", "6"),
    ("-1*b", "-b"),
    ("a*-1", "-a"),
    ("2*(3/b)", "2*(3/b)"),  # rounds differently
    ("a*(1/b)", "a*(1/b)"),
    ("0*b", "0*b"),  # NaN for an infinite b
    ("a*0", "a*0"),
    ("a*b", "a*b"),
    # strong products in which no zero meets what isn't finite
    ("strong_product(2, b)", "2*b"),
    ("strong_product(1, b)", "b"),
    ("strong_product(2, 3)", "6"),
    ("strong_product(a, b)", "a*b"),
    # quotients
    ("a/1", "a"),
    ("3/4", "3/4"),
    ("6/3", "2"),
    ("1/0", "1/0"),
    ("0/b", "0/b"),  # NaN where b is 0
    ("a/a", "a/a"),
    ("a/b", "a/b"),
    # negatives
    ("-2", "-2"),
    ("-(-2)", "2"),
    ("-2.5", "-2.5"),
    ("-0", "-0"),  # binary64 has it, the integers don't
    ("-(-a)", "a"),
    ("-(-(-a))", "-a"),
    ("-a", "-a"),
    ("-pi", "-pi"),  # a constant that backends have more digits of
    ("-1*pi", "-pi"),
    # powers
    ("a^1", "a"),
    ("a^0", "1"),
    ("a^0.0", "1"),
    ("a^2", "a^2"),
    ("1^b", "1^b"),
    ("0^b", "0^b"),
    ("lowered_power(a, 3)", "a^2"),
    ("lowered_power(a, 2)", "a"),
    ("lowered_power(a, 1)", "1"),
    ("lowered_power(a, 0)", "a^-1"),
    ("lowered_power(a, 0.5)", "a^-0.5"),
    ("lowered_power(a, 1.5)", "a^0.5"),
    ("lowered_power(a, 2.0)", "a"),
    # anything else stays
    ("sin(a)", "sin(a)"),
    ("where(1, a, b)", "where(1, a, b)"),
    ("max(a, a)", "max(a, a)"),
]

# These leave out a rounding, or several.
LESS_ROUNDED = [
    ("1/2 + 1/3", "5/6"),
    ("1/2 - 1/3", "1/6"),
    ("2/3*(3/2)", "1"),
    ("1/3/3", "1/9"),
    ("2*(1/b)", "2/b"),
    ("-2*(1/b)", "-2/b"),
    ("1.5*(1/b)", "1.5/b"),
    ("strong_product(2, 1/b)", "2/b"),
]

# These hold for every number, but not to the sign of a zero: 0 + -0.0 is 0.0. That of a strong zero doesn't matter.
TO_THE_SIGN_OF_ZERO = [
    ("0 + b", "b"),
    ("a + 0", "a"),
    ("0 - b", "-b"),
    ("strong_product(a, 2)", "a*2"),
    ("strong_product(a, 1)", "a"),
    ("strong_product(a, -1)", "-a"),
    ("strong_product(0, b)", "0"),
    ("strong_product(a, -b)", "-(a*b)"),
    ("strong_product(-a, b)", "-(a*b)"),
    ("strong_product(-a, -b)", "a*b"),
    ("strong_product(a, where(c, 1, b))", "where(c, a, a*b)"),
]

# A partial that is the constant 0 is no path: it stops an adjoint that isn't finite.
NO_PATH = [
    ("strong_product(a, 0)", "0"),
    ("strong_product(a, where(c, 1, 0))", "where(c, a, 0)"),
    ("strong_product(a, where(c, b, 0))", "where(c, a*b, 0)"),
    ("strong_product(a, where(c, -1, where(b, 1, 0)))", "piecewise(c, -a, b, a, 0)"),
]


def simplified(text: str) -> tuple[Graph, int]:
    """The text added node by node in simplest form, as a text of the table is."""
    graph = Graph()
    names = {name: graph.variable(name) for name in NAMES}
    return graph, apply_rule(text, graph, names)


def as_written(text: str) -> tuple[Graph, int]:
    compiled = Compiler(parser().parse(text), text, frozenset(), internal=True).compile()
    return compiled.graph, compiled.output


def values(graph: Graph, output: int, points: Sequence[tuple[float, ...]]) -> list[float]:
    program = build_program(graph, [output], FLOATS)
    return [program.run(dict(zip(NAMES, point, strict=True)))[output] for point in points]


def special_points(text: str) -> list[tuple[float, ...]]:
    """All combinations of special numbers for the names in the text."""
    used = [SPECIAL if re.search(rf"\b{name}\b", text) else (1.0,) for name in NAMES]
    return list(itertools.product(*used))


def before_and_after(text: str) -> list[tuple[tuple[float, ...], float, float]]:
    points = special_points(text)
    written, simple = values(*as_written(text), points), values(*simplified(text), points)
    return list(zip(points, written, simple, strict=True))


def same(first: float, second: float) -> bool:
    return first == second or (math.isnan(first) and math.isnan(second))


@pytest.mark.parametrize(("before", "after"), EXACT + LESS_ROUNDED + TO_THE_SIGN_OF_ZERO + NO_PATH)
def test_what_is_written_is_added_in_its_simplest_form(before: str, after: str) -> None:
    assert formula(*simplified(before)) == after


@pytest.mark.parametrize("text", [before for before, _ in EXACT])
def test_no_bit_of_any_value_changes(text: str) -> None:
    assert [row for row in before_and_after(text) if repr(row[1]) != repr(row[2])] == []


@pytest.mark.parametrize("text", [before for before, _ in TO_THE_SIGN_OF_ZERO])
def test_no_value_changes_but_the_sign_of_a_zero(text: str) -> None:
    assert [row for row in before_and_after(text) if not same(row[1], row[2])] == []


@pytest.mark.parametrize("text", [before for before, _ in LESS_ROUNDED])
def test_no_value_changes_by_more_than_rounding(text: str) -> None:
    rows = before_and_after(text)
    assert [row for row in rows if not (same(*row[1:]) or math.isclose(*row[1:], rel_tol=4e-16, abs_tol=1e-323))] == []


@pytest.mark.parametrize("text", [before for before, _ in NO_PATH])
def test_only_where_an_adjoint_that_is_not_finite_meets_a_constant_zero_a_value_changes(text: str) -> None:
    changed = [row for row in before_and_after(text) if not same(*row[1:])]
    assert changed != []
    assert [row for row in changed if math.isfinite(row[0][0]) or not math.isnan(row[1]) or row[2] != 0] == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1/2 + 1/3", Fraction(5, 6)),
        ("2/3*(3/2)", 1),
        ("1/3/3", Fraction(1, 9)),
        ("6/3", 2),
        ("-(1/3)", Fraction(-1, 3)),
        ("2 - 3", -1),
        ("10^2", None),  # a power is not folded
    ],
)
def test_a_folded_constant_is_exact_and_an_integer_where_it_can_be(text: str, number: Fraction | int | None) -> None:
    graph, output = simplified(text)
    assert graph.number(output) == number
    assert type(graph.number(output)) is type(number)


@pytest.mark.parametrize(("digits", "folds"), [(MAX_DIGITS // 2 - 1, True), (MAX_DIGITS, False), (300, False)])
@pytest.mark.parametrize("sign", ["+", "-", "*", "/"])
def test_constants_fold_while_they_are_worth_their_exactness(sign: str, digits: int, folds: bool) -> None:
    graph, output = simplified(f"{'7' * digits} {sign} {'3' * digits + '1'}")
    assert (graph.number(output) is not None) == folds


@pytest.mark.parametrize("number", ["1e-324", "0.0"])
def test_a_float_that_is_zero_is_not_taken_for_zero(number: str) -> None:
    assert formula(*simplified(f"a + {number}")) == "a + 0"


@pytest.mark.parametrize(
    ("operator", "operands"),
    [
        ("add", ("other", "named")),
        ("add", ("named", "other")),
        ("neg", ("named",)),
        ("strong_product", ("other", "named")),
    ],
)
def test_what_has_a_name_stays_a_node(operator: str, operands: tuple[str, ...]) -> None:
    graph = Graph()
    x, other = graph.variable("x"), graph.variable("other")
    named = graph.add(PRIMITIVES["neg"], (x,), label="h")
    positions = tuple({"named": named, "other": other}[operand] for operand in operands)
    node = graph.nodes[add_simplified(graph, PRIMITIVES[operator], positions)]
    assert (node.primitive.name, node.operands) == (operator, positions)


def test_a_constant_with_a_name_stays_a_node() -> None:
    graph = Graph()
    x, one = graph.variable("x"), graph.constant(1, label="h")
    for operator in ("mul", "div", "pow"):
        node = graph.nodes[add_simplified(graph, PRIMITIVES[operator], (x, one))]
        assert (node.primitive.name, node.operands) == (operator, (x, one))


@pytest.mark.parametrize("a", [0.0, -0.0])
@pytest.mark.parametrize("b", SPECIAL)
def test_a_strong_product_is_zero_where_its_first_operand_is(a: float, b: float) -> None:
    for text in ("strong_product(a, b)", "strong_product(a, -b)", "strong_product(-a, b)"):
        assert values(*simplified(text), [(a, b, 1.0)]) == [0.0]


@pytest.mark.parametrize("a", [number for number in SPECIAL if number != 0])
@pytest.mark.parametrize("b", SPECIAL)
def test_a_strong_product_is_the_product_elsewhere(a: float, b: float) -> None:
    (product,) = values(*simplified("strong_product(a, b)"), [(a, b, 1.0)])
    assert repr(product) == repr(a * b)
