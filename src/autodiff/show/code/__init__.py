"""A value and its derivatives as code: a function in Python, NumPy or C, a snippet for SymPy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autodiff.graph.nodes import Graph


def code(
    form: str,
    graph: Graph,
    value: int,
    slopes: Mapping[str, int],
    variables: Sequence[str],
    name: str = "f",
    comment: str = "",
) -> str:
    """The code in one of the forms `python`, `numpy`, `c` and `sympy`: a function `name` of the `variables`.

    `value` and `slopes` are nodes of the graph; the slopes have any names. Raises AutodiffError for what has no form.
    """
    from autodiff.show.code.c import c_code
    from autodiff.show.code.numpy import numpy_code
    from autodiff.show.code.python import python_code
    from autodiff.show.code.sympy import sympy_code

    written = {"python": python_code, "numpy": numpy_code, "c": c_code, "sympy": sympy_code}[form]
    return written(graph, value, slopes, variables, name, comment)
