"""Expression to Graph: names become variables, constants or the nodes that a program gave them to."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from autodiff.graph.calls import matched_operands, row_called, unknown_function
from autodiff.graph.nodes import Graph, NamedConstant
from autodiff.graph.table import CALLABLE_NAMES, FUNCTIONS, PRIMITIVES
from autodiff.language.errors import AutodiffError, Note, Span
from autodiff.language.expression import Expression
from autodiff.language.parser import Parser
from autodiff.language.readings import check_readings, shortened

if TYPE_CHECKING:
    from autodiff.graph.nodes import Number

MAX_EXACT_DIGITS = 300
AND, IDENTITY = PRIMITIVES["and"], PRIMITIVES["identity"]
TRANSPARENT = ("group", "pos", "keyword")  # they are what they enclose


class Compiled(NamedTuple):
    """A graph, its last statement's node, and what the names stand for."""

    graph: Graph
    output: int
    variables: Mapping[str, int]
    names: Mapping[str, int]
    notes: list[Note]


@cache
def parser() -> Parser:
    return Parser(CALLABLE_NAMES)


def compile_program(program: Expression, text: str, bound: frozenset[str] = frozenset()) -> Compiled:
    """The graph of a program. `bound` are names that the user gave values: variables, even where they are constants.

    Raises AutodiffError for names and calls that mean nothing, and for what a person could read in two ways.
    """
    try:
        return Compiler(program, text, bound).compile()
    except AutodiffError as error:
        error.text = text
        raise


