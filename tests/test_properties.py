"""What holds for every formula: random ones, made of the whole table, at random points."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from autodiff import AutodiffError, Function
from autodiff.evaluate.digits import digits
from autodiff.evaluate.floats import FLOATS
from autodiff.evaluate.program import Program, build_program, text_kernel
from autodiff.graph.compiler import Compiled, compile_program, parser
from autodiff.graph.gradient import gradient
from autodiff.graph.nodes import Graph
from autodiff.graph.primitive import Primitive
from autodiff.graph.table import FUNCTIONS
from autodiff.show.diagnostics import render_error, render_note
from autodiff.show.formula import formula
from autodiff.show.json import json_trace

# --- formulas ---

VARIABLES = ("x", "y", "z")
ROWS = {row.name: row for row in FUNCTIONS.values() if row.entrywise or row.name == "piecewise"}
SMOOTH_ROWS = {name: row for name, row in ROWS.items() if not row.kinks and name not in ("where", "piecewise")}
SPELLINGS = {name: [spelling for spelling, row in FUNCTIONS.items() if row is ROWS[name]] for name in ROWS}
# A number with a point also has a fraction: 2.0 and 2 are printed alike, though only one of them is exact.
NUMBERS_WRITTEN = ("0", "1", "2", "3", "12", "0.5", "2.5", ".1", "1e-3", "0.70710678118654752", "12345.678", "2.5e-7")
LEAVES = (*NUMBERS_WRITTEN, "pi", "π", "e", "tau", "(2x)", "(3 y)", "(x y)", "(2 pi z)")
# What may stand unenclosed in any operand, and at the end the forms that say 0 or 1, or depend on it.
ARITHMETIC = (
    *("{} + {}", "{} - {}", "{}*{}", "{}/{}", "{}^{}", "{} ** {}", "{} − {}", "{} × {}", "{} · {}", "{} ÷ {}"),
    *("-{}", "+{}", "−{}", "(({}) ({}))", "({})!", "(({})²)", "(({})⁻¹)", "√({})"),
)
CHOICES = (
    *("(|{}|)", "({} < {})", "({} >= {})", "({} == {})", "({} ≠ {})", "({} <= {} < {})", "({} > {} ≥ {} != {})"),
    *("({} and {})", "({} or {})", "(not {})", "where({} < {}, {}, {})"),
)


@st.composite
def expressions(
    draw: st.DrawFn,
    names: tuple[str, ...] = VARIABLES,
    rows: Mapping[str, Primitive] = ROWS,
    choices: tuple[str, ...] = CHOICES,
    depth: int = 3,
) -> str:
    """A formula of the language. All functions, by all their names, with every number of operands that they take."""
    chance = st.integers(0, 9)
    leaves = st.sampled_from(LEAVES)
    variables = st.sampled_from(names)
    forms = st.sampled_from((*ARITHMETIC, *choices))
    functions = st.sampled_from(sorted(rows))

    def operand(below: int) -> str:
        text = written(below)
        return f"({text})" if draw(chance) > 6 else text

    def call(below: int) -> str:
        row = rows[draw(functions)]
        # min and max of one operand are those of an array
        least, most = len(row.operands) - len(row.defaults) + row.variadic, len(row.operands) + 2 * row.variadic
        count = draw(st.integers(least, most)) if least < most else most
        name = draw(st.sampled_from(SPELLINGS[row.name]))
        return f"{name}({', '.join(operand(below) for _ in range(count))})"

    def written(below: int) -> str:
        kind = draw(chance) if below else -1
        if kind < 2:
            return draw(variables) if draw(chance) < 6 else draw(leaves)
        if kind < 6:
            return call(below - 1)
        form = draw(forms)
        return form.format(*(operand(below - 1) for _ in range(form.count("{}"))))

    return written(depth)


SMOOTH_PART = expressions(("x", "y"), SMOOTH_ROWS, (), depth=2)
SMOOTH = st.builds("({}) {} ({})".format, SMOOTH_PART, st.sampled_from("+-*/^"), SMOOTH_PART)


@st.composite
def programs(draw: st.DrawFn) -> str:
    """Statements that name nodes, and a last one that may use the names."""
    names = VARIABLES
    statements = []
    for name in ("u", "v", "w")[: draw(st.integers(0, 3))]:
        statements.append(f"{name} = {draw(expressions(names, depth=2))}")
        names = (*names, name)
    statements.append(draw(expressions(names)))
    return draw(st.sampled_from(["; ", "\n", " ;\n"])).join(statements)


# --- points ---

EDGES = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -3.0, math.inf, -math.inf, math.nan]
EXTREMES = [5e-324, -5e-324, 1e-310, 2.0**-1022, 1.7976931348623157e308, -1e308, 1e154, 1e16 + 2, -710.5, 170.6]
NUMBERS = st.one_of(st.sampled_from(EDGES), st.sampled_from(EXTREMES), st.floats())
# Far from the edges of all domains, and no two of them in a simple relation: no ties and no kinks.
BENIGN = [0.1357, 0.3821, 0.6173, 0.9131, 1.2379, 1.8713, 2.7431, 3.3317, -0.2713, -0.7919, -1.4737, -2.2193]


def points(numbers: SearchStrategy[float]) -> SearchStrategy[dict[str, float]]:
    return st.fixed_dictionaries(dict.fromkeys(VARIABLES, numbers))


BENIGN_POINTS = st.permutations(BENIGN).map(lambda numbers: dict(zip(VARIABLES, numbers, strict=False)))


def restricted(function: Function, point: Mapping[str, float]) -> dict[str, float]:
    return {name: point[name] for name in function.variables}


# --- numbers with many digits, and how well-conditioned a formula is ---

EXACT_DIGITS = digits(400)  # a hundred and twenty decimal digits
PERTURBATION = 2.0**-44  # a hundred times the error of a kernel
RUNS = 6
# Their results are not rounded: one of the operands, or a small integer.
NOT_ROUNDED = {
    *("identity", "neg", "abs", "sign", "floor", "ceil", "round", "min", "max", "ties", "clip", "relu", "where"),
    *("lt", "le", "gt", "ge", "eq", "ne", "and", "or", "not"),
}


def compiled(text: str) -> Compiled:
    return compile_program(parser().parse(text), text)


def refuse_extremes(values: Iterable[Any]) -> None:
    """A binary64 in between may have overflowed or vanished, which the result with many digits doesn't know."""
    assume(all(value is None or value == 0 or 1e-60 < abs(value) < 1e60 for value in values))


