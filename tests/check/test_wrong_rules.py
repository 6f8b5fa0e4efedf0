"""Every row of the table of wrong rules has an example: a function, and the answer that the mistake leads to."""

from __future__ import annotations

from math import isclose

import pytest

from autodiff import Function
from autodiff.check.check import check_answer
from autodiff.check.problem import compile_numbers
from autodiff.check.question import Question
from autodiff.check.slips import shape
from autodiff.check.slips import slips as slips_of
from autodiff.check.verdict import WRONG
from autodiff.check.wrong_rules import WRONG_RULES, slips
from autodiff.check.wrong_rules.hints import HINTS
from autodiff.evaluate.floats import FLOATS
from autodiff.evaluate.program import build_program
from autodiff.graph.rules import rule

# The rule's id and pattern, the function, and answers as a student would write them.
EXAMPLES: list[tuple[str, str, str, tuple[str, ...]]] = [
    ("inner-derivative-missing", "function", "sin(x^2)", ("cos(x^2)",)),
    ("sign-lost", "function", "cos(x)", ("sin(x)",)),
    ("argument-replaced", "function", "sin(x^2)", ("2x*cos(x)", "cos(x)")),
    ("inner-derivative-as-argument", "function", "sin(x^2)", ("cos(2x)", "2x*cos(2x)")),
    ("only-inside-differentiated", "function", "sin(x^2)", ("sin(2x)",)),
    ("outer-derivative-missing", "function", "sin(x^2)", ("2x",)),
    ("outer-function-kept", "function", "sin(x^2)", ("2x*sin(x^2)",)),
    ("inner-derivative-twice", "function", "sin(x^2)", ("4x^2*cos(x^2)",)),
    ("inner-derivative-divided", "function", "sin(x^2)", ("cos(x^2)/(2x)",)),
    ("inner-derivative-added", "function", "sin(x^2)", ("cos(x^2) + 2x",)),
    ("left-unchanged", "function", "x*sin(x)", ("sin(x) + x*sin(x)",)),
    ("power-coefficient-lost", "power", "x^5", ("x^4",)),
    ("power-exponent-kept", "power", "x^5", ("5x^5",)),
    ("power-exponent-raised", "power", "x^5", ("5x^6",)),
    ("inner-derivative-missing", "power", "(3x + 1)^5", ("5(3x + 1)^4", "(3x + 1)^4")),
    ("power-as-exponential", "power", "(x^2 + 1)^5", ("(x^2 + 1)^5*log(x^2 + 1)*2x", "(x^2 + 1)^5*log(x^2 + 1)")),
    ("sign-lost", "power", "x^5 + x", ("-5x^4 + 1",)),
    ("only-inside-differentiated", "power", "(3x^2 + 1)^5", ("(6x)^5",)),
    ("inner-derivative-as-argument", "power", "(3x^2 + 1)^5", ("5(6x)^4",)),
    ("power-integrated", "power", "x^5 + sin(x)", ("x^6/6 + cos(x)",)),
    ("power-divided", "power", "x^5", ("x^4/5",)),
    ("left-unchanged", "power", "x^5 + sin(x)", ("x^5 + cos(x)",)),
    ("inner-derivative-missing", "exponential", "exp(x^2)", ("exp(x^2)",)),
    ("exponential-as-power", "exponential", "2^(3x)", ("3x*2^(3x - 1)", "9x*2^(3x - 1)")),
    ("base-logarithm-missing", "exponential", "2^(3x)", ("3*2^(3x)", "2^(3x)")),
    ("sign-lost", "exponential", "exp(3x)", ("-3exp(3x)",)),
    ("argument-replaced", "exponential", "exp(3x)", ("3exp(x)",)),
    ("inner-derivative-as-argument", "exponential", "exp(x^2)", ("exp(2x)", "2x*exp(2x)")),
    ("outer-derivative-missing", "exponential", "exp(x^2)", ("2x",)),
    ("inner-derivative-divided", "exponential", "exp(5x)", ("exp(5x)/5",)),
    ("inner-derivative-twice", "exponential", "exp(x^2)", ("4x^2*exp(x^2)",)),
    ("exponential-integrated", "exponential", "2^x", ("2^x/log(2)",)),
    ("power-coefficient-lost", "reciprocal power", "1/x^5", ("-1/x^6", "1/x^6")),
    ("sign-lost", "reciprocal power", "4/x^3", ("12/x^4",)),
    ("power-exponent-raised", "reciprocal power", "1/x^5", ("-5/x^4", "5/x^4")),
    ("power-exponent-kept", "reciprocal power", "1/x^5", ("-5/x^5",)),
    ("inner-derivative-missing", "reciprocal power", "1/cos(5x)^5", ("-5/cos(5x)^6",)),
    ("reciprocal-of-derivative", "reciprocal power", "1/x^5", ("1/(5x^4)",)),
    ("product-of-derivatives", "product", "x^2*sin(x)", ("2x*cos(x)",)),
    ("product-minus", "product", "x^2*sin(x)", ("2x*sin(x) - x^2*cos(x)", "x^2*cos(x) - 2x*sin(x)")),
    ("product-own-derivatives", "product", "x^2*sin(x)", ("2x^3 + sin(x)*cos(x)",)),
    ("product-term-missing", "product", "x^2*sin(x)", ("2x*sin(x)", "x^2*cos(x)")),
    ("product-as-sum", "product", "x^2*sin(x)", ("2x + cos(x)",)),
    ("product-as-quotient", "product", "x^2*sin(x)", ("(2x*sin(x) - x^2*cos(x))/sin(x)^2",)),
    ("constant-factor-lost", "multiple", "3sin(x)", ("cos(x)",)),
    ("constant-factor-differentiated", "multiple", "3sin(x)", ("3cos(x) + sin(x)", "0")),
    ("constant-factor-added", "multiple", "3sin(x)", ("3 + cos(x)",)),
    ("constant-factor-squared", "multiple", "3sin(x)", ("9cos(x)",)),
    ("constant-factor-lost", "divided", "sin(x)/4", ("cos(x)",)),
    ("constant-factor-differentiated", "divided", "sin(x)/4", ("cos(x)/4 - sin(x)/16",)),
    ("constant-denominator-squared", "divided", "sin(x)/4", ("cos(x)/16",)),
    ("constant-factor-inverted", "divided", "sin(x)/4", ("4cos(x)",)),
    ("sign-lost", "negative", "-sin(x)", ("cos(x)",)),
    ("quotient-of-derivatives", "quotient", "x^3/sin(x)", ("3x^2/cos(x)",)),
    ("quotient-reversed", "quotient", "x^3/sin(x)", ("(x^3*cos(x) - 3x^2*sin(x))/sin(x)^2",)),
    ("quotient-sign", "quotient", "x^3/sin(x)", ("(3x^2*sin(x) + x^3*cos(x))/sin(x)^2",)),
    (
        "quotient-square-forgotten",
        "quotient",
        "x^3/sin(x)",
        (
            "(3x^2*sin(x) - x^3*cos(x))/sin(x)",
            "(3x^2*sin(x) + x^3*cos(x))/sin(x)",
            "3x^2*sin(x) - x^3*cos(x)",
        ),
    ),
    ("quotient-wrong-square", "quotient", "x^3/sin(x)", ("(3x^2*sin(x) - x^3*cos(x))/x^6",)),
    ("quotient-term-missing", "quotient", "x^3/sin(x)", ("3x^2/sin(x)^2", "x^3*cos(x)/sin(x)^2")),
    ("quotient-upside-down", "quotient", "x^3/sin(x)", ("(cos(x)*x^3 - sin(x)*3x^2)/x^6", "cos(x)/(3x^2)")),
    ("quotient-as-product", "quotient", "x^3/sin(x)", ("3x^2*sin(x) + x^3*cos(x)",)),
    ("quotient-numerator-only", "quotient", "x^3/sin(x)", ("3x^2/sin(x)",)),
    ("quotient-denominator-only", "quotient", "x^3/sin(x)", ("-x^3*cos(x)/sin(x)^2",)),
    ("product-of-derivatives", "quotient", "(tan(x) - cos(x))/x", ("-(sin(x) + sec(x)^2)/x^2",)),
    (
        "product-own-derivatives",
        "quotient",
        "(tan(x) - cos(x))/x",
        ("(sin(x) + sec(x)^2)*(tan(x) - cos(x)) - 1/x^3",),
    ),
    ("reciprocal-of-derivative", "reciprocal", "5/sin(x)", ("5/cos(x)",)),
    ("sign-lost", "reciprocal", "5/sin(x)", ("5cos(x)/sin(x)^2",)),
    ("inner-derivative-missing", "reciprocal", "5/sin(x)", ("-5/sin(x)^2",)),
    ("quotient-square-forgotten", "reciprocal", "5/sin(x)", ("-5cos(x)/sin(x)",)),
    ("reciprocal-as-logarithm", "reciprocal", "5/x", ("5log(x)",)),
    ("constant-factor-differentiated", "reciprocal", "5/sin(x)", ("(sin(x) - 5cos(x))/sin(x)^2",)),
    (
        "half-of-power-rule",
        "power of functions",
        "(x^2)^sin(x)",
        (
            "sin(x)*(x^2)^(sin(x) - 1)*2x",
            "(x^2)^sin(x)*log(x^2)*cos(x)",
            "sin(x)*(x^2)^(sin(x) - 1)",
            "(x^2)^sin(x)*log(x^2)",
        ),
    ),
    ("power-of-derivatives", "power of functions", "(x^2)^sin(x)", ("(2x)^cos(x)",)),
    ("degrees-for-radians", "function", "sin(x)", ("pi/180*cos(x)",)),
    ("degrees-for-radians", "function", "atan(x)", ("180/(pi*(1 + x^2))",)),
    ("logarithm-base-ignored", "function", "log10(x^2 + 1)", ("2x/(x^2 + 1)", "1/(x^2 + 1)")),
    ("logarithm-base-above", "function", "log10(x)", ("1/(x*log(10)^2)",)),
    ("decimal-logarithm", "function", "log(x)", ("1/(x*log(10))",)),
    ("logarithm-coefficient-kept", "function", "log(5x)", ("5/x",)),
    ("logarithm-of-derivative", "function", "log(x^2)", ("log(2x)",)),
    ("reciprocal-of-derivative", "function", "log(x^2)", ("1/(2x)",)),
    ("power-coefficient-lost", "function", "sqrt(x)", ("1/sqrt(x)",)),
    ("power-exponent-kept", "function", "sqrt(x)", ("sqrt(x)/2",)),
    ("reciprocal-of-root-lost", "function", "sqrt(3x + 1)", ("6sqrt(3x + 1)", "3/2*sqrt(3x + 1)")),
    ("only-inside-differentiated", "function", "sqrt(x^2 + 1)", ("sqrt(2x)",)),
    ("tangent-slope-not-squared", "function", "tan(x)", ("sec(x)",)),
    ("tangent-as-cotangent", "function", "tan(x)", ("-1/sin(x)^2",)),
    ("hyperbolic-sign", "function", "cosh(x)", ("-sinh(x)",)),
    ("inverse-as-reciprocal", "function", "asin(x)", ("-cos(x)/sin(x)^2",)),
    ("inverse-root-missing", "function", "asin(x)", ("1/(1 - x^2)",)),
    ("inverse-sign", "function", "asin(x)", ("1/sqrt(1 + x^2)",)),
    ("inverse-as-reciprocal", "function", "atan(x)", ("-csc(x)^2",)),
    ("inverse-sign", "function", "atan(x)", ("1/(1 - x^2)",)),
    ("term-sign-lost", "sum", "x^2 + sin(x)", ("2x - cos(x)", "cos(x) - 2x")),
    ("term-missing", "sum", "x^2 + sin(x)", ("2x", "cos(x)")),
    ("term-left-unchanged", "sum", "x^2 + sin(x)", ("2x + sin(x)", "x^2 + cos(x)")),
    ("sum-as-product", "sum", "x^2 + sin(x)", ("2x*sin(x) + x^2*cos(x)", "2x*cos(x)")),
    ("term-sign-lost", "difference", "5x - 4x^2", ("8x + 5", "-5 - 8x")),
    ("term-missing", "difference", "5x - 4x^2", ("5", "-8x")),
    ("difference-reversed", "difference", "5x - 4x^2", ("8x - 5",)),
    ("term-left-unchanged", "difference", "5x - 4x^2", ("5 - 4x^2", "5x - 8x")),
    ("constant-not-dropped", "plus constant", "x^2 + 7", ("2x + 7",)),
    ("constant-differentiated-to-one", "plus constant", "x^2 + 7", ("2x + 1",)),
    ("constant-not-dropped", "minus constant", "x^2 - 7", ("2x - 7",)),
    ("constant-differentiated-to-one", "minus constant", "x^2 - 7", ("2x - 1",)),
    ("constant-not-dropped", "constant minus", "7 - x^2", ("7 - 2x",)),
    ("constant-differentiated-to-one", "constant minus", "7 - x^2", ("1 - 2x",)),
    ("sign-lost", "constant minus", "7 - x^2", ("2x",)),
    ("sign-of-answer", "whole", "x^2*sin(x)", ("-2x*sin(x) - x^2*cos(x)",)),
    ("not-differentiated", "whole", "x^2*sin(x)", ("x^2*sin(x)", "-x^2*sin(x)")),
    ("integrated", "of the answer", "x^3", ("x^4/4", "x^4/4 + 5")),
    ("differentiated-too-little", "whole", "exp(x^3)", ("3x^2*exp(x^3)",)),
    ("differentiated-too-little", "whole", "x^6", ("30x^4",)),
    ("squared-instead-of-twice", "whole", "exp(x^3)", ("9x^4*exp(2x^3)", "exp(x^3)^2")),
    ("differentiated-too-often", "whole", "x^3", ("6x",)),
    ("wrong-variable", "other variable", "x^2*y^3", ("3x^2*y^2",)),
    ("reciprocal", "whole", "x^3", ("1/(3x^2)", "1/x^3")),
]
ORDERS = {"exp(x^3)": 2, "x^6": 3}
# Slips are made when a right derivative is simplified: the function, and what becomes of its derivative then.
SLIPS: list[tuple[str, str, str]] = [
    ("product-of-functions", "-cos(x)*sin(3)", "sin(3x)"),
    ("function-of-sum", "sin(x + 2)", "cos(x) + cos(2)"),
    ("function-of-sum", "sin(x - 2)", "cos(x) - cos(2)"),
    ("function-of-multiple", "sin(3x)/3", "3cos(x)"),
    ("function-of-multiple", "sin(3x)/3", "x*cos(3)"),
    ("power-of-function", "sin(x)^3/3", "sin(x^2)*cos(x)"),
    ("power-of-sum", "(x + 3)^3/3", "x^2 + 9"),
    ("power-of-sum", "(x - 3)^3/3", "x^2 - 9"),
    ("fraction-of-sum", "log(x + 3)", "1/x + 1/3"),
    ("fraction-of-sum", "log(x - 3)", "1/x - 1/3"),
    ("double-angle", "sin(2x)", "cos(4x)"),
    ("double-angle", "2sin(x)", "cos(2x)"),
    ("factor-not-distributed", "exp(x)*(x - 3)", "x*exp(x) - 2"),
]


