"""`autodiff gradcheck`."""

from __future__ import annotations

import json

import pytest

NOTEBOOK = '"h = x1*w1 + x2*w2; y = sigmoid(h); (y - t)^2" --at x1=2,w1=0.4,x2=3,w2=-0.2,t=1'


def rows(output: str) -> list[dict[str, str]]:
    header, *lines = [line.split("\t") for line in output.splitlines()]
    return [dict(zip(header, line, strict=True)) for line in lines]


def test_a_pipe_gets_a_line_for_each_entry_with_tabs(shell) -> None:
    result = shell('autodiff gradcheck "sigmoid(sinh(x)) * y^2" --at x=0.4 --at y=2')
    x, y = rows(result.stdout)
    assert list(x)[:6] == ["entry", "reverse", "numeric", "error", "ratio", "verdict"]
    assert (x["entry"], x["reverse"], x["verdict"]) == ("x", "1.0367256578467328", "ok")
    assert float(x["numeric"]) == pytest.approx(1.0367256578467328, abs=float(x["error"]))
    assert (y["entry"], y["verdict"]) == ("y", "ok")
    assert result.returncode == 0
    assert result.stderr == ""


@pytest.mark.parametrize("method", ["central", "complex", "precise", "central --step 1e-4"])
def test_the_notebook_passes_by_every_method(shell, method: str) -> None:
    result = shell(f"autodiff gradcheck {NOTEBOOK} --method {method}")
    assert [row["verdict"] for row in rows(result.stdout)] == ["ok"] * 5
    assert {row["method"] for row in rows(result.stdout)} == {method.split()[0]}
    assert result.returncode == 0


def test_a_number_that_is_off_is_named_with_its_ratio_and_the_exit_code_is_1(shell) -> None:
    result = shell('autodiff gradcheck "x^2*sum(y)" --at "x=3, y=[1, 2, 3]" --gradient "x=36, y=[9, 9, 10.5]"')
    verdicts = {row["entry"]: (row["verdict"], row["ratio"][:7], row["given"]) for row in rows(result.stdout)}
    assert verdicts["x"][0] == verdicts["y[0]"][0] == verdicts["y[1]"][0] == "ok"
    assert verdicts["y[2]"] == ("mismatch", "1.16666", "10.5")
    assert result.returncode == 1


def test_a_number_with_few_digits_is_judged_by_them(shell) -> None:
    line = 'autodiff gradcheck "sigmoid(sinh(x)) * y^2" --at x=0.4,y=2 --wrt x --gradient x='
    assert rows(shell(line + "1.04").stdout)[0]["verdict"] == "ok to 3 digits"
    assert shell(line + "1.04").returncode == 0
    assert rows(shell(line + "1.03").stdout)[0]["verdict"] == "mismatch"
    assert shell(line + "1.03").returncode == 1


def test_a_formula_may_stand_for_a_number(shell) -> None:
    assert shell('autodiff gradcheck "sin(x)" --at x=pi/3 --gradient "x=1/2"').returncode == 0
    assert shell('autodiff gradcheck "sum(v^2)" --at "v=[pi, 2]" --gradient "v=[2pi, max(4, 1)]"').returncode == 0


def test_a_kink_is_no_failure(shell) -> None:
    result = shell('autodiff gradcheck "relu(x)" --at x=0')
    (row,) = rows(result.stdout)
    assert row["verdict"] == "not differentiable here"
    assert (row["left"], row["right"], row["ratio"]) == ("0", "1", "-")
    assert result.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        *(('"log(x)" --at x=0', 3), ('"sqrt(x)" --at x=0', 3), ('"exp(x)" --at x=1000', 3), ('"x^2" --at x=0', 0)),
        *(('"-x^2" --at x=3', 0), ('"where(x == 0, 0, x*sin(1/x))" --at x=0', 5), ('"floor(x)" --at x=2', 0)),
        *(('"x^2"', 2), ('"x^2" --at x=1 --method magic', 2), ('"x^2" --at x=1 --step 0', 2), ('"[x, x]" --at x=1', 2)),
        *(('"x^2" --at x=1 --gradient y=1', 2), ('"x^2" --at x=1 --gradient 3', 2), ('"x*y" --at x=1,y=1 --wrt z', 2)),
        *(('"x*y" --at x=1,y=1 --gradient x=1', 2), ('"x^2" --at x=1 --gradient x=1,x=2', 2)),
    ],
)
def test_the_exit_code_tells_the_outcome(shell, arguments: str, code: int) -> None:
    result = shell(f"autodiff gradcheck {arguments}")
    assert result.returncode == code
    assert "Traceback" not in result.stderr
    if code == 2:
        assert result.stderr.startswith("error[")
        assert result.stdout == ""


def test_json_has_every_number(shell) -> None:
    result = shell('autodiff gradcheck "sum(sqrt(v))" --at "v=[4, 0]" --json')
    report = json.loads(result.stdout)
    assert list(report) == ["schema", "expression", "at", "value", "passed", "rows", "notes"]
    assert report["passed"] is False
    first, second = report["rows"]
    assert (first["input"], first["entry"], first["reverse"], first["verdict"]) == ("v", [0], 0.25, "ok")
    assert (second["reverse"], second["right"], second["left"]) == ("Infinity", "Infinity", None)
    assert second["verdict"] == "infinite slope"
    assert result.returncode == 3


def test_what_there_is_to_say_of_an_entry_is_a_note(shell) -> None:
    result = shell('autodiff gradcheck "floor(x)" --at x=2')
    assert "note[gradcheck]: x: the value jumps from 1 to 2" in result.stderr.splitlines()


def test_a_declared_shape_is_checked(shell) -> None:
    line = 'autodiff gradcheck "sum(v^2)" --at "v=[1, 2]"'
    assert [row["entry"] for row in rows(shell(f"{line} --shape v=2").stdout)] == ["v[0]", "v[1]"]
    result = shell(f"{line} --shape v=3")
    assert (result.returncode, result.stdout) == (2, "")
    assert "has shape (2,), where (3,) is needed" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "note"),
    [
        ('"x(x+1)" --at x=1', 2, "'x(x+1)' is read as x*(x+1)"),
        ('"relu(x)" --at x=0', 2, "relu is not differentiable at 0"),
        ('"log(x)" --at x=0', 3, "log of 0"),
    ],
)
def test_strict_makes_a_note_an_error(shell, arguments: str, code: int, note: str) -> None:
    result = shell(f"autodiff gradcheck {arguments} --strict")
    assert (result.returncode, result.stdout) == (code, "")
    assert result.stderr.startswith(f"error[strict-note]: {note}")


def test_a_terminal_gets_a_table_in_columns(shell) -> None:
    result = shell("script -qec 'autodiff gradcheck \"relu(x)*y\" --at x=1,y=2 --no-color' /dev/null")
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["entry", "reverse", "numeric", "error", "ratio", "verdict"]
    assert lines[1].split()[:3] == ["x", "2", "2"]
    assert "\x1b" not in result.stdout


def test_help_says_what_it_does(shell) -> None:
    help_text = shell("autodiff gradcheck --help").stdout
    for option in ("--at", "--wrt", "--of", "--method", "--step", "--gradient", "--json"):
        assert option in help_text
