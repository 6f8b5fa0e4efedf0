"""Forms that lose digits are computed in another way: what each row gains, and that it changes nothing else."""

from __future__ import annotations

import math
from itertools import product

import pytest
from mpmath import mp, mpf

from autodiff import Function
from autodiff.evaluate.plan import may_lose_digits
from autodiff.graph.compiler import compile_program, parser
from autodiff.graph.patterns import may_fit
from autodiff.graph.primitive import VARIABLE
from autodiff.graph.rules import rule
from autodiff.graph.stabilise import pattern, stabilised
from autodiff.graph.stabilise_gains import gains
from autodiff.graph.stabilise_rows import ROWS, Row
from autodiff.graph.table import PRIMITIVES
from tests.stability import ARRAYS, MEANINGS, Meaning, Point, errors

FEW = 8.0  # units in the last place
GAIN = 100.0
EACH_ROW = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.form)
OF_NUMBERS = [row for row in ROWS if row.form not in ARRAYS]
EACH_ROW_OF_NUMBERS = pytest.mark.parametrize("row", OF_NUMBERS, ids=lambda row: row.form)
HARD = [pytest.param(form, point, id=f"{form} {point}") for form, m in MEANINGS.items() for point in m.hard]
EVERYDAY = [pytest.param(form, point, id=f"{form} {point}") for form, m in MEANINGS.items() for point in m.everyday]
SPECIAL = (0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -3.0, 5e-324, -1e-300, 1e300, -1e300, 40.0, -40.0, 720.0, -750.0)
ENDS = (math.inf, -math.inf)
LARGE = 1e300


def test_each_row_has_a_meaning_to_be_measured_by() -> None:
    assert [row.form for row in ROWS] == sorted(MEANINGS, key=[row.form for row in ROWS].index)
    assert len({row.form for row in ROWS}) == len(ROWS) == len(MEANINGS)


@EACH_ROW
def test_a_form_is_off_by_much_at_some_hard_point_and_its_rewrite_at_none(row: Row) -> None:
    best = 0.0
    for point in MEANINGS[row.form].hard:
        before, after = (errors(row.form, point, stabilise=flag) for flag in (False, True))
        assert after.largest <= FEW + after.inherent, point
        best = max(best, before.value / max(after.value, 1.0), before.gradient / max(after.gradient, 1.0))
    assert best >= GAIN


@pytest.mark.parametrize(("form", "point"), EVERYDAY)
def test_at_everyday_points_nothing_is_lost(form: str, point: Point) -> None:
    before, after = (errors(form, point, stabilise=flag) for flag in (False, True))
    assert after.value <= max(FEW, before.value)
    assert after.gradient <= max(FEW + after.inherent, before.gradient)


@EACH_ROW_OF_NUMBERS
def test_the_rewrite_has_a_value_where_the_form_has_one_and_nowhere_else(row: Row) -> None:
    names = variables(row)
    meaning = MEANINGS[row.form]
    typed, rewritten = Function(row.form, stabilise=False), Function(row.form)
    for point in product(SPECIAL if len(names) < 3 else SPECIAL[::3], repeat=len(names)):
        true = real_value(meaning, point)
        given, value = (function(dict(zip(names, point, strict=True))) for function in (typed, rewritten))
        if true is None:
            assert not math.isfinite(value) or math.isfinite(given), point
        elif math.isfinite(given):
            assert math.isclose(value, given, rel_tol=1e-3, abs_tol=1e-12) or nearer(value, given, true), point


@EACH_ROW_OF_NUMBERS
def test_what_a_form_is_at_infinity_its_rewrite_is_too(row: Row) -> None:
    names = variables(row)
    typed, rewritten = Function(row.form, stabilise=False), Function(row.form)
    for point in product((*ENDS, 0.5, -2.0), repeat=len(names)):
        near = tuple(math.copysign(LARGE, x) if math.isinf(x) else x for x in point)
        at = dict(zip(names, point, strict=True))
        if real_value(MEANINGS[row.form], near) is not None and not math.isnan(typed(at)):
            assert rewritten(at) == pytest.approx(typed(at), rel=1e-12), point


