"""What is asked of a formula: the node to differentiate, the nodes to differentiate by, values of their shapes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from autodiff.evaluate.point import as_name, as_value, shape_of
from autodiff.graph.compiler import Compiled
from autodiff.graph.shapes import Shape, entries, shape_text
from autodiff.language.builder import plain_name
from autodiff.language.errors import AutodiffError

MOST_IN_EXAMPLE = 12  # entries of an array that an error writes out


def output_node(compiled: Compiled, of: str | None, text: str) -> int:
    """The node to differentiate: the last statement's, or the one with a name."""
    if of is None:
        return compiled.output
    name = plain_name(of)
    known = {**compiled.variables, **compiled.names}
    if name not in known:
        raise unknown_node(name, known, f"no node is named '{name}'", text)
    return known[name]


def unknown_node(name: str, known: Collection[str], message: str, text: str) -> AutodiffError:
    from autodiff.language.suggestions import did_you_mean

    there = f"there {'is' if len(known) == 1 else 'are'} {', '.join(list(known)[:20])}"
    hint = did_you_mean(name, known) or (there if known else "the formula has no variables")
    return AutodiffError("unknown-name", message, suggestion=hint, text=text)


def not_a_number(shape: Shape | None, text: str) -> AutodiffError:
    return AutodiffError(
        "not-a-number",
        f"the value is an array of shape {shape_text(shape)}, so it has no gradient",
        suggestion="take the jacobian, or make it a number, as with sum(...)",
        text=text,
    )


def wrong_shape(name: str, shape: Shape, wanted: Shape | None, text: str) -> AutodiffError:
    return AutodiffError(
        "shape-mismatch",
        f"the value for '{name}' has shape {shape_text(shape)}, where {shape_text(wanted)} is needed",
        suggestion=f"give it {numbers_in_words(wanted)}",
        text=text,
    )


def numbers_in_words(shape: Shape | None) -> str:
    """What a value of a shape is made of.

    >>> numbers_in_words(()), numbers_in_words((3,)), numbers_in_words((2, 3))
    ('one number, like 0.4', '3 numbers, like [1, 2, 3]', '2 rows of 3 numbers, like [[1, 2, 3], [4, 5, 6]]')
    """
    if shape == ():
        return "one number, like 0.4"
    if shape is None or len(shape) > 2:
        return f"an array of shape {shape_text(shape)}"
    count = f"{shape[-1]} number{'' if shape[-1] == 1 else 's'}"
    words = count if len(shape) == 1 else f"{shape[0]} row{'' if shape[0] == 1 else 's'} of {count}"
    if entries(shape) > MOST_IN_EXAMPLE:
        return words
    import numpy

    return f"{words}, like {numpy.arange(1, entries(shape) + 1).reshape(shape).tolist()}"


def of_shape(name: str, value: Any, declared: Shape, text: str) -> Any:
    """The value in the shape that was declared for it, which may have more or fewer axes of length 1."""
    shape = shape_of(value)
    if shape == declared:
        return value
    if [length for length in shape if length != 1] != [length for length in declared if length != 1]:
        raise wrong_shape(name, shape, declared, text)
    import numpy

    reshaped = numpy.reshape(value, declared)
    return reshaped if declared else float(reshaped)


def fitted(compiled: Compiled, nodes: Mapping[str, int], values: Mapping[str, Any], text: str) -> dict[int, Any]:
    """For each node a value of its shape; a number stands for all entries."""
    result = {}
    given = {as_name(name): value for name, value in values.items()}
    for name, node in nodes.items():
        value, shape = as_value(name, given[name]), compiled.graph.shapes[node]
        if shape_of(value) != shape:
            if shape_of(value) != () or shape is None:
                raise wrong_shape(name, shape_of(value), shape, text)
            import numpy

            value = numpy.full(shape, value)
        result[node] = value
    return result


def requested_nodes(compiled: Compiled, wrt: Iterable[str] | None, text: str) -> dict[str, int]:
    """The nodes that derivatives are asked for, by name; all variables if `wrt` is None."""
    if wrt is None:
        return dict(compiled.variables)
    if isinstance(wrt, str):  # one name, not a name for each letter
        wrt = (wrt,)
    known = {**compiled.variables, **compiled.names}
    requested = {}
    for written in wrt:
        name = plain_name(written)
        if name not in known:
            message = f"'{name}' is not in the formula, so there is no derivative with respect to it"
            raise unknown_node(name, known, message, text)
        requested[name] = known[name]
    return requested
