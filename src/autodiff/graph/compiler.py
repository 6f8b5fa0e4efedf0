"""Expression to Graph: names become variables, constants or the nodes that a program gave them to."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from autodiff.graph.calls import (
    default_settings,
    is_of_arrays,
    matched_operands,
    row_called,
    split_operands,
    takes_lists,
)
from autodiff.graph.functions import (
    MAX_NODES,
    Definition,
    Frame,
    bound_parameters,
    form_of,
    not_yet_defined,
    read_definition,
)
from autodiff.graph.juxtaposition import Juxtapositions, array_power_notes, array_product_notes, refuse_lists
from autodiff.graph.known import UNKNOWN, KnownNumbers
from autodiff.graph.literals import add_array, read_number
from autodiff.graph.nodes import Graph, NamedConstant
from autodiff.graph.primitive import Primitive
from autodiff.graph.prune import pruned
from autodiff.graph.shapes import Shape, ShapeError
from autodiff.graph.statements import TRANSPARENT, enclosed, statement_labels
from autodiff.graph.table import CALLABLE_NAMES, FUNCTIONS, PRIMITIVES
from autodiff.language.errors import AutodiffError, Note
from autodiff.language.excerpts import shortened
from autodiff.language.expression import Expression
from autodiff.language.parser import Parser
from autodiff.language.readings import check_readings

AND, IDENTITY, INDEX, TRANSPOSE = (PRIMITIVES[name] for name in ("and", "identity", "index", "transpose"))


class Compiled(NamedTuple):
    """A graph, its last statement's node, and what the names stand for.

    `uses_arrays` is False where all is a number if all variables are. `sizes` are the variables whose values decide
    about shapes.
    """

    graph: Graph
    output: int
    variables: Mapping[str, int]
    names: Mapping[str, int]
    notes: list[Note]
    uses_arrays: bool = False
    sizes: frozenset[str] = frozenset()


@cache
def parser() -> Parser:
    return Parser(CALLABLE_NAMES)


def compile_program(
    program: Expression,
    text: str,
    bound: frozenset[str] = frozenset(),
    shapes: Mapping[str, Shape] | None = None,
    values: Mapping[str, float] | None = None,
) -> Compiled:
    """The graph of a program.

    `bound` are names that the user gave values: variables, even where they are constants. `shapes` are those of the
    variables, as far as they are known: in a program without arrays they are numbers, in one with arrays the shapes
    stay open. `values` are those of variables that lengths and indices depend on.
    Raises AutodiffError for names and calls that mean nothing, for shapes that don't fit, and for what a person could
    read in two ways.
    """
    try:
        return Compiler(program, text, bound, shapes=shapes or {}, values=values or {}).compile()
    except AutodiffError as error:
        error.text = text
        raise


class Compiler:
    """One pass over the constructs of a program, operands first, each becoming a node or standing for one."""

    def __init__(
        self,
        program: Expression,
        text: str,
        bound: frozenset[str],
        *,
        shapes: Mapping[str, Shape] | None = None,
        values: Mapping[str, float] | None = None,
        internal: bool = False,
    ) -> None:
        self.program = program
        self.text = text
        self.bound = bound
        self.shapes = shapes or {}
        self.internal = internal
        self.graph = Graph()
        self.frame = Frame([], program)
        self.variables: dict[str, int] = {}
        self.names: dict[str, int] = {}
        self.functions: dict[str, Definition] = {}
        self.calls: dict[object, int] = {}  # by the function, what its parameters stand for, and the name of the result
        self.first_use: dict[str, Expression] = {}
        self.notes: list[Note] = []
        self.known = KnownNumbers(self.graph, values or {})

    def compile(self) -> Compiled:
        constructs = self.program.postorder()
        self.notes += check_readings(constructs, self.text)
        refuse_lists(constructs, takes_lists)
        forms = {s.text: form_of(s) for s in self.program.operands if s.kind == "definition"}
        self.juxtapositions = Juxtapositions(constructs, self.text, forms)
        self.uses_arrays = (bool(self.shapes) and any(self.shapes.values())) or any(map(is_of_arrays, constructs))
        self.labels = statement_labels(self.program)
        self.frame.order = self.program.postorder(except_in="definition") if forms else constructs
        output = self.run()
        graph, variables, names = self.graph, self.variables, self.names
        if self.uses_arrays or forms:
            graph, at = pruned(graph, [output, *variables.values(), *names.values()])
            output = at[output]
            variables = {name: at[position] for name, position in variables.items()}
            names = {name: at[position] for name, position in names.items()}
        return Compiled(graph, output, variables, names, self.notes, self.uses_arrays, frozenset(self.known.sizes))

    def run(self) -> int:
        """The node of the program. A call of the program's own functions is a frame on top of the one that calls."""
        frames = [self.frame]
        while True:
            frame = self.frame = frames[-1]
            self.known.positions = frame.positions
            if frame.next < len(frame.order):
                expression = frame.order[frame.next]
                frame.next += 1
                if expression.kind == "call" and expression.text in self.functions:
                    called = self.called_frame(expression, frames)
                    if called is not None:
                        frames.append(called)
                    continue
                label = self.labels.get(id(expression)) if len(frames) == 1 else self.body_label(expression)
                try:
                    frame.positions[id(expression)] = self.construct(expression, label)
                except ShapeError as error:
                    inside = f", in {frame.definition.form}" if frame.definition else ""
                    message = error.message + inside
                    raise AutodiffError("shape-mismatch", message, expression.span, error.suggestion) from None
                continue
            result = frame.positions[id(frame.root)]
            frames.pop()
            if not frames:
                return result
            assert frame.call is not None
            frames[-1].positions[id(frame.call)] = result
            self.calls[frame.key] = result

    def called_frame(self, call: Expression, frames: list[Frame]) -> Frame | None:
        """A frame for the call, or None if the same call was made before."""
        definition = self.functions[call.text]
        if any(frame.definition is definition for frame in frames):
            raise AutodiffError(
                "recursive-function",
                f"{definition.name} calls itself",
                call.span,
                "a call is replaced by the function's body, so that must end; write where(...) or a formula without it",
            )
        if len(self.graph.nodes) > MAX_NODES:
            raise AutodiffError("too-many-nodes", f"the calls make more than {MAX_NODES} nodes", call.span)
        given = self.labels.get(id(call)) if len(frames) == 1 else self.body_label(call)
        label = given or shortened(" ".join(self.text[call.start : call.end].split()), 60)
        operands = tuple(self.frame.positions[id(operand)] for operand in call.operands)
        parameters = bound_parameters(definition, call, operands)
        key = (call.text, tuple(sorted(parameters.items())), label)
        if key in self.calls:
            self.frame.positions[id(call)] = self.calls[key]
            return None
        frame = Frame(definition.order, definition.body, label)
        frame.definition, frame.call, frame.key = definition, call, key
        frame.parameters = parameters
        return frame

    def body_label(self, expression: Expression) -> str | None:
        """In a function: the name of the call for what its body is."""
        return self.frame.label if expression is enclosed(self.frame.root) else None

    def construct(self, expression: Expression, label: str | None) -> int:
        kind = expression.kind
        if kind == "name":
            return self.name(expression, label)
        if kind == "number":
            return self.graph.constant(read_number(expression.text), label=label, span=expression.span)
        if kind == "definition":
            self.define(expression)
            return -1
        positions = self.frame.positions
        operands = tuple([positions[id(operand)] for operand in expression.operands])
        if kind in TRANSPARENT:
            return operands[0]
        if kind == "program":
            return operands[-1]
        if kind == "assignment":
            return self.assignment(expression, operands[0])
        if kind == "chain":
            return self.chain(expression, operands, label)
        if kind == "call":
            return self.call(expression, operands, label)
        if kind == "array":
            return add_array(self.graph, operands, label, expression.span)
        if kind == "slice":
            return -1
        if kind == "index":
            items = [self.known.subscript(operand) for operand in expression.operands[1:]]
            return self.settled(INDEX, operands[:1], {"items": items}, label, expression)
        if kind == "transposed":
            return self.settled(TRANSPOSE, operands, {"axes": []}, label, expression)
        if kind == "matmul":
            return self.settled(PRIMITIVES[kind], operands, {}, label, expression)
        if kind == "juxtaposition":
            known = {*self.bound, *self.names, *self.frame.parameters}
            self.notes += self.juxtapositions.check(expression, known)
            self.notes += array_product_notes(expression, [self.graph.shapes[o] for o in operands], self.text)
            kind = "mul"
        elif kind == "pow":
            self.notes += array_power_notes(expression, self.graph, operands, self.text)
        return self.graph.add(PRIMITIVES[kind], operands, label=label, span=expression.span)

    def assignment(self, statement: Expression, position: int) -> int:
        name = statement.text
        if name in self.names:
            raise AutodiffError("name-defined-twice", f"'{name}' is defined twice", statement.span, "use a new name")
        if name in self.first_use:
            raise AutodiffError(
                "name-used-before-definition",
                f"'{name}' is used before it is defined",
                self.first_use[name].span,
                "move its definition up",
            )
        self.names[name] = position
        return position

    def define(self, statement: Expression) -> None:
        definition = read_definition(statement)
        if definition.name in self.functions:
            message = f"'{definition.name}' is defined twice"
            raise AutodiffError("name-defined-twice", message, statement.span, "use a new name")
        self.functions[definition.name] = definition

    def name(self, expression: Expression, label: str | None) -> int:
        name, span = expression.text, expression.span
        if name in self.frame.parameters:
            position = self.frame.parameters[name]
        elif name in self.names:
            position = self.names[name]
        elif name in NamedConstant.VALUES and name not in self.bound:
            return self.graph.constant(NamedConstant(name), label=label, span=span)
        else:
            self.first_use.setdefault(name, expression)
            shape = self.shapes.get(name, None if self.uses_arrays else ())
            position = self.variables[name] = self.graph.variable(name, shape=shape, span=span)
        return position if label is None else self.graph.add(IDENTITY, (position,), label=label, span=span)

    def chain(self, expression: Expression, operands: tuple[int, ...], label: str | None) -> int:
        so_far, right = operands
        last = self.frame.positions[id(expression.operands[0].operands[-1])]
        step = self.graph.add(PRIMITIVES[expression.text], (last, right), span=expression.span)
        return self.graph.add(AND, (so_far, step), label=label, span=expression.span)

    def call(self, expression: Expression, operands: tuple[int, ...], label: str | None) -> int:
        if expression.text not in FUNCTIONS and not self.internal:
            raise not_yet_defined(expression, self.program)
        row = row_called(expression, self.internal)
        if row.parameters or row.constant:
            given, parameters = split_operands(row, expression)
            operands = tuple(self.frame.positions[id(operand)] for operand in given)
            settings = default_settings(row)
            for name, values in parameters.items():
                settings[name] = self.known.parameter(values, several=f"{name}..." in row.parameters)
            return self.settled(row, operands, settings, label, expression)
        operands = matched_operands(row, expression, operands, lambda text: self.graph.constant(read_number(text)))
        if row.array is not None:
            return self.settled(row, operands, {}, label, expression)
        payload = None
        if row.stands_for is not None:
            row, operands, payload = row.stands_for(self.graph, operands)
        return self.graph.add(row, operands, payload=payload, label=label, span=expression.span)

    def settled(
        self,
        row: Primitive,
        operands: tuple[int, ...],
        settings: Mapping[str, Any],
        label: str | None,
        expression: Expression,
    ) -> int:
        """The node of an array primitive, or the constant of a row that gives one."""
        graph = self.graph
        shapes = [shape for operand in operands if (shape := graph.shapes[operand]) is not None]
        if len(shapes) < len(operands) or UNKNOWN in settings.values() or UNKNOWN in settings.get("items", ()):
            return graph.unsettled(row, operands, label=label, span=expression.span)
        if row.constant is not None:
            return graph.constant(row.constant(shapes, settings), label=label, span=expression.span)
        assert row.array is not None
        payload = row.array.settle(shapes, settings)
        return graph.add(row, operands, payload=payload, label=label, span=expression.span)