class Compiler:
    """One pass over the constructs of a program, operands first, each becoming a node or standing for one."""

    def __init__(self, program: Expression, text: str, bound: frozenset[str], internal: bool = False) -> None:
        self.program = program
        self.constructs = program.postorder()
        self.text = text
        self.bound = bound
        self.internal = internal
        self.graph = Graph()
        self.positions: dict[int, int] = {}  # by the identity of the construct
        self.variables: dict[str, int] = {}
        self.names: dict[str, int] = {}
        self.first_use: dict[str, Expression] = {}
        self.notes: list[Note] = []
        self.standing_alone: set[str] | None = None

    def compile(self) -> Compiled:
        self.notes += check_readings(self.constructs, self.text)
        refuse_lists(self.constructs)
        labels = self.labels()
        for expression in self.constructs:
            self.positions[id(expression)] = self.construct(expression, labels.get(id(expression)))
        output = self.positions[id(self.program)]
        return Compiled(self.graph, output, self.variables, self.names, self.notes)

    def labels(self) -> dict[int, str]:
        """For the construct that each assignment names, its name."""
        labels: dict[int, str] = {}
        for statement in self.program.operands:
            if statement.kind == "assignment":
                root = statement.operands[0]
                while root.kind in TRANSPARENT:
                    root = root.operands[0]
                labels[id(root)] = statement.text
            elif statement is not self.program.operands[-1]:
                raise AutodiffError(
                    "unused-statement",
                    "the value of this statement is not used",
                    statement.span,
                    "give it a name, as in h = ...; to go on in the next line, end this one with the operator",
                )
        return labels

    def construct(self, expression: Expression, label: str | None) -> int:
        kind = expression.kind
        if kind == "name":
            return self.name(expression, label)
        if kind == "number":
            return self.graph.constant(read_number(expression.text), label=label, span=expression.span)
        operands = tuple([self.positions[id(operand)] for operand in expression.operands])
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
        if kind == "juxtaposition":
            self.check_juxtaposition(expression)
            kind = "mul"
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
        if name in self.names:
            position = self.names[name]
        elif name in NamedConstant.VALUES and name not in self.bound:
            return self.graph.constant(NamedConstant(name), label=label, span=span)
        else:
            self.first_use.setdefault(name, expression)
            position = self.variables[name] = self.graph.variable(name, span=span)
        return position if label is None else self.graph.add(IDENTITY, (position,), label=label, span=span)

    def chain(self, expression: Expression, operands: tuple[int, ...], label: str | None) -> int:
        so_far, right = operands
        last = self.positions[id(expression.operands[0].operands[-1])]
        step = self.graph.add(PRIMITIVES[expression.text], (last, right), span=expression.span)
        return self.graph.add(AND, (so_far, step), label=label, span=expression.span)

    def call(self, expression: Expression, operands: tuple[int, ...], label: str | None) -> int:
        row = row_called(expression, self.internal)
        operands = matched_operands(row, expression, operands, lambda text: self.graph.constant(read_number(text)))
        if row.stands_for is not None:
            row, operands = row.stands_for(self.graph, operands)
        return self.graph.add(row, operands, label=label, span=expression.span)

    def check_juxtaposition(self, product: Expression) -> None:
        """A name before parentheses, or a function's name before its operand, is a product only for a variable."""
        name_before, right = product.operands[0].last_name(), product.operands[1]
        if name_before is None:
            return
        name = name_before.text
        known = name in self.bound or name in self.names or self.stands_alone(name)
        if name in FUNCTIONS and not known:
            raise self.function_without_parentheses(name_before, product)
        base = right.operands[0] if right.kind == "pow" else right
        if base.kind == "number":
            raise AutodiffError(
                "adjacent-number", "a number can't follow a factor without an operator", right.span, f"write {name}*..."
            )
        if base.kind != "group":
            return
        if not known and name not in NamedConstant.VALUES:
            raise unknown_function(name_before, f"write {name}*(...) if '{name}' is a variable")
        if product.operands[0].last_factor() is name_before:  # an exponent has a note of its own
            group = self.text[right.start : right.end]
            reading = f"'{self.text[name_before.start : name_before.end]}{group}' is read as {name}*{group}"
            span = Span(name_before.start, right.end)
            self.notes.append(Note("name-before-parentheses", shortened(reading), span))

    def function_without_parentheses(self, function: Expression, product: Expression) -> AutodiffError:
        """For `sin 2x`, whose operand is the product that begins there."""
        name, operand = function.text, product.operands[1]
        end = product.end
        for expression in self.constructs:
            if expression.kind == "juxtaposition" and expression.operands[0] is product:
                product, end = expression, expression.end
        first, whole = self.text[operand.start : operand.end], self.text[operand.start : end]
        if operand.kind == "name" and operand.text in FUNCTIONS:
            suggestion = f"write {name}({operand.text}(...))"
        elif len(FUNCTIONS[name].operands) > 1 and not FUNCTIONS[name].defaults:
            suggestion = f"its form is {FUNCTIONS[name].signature}"
        elif first == whole or operand.kind == "number":
            suggestion = f"write {name}({whole})"
        else:
            suggestion = f"write {name}({whole}) or {name}({first})"
        return AutodiffError(
            "function-without-parentheses",
            f"'{name}' is a function, and its operand needs parentheses",
            function.span,
            shortened(suggestion),
        )

    def stands_alone(self, name: str) -> bool:
        """Whether the name stands somewhere but before parentheses or an operand: a variable beyond doubt."""
        if self.standing_alone is None:
            doubtful = {id(e.operands[0].last_name()) for e in self.constructs if e.kind == "juxtaposition"}
            self.standing_alone = {e.text for e in self.constructs if e.kind == "name" and id(e) not in doubtful}
        return name in self.standing_alone


def refuse_lists(constructs: list[Expression]) -> None:
    """`(a, b)` is no value; behind a name it would be the operands of a function that doesn't exist."""
    if not any(expression.kind == "group" and len(expression.operands) > 1 for expression in constructs):
        return
    for expression in constructs:
        for operand in expression.operands:
            if operand.kind != "group" or len(operand.operands) == 1:
                continue
            if expression.kind == "juxtaposition" and (name := expression.operands[0].last_name()) is not None:
                raise unknown_function(name)
            raise AutodiffError(
                "not-one-value",
                "these parentheses hold several values where one is needed",
                operand.span,
                "separate them by an operator; only a function takes several operands",
            )


def read_number(text: str) -> Number:
    """The number that a literal means: exact where it is an integer of up to 300 digits."""
    if text.isdecimal() and len(text) <= MAX_EXACT_DIGITS:
        return int(text)
    return float(text)
