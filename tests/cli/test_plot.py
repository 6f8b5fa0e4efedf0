"""`autodiff plot` as its users meet it."""

from __future__ import annotations

import json

import pytest

from tests.terminal import at_terminal


def test_into_a_pipe_it_draws_80_columns_without_colour(shell) -> None:
    result = shell('autodiff plot "abs(x)" --over x=-3:3')
    lines = result.stdout.splitlines()
    assert (len(lines), max(map(len, lines))) == (24, 80)
    assert "\x1b" not in result.stdout
    assert result.stderr == "note[kink]: kink at x = 0: slope -1 to the left, 1 to the right\n"


def test_at_a_terminal_plot_and_notes_fit_and_have_colour() -> None:
    screen = at_terminal(["plot", "tan(x)", "--over", "x=-pi:pi"])
    assert "\x1b[38;5;" in screen.output
    notes = screen.errors.splitlines()
    rows = len(screen.output.splitlines()) + sum(1 + len(note) // 80 for note in notes)
    assert len(notes) == 4
    assert rows < 24


@pytest.mark.parametrize(
    ("options", "variables"), [([], {"NO_COLOR": "1"}), ([], {"TERM": "dumb"}), (["--no-color"], {})]
)
def test_no_escape_codes_where_they_are_not_wanted(options: list[str], variables: dict[str, str]) -> None:
    screen = at_terminal(["plot", "1/x", *options], **variables)
    assert screen.code == 0
    assert "1/x" in screen.output
    assert "\x1b" not in screen.output + screen.errors


def test_bounds_are_formulas_and_the_name_may_be_left_out(shell) -> None:
    for over, bounds in (
        ('--over "x=0:2*pi"', [0, 6.283185307179586]),
        ("--over x=-pi:pi", [-3.141592653589793, 3.141592653589793]),
        ("--over -3:3", [-3, 3]),
        ("--over=-1/2:1e3", [-0.5, 1000]),
        ("", [-5, 5]),
    ):
        assert json.loads(shell(f'autodiff plot "sin(x)" {over} --json').stdout)["over"] == bounds


def test_other_variables_get_values_and_a_node_can_be_chosen(shell) -> None:
    result = json.loads(shell('autodiff plot "h = w*x; abs(h)" --over w=-1:1 --at x=3 --of h --json').stdout)
    assert (result["variable"], result["of"], result["at"], result["breaks"]) == ("w", "h", {"x": 3}, [])
    assert set(result["pieces"][0]["slope"]) == {3}


def test_json_has_pieces_breaks_and_gaps_and_no_number_that_is_none(shell) -> None:
    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is not JSON")

    written = shell('autodiff plot "sqrt(x) + 1/(x - 1)" --over x=-1:3 --json').stdout
    result = json.loads(written, parse_constant=refuse)
    assert [gap["to"] for gap in result["gaps"]] == [0]
    (pole,) = result["breaks"]
    assert (pole["kind"], pole["x"]) == ("pole", 1)
    assert (pole["left"]["value"], pole["right"]["value"]) == ("-Infinity", "Infinity")
    assert len(result["pieces"]) == 2
    for piece in result["pieces"]:
        assert len(piece["x"]) == len(piece["value"]) == len(piece["slope"])
    assert result["pieces"][0]["slope"][0] == "Infinity"


@pytest.mark.parametrize(("name", "begins"), [("a.svg", b"<?xml"), ("a.PNG", b"\x89PNG"), ("a.pdf", b"%PDF")])
def test_a_picture_is_written_to_a_file(shell, tmp_path, name: str, begins: bytes) -> None:
    result = shell(f'autodiff plot -o {name} "-cos(x)"')
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert (tmp_path / name).read_bytes().startswith(begins)


def test_a_formula_of_no_variables_is_a_constant(shell) -> None:
    assert set(json.loads(shell('autodiff plot "7" --json').stdout)["pieces"][0]["value"]) == {7}


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        ('"x^2" --over 3:-3', "the interval 3:-3 ends before it begins", "write -3:3"),
        ('"x^2" --over 1:1', "the interval 1:1 has no width", ""),
        ('"x^2" --over x=0:inf', "an end of the interval is inf", ""),
        ('"x^2" --over x=', "'x=' is no interval", "--over x=-3:3"),
        ('"x^2" --over 1:2:3', "'1:2:3' is no interval", ""),
        ('"x^2" --over t=0:1', "'t' is not in the formula", "its variable is x"),
        ('"x*y"', "several variables, x, y", "--over x=-3:3 --at y=1"),
        ('"x" --at x=1', "every variable of the formula has a value", "--over x=-3:3"),
        ('"x" --at x=1 --over x=0:1', "a value and an interval", ""),
        ('"x*y" --over x=0:1', "there is no value for 'y'", ""),
        ('"[x, x^2]"', "a plot needs one number", "sum(...)"),
        ('"h = [x, x]; sum(h)" --of h', "the value is an array of shape (2,)", "plot one entry"),
        ('"x*sum(v)" --at "v=[1, 2]" --shape v=3', "has shape (2,), where (3,) is needed", "give it 3 numbers"),
        ('"x(x+1)" --strict', "'x(x+1)' is read as x*(x+1)", "without --strict"),
        ('"abs(x)" --strict', "kink at x = 0", "without --strict"),
        ('"x" -o a.gif', "names no kind of picture", ".svg, .png or .pdf"),
        ('"x" -o absent/a.svg', "can't write absent/a.svg", ""),
        ('"x" --widht 3', "there is no option --widht", "--width"),
    ],
)
def test_what_means_nothing_is_an_error_that_says_what_to_do(shell, arguments: str, message: str, hint: str) -> None:
    result = shell(f"autodiff plot {arguments}")
    assert (result.returncode, result.stdout) == (2, "")
    assert message in result.stderr
    assert hint in result.stderr
    assert "Traceback" not in result.stderr


