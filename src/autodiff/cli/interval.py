"""`--over`: the interval that a variable runs over."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import NamedTuple

from autodiff.cli.points import CLOSING, OPENING, read_value
from autodiff.evaluate.numbers import shortest
from autodiff.function import Function
from autodiff.language.builder import plain_name
from autodiff.language.errors import AutodiffError

DEFAULT = "-5:5"


class Interval(NamedTuple):
    """The variable is empty where the option names none."""

    variable: str
    lower: float
    upper: float


def read_interval(option: str, called: str = "--over", *, endless: bool = False) -> Interval:
    """What `x=-3:3`, `x=0:2*pi` and `-3:3` mean; ends may be infinite if it is `endless`.

    `called` is the option that messages name. Raises AutodiffError for what is no interval.

    >>> read_interval("x = 0:1/2")
    Interval(variable='x', lower=0.0, upper=0.5)
    """
    name, equals, bounds = option.partition("=")
    if not equals:
        name, bounds = "", option
    name = plain_name(name.strip())
    parts = split_at_colons(bounds)
    if len(parts) != 2 or not all(part.strip() for part in parts) or not (name.isidentifier() or not equals):
        raise AutodiffError("bad-value", f"'{option}' is no interval", suggestion=f"write it as {called} x=-3:3")
    lower, upper = (read_bound(part.strip(), name or "the interval", endless) for part in parts)
    if lower >= upper:
        written = f"{shortest(lower)}:{shortest(upper)}"
        problem = "has no width" if lower == upper else "ends before it begins"
        hint = f"write {shortest(upper)}:{shortest(lower)}" if lower > upper else "its second number must be larger"
        raise AutodiffError("bad-value", f"the interval {written} {problem}", suggestion=hint)
    return Interval(name, lower, upper)


def split_at_colons(bounds: str) -> list[str]:
    """`[1, 2, 3][0:1]` is one part."""
    parts, depth, start = [], 0, 0
    for index, character in enumerate(bounds):
        depth += (character in OPENING) - (character in CLOSING)
        if character in ":：" and depth == 0:
            parts.append(bounds[start:index])
            start = index + 1
    return [*parts, bounds[start:]]


def read_bound(written: str, name: str, endless: bool) -> float:
    bound = read_value(written, name)
    if not isinstance(bound, float) or not (math.isfinite(bound) or (endless and math.isinf(bound))):
        what = shortest(bound) if isinstance(bound, float) else "an array"
        raise AutodiffError(
            "bad-value", f"an end of the interval is {what}", suggestion="give it two finite numbers, as in x=-3:3"
        )
    return bound


def variable_to_run(function: Function, named: str, given: Collection[str]) -> str:
    """The variable of the plot: the one that is named, or the only one without a value.

    Raises AutodiffError where that is none, or one of several.
    """
    if named:
        if named in given:
            raise AutodiffError(
                "value-given-twice", f"'{named}' is given a value and an interval", suggestion="give it one of them"
            )
        if function.variables and named not in function.variables:
            there = ", ".join(function.variables)
            raise AutodiffError(
                "unused-value",
                f"'{named}' is not in the formula",
                suggestion=f"its variable is {there}" if len(function.variables) == 1 else f"its variables are {there}",
            )
        return named
    free = [name for name in function.variables if name not in given]
    if function.variables and not free:
        raise AutodiffError(
            "usage",
            "every variable of the formula has a value",
            suggestion=f"give one an interval instead, as in --over {function.variables[0]}=-3:3",
        )
    if len(free) > 1:
        raise AutodiffError(
            "usage",
            f"the formula has several variables, {', '.join(free)}",
            suggestion=f"give one an interval and the others values, as in --over {free[0]}=-3:3 --at {free[1]}=1",
        )
    return free[0] if free else "x"
