"""`autodiff jacobian` as its users meet it."""

from __future__ import annotations

import json

import pytest

from tests.terminal import at_terminal

POLAR = '"[r*cos(t), r*sin(t)]" --at r=2,t=pi/3'
# by hand: [[cos(t), -r*sin(t)], [sin(t), r*cos(t)]] with cos(pi/3) = 1/2 and sin(pi/3) = sqrt(3)/2
POLAR_JACOBIAN = {"value[0]": [0.5, -(3**0.5)], "value[1]": [3**0.5 / 2, 1.0]}


def table(output: str) -> tuple[list[str], dict[str, list[float]]]:
    """The labels of the columns, and the numbers of each row by its label."""
    (corner, *labels), *lines = [line.split("\t") for line in output.splitlines()]
    assert corner == ""
    return labels, {label: [float(number) for number in numbers] for label, *numbers in lines}


def refuse(name: str) -> None:
    raise AssertionError(f"{name} is not JSON")


def test_a_pipe_gets_a_labelled_row_for_each_entry_with_tabs_and_all_digits(shell) -> None:
    result = shell(f"autodiff jacobian {POLAR}")
    columns, rows = table(result.stdout)
    assert columns == ["d/dr", "d/dt"]
    assert list(rows) == list(POLAR_JACOBIAN)
    for label, expected in POLAR_JACOBIAN.items():
        assert rows[label] == pytest.approx(expected, rel=1e-15)
    assert (result.returncode, result.stderr) == (0, "")


def test_a_number_has_one_row_and_arrays_a_column_for_each_entry(shell) -> None:
    # by hand: d(x*sum(v))/dx = 3, /dv[i] = x
    assert table(shell('autodiff jacobian "x*sum(v)" --at x=5 --at "v=[1, 2]"').stdout) == (
        ["d/dx", "d/dv[0]", "d/dv[1]"],
        {"value": [3, 5, 5]},
    )
    columns, rows = table(shell('autodiff jacobian "W" --at "W=[[1, 2], [3, 4]]"').stdout)
    assert columns == ["d/dW[0, 0]", "d/dW[0, 1]", "d/dW[1, 0]", "d/dW[1, 1]"]
    assert rows["value[1, 0]"] == [0, 0, 1, 0]


def test_a_formula_without_variables_has_no_columns(shell) -> None:
    result = shell('autodiff jacobian "[1, 2]"')
    assert (result.returncode, result.stdout) == (0, "\nvalue[0]\nvalue[1]\n")


def test_a_named_node_can_be_differentiated_and_differentiated_by(shell) -> None:
    program = '"h = [x*y, x]; 2*h" --at x=2,y=3'
    # by hand: dh/d(x, y) = [[y, x], [1, 0]]
    assert table(shell(f"autodiff jacobian {program} --of h").stdout) == (
        ["d/dx", "d/dy"],
        {"h[0]": [3, 2], "h[1]": [1, 0]},
    )
    assert table(shell(f"autodiff jacobian {program} --wrt h,y").stdout) == (
        ["d/dh[0]", "d/dh[1]", "d/dy"],
        {"value[0]": [2, 0, 4], "value[1]": [0, 2, 0]},
    )


def test_json_has_blocks_of_the_shape_of_the_value_then_of_the_name(shell) -> None:
    result = shell('autodiff jacobian "x*v" --at x=3 --at "v=[1, 2]" --json')
    assert json.loads(result.stdout, parse_constant=refuse) == {
        "schema": 1,
        "expression": "x*v",
        "at": {"x": 3, "v": [1, 2]},
        "value": [3, 6],
        "jacobian": {"x": [1, 2], "v": [[3, 0], [0, 3]]},
        "notes": [],
    }
    assert result.returncode == 0


def test_json_has_all_entries_and_all_digits_whatever_the_table_shows(shell) -> None:
    # 20 * 20 entries; d(v/3)/dv is 1/3 on the diagonal
    result = shell('autodiff jacobian "v/3" --at "v=range(20)" --json --precision 3')
    block = json.loads(result.stdout)["jacobian"]["v"]
    assert block == [[1 / 3 if row == column else 0 for column in range(20)] for row in range(20)]


def test_what_is_not_finite_is_valid_json_with_its_exit_code_and_a_note(shell) -> None:
    # at 0: log is -inf with slope inf, 1/x is inf with slope -inf
    result = shell('autodiff jacobian "[log(x), 1/x]" --at x=0 --json')
    report = json.loads(result.stdout, parse_constant=refuse)
    assert report["value"] == ["-Infinity", "Infinity"]
    assert report["jacobian"]["x"] == ["Infinity", "-Infinity"]
    assert [note["id"] for note in report["notes"]] == ["not-finite"]
    assert result.returncode == 3
    assert "note[not-finite]: log of 0" in result.stderr


def test_a_slope_that_is_not_finite_is_enough_for_the_exit_code(shell) -> None:
    result = shell('autodiff jacobian "[sqrt(x), x]" --at x=0')
    assert table(result.stdout)[1] == {"value[0]": [float("inf")], "value[1]": [1]}
    assert result.returncode == 3


