"""The numbers that a formula has for indices, axes and lengths: they decide about shapes, so they are known first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autodiff.graph.calls import is_list
from autodiff.graph.nodes import Graph
from autodiff.graph.static import NotStaticError, static_number
from autodiff.language.errors import AutodiffError
from autodiff.language.expression import Expression


class Unknown:
    """What a parameter is while the shapes or the values that it depends on are not known."""


UNKNOWN = Unknown()


class KnownNumbers:
    """Reads them off the graph that is being built. `sizes` become the variables whose values decide.

    `positions` has the node of each construct, by its identity; `values` the numbers of variables.
    """

    def __init__(self, graph: Graph, values: Mapping[str, float]) -> None:
        self.graph = graph
        self.values = values
        self.positions: Mapping[int, int] = {}
        self.sizes: set[str] = set()

    def parameter(self, values: list[Expression], several: bool) -> Any:
        """A number, or a list of them: `axis=1`, `axis=(0, 1)`, `zeros(2, 3)`, `zeros([2, 3])`."""
        first = values[0]
        if len(values) == 1 and is_list(first):
            values, several = list(first.operands), True
        numbers = [self.static(value) for value in values]
        if UNKNOWN in numbers:
            return UNKNOWN
        return numbers if several else numbers[0]

    def subscript(self, expression: Expression) -> Any:
        """An integer or a slice."""
        if expression.kind != "slice":
            return self.static(expression)
        parts = iter([self.static(operand) for operand in expression.operands])
        bounds = [next(parts) if written else None for written in expression.text.split(":")]
        if UNKNOWN in bounds:
            return UNKNOWN
        if len(bounds) == 3 and bounds[2] == 0:
            raise AutodiffError("shape-mismatch", "the step of a slice can't be 0", expression.span)
        return slice(*bounds)

    def static(self, expression: Expression) -> Any:
        """A whole number that an index, an axis or a length is; UNKNOWN while the shapes are."""
        position = self.positions[id(expression)]
        try:
            number = static_number(self.graph, position, self.values)
        except NotStaticError as error:
            if error.names:
                self.sizes.update(error.names)
                return UNKNOWN
            raise AutodiffError(
                "not-known-in-advance",
                "an index, an axis or a length must be known before the evaluation",
                expression.span,
                "use whole numbers, len(x), or variables that have values",
            ) from None
        return UNKNOWN if number is None else number
