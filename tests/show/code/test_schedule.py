"""What is shared, what is guarded, and how large code becomes."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from autodiff.show.code.guards import ALWAYS, Guards
from tests.show.code.forms import COMPILER, compiled_library, example, function, run_c, stated

FORMS = ["python", "numpy", "c", "sympy"]
NEST = "sin(" * 1500 + "x" + ")" * 1500
SUM = " + ".join(f"x^{k % 7}*y" for k in range(1500))
PIECES = "".join(f"where(x < {k}, log(x + {k})*y, " for k in range(300)) + "0" + ")" * 300


def nesting(line: str) -> int:
    """How deep the parentheses of a line go."""
    depth = deepest = 0
    for character in line:
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    return deepest


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("text", [NEST, SUM, PIECES], ids=["nest", "sum", "pieces"])
def test_no_line_is_long_or_deep_and_the_code_is_as_large_as_the_graph(text: str, form: str) -> None:
    made = example(text)
    code = made.code(form, comment="")
    lines = code.splitlines()
    assert max(map(len, lines)) < 500
    assert max(map(nesting, lines)) < 60
    assert len(code) < 70 * len(made.graph.nodes)


@pytest.mark.parametrize("text", [NEST, SUM, PIECES], ids=["nest", "sum", "pieces"])
def test_large_code_runs(text: str) -> None:
    made = example(text)
    point = (1.5, 0.5)[: len(made.variables)]
    value, _ = function(made.code("python", comment=""))(*point)
    assert math.isfinite(value)
    found = function(made.code("numpy", comment=""))(*point)
    assert float(found[0]) == pytest.approx(value)


@pytest.mark.skipif(COMPILER is None, reason="there is no C compiler")
def test_large_code_compiles(tmp_path: Path) -> None:
    texts = [
        "sin(" * 400 + "x" + ")" * 400,
        "".join(f"where(x < {k}, log(x + {k}), " for k in range(60)) + "0" + ")" * 60,
    ]
    examples = [example(text) for text in texts]
    library = compiled_library({f"f{i}": made.code("c", f"f{i}", "") for i, made in enumerate(examples)}, tmp_path)
    for index, made in enumerate(examples):
        value, slopes = function(made.code("python", comment=""))(1.5)
        assert run_c(library, f"f{index}", ["x"], [1.5]) == (pytest.approx(value), pytest.approx(slopes))


def test_a_nest_of_shared_nodes_is_written_in_as_many_lines() -> None:
    text = "x^2" + "".join(
        f"; a{k} = {'a' + str(k - 1) if k else 'x'}*{'a' + str(k - 1) if k else 'x'}" for k in range(40)
    )
    text = text.removeprefix("x^2; ") + "; a39 + 1"
    assert example(text).code("python", comment="").count("\n") < 130


def test_a_branch_that_is_not_chosen_is_not_computed() -> None:
    f = function(example("t = log(x); where(x > 0, t^2, where(x < -1, t/(x + 1), x))").code("python"))
    assert f(-0.5) == (-0.5, {"x": 1.0})
    assert f(1.0) == (0.0, {"x": 0.0})
    with pytest.raises(ValueError, match=r"math domain error|expected a positive"):
        f(-2.0)


def test_a_condition_may_depend_on_what_it_guards() -> None:
    f = function(example("s = where(x > 0, log(x), 0); where(s > 1, log(x)^2, s)").code("python"))
    assert f(-1.0) == (0.0, {"x": 0.0})
    assert f(math.e**2) == (pytest.approx(4.0), {"x": pytest.approx(4 / math.e**2)})


def test_where_a_derivative_is_multiplied_by_zero_it_is_not_computed() -> None:
    f = function(example("where(x > 0, sqrt(x), 0)*y").code("python"))
    assert f(0.0, 2.0) == (0.0, {"x": 0.0, "y": 0.0})


def test_what_two_branches_share_is_computed_once_for_both() -> None:
    code = stated("where(x < 0, exp(-x), where(x > 1, exp(-x), 1))", x="where(x < 0, exp(-x), 0)").code("python")
    assert code.count("math.exp") == 1


def test_expensive_conditions_are_computed_once() -> None:
    code = stated("where(gamma(x) > 2, log(x)*y, 0)", x="where(gamma(x) > 2, y/x + log(x), 0)", y="1").code("python")
    assert code.count("math.gamma") == 1
    assert len(re.findall(r"math\.log", code)) == 1


def test_guards_that_say_the_same_are_one() -> None:
    guards = Guards()
    yes, no = guards.beside(ALWAYS, 1, True), guards.beside(ALWAYS, 1, False)
    deeper = [guards.beside(yes, 2, holds) for holds in (True, False)]
    assert guards.either(deeper) == yes
    assert guards.either([*deeper, no]) == ALWAYS
    assert guards.either([deeper[0], yes]) == yes
    assert guards.either([deeper[0], no]) not in (ALWAYS, yes, no)
