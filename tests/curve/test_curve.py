"""Curves: where they break is known by hand, their values by mpmath."""

from __future__ import annotations

import math
from itertools import pairwise

import mpmath
import pytest

from autodiff import AutodiffError, Function
from autodiff.curve.curve import Curve, sample_curve
from autodiff.curve.notes import curve_notes


def curve_of(text: str, lower: float, upper: float, **point: float) -> Curve:
    return sample_curve(Function(text), "x", lower, upper, point)


def messages(text: str, lower: float, upper: float) -> list[str]:
    return [note.message for note in curve_notes(curve_of(text, lower, upper))]


@pytest.mark.parametrize(
    ("text", "x", "left", "right"),
    [
        ("abs(x)", 0, -1, 1),
        ("abs(x - 0.3)", 0.3, -1, 1),
        ("abs(x - pi/3)", math.pi / 3, -1, 1),
        ("relu(x - 1)", 1, 0, 1),
        ("leaky_relu(x)", 0, 0.01, 1),
        ("elu(x, alpha=2)", 0, 2, 1),
        ("max(x, 2 - x)", 1, -1, 1),
        ("min(x, 1, 3 - 2*x)", 1, 1, -2),
        ("where(x > 1, x^2, 2 - x)", 1, -1, 2),
        ("100*x^2 + 0.1*abs(x - 0.3)", 0.3, 59.9, 60.1),
        ("sqrt(x^2)", 0, -1, 1),
        ("hypot(x, 0)", 0, -1, 1),
        ("x*sign(x)", 0, -1, 1),
        ("sqrt(abs(x))", 0, -math.inf, math.inf),
        ("(x - 0.1)*floor(x + 0.9)", 0.1, -0.0, 1.0),
    ],
)
def test_a_kink_is_found_with_the_slopes_on_both_sides(text: str, x: float, left: float, right: float) -> None:
    # bounds at which no even sample meets the kink
    (found,) = [one for one in curve_of(text, -0.83, 1.07 if "floor" in text else 1.71).breaks if one.kind == "kink"]
    assert found.x == pytest.approx(x, rel=1e-14, abs=1e-14)
    assert (found.left.slope, found.right.slope) == pytest.approx((left, right), abs=1e-9)


@pytest.mark.parametrize(
    ("text", "x", "below", "there", "above"),
    [
        ("floor(x)", 1, 0, 1, 1),
        ("ceil(x)", 1, 1, 1, 2),
        ("sign(x - 0.9)", 0.9, -1, 0, 1),
        ("round(x - 0.25)", 0.75, 0, 0, 1),
        ("where(x < 1, x, x + 3)", 1, 1, 4, 4),
        ("mod(x, 1)", 1, 1, 0, 0),
        ("x - floor(x) + x^2", 1, 2, 1, 1),
    ],
)
def test_a_jump_is_found_with_the_values_on_both_sides(text, x, below, there, above) -> None:
    (found,) = curve_of(text, 0.43, 1.47).breaks
    assert (found.kind, found.x) == ("jump", pytest.approx(x, rel=1e-15))
    assert (found.left.value, found.value, found.right.value) == pytest.approx((below, there, above), abs=1e-9)


@pytest.mark.parametrize(
    ("text", "poles", "left", "right"),
    [
        ("1/x", [0], -math.inf, math.inf),
        ("1/x^2", [0], math.inf, math.inf),
        ("1/(x - pi/6)", [math.pi / 6], -math.inf, math.inf),
        ("tan(x)", [-math.pi / 2, math.pi / 2], math.inf, -math.inf),
        ("log(abs(x - 1/3))", [1 / 3], -math.inf, -math.inf),
        ("1/((x - 1)*(x + 1))", [-1, 1], None, None),
        ("gamma(x)", [-2, -1, 0], None, None),
    ],
)
def test_a_pole_is_found_and_no_piece_crosses_it(text, poles, left, right) -> None:
    curve = curve_of(text, -2.31, 1.93)
    found = [one for one in curve.breaks if one.kind == "pole"]
    assert [one.x for one in found] == pytest.approx(poles, rel=1e-14, abs=1e-14)
    if left is not None:
        assert {(one.left.value, one.right.value) for one in found} == {(left, right)}
    for piece in curve.pieces:
        assert not any(piece[0].x < pole < piece[-1].x for pole in poles)
    assert len(curve.pieces) == len(poles) + 1