@pytest.mark.parametrize(("id", "function", "answer"), SLIPS)
def test_the_answer_that_a_slip_leads_to_is_named_after_it(id: str, function: str, answer: str) -> None:
    verdict = check_answer(Question(function), answer)
    assert verdict.verdict == WRONG
    assert id in [each.rule for each in verdict.diagnoses]


@pytest.mark.parametrize("slip", slips.ROWS, ids=lambda slip: slip.shape)
def test_every_slip_is_found_where_its_shape_stands(slip: slips.Slip) -> None:
    """The sine for f; at the point the wrong formula is another number than the right one."""
    right, wrong = (text.replace("f(", "sin(") for text in (slip.shape, slip.wrong))
    point = {"a": 1.3, "b": 0.7, "c": 2.1}
    compiled = compile_numbers(right, frozenset("abc"))
    found = [attempt.result for attempt in slips_of(compiled.graph, compiled.output) if attempt.rules[0].id == slip.id]
    values = [build_program(compiled.graph, [node], FLOATS).run(point)[node] for node in found]
    expected = Function(wrong, variables="abc")({name: point[name] for name in Function(wrong).variables})
    assert any(isclose(value, expected, rel_tol=1e-12) for value in values)
    assert not isclose(expected, Function(right)({name: point[name] for name in Function(right).variables}))


