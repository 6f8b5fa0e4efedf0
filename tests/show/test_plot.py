"""A curve as text and as pictures."""

from __future__ import annotations

import math

import pytest

from autodiff import Function
from autodiff.curve.curve import sample_curve
from autodiff.show.panels import clipped, cut_notes, panels, tick_labels, ticks
from autodiff.show.plot_image import FORMS, plot_image
from autodiff.show.plot_terminal import plot_text


def drawn(text: str, lower: float, upper: float, width: int = 80, height: int = 24, **options: bool) -> list[str]:
    curve = sample_curve(Function(text), "x", lower, upper)
    return plot_text(curve, panels(curve), width, height, **options).split("\n")


def column(lines: list[str], character: str) -> set[int]:
    return {line.index(character) for line in lines if character in line}


@pytest.mark.parametrize(("width", "height"), [(30, 12), (80, 24), (120, 40), (200, 50), (200, 24)])
def test_a_plot_has_the_size_that_was_asked_for(width: int, height: int) -> None:
    lines = drawn("x^2", -3, 3, width, height)
    assert len(lines) == height
    assert max(map(len, lines)) == width


def test_the_derivative_is_below_the_function_or_beside_it_where_that_is_wide() -> None:
    assert [line.strip() for line in drawn("x^2", -3, 3) if "x" in line] == ["x^2", "d/dx"]
    assert drawn("x^2", -3, 3, 160, 24)[0].split() == ["x^2", "d/dx"]


def test_a_kink_is_a_dot_and_the_derivative_ends_in_open_ones() -> None:
    lines = drawn("abs(x)", -3, 3)
    value, derivative = lines[:12], lines[12:]
    assert "".join(value).count("●") == 1
    assert "".join(derivative).count("○") == 2
    assert "○" not in "".join(value)


def test_a_pole_is_a_vertical_line_that_the_curve_does_not_cross() -> None:
    lines = drawn("1/x", -3, 3)
    assert len(column(lines, "┊")) == 1
    (middle,) = column(lines, "┊")
    assert all(line[middle] in "┊┬─0" for line in lines if "│" in line)


def test_a_gap_is_shaded_and_nothing_is_drawn_in_it() -> None:
    lines = [line for line in drawn("sqrt(x)", -4, 4)[2:10] if "░" in line]
    assert lines
    assert all(set(line[line.index("░") : line.rindex("░")]) == {"░"} for line in lines)
    assert all(abs(line.rindex("░") - 40) <= 2 for line in lines)


def test_a_jump_is_not_joined() -> None:
    lines = drawn("sign(x)", -3, 3)[2:10]
    rows = [index for index, line in enumerate(lines) if any("⠀" < character <= "⣿" for character in line)]
    assert len(rows) == 2


def test_colour_only_where_it_is_asked_for() -> None:
    assert "\x1b" in "\n".join(drawn("x^2", -3, 3, colour=True))
    assert "\x1b" not in "\n".join(drawn("abs(x)/x + sqrt(x)", -3, 3))


def test_characters_of_ascii_do_where_there_are_no_others() -> None:
    assert "\n".join(drawn("sqrt(x)/abs(x - 1)", -3, 3, ascii_only=True)).isascii()


def test_control_characters_do_not_reach_the_terminal() -> None:
    curve = sample_curve(Function("x # \x1b[31m\x07"), "x", 0, 1)
    assert "\x1b" not in plot_text(curve, panels(curve), 80, 24)
    assert b"\x1b" not in plot_image(curve, panels(curve), "svg")


def test_a_title_too_long_is_cut() -> None:
    title = drawn(" + ".join(f"sin({k}*x)" for k in range(1, 60)), -3, 3)[0]
    assert title.rstrip().endswith("…")
    assert len(title) <= 80


@pytest.mark.parametrize(
    ("lower", "upper"), [(0, 1e-300), (1e300, 1.5e300), (-1.7e308, 1.7e308), (0, 5e-322), (1e16, 1e16 + 10)]
)
@pytest.mark.parametrize("text", ["x", "log(abs(x))"])
def test_any_size_of_numbers_can_be_drawn(text: str, lower: float, upper: float) -> None:
    curve = sample_curve(Function(text), "x", lower, upper)
    assert len(plot_text(curve, panels(curve), 80, 24).split("\n")) == 24
    assert plot_image(curve, panels(curve), "png").startswith(b"\x89PNG")


@pytest.mark.parametrize("form", FORMS)
def test_the_same_curve_gives_the_same_bytes(form: str) -> None:
    curve = sample_curve(Function("sqrt(x^2 - 1) + 1/(x - 2)"), "x", -3, 3)
    first, second = (plot_image(curve, panels(curve), form) for _ in range(2))
    assert first == second
    assert first.startswith({"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}[form])
    assert b"<dc:date>" not in first
    assert b"CreationDate" not in first


def test_a_pole_does_not_squash_the_rest() -> None:
    for text in ("1/x", "tan(x)", "1/(x - 0.12345)^2", "gamma(x)"):
        curve = sample_curve(Function(text), "x", -3, 3)
        value, derivative = panels(curve)
        assert value.high - value.low < 60, text
        assert derivative.high - derivative.low < 600, text
        assert list(cut_notes((value, derivative)))


def test_what_has_no_pole_is_shown_whole() -> None:
    for text in ("x^2", "exp(x)", "x^9", "floor(x)", "sin(1/x)"):
        curve = sample_curve(Function(text), "x", -10, 10)
        value, _ = panels(curve)
        heights = [sample.value for piece in curve.pieces for sample in piece]
        assert value.low <= min(heights) <= max(heights) <= value.high, text


def test_a_logarithm_is_shown_down_to_where_it_goes() -> None:
    value, _ = panels(sample_curve(Function("log(x)"), "x", 0, 10))
    assert value.low < -3
    assert value.high > math.log(10)


def test_rounding_errors_are_not_magnified() -> None:
    value, _ = panels(sample_curve(Function("sin(x)^2 + cos(x)^2"), "x", -3, 3))
    assert value.high - value.low > 0.1


def test_a_line_is_cut_where_it_leaves_the_range() -> None:
    assert clipped([(0, 0), (1, 2), (2, 0)], 0, 1) == [[(0, 0), (0.5, 1)], [(1.5, 1), (2, 0)]]
    assert clipped([(0, -1), (1, 3)], 0, 1) == [[(0.25, 0), (0.5, 1)]]
    assert clipped([(0, 2), (1, 3)], 0, 1) == []
    assert clipped([(0, 0.5)], 0, 1) == [[(0, 0.5)]]


def test_ticks_are_round_and_as_many_as_fit() -> None:
    assert ticks(-3, 3, 7) == [-3, -2, -1, 0, 1, 2, 3]
    assert ticks(-3, 3, 6) == [-2, 0, 2]
    assert ticks(0.1, 0.5, 5) == [0.1, 0.2, 0.3, 0.4, 0.5]
    assert tick_labels(ticks(-1e308, 1e308, 5)) == ["-1e+308", "-5e+307", "0", "5e+307", "1e+308"]