def refuse_edges(graph: Graph, values: list[Any]) -> None:
    """A point where a node is at a kink, or outside its domain.

    At a kink it has an element of the subdifferential, and those of several nodes don't add up; outside its domain
    it has no derivative, whatever its value.
    """
    for position, (primitive, operands, _, _) in enumerate(graph.nodes):
        if values[position] is None:
            continue
        names = (*primitive.operand_names(len(operands)), "y")
        numbers = [*(values[operand] for operand in operands), values[position]]
        kinks, domain = primitive.kinks_of(len(operands)), primitive.domain
        assume(not (kinks and text_kernel(kinks, names, EXACT_DIGITS)(*numbers)))
        assume(not domain or text_kernel(domain, names, EXACT_DIGITS)(*numbers))


def many_digits(graph: Graph, output: int, point: Mapping[str, float]) -> tuple[Any, list[Any]]:
    """The value of a node, and all values that it was computed from."""
    program = build_program(graph, [output], EXACT_DIGITS)
    values = program.run({name: EXACT_DIGITS.number(number) for name, number in point.items()})
    return values[output], values


def uncertainty(graph: Graph, output: int, point: Mapping[str, float], value: Any) -> Any:
    """How far the value moves when every operation has a relative error of PERTURBATION: several times at random."""
    program: Program = build_program(graph, [output], EXACT_DIGITS)
    at = {name: EXACT_DIGITS.number(number) for name, number in point.items()}
    signs = random.Random(0)
    farthest = abs(value) * 2.0**-50
    for _ in range(RUNS):
        values: list[Any] = [None] * program.size
        for position, number in program.constants:
            values[position] = number
        for position, name in program.variables:
            values[position] = at[name]
        for position, kernel, operands in program.instructions:
            result = kernel(*[values[operand] for operand in operands])
            rounds = graph.nodes[position].primitive.name not in NOT_ROUNDED
            values[position] = result * (1 + rounds * signs.choice((-1, 1)) * PERTURBATION)
        farthest = max(farthest, abs(values[output] - value))
    return farthest


def assert_agrees(graph: Graph, output: int, point: Mapping[str, float]) -> None:
    """The value of a node in binary64 is that of many digits, as closely as its condition allows."""
    expected, values = many_digits(graph, output, point)
    refuse_extremes(values)
    allowed = uncertainty(graph, output, point, expected)
    assume(allowed <= 1e-6 * abs(expected))  # ill-conditioned, or next to a jump
    value = build_program(graph, [output], FLOATS).run(point)[output]
    assert abs(EXACT_DIGITS.number(value) - expected) <= allowed


def one_of_the_variables(program: Compiled, which: int) -> str:
    assume(program.variables)
    return list(program.variables)[which % len(program.variables)]


