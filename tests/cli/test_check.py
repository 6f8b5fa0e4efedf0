"""`autodiff check` as a user types it."""

from __future__ import annotations

import json

import pytest

from tests.terminal import at_terminal

WRONG_PRODUCT = 'autodiff check "x^2*sin(x)" --answer "2x*cos(x)"'
KEYS = [
    *("schema", "function", "variable", "order", "answer", "verdict", "how", "points", "digits", "counterexample"),
    *("diagnoses", "notes", "correct"),
]


@pytest.mark.parametrize(
    ("arguments", "code", "first"),
    [
        ('"x^2" --answer "2x"', 0, "verdict\tright"),
        ('"x^2" --answer "x"', 1, "verdict\twrong"),
        ('"abs(x)" --at x=0 --answer 0', 5, "verdict\tundecided"),
        ('"-x^2" --answer "-2x"', 0, "verdict\tright"),
        ('"x*y" --wrt y --answer x', 0, "verdict\tright"),
        ('"exp(x^2)" --order 2 --answer "(4x^2 + 2)*exp(x^2)"', 0, "verdict\tright"),
        ('"x^2*y^3" --mixed x,y --answer "6x*y^2"', 0, "verdict\tright"),
        ('"(x+1)^2" --equal --answer "x^2 + 2x + 1"', 0, "verdict\tright"),
        ('"x^3/3" --wrt x --equal --up-to constant --answer "x^3/3 + c"', 0, "verdict\tright"),
        ('"sqrt(x^2)" --assume "x > 0" --answer 1', 0, "verdict\tright"),
        ('"sqrt(x^2)" --domain x=0:inf --answer 1', 0, "verdict\tright"),
        ('"sqrt(x^2)" --domain x=-1:1 --answer 1', 1, "verdict\twrong"),
        ('"sin(x)" --at x=1 --answer 0.54 --tolerance 0.01', 0, "verdict\tright"),
        ('"x^2" --answer "2*sqrt(x)^2"', 0, "verdict\tright"),
        ('"x^2" --answer "2*sqrt(x)^2" --strict', 1, "verdict\twrong"),
    ],
)
def test_the_exit_code_is_the_verdict(shell, arguments: str, code: int, first: str) -> None:
    result = shell(f"autodiff check {arguments}")
    assert (result.returncode, result.stdout.splitlines()[0]) == (code, first)


def test_an_answer_comes_from_standard_input_too(shell) -> None:
    assert shell('echo "2x" | autodiff check "x^2" --answer -').returncode == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ('"x^2"', "there is no answer"),
        ('"x^2" --answer 2x --up-to sign', "right up to 'sign'"),
        ('"x^2" --answer 2x --wrt x --mixed x,x', "can't both be given"),
        ('"x^2" --answer 2x --equal --mixed x,x', "--mixed means nothing"),
        ('"x^2" --answer 2x --domain 0:1', "is for no variable"),
        ('"x^2" --answer 2x --domain x=1:0', "ends before it begins"),
        ('"x^2" --answer 2x --at 2', "gives no value to a name"),
        ('"x^2" --answer 2x --assume "x >"', "in an assumption"),
        ('"x^2" --answer "2x + sinn(x)"', "in the answer"),
        ('"x^2" --answer 2x --anser 2x', "did you mean --answer"),
    ],
)
def test_what_means_nothing_is_an_error_with_its_place(shell, arguments: str, message: str) -> None:
    result = shell(f"autodiff check {arguments}")
    assert result.returncode == 2
    assert message in result.stderr
    assert result.stdout == ""


def test_json_has_all_there_is_to_know_in_a_fixed_order(shell) -> None:
    result = shell(f"{WRONG_PRODUCT} --json")
    found = json.loads(result.stdout)
    assert list(found) == KEYS
    assert list(found["counterexample"]) == ["at", "expected", "got"]
    assert list(found["diagnoses"][0]) == ["rule", "message", "span", "node"]
    assert found["diagnoses"][0]["span"] == [0, 10]
    assert found["correct"] == "2*x*sin(x) + x^2*cos(x)"


def test_a_hint_says_where_to_look_and_gives_nothing_away(shell) -> None:
    result = shell(f"{WRONG_PRODUCT} --hint")
    assert "look at x^2*sin(x): what is the rule for a product?" in result.stdout
    assert "expected" not in result.stdout + result.stderr
    assert "2*x*sin(x)" not in result.stdout + result.stderr


def test_explain_adds_the_derivation(shell) -> None:
    assert "product rule: (u*v)' = u'*v + u*v'" in shell(f"{WRONG_PRODUCT} --explain").stdout
    steps = json.loads(shell(f"{WRONG_PRODUCT} --explain --json").stdout)["steps"]
    assert steps[0]["steps"][-1]["rule"] == "product"


def test_at_a_terminal_the_part_of_the_function_is_underlined() -> None:
    lines = at_terminal(["check", "x + sin(5x)", "--answer", "1 + cos(5x)", "--no-color"]).output.splitlines()
    assert lines[0] == "wrong: at x = 2: expected -3.19536, yours 0.160928"
    assert lines[1:3] == ["  x + sin(5x)", "      ^^^^^^^"]


def test_nothing_of_what_a_student_types_is_markup_or_moves_the_cursor() -> None:
    screen = at_terminal(["check", "x^2", "--answer", "[red]\x1b[2J2x"])
    assert "\x1b[2J" not in screen.output + screen.errors
    assert "[red]" in screen.errors


def test_without_colour_there_are_no_escape_codes(shell) -> None:
    assert "\x1b" in at_terminal(["check", "x^2", "--answer", "x"]).output
    assert "\x1b" not in at_terminal(["check", "x^2", "--answer", "x"], NO_COLOR="1").output