@EACH_ROW_OF_NUMBERS
def test_what_is_not_a_number_stays_none(row: Row) -> None:
    names = variables(row)
    for name in names:
        at = dict.fromkeys(names, 0.5) | {name: math.nan}
        assert math.isnan(Function(row.form)(at))


@EACH_ROW
def test_a_row_is_found_by_its_path_and_without_looking_at_other_formulas(row: Row) -> None:
    path = tuple(PRIMITIVES[name] for name in row.path.split())
    form = pattern(ROWS.index(row))
    assert len(path) > 1
    assert may_fit(form.graph, form.output, path)
    assert may_lose_digits(rule(row.form).graph)


@EACH_ROW
def test_the_rewrite_has_the_names_of_the_form(row: Row) -> None:
    assert labels(row.form) == labels(row.rewrite)


@EACH_ROW
def test_the_gain_that_is_listed_was_measured(row: Row) -> None:
    gain = gains()[row.form]
    assert list(gains()) == [row.form for row in ROWS]
    assert gain.before == "not finite" or float(gain.before) >= GAIN
    assert float(gain.after) <= GAIN


@pytest.mark.parametrize(
    ("typed", "computed"),
    [
        ("log(e^x + 1)", "softplus(x)"),
        ("ln(exp(2x) + 1)", "softplus(2x)"),
        ("1/(1 + e^-x)", "sigmoid(x)"),
        ("1/(exp(-k*(x - m)/s) + 1)", "sigmoid(k*(x - m)/s)"),
        ("1/(1 + exp(-2x))", "sigmoid(2*x)"),
        ("(1 + exp(-x))^-1", "sigmoid(x)"),
        ("(x^2 + y^2)^(1/2)", "hypot(x, y)"),
        ("(x^2 + y^2)^0.5", "hypot(x, y)"),
        ("√(x² + y²)", "hypot(x, y)"),
        ("sqrt(x*x + y*y)", "hypot(x, y)"),
        ("sqrt(1.0 + x^2)", "hypot(x, 1)"),
        ("-1 + exp(x)", "expm1(x)"),
        ("log(-x + 1)", "log1p(-x)"),
        ("-erf(x) + 1", "erfc(x)"),
        ("(e^(2x) - 1)/(e^(2x) + 1)", "tanh(x)"),
        ("2/(1 + exp(-2x)) - 1", "tanh(x)"),
        ("((exp(x) - exp(-x))/2)/((exp(x) + exp(-x))/2)", "tanh(x)"),
        ("log(1 - 1/(1 + exp(-x)))", "-softplus(x)"),
        ("exp(-3x) - exp(3x)", "-2*sinh(3x)"),
        ("1 - tanh(x)*tanh(x)", "sech(x)^2"),
    ],
)
def test_a_form_is_met_in_the_ways_in_which_people_write_it(typed: str, computed: str) -> None:
    (note,) = Function(typed).notes
    assert note.id == "stabilised"
    assert note.message.startswith(f"{typed} is computed as {computed}: ")
    assert note.span is not None
    assert typed[note.span.start : note.span.end] == typed


@pytest.mark.parametrize(
    "text",
    [
        "log(2 + exp(x))",
        "log(1 + exp(x) + y)",
        "sqrt(x^2 + y^3)",
        "sqrt(x^2 + y^2 + z^2)",  # the second derivative would be lost where two of them are 0
        "exp(x) - 2",
        "log(1 + x - y)",
        "1/(2 + exp(x))",
        "(exp(x) - exp(-y))/2",
        "(x^2 + y^2)^(1/3)",
        "log2(1 + x)",  # log2(8) is to stay 3
        "(1 + r)^n",
        "x^2 - y^2",
    ],
)
def test_what_only_looks_like_a_form_is_computed_as_written(text: str) -> None:
    assert Function(text).notes == ()


