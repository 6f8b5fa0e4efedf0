"""A value and its derivatives as a function in C99, which needs only <math.h>, with the numbers of IEEE 754."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import isfinite

from autodiff.graph.nodes import Graph
from autodiff.show.code.dialect import (
    AND,
    ATOM,
    CHOICE,
    COMPARED,
    COMPUTED,
    OR,
    PRODUCT,
    SIGN,
    Dialect,
    Text,
    joined,
    negative,
    nested_calls,
)
from autodiff.show.code.library import library
from autodiff.show.code.names import Names, c_comment, renamed_text
from autodiff.show.code.python_syntax import as_float
from autodiff.show.code.writing import Written, written

OURS = "@"  # stands before the name of a function of our own until the code knows what it is called itself
SAME_NAME = (
    *("sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh"),
    *("exp", "expm1", "exp2", "log", "log1p", "log2", "log10", "sqrt", "cbrt", "hypot", "erf", "erfc", "lgamma"),
    *("floor", "ceil"),
)
OWN = (
    *("sign", "mod", "root", "logaddexp", "softplus", "sigmoid", "logit", "sinc", "sinc_slope"),
    *("erfi", "lambertw", "digamma", "polygamma", "beta"),
)
CALLS = {
    **{name: name for name in SAME_NAME},
    **{name: OURS + name for name in OWN},
    "abs": "fabs",
    "round": "rint",
    "gamma": "tgamma",
}
DEFINITIONS = {
    **COMPUTED,
    "sech": "1/cosh(x)",
    "csch": "1/sinh(x)",
    "degrees": "x*(180/pi)",
    "radians": "x*(pi/180)",
}
KEYWORDS = """
auto break case char const continue default do double else enum extern float for goto if inline int long register
restrict return short signed sizeof static struct switch typedef union unsigned void volatile while asm typeof
alignas alignof bool constexpr false nullptr static_assert thread_local true catch class delete explicit export friend
mutable namespace new operator private protected public template this throw try typename using virtual wchar_t
and and_eq bitand bitor compl not not_eq or or_eq xor xor_eq
"""
# What <math.h> declares, in C and in what common compilers add, and macros of these and of other headers.
DECLARED = """
acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh drem erf erfc exp exp10 exp2 expm1 fabs fdim
finite floor fma fmax fmin fmod frexp gamma hypot ilogb isinf isnan j0 j1 jn ldexp lgamma llrint llround log log10 log1p
log2 logb lrint lround modf nan nearbyint nextafter nexttoward pow pow10 remainder remquo rint round roundeven scalb
scalbln scalbn signgam significand sin sincos sinh sqrt tan tanh tgamma trunc y0 y1 yn fpclassify isfinite isnormal
signbit isgreater isgreaterequal isless islessequal islessgreater isunordered NAN INFINITY HUGE_VAL HUGE DOMAIN SING
OVERFLOW UNDERFLOW PLOSS TLOSS MAXFLOAT I complex imaginary errno NULL EOF linux unix i386 main abs labs
"""
RESERVED = frozenset((KEYWORDS + DECLARED).split())
FOR_FLOATS = frozenset(f"{name}{ending}" for name in DECLARED.split() for ending in "fl")


def c_code(
    graph: Graph,
    value: int,
    slopes: Mapping[str, int],
    variables: Sequence[str],
    name: str = "f",
    comment: str = "",
) -> str:
    """A function of `variables` that returns the value, and writes the derivatives where its last parameter points.

    `value` and `slopes` are nodes of the graph, by the variables' names. Raises AutodiffError for arrays. The
    functions that it needs beside those of <math.h> have its name before theirs.
    """
    function = Names([name], RESERVED | FOR_FLOATS).variables[name]
    own = {f"{function}_{name}" for name in (*OWN, "min", "max", "cotangent_of_pi_times")}
    names = Names(variables, RESERVED | FOR_FLOATS | own)
    gradient = names.fresh("gradient")
    result = written(graph, value, slopes, C, names)
    parameters = [f"double {name}" for name in names.variables.values()]
    if slopes:
        parameters.append(f"double {gradient}[{len(slopes)}]")
    body = "\n".join(f"    {line}" for line in statements(result, names, gradient))
    called = {f"f_{name}" for name in re.findall(OURS + r"(\w+)", body)}
    own_functions = [re.sub(r"\bf_", f"{function}_", block) for block in library("c.c", called)]
    head = f"double {function}({', '.join(parameters) or 'void'})"
    described = c_comment(description(comment, slopes, names, gradient))
    code = f"{described}\n{head}\n{{\n{body.replace(OURS, f'{function}_')}\n}}"
    return "\n\n".join(["#include <math.h>", *own_functions, code]) + "\n"


def description(comment: str, slopes: Mapping[str, int], names: Names, gradient: str) -> str:
    parts = [comment or "returns the value"]
    if slopes:
        parts.append(f"the derivatives go to {gradient}, in this order: {', '.join(slopes)}")
    if names.renamed:
        parts.append(renamed_text(names))
    return "; ".join(parts)


def statements(result: Written, names: Names, gradient: str) -> list[str]:
    lines = []
    for local in result.locals:
        kind = "int" if local.text.condition else "double"
        lines.append(f"const {kind} {local.name} = {local.text.text};")
    lines += [f"{gradient}[{index}] = {slope.text};" for index, slope in enumerate(result.slopes.values())]
    lines.append(f"return {result.value.text};")
    used = set(re.findall(r"\w+", "\n".join(lines)))
    unused = [f"(void){name};" for name in names.variables.values() if name not in used]
    return [*unused, *lines]


def constant(payload: object) -> Text:
    if isinstance(payload, Fraction) and max(abs(payload.numerator), payload.denominator) < 2**53:
        return Text(f"{payload.numerator}.0/{payload.denominator}.0", PRODUCT)
    number = as_float(payload)
    if isfinite(number):
        return Text(repr(number), SIGN if repr(number).startswith("-") else ATOM)
    return Text("NAN") if number != number else Text("INFINITY") if number > 0 else Text("-INFINITY", SIGN)


def as_number(text: Text) -> Text:
    return Text(f"(double){text.within(ATOM)}", SIGN) if text.condition else text


def as_condition(text: Text) -> Text:
    return text if text.condition else Text(f"{text.within(COMPARED + 1)} != 0.0", COMPARED, condition=True)


def either(a: Text, b: Text) -> Text:
    """With parentheses around an `and`, which compilers ask for."""
    first = a.text if a.binding == OR else a.within(COMPARED)
    return Text(f"{first} || {b.within(COMPARED)}", OR, condition=True)


def choice(condition: Text, a: Text, b: Text) -> Text:
    return Text(f"{condition.within(OR)} ? {a.within(OR)} : {b.text}", CHOICE)


def power(base: Text, exponent: Text) -> Text:
    if exponent.number == 2 and base.text.isidentifier():
        return Text(f"{base.text}*{base.text}", PRODUCT)
    return Text(f"pow({base.text}, {exponent.text})")


C = Dialect(
    name="c",
    calls=CALLS,
    definitions=DEFINITIONS,
    written={
        "neg": negative,
        "pow": power,
        "and": joined(" && ", AND),
        "or": either,
        "not": lambda a: Text(f"!{a.within(SIGN)}", SIGN, condition=True),
        "min": nested_calls(f"{OURS}min"),
        "max": nested_calls(f"{OURS}max"),
    },
    constant=constant,
    number=as_number,
    condition=as_condition,
    choice=choice,
    missing=Text("NAN"),
    false=Text("0"),
)
