"""Code reads as a person would write it: what the forms print for everyday formulas."""

from __future__ import annotations

import pytest

from autodiff import AutodiffError
from autodiff.show.code import code
from tests.show.code.forms import Example, example, function, stated

PYTHON = [
    (
        stated("x^2*y", x="2*x*y", y="x^2"),
        '''
def f(x, y):
    """x^2*y"""
    t1 = x**2
    return t1*y, {"x": 2*x*y, "y": t1}
''',
    ),
    (
        stated("x/3 - sin(2*y)", x="1/3", y="-2*cos(2*y)"),
        '''
import math


def f(x, y):
    """x/3 - sin(2*y)"""
    t1 = 2*y
    return x/3 - math.sin(t1), {"x": 1/3, "y": -2*math.cos(t1)}
''',
    ),
    (
        stated("where(x > 0, x*log(x), 0)", x="where(x > 0, log(x) + 1, 0)"),
        '''
import math


def f(x):
    """where(x > 0, x*log(x), 0)"""
    t1 = math.log(x) if x > 0 else math.nan
    return (x*t1 if x > 0 else 0.0), {"x": t1 + 1 if x > 0 else 0.0}
''',
    ),
    (
        stated("where(x < -1, 1/x, where(x < 1, x, 1/x))", x="where(x < -1, -1/x^2, where(x < 1, 1, -1/x^2))"),
        '''
import math


def f(x):
    """where(x < -1, 1/x, where(x < 1, x, 1/x))"""
    t1 = x < -1 or not x < -1 and not x < 1
    t2 = 1/x if t1 else math.nan
    t3 = -1/x**2 if t1 else math.nan
    return (t2 if x < -1 else x if x < 1 else t2), {"x": t3 if x < -1 else 1.0 if x < 1 else t3}
''',
    ),
    (
        stated("atan2(y, x)^3*exp(-x - y)*log(1 + x^2 + y^2)", x="sqrt(x^2 + y^2)^(1/3) - 12.5*x", y="x^y + x^-2"),
        '''
import math


def f(x, y):
    """atan2(y, x)^3*exp(-x - y)*log(1 + x^2 + y^2)"""
    t1 = x**2
    t2 = y**2
    return math.atan2(y, x)**3*math.exp(-x - y)*math.log(1 + t1 + t2), {
        "x": math.pow(math.sqrt(t1 + t2), 1/3) - 12.5*x,
        "y": math.pow(x, y) + x**-2,
    }
''',
    ),
    (
        stated("relu(x)", x="x > 0"),
        '''
def f(x):
    """relu(x)"""
    return max(x, 0.0), {"x": float(x > 0)}
''',
    ),
    (
        stated("2^70*λ + in", λ="2^70", **{"in": "1"}),
        '''
def f(lamda, in_):
    """2^70*λ + in"""
    # lamda is λ, in_ is in
    t1 = 2.0**70
    return t1*lamda + in_, {"λ": t1, "in": 1.0}
''',
    ),
]


@pytest.mark.parametrize(("made", "code"), PYTHON, ids=[made.text for made, _ in PYTHON])
def test_python_reads_well(made: Example, code: str) -> None:
    assert "\n" + made.code("python") == code


def test_what_a_program_names_has_its_name() -> None:
    lines = example("r = x^2 + y^2; sqrt(r) + r").code("python").splitlines()
    assert "    r = x**2 + y**2" in lines


def test_numpy_takes_points_and_says_what_is_the_same_at_all_of_them() -> None:
    made = stated("where(x > 0, x*log(x), 0) + 2*y", x="where(x > 0, log(x) + 1, 0)", y="2")
    assert (
        made.code("numpy")
        == '''import numpy


def f(x, y):
    """where(x > 0, x*log(x), 0) + 2*y"""
    x, y = numpy.broadcast_arrays(*(numpy.asarray(values, dtype=float) for values in (x, y)))
    with numpy.errstate(all="ignore"):
        t1 = numpy.log(x)
        return numpy.where(x > 0, x*t1, 0.0) + 2*y, {
            "x": numpy.where(x > 0, t1 + 1, 0.0),
            "y": numpy.full_like(x, 2.0),
        }
'''
    )


def test_numpy_says_for_which_shapes_its_arrays_are() -> None:
    assert (
        example("sum(tanh(W @ x))", {"W": (2, 3), "x": (3,)}).code("numpy").partition("    t1 = ")[0]
        == '''import numpy


def f(W, x):
    """sum(tanh(W @ x))"""
    W = numpy.asarray(W, dtype=float)
    if W.shape != (2, 3):
        raise ValueError("W must have the shape (2, 3)")
    x = numpy.asarray(x, dtype=float)
    if x.shape != (3,):
        raise ValueError("x must have the shape (3,)")
'''
    )


def test_c_reads_well_and_divides_numbers_with_a_fraction() -> None:
    assert (
        stated("x/3 + 1/3 + I^2", x="1/3", I="2*I").code("c", "slope")
        == """#include <math.h>

/* x/3 + 1/3 + I^2; the derivatives go to gradient, in this order: x, I; I_ is I */
double slope(double x, double I_, double gradient[2])
{
    gradient[0] = 1.0/3.0;
    gradient[1] = 2.0*I_;
    return x/3.0 + 1.0/3.0 + I_*I_;
}
"""
    )


def test_functions_that_c_lacks_have_the_name_of_the_one_that_needs_them() -> None:
    code = example("sigmoid(x)").code("c", "g")
    assert "static double g_sigmoid(double x)\n" in code
    assert "f_sigmoid" not in code


def test_sympy_reads_well_and_keeps_fractions_exact() -> None:
    made = stated("x^2/3 + y*(1/3) + where(x < E, x, 0.5)", x="2*x/3 + where(x < E, 1, 0)", y="1/3", E="0")
    assert (
        made.code("sympy")
        == """from sympy import *

# x^2/3 + y*(1/3) + where(x < E, x, 0.5)
# E_ is E
x, y, E_ = symbols("x y E_", real=True)
value = x**2/3 + y*Rational(1, 3) + Piecewise((x, x < E_), (0.5, True))
gradient = {"x": 2*x/3 + Piecewise((1, x < E_), (0, True)), "y": Rational(1, 3), "E": Integer(0)}
"""
    )


def test_without_a_comment_the_docstring_says_what_is_returned() -> None:
    assert '"""Returns the value and its derivatives by name."""' in example("x").code("python", comment="")


def test_what_python_raises_is_python_s_own() -> None:
    f = function(example("log(x) + 1/x").code("python"))
    for x in (0.0, -1.0):
        with pytest.raises((ValueError, ZeroDivisionError)):
            f(x)


@pytest.mark.parametrize("form", ["python", "c", "sympy"])
def test_arrays_are_refused_with_the_form_that_has_them(form: str) -> None:
    with pytest.raises(AutodiffError) as caught:
        example("sum(v^2)", {"v": (3,)}).code(form)
    assert caught.value.id == "no-such-form"
    assert "numpy" in caught.value.suggestion


def test_shapes_that_are_not_known_are_refused() -> None:
    from autodiff.graph.compiler import compile_program, parser

    compiled = compile_program(parser().parse("sum(v)"), "sum(v)")
    with pytest.raises(AutodiffError) as caught:
        code("numpy", compiled.graph, compiled.output, {}, ["v"])
    assert caught.value.id == "no-such-form"
