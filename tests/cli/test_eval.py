"""`autodiff eval` as its users meet it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time

import pytest

from tests.terminal import at_terminal

EXAMPLE = 'autodiff eval "sigmoid(sinh(x)) * y^2" --at x=0.4 --at y=2'


def named_numbers(text: str) -> dict[str, float]:
    return {name: float(number) for name, number in (line.split("\t") for line in text.splitlines())}


def test_into_a_pipe_it_prints_names_tabs_and_numbers(shell) -> None:
    result = shell(EXAMPLE)
    # the value and derivatives to 40 digits by mpmath, rounded
    expected = {"value": 2.4050730349449394133, "d/dx": 1.0367256578467328554, "d/dy": 2.4050730349449394133}
    assert result.returncode == 0
    assert result.stderr == ""
    assert named_numbers(result.stdout) == pytest.approx(expected, rel=4e-16)
    assert list(named_numbers(result.stdout)) == list(expected)


@pytest.mark.parametrize(
    ("arguments", "value"),
    [
        ('"-x^2" --at x=3', "-9"),
        ('-x --at "x = 3"', "-3"),
        ('--at x=3 -- "-x"', "-3"),
        ('"x*y" --at x=0.5,y=3', "1.5"),
        ('"x + y" --at "x=max(1, 2),y=1/4"', "2.25"),
        ('"cos(x)" --at x=pi', "-1"),
        ('"x" --at x=-1e-3', "-0.001"),
        ('"θ + 𝐵" --at θ=1,B=2', "3"),
        ('"2x(t+1)" --at x=2,t=3', "16"),
        ('"1/3" --precision 4', "0.3333"),
        ('"1e22"', "1e+22"),
        ('"-0.0"', "-0"),
    ],
)
def test_the_value_of_a_formula_at_a_point(shell, arguments: str, value: str) -> None:
    assert shell(f"autodiff eval {arguments}").stdout.splitlines()[0] == f"value\t{value}"


def test_formulas_come_from_standard_input_and_files(shell) -> None:
    assert shell("echo 'x^2 # a comment' | autodiff eval - --at x=3").stdout == "value\t9\nd/dx\t6\n"
    assert shell("echo 'x^2' > f; autodiff eval --file f --at x=3").stdout == "value\t9\nd/dx\t6\n"
    assert shell("autodiff eval x --file f --at x=3").returncode == 2


def test_a_point_comes_from_a_file_and_options_together(shell) -> None:
    result = shell("""echo '{"x": 1.5, "y": "1/4"}' > p.json; autodiff eval "x*y*z" --at @p.json --at z=2""")
    assert result.stdout == "value\t0.75\nd/dx\t0.5\nd/dy\t3\nd/dz\t0.375\n"


@pytest.mark.parametrize("content", ["[1]", '{"x": [1, [2]]}', '{"x": ["a"]}', '{"x": true}', "{", '{"x": "y"}'])
def test_a_point_file_that_is_none_is_an_error(shell, content: str) -> None:
    result = shell(f"echo '{content}' > p.json; autodiff eval x --at @p.json")
    assert (result.returncode, result.stdout) == (2, "")


def test_derivatives_are_by_what_was_asked_for(shell) -> None:
    program = '"c = 1.3; h = x*y + c; h*c + x"'
    result = shell(f"autodiff eval {program} --at x=0.9,y=0.4 --wrt h,c --wrt x")
    # by hand: d/dh = c, d/dc = c + h, d/dx = c*y + 1
    assert named_numbers(result.stdout) == pytest.approx({"value": 3.058, "d/dh": 1.3, "d/dc": 2.96, "d/dx": 1.52})


def test_json_has_every_node_and_its_keys_in_order(shell) -> None:
    result = json.loads(shell('autodiff eval "h = x*y; h^2" --at x=2,y=3 --json').stdout)
    assert list(result) == ["schema", "expression", "at", "value", "gradient", "output", "nodes", "notes"]
    assert (result["schema"], result["value"], result["gradient"]) == (1, 36.0, {"x": 36.0, "y": 24.0})
    assert list(result["nodes"][0]) == [
        *("id", "op", "operands", "partials", "contributions", "consumers"),
        *("label", "span", "shape", "value", "adjoint"),
    ]
    product = next(node for node in result["nodes"] if node["label"] == "h")
    assert product["op"] == "mul"
    assert product["partials"] == [3.0, 2.0]
    assert product["contributions"] == [36.0, 24.0]
    assert [result["nodes"][consumer]["op"] for consumer in product["consumers"]] == ["pow"]
    assert product["adjoint"] == 12.0
    assert product["span"] == [4, 7]


def test_json_is_valid_whatever_the_numbers(shell) -> None:
    result = shell('autodiff eval "log(x)*y" --at x=0,y=-1 --json')
    content = json.loads(result.stdout, parse_constant=lambda name: pytest.fail(name))
    assert result.returncode == 3
    assert content["value"] == "Infinity"
    assert content["gradient"]["y"] == "-Infinity"
    assert content["notes"][0]["id"] == "not-finite"
    assert list(content["notes"][0]) == ["id", "message", "span", "node"]


def test_a_result_that_is_not_finite_is_explained_and_has_exit_code_3(shell) -> None:
    result = shell('autodiff eval "y + log(x)" --at x=-1.2,y=1')
    assert result.returncode == 3
    assert result.stdout.startswith("value\tnan\n")
    assert "log of -1.2 at column 5 is not a number; log is defined where x > 0" in result.stderr


def test_a_kink_is_noted_with_both_sides(shell) -> None:
    result = shell('autodiff eval "3*relu(x)" --at x=0')
    assert (result.returncode, result.stdout) == (0, "value\t0\nd/dx\t0\n")
    assert "d/dx is 0 to the left and 3 to the right, given as 0" in result.stderr


def test_a_form_that_loses_digits_is_computed_in_another_way_unless_told_otherwise(shell) -> None:
    formula = 'autodiff eval "log(1 + exp(x))" --at x=1000'
    result = shell(formula)
    assert (result.stdout, result.returncode) == ("value\t1000\nd/dx\t1\n", 0)
    assert result.stderr == "note[stabilised]: log(1 + exp(x)) is computed as softplus(x): exp overflows\n"
    as_written = shell(f"{formula} --no-stabilise")
    assert (as_written.stdout, as_written.returncode) == ("value\tinf\nd/dx\t0\n", 3)
    assert "note[stabilised]" not in as_written.stderr


def test_a_note_on_such_a_form_is_in_json_and_strict_does_not_refuse_it(shell) -> None:
    result = shell('autodiff eval "2*(log(1 + exp(x)))" --at x=1000 --json --strict')
    assert result.returncode == 0
    (note,) = json.loads(result.stdout)["notes"]
    (node,) = (node for node in json.loads(result.stdout)["nodes"] if node["id"] == note["node"])
    assert (note["id"], note["span"], node["op"], node["span"]) == ("stabilised", [3, 18], "softplus", [3, 18])


@pytest.mark.parametrize("command", ["jacobian", "hessian", "gradcheck", "graph"])
def test_every_command_computes_as_written_if_told_to(shell, command: str) -> None:
    line = f'autodiff {command} "log(1 + exp(x))" --at x=1'
    assert "note[stabilised]" in shell(line).stderr
    assert shell(f"{line} --no-stabilise").stderr == ""


def test_strict_makes_notes_errors(shell) -> None:
    result = shell('autodiff eval "abs(x)" --at x=0 --strict')
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("error[strict-note]")


def test_the_tree_is_drawn_into_a_pipe_only_when_asked_for(shell) -> None:
    assert "──" not in shell(EXAMPLE).stdout
    lines = shell(EXAMPLE + " --tree").stdout.splitlines()
    # sigmoid'(sinh(0.4)) = 0.239745, cosh(0.4) = 1.08107, and their products: by mpmath
    assert lines[3:] == [
        "mul = 2.40507  adjoint 1",
        "├── sigmoid = 0.601268  partial 4  adjoint 4",
        "│   └── sinh = 0.410752  partial 0.239745  adjoint 0.958979",
        "│       └── x = 0.4  partial 1.08107  adjoint 1.03673",
        "└── pow = 4  partial 0.601268  adjoint 0.601268",
        "    ├── y = 2  partial 4  adjoint 2.40507",
        "    └── 2  partial 2.77259  adjoint 1.66707",
    ]


def test_at_a_terminal_there_is_a_tree_with_colour_and_nothing_wider_than_it() -> None:
    output = at_terminal(["eval", "sin(" * 60 + "x" + ")" * 60, "--at", "x=1"]).output
    assert "\x1b[" in output
    assert "└──" in output
    import re

    assert max(len(re.sub(r"\x1b\[[0-9;]*m", "", line)) for line in output.splitlines()) <= 80


@pytest.mark.parametrize(
    ("options", "environment"), [(["--no-color"], {}), ([], {"NO_COLOR": "1"}), ([], {"TERM": "dumb"})]
)
def test_without_colour_there_is_not_one_escape_code(options: list[str], environment: dict[str, str]) -> None:
    output = at_terminal(["eval", "x^2", "--at", "x=1", *options], **environment).output
    assert "└──" in output
    assert "\x1b" not in output


def test_an_empty_no_color_keeps_colour() -> None:
    assert "\x1b[" in at_terminal(["eval", "x^2", "--at", "x=1"], NO_COLOR="").output


def test_the_tree_can_be_left_out_and_cut() -> None:
    assert "└──" not in at_terminal(["eval", "x^2", "--at", "x=1", "--no-tree"]).output
    assert "sinh" not in at_terminal(["eval", "cos(tanh(sinh(x)))", "--at", "x=1", "--max-depth", "2"]).output


def test_a_cut_tree_says_so(shell) -> None:
    result = shell('autodiff eval "cos(tanh(sinh(x)))" --at x=1 --tree --max-depth 1')
    assert "note[tree-cut]: the tree is cut below level 1: 3 nodes are not shown" in result.stderr


def test_a_shared_node_is_shown_once_and_referred_to(shell) -> None:
    lines = shell('autodiff eval "h = sin(x); h*h + h" --at x=1 --tree').stdout.splitlines()
    assert sum("h sin" in line and "adjoint" in line for line in lines) == 1
    assert sum("h sin" in line and "see above" in line for line in lines) == 2


def test_names_are_no_markup(shell) -> None:
    result = shell('autodiff eval "red = x; red*2" --at x=1 --tree')
    assert "red identity" in result.stdout


def test_a_closed_pipe_ends_quietly(shell) -> None:
    result = shell(
        "set -o pipefail; python -c \"print('+'.join(['x'] * 20000))\" > f; "
        "autodiff eval --file f --at x=1 --json | head -c 10"
    )
    assert result.stdout == '{"schema":'
    assert result.stderr == ""
    assert result.returncode == 0


def test_an_interrupt_ends_it_with_130_and_no_traceback() -> None:
    program = (
        "import sys, autodiff.__main__ as command; sys.argv[1:] = ['eval', '-']; "
        "print('loaded', flush=True); command.main()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"loaded\n"
    time.sleep(1.0)
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 130
    assert process.stderr is not None
    assert process.stderr.read() == b""


def test_help_leads_with_examples(shell) -> None:
    help_text = shell("autodiff eval --help").stdout
    assert help_text.index('autodiff eval "sigmoid') < help_text.index("--at NAME=VALUE")


def test_completion_is_offered(shell) -> None:
    script = shell("autodiff --show-completion bash", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1").stdout
    assert "complete" in script


def test_the_version_is_the_distribution_s(shell) -> None:
    from importlib.metadata import version

    assert shell("autodiff --version").stdout == f"autodiff {version('autodiff-cli')}\n"