def test_a_power_of_a_variable_that_is_called_e_is_no_exponential() -> None:
    assert Function("log(1 + e^x)", ["e"])(e=2, x=3) == math.log(9)
    assert Function("log(1 + e^x)")({"e": 2, "x": 3}) == math.log1p(8)


def test_value_and_gradient_of_a_softplus_written_out_are_those_of_the_function() -> None:
    assert Function("log(1 + exp(x))").value_and_gradient(x=1000) == (1000.0, {"x": 1.0})
    assert Function("log(1 + exp(x))").hessian(x=0) == {"x": {"x": 0.25}}
    assert Function("[log(1 + exp(x)), x]").jacobian(x=1000)["x"].tolist() == [1.0, 1.0]
    assert Function("log(1 + exp(x))").gradcheck({"x": 1000}).passed


def test_what_a_row_gives_at_a_kink_is_the_rule_for_kinks() -> None:
    result = Function("sqrt(x^2 + y^2)").evaluate(x=0, y=0)
    assert (result.value, result.gradient) == (0.0, {"x": 0.0, "y": 0.0})
    assert [note.id for note in result.notes] == ["stabilised", "kink"]


@pytest.mark.parametrize(
    ("text", "point"), [("sqrt(1 - x^2)", {"x": 0.3}), ("sqrt(1 - x^2)", {"x": 0.9}), ("log(cosh(x))", {"x": -2})]
)
def test_a_choice_in_a_rewrite_is_no_kink_of_the_function(text: str, point: dict[str, float]) -> None:
    assert [note.id for note in Function(text).evaluate(point).notes] == ["stabilised"]
    assert Function(text).gradcheck(point).passed


def test_a_node_with_a_name_stays_a_node() -> None:
    f = Function("z = 1 + exp(x); y = log(z)")
    assert f.gradient({"x": 0}, ["z"]) == {"z": 0.5}
    assert [node.op for node in f.trace(x=0).nodes if node.label in ("z", "y")] == ["add", "log"]


def test_a_form_with_a_name_keeps_it() -> None:
    f = Function("y = log(1 + exp(x)); y^2")
    assert f.value_and_gradient({"x": 1000}, ["y"]) == (1e6, {"y": 2000.0})
    (node,) = (node for node in f.trace(x=0).nodes if node.label == "y")
    assert (node.op, node.span) == ("softplus", (4, 19))
    g = Function("y = log(exp(x)); z = 3*x; y*z")  # y is x itself, and a node of its own
    assert g.gradient({"x": 2}, ["y", "z", "x"]) == {"y": 6.0, "z": 2.0, "x": 12.0}


def test_of_forms_in_one_another_the_last_word_is_the_outer_one_s() -> None:
    (note,) = Function("log(1 - exp(x))").notes
    assert note.message == (
        "log(1 - exp(x)) is computed as where(x > -0.6931, log(-expm1(x)), log1p(-exp(x))): "
        "the difference cancels in the tail"
    )
    inner, outer = Function("sqrt(log(1 + exp(x))^2 + y^2)").notes
    assert inner.message.startswith("log(1 + exp(x)) is computed as softplus(x)")
    assert outer.message.startswith("sqrt(log(1 + exp(x))^2 + y^2) is computed as hypot(softplus(x), y)")


def test_what_a_derivative_has_inside_is_told_as_such() -> None:
    text = "diff(log(1 + exp(x)), x)"
    (note,) = stabilised(compile_program(parser().parse(text), text), text).notes
    assert note.message.startswith("1/(1 + exp(x)), in diff(log(1 + exp(x)), x), is computed as sigmoid(-x): ")


def test_the_notes_are_few_and_none_is_told_twice() -> None:
    assert len(Function("log(1 + x) + log(1 + x)*y + log(1 + x)").notes) == 1
    assert len(Function("f(t) = log(1 + t); f(x) + f(y)").notes) == 1
    many = Function(" + ".join(f"log(1 + x{i})" for i in range(30))).notes
    assert len(many) == 6
    assert many[-1].message == "and 25 more forms are computed in another way"