@pytest.mark.parametrize(
    ("text", "pieces", "note"),
    [
        ("sqrt(x)", [(0, 3)], "not defined for x < 0"),
        ("log(x)", [(0, 3)], "not defined for x <= 0"),
        ("asin(x)", [(-1, 1)], "not defined for x > 1"),
        ("sqrt(x^2 - 1)", [(-3, -1), (1, 3)], "not defined for -1 < x < 1"),
        ("acosh(x + 0.7)", [(0.3, 3)], "not defined for x < 0.3"),
        ("x^pi", [(0, 3)], "not defined for x < 0"),
    ],
)
def test_a_gap_in_the_domain_divides_the_curve(text: str, pieces: list[tuple[float, float]], note: str) -> None:
    curve = curve_of(text, -3, 3)
    ends = [(piece[0].x, piece[-1].x) for piece in curve.pieces]
    assert ends == [pytest.approx(end, abs=1e-9) for end in pieces]
    assert note in [one.message for one in curve_notes(curve)]


@pytest.mark.parametrize(
    ("text", "lower", "upper"),
    [
        ("x^2", -3, 3),
        ("x^2", -1e100, 1e100),
        ("x", -1.7e308, 1.7e308),
        ("sin(x)", 0, 1e-300),
        ("x", 1e300, 2e300),
        ("x - 1e16", 1e16, 1e16 + 10),
        ("tanh(1e6*x)", -1, 1),
        ("sin(1000*x)", -3, 3),
        ("x*abs(x)", -2, 3),
        ("where(x > 0, x^2, 0)", -2, 3),
        ("elu(x)", -2, 3),
        ("where(x == 0, 1, sin(x)/x)", -2, 3),
        ("sin(x)^2 + cos(x)^2", -3, 3),
        ("exp(-x^2)", -30, 30),
        ("7", 0, 1),
        ("1/(exp(-50*x) + 1)", -2, 3),
    ],
)
def test_what_is_smooth_is_one_piece_without_notes(text: str, lower: float, upper: float) -> None:
    curve = curve_of(text, lower, upper)
    assert curve_notes(curve) == []
    (piece,) = curve.pieces
    assert (piece[0].x, piece[-1].x) == (lower, upper)
    assert all(before.x < after.x for before, after in pairwise(piece))


@pytest.mark.parametrize(
    ("text", "value", "slope"),
    [
        ("sin(1/x)", lambda x: mpmath.sin(1 / x), lambda x: -mpmath.cos(1 / x) / x**2),
        ("x*exp(-x)", lambda x: x * mpmath.exp(-x), lambda x: (1 - x) * mpmath.exp(-x)),
        ("log(x)^2", lambda x: mpmath.log(x) ** 2, lambda x: 2 * mpmath.log(x) / x),
        ("x^0.1", lambda x: x ** mpmath.mpf(0.1), lambda x: mpmath.mpf(0.1) * x ** (mpmath.mpf(0.1) - 1)),
    ],
)
def test_samples_and_the_lines_between_them_are_on_the_curve(text, value, slope) -> None:
    (piece,) = curve_of(text, 0.05, 2).pieces
    heights = [sample.value for sample in piece]
    extent = max(heights) - min(heights)
    for sample in piece:
        x = mpmath.mpf(sample.x)
        assert abs(sample.value - value(x)) <= 1e-14 * max(1, abs(value(x)), abs(x * slope(x)))
        assert abs(sample.slope - slope(x)) <= 1e-11 * max(1, abs(slope(x)))
    for before, after in pairwise(piece):
        middle = value((mpmath.mpf(before.x) + after.x) / 2)
        assert abs((before.value + after.value) / 2 - middle) <= 0.01 * extent


def test_a_hole_has_the_limit_of_both_sides() -> None:
    (found,) = curve_of("sin(x)/x", -3, 3).breaks
    assert (found.kind, found.x, found.left.value) == ("hole", 0, pytest.approx(1))
    (found,) = curve_of("(1 - cos(x))/x^2", -3, 3).breaks  # rounding leaves nothing of it near 0
    assert (found.kind, found.left.value) == ("hole", pytest.approx(0.5, abs=1e-3))


