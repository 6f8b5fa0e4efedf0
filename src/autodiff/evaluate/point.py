"""The values that a formula is given: numbers and arrays, and whether they are those that it needs."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from autodiff.language.builder import plain_name
from autodiff.language.errors import AutodiffError

if TYPE_CHECKING:
    import numpy

    from autodiff.graph.nodes import Graph
    from autodiff.graph.shapes import Shape

    Value = float | numpy.ndarray


def as_name(name: Any) -> str:
    """The variable that a value is for. Raises AutodiffError for what is no text."""
    if not isinstance(name, str):
        raise AutodiffError("bad-value", f"{name!r} is no name", suggestion="give values by name, as in {'x': 0.4}")
    return plain_name(name)


def as_value(name: str, value: Any) -> Any:
    """The nearest binary64 to a real number, or an array of them for a list or an array. Text is none of these.

    `Function("pi/4")()` reads text. Raises AutodiffError.
    """
    if isinstance(value, float | int):
        return as_float(name, value)
    if isinstance(value, list | tuple) or getattr(value, "shape", ()) != ():
        return as_array(name, value)
    return as_float(name, value)


def as_float(name: str, value: Any) -> float:
    try:
        if isinstance(value, str | bytes):
            raise TypeError
        return float(value)
    except OverflowError:  # of an integer or a fraction
        return math.inf if value > 0 else -math.inf
    except (TypeError, ValueError):
        hint = "give a number like 0.4, or a list or an array of numbers"
        raise AutodiffError("bad-value", f"the value for '{name}' is no number", suggestion=hint) from None


def as_array(name: str, value: Any) -> numpy.ndarray:
    import numpy

    try:
        array = numpy.asarray(value)
    except (ValueError, RecursionError):
        message = f"the rows of the array for '{name}' have different lengths"
        raise AutodiffError("bad-value", message, suggestion="give every row as many entries") from None
    if array.dtype.kind in "fiub":
        return array.astype(numpy.float64, copy=False)
    if array.dtype.kind == "O":  # integers and fractions of any size
        entries = [as_float(name, entry) for entry in array.ravel().tolist()]
        return numpy.array(entries, dtype=numpy.float64).reshape(array.shape)
    if array.size == 0:
        return array.astype(numpy.float64)
    message = f"the array for '{name}' has entries that are no real numbers"
    raise AutodiffError("bad-value", message, suggestion="give real numbers only, like [1, 2.5]")


def shape_of(value: Any) -> Shape:
    return value.shape if hasattr(value, "shape") else ()


def zeros(shape: Shape | None) -> Any:
    """0 for a number, an array of zeros for an array."""
    if not shape:
        return 0.0
    import numpy

    return numpy.zeros(shape)


def handed_out(value: Any, at: Mapping[str, Any] | None = None) -> Any:
    """A result that is the caller's to keep and to change: no view, and none of the values given.

    Where the values given are not known, it is a copy.
    """
    if isinstance(value, float):
        return value
    if value.ndim == 0:
        return float(value)
    if at is None or value.base is not None or not value.flags.writeable or any(value is x for x in at.values()):
        return value.copy()
    return value


def all_finite(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    import numpy

    return bool(numpy.isfinite(value).all())


def entry_text(index: Sequence[int]) -> str:
    """`[0, 2]`, and nothing for a number."""
    return f"[{', '.join(map(str, index))}]" if index else ""


def check_values(
    given: Collection[str],
    variables: Mapping[str, int],
    defined: Collection[str],
    graph: Graph,
    text: str,
) -> None:
    """Raises AutodiffError for a value without a variable, and one that lists all variables without a value."""
    for name in given:
        if name in defined:
            raise AutodiffError(
                "unused-value",
                f"'{name}' is defined in the formula, so it can't be given a value",
                suggestion="give no value, or take the statement that defines it out of the formula",
                text=text,
            )
    missing = [name for name in variables if name not in given]
    unused = [name for name in given if name not in variables]
    if unused and not missing:
        raise unused_value(unused, variables, text)
    if missing:
        raise missing_value(missing, unused, given, variables, graph, text)


def unused_value(unused: Sequence[str], variables: Collection[str], text: str) -> AutodiffError:
    from autodiff.language.suggestions import did_you_mean

    hint = did_you_mean(unused[0], variables)
    there = f"it has {', '.join(list(variables)[:20])}" if variables else "it has no variables"
    return AutodiffError(
        "unused-value", f"the formula has no variable {quoted(unused)}", suggestion=hint or there, text=text
    )


def missing_value(
    missing: Sequence[str],
    unused: Sequence[str],
    given: Collection[str],
    variables: Mapping[str, int],
    graph: Graph,
    text: str,
) -> AutodiffError:
    from autodiff.graph.table import FUNCTIONS
    from autodiff.language.suggestions import call_of, did_you_mean, product_of

    first = missing[0]
    known = [*given, *(name for name in variables if name != first)]
    if first in FUNCTIONS:
        suggestion = f"{first} is a function: write {first}(...)"
    elif factors := product_of(first, known):
        suggestion = f"did you mean {factors}?"
    elif called := call_of(first, FUNCTIONS):
        suggestion = f"did you mean {called}?"
    elif hint := did_you_mean(first, unused):
        suggestion = hint
    else:
        suggestion = "give " + ", ".join(f"{name}=..." for name in missing[:8] if len(name) <= 60)
        suggestion += uses_text(graph, [(name, variables[name]) for name in missing[:8]])
    span = graph.spans[variables[first]]
    return AutodiffError("missing-value", f"there is no value for {quoted(missing)}", span, suggestion, text=text)


def uses_text(graph: Graph, placeholders: Sequence[tuple[str, int]]) -> str:
    """What each variable without a value is an operand of: `; x is used in mul at column 1, sin at column 3`."""
    texts = []
    for name, position in placeholders:
        users = [used_at(graph, user) for user, node in enumerate(graph.nodes) if position in node.operands]
        shape = graph.shapes[position]
        declared = f", of shape {shape}," if shape else ""
        if users and len(name) <= 60:
            more = f" and {len(users) - 5} more" if len(users) > 5 else ""
            texts.append(f"{name}{declared} is used in {', '.join(users[:5])}{more}")
    return "".join(f"; {text}" for text in texts)


def used_at(graph: Graph, position: int) -> str:
    """`sin at column 3`."""
    span, name = graph.spans[position], graph.nodes[position].primitive.name
    return name if span is None else f"{name} at column {span.start + 1}"


def quoted(names: Sequence[str], most: int = 20) -> str:
    shown = ", ".join(f"'{name if len(name) <= 60 else name[:60] + '…'}'" for name in names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