def test_a_kink_is_noted_and_refused_by_strict(shell) -> None:
    line = 'autodiff jacobian "[abs(x), x]" --at x=0'
    result = shell(line)
    assert table(result.stdout)[1] == {"value[0]": [0], "value[1]": [1]}  # the least slope of abs at its kink is 0
    assert result.stderr == "note[kink]: abs is not differentiable at 0\n"
    assert result.returncode == 0
    result = shell(f"{line} --strict")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("error[strict-note]: abs is not differentiable at 0\n")
    assert shell('autodiff jacobian "log(x)" --at x=0 --strict').returncode == 3


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        ('"x*y" --at x=1', "there is no value for 'y'", "give y=..."),
        ('"x" --at x=1 --wrt q', "'q' is not in the formula", "there is x"),
        ('"x" --at x=1 --of q', "no node is named 'q'", "there is x"),
        ('"v" --at "v=[1, 2]" --shape v=3', "has shape (2,), where (3,) is needed", "give it 3 numbers"),
        ('"x" --at x=1 --ful', "there is no option --ful", "--full"),
        ('"x" --at x=1 --precision 0', "'--precision'", "jacobian --help"),
        ("", "there is no formula", "give one"),
    ],
)
def test_what_means_nothing_is_an_error_that_says_what_to_do(shell, arguments: str, message: str, hint: str) -> None:
    result = shell(f"autodiff jacobian {arguments}")
    assert (result.returncode, result.stdout) == (2, "")
    assert message in result.stderr
    assert hint in result.stderr.partition("\n")[2]


def test_at_a_terminal_the_numbers_are_aligned_at_the_right_with_six_digits() -> None:
    screen = at_terminal(["jacobian", "[r*cos(t), r*sin(t)]", "--at", "r=2,t=pi/3"])
    assert screen.output.splitlines() == [
        "              d/dr      d/dt",
        "value[0]       0.5  -1.73205",
        "value[1]  0.866025         1",
    ]
    assert (screen.errors, screen.code) == ("", 0)


def test_the_digits_can_be_chosen() -> None:
    arguments = ["jacobian", "x/3", "--at", "x=1", "--precision"]
    assert at_terminal([*arguments, "3"]).output.split() == ["d/dx", "value", "0.333"]
    assert at_terminal([*arguments, "12"]).output.split() == ["d/dx", "value", "0.333333333333"]


WIDE = ["jacobian", "sum(v^2)", "--at", "v=range(30)"]  # by hand: 2*v
TALL = ["jacobian", "x*range(60)", "--at", "x=1"]  # by hand: 0, 1, 2, ...


def test_a_wide_table_is_cut_to_the_terminal_with_a_note() -> None:
    screen = at_terminal(WIDE)
    titles, numbers = screen.output.splitlines()
    assert max(len(titles), len(numbers)) <= 80
    assert titles.endswith("  …")
    assert numbers.endswith("  …")
    *shown, _ = titles.split()
    count = len(shown)
    assert shown == [f"d/dv[{place}]" for place in range(count)]
    assert numbers.split() == ["value", *(str(2 * place) for place in range(count)), "…"]
    assert len(titles) + len("  d/dv[8]") > 80 - len("  …")  # another column would not fit
    assert screen.errors == f"note[table-cut]: 1 of 1 rows and {count} of 30 columns are shown; --full shows all\n"
    assert screen.code == 0


def test_a_tall_table_is_cut_to_forty_rows_with_a_note() -> None:
    screen = at_terminal(TALL)
    title, *lines = screen.output.splitlines()
    assert title.split() == ["d/dx"]
    assert [line.split() for line in lines] == [[f"value[{place}]", str(place)] for place in range(40)]
    assert len(set(map(len, lines))) == 1
    assert "…" not in screen.output
    assert screen.errors == "note[table-cut]: 40 of 60 rows and 1 of 1 columns are shown; --full shows all\n"


def test_full_shows_all_rows_and_columns_without_a_note() -> None:
    wide, tall = at_terminal([*WIDE, "--full"]), at_terminal([*TALL, "--full"])
    assert wide.output.splitlines()[1].split() == ["value", *(str(2 * place) for place in range(30))]
    assert [line.split()[1] for line in tall.output.splitlines()[1:]] == [str(place) for place in range(60)]
    assert wide.errors == tall.errors == ""


def test_a_pipe_gets_all_rows_and_columns(shell) -> None:
    result = shell('autodiff jacobian "v*range(50)" --at "v=range(50)"')
    columns, rows = table(result.stdout)
    assert (len(columns), len(rows)) == (50, 50)
    assert rows["value[49]"] == [0] * 49 + [49]
    assert result.stderr == ""


def test_a_formula_comes_from_standard_input_or_a_file(shell) -> None:
    expected = shell('autodiff jacobian "-x^2" --at x=3').stdout
    assert table(expected)[1] == {"value": [-6]}
    assert shell("echo '-x^2' | autodiff jacobian - --at x=3").stdout == expected
    assert shell("echo '-x^2' > f; autodiff jacobian --file f --at x=3").stdout == expected
