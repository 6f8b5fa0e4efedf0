"""`autodiff hessian` as its users meet it."""

from __future__ import annotations

import json
import math

import pytest

from tests.cli.test_jacobian import refuse, table
from tests.terminal import at_terminal


def test_a_pipe_gets_a_labelled_row_for_each_variable_with_tabs_and_all_digits(shell) -> None:
    result = shell('autodiff hessian "x^2*y + sin(x*y)" --at x=2,y=3')
    columns, rows = table(result.stdout)
    assert columns == list(rows) == ["d/dx", "d/dy"]
    # by hand: 2y - y^2 sin(xy), 2x + cos(xy) - xy sin(xy), -x^2 sin(xy)
    mixed = 4 + math.cos(6) - 6 * math.sin(6)
    assert rows["d/dx"] == pytest.approx([6 - 9 * math.sin(6), mixed], rel=1e-14)
    assert rows["d/dy"] == pytest.approx([mixed, -4 * math.sin(6)], rel=1e-14)
    assert rows["d/dx"][1] == rows["d/dy"][0]
    assert (result.returncode, result.stderr) == (0, "")


def test_an_array_has_a_row_and_a_column_for_each_entry(shell) -> None:
    # by hand: d^2(s*sum(v^2)) has 2s on the diagonal of v, 2v beside s
    assert table(shell('autodiff hessian "s*sum(v^2)" --at s=5 --at "v=[1, 2]"').stdout) == (
        ["d/ds", "d/dv[0]", "d/dv[1]"],
        {"d/ds": [0, 2, 4], "d/dv[0]": [2, 10, 0], "d/dv[1]": [4, 0, 10]},
    )


def test_a_named_node_can_be_differentiated_and_differentiated_by(shell) -> None:
    program = '"h = x*y; h^3" --at x=2,y=3'
    assert table(shell(f"autodiff hessian {program} --of h").stdout)[1] == {"d/dx": [0, 1], "d/dy": [1, 0]}
    assert table(shell(f"autodiff hessian {program} --wrt h").stdout) == (["d/dh"], {"d/dh": [36]})  # 6h
    # 6*x*y^3, by x alone
    assert table(shell(f"autodiff hessian {program} --wrt x").stdout) == (["d/dx"], {"d/dx": [324]})


def test_json_has_a_block_for_each_two_names(shell) -> None:
    result = shell('autodiff hessian "s*sum(v^2)" --at s=5 --at "v=[1, 2]" --json')
    assert json.loads(result.stdout, parse_constant=refuse) == {
        "schema": 1,
        "expression": "s*sum(v^2)",
        "at": {"s": 5, "v": [1, 2]},
        "value": 25,
        "hessian": {"s": {"s": 0, "v": [2, 4]}, "v": {"s": [2, 4], "v": [[10, 0], [0, 10]]}},
        "notes": [],
    }
    assert result.returncode == 0


def test_json_has_all_entries_and_all_digits_whatever_the_table_shows(shell) -> None:
    # 20 * 20 entries; the second derivative of v^2/3 is 2/3
    result = shell('autodiff hessian "sum(v^2)/3" --at "v=range(20)" --json --precision 3')
    block = json.loads(result.stdout)["hessian"]["v"]["v"]
    assert len(block) == 20
    for place, row in enumerate(block):
        assert row == pytest.approx([2 / 3 if place == other else 0 for other in range(20)], rel=1e-15, abs=0)


def test_what_is_not_finite_is_valid_json_with_its_exit_code_and_a_note(shell) -> None:
    result = shell('autodiff hessian "sqrt(x)" --at x=0 --json')
    report = json.loads(result.stdout, parse_constant=refuse)
    assert (report["value"], report["hessian"]) == (0, {"x": {"x": "-Infinity"}})
    assert [note["id"] for note in report["notes"]] == ["not-finite"]
    assert result.returncode == 3
    assert "note[not-finite]: " in result.stderr
    assert shell('autodiff hessian "sqrt(x)" --at x=0 --strict').returncode == 3


def test_a_second_derivative_that_meets_a_kink_says_so(shell) -> None:
    # abs(x)*x is differentiable twice beside 0 only: -2 to the left, 2 to the right
    result = shell('autodiff hessian "abs(x)*x" --at x=0')
    assert table(result.stdout)[1] == {"d/dx": [0]}
    assert result.stderr == "note[kink]: abs is not differentiable at 0\n"
    assert result.returncode == 0
    refused = shell('autodiff hessian "abs(x)*x" --at x=0 --strict')
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("error[strict-note]: abs is not differentiable at 0\n")


