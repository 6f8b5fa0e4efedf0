"""Columns that are named like constants: in `e*x` a column `e` is meant, unless `e` is given in another way."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from autodiff.function import Function
from autodiff.graph.nodes import NamedConstant
from autodiff.language.builder import plain_name
from autodiff.language.errors import Note


def constant_columns(
    function: Function, bound: Collection[str], taken: Collection[str], columns: Sequence[str]
) -> dict[str, str]:
    """The column of each constant that the formula uses and that nothing is `bound` to, by the constant's name."""
    named = {name: column for column in columns if (name := plain_name(column)) in NamedConstant.VALUES}
    free = {name: column for name, column in named.items() if name not in bound}
    if not free:
        return {}
    variables = Function(function.text, variables=[*bound, *free]).variables
    return {name: column for name, column in free.items() if name in variables}


def constant_notes(columns: Collection[str]) -> list[Note]:
    """What is to be said about them."""
    return [
        Note("column-of-constant", f"'{name}' is the column, not the constant; --at {name}={name} takes the constant")
        for name in columns
    ]