def test_a_single_value_apart_is_found() -> None:
    (found,) = curve_of("where(x == 0.5, 1, 0)", -2, 1.7).breaks
    assert (found.kind, found.x, found.value, found.left.value) == ("point", 0.5, 1, 0)


def test_an_infinite_slope_divides_the_derivative() -> None:
    (found,) = curve_of("cbrt(x)", -2, 2).breaks
    assert (found.kind, found.x, found.left.slope, found.right.slope) == ("vertical", 0, math.inf, math.inf)


def test_what_has_no_limit_is_no_jump() -> None:
    assert messages("sin(1/x)", -1, 1) == ["not defined at x = 0; the value has no limit there"]


def test_what_is_too_large_for_a_number_is_a_gap_of_its_own() -> None:
    curve = curve_of("exp(x)", 0, 1000)
    # the logarithm of the largest binary64
    assert curve.gaps[0].start == pytest.approx(709.782712893384, rel=1e-14)
    assert messages("exp(x)", 0, 1000) == ["not finite for x > 709.782713"]


def test_a_curve_without_a_value_has_no_pieces() -> None:
    curve = curve_of("log(-1 - x^2)", -1, 1)
    assert curve.pieces == []
    assert [note.message for note in curve_notes(curve)] == ["not defined anywhere from x = -1 to 1"]


def test_at_a_bound_the_derivative_is_that_of_the_inner_side() -> None:
    for lower, upper, slope in ((0, 3, 1), (-3, 0, -1)):
        curve = curve_of("abs(x)", lower, upper)
        assert curve.breaks == []
        assert {sample.slope for sample in curve.pieces[0]} == {slope}


def test_a_jump_at_a_bound_leaves_a_point() -> None:
    first, second, last = curve_of("floor(x)", 0, 2).pieces
    assert [first[-1].value, second[-1].value, last[0].value] == [0, 1, 2]


def test_two_kinks_near_each_other_are_two() -> None:
    assert [found.x for found in curve_of("abs(x) + abs(x - 1e-7)", -1, 1).breaks] == [0, 1e-7]


def test_where_two_pieces_meet_in_a_kink_they_share_the_point() -> None:
    left, right = curve_of("abs(x - 0.3)", -1, 1).pieces
    assert left[-1][:3] == (0.3, 0, -1)
    assert right[0][:3] == (0.3, 0, 1)


def test_many_jumps_are_counted_and_none_is_drawn_across() -> None:
    curve = curve_of("floor(50*x)", -3, 3)
    *_, counted, coarse = curve_notes(curve)
    assert (counted.id, coarse.id) == ("jump", "coarse")
    assert all(len({sample.value for sample in piece}) == 1 for piece in curve.pieces)


def test_the_notes_read_as_sentences() -> None:
    assert messages("abs(x)", -3, 3) == ["kink at x = 0: slope -1 to the left, 1 to the right"]
    assert messages("1/x", -3, 3) == ["pole at x = 0: the value goes to -inf on the left, +inf on the right"]
    assert messages("1/x^2", -3, 3) == ["pole at x = 0: the value goes to +inf on both sides"]
    assert messages("log(x)", 0, 3) == ["pole at x = 0: the value goes to -inf on the right"]
    assert messages("where(x == 1, 5, x)", 0, 3) == ["the value at x = 1 is 5, and beside it 1"]
    assert messages("sign(x)", -3, 3) == ["the value jumps from -1 to 1 at x = 0; it is 0 there"]
    assert messages("sin(x)/x", -3, 3) == ["not defined at x = 0; the value tends to 1 there"]
    assert messages("cbrt(x)", -3, 3) == ["the slope is infinite at x = 0"]


def test_a_named_node_and_other_variables() -> None:
    curve = sample_curve(Function("h = w*x; abs(h)"), "x", -1, 1, {"w": 3}, of="h")
    assert curve.breaks == []
    assert {sample.slope for sample in curve.pieces[0]} == {3}


def test_an_array_and_a_missing_value_are_refused() -> None:
    for text, id, message in (
        ("[x, x^2]", "not-a-number", "the value is an array of shape (2,), and a plot needs one number"),
        ("x*y", "missing-value", "there is no value for 'y'"),
    ):
        with pytest.raises(AutodiffError) as caught:
            curve_of(text, 0, 1)
        assert (caught.value.id, caught.value.message) == (id, message)
        assert caught.value.suggestion
