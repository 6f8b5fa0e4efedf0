"""A value and its derivatives as a function in Python, which imports only `math`.

It is written as people write it: `math.log(x)`, `a/b`, `x**2`. So where binary64 has no finite number, it raises what
Python raises (ValueError, ZeroDivisionError, OverflowError). What a choice leaves out is not computed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from keyword import kwlist

from autodiff.graph.nodes import Graph
from autodiff.show.code.dialect import (
    AND,
    CHOICE,
    COMPARED,
    COMPUTED,
    NOT,
    OR,
    PRODUCT,
    SIGN,
    Dialect,
    Text,
    joined,
    negative,
)
from autodiff.show.code.library import functions, library, words
from autodiff.show.code.names import Names
from autodiff.show.code.python_syntax import (
    assignments,
    constant,
    function_text,
    integer_power,
    introduction,
    module_text,
    returned,
    with_point,
)
from autodiff.show.code.writing import written

SAME_NAME = (
    *("sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh"),
    *("exp", "expm1", "exp2", "log", "log1p", "log2", "log10", "sqrt", "cbrt", "hypot", "erf", "erfc"),
    *("gamma", "lgamma", "degrees", "radians"),
)
OWN = (
    *("sign", "root", "logaddexp", "softplus", "sigmoid", "logit", "sech", "csch", "sinc", "sinc_slope"),
    *("erfi", "lambertw", "digamma", "polygamma", "beta"),
)
CALLS = {**{name: f"math.{name}" for name in SAME_NAME}, **{name: f"_{name}" for name in OWN}, "abs": "abs"}
RESERVED = {*kwlist, "math", "abs", "min", "max", "float", "round", *(name for name, _ in functions("python.py"))}


def python_code(
    graph: Graph,
    value: int,
    slopes: Mapping[str, int],
    variables: Sequence[str],
    name: str = "f",
    comment: str = "",
) -> str:
    """A function of `variables` that returns the value and a dictionary with the derivatives.

    `value` and `slopes` are nodes of the graph, by the variables' names. Raises AutodiffError for arrays.

    >>> from autodiff.graph.compiler import compile_program, parser
    >>> from autodiff.graph.gradient import gradient
    >>> text = "x^2*y"
    >>> compiled = compile_program(parser().parse(text), text)
    >>> step = gradient(compiled.graph, compiled.output, compiled.variables.values())
    >>> slopes = {name: step.adjoints[node] for name, node in compiled.variables.items()}
    >>> print(python_code(step.graph, compiled.output, slopes, ["x", "y"], comment=text), end="")
    def f(x, y):
        \"\"\"x^2*y\"\"\"
        t1 = x**2
        return t1*y, {"x": y*(2*x), "y": t1}
    """
    names = Names(variables, RESERVED)
    function = Names([name], RESERVED).variables[name]
    result = written(graph, value, slopes, PYTHON, names)
    body = introduction(comment, names)
    result = result._replace(slopes={name: with_point(slope) for name, slope in result.slopes.items()})
    body += [*assignments(result), *returned(result, with_point(result.value))]
    code = function_text(function, list(names.variables.values()), body)
    return module_text("math", [*library("python.py", words(code)), code])


def as_number(text: Text) -> Text:
    return Text(f"float({text.text})") if text.condition else text


def as_condition(text: Text) -> Text:
    return text if text.condition else Text(f"{text.within(COMPARED + 1)} != 0", COMPARED, condition=True)


def choice(condition: Text, a: Text, b: Text) -> Text:
    first, second = with_point(a), with_point(b)
    return Text(f"{first.within(OR)} if {condition.within(OR)} else {second.text}", CHOICE)


def power(base: Text, exponent: Text) -> Text:
    """With `**` only where the exponent is an integer: a negative base with another one would be complex."""
    return integer_power(base, exponent) or Text(f"math.pow({base.text}, {exponent.text})")


def in_floats(pattern: str) -> Callable[..., Text]:
    """For functions that would give an integer."""
    return lambda *operands: Text(pattern.format(", ".join(with_point(operand).text for operand in operands)))


PYTHON = Dialect(
    name="python",
    calls=CALLS,
    definitions=COMPUTED,
    written={
        "neg": negative,
        "pow": power,
        "and": joined(" and ", AND),
        "or": joined(" or ", OR),
        "not": lambda a: Text(f"not {a.within(NOT)}", NOT, condition=True),
        "mod": lambda a, b: Text(f"{a.within(PRODUCT)} % {b.within(SIGN)}", PRODUCT),
        "floor": in_floats("float(math.floor({}))"),
        "ceil": in_floats("float(math.ceil({}))"),
        "round": in_floats("float(round({}))"),
        "min": in_floats("min({})"),
        "max": in_floats("max({})"),
    },
    constant=lambda payload: constant(payload, "math"),
    number=as_number,
    condition=as_condition,
    choice=choice,
    missing=Text("math.nan"),
    false=Text("False"),
)
