"""`--at`: a point from options and files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from autodiff.function import Function, as_float
from autodiff.language.builder import plain_name
from autodiff.language.errors import AutodiffError

NUMBERS_OF_JSON = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}


def read_point(options: Iterable[str]) -> dict[str, float]:
    """The values that `x=0.4`, `x=0.4,y=pi/2` and `@point.json` give to names, all options together.

    Raises AutodiffError for what is none of these, and for a name that gets two values.
    """
    point: dict[str, float] = {}
    for option in options:
        pairs = read_file(option[1:]) if option.startswith("@") else read_pairs(option)
        for written, value in pairs:
            name = plain_name(written)
            if name in point:
                raise AutodiffError("value-given-twice", f"'{name}' is given two values", suggestion="give it one")
            point[name] = value
    return point


def read_pairs(option: str) -> Iterator[tuple[str, float]]:
    for pair in split_at_commas(option):
        name, equals, formula = pair.partition("=")
        if not equals or not plain_name(name.strip()).isidentifier() or not formula.strip():
            raise AutodiffError(
                "bad-value", f"'{pair.strip()}' gives no value to a name", suggestion="write it as --at x=0.4"
            )
        yield name.strip(), constant_value(formula, name.strip())


def split_at_commas(option: str) -> list[str]:
    """`x=max(1, 2), y=3` has one comma that separates."""
    parts, depth, start = [], 0, 0
    for index, character in enumerate(option):
        depth += (character in "([") - (character in ")]")
        if character == "," and depth == 0:
            parts.append(option[start:index])
            start = index + 1
    parts.append(option[start:])
    return [part for part in parts if part.strip()] or [option]


def constant_value(formula: str, name: str) -> float:
    """The value of a formula without variables, like `pi/4` or `-1e-3`."""
    try:
        return Function(formula.strip())()
    except AutodiffError as error:
        if error.id == "missing-value":
            error.suggestion = "a value is a number or a formula without variables, like pi/4"
        error.origin = f"the value for '{name}'"
        raise


def read_file(path: str) -> Iterator[tuple[str, float]]:
    import json

    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise AutodiffError("unreadable-file", f"can't read {path}: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise AutodiffError(
            "unreadable-file",
            f"{path} is not JSON",
            suggestion='write an object like {"x": 0.4, "y": "pi/2"}',
        ) from None
    if not isinstance(content, dict):
        raise AutodiffError(
            "unreadable-file",
            f"{path} holds no JSON object",
            suggestion='write one like {"x": 0.4, "y": "pi/2"}',
        )
    for name, value in content.items():
        if isinstance(value, str):
            number = NUMBERS_OF_JSON.get(value)
            yield name, constant_value(value, name) if number is None else number
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield name, as_float(name, value)
        else:
            raise AutodiffError("bad-value", f"the value for '{name}' in {path} is no number")
