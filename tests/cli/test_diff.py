"""`autodiff diff` as its users meet it."""

from __future__ import annotations

import json
import math

import pytest

from tests.terminal import at_terminal


def test_one_derivative_is_printed_alone(shell) -> None:
    result = shell('autodiff diff "x^2*sin(x)" --wrt x')
    assert (result.returncode, result.stdout, result.stderr) == (0, "2*x*sin(x) + x^2*cos(x)\n", "")


def test_a_formula_of_one_variable_needs_no_wrt(shell) -> None:
    assert shell('autodiff diff "-x^2"').stdout == "-2*x\n"


def test_several_derivatives_have_a_line_each_behind_name_and_tab(shell) -> None:
    assert shell('autodiff diff "x^2*y" --wrt x,y').stdout == "x\t2*x*y\ny\tx^2\n"
    assert shell('autodiff diff "x^2*y"').stdout == "x\t2*x*y\ny\tx^2\n"


def test_higher_orders_and_mixed_derivatives(shell) -> None:
    assert shell('autodiff diff "x^4" --order 3').stdout == "24*x\n"
    assert shell('autodiff diff "sin(x*y)" --mixed x,y').stdout == "cos(x*y) - x*y*sin(x*y)\n"
    both = shell('autodiff diff "x*y" --mixed x,y --wrt x')
    assert (both.returncode, both.stdout) == (2, "")


def test_at_a_point_the_value_follows(shell) -> None:
    assert shell('autodiff diff "x^2" --at x=3').stdout == "2*x\t6\n"
    assert shell('autodiff diff "x^2*y" --at x=2,y=3').stdout == "x\t2*x*y\t12\ny\tx^2\t4\n"


def test_a_value_that_is_not_finite_is_explained_and_has_its_exit_code(shell) -> None:
    result = shell('autodiff diff "log(x)" --at x=0')
    assert (result.returncode, result.stdout) == (3, "1/x\tinf\n")
    assert "1 / 0" in result.stderr


def test_a_derivative_by_what_is_not_there_is_0_with_a_note(shell) -> None:
    result = shell('autodiff diff "0 + C" --wrt y')
    assert (result.returncode, result.stdout) == (0, "0\n")
    assert result.stderr == "note[not-in-formula]: 'y' is not in the formula, so the derivative is 0\n"


def test_what_was_cancelled_is_noted_and_refused_by_strict(shell) -> None:
    result = shell('autodiff diff "x^2/x"')
    assert (result.returncode, result.stdout) == (0, "1\n")
    assert result.stderr == "note[domain]: cancelled: this holds except where x is 0\n"
    assert shell('autodiff diff "x^2/x" --strict').returncode == 2


def test_a_named_node_is_differentiated_by_as_if_it_were_a_variable(shell) -> None:
    # by hand: d(h*sin(h))/dh
    assert shell('autodiff diff "h = x^2; h*sin(h)" --wrt h').stdout == "sin(h) + h*cos(h)\n"
    assert shell('autodiff diff "h = x^3; h*sin(x)" --of h').stdout == "3*x^2\n"


def test_shared_parts_get_names_that_read_back(shell) -> None:
    result = shell('autodiff diff "sin(exp(x))*exp(sin(exp(x)))" --share')
    assert result.stdout.splitlines()[:2] == ["t1 = exp(x)", "t2 = sin(t1)"]
    again = shell(
        'autodiff diff "sin(exp(x))*exp(sin(exp(x)))" --share | autodiff eval - --at x=0.3 --wrt x --json'
        " | python -c \"import json, sys; print(json.load(sys.stdin)['value'])\""
    )
    inner = math.sin(math.exp(0.3))
    by_hand = math.cos(math.exp(0.3)) * math.exp(0.3) * math.exp(inner) * (1 + inner)
    assert float(again.stdout) == pytest.approx(by_hand, rel=1e-14)


def test_json_has_text_latex_and_value_of_each(shell) -> None:
    result = json.loads(shell('autodiff diff "x^2*y" --at x=1,y=2 --to json').stdout)
    assert list(result) == ["schema", "expression", "order", "at", "derivatives", "notes"]
    assert result["derivatives"]["x"] == {"text": "2*x*y", "latex": "2 x y", "value": 4.0}
    without = json.loads(shell('autodiff diff "x/x" --to json').stdout)
    assert (without["at"], without["derivatives"]["x"]["value"]) == (None, None)
    assert [note["id"] for note in without["notes"]] == ["domain"]


def test_latex(shell) -> None:
    assert shell('autodiff diff "sqrt(x)" --to latex').stdout == "\\frac{1}{2 \\sqrt{x}}\n"


@pytest.mark.parametrize("form", ["python", "numpy", "c", "sympy"])
def test_code_is_printed_whole(shell, form: str) -> None:
    result = shell(f'autodiff diff "x^2*y" --to {form}')
    assert (result.returncode, result.stderr) == (0, "")
    assert "x^2*y" in result.stdout


def test_python_code_gives_value_and_gradient(shell) -> None:
    result = shell(
        'autodiff diff "x^2*sin(y)" --to python > slope.py && '
        "python -c 'import json; from slope import f; print(json.dumps(f(2.0, 0.5)))'"
    )
    value, slopes = json.loads(result.stdout)
    # by hand
    assert value == pytest.approx(4 * math.sin(0.5), rel=1e-15)
    assert slopes == pytest.approx({"x": 4 * math.sin(0.5), "y": 4 * math.cos(0.5)}, rel=1e-15)


def test_mistakes_are_errors_with_a_suggestion(shell) -> None:
    for line, id in (
        ('"3"', "unknown-name"),
        ('"x^2" --to foo', "usage"),
        ('"2*v" --shape v=3', "not-a-number"),
        ('"sum(v)" --wrt v', "missing-shape"),
        ('"x^2" --order 0', "usage"),
    ):
        result = shell(f"autodiff diff {line}")
        assert (result.returncode, result.stdout) == (2, ""), line
        assert result.stderr.startswith(f"error[{id}]: "), result.stderr


def test_at_a_terminal_each_derivative_says_by_what() -> None:
    shown = at_terminal(["diff", "x^2*y", "--at", "x=2,y=3"])
    assert shown.output == "d/dx = 2*x*y  =  12\nd/dy = x^2  =  4\n"
