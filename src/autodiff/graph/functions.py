"""Functions that a program defines: `f(x, y) = x*y`. A call is the body, with the operands for the parameters."""

from __future__ import annotations

from collections.abc import Iterable

from autodiff.graph.calls import unknown_function, unknown_keyword, wrong_number
from autodiff.graph.table import FUNCTIONS
from autodiff.language.errors import AutodiffError
from autodiff.language.expression import Expression

MAX_NODES = 1_000_000  # that the calls and the derivatives of a program may be made of


class Definition:
    """A function of the program: its parameters, and its body, operands first.

    `differentiates` is whether its body has a `diff`, and `variables` are the names that one is taken by.
    """

    __slots__ = ("body", "differentiates", "name", "order", "parameters", "variables")

    def __init__(self, name: str, parameters: tuple[str, ...], body: Expression) -> None:
        self.name = name
        self.parameters = parameters
        self.body = body
        self.order = body.postorder()
        derivatives = [e for e in self.order if e.kind == "call" and e.text == "diff"]
        self.differentiates = bool(derivatives)
        self.variables = {o.text for e in derivatives for o in e.operands[1:] if o.kind == "name"}

    @property
    def form(self) -> str:
        return form(self.name, self.parameters)


def form(name: str, parameters: Iterable[str]) -> str:
    """`f(x, y)`, for messages."""
    return f"{name}({', '.join(parameters)})"


def form_of(statement: Expression) -> str:
    """That of a definition which may not be one that can be read."""
    return form(statement.text, (parameter.text for parameter in statement.operands[:-1]))


def read_definition(statement: Expression) -> Definition:
    """Raises AutodiffError for a name that is taken, and for a parameter that is named twice."""
    name = statement.text
    if name in FUNCTIONS:
        raise AutodiffError(
            "name-defined-twice",
            f"'{name}' is a function of the language",
            statement.span,
            "choose another name for yours; to compare, write ==",
        )
    *parameters, body = statement.operands
    names = tuple(parameter.text for parameter in parameters)
    for index, parameter in enumerate(parameters):
        if parameter.text in names[:index]:
            raise AutodiffError(
                "name-defined-twice",
                f"'{parameter.text}' is two parameters of {name}",
                parameter.span,
                "use a new name",
            )
    return Definition(name, names, body)


def bound_parameters(definition: Definition, call: Expression, operands: tuple[int, ...]) -> dict[str, int]:
    """The node that each parameter stands for in a call. Raises AutodiffError."""
    bound: dict[str, int] = {}
    for index, (operand, position) in enumerate(zip(call.operands, operands, strict=True)):
        named = operand.kind == "keyword"
        name = operand.text if named else definition.parameters[index] if index < len(definition.parameters) else ""
        if named and name not in definition.parameters:
            raise unknown_keyword(definition.name, definition.parameters, operand)
        if not name or name in bound:
            raise wrong_number(definition.form, call)
        bound[name] = position
    if len(bound) < len(definition.parameters):
        raise wrong_number(definition.form, call)
    return bound


def not_yet_defined(call: Expression, program: Expression) -> AutodiffError:
    """For a call to what is no function of the language, and none that was defined above it."""
    name = call.function
    if any(statement.kind == "definition" and statement.text == name for statement in program.operands):
        return AutodiffError(
            "name-used-before-definition",
            f"'{name}' is used before it is defined",
            call.span,
            "move its definition up",
        )
    return unknown_function(call)