def test_a_note_has_the_node_that_took_the_place_of_the_form() -> None:
    f = Function("3*log(1 + exp(x))")
    assert [node.op for node in f.trace(x=1).nodes if node.id == f.notes[0].node] == ["softplus"]


@pytest.mark.parametrize(
    ("text", "shape", "computed"),
    [
        ("sum(log(sum(exp(W), axis=1)))", (2, 3), "logsumexp(W, axis=1)"),
        ("sum(log(sum(exp(W), axis=(0, 1))))", (2, 3), "logsumexp(W)"),
        ("sum(W*(exp(W)/sum(exp(W), axis=0)))", (3, 3), "softmax(W, axis=0)"),
        ("sum(W*exp(W)/sum(exp(W)))", (2, 3), None),
        ("sum(W*(exp(W)/sum(exp(W))))", (2, 3), "softmax(W, axis=(0, 1))"),
        ("sum(W*(exp(W)/sum(exp(W), axis=1)))", (3, 3), None),  # the sums are aligned with the last axis
        ("sum(W*log(softmax(W, axis=0)))", (2, 3), "log_softmax(W, axis=0)"),
        ("sum(sqrt(sum(W*W, axis=0)))", (2, 3), "norm(W, axis=0)"),
        ("sum(log(1 + exp(W)))", (2, 3), "softplus(W)"),
        ("sum(1/(1 + exp(-W)))", (2, 3), "sigmoid(W)"),
        ("sum(sqrt(W^2 + W[0]^2))", (2, 3), "hypot(W, W[0])"),
    ],
)
def test_forms_of_arrays_give_the_same_along_the_same_axes(text: str, shape: tuple[int, ...], computed: str) -> None:
    entries = [[math.sin(7 * i + 3 * j + 1) for j in range(shape[1])] for i in range(shape[0])]
    result = Function(text).evaluate(W=entries)
    assert [f" is computed as {computed}: " in note.message for note in result.notes] == [True] * (computed is not None)
    plain = Function(text, stabilise=False).evaluate(W=entries)
    assert result.value == pytest.approx(plain.value, rel=1e-13)
    assert result.gradient["W"] == pytest.approx(plain.gradient["W"], rel=1e-12, abs=1e-15)


def test_arrays_that_a_form_loses_are_kept() -> None:
    result = Function("sum(log(sum(exp(W), axis=1)))").evaluate(W=[[1000, 1000], [-1000, -1000]])
    assert result.value == pytest.approx(2 * math.log(2), rel=1e-12)
    assert result.gradient["W"].tolist() == [[0.5, 0.5], [0.5, 0.5]]


def test_a_deep_formula_with_a_form_at_every_level_takes_time_in_proportion() -> None:
    levels = 5_000
    text = "1/(1 + exp(-" * levels + "x" + "))" * levels
    f = Function(text)
    assert 0.5 < f(x=1) < 1
    assert len(f.trace(x=1).nodes) == levels + 1


def real_value(meaning: Meaning, point: Point) -> mpf | None:
    """The value in many digits; None where there is none, or it is beyond binary64."""
    with mp.workprec(meaning.bits if max(map(abs, point)) < LARGE else 200):
        try:
            value = meaning.value(*map(mpf, point))
        except (ValueError, ZeroDivisionError, OverflowError):
            return None
        return value if isinstance(value, mpf) and mp.isfinite(value) and abs(value) < mp.ldexp(1, 1023) else None


def nearer(value: float, given: float, true: mpf) -> bool:
    return math.isfinite(value) and abs(value - true) <= abs(given - true)


def variables(row: Row) -> list[str]:
    return [name for name in "abc" if name in labels(row.form)]


def labels(text: str) -> set[str]:
    return {str(node.label) for node in rule(text).graph.nodes if node.primitive is VARIABLE}
