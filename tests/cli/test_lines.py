"""`--lines`: a formula in each line, an answer in each line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from autodiff import Function

LINES = [
    "x^2",
    "",
    "sinn(x)",
    '{"expression": "log(x)*a", "at": {"x": 1, "a": "pi/2"}}',
    "# a comment",
    "x*y",
    "1/(x - 2)",
    "e^x",
]


@pytest.fixture
def formulas(tmp_path: Path) -> Path:
    path = tmp_path / "formulas.txt"
    path.write_text("\n".join(LINES) + "\n")
    return path


def test_eval_answers_each_line_with_one(shell, formulas: Path) -> None:
    result = shell("autodiff eval - --lines --at x=2 < formulas.txt")
    written = [line.split("\t") for line in result.stdout.splitlines()]
    assert written[:2] == [["value", "4", "d/dx", "4"], [""]]
    assert written[2] == ["error", "unknown-function"]
    assert written[3][::2] == ["value", "d/dx", "d/da"]
    assert (float(written[3][1]), float(written[3][5])) == (0, 0)
    assert written[4:6] == [[""], ["error", "missing-value"]]
    assert written[6] == ["value", "inf", "d/dx", "-inf"]
    assert float(written[7][1]) == Function("e^x")(x=2)
    assert "error[unknown-function]: there is no function 'sinn' in line 3\n  sinn(x)\n  ^^^^\n" in result.stderr
    assert "error[missing-value]: there is no value for 'y' in line 6\n" in result.stderr
    assert "(line 7)" in result.stderr
    assert result.returncode == 4


def test_eval_answers_in_json(shell, formulas: Path) -> None:
    result = shell("autodiff eval - --lines --at x=2 --json < formulas.txt")
    written = [json.loads(line) if line else None for line in result.stdout.splitlines()]
    assert len(written) == len(LINES)
    assert written[0] == {
        "schema": 1,
        "expression": "x^2",
        "at": {"x": 2.0},
        "value": 4.0,
        "gradient": {"x": 4.0},
        "notes": [],
    }
    assert (written[2]["schema"], written[2]["line"]) == (1, 3)
    assert written[2]["error"]["id"] == "unknown-function"
    assert written[2]["error"]["span"] == [0, 4]
    assert written[3]["at"]["x"] == 1
    assert written[6]["value"] == "Infinity"
    assert written[6]["notes"][0]["id"] == "not-finite"
    assert (result.stderr, result.returncode) == ("", 4)


def test_diff_answers_each_line_with_one(shell, formulas: Path) -> None:
    result = shell("autodiff diff - --lines < formulas.txt")
    assert result.stdout.splitlines()[:3] == ["2*x", "", "error\tunknown-function"]
    assert result.stdout.splitlines()[5] == "x\ty\ty\tx"
    assert result.returncode == 4
    result = shell("autodiff diff - --lines --to json --order 2 < formulas.txt")
    written = [json.loads(line) if line else None for line in result.stdout.splitlines()]
    assert written[0]["derivatives"]["x"]["text"] == "2"
    assert written[2]["error"]["id"] == "unknown-function"
    assert written[3]["derivatives"]["a"]["value"] == 0


def test_lines_without_errors_end_with_0(shell) -> None:
    result = shell("printf 'x^2\\n1/(x - 2)' | autodiff eval - --lines --at x=2 --wrt x 2> /dev/null")
    assert result.stdout == "value\t4\td/dx\t4\nvalue\tinf\td/dx\t-inf\n"
    assert result.returncode == 0
    result = shell("autodiff eval - --lines")
    assert (result.stdout, result.stderr, result.returncode) == ("", "", 0)


def test_the_formulas_may_stand_in_a_file(shell, formulas: Path) -> None:
    assert shell("autodiff diff --file formulas.txt --lines").stdout.startswith("2*x\n")
    assert shell("autodiff eval x --lines").stderr.startswith("error[usage]: --lines reads standard input")
    assert shell("autodiff eval - --file formulas.txt --lines").stderr.startswith(
        "error[usage]: the formulas are given"
    )
    assert shell("autodiff eval --file none.txt --lines").stderr.startswith("error[unreadable-file]")
    assert shell("autodiff diff - --lines --steps").stderr.startswith("error[usage]: --lines has no place for steps")
    assert shell("autodiff diff - --lines --to c").stderr.startswith("error[usage]: there is no form 'c'")


@pytest.mark.parametrize(
    ("line", "id"),
    [
        ('{"expression": "x"', "malformed-row"),
        ('{"expression": 5}', "malformed-row"),
        ('{"at": {"x": 1}}', "malformed-row"),
        ('{"expression": "x", "at": [1]}', "malformed-row"),
        ('{"expression": "x", "at": 0}', "malformed-row"),
        ('{"expression": "x", "wrt": "x"}', "malformed-row"),
        ('{"expression": "x", "at": {"x": "@secret.json"}}', "bad-value"),
        ('{"expression": "x", "at": {"x": true}}', "bad-value"),
        ('{"expression": "x", "at": {"x": 1, "y": 2}}', "unused-value"),
        ("x +", "unexpected-end"),
        ("\udcff", "unexpected-character"),
    ],
)
def test_a_bad_line_costs_no_other(tmp_path: Path, line: str, id: str) -> None:
    (tmp_path / "lines").write_bytes(f"1+1\n{line}\n2+2".encode("utf-8", "surrogateescape"))
    command = [sys.executable, "-m", "autodiff", "eval", "--lines", "--file", str(tmp_path / "lines")]
    result = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert result.stdout.splitlines() == ["value\t2", f"error\t{id}", "value\t4"]
    assert f"error[{id}]" in result.stderr
    assert result.returncode == 4


def test_strictness_makes_a_note_the_answer_of_its_line(shell) -> None:
    result = shell("printf 'e^2x\\nx\\n' | autodiff eval - --lines --at x=1 --strict")
    assert result.stdout == "error\tstrict-note\nvalue\t1\td/dx\t1\n"
    assert result.returncode == 4


def test_answers_come_while_the_input_goes_on() -> None:
    command = [sys.executable, "-m", "autodiff", "eval", "-", "--lines", "--at", "x=3"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        for _ in range(3):
            process.stdin.write(b"x^2\n")
            process.stdin.flush()
            assert process.stdout.readline() == b"value\t9\td/dx\t6\n"
        process.stdin.close()
        assert process.wait() == 0


def test_a_closed_pipe_ends_quietly(shell) -> None:
    result = shell("yes 'x^2' | head -20000 | autodiff eval - --lines --at x=1 | head -1; exit ${PIPESTATUS[2]}")
    assert (result.stdout, result.stderr, result.returncode) == ("value\t1\td/dx\t2\n", "", 0)


def test_names_of_values_may_be_written_with_other_characters(shell) -> None:
    line = '{"expression": "B^2", "at": {"𝐵": 2}}'
    assert shell(f"echo '{line}' | autodiff diff - --lines").stdout == "2*B\t4\n"
    assert shell(f"echo '{line}' | autodiff eval - --lines").stdout == "value\t4\td/dB\t4\n"
    result = shell("""echo '{"expression": "B^2", "at": {"𝐵": 2, "B": 3}}' | autodiff eval - --lines""")
    assert (result.stdout, result.returncode) == ("error\tvalue-given-twice\n", 4)


def test_shapes_are_for_the_lines_that_have_the_variable(shell) -> None:
    lines = "printf 'x^2\\nsum(v)*x\\n'"
    result = shell(f"{lines} | autodiff eval - --lines --shape v=2 --at 'x=3,v=[1, 2]'")
    assert result.stdout == "value\t9\td/dx\t6\nvalue\t9\td/dv\t[3, 3]\td/dx\t3\n"
    assert (result.stderr, result.returncode) == ("", 0)
    result = shell(f"{lines} | autodiff diff - --lines --shape 'v=2,x=()' --wrt x")
    assert (result.stderr, result.returncode) == ("", 0)


def test_options_for_one_formula_at_a_terminal_are_refused(shell) -> None:
    for option in ("--tree", "--no-tree", "--full", "--max-depth 2"):
        result = shell(f"echo 1 | autodiff eval - --lines {option}")
        assert result.stderr.startswith("error[usage]: --lines has no place for trees\n")
        assert (result.stdout, result.returncode) == ("", 2)
