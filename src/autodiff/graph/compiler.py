"""Expression to Graph: names become variables, constants or the nodes that a program gave them to."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from autodiff.graph.calls import (
    CALLS,
    default_settings,
    is_of_arrays,
    matched_operands,
    row_called,
    several_operands,
    split_operands,
    takes_lists,
    wrong_number,
)
from autodiff.graph.frames import Calls, Frame
from autodiff.graph.functions import form_of, not_yet_defined
from autodiff.graph.juxtaposition import Juxtapositions, array_power_notes, array_product_notes, refuse_lists
from autodiff.graph.known import KnownNumbers
from autodiff.graph.literals import add_array, read_exactly, read_number
from autodiff.graph.nodes import Graph, NamedConstant
from autodiff.graph.prune import pruned
from autodiff.graph.settled import add_settled
from autodiff.graph.shapes import Shape, ShapeError
from autodiff.graph.stand_ins import replaced, with_label
from autodiff.graph.statements import TRANSPARENT, statement_labels
from autodiff.graph.table import CALLABLE_NAMES, FUNCTIONS, PRIMITIVES
from autodiff.language.errors import AutodiffError, Note
from autodiff.language.expression import Expression
from autodiff.language.parser import Parser
from autodiff.language.readings import check_readings

AND, DIFF, IDENTITY, INDEX, TRANSPOSE = (PRIMITIVES[name] for name in ("and", "diff", "identity", "index", "transpose"))


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
    *,
    stabilise: bool = False,
    exact: bool = False,
) -> Compiled:
    """The graph of a program.

    `bound` are names that the user gave values: variables, even where they are constants. `shapes` are those of the
    variables, as far as they are known: in a program without arrays they are numbers, in one with arrays the shapes
    stay open. `values` are those of variables that lengths and indices depend on. With `stabilise`, what `diff` is
    applied to is computed in a way that keeps its digits. With `exact`, decimal fractions have all their digits.
    Raises AutodiffError for names and calls that mean nothing, for shapes that don't fit, and for what a person could
    read in two ways.
    """
    try:
        compiler = Compiler(program, text, bound, shapes=shapes, values=values, stabilise=stabilise)
        compiler.read_number = read_exactly if exact else read_number
        return compiler.compile()
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
        stabilise: bool = False,
    ) -> None:
        self.program = program
        self.text = text
        self.bound = bound
        self.shapes = shapes or {}
        self.internal = internal
        self.graph = Graph()
        self.calls = Calls(self.graph, text, stabilise)
        self.variables: dict[str, int] = {}
        self.names: dict[str, int] = {}
        self.first_use: dict[str, Expression] = {}
        self.notes: list[Note] = []
        self.known = KnownNumbers(self.graph, values or {})
        self.read_number = read_number

    def compile(self) -> Compiled:
        constructs = self.program.postorder()
        self.notes += check_readings(constructs, self.text)
        refuse_lists(constructs, takes_lists)
        forms = {s.text: form_of(s) for s in self.program.operands if s.kind == "definition"}
        self.juxtapositions = Juxtapositions(constructs, self.text, forms)
        self.uses_arrays = (bool(self.shapes) and any(self.shapes.values())) or any(map(is_of_arrays, constructs))
        order = self.program.postorder(except_in="definition") if forms else constructs
        output = self.run(Frame(order, self.program, statement_labels(self.program)))
        graph, variables, names = self.graph, self.variables, self.names
        if self.uses_arrays or forms or self.calls.derivatives is not None:
            graph, at = pruned(graph, [output, *variables.values(), *names.values()])
            output = at[output]
            variables = {name: at[position] for name, position in variables.items()}
            names = {name: at[position] for name, position in names.items()}
        return Compiled(graph, output, variables, names, self.notes, self.uses_arrays, frozenset(self.known.sizes))

    def run(self, program: Frame) -> int:
        """The node of the program. A call of one of its own functions is a frame on top of the one that calls."""
        frames, functions = self.calls.frames, self.calls.definitions
        frames.append(program)
        while True:
            frame = self.frame = frames[-1]
            self.known.positions = frame.positions
            if frame.next == len(frame.order):
                if frame is program:
                    return frame.positions[id(frame.root)]
                self.calls.leave()
                continue
            expression = frame.order[frame.next]
            frame.next += 1
            label = frame.labels.get(id(expression))
            if expression.kind in CALLS and expression.function in functions:
                self.calls.enter(expression, label)
                continue
            try:
                frame.positions[id(expression)] = self.construct(expression, label)
            except ShapeError as error:
                inside = f", in {frame.definition.form}" if frame.definition else ""
                message = error.message + inside
                raise AutodiffError("shape-mismatch", message, expression.span, error.suggestion) from None

    def construct(self, expression: Expression, label: str | None) -> int:
        kind = expression.kind
        if kind == "name":
            return self.name(expression, label)
        if kind == "number":
            return self.graph.constant(self.read_number(expression.text), label=label, span=expression.span)
        if kind == "definition":
            self.calls.define(expression)
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
        if kind == "primed":
            return self.primed(expression, label)
        if kind in ("array", "tuple"):
            return add_array(self.graph, operands, label, expression.span)
        if kind == "slice":
            return -1
        if kind == "index":
            items = [self.known.subscript(operand) for operand in expression.operands[1:]]
            return add_settled(self.graph, INDEX, operands[:1], {"items": items}, label, expression.span)
        if kind == "transposed":
            return add_settled(self.graph, TRANSPOSE, operands, {"axes": []}, label, expression.span)
        if kind == "matmul":
            return add_settled(self.graph, PRIMITIVES[kind], operands, {}, label, expression.span)
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
        if row is DIFF:
            derivative = self.calls.differentiating().form(expression, self.frame.positions)
            return with_label(self.graph, derivative, label, expression.span)
        if row.parameters or row.constant:
            given, parameters = split_operands(row, expression)
            operands = tuple(self.frame.positions[id(operand)] for operand in given)
            settings = default_settings(row)
            for name, values in parameters.items():
                settings[name] = self.known.parameter(values, several=f"{name}..." in row.parameters)
            return add_settled(self.graph, row, operands, settings, label, expression.span)
        operands = matched_operands(row, expression, operands, lambda text: self.graph.constant(read_number(text)))
        if row.array is not None:
            return add_settled(self.graph, row, operands, {}, label, expression.span)
        payload = None
        if row.stands_for is not None:
            row, operands, payload = row.stands_for(self.graph, operands)
        return self.graph.add(row, operands, payload=payload, label=label, span=expression.span)

    def primed(self, expression: Expression, label: str | None) -> int:
        """`sin'(u)`: the derivative of sin(t) by t, at t = u. Those of the program's own functions are frames."""
        if expression.function not in FUNCTIONS:
            raise not_yet_defined(expression, self.program)
        row = row_called(expression, self.internal)
        if row.variadic or len(row.operands) - len(row.defaults) != 1:
            raise several_operands(expression, self.text)
        if not expression.operands or expression.operands[0].kind == "keyword":
            raise wrong_number(row.signature, expression)
        first = expression.operands[0]
        positions, operand = self.frame.positions, self.frame.positions[id(first)]
        positions[id(first)] = stand_in = self.calls.stand_in(operand)
        call = Expression("call", expression.operands, expression.start, expression.end, expression.function)
        value = self.call(call, tuple([positions[id(operand)] for operand in call.operands]), None)
        order, span = expression.primes, expression.span
        derivative = self.calls.differentiating().add(value, stand_in, order, span, entry_by_entry=True)
        return with_label(self.graph, replaced(self.graph, derivative, {stand_in: operand}), label, span)
