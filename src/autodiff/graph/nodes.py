"""The graph: a list of nodes in which operands come first, and equal nodes are one."""

from __future__ import annotations

from collections.abc import Mapping
from math import copysign, inf
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from autodiff.graph.primitive import CONSTANT, VARIABLE, Primitive
from autodiff.language.errors import Span

if TYPE_CHECKING:
    from fractions import Fraction

    Exact = int | Fraction
    Number = int | Fraction | float


class NamedConstant(float):
    """The nearest binary64 to a constant, which remembers what it is nearest to: backends may have more digits."""

    VALUES: ClassVar[Mapping[str, float]] = {
        "pi": 3.141592653589793,
        "π": 3.141592653589793,
        "tau": 6.283185307179586,
        "τ": 6.283185307179586,
        "e": 2.718281828459045,
        "inf": inf,
    }
    name: str

    def __new__(cls, name: str) -> NamedConstant:
        constant = super().__new__(cls, cls.VALUES[name])
        constant.name = name
        return constant


class Node(NamedTuple):
    """One operation: a primitive and its operands, which are positions in the graph's list.

    A variable has its name as `payload`, a constant its number: exact (int, Fraction) where the text was, else float.
    `label` is the name that a program gave to the node. It is part of what the node is: nodes with different names
    have different adjoints.
    """

    primitive: Primitive
    operands: tuple[int, ...]
    payload: object = None
    label: str | None = None


class Graph:
    """A Wengert list. Nodes are added at the end, operands before what uses them, and never change."""

    __slots__ = ("index", "nodes", "spans")

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.spans: list[Span | None] = []
        self.index: dict[object, int] = {}

    def copy(self) -> Graph:
        other = Graph()
        other.nodes, other.spans, other.index = self.nodes.copy(), self.spans.copy(), self.index.copy()
        return other

    def add(
        self,
        primitive: Primitive,
        operands: tuple[int, ...],
        *,
        label: str | None = None,
        span: Span | None = None,
    ) -> int:
        """The position of the node, which is added unless an equal one is there."""
        node = Node(primitive, operands, None, label)
        return self._add(node, node, span)

    def variable(self, name: str, *, span: Span | None = None) -> int:
        node = Node(VARIABLE, (), name, name)
        return self._add(node, node, span)

    def constant(self, value: Number, *, label: str | None = None, span: Span | None = None) -> int:
        # 2 and 2.0 are equal in Python, as are 0.0 and -0.0
        key = (label, type(value), value, isinstance(value, float) and copysign(1.0, value))
        return self._add(key, Node(CONSTANT, (), value, label), span)

    def _add(self, key: object, node: Node, span: Span | None) -> int:
        position = self.index.setdefault(key, len(self.nodes))
        if position == len(self.nodes):
            self.nodes.append(node)
            self.spans.append(span)
        return position

    def number(self, position: int) -> Number | None:
        """The number that the node is, None if it isn't a constant without a name."""
        node = self.nodes[position]
        if node.primitive is CONSTANT and node.label is None:
            return node.payload  # type: ignore[return-value]  # a constant's payload is a Number
        return None
