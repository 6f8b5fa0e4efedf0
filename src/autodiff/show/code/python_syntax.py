"""What code in Python, NumPy and SymPy has in common."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import inf, isfinite

from autodiff.evaluate.numbers import shortest
from autodiff.graph.nodes import NamedConstant
from autodiff.show.code.dialect import ATOM, CHOICE, POWER, PRODUCT, SIGN, Text
from autodiff.show.code.names import Names, docstring, quoted, renamed_text
from autodiff.show.code.writing import Written

WIDEST = 100  # columns of a line with more than one result
LARGEST_INTEGER = 2**53  # beyond it not every integer is a binary64
NAMED = {"pi": "{0}.pi", "π": "{0}.pi", "tau": "2*{0}.pi", "τ": "2*{0}.pi", "e": "{0}.e", "inf": "{0}.inf"}


def constant(payload: object, module: str) -> Text:
    """A number, or one of those that a module has a name for."""
    if isinstance(payload, NamedConstant):
        text = NAMED[payload.name].format(module)
        return Text(text, PRODUCT if "*" in text else ATOM)
    if isinstance(payload, Fraction) and max(abs(payload.numerator), payload.denominator) <= LARGEST_INTEGER:
        return Text(f"{payload.numerator}/{payload.denominator}", PRODUCT)
    if isinstance(payload, int) and abs(payload) <= LARGEST_INTEGER:
        return Text(str(payload), ATOM if payload >= 0 else SIGN)
    number = as_float(payload)
    if isfinite(number):
        return Text(repr(number), SIGN if repr(number).startswith("-") else ATOM)
    return Text(f"-{module}.inf", SIGN) if number < 0 else Text(f"{module}.{shortest(number)}")


def as_float(payload: object) -> float:
    """The nearest binary64."""
    assert isinstance(payload, int | Fraction | float)
    try:
        return float(payload)
    except OverflowError:
        return inf if payload > 0 else -inf


def with_point(text: Text) -> Text:
    """A whole number where nothing else would make a float of it: `1.0`."""
    whole = isinstance(text.number, int) and text.text.lstrip("-").isdigit()
    return text._replace(text=f"{text.text}.0") if whole else text


def integer_power(base: Text, exponent: Text) -> Text | None:
    """With `**`, where the exponent is an integer; of two numbers as floats: an integer might grow without end."""
    if isinstance(exponent.number, int) and abs(exponent.number) <= LARGEST_INTEGER:
        return Text(f"{with_point(base).within(ATOM)}**{exponent.text}", POWER)
    return None


def introduction(comment: str, names: Names) -> list[str]:
    """The docstring, and a comment that says which names are not the formula's own."""
    lines = [docstring(comment or "Returns the value and its derivatives by name.")]
    return [*lines, f"# {renamed_text(names)}"] if names.renamed else lines


def assignments(result: Written) -> list[str]:
    return [f"{local.name} = {local.text.text}" for local in result.locals]


def entries(result: Written) -> list[str]:
    """The derivatives as entries of a dictionary."""
    return [f"{quoted(name)}: {slope.text}" for name, slope in result.slopes.items()]


def dictionary(before: str, inside: Sequence[str]) -> list[str]:
    """`before{...}` on one line, or on as many as there are entries."""
    line = f"{before}{{{', '.join(inside)}}}"
    return [line] if len(line) <= WIDEST else [f"{before}{{", *(f"    {entry}," for entry in inside), "}"]


def function_text(name: str, parameters: Sequence[str], body: Sequence[str]) -> str:
    lines = [f"    {line}" for part in body for line in part.split("\n")]
    return "\n".join([f"def {name}({', '.join(parameters)}):", *lines])


def module_text(imported: str, parts: Sequence[str]) -> str:
    """Functions, and the import that they need."""
    used = any(f"{imported}." in part for part in parts)
    return "\n\n\n".join([*([f"import {imported}"] if used else []), *parts]) + "\n"


def returned(result: Written, ready: Text) -> list[str]:
    return dictionary(f"return {ready.within(CHOICE + 1)}, ", entries(result))
