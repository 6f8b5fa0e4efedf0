"""What speaks for a verdict, and its points and values as text, with as many digits as tell them apart."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from autodiff.check.comparison import Found, State, has_value
from autodiff.check.points import Point
from autodiff.check.verdict import Counterexample

UNDEFINED = "undefined"
SHORT, LONG = 6, 50  # digits


class Missing(NamedTuple):
    """A point at which only one of the two has a value; `alone` if it is so only there."""

    point: Point
    found: Found
    alone: bool

    @property
    def is_of_given(self) -> bool:
        """Whether it is the given formula that has no value."""
        return self.found.state is State.ONLY_EXPECTED


class Evidence(NamedTuple):
    """What was found out about two formulas.

    `where` and `found` are the counterexample, None if there is none. `missing` are points where the given one has no
    value and the expected one has, or the other way round.
    """

    verdict: str
    how: str
    points: int = 0
    digits: int | None = None
    where: Mapping[str, Any] | None = None
    found: Found | None = None
    missing: tuple[Missing, ...] = ()


def counterexample(point: Mapping[str, Any], found: Found) -> Counterexample:
    """The point and both values there; more digits where the first ones are equal."""
    at = {name: number_text(value) for name, value in point.items()}
    for digits in (SHORT, 2 * SHORT, 4 * SHORT, LONG):
        expected, given = value_text(found.expected, digits), value_text(found.given, digits)
        if expected != given:
            break
    return Counterexample(at, expected, given)


def number_text(value: Any) -> str:
    """An exact number as a person writes it: `-1/2`, `0.37`; a complex one as `1 + 2*i`."""
    if isinstance(value, tuple):
        return complex_text(*map(number_text, value))
    if value.denominator <= 16:
        return str(value)
    return f"{float(value)!r}"


def value_text(value: Any, digits: int) -> str:
    """A number of mpmath to so many significant digits: `2`, `-0.333333`, `1 + 2*i`, `undefined`.

    >>> import mpmath
    >>> value_text(mpmath.mpf(-1) / 3, 6), value_text(mpmath.mpc(0, 1), 6), value_text(mpmath.nan, 6)
    ('-0.333333', 'i', 'undefined')
    """
    if value is None or not has_value(value):
        return UNDEFINED
    if hasattr(value, "context") and isinstance(value, value.context.mpc):
        return complex_text(value_text(value.real, digits), value_text(value.imag, digits))
    if isinstance(value, Fraction | int):
        return number_text(Fraction(value))
    text = value.context.nstr(value, digits)
    mantissa, mark, exponent = text.partition("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    text = mantissa + mark + exponent
    return "0" if text == "-0" else text


def complex_text(real: str, imaginary: str) -> str:
    if imaginary == "0":
        return real
    size = imaginary.removeprefix("-")
    product = "i" if size == "1" else f"{size}*i"
    if real == "0":
        return f"-{product}" if imaginary.startswith("-") else product
    return f"{real} {'-' if imaginary.startswith('-') else '+'} {product}"


def point_text(at: Mapping[str, str]) -> str:
    """`x = 2, y = 1/2`"""
    return ", ".join(f"{name} = {value}" for name, value in at.items())
