"""The steps of a derivation: rules by their names, parts, results, and that they end in what `autodiff diff` prints."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from mpmath import mpf

from autodiff.evaluate.digits import digits
from autodiff.evaluate.program import build_program
from autodiff.graph.compiler import Compiled, compile_program, parser
from autodiff.graph.primitive import VARIABLE, Primitive
from autodiff.graph.table import FUNCTIONS, OPERATORS, PRIMITIVES
from autodiff.language.errors import AutodiffError
from autodiff.symbolic.answer import differentiated
from autodiff.symbolic.formula import Formula
from autodiff.symbolic.steps import MOST_STEPS, Step, Steps, derivation_steps, next_rule

TRIPLES = Path(__file__).parents[1] / "corpora" / "triples_open.csv"
PRECISE = digits(200)


def compiled(text: str) -> Compiled:
    return compile_program(parser().parse(text), text)


def steps_of(text: str, name: str = "x", order: int = 1) -> Steps:
    """The steps of the last derivative of a formula."""
    program = compiled(text)
    return derivation_steps(program, program.output, {name: program.variables.get(name)}, order=order)[-1]


def rules(text: str, name: str = "x") -> list[str]:
    """The names of the rules, that of the formula itself first."""
    return [step.rule.name for step in reversed(steps_of(text, name).steps)]


def shown(step: Step) -> str:
    """A step in one line."""
    formula = step.rule.shown()
    assert formula is not None
    left, right = (side.text() for side in formula)
    parts = ", ".join(f"{part.letter} = {f.text()}" for part, f in zip(step.rule.parts, step.parts, strict=True))
    before = "" if step.unsimplified is None else f" = {step.unsimplified.text()}"
    return f"{step.expression.text()}: {left} -> {right} [{parts}]{before} = {step.result.text()}"


# --- the rule that applies ---

RULE_NAMES = [
    ("3", "constant"),
    ("y^2", "constant"),
    ("x", "identity"),
    ("3*x", "constant-multiple"),
    ("a*sin(x)", "constant-multiple"),
    ("x/7", "constant-multiple"),
    ("-sin(x)", "constant-multiple"),
    ("x^2 + x", "sum"),
    ("x^2 - x", "difference"),
    ("x^2 - x + 1", "sum"),
    ("x^2*sin(x)", "product"),
    ("2*x*sin(x)", "product"),
    ("sin(x)/x", "quotient"),
    ("1/x", "reciprocal"),
    ("3/(x + 1)", "reciprocal"),
    ("x^5", "power"),
    ("x^n", "power"),
    ("x^-1", "power"),
    ("sin(x)^2", "chain-power"),
    ("2^x", "exponential"),
    ("e^x", "exponential"),
    ("exp(x)", "exponential"),
    ("exp(-x^2)", "chain-exponential"),
    ("a^(x^2)", "chain-exponential"),
    ("x^x", "logarithmic-differentiation"),
    ("sin(x)^cos(x)", "logarithmic-differentiation"),
    ("sin(x)", "function"),
    ("log(x)", "function"),
    ("sin(3*x)", "chain"),
    ("sqrt(x^2 + 1)", "chain"),
    ("abs(x)", "function"),
    ("abs(x^2 - 1)", "chain"),
    ("hypot(x, x^2)", "chain-several"),
    ("where(x > 0, x, -x)", "branches"),
    ("piecewise(x < 0, x, x < 1, x^2, 1)", "branches"),
    ("max(x, x^2)", "branches"),
    ("max(x, 0)", "branches"),
    ("floor(x)", "step"),
    ("sign(x^2)", "step"),
    ("y = x^2; y", "power"),
    ("y = x; y", "name"),
]


@pytest.mark.parametrize(("text", "rule"), RULE_NAMES)
def test_the_rule_at_the_top_has_its_textbook_name(text: str, rule: str) -> None:
    assert rules(text)[0] == rule


def test_factors_and_terms_are_taken_together() -> None:
    assert rules("x + x^2 + sin(x) - 3") == ["sum", "constant", "function", "power", "identity"]
    assert rules("x*sin(x)*exp(x)") == ["product", "exponential", "function", "identity"]
    (last,) = steps_of("x*sin(x)*exp(x)").steps[-1:]
    assert shown(last).startswith("x*sin(x)*exp(x): u*v*w -> u'*v*w + u*v'*w + u*v*w' [u = x, v = sin(x), w = exp(x)]")


def test_letters_are_none_that_the_formula_has() -> None:
    program = compiled("u*v*sin(x)*cos(x)")
    hint = next_rule(program, program.output, "x", program.variables["x"])
    assert [part.letter for part in hint.rule.parts] == ["w", "p"]


# --- derivations by hand ---
# From calculus books: Stewart, Calculus: Early Transcendentals (8th edition), sections 3.1 to 3.6; Spivak, Calculus,
# chapter 10; Apostol, Calculus I, chapter 4. The formulas are put in by hand, the lines in the order of the parts.

DERIVATIONS = [
    (
        "x^2*sin(3x)",
        [
            "x^2: x^n -> n*x^(n - 1) [n = 2] = 2*x^(2 - 1) = 2*x",
            "3*x: c*x -> c [c = 3] = 3 = 3",
            "sin(3*x): sin(u) -> cos(u)*u' [u = 3*x] = cos(3*x)*3 = 3*cos(3*x)",
            "x^2*sin(3*x): u*v -> u'*v + u*v' [u = x^2, v = sin(3*x)]"
            " = 2*x*sin(3*x) + x^2*(3*cos(3*x)) = 2*x*sin(3*x) + 3*x^2*cos(3*x)",
        ],
    ),
    (
        "x*exp(x)",
        [
            "x: x -> 1 [] = 1 = 1",
            "exp(x): exp(x) -> exp(x) [] = exp(x) = exp(x)",
            "x*exp(x): u*v -> u'*v + u*v' [u = x, v = exp(x)] = 1*exp(x) + x*exp(x) = (x + 1)*exp(x)",
        ],
    ),
    (
        "sqrt(x^2 + 1)",
        [
            "x^2: x^n -> n*x^(n - 1) [n = 2] = 2*x^(2 - 1) = 2*x",
            "1: c -> 0 [c = 1] = 0 = 0",
            "x^2 + 1: u + v -> u' + v' [u = x^2, v = 1] = 2*x + 0 = 2*x",
            "sqrt(x^2 + 1): sqrt(u) -> u'/(2*sqrt(u)) [u = x^2 + 1] = 2*x/(2*sqrt(x^2 + 1)) = x/sqrt(x^2 + 1)",
        ],
    ),
    (
        "(x^3 - 1)^100",
        [
            "x^3: x^n -> n*x^(n - 1) [n = 3] = 3*x^(3 - 1) = 3*x^2",
            "1: c -> 0 [c = 1] = 0 = 0",
            "x^3 - 1: u - v -> u' - v' [u = x^3, v = 1] = 3*x^2 - 0 = 3*x^2",
            "(x^3 - 1)^100: u^n -> n*u^(n - 1)*u' [u = x^3 - 1, n = 100]"
            " = 100*(x^3 - 1)^(100 - 1)*(3*x^2) = 300*x^2*(x^3 - 1)^99",
        ],
    ),
    (
        "exp(x)/(1 + x^2)",
        [
            "exp(x): exp(x) -> exp(x) [] = exp(x) = exp(x)",
            "1: c -> 0 [c = 1] = 0 = 0",
            "x^2: x^n -> n*x^(n - 1) [n = 2] = 2*x^(2 - 1) = 2*x",
            "1 + x^2: u + v -> u' + v' [u = 1, v = x^2] = 0 + 2*x = 2*x",
            "exp(x)/(1 + x^2): u/v -> (u'*v - u*v')/v^2 [u = exp(x), v = 1 + x^2]"
            " = (exp(x)*(1 + x^2) - exp(x)*(2*x))/(1 + x^2)^2 = ",
        ],
    ),
    (
        "exp(sin(x))",
        [
            "sin(x): sin(x) -> cos(x) [] = cos(x) = cos(x)",
            "exp(sin(x)): exp(u) -> exp(u)*u' [u = sin(x)] = exp(sin(x))*cos(x) = ",
        ],
    ),
    (
        "log(log(x))",
        [
            "log(x): log(x) -> 1/x [] = 1/x = 1/x",
            "log(log(x)): log(u) -> u'/u [u = log(x)] = 1/x/log(x) = 1/(x*log(x))",
        ],
    ),
    (
        "x^sqrt(x)",
        [
            "x: x -> 1 [] = 1 = 1",
            "sqrt(x): sqrt(x) -> 1/(2*sqrt(x)) [] = 1/(2*sqrt(x)) = 1/(2*sqrt(x))",
            "x^sqrt(x): u^v -> u^v*(u'*v/u + v'*log(u)) [u = x, v = sqrt(x)]"
            " = x^sqrt(x)*(1*sqrt(x)/x + 1/(2*sqrt(x))*log(x)) = ",
        ],
    ),
    (
        "10^(x^2)",
        [
            "x^2: x^n -> n*x^(n - 1) [n = 2] = 2*x^(2 - 1) = 2*x",
            "10^x^2: a^u -> a^u*log(a)*u' [a = 10, u = x^2] = 10^x^2*log(10)*(2*x) = ",
        ],
    ),
    (
        "atan(1/x)",
        [
            "1/x: 1/x -> -1/x^2 [] = -1/x^2 = -1/x^2",
            "atan(1/x): atan(u) -> u'/(u^2 + 1) [u = 1/x] = -1/x^2/((1/x)^2 + 1) = ",
        ],
    ),
    (
        "abs(cos(x))",
        [
            "cos(x): cos(x) -> -sin(x) [] = -sin(x) = -sin(x)",
            "abs(cos(x)): abs(u) -> sign(u)*u' [u = cos(x)] = sign(cos(x))*-sin(x) = ",
        ],
    ),
    (
        "piecewise(x < 0, x^2, sin(x))",
        [
            "x^2: x^n -> n*x^(n - 1) [n = 2] = 2*x^(2 - 1) = 2*x",
            "sin(x): sin(x) -> cos(x) [] = cos(x) = cos(x)",
            "where(x < 0, x^2, sin(x)): where(x < 0, u, v) -> where(x < 0, u', v') [u = x^2, v = sin(x)]"
            " = where(x < 0, 2*x, cos(x)) = where(x < 0, 2*x, cos(x))",
        ],
    ),
]


@pytest.mark.parametrize(("text", "lines"), DERIVATIONS, ids=[text for text, _ in DERIVATIONS])
def test_a_derivation_is_that_of_a_calculus_book(text: str, lines: list[str]) -> None:
    """Where a line ends with `= `, the form of the result is not what is tested."""
    steps = [shown(step) for step in steps_of(text).steps]
    assert len(steps) == len(lines)
    for step, line in zip(steps, lines, strict=True):
        assert step == line or (line.endswith("= ") and step.startswith(line))


# --- the last step is the derivative ---


def check(text: str, name: str = "x", order: int = 1) -> int:
    """The last step is the printed derivative, and every step is right; returns how many numbers were compared."""
    program = compiled(text)
    wrt = {name: program.variables.get(name)}
    answer = differentiated(program, program.output, wrt, text, order=order)
    derivations = derivation_steps(program, program.output, wrt, order=order)
    assert len(derivations) == order
    assert derivations[-1].steps[-1].result.whole_text() == answer.text(name)
    return sum(compare(step) for derivation in derivations for step in derivation.steps)


def compare(step: Step) -> int:
    """What the rule gives with the parts put in equals the result, at points of both their domains."""
    compared = 0
    if step.unsimplified is not None:
        for point in some_points(step):
            before, after = value(step.unsimplified, point), value(step.result, point)
            if abs(before) < 1e300 and abs(after) < 1e300:
                assert abs(before - after) <= 1e-30 * max(1, abs(after)), (step.unsimplified.text(), point)
                compared += 1
    return compared


def some_points(step: Step) -> Iterator[dict[str, mpf]]:
    random = Random(step.expression.text())
    graphs = [formula.graph for formula in (step.unsimplified, step.result) if formula is not None]
    names = sorted({str(node.payload) for graph in graphs for node in graph.nodes if node.primitive is VARIABLE})
    for low, high in ((0.1, 0.9), (0.1, 0.9), (1.1, 4.0), (-2.0, -0.1)):
        yield {name: PRECISE.number(random.uniform(low, high)) for name in names}


def value(formula: Formula, point: dict[str, mpf]) -> mpf:
    return build_program(formula.graph, [formula.node], PRECISE).run(point)[formula.node]


ROWS = {row.name: row for row in FUNCTIONS.values() if row.entrywise and row.name not in OPERATORS}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_every_function_of_the_table_has_steps(row: Primitive) -> None:
    """Each alone, of an inner function, and with all its operands varying."""
    name = {"log_base": "log"}.get(row.name, row.name)
    count = 2 if row.variadic else len(row.operands)
    constants = ["0.25", "0.5", "0.75"]  # exact in binary
    for place in range(count):
        for inner in ("x", "x^2/3"):
            operands = [inner if index == place else constants[index] for index in range(count)]
            check(f"{name}({', '.join(operands)})")
    if count > 1:
        check(f"{name}({', '.join(['x', 'x^2/3', 'x/2'][:count])})")


@pytest.mark.parametrize(
    "text",
    [
        "x^x",
        "(x^2 + 1)^sin(x)",
        "x^x^x",
        "e^(x^2)",
        "abs(x)*x",
        "abs(sinh(x) - 1)",
        "tanh(x)^2*sech(x)",
        "asinh(x) + acosh(x + 3) - atanh(x/9)",
        "piecewise(x < 0, x^2, x < 1, sin(x), x < 2, exp(x), x)",
        "piecewise(x < 1, x^2)",
        "where(x^2 > y, x*y, y^2)",
        "max(x, x^2, 1)",
        "x*x",
        "x*2*x*3*x",
        "2*x/3/y",
        "x^(1/3)",
        "x^0.5 + 0.25*x",
        "1/sqrt(x)",
        "x/x",
        "h = x^2; y = sin(h); y*h + y",
        "a = x; b = a; a*b",
        "f(t) = t^2 + 1; f(3x) + f(f(x))",
        "diff(sin(x)^2*x, x)*x",
        "sin'(x^2)",
        "logaddexp(x, x^2) + xlogy(x, x + 1)",
        "u*v*w*c*x^n/k",
        "5",
        "y",
        "-x",
        "not (x > 1)",
        "x!",
        "mod(x^2, 3)",
    ],
)
def test_each_step_is_right(text: str) -> None:
    for name in compiled(text).variables or ["x"]:
        check(text, name)
    check(text, order=2)


def triples() -> list[tuple[str, str, int]]:
    with TRIPLES.open(encoding="utf-8", newline="") as file:
        return [(row["function"], row["variable"], int(row["order"])) for row in csv.DictReader(file)]


def check_triples(rows: list[tuple[str, str, int]]) -> None:
    compared = 0
    for text, name, order in rows:
        try:
            compiled(text)
        except AutodiffError:
            continue
        compared += check(text, name, order)
    assert compared > 5 * len(rows)


def test_steps_of_derivatives_from_books_lead_to_the_answer() -> None:
    check_triples(Random(4).sample(triples(), 60))


@pytest.mark.slow
def test_steps_of_all_derivatives_from_books_lead_to_the_answer() -> None:
    check_triples(triples())


# --- several derivatives ---


def test_orders_come_in_turn_and_each_begins_with_the_one_before() -> None:
    program = compiled("x^3*y")
    derivations = derivation_steps(program, program.output, dict(program.variables), order=2)
    assert [(steps.name, steps.turn) for steps in derivations] == [("x", 1), ("x", 2), ("y", 1), ("y", 2)]
    first, second, _, last = (steps.steps[-1] for steps in derivations)
    assert second.expression.text() == first.result.text() == "3*x^2*y"
    assert (second.result.text(), last.result.text()) == ("6*x*y", "0")


def test_mixed_derivatives_come_in_turn() -> None:
    program = compiled("sin(x*y)")
    wrt = dict(program.variables)
    derivations = derivation_steps(program, program.output, wrt, mixed=["x", "y"])
    answer = differentiated(program, program.output, wrt, "sin(x*y)", mixed=["x", "y"])
    assert [(steps.name, steps.turn) for steps in derivations] == [("x", 1), ("y", 2)]
    assert derivations[-1].steps[-1].result.text() == answer.text("x,y")


def test_a_named_node_may_be_what_is_differentiated_by() -> None:
    program = compiled("h = x^2; h^3*x")
    (steps,) = derivation_steps(program, program.output, {"h": program.names["h"]})
    assert [shown(step) for step in steps.steps] == [
        "h^3: h^n -> n*h^(n - 1) [n = 3] = 3*h^(3 - 1) = 3*h^2",
        "h^3*x: u*x -> x*u' [u = h^3] = x*(3*h^2) = 3*h^2*x",
    ]


def test_a_name_that_is_not_in_the_formula_is_a_constant_rule() -> None:
    assert [step.rule.name for step in steps_of("x^2", "z").steps] == ["constant"]


# --- what a step says of itself ---


def test_a_kink_is_named() -> None:
    kinks = {text: steps_of(text).steps[-1].rule.kink for text in ("abs(x)", "abs(x - 1)", "floor(x)", "leaky_relu(x)")}
    assert {text: kink.text() for text, kink in kinks.items() if kink is not None} == {
        "abs(x)": "x == 0",
        "abs(x - 1)": "u == 0",
        "floor(x)": "x == floor(x)",
        "leaky_relu(x)": "x == 0",
    }


def test_a_step_that_cancels_says_where_it_holds() -> None:
    steps = steps_of("sin(x/x*3)").steps
    assert [note.message for step in steps for note in step.notes if step is not steps[-1]] != []


def test_arrays_within_are_one_step() -> None:
    text = "2*sum(x^2)"
    program = compile_program(parser().parse(text), text, shapes={"x": (3,)})
    (steps,) = derivation_steps(program, program.output, {"x": program.variables["x"]})
    assert [step.rule.name for step in steps.steps] == ["array", "constant-multiple"]
    answer = differentiated(program, program.output, dict(program.variables), text)
    assert steps.steps[-1].result.text() == answer.text("x")


# --- size ---


def test_a_shared_part_is_one_step() -> None:
    program = "; ".join(f"a{k + 1} = a{k}*a{k}" for k in range(10))
    steps = steps_of(f"a0 = x; {program}; a10").steps
    assert [step.rule.name for step in steps] == ["identity", "name"] + ["product"] * 10


def test_a_long_derivation_is_cut_and_says_so() -> None:
    steps = steps_of(" + ".join(f"sin({k}*x)" for k in range(2, 102)))
    assert (len(steps.steps), steps.hidden) == (MOST_STEPS, 1)
    assert sum(step.unsimplified is None for step in steps.steps) == 1


def test_a_deep_derivation_is_cut_where_it_would_take_long() -> None:
    steps = steps_of("sin(" * 400 + "x" + ")" * 400)
    assert 20 < len(steps.steps) < MOST_STEPS
    assert steps.hidden == 1
    assert [step.unsimplified is None for step in steps.steps] == [True] + [False] * (len(steps.steps) - 1)


def test_a_sum_of_very_many_terms_has_steps() -> None:
    assert len(steps_of(" + ".join(["sin(x)"] * 3000)).steps) > 1


# --- hints ---


def test_a_hint_is_the_next_rule_and_no_result() -> None:
    program = compiled("x^2*sin(x)")
    hint = next_rule(program, program.output, "x", program.variables["x"])
    assert hint.rule.title == "product rule"
    assert [formula.text() for formula in hint.parts] == ["x^2", "sin(x)"]


def test_a_hint_looks_behind_a_mere_name() -> None:
    program = compiled("y = x; z = y; z")
    assert next_rule(program, program.output, "x", program.variables["x"]).rule.name == "identity"


def test_the_formula_of_a_rule_comes_from_the_rows_of_the_table() -> None:
    """No list of derivatives stands beside the table: a row with another rule has other steps."""
    sine = PRIMITIVES["sin"]
    before = sine.partials
    try:
        sine.partials = ("17*cos(x)",)
        assert shown(steps_of("sin(x)").steps[-1]) == "sin(x): sin(x) -> 17*cos(x) [] = 17*cos(x) = 17*cos(x)"
    finally:
        sine.partials = before
