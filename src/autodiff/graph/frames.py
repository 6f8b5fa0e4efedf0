"""The calls of a program's own functions: each is the body, compiled in a frame on top of the one that calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from autodiff.graph.calls import several_operands
from autodiff.graph.functions import MAX_NODES, Definition, bound_parameters, read_definition
from autodiff.graph.nodes import Graph
from autodiff.graph.primitive import CONSTANT
from autodiff.graph.stand_ins import add_stand_in, replaced, with_label
from autodiff.graph.statements import enclosed
from autodiff.language.errors import AutodiffError
from autodiff.language.excerpts import shortened
from autodiff.language.expression import Expression

if TYPE_CHECKING:
    from autodiff.graph.derivatives import Derivatives


class Frame:
    """A pass over some constructs: the program, or the body of a function for one call of it.

    `positions` has the nodes of the constructs that are compiled, `labels` the names that some get, by the identity of
    the construct. `stand_ins` are those parameters that are nodes of their own, with the operands that they stand for.
    """

    __slots__ = (
        "call",
        "definition",
        "key",
        "label",
        "labels",
        "next",
        "order",
        "parameters",
        "positions",
        "root",
        "stand_ins",
    )

    def __init__(self, order: Sequence[Expression], root: Expression, labels: Mapping[int, str]) -> None:
        self.order = order
        self.root = root
        self.labels = labels
        self.next = 0
        self.positions: dict[int, int] = {}
        self.parameters: Mapping[str, int] = {}
        self.stand_ins: dict[int, int] = {}
        self.definition: Definition | None = None
        self.call: Expression | None = None
        self.label: str | None = None
        self.key: object = None  # what tells the call from others


class Calls:
    """The functions that a program has defined so far, and the calls that are being compiled, the innermost last."""

    def __init__(self, graph: Graph, text: str, stabilise: bool) -> None:
        self.graph = graph
        self.text = text
        self.stabilise = stabilise
        self.frames: list[Frame] = []
        self.definitions: dict[str, Definition] = {}
        self.made: dict[object, int] = {}  # by the function, what its parameters stand for, and the name of the result
        self.derivatives: Derivatives | None = None

    def differentiating(self) -> Derivatives:
        """What takes the derivatives in the program, from the first one on."""
        if self.derivatives is None:
            from autodiff.graph.derivatives import Derivatives  # its rules are texts, which need a compiler

            self.derivatives = Derivatives(self.graph, self.text, self.stabilise)
        return self.derivatives

    def define(self, statement: Expression) -> None:
        definition = read_definition(statement)
        if definition.name in self.definitions:
            message = f"'{definition.name}' is defined twice"
            raise AutodiffError("name-defined-twice", message, statement.span, "use a new name")
        self.definitions[definition.name] = definition

    def enter(self, call: Expression, given: str | None) -> None:
        """Puts a frame for the call on top, unless the same call was made before. `given` is a name for the result."""
        definition, positions = self.definitions[call.function], self.frames[-1].positions
        self.refuse_endless(definition, call)
        parameters = bound_parameters(definition, call, tuple([positions[id(operand)] for operand in call.operands]))
        if call.primes and len(parameters) > 1:
            raise several_operands(call, self.text)
        label = given or shortened(" ".join(self.text[call.start : call.end].split()), 60)
        key = (call.text, tuple(sorted(parameters.items())), label)
        if key in self.made:
            positions[id(call)] = self.made[key]
            return
        body = definition.body
        frame = Frame(definition.order, body, {} if call.primes else {id(enclosed(body)): label})
        frame.definition, frame.call, frame.key, frame.label = definition, call, key, label
        if call.primes or definition.differentiates:
            by = parameters if call.primes else definition.variables
            parameters = {name: self.independent(frame, name, node, name in by) for name, node in parameters.items()}
        frame.parameters = parameters
        self.frames.append(frame)

    def leave(self) -> None:
        """Takes the innermost frame away: its result is the node of the call."""
        frame = self.frames.pop()
        call, result = frame.call, frame.positions[id(frame.root)]
        assert call is not None
        if call.primes:
            (parameter,) = frame.parameters.values()
            result = self.differentiating().add(result, parameter, call.primes, call.span, entry_by_entry=True)
        if frame.stand_ins:
            result = replaced(self.graph, result, frame.stand_ins)
        if call.primes:
            result = with_label(self.graph, result, frame.label, call.span)
        self.made[frame.key] = self.frames[-1].positions[id(call)] = result

    def independent(self, frame: Frame, name: str, operand: int, is_variable: bool) -> int:
        """The node of a parameter of a function that differentiates: whatever its operand is computed from.

        So `g(t) = diff(t^2 + x, t)` is 2*t, and `g(x)` is 2*x. A number needs none unless it is differentiated by.
        """
        if not is_variable and self.graph.nodes[operand].primitive is CONSTANT:
            return operand
        stand_in = self.stand_in(operand)
        frame.stand_ins[stand_in] = operand
        return stand_in

    def stand_in(self, operand: int) -> int:
        leaves = self.differentiating().leaves
        stand_in = add_stand_in(self.graph, operand, f"operand {len(leaves)}")
        leaves.add(stand_in)
        return stand_in

    def refuse_endless(self, definition: Definition, call: Expression) -> None:
        if any(frame.definition is definition for frame in self.frames):
            raise AutodiffError(
                "recursive-function",
                f"{definition.name} calls itself",
                call.span,
                "a call is replaced by the function's body, so that must end; write where(...) or a formula without it",
            )
        if len(self.graph.nodes) > MAX_NODES:
            raise AutodiffError("too-many-nodes", f"the calls make more than {MAX_NODES} nodes", call.span)
