"""Nodes with the operators of the language, so that a vector-Jacobian product reads as mathematics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from autodiff.graph.shapes import Shape, with_ones
from autodiff.graph.simplify import add_simplified
from autodiff.graph.table import PRIMITIVES

if TYPE_CHECKING:
    from autodiff.graph.nodes import Graph, Number


class Term:
    """A node of a graph that is being built.

    A `strong` term is an adjoint, or a product of one: where it is exactly 0 its products are 0, whatever the other
    factor is.
    """

    __slots__ = ("graph", "position", "strong")

    def __init__(self, graph: Graph, position: int, strong: bool = False) -> None:
        self.graph = graph
        self.position = position
        self.strong = strong

    @property
    def shape(self) -> Shape:
        shape = self.graph.shapes[self.position]
        assert shape is not None, "a graph is differentiated when its shapes are known"
        return shape

    def apply(self, name: str, *others: Term | Number, payload: tuple[object, ...] | None = None) -> Term:
        """The primitive `name` of this term and the others."""
        primitive = PRIMITIVES[name]
        operands = tuple(self._position(other) for other in (self, *others))
        if payload is None and primitive.array is not None:
            payload = ()
        return Term(self.graph, add_simplified(self.graph, primitive, operands, payload), self.strong)

    def _position(self, other: Term | Number) -> int:
        return other.position if isinstance(other, Term) else self.graph.constant(other)

    def __add__(self, other: Term | Number) -> Term:
        return self.apply("add", other)

    def __sub__(self, other: Term | Number) -> Term:
        return self.apply("sub", other)

    def __mul__(self, other: Term | Number) -> Term:
        return self.apply("strong_product" if self.strong else "mul", other)

    def __truediv__(self, other: Term | Number) -> Term:
        if self.strong and isinstance(other, Term):
            return self * (Term(self.graph, self.graph.constant(1)) / other)
        return self.apply("div", other)

    def __rtruediv__(self, other: Number) -> Term:
        return Term(self.graph, self.graph.constant(other)) / self

    def __matmul__(self, other: Term) -> Term:
        side = 0 if self.strong else 1 if other.strong else None
        product = self.apply("matmul", other, payload=(side,))
        return Term(self.graph, product.position, self.strong or other.strong)

    def __neg__(self) -> Term:
        return self.apply("neg")

    def __eq__(self, other: object) -> Term:  # type: ignore[override]  # an operator of the language, as the others
        assert isinstance(other, Term | int)
        return self.apply("eq", other)

    def __gt__(self, other: Term | Number) -> Term:
        return self.apply("gt", other)

    __hash__ = object.__hash__

    def array(self, rows: Sequence[Sequence[float]]) -> Term:
        """A constant array of the same graph."""
        import numpy

        from autodiff.graph.nodes import ArrayConstant

        return Term(self.graph, self.graph.constant(ArrayConstant(numpy.array(rows, dtype=numpy.float64))))

    @property
    def swapped(self) -> Term:
        """With the last two axes in the other order: the transpose of each matrix."""
        axes = len(self.shape)
        return self.transposed((*range(axes - 2), axes - 1, axes - 2))

    def transposed(self, axes: Sequence[int]) -> Term:
        return self.apply("transpose", payload=(tuple(axes),))

    def reshaped(self, shape: Shape) -> Term:
        return self.apply("reshape", payload=(shape,))

    def broadcast(self, shape: Shape) -> Term:
        """Repeated along new axes, and along those of length 1."""
        return self.apply("broadcast", payload=(shape,))

    def summed_to(self, shape: Shape) -> Term:
        """The sum over all axes along which `broadcast` repeats."""
        return self.apply("sum_to", payload=(shape,))

    def summed(self, axes: Sequence[int]) -> Term:
        return self.apply("sum", payload=(tuple(axes),))

    def entries(self, items: Sequence[object]) -> Term:
        """The entries that settled subscripts select."""
        return self.apply("index", payload=(tuple(items),))

    def kept(self, shape: Shape, axes: Sequence[int]) -> Term:
        """What a reduction of an array of `shape` over `axes` gave, with these axes kept at length 1."""
        return self.reshaped(with_ones(shape, axes))
