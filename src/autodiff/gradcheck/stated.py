"""A gradient that somebody else computed: numbers with as many digits as they were written with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from autodiff.evaluate.point import as_float
from autodiff.gradcheck.section import Entry
from autodiff.graph.shapes import shape_text
from autodiff.language.builder import plain_name
from autodiff.language.errors import AutodiffError
from autodiff.language.suggestions import did_you_mean

ENOUGH_DIGITS = 3  # 2.0 or 0.5 is meant as it stands, 1.04 may be rounded
BRACKETS = str.maketrans("", "", "[]［］")
DECIMAL = re.compile(r"[+-]?(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?")


class Stated(NamedTuple):
    """A number, and the digits after which it may have been rounded, with half a unit of the last one; 0: exact."""

    value: float
    digits: int = 0
    half_unit: float = 0.0


def stated_number(text: str, value: float) -> Stated:
    """The number that `text` is, if it has a decimal point or an exponent, and enough digits to have been rounded.

    >>> stated_number("1.04", 1.04)
    Stated(value=1.04, digits=3, half_unit=0.005)
    >>> stated_number("2", 2.0)
    Stated(value=2.0, digits=0, half_unit=0.0)
    """
    decimal = DECIMAL.fullmatch(text.strip())
    if decimal is None or (decimal[2] is None and decimal[3] is None):
        return Stated(value)
    fraction = decimal[2] or ""
    digits = len(((decimal[1] or "") + fraction).lstrip("0"))
    if digits < ENOUGH_DIGITS:
        return Stated(value)
    return Stated(value, digits, float(f"5e{int(decimal[3] or 0) - len(fraction) - 1}"))


def stated_value(text: str, value: Any) -> Any:
    """The number, or the array of numbers, that `text` is, each with the digits that it was written with."""
    if isinstance(value, float):
        return stated_number(text, value)
    texts = text.translate(BRACKETS).split(",")
    if len(texts) != value.size:  # an entry that is a call, say
        return value
    import numpy

    result = numpy.empty(value.shape, dtype=object)
    for place, entry, number in zip(indices(value.shape), texts, value.ravel().tolist(), strict=True):
        result[place] = stated_number(entry, number)
    return result


def stated_gradient(
    gradient: Mapping[str, Any] | None, shapes: Mapping[str, tuple[int, ...]], text: str
) -> dict[Entry, Stated]:
    """The numbers by entry. Raises AutodiffError for names and shapes that are not those of `shapes`."""
    if gradient is None:
        return {}
    names = list(shapes)
    by_name = {plain_name(name): value for name, value in gradient.items()}
    for name in by_name:
        if name not in names:
            raise AutodiffError(
                "unknown-name",
                f"the gradient has a number for '{name}', by which nothing is differentiated",
                suggestion=did_you_mean(name, names) or f"it is checked for {', '.join(names[:20])}",
                text=text,
            )
    missing = [name for name in names if name not in by_name]
    if missing:
        shown = ", ".join(f"'{name}'" for name in missing[:20])
        raise AutodiffError(
            "missing-value",
            f"the gradient has no number for {shown}",
            suggestion="give it, or choose what to check with wrt (--wrt)",
            text=text,
        )
    stated: dict[Entry, Stated] = {}
    for name in names:
        entries = dict(flattened(by_name[name], name, ()))
        if entries.keys() != set(indices(shapes[name])):
            raise AutodiffError(
                "bad-value",
                f"the gradient for '{name}' is {described(entries)}, where {in_words(shapes[name])} is needed",
            )
        stated.update({Entry(name, index): value for index, value in entries.items()})
    return stated


def flattened(value: Any, name: str, index: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], Stated]]:
    """The numbers in nested lists or an array, each with its index."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, Stated):
        yield index, value
    elif isinstance(value, list | tuple):
        for position, part in enumerate(value):
            yield from flattened(part, name, (*index, position))
    else:
        yield index, Stated(as_float(name, value))


def indices(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Every index of an array of this shape, the last axis fastest.

    >>> indices((2, 2))
    [(0, 0), (0, 1), (1, 0), (1, 1)]
    """
    places: list[tuple[int, ...]] = [()]
    for length in shape:
        places = [(*place, position) for place in places for position in range(length)]
    return places


def described(entries: Mapping[tuple[int, ...], Stated]) -> str:
    return "one number" if () in entries else f"an array with {len(entries)} entries"


def in_words(shape: tuple[int, ...]) -> str:
    return f"an array of shape {shape_text(shape)}" if shape else "one number"
