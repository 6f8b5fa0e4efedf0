"""A graph in the vocabulary of one kind of code: other primitives become their definitions."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any

from autodiff.evaluate.floats import FLOATS
from autodiff.graph.nodes import ArrayConstant, Graph, Node
from autodiff.graph.primitive import CONSTANT, VARIABLE, Primitive
from autodiff.graph.prune import needed
from autodiff.graph.rules import rule
from autodiff.graph.shapes import Shape, broadcast_shape
from autodiff.graph.simplify import add_simplified
from autodiff.graph.table import PRIMITIVES
from autodiff.show.code.dialect import CONDITIONS, Dialect, refusal

MUL, NEG, POW, WHERE = (PRIMITIVES[name] for name in ("mul", "neg", "pow", "where"))
SIMPLIFIED = frozenset(PRIMITIVES[name] for name in ("add", "sub", "mul", "div", "neg", "pow"))
# How large a number can be: below some bound whatever the operands are; or it is what the caller gives, finite,
# times a small number.
UNKNOWN, GIVEN, BOUNDED = range(3)
BOUNDED_FUNCTIONS = CONDITIONS | {
    *("sin", "cos", "tanh", "atan", "acot", "atan2", "sign", "sigmoid", "sech", "erf", "erfc", "sinc", "sinc_slope"),
    "softmax",
}
BOUNDED_OF_BOUNDED = frozenset(("add", "sub", "mul", "sum", "mean", "matmul", "dot", "outer"))
AS_LARGE = frozenset(
    ("neg", "abs", "min", "max", "where", "index", "reshape", "transpose", "broadcast", "concat", "stack", "scatter")
)


class Lowering:
    """A graph that is being built in the vocabulary of a dialect. `names` are what the program calls its nodes."""

    __slots__ = ("dialect", "graph", "names", "sizes", "values")

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.graph = Graph()
        self.sizes: list[int] = []
        self.values: list[float | None] = []  # of nodes that depend on no variable
        self.names: dict[int, str] = {}

    def copied(self, graph: Graph, results: Sequence[int]) -> list[int]:
        """The nodes that `results` are here. Raises AutodiffError for what the dialect has no form for."""
        wanted = needed(graph, results)
        at: dict[int, int] = {}
        for position, node in enumerate(graph.nodes):
            if not wanted[position]:
                continue
            shape = graph.shapes[position]
            self.check(node.primitive, shape)
            operands = tuple(at[operand] for operand in node.operands)
            at[position] = here = self.place(node.primitive, operands, node.payload, shape)
            if node.label is not None and node.operands:
                self.names.setdefault(here, node.label)
        return [at[position] for position in results]

    def check(self, primitive: Primitive, shape: Shape | None) -> None:
        name = self.dialect.name
        if shape is None:
            raise refusal(f"{name} code for arrays depends on their shapes", "give the shape of each variable")
        if self.dialect.array is None and (shape != () or primitive.array is not None):
            raise refusal(
                f"{name} code is of numbers only, and this formula has arrays", "numpy code has arrays: --to numpy"
            )

    def place(self, primitive: Primitive, operands: tuple[int, ...], payload: Any, shape: Shape | None) -> int:
        graph = self.graph
        if primitive in (CONSTANT, VARIABLE) or primitive.array is not None:
            label = str(payload) if primitive is VARIABLE else None
            return self.settled(graph.append(Node(primitive, operands, payload, label), shape, None))
        if primitive.name == "identity":
            return operands[0]
        if primitive is NEG:
            return self.settled(add_simplified(graph, NEG, operands))  # -2 is a number, and an exponent
        if primitive.name == "strong_product" and not self.dialect.has("strong_product"):
            return self.strong_product(*operands)
        if self.dialect.has(primitive.name):
            return self.settled(graph.append(Node(primitive, operands, payload), shape, None))
        return self.defined(primitive, operands)

    def defined(self, primitive: Primitive, operands: tuple[int, ...]) -> int:
        text = self.dialect.definitions.get(primitive.name) or primitive.definition_of(len(operands))
        if not text:
            raise refusal(
                f"{self.dialect.name} code has no function for {primitive.name}", "sympy code has it: --to sympy"
            )
        given = dict(zip(primitive.operand_names(len(operands)), operands, strict=True))
        template = rule(text)
        inner: list[int] = []
        for node in template.graph.nodes:
            if node.primitive is VARIABLE:
                inner.append(given[str(node.payload)])
                continue
            inside = tuple(inner[operand] for operand in node.operands)
            if node.primitive in SIMPLIFIED:
                inner.append(self.settled(add_simplified(self.graph, node.primitive, inside)))
            else:
                shape = broadcast_shape(primitive.name, [self.graph.shapes[operand] for operand in inside])
                inner.append(self.place(node.primitive, inside, node.payload, shape))
        return inner[template.output]

    def strong_product(self, a: int, b: int) -> int:
        """a*b, and 0 where a is exactly 0: a choice, unless a is known not to be, or b to be finite."""
        product = self.settled(self.graph.add(MUL, (a, b)))
        if self.sizes[b] != UNKNOWN or self.values[a]:
            return product
        zero = self.settled(self.graph.constant(0))
        return self.settled(self.graph.add(WHERE, (a, product, zero)))

    def settled(self, position: int) -> int:
        """The node, or the number that takes its place: one that is not finite would raise, or take for ever."""
        graph = self.graph
        for new in range(len(self.sizes), len(graph.nodes)):
            self.sizes.append(self.size(new))
            self.values.append(self.value(new))
        value = self.values[position]
        if value is None or graph.nodes[position].primitive is CONSTANT:
            return position
        if isfinite(value) and not (value == 0 and graph.nodes[position].primitive is POW):
            return position
        return self.settled(graph.constant(value))

    def size(self, position: int) -> int:
        primitive, operands, payload, _ = self.graph.nodes[position]
        if primitive is VARIABLE:
            return GIVEN
        if primitive is CONSTANT:
            finite = isinstance(payload, int | float) and abs(payload) < 1e30
            return BOUNDED if finite else UNKNOWN
        sizes = [self.sizes[operand] for operand in operands]
        name = primitive.name
        if name in BOUNDED_FUNCTIONS and UNKNOWN not in sizes:
            return BOUNDED
        if name in AS_LARGE or (primitive is MUL and any(self.is_small(operand) for operand in operands)):
            return min(sizes)
        powered = primitive is POW and (self.values[operands[1]] or -1.0) > 0
        return BOUNDED if (powered or name in BOUNDED_OF_BOUNDED) and set(sizes) == {BOUNDED} else UNKNOWN

    def is_small(self, position: int) -> bool:
        number = self.values[position]
        return number is not None and abs(number) <= 1000

    def value(self, position: int) -> float | None:
        primitive, operands, payload, _ = self.graph.nodes[position]
        if primitive is CONSTANT:
            return None if isinstance(payload, ArrayConstant) else FLOATS.number(payload)
        values = [self.values[operand] for operand in operands]
        if primitive is VARIABLE or primitive.array is not None or None in values:
            return None
        value: float = FLOATS.kernel(self.graph, position)(*values)
        return value
