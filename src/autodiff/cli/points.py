"""`--at` and `--shape`: values and shapes from options and files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from autodiff.evaluate.point import as_value
from autodiff.function import Function
from autodiff.graph.shapes import Shape
from autodiff.language.builder import plain_name
from autodiff.language.errors import AutodiffError

NUMBERS_OF_JSON = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
OPENING, CLOSING = "([（［", ")]）］"


def read_point(options: Iterable[str]) -> dict[str, Any]:
    """The values that `x=0.4`, `x=0.4,y=pi/2`, `v=[1, 2]`, `W=@w.npy` and `@point.json` give to names.

    All options together. Raises AutodiffError for what is none of these, and for a name that gets two values.
    """
    point: dict[str, Any] = {}
    for option in options:
        pairs = read_file(option[1:]) if option.startswith("@") else read_pairs(option)
        for written, value in pairs:
            name = plain_name(written)
            if name in point:
                raise AutodiffError("value-given-twice", f"'{name}' is given two values", suggestion="give it one")
            point[name] = value
    return point


def read_shapes(options: Iterable[str]) -> dict[str, Shape]:
    """The shapes that `W=2x3`, `v=3` and `s=()` declare. Raises AutodiffError for what is none."""
    shapes: dict[str, Shape] = {}
    for option in options:
        for pair in split_at_commas(option):
            name, equals, written = pair.partition("=")
            lengths = [length.strip() for length in written.strip(" ()").replace("×", "x").replace(",", "x").split("x")]
            lengths = [length for length in lengths if length]
            if not equals or not plain_name(name.strip()).isidentifier() or not all(map(str.isdecimal, lengths)):
                raise AutodiffError("bad-value", f"'{pair.strip()}' gives no shape to a name", suggestion="write W=2x3")
            shapes[plain_name(name.strip())] = tuple(map(int, lengths))
    return shapes


def read_names(options: Iterable[str] | None) -> list[str] | None:
    """The names in `--wrt x,y`, all options together; None if there is no option."""
    if options is None:
        return None
    return [name.strip() for option in options for name in option.split(",") if name.strip()]


def read_pairs(option: str) -> Iterator[tuple[str, Any]]:
    for pair in split_at_commas(option):
        name, equals, formula = pair.partition("=")
        if not equals or not plain_name(name.strip()).isidentifier() or not formula.strip():
            raise AutodiffError(
                "bad-value", f"'{pair.strip()}' gives no value to a name", suggestion="write it as --at x=0.4"
            )
        yield name.strip(), read_value(formula.strip(), name.strip())


def split_at_commas(option: str) -> list[str]:
    """`x=max(1, 2), y=3` has one comma that separates."""
    parts, depth, start = [], 0, 0
    for index, character in enumerate(option):
        depth += (character in OPENING) - (character in CLOSING)
        if character == "," and depth == 0:
            parts.append(option[start:index])
            start = index + 1
    parts.append(option[start:])
    return [part for part in parts if part.strip()] or [option]


def read_value(written: str, name: str) -> Any:
    """`@w.npy`, or a formula without variables, like `pi/4`, `-1e-3` and `[1, 2, 3]`."""
    if written.isascii() and NUMBER.fullmatch(written):  # what most values are, without a parser
        return float(written)
    if written.startswith("@"):
        from autodiff.cli.arrays import read_array

        return as_value(name, read_array(written[1:], name))
    try:
        return Function(written)()
    except AutodiffError as error:
        if error.id == "missing-value":
            error.suggestion = "a value is a number, an array, or a formula without variables, like pi/4"
        if written.endswith((".npy", ".csv", ".tsv", ".json")):
            error.suggestion = f"write {name}=@{written} for what the file holds"
        error.origin = f"the value for '{name}'"
        raise


def read_file(path: str) -> Iterator[tuple[str, Any]]:
    from autodiff.cli.arrays import read_json

    if path.endswith((".npy", ".csv", ".tsv")):
        raise AutodiffError("bad-value", f"{path} has no names", suggestion=f"write it as --at W=@{path}")
    content = read_json(path, 'write an object like {"x": 0.4, "y": "pi/2", "v": [1, 2]}')
    if not isinstance(content, dict):
        raise AutodiffError(
            "unreadable-file",
            f"{path} holds no JSON object",
            suggestion='write one like {"x": 0.4, "y": "pi/2", "v": [1, 2]}',
        )
    folder = Path(path).parent
    for name, value in content.items():
        if isinstance(value, str):
            number = NUMBERS_OF_JSON.get(value)
            written = f"@{folder / value[1:]}" if value.startswith("@") else value
            yield name, read_value(written, name) if number is None else number
        elif isinstance(value, int | float | list) and not isinstance(value, bool):
            yield name, as_value(name, numbers_of(value))
        else:
            raise AutodiffError(
                "bad-value",
                f"the value for '{name}' in {path} is no number",
                suggestion='write a number, an array or a formula, like 0.4, [1, 2] or "pi/2"',
            )


def numbers_of(value: Any) -> Any:
    """A JSON value with the strings that stand for numbers that are not finite. It recurses on the axes of an array."""
    if isinstance(value, list):
        return [numbers_of(entry) for entry in value]
    if isinstance(value, bool):
        return None  # no number
    return NUMBERS_OF_JSON.get(value, value) if isinstance(value, str) else value
