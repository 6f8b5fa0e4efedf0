"""A tape as the calls of NumPy that compute it for a block of rows."""

from __future__ import annotations

from autodiff.evaluate.batch import operations
from autodiff.evaluate.batch.operations import DIRECT, OUT, POWERS
from autodiff.evaluate.batch.registers import Layout, Operation, Task, laid_out
from autodiff.evaluate.batch.tape import Tape
from autodiff.evaluate.floats.ieee import number
from autodiff.graph.primitive import CONSTANT
from autodiff.graph.table import PRIMITIVES

DIV, HYPOT = PRIMITIVES["div"], PRIMITIVES["hypot"]
# An operation that reads its operands before it writes, all at once, or entry by entry.
IN_PLACE = {"add", "sub", "mul", "div", "neg", "sqrt", "exp", "log", "square", "abs", "identity"}


class Lowering:
    """The tasks so far, the kinds of nodes that are no numbers, and the nodes that were made beside the graph's."""

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        self.tasks: list[Task] = []
        self.kinds: dict[int, str] = {}
        self.made: dict[tuple[str, int, int], int] = {}
        self.known = {tape.graph.nodes[position][:2]: position for position in tape.steps}
        self.fixed = frozenset(tape.fixed)
        self.done: set[int] = set()
        self.next = len(tape.graph.nodes)

    def layout(self) -> Layout:
        for position in self.tape.steps:
            self.add(position)
        return laid_out(self.tape, self.tasks, self.kinds)

    def add(self, position: int) -> None:
        primitive, operands, _, _ = self.tape.graph.nodes[position]
        name = primitive.name
        if position in self.done:
            return
        if name == "strong_product":
            if operands[0] in self.fixed:
                self.put(operations.strong_multiple, operands, position, in_place=True)
            else:
                self.put(operations.strong_product, (*operands, *self.zeros(operands[0])), position, in_place=True)
        elif name == "quotient_slope":
            quotient = self.beside("quotient", operands[0], operands[1])
            self.put(operations.quotient_slope, (*operands, quotient), position, scratch=("mask",))
        elif name == "direction":
            length = self.beside("length", operands[0], operands[1])
            self.put(operations.direction, (*operands, length), position)
        elif name == "sin" and operations.HAS_QUICK_TANGENT:
            self.put(operations.sine, operands, position, scratch=("number", "mask"))
        elif name in OUT:
            self.put(OUT[name], operands, position)
        elif name == "hypot":
            self.put(operations.hypot, operands, position, scratch=("number",))
        elif name == "pow":
            exponent = self.constant(operands[1])
            if exponent in POWERS:
                self.put(POWERS[exponent], operands[:1], position, in_place=exponent in (1.0, 2.0))
            else:
                self.put(operations.power, operands, position)
        elif name in DIRECT:
            self.put(DIRECT[name], operands, position, in_place=name in IN_PLACE)
        else:
            self.put(operations.copied(name), operands, position)

    def put(
        self,
        function: Operation,
        operands: tuple[int, ...],
        position: int,
        *,
        in_place: bool = False,
        scratch: tuple[str, ...] = (),
    ) -> None:
        self.done.add(position)
        self.tasks.append(Task(function, operands, (position,), in_place, scratch))

    def constant(self, position: int) -> float | None:
        node = self.tape.graph.nodes[position]
        return number(node.payload) if node.primitive is CONSTANT else None

    def zeros(self, position: int) -> tuple[int, int]:
        """Whether and where a node is zero, which several strong products may ask."""
        key = ("zeros", position, position)
        if key not in self.made:
            self.made[key] = self.next
            self.kinds |= {self.next: "flag", self.next + 1: "mask"}
            self.tasks.append(Task(operations.note_zeros, (position,), (self.next, self.next + 1)))
            self.next += 2
        return self.made[key], self.made[key] + 1

    def beside(self, what: str, a: int, b: int) -> int:
        """The quotient or the hypotenuse of two nodes, which the tape may have as well."""
        primitive = DIV if what == "quotient" else HYPOT
        orders = [(a, b)] if what == "quotient" else [(a, b), (b, a)]
        for order in orders:
            position = self.known.get((primitive, order))
            if position is not None:
                self.add(position)
                return position
        key = (what, a, b) if what == "quotient" else (what, min(a, b), max(a, b))
        if key not in self.made:
            self.made[key] = self.next
            self.next += 1
            if what == "quotient":
                self.put(DIRECT["div"], (a, b), self.made[key])
            else:
                self.put(operations.hypot, (a, b), self.made[key], scratch=("number",))
        return self.made[key]
