"""A value and its derivatives as a snippet that SymPy reads back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from keyword import kwlist
from math import isfinite

from autodiff.graph.nodes import Graph, NamedConstant
from autodiff.show.code.dialect import ATOM, POWER, PRODUCT, SIGN, Dialect, Text, infix, negative
from autodiff.show.code.names import Names, printable, renamed_text
from autodiff.show.code.python_syntax import assignments, dictionary, entries
from autodiff.show.code.writing import written

SAME_NAME = (
    *("sin", "cos", "tan", "sec", "csc", "cot", "asin", "acos", "atan", "asec", "acsc", "acot", "atan2", "sinc"),
    *("sinh", "cosh", "tanh", "sech", "csch", "coth", "asinh", "acosh", "atanh", "asech", "acsch", "acoth"),
    *("exp", "log", "sqrt", "sign", "floor", "erf", "erfc", "gamma", "digamma", "polygamma", "beta", "factorial"),
    *("erfi", "fresnels", "fresnelc", "besselj", "bessely", "besseli", "besselk"),
)
CALLS = {
    **{name: name for name in SAME_NAME},
    "abs": "Abs",
    "ceil": "ceiling",
    "mod": "Mod",
    "min": "Min",
    "max": "Max",
    "lambertw": "LambertW",
}
# As a textbook has them: SymPy computes with as many digits as it takes.
DEFINITIONS = {
    "cbrt": "sign(x)*abs(x)^(1/3)",
    "root": "where(x < 0 and mod(n, 2) == 1, -(-x)^(1/n), x^(1/n))",
    "round": "floor(x + 1/2) - where(mod(x, 2) == 1/2, 1, 0)",
    "hypot": "sqrt(a^2 + b^2)",
    "expm1": "exp(x) - 1",
    "exp2": "2^x",
    "log1p": "log(1 + x)",
    "log2": "log(x)/log(2)",
    "log10": "log(x)/log(10)",
    "log_base": "log(x)/log(base)",
    "xlogy": "where(a == 0, 0, a*log(b))",
    "logaddexp": "log(exp(a) + exp(b))",
    "sigmoid": "1/(1 + exp(-x))",
    "logit": "log(x/(1 - x))",
    "softplus": "log(1 + exp(x))",
    "gelu": "x*erfc(-x/sqrt(2))/2",
    "lgamma": "log(abs(gamma(x)))",
    "degrees": "x*180/pi",
    "radians": "x*pi/180",
}
NAMED = {"pi": "pi", "π": "pi", "tau": "2*pi", "τ": "2*pi", "e": "E", "inf": "oo"}
USED = "E And Eq Float Integer Ne Not Or Piecewise Rational oo pi nan symbols value gradient"
RESERVED = frozenset((*kwlist, *CALLS.values(), *USED.split()))


def sympy_code(
    graph: Graph,
    value: int,
    slopes: Mapping[str, int],
    variables: Sequence[str],
    name: str = "f",
    comment: str = "",
) -> str:
    """Lines that make `value`, and `gradient` with the derivatives by name, of real symbols for the `variables`.

    `value` and `slopes` are nodes of the graph, by the variables' names. Raises AutodiffError for arrays. The snippet
    is no function: it makes no use of `name`.
    """
    names = Names(variables, RESERVED)
    result = written(graph, value, slopes, SYMPY, names)
    lines = ["from sympy import *", ""]
    if comment:
        lines.append(f"# {printable(comment)}")
    if names.renamed:
        lines.append(f"# {renamed_text(names)}")
    if symbols := list(names.variables.values()):
        lines.append(f'{", ".join(symbols)} = symbols("{" ".join(symbols)}", real=True)')
    result = result._replace(slopes={name: sympified(slope) for name, slope in result.slopes.items()})
    lines += [*assignments(result), f"value = {sympified(result.value).text}"]
    return "\n".join([*lines, *dictionary("gradient = ", entries(result))]) + "\n"


def constant(payload: object) -> Text:
    if isinstance(payload, NamedConstant):
        return Text(NAMED[payload.name], PRODUCT if "*" in NAMED[payload.name] else ATOM)
    if isinstance(payload, Fraction):
        return Text(f"Rational({payload.numerator}, {payload.denominator})")
    if isinstance(payload, int):
        return Text(str(payload), SIGN if payload < 0 else ATOM)
    assert isinstance(payload, float)
    if isfinite(payload):
        return Text(repr(payload), SIGN if repr(payload).startswith("-") else ATOM)
    return Text("nan") if payload != payload else Text("oo") if payload > 0 else Text("-oo", SIGN)


def sympified(text: Text) -> Text:
    """A number as one of SymPy's: Python's own integers have another division."""
    kind = "Integer" if isinstance(text.number, int) else "Float" if isinstance(text.number, float) else None
    plain = kind is None or isinstance(text.number, NamedConstant) or not text.text.lstrip("-")[:1].isdigit()
    return text if plain else Text(f"{kind}({text.text})")


def opposite(operand: Text) -> Text:
    number = operand.number
    return negative(operand)._replace(number=-number if isinstance(number, int | float) else None)


def of_numbers(name: str) -> Callable[..., Text]:
    """A sum, product or quotient, whose operands may both be numbers."""

    def written(a: Text, b: Text) -> Text:
        both = a.number is not None and b.number is not None
        return infix(name, sympified(a) if both else a, b)

    return written


def power(base: Text, exponent: Text) -> Text:
    both = base.number is not None and exponent.number is not None
    return Text(f"{(sympified(base) if both else base).within(ATOM)}**{exponent.within(SIGN)}", POWER)


def compared(name: str) -> Callable[..., Text]:
    """A comparison of which no operand is a number of Python's."""
    if name in ("eq", "ne"):
        return lambda a, b: Text(f"{name.capitalize()}({a.text}, {b.text})", condition=True)
    return of_numbers(name)


def as_number(text: Text) -> Text:
    return Text(f"Piecewise((1, {text.text}), (0, True))") if text.condition else text


def as_condition(text: Text) -> Text:
    return text if text.condition else Text(f"Ne({text.text}, 0)", condition=True)


def choice(condition: Text, a: Text, b: Text) -> Text:
    return Text(f"Piecewise(({a.text}, {condition.text}), ({b.text}, True))")


def logical(function: str) -> Callable[..., Text]:
    return lambda *operands: Text(f"{function}({', '.join(o.text for o in operands)})", condition=True)


SYMPY = Dialect(
    name="sympy",
    calls=CALLS,
    definitions=DEFINITIONS,
    written={
        "neg": opposite,
        "pow": power,
        "strong_product": of_numbers("mul"),
        "and": logical("And"),
        "or": logical("Or"),
        "not": logical("Not"),
        **{name: of_numbers(name) for name in ("add", "sub", "mul", "div")},
        **{name: compared(name) for name in ("lt", "le", "gt", "ge", "eq", "ne")},
    },
    constant=constant,
    number=as_number,
    condition=as_condition,
    choice=choice,
)