def shown_safely(text: str) -> bool:
    """Whether a terminal shows the text as it is: nothing in it moves the cursor, and it can be encoded."""
    return text.replace("\n", "").isprintable() and text.encode("utf-8") is not None


def refuse_constant(name: str) -> None:
    raise AssertionError(f"{name} is not JSON")


def meaning(text: str, variables: Iterable[str] = (), values: Mapping[str, float] | None = None) -> str | None:
    """The JSON of a text at a point, 0.5 where it says nothing; None and a proper error if the text is refused."""
    try:
        function = Function(text, variables=variables)
        trace = json_trace(function.trace({name: (values or {}).get(name, 0.5) for name in function.variables}))
    except AutodiffError as error:
        rendered = render_error(error)
    else:
        json.loads(trace, parse_constant=refuse_constant)
        return trace
    assert shown_safely(rendered)
    return None


QUICK = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
FILTERED = settings(QUICK, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


# --- nothing fails ---


@settings(QUICK, max_examples=400)
@given(programs(), points(NUMBERS))
def test_a_formula_has_a_value_a_gradient_and_a_trace_at_every_point(text: str, point: dict[str, float]) -> None:
    function = Function(text)
    at = restricted(function, point)
    trace = function.trace(at)
    assert repr((trace.value, trace.gradient)) == repr(function.value_and_gradient(at))
    assert trace.gradient.keys() == at.keys()
    assert all(isinstance(node.value, float) and isinstance(node.adjoint, float) for node in trace.nodes)
    content = json.loads(json_trace(trace), parse_constant=refuse_constant)
    assert [node["op"] for node in content["nodes"]] == [node.op for node in trace.nodes]
    assert all(shown_safely(render_note(note)) for note in trace.notes)


PIECES = [
    *("x", "y", "sin", "max", "log", "where", "2", "0.5", "pi", "(", ")", "(", ")", ",", ",", "+", "-", "*", "/", "^"),
    *(
        "!",
        "|",
        "²",
        "√",
        "<",
        "==",
        "=",
        "and",
        "or",
        "not",
        ";",
        "\n",
        " ",
        " ",
        "#",
        "f",
        "slope=",
        "1e9",
        "−",
        "（",
    ),
]


@settings(QUICK, max_examples=400)
@given(st.lists(st.sampled_from(PIECES), max_size=14), st.sampled_from(["", " "]), points(NUMBERS))
def test_pieces_of_formulas_in_any_order_mean_something_or_are_refused(
    pieces: list[str], between: str, point: dict[str, float]
) -> None:
    meaning(between.join(pieces), ["f"], point)


CHARACTERS = st.one_of(
    st.characters(),
    st.sampled_from("xyze012.+-*/^()|!=<>,;#_ \n\r\t²⁻√π∞·−×÷≤≠（）₁𝐵½[]{}'"),
    st.characters(categories=["Cc", "Cf", "Cs", "Co", "Zs", "Zl", "Zp"]),
    st.characters(categories=["Lu", "Ll", "Lo", "Lm", "Nd", "No", "Nl", "Mn", "Mc"]),
)


def assert_means_something_or_is_refused(text: str) -> None:
    if meaning(text) is None:
        return
    function = Function(text)
    at = dict.fromkeys(function.variables, 0.5)
    with pytest.raises(AutodiffError) as raised:
        function.evaluate(at, [f"not in {text}"])
    assert shown_safely(render_error(raised.value))
    with pytest.raises(AutodiffError) as raised:
        function({f"not in {text}": 1})
    assert shown_safely(render_error(raised.value))


@settings(QUICK, max_examples=500)
@given(st.text(CHARACTERS))
def test_any_text_means_something_or_is_refused(text: str) -> None:
    assert_means_something_or_is_refused(text)


@settings(QUICK, max_examples=200)
@given(programs(), st.text(CHARACTERS, min_size=1, max_size=3), st.integers(0, 200))
def test_a_formula_with_any_text_in_it_means_something_or_is_refused(text: str, inserted: str, place: int) -> None:
    place = min(place, len(text))
    assert_means_something_or_is_refused(text[:place] + inserted + text[place:])


@settings(QUICK, max_examples=200)
@given(st.binary())
def test_any_bytes_mean_something_or_are_refused(content: bytes) -> None:
    assert_means_something_or_is_refused(content.decode("utf-8", "surrogateescape"))


# --- numbers ---


@settings(FILTERED, max_examples=200)
@given(expressions(), BENIGN_POINTS)
def test_a_value_in_binary64_is_that_of_many_digits(text: str, point: dict[str, float]) -> None:
    program = compiled(text)
    assert_agrees(program.graph, program.output, point)


@settings(FILTERED, max_examples=150)
@given(expressions(), BENIGN_POINTS, st.integers(0, 2))
def test_a_derivative_is_the_limit_of_differences(text: str, point: dict[str, float], which: int) -> None:
    """The differences are of values alone, with 120 digits and a step of 1e-20: they owe nothing to our rules."""
    program = compiled(text)
    name = one_of_the_variables(program, which)
    step = EXACT_DIGITS.number(1) / 10**20
    here = {variable: EXACT_DIGITS.number(number) for variable, number in point.items()}
    value, values = many_digits(program.graph, program.output, here)
    refuse_extremes(values)
    refuse_edges(program.graph, values)
    right, _ = many_digits(program.graph, program.output, {**here, name: here[name] + step})
    left, _ = many_digits(program.graph, program.output, {**here, name: here[name] - step})
    difference = (right - left) / (2 * step)
    noise = max(abs(number) for number in values if number is not None) * EXACT_DIGITS.number(2) ** -250
    one_sided = abs((right - value) / step - (value - left) / step)
    assume(one_sided <= 1e-9 * abs(difference) + noise)  # next to a jump, or too curved for this step

    once = gradient(program.graph, program.output, [program.variables[name]])
    adjoint = once.adjoints.get(program.variables[name])
    slope = 0 if adjoint is None else many_digits(once.graph, adjoint, point)[0]
    assert abs(slope - difference) <= 1e-12 * abs(difference) + noise


@settings(FILTERED, max_examples=150)
@given(expressions(), BENIGN_POINTS, st.integers(0, 2))
def test_a_derivative_in_binary64_is_that_of_many_digits(text: str, point: dict[str, float], which: int) -> None:
    program = compiled(text)
    name = one_of_the_variables(program, which)
    once = gradient(program.graph, program.output, [program.variables[name]])
    assume(program.variables[name] in once.adjoints)
    assert_agrees(once.graph, once.adjoints[program.variables[name]], point)


@settings(FILTERED, max_examples=60)
@given(SMOOTH, BENIGN_POINTS)
def test_mixed_second_derivatives_do_not_depend_on_the_order(text: str, point: dict[str, float]) -> None:
    program = compiled(text)
    assume(len(program.variables) > 1)
    x, y, *_ = program.variables.values()
    mixed = []
    for first, second in ((x, y), (y, x)):
        once = gradient(program.graph, program.output, [first])
        assume(first in once.adjoints)
        twice = gradient(once.graph, once.adjoints[first], [second])
        curvature, values = (
            (0, []) if second not in twice.adjoints else many_digits(twice.graph, twice.adjoints[second], point)
        )
        refuse_extremes(values)
        mixed.append((curvature, max((abs(number) for number in values if number is not None), default=0)))
    (one, largest), (other, largest_other) = mixed
    assert abs(one - other) <= (largest + largest_other) * EXACT_DIGITS.number(2) ** -250


# --- printing ---


@settings(QUICK, max_examples=400)
@given(expressions(depth=4))
def test_what_is_printed_reads_back_as_the_same_graph(text: str) -> None:
    before = compiled(text)
    printed = formula(before.graph, before.output)
    assume("0/0" not in printed)  # also how the constant NaN is printed, which a piecewise without a last operand has
    after = compiled(printed)
    assert after.graph.nodes == before.graph.nodes
    assert after.output == before.output
    assert formula(after.graph, after.output) == printed


@settings(QUICK, max_examples=150)
@given(programs(), points(NUMBERS))
def test_a_program_is_printed_as_a_formula_with_its_value(text: str, point: dict[str, float]) -> None:
    function = Function(text)
    program = compiled(text)
    printed = Function(formula(program.graph, program.output))
    assert set(printed.variables) <= set(function.variables)
    assert repr(printed(restricted(printed, point))) == repr(function(restricted(function, point)))


@settings(FILTERED, max_examples=150)
@given(expressions(), BENIGN_POINTS, st.integers(0, 2))
def test_a_derivative_is_printed_as_a_formula_with_its_value(text: str, point: dict[str, float], which: int) -> None:
    program = compiled(text)
    name = one_of_the_variables(program, which)
    once = gradient(program.graph, program.output, [program.variables[name]])
    assume(program.variables[name] in once.adjoints)
    adjoint = once.adjoints[program.variables[name]]
    slope, values = many_digits(once.graph, adjoint, point)
    refuse_extremes(values)
    printed = compiled(formula(once.graph, adjoint))
    read, values = many_digits(printed.graph, printed.output, point)
    refuse_extremes(values)  # a strong zero is printed as a product, which is NaN where the other factor is infinite
    largest = max(abs(number) for number in values if number is not None)
    assert abs(read - slope) <= largest * EXACT_DIGITS.number(2) ** -250