def test_where_the_order_of_differentiation_matters_a_note_says_that_a_choice_was_made(shell) -> None:
    # Peano: at 0 the mixed derivatives are 1 and -1 (Gelbaum and Olmsted, Counterexamples in Analysis, chapter 9);
    # those of the branch that is taken there, the constant 0, are 0
    peano = "where(x*x + y*y > 0, x*y*(x^2 - y^2)/(x^2 + y^2), 0)"
    result = shell(f'autodiff hessian "{peano}" --at x=0,y=0')
    assert table(result.stdout)[1] == {"d/dx": [0, 0], "d/dy": [0, 0]}
    assert result.stderr == "note[kink]: a choice is made at its very edge, 0 > 0\n"
    assert shell(f'autodiff hessian "{peano}" --at x=0,y=0 --strict').returncode == 2
    # beside 0 it is smooth; by hand: f_xy = (x^6 + 9x^4y^2 - 9x^2y^4 - y^6)/(x^2 + y^2)^3
    result = shell(f'autodiff hessian "{peano}" --at x=1,y=2')
    rows = table(result.stdout)[1]
    assert rows["d/dx"][1] == rows["d/dy"][0] == pytest.approx((1 + 36 - 144 - 64) / 125, rel=1e-14)
    assert result.stderr == ""


def test_digits_that_cancelled_are_a_note_where_the_halves_differ(shell) -> None:
    # it is 0 everywhere, and so is its Hessian; what is left of 1/x - 1/x depends on the order of the roundings
    line = 'autodiff hessian "log(x*y) - log(x) - log(y)" --at x=0.1,y=0.3'
    result = shell(line)
    rows = table(result.stdout)[1]
    above, below = rows["d/dx"][1], rows["d/dy"][0]
    assert above != below
    assert max(abs(above), abs(below)) < 1e-13
    assert result.stderr.startswith("note[not-symmetric]: the Hessian is not symmetric: d/dx d/dy is ")
    assert result.returncode == 0
    assert shell(f"{line} --strict").returncode == 2


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        ('"x*y" --at x=1', "there is no value for 'y'", "give y=..."),
        ('"[x, x]" --at x=1', "the value is an array of shape (2,)", "sum(...)"),
        ('"x" --at x=1 --wrt q', "'q' is not in the formula", "there is x"),
        ('"sum(v)" --at "v=[1, 2]" --shape v=2x3', "where (2, 3) is needed", "give it 2 rows of 3 numbers"),
        ('"x" --at x=1 --ful', "there is no option --ful", "--full"),
    ],
)
def test_what_means_nothing_is_an_error_that_says_what_to_do(shell, arguments: str, message: str, hint: str) -> None:
    result = shell(f"autodiff hessian {arguments}")
    assert (result.returncode, result.stdout) == (2, "")
    assert message in result.stderr
    assert hint in result.stderr.partition("\n")[2]


def test_at_a_terminal_the_numbers_are_aligned_at_the_right_with_six_digits() -> None:
    # by hand: [[0, 1/3], [1/3, -2]] at x = 3, y = 1
    screen = at_terminal(["hessian", "x*y/3 - y^2", "--at", "x=3,y=1"])
    assert screen.output.splitlines() == [
        "          d/dx      d/dy",
        "d/dx         0  0.333333",
        "d/dy  0.333333        -2",
    ]
    assert (screen.errors, screen.code) == ("", 0)


def test_a_large_table_is_cut_in_both_directions_with_a_note_and_full_shows_all() -> None:
    arguments = ["hessian", "sum(v^3)/6", "--at", "v=range(50)"]  # by hand: v on the diagonal
    screen = at_terminal(arguments)
    title, *lines = screen.output.splitlines()
    assert max(map(len, (title, *lines))) <= 80
    assert len(lines) == 40
    count = len(title.split()) - 1
    assert [line.split() for line in lines] == [
        [f"d/dv[{row}]", *(str(row) if row == column else "0" for column in range(count)), "…"] for row in range(40)
    ]
    shown = f"40 of 50 rows and {count} of 50 columns are shown"
    assert screen.errors == f"note[table-cut]: {shown}; --full shows all\n"
    full = at_terminal([*arguments, "--full"])
    last = full.output.splitlines()[-1].split()
    assert last == ["d/dv[49]", *["0"] * 49, "49"]
    assert len(full.output.splitlines()) == 51
    assert full.errors == ""
