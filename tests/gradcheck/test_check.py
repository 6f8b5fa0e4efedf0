"""The gradient check: right gradients pass, wrong ones are found, kinks are neither."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy
import pytest

from autodiff import AutodiffError, Function
from autodiff.gradcheck.check import METHODS, check_gradient
from autodiff.gradcheck.stated import Stated, stated_number
from autodiff.graph.table import OPERATORS, PRIMITIVES
from tests.calculus import CALCULUS, truth
from tests.measure_accuracy import differentiable
from tests.points import HEAVY, everyday_points
from tests.test_corpora import OPEN_CASES, SHARED_CASES, binary64, largest_term

each_method = pytest.mark.parametrize("method", METHODS)
ROWS = sorted({row.name for row, _ in differentiable()})

# Cases of the corpora whose value is not finite.
WITHOUT_A_VALUE = ("triples/t04208", "triples/t04293")


def formula(name: str) -> Function:
    """A call of the function on variables."""
    row = PRIMITIVES[name]
    names = row.operand_names(2)
    return Function(OPERATORS.get(name) or f"{name}({', '.join(names)})", variables=names)


def sensible_points(name: str, count: int):
    """Points in everyday sizes; the bounds of clip in their order."""
    row = PRIMITIVES[name]
    for point in everyday_points(row, count):
        if name != "clip" or point[1] <= point[2]:
            yield dict(zip(row.operand_names(2), point, strict=True))


def only(function: str, point, **options):
    """The one row of a check."""
    (row,) = check_gradient(Function(function, variables=point), point, **options).rows
    return row


@each_method
@pytest.mark.parametrize("name", ROWS)
def test_a_right_gradient_is_never_called_wrong_and_the_numeric_error_is_honest(name: str, method: str) -> None:
    f = formula(name)
    compared = 0
    for at in sensible_points(name, 3 if name in HEAVY else 6):
        for row, partial in zip(check_gradient(f, at, method=method).rows, CALCULUS[name].partials, strict=True):
            assert row.verdict not in ("mismatch", "undecided", "off by rounding"), (at, row)
            true = None if partial is None else truth(partial, tuple(at.values()))
            if true is not None and row.numeric is not None and math.isfinite(row.numeric):
                assert abs(row.numeric - float(true)) <= row.error + 1e-15 * abs(float(true)), (at, row)
                compared += 1
    assert compared


@each_method
@pytest.mark.parametrize("name", ROWS)
def test_a_wrong_gradient_is_found_for_every_function(name: str, method: str) -> None:
    f = formula(name)
    found = 0
    for at in sensible_points(name, 2):
        gradient = f.gradient(at)
        for variable, slope in gradient.items():
            if not math.isfinite(slope) or abs(slope) < 1e-300:
                continue
            for factor in (1.001, -1.0, 0.0):
                row = only(f.text, at, wrt=[variable], method=method, gradient={variable: slope * factor})
                assert row.verdict.startswith("mismatch"), (at, row)
                assert row.ratio == pytest.approx(factor, rel=1e-9, abs=1e-9)
                found += 1
    assert found


@each_method
@pytest.mark.parametrize("wrong", ["1.001*sech(x)^2", "-sech(x)^2", "0", "1 - y"])
def test_a_wrong_rule_of_our_own_is_found(wrong: str, method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PRIMITIVES["tanh"], "partials", (wrong,))
    row = only("3*tanh(x)", {"x": 0.7}, method=method)
    assert row.verdict == "mismatch"
    assert row.numeric == pytest.approx(3 / math.cosh(0.7) ** 2, rel=1e-9)


@each_method
@pytest.mark.parametrize("corpus", ["cute", "mgh", "optimisation", "ad_classics", "adbench", "feynman", "triples"])
def test_the_gradients_of_the_corpora_pass(corpus: str, method: str) -> None:
    cases = [case for case in OPEN_CASES if case.id.startswith(corpus)]
    every = {"feynman": 12, "triples": 8}.get(corpus, 1)
    compared = 0
    for case in cases[::every]:
        at = {name: binary64(text) for name, text in case.point.items()}
        f = Function(case.formula, variables=at)
        at = {name: at[name] for name in f.variables}
        if not math.isfinite(f(at)):
            assert case.id in WITHOUT_A_VALUE
            continue
        for row in check_gradient(f, at, method=method).rows:
            assert row.verdict not in ("mismatch", "undecided"), (case.id, row)
            if row.verdict == "ok" and row.entry.name in case.gradient:
                true = binary64(case.gradient[row.entry.name])
                scale = max(abs(true), largest_term(case, row.entry.name, at))
                assert abs(row.numeric - true) <= row.error + 1e-9 * scale + 1e-14, (case.id, row)
                compared += 1
    assert compared


@pytest.mark.slow
@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in [*OPEN_CASES, *SHARED_CASES]])
def test_no_gradient_of_a_corpus_is_called_wrong(case) -> None:
    at = {name: binary64(text) for name, text in case.point.items()}
    f = Function(case.formula, variables=at)
    at = {name: at[name] for name in f.variables}
    for row in check_gradient(f, at).rows:
        assert row.verdict not in ("mismatch", "undecided"), row


@each_method
@pytest.mark.parametrize(
    ("text", "point", "left", "right"),
    [
        *(("abs(x)", {"x": 0}, -1, 1), ("relu(x)", {"x": 0}, 0, 1), ("3*relu(x) - x", {"x": 0}, -1, 2)),
        *(("leaky_relu(x)", {"x": 0}, 0.01, 1), ("max(x, 2)", {"x": 2}, 0, 1), ("min(x, 2)", {"x": 2}, 1, 0)),
        *(("abs(x - 0.1)", {"x": 0.1}, -1, 1), ("abs(x - pi)", {"x": math.pi}, -1, 1)),
        *(("sqrt(x^2)", {"x": 0}, -1, 1), ("sqrt(abs(x))", {"x": 0}, -math.inf, math.inf)),
        *(("where(x > 0, 2*x, -x)", {"x": 0}, -1, 2), ("hypot(x, 0)", {"x": 0}, -1, 1)),
        ("norm(v)", {"v": [0.0]}, -1, 1),
    ],
)
def test_a_kink_is_not_called_a_bug(text: str, point, left: float, right: float, method: str) -> None:
    row = only(text, point, method=method)
    assert row.verdict == "not differentiable here"
    assert (row.left, row.right) == pytest.approx((left, right), rel=1e-15)
    assert row.numeric is None


@each_method
def test_at_a_tie_of_max_each_variable_has_its_kink(method: str) -> None:
    rows = check_gradient(Function("max(x, 2*y)"), {"x": 2, "y": 1}, method=method).rows
    assert [(row.verdict, row.left, row.right) for row in rows] == [
        ("not differentiable here", 0.0, 1.0),
        ("not differentiable here", 0.0, 2.0),
    ]


@each_method
@pytest.mark.parametrize(
    ("text", "x"),
    [
        *(("where(x > 0, x, x)", 0), ("relu(x)*0", 0), ("x*abs(x)", 0), ("where(x > 0, x^2, 0)", 0), ("abs(x)^3", 0)),
        *(("exp(1000*x)", 0.5), ("sin(1e6*x)", 0.5), ("x!", 3), ("log(x)", 1e300), ("log(x)", 1e-300), ("x^2", 0)),
        *(("cos(x) + x", 1e-300), ("tanh(x)", 40), ("tanh(x)", 300), ("cos(x)", 1e-300), ("sin(x)", 1e300)),
        *(("sqrt(x^2 + 1e-30)", 0), ("abs(x - 1e-17)", 0), ("exp(-x/1.38e-23/300)", 0), ("floor(x)", 2.5)),
        *(
            ("cos(x)^2 + sin(x)^2", 0.7),
            ("x + 1e16 - 1e16", 0.3),
            ("1/(1 + exp(x))", 1000),
            ("x^0", 0),
        ),
    ],
)
def test_what_is_differentiable_is_ok(text: str, x: float, method: str) -> None:
    assert only(text, {"x": x}, method=method).verdict == "ok"


@each_method
def test_a_jump_is_reported_with_the_values_on_both_sides(method: str) -> None:
    row = only("floor(x)", {"x": 2}, method=method)
    assert row.verdict == "not differentiable here"
    assert row.detail == "the value jumps from 1 to 2"
    row = only("x == 2", {"x": 2}, method=method)
    assert row.verdict == "not differentiable here"
    assert row.detail == "the value is 1 here and 0 on both sides"


@each_method
def test_an_infinite_slope_is_called_infinite_and_does_not_pass(method: str) -> None:
    for text, x, slope, left, right in (
        ("cbrt(x)", 0, math.inf, math.inf, math.inf),
        ("sqrt(x)", 0, math.inf, None, math.inf),
        ("acos(x)", 1, -math.inf, -math.inf, None),
        ("xlogy(x, x)", 0, -math.inf, None, -math.inf),
    ):
        report = check_gradient(Function(text), {"x": x}, method=method)
        (row,) = report.rows
        assert (row.verdict, row.reverse, row.left, row.right) == ("infinite slope", slope, left, right)
        assert not report.finite
        assert not report.passed


@pytest.mark.parametrize("method", ["central", "precise"])
def test_at_the_end_of_a_domain_the_one_side_counts(method: str) -> None:
    row = only("x^1.5", {"x": 0}, method=method)
    assert (row.verdict, row.left, row.right) == ("ok from the right", None, 0.0)
    assert only("x^1.5", {"x": 0}, method=method, gradient={"x": 1}).verdict == "mismatch from the right"


@each_method
@pytest.mark.parametrize(("text", "x"), [("log(x)", 0), ("exp(x)", 1000), ("sqrt(x)", -1)])
def test_a_value_that_is_not_finite_is_no_mismatch(text: str, x: float, method: str) -> None:
    report = check_gradient(Function(text), {"x": x}, method=method)
    assert report.rows[0].verdict == "not finite"
    assert not report.finite
    assert not report.mismatched


def test_a_nan_where_there_is_a_derivative_is_called_not_finite() -> None:
    row = only("sqrt(x^4)", {"x": 0})
    assert (row.verdict, row.numeric) == ("not finite", 0.0)


def test_digits_that_the_formula_loses_are_no_wrong_rule() -> None:
    row = only("(x + 1e16 - 1e16)^2", {"x": 0.3}, method="precise")
    assert row.verdict == "off by rounding"
    assert (row.reverse, row.numeric) == (0.0, pytest.approx(0.6))


@each_method
def test_rounding_that_is_left_of_an_identity_is_neither_a_jump_nor_a_wrong_rule(method: str) -> None:
    identity = "asech(x) - log(1/x + sqrt(1/x - 1)*sqrt(1/x + 1))"
    for text, points in (("sin(x)^2 + cos(x)^2 - 1", (0.7, 1.3, 100.0)), (identity, (0.1, 0.3, 0.7))):
        for x in points:
            assert only(text, {"x": x}, method=method).verdict in ("ok", "off by rounding"), x


def test_what_can_not_be_told_is_undecided() -> None:
    report = check_gradient(Function("where(x == 0, 0, x*sin(1/x))"), {"x": 0})
    assert report.rows[0].verdict == "undecided"
    assert report.undecided
    assert not report.passed


def test_a_formula_that_a_kink_cancels_in_has_a_derivative_that_reverse_mode_misses() -> None:
    row = only("relu(x) - relu(-x)", {"x": 0})  # it is x
    assert (row.verdict, row.reverse, row.numeric) == ("mismatch", 0.0, 1.0)
    assert "kink" in row.detail


@each_method
def test_a_named_node_is_varied_in_its_place(method: str) -> None:
    f = Function("h = x1*w1 + x2*w2; y = sigmoid(h); (y - t)^2")
    at = {"x1": 2, "w1": 0.4, "x2": 3, "w2": -0.2, "t": 1}
    y = 1 / (1 + math.exp(-0.2))
    rows = check_gradient(f, at, ["h", "y"], method=method).rows
    assert [row.verdict for row in rows] == ["ok", "ok"]
    assert rows[0].numeric == pytest.approx(2 * (y - 1) * y * (1 - y), rel=1e-9)
    assert rows[1].numeric == pytest.approx(2 * (y - 1), rel=1e-9)


def test_another_node_may_be_differentiated() -> None:
    f = Function("h = x^2; 3*h")
    assert check_gradient(f, {"x": 2}, of="h").rows[0].numeric == pytest.approx(4)


def test_a_bound_constant_is_varied_like_a_variable() -> None:
    rows = check_gradient(Function("e*x", variables=["e"]), {"x": 3, "e": 2}).rows
    assert {str(row.entry): round(row.numeric, 9) for row in rows} == {"e": 3.0, "x": 2.0}


ARRAYS = [
    ("sum(v^2)", {"v": [1, 2, 3]}),
    ("sum(tanh(W @ v))", {"W": [[0.1, 0.2, 0.3], [-0.4, 0.5, 0.6]], "v": [1, 2, 3]}),
    ("det(W)", {"W": [[2, 1, 0], [1, 3, 1], [0, 1, 4]]}),
    ("logdet(W)", {"W": [[2, 1, 0, 0], [1, 3, 1, 0], [0, 1, 4, 1], [0, 0, 1, 5]]}),
    ("sum(inv(W))", {"W": [[2, 1], [1, 3]]}),
    ("sum(solve(W, v))", {"W": [[2, 1], [1, 3]], "v": [1, -1]}),
    *((f"norm(v, p={p})", {"v": [1, -2, 3]}) for p in (1, 2, 3)),
    *((f"{name}(v)", {"v": [1, -2, 3]}) for name in ("std", "var", "mean", "prod", "logsumexp", "max", "min")),
    *((f"{name}(v)[0]", {"v": [1, -2, 3]}) for name in ("softmax", "log_softmax", "cumsum")),
    ("prod(v)", {"v": [0, -2, 3]}),
    ("dot(v, w) + cross(v, w)[1]", {"v": [1, 2, 3], "w": [4, 5, 7]}),
    ("sum(outer(v, w)^2)", {"v": [1, 2], "w": [3, 4]}),
    ("sum([x, x^2, 3]*v)", {"x": 2, "v": [1, 2, 3]}),
    ("sum(stack(v, w)^2) + trace(W)", {"v": [1, 2], "w": [3, 4], "W": [[1, 2], [3, 4]]}),
]


@each_method
@pytest.mark.parametrize(("text", "at"), ARRAYS, ids=[f"{text} {number}" for number, (text, _) in enumerate(ARRAYS)])
def test_arrays_are_checked_entry_by_entry(text: str, at, method: str) -> None:
    f = Function(text)
    report = check_gradient(f, at, method=method)
    assert [row.verdict for row in report.rows] == ["ok"] * sum(numpy.size(value) for value in at.values())
    gradient = {name: numpy.array(slope) for name, slope in f.gradient(at).items()}
    wrong = {name: slope.copy() for name, slope in gradient.items()}
    name = f.variables[-1]
    place = (-1,) * wrong[name].ndim
    wrong[name][place] = wrong[name][place] * 1.001 + 1e-4
    mismatched = [row for row in check_gradient(f, at, method=method, gradient=wrong).rows if row.verdict == "mismatch"]
    assert [row.entry.name for row in mismatched] == [name]
    assert mismatched[0].entry == report.rows[-1].entry


@each_method
def test_only_the_entry_at_the_kink_has_no_derivative(method: str) -> None:
    rows = check_gradient(Function("sum(relu(v))"), {"v": [1, 0, -2]}, method=method).rows
    assert [row.verdict for row in rows] == ["ok", "not differentiable here", "ok"]
    assert str(rows[1].entry) == "v[1]"


def test_the_plain_central_difference_has_the_step_that_was_given() -> None:
    row = only("x^3", {"x": 1}, step=1e-4)
    assert row.method == "central"
    assert row.numeric - 3 == pytest.approx(1e-8, rel=1e-3)  # the step squared: by hand
    assert row.error > 1e-8
    assert row.verdict == "ok"


@pytest.mark.parametrize(
    ("text", "digits", "half_unit"),
    [
        *(
            ("1.04", 3, 0.005),
            ("-1.0367", 5, 0.00005),
            ("2.40e-3", 3, 0.5e-5),
            ("1.50e2", 3, 0.5),
            ("0.00123", 3, 5e-6),
        ),
        *(("2", 0, 0), ("240", 0, 0), ("0.5", 0, 0), ("1.2", 0, 0), ("pi/3", 0, 0), ("0.0", 0, 0)),
    ],
)
def test_the_digits_that_were_written_are_counted(text: str, digits: int, half_unit: float) -> None:
    stated = stated_number(text, 0.0)
    assert stated.digits == digits
    assert stated.half_unit == pytest.approx(half_unit)


def test_a_number_that_was_rounded_rightly_is_ok_to_its_digits() -> None:
    # 1.03672565784673... (mpmath)
    f, at = "sigmoid(sinh(x)) * y^2", {"x": 0.4, "y": 2}
    for text, verdict in (
        *(("1.04", "ok to 3 digits"), ("1.037", "ok to 4 digits"), ("1.03672566", "ok to 9 digits")),
        *(("1.03", "mismatch"), ("1.036", "mismatch"), ("1.03672567", "mismatch"), ("1.0367256578467328", "ok")),
    ):
        gradient = {"x": stated_number(text, float(text))}
        assert only(f, at, wrt=["x"], gradient=gradient).verdict == verdict, text


def test_the_ratio_says_by_how_much_a_number_is_off() -> None:
    row = only("x^2", {"x": 3}, gradient={"x": 12})
    assert (row.verdict, row.ratio, row.given) == ("mismatch", pytest.approx(2), 12)


def test_a_given_number_at_a_kink_must_lie_between_the_sides() -> None:
    assert only("relu(x)", {"x": 0}, gradient={"x": 0.5}).verdict == "not differentiable here"
    assert only("relu(x)", {"x": 0}, gradient={"x": 1}).verdict == "not differentiable here"
    assert only("relu(x)", {"x": 0}, gradient={"x": 5}).verdict == "mismatch"
    assert only("sqrt(x^2)", {"x": 0}, gradient={"x": 0}).verdict == "not differentiable here"


@pytest.mark.parametrize(
    ("gradient", "id", "words"),
    [
        ({"x": 1}, "missing-value", "no number for 'v'"),
        ({"x": 1, "v": [1, 2], "z": 1}, "unknown-name", "'z'"),
        ({"x": [1], "v": [1, 2]}, "bad-value", "where one number is needed"),
        ({"x": 1, "v": [1, 2, 3]}, "bad-value", "an array of shape (2,) is needed"),
        ({"x": 1, "v": [[1, 2]]}, "bad-value", "an array of shape (2,) is needed"),
        ({"x": "1", "v": [1, 2]}, "bad-value", "no number"),
    ],
)
def test_numbers_that_do_not_fit_are_an_error(gradient, id: str, words: str) -> None:
    with pytest.raises(AutodiffError) as raised:
        check_gradient(Function("x*sum(v)"), {"x": 1, "v": [1, 2]}, gradient=gradient)
    assert raised.value.id == id
    assert words in raised.value.message


@pytest.mark.parametrize("options", [{"method": "magic"}, {"step": 0}, {"step": -1}, {"method": "complex", "step": 1}])
def test_a_method_that_does_not_exist_is_an_error(options) -> None:
    with pytest.raises(AutodiffError) as raised:
        check_gradient(Function("x"), {"x": 1}, **options)
    assert raised.value.id == "usage"


def test_the_worked_examples_pass_with_their_named_nodes() -> None:
    path = Path(__file__).parents[1] / "corpora" / "worked_examples.json"
    for example in json.loads(path.read_text(encoding="utf-8")):
        if any(isinstance(value, list) for value in (*example["at"].values(), *example["values"].values())):
            continue
        names = list(example["adjoints"])
        report = check_gradient(Function(example["program"]), example["at"], names, gradient=example["adjoints"])
        verdicts = {str(row.entry): row.verdict for row in report.rows}
        assert all(verdict == "ok" or "digits" in verdict for verdict in verdicts.values()), (example, verdicts)


def test_a_given_number_is_a_float_or_has_its_digits() -> None:
    assert only("x^2", {"x": 3}, gradient={"x": Stated(6.0)}).verdict == "ok"
