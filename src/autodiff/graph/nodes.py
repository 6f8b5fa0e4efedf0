"""The graph: a list of nodes in which operands come first, and equal nodes are one."""

from __future__ import annotations

from collections.abc import Mapping
from math import copysign, inf
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from autodiff.graph.primitive import CONSTANT, VARIABLE, Payload, Primitive
from autodiff.graph.shapes import Shape, broadcast_shape
from autodiff.language.errors import Span

if TYPE_CHECKING:
    from fractions import Fraction

    import numpy

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


class ArrayConstant:
    """The entries of a constant array, which must not change."""

    __slots__ = ("entries", "key")

    def __init__(self, entries: numpy.ndarray) -> None:
        entries.flags.writeable = False
        self.entries = entries
        self.key = (entries.shape, entries.tobytes())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ArrayConstant) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


class Node(NamedTuple):
    """One operation: a primitive and its operands, which are positions in the graph's list.

    A variable has its name as `payload`, a constant its number: exact (int, Fraction) where the text was, else float,
    or an ArrayConstant; an array primitive what its parameters were settled to (None while shapes are not known).
    `label` is the name that a program gave to the node. It is part of what the node is: nodes with different names
    have different adjoints.
    """

    primitive: Primitive
    operands: tuple[int, ...]
    payload: object = None
    label: str | None = None


class Graph:
    """A Wengert list. Nodes are added at the end, operands before what uses them, and never change.

    `shapes` has the shape of each node, () for a number, None where it isn't known yet.
    """

    __slots__ = ("index", "nodes", "shapes", "spans")

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.shapes: list[Shape | None] = []
        self.spans: list[Span | None] = []
        self.index: dict[object, int] = {}

    def copy(self) -> Graph:
        other = Graph()
        other.nodes, other.spans, other.index = self.nodes.copy(), self.spans.copy(), self.index.copy()
        other.shapes = self.shapes.copy()
        return other

    def add(
        self,
        primitive: Primitive,
        operands: tuple[int, ...],
        *,
        payload: Payload | None = None,
        label: str | None = None,
        span: Span | None = None,
    ) -> int:
        """The position of the node, which is added unless an equal one is there. Raises ShapeError."""
        node = Node(primitive, operands, payload, label)
        position = self.index.get(node)
        if position is not None:
            return position
        return self._add(node, node, self._shape(primitive, operands, payload), span)

    def unsettled(
        self, primitive: Primitive, operands: tuple[int, ...], *, label: str | None = None, span: Span | None = None
    ) -> int:
        """A node whose shape, or whose constant, can't be known before its operands' shapes are."""
        node = Node(primitive, operands, None, label)
        return self._add(node, node, None, span)

    def variable(self, name: str, *, shape: Shape | None = (), span: Span | None = None) -> int:
        node = Node(VARIABLE, (), name, name)
        return self._add(node, node, shape, span)

    def constant(self, value: Number | ArrayConstant, *, label: str | None = None, span: Span | None = None) -> int:
        shape = value.entries.shape if isinstance(value, ArrayConstant) else ()
        return self.append(Node(CONSTANT, (), value, label), shape, span)

    def append(self, node: Node, shape: Shape | None, span: Span | None) -> int:
        """The position of a node whose shape is known, which is added unless an equal one is there."""
        value = node.payload
        if node.primitive is not CONSTANT:
            return self._add(node, node, shape, span)
        # 2 and 2.0 are equal in Python, as are 0.0 and -0.0
        key = (node.label, type(value), value, isinstance(value, float) and copysign(1.0, value))
        return self._add(key, node, shape, span)

    def _add(self, key: object, node: Node, shape: Shape | None, span: Span | None) -> int:
        position = self.index.setdefault(key, len(self.nodes))
        if position == len(self.nodes):
            self.nodes.append(node)
            self.shapes.append(shape)
            self.spans.append(span)
        return position

    def _shape(self, primitive: Primitive, operands: tuple[int, ...], payload: Payload | None) -> Shape | None:
        if primitive.array is not None:
            shapes = [self.shapes[operand] for operand in operands]
            return None if payload is None or None in shapes else primitive.array.shape(shapes, *payload)
        for operand in operands:
            if self.shapes[operand] != ():
                return broadcast_shape(primitive.name, [self.shapes[operand] for operand in operands])
        return ()

    def number(self, position: int) -> Number | None:
        """The number that the node is, None if it isn't a constant without a name, or is an array."""
        node = self.nodes[position]
        if node.primitive is CONSTANT and node.label is None and self.shapes[position] == ():
            return node.payload  # type: ignore[return-value]  # a constant's payload is a Number
        return None
