"""Random programs, with choices that keep their branches from what would raise, in every form of code."""

from __future__ import annotations

import math
from pathlib import Path
from random import Random
from typing import Any

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodiff import Function
from tests.show.code.forms import COMPILER, compiled_library, example, function, run_c

POINTS = [(0.7, -1.3), (-0.2, 0.4), (1.5, 2.5), (-2.0, -0.6), (0.0, 1.0)]
VARIABLES = ("x", "y")
# What is defined everywhere, and no larger than its operands, or nearly so.
TAME = ("sin({a})", "{a} + {b}", "{a} - {b}", "{a}*{b}", "-{a}", "tanh({a})", "abs({a})", "max({a}, {b})", "{a}/3")
# What would raise without its condition.
CHOICES = (
    "where({a} > 0, log({a}), {b})",
    "where({a} > 0, sqrt({a})*{b}, 1/({a} - 1))",
    "where({a} < 0, {b}, log(1 + {a})/({a} + 2))",
    "where({a} != 0, sin({a})/{a}, 1)",
    "where({a} > 1 and {b} > 1, log({a})*log({b}), atan({a}))",
    "piecewise({a} < -1, 1/{a}, {a} < 1, {a}, 1/{a})",
    "where({b} > 0.5, log({b}), where({a} > 0.5, log({a}) + {c}, {c}))",
)


def program(choice: Any) -> str:
    """Statements, each of which uses some of those before it, so that branches share what they compute."""
    names = [*VARIABLES]
    lines = []
    for index in range(choice(range(2, 9))):
        form = choice(TAME if choice(range(3)) else CHOICES)
        a, b, c = (choice(names) for _ in range(3))
        lines.append(f"n{index} = {form.format(a=a, b=b, c=c)}")
        names.append(f"n{index}")
    last = [name for name in names[2:] if not any(name in line.split(" = ")[1] for line in lines)]
    return "; ".join([*lines, " + ".join(last)])


def assert_near(found: Any, right: Any, scale: float) -> None:
    if not math.isfinite(right) or abs(right) > 1e100:
        return  # a pole, beyond which nothing is said
    assert abs(float(found) - right) <= 1e-9 * max(1.0, scale)


def assert_same(text: str, point: tuple[float, ...], found: Any) -> None:
    made = Function(text)
    value, slopes = made.value_and_gradient(dict(zip(VARIABLES, point, strict=True)))
    finite = [abs(number) for number in (value, *slopes.values()) if math.isfinite(number)]
    scale = max(finite, default=1.0)
    assert_near(found[0], value, scale)
    for name, slope in slopes.items():
        assert_near(found[1][name], slope, scale)


def with_all_variables(text: str) -> str:
    return f"{text} + 0*x + 0*y"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_python_and_numpy_compute_what_autodiff_computes_and_nothing_that_was_left_out_raises(data: Any) -> None:
    text = with_all_variables(program(lambda options: data.draw(st.sampled_from(list(options)))))
    made = example(text, variables=VARIABLES)
    f, g = function(made.code("python")), function(made.code("numpy"))
    order = [VARIABLES.index(name) for name in made.variables]
    for point in POINTS:
        given_point = [point[index] for index in order]
        assert_same(text, point, f(*given_point))
        with numpy.errstate(all="ignore"):
            assert_same(text, point, g(*given_point))


@pytest.mark.skipif(COMPILER is None, reason="there is no C compiler")
def test_c_computes_what_autodiff_computes(tmp_path: Path) -> None:
    random = Random("programs for C")
    texts = [with_all_variables(program(lambda options: random.choice(list(options)))) for _ in range(30)]
    examples = [example(text, variables=VARIABLES) for text in texts]
    library = compiled_library({f"f{i}": made.code("c", f"f{i}") for i, made in enumerate(examples)}, tmp_path)
    for index, made in enumerate(examples):
        for point in POINTS:
            ordered = [point[VARIABLES.index(name)] for name in made.variables]
            assert_same(made.text, point, run_c(library, f"f{index}", made.variables, ordered))