def test_how_the_formula_was_read_is_said(shell) -> None:
    assert "note[name-before-parentheses]: 'x(x+1)' is read as x*(x+1)" in shell('autodiff plot "x(x+1)"').stderr
    notes = json.loads(shell('autodiff plot "x(x+1)" --json').stdout)["notes"]
    assert [note["id"] for note in notes] == ["name-before-parentheses"]


def test_a_curve_without_a_value_has_its_own_exit_code(shell) -> None:
    result = shell('autodiff plot "log(-1 - x^2)" --over x=-1:1')
    assert (result.returncode, result.stdout) == (3, "")
    assert result.stderr == "note[gap]: not defined anywhere from x = -1 to 1\n"


def test_without_matplotlib_the_error_says_what_to_install(shell) -> None:
    result = shell('echo "raise ImportError" > matplotlib.py; autodiff plot "x^2" -o a.svg')
    assert result.returncode == 2
    assert "pip install 'autodiff-cli[plot]'" in result.stderr


def test_json_needs_no_extra_package(shell) -> None:
    result = shell('echo "raise ImportError" | tee matplotlib.py > plotext.py; autodiff plot "x^2" --json')
    assert (result.returncode, result.stderr) == (0, "")


def test_a_reader_that_has_enough_ends_it_quietly(shell) -> None:
    result = shell('autodiff plot "x^2" | head -1')
    assert (result.stdout.strip(), result.stderr) == ("x^2", "")


def test_where_output_is_ascii_it_is_ascii(shell) -> None:
    assert shell('autodiff plot "abs(x)"', PYTHONIOENCODING="ascii").stdout.isascii()


def test_help_says_what_the_interval_is_by_default(shell) -> None:
    assert "-5:5" in shell("autodiff plot --help").stdout


@pytest.mark.parametrize(
    ("formula", "values"), [("log(1 + exp(x))", ""), ("sum(log(1 + exp(v*x)))", '--at "v=[1, 2]"')]
)
def test_a_form_that_is_computed_in_another_way_is_noted_once(shell, formula: str, values: str) -> None:
    line = f'autodiff plot "{formula}" --over x=-1:1 --json {values}'
    assert shell(line).stderr.count("note[stabilised]") == 1
    assert shell(f"{line} --no-stabilise").stderr == ""


@pytest.mark.parametrize("formula", ["sqrt(1 - x^2)", "log(cosh(30*x))", "log(1 - exp(-x - 2))", "sqrt(1 + 5*x) - 1"])
def test_a_choice_between_two_ways_to_compute_is_no_break(shell, formula: str) -> None:
    result = shell(f'autodiff plot "{formula}" --over x=-0.19:0.99 --json')
    assert json.loads(result.stdout)["breaks"] == []