@pytest.mark.parametrize(
    ("id", "function", "answer"),
    [(id, function, answer) for id, _, function, answers in EXAMPLES for answer in answers],
)
def test_the_answer_that_a_wrong_rule_gives_is_named_after_it(id: str, function: str, answer: str) -> None:
    order = ORDERS.get(function, 1)
    variable = "x" if "y" in function else None
    verdict = check_answer(Question(function, variable, order), answer)
    assert verdict.verdict == WRONG
    assert id in [rule_id for each in verdict.diagnoses for rule_id in each.rule.split("+")]


def test_every_row_of_the_table_has_an_example_for_each_of_its_formulas() -> None:
    shown: dict[tuple[str, str], int] = {}
    for id, pattern, _, answers in EXAMPLES:
        shown[id, pattern] = shown.get((id, pattern), 0) + len(answers)
    needed: dict[tuple[str, str], int] = {}
    for row in WRONG_RULES:
        needed[row.id, row.pattern] = needed.get((row.id, row.pattern), 0) + len(row.wrong)
    assert {place: count for place, count in needed.items() if shown.get(place, 0) < count} == {}
    assert shown.keys() <= needed.keys()


def test_every_row_has_its_sentences_and_a_hint() -> None:
    for row in (*WRONG_RULES, *slips.ROWS):
        assert row.message
        assert row.teacher
        assert row.message.count("{") == row.message.count("}")
    assert {row.pattern for row in WRONG_RULES} <= HINTS.keys()


def test_every_formula_of_the_tables_can_be_read() -> None:
    for row in WRONG_RULES:
        for wrong in row.wrong:
            assert rule(wrong).graph.nodes
    for slip in slips.ROWS:
        assert shape(slip.shape).graph.nodes
        assert shape(slip.wrong).graph.nodes
