"""What one kind of code has for the primitives, and how an operation is written in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from autodiff.graph.nodes import Graph
from autodiff.graph.primitive import CONSTANT, VARIABLE
from autodiff.language.errors import AutodiffError

CHOICE, OR, AND, NOT, COMPARED, SUM, PRODUCT, SIGN, POWER, ATOM = range(10)
INFIX = {
    "add": (" + ", SUM),
    "sub": (" - ", SUM),
    "mul": ("*", PRODUCT),
    "div": ("/", PRODUCT),
    "lt": (" < ", COMPARED),
    "le": (" <= ", COMPARED),
    "gt": (" > ", COMPARED),
    "ge": (" >= ", COMPARED),
    "eq": (" == ", COMPARED),
    "ne": (" != ", COMPARED),
}
CONDITIONS = frozenset(("lt", "le", "gt", "ge", "eq", "ne", "and", "or", "not"))

# What no language has a function for, in forms that keep their digits; see the kernels of the floats.
COMPUTED = {
    "asec": "atan2(sqrt(abs(x) - 1)*sqrt(abs(x) + 1), sign(x))",
    "acsc": "atan2(sign(x), sqrt(abs(x) - 1)*sqrt(abs(x) + 1))",
    "acot": "atan(1/x)",
    "coth": "1/tanh(x)",
    "asech": "log1p((sqrt((1 - x)*(1 + x)) + (1 - x))/x)",
    "acsch": "asinh(1/x)",
    "acoth": "sign(x)*log1p(2/(abs(x) - 1))/2",
    "factorial": "gamma(x + 1)",
    "gaussian": "exp(-x*x)",
    "gelu": "x*erfc(-x/sqrt(2))/2",
    "log_base": "log(x)/log(base)",
    "xlogy": "where(a == 0 and b >= 0, 0, a*log(b))",
}


class Text(NamedTuple):
    """An expression, how tightly it binds, whether it is a condition, and the number if it is a constant."""

    text: str
    binding: int = ATOM
    condition: bool = False
    number: object = None

    def within(self, binding: int) -> str:
        """With parentheses where it binds less tightly."""
        return self.text if self.binding >= binding else f"({self.text})"


@dataclass(frozen=True, slots=True)
class Dialect:
    """One kind of code.

    `calls` has the function that stands for a primitive, `written` what is written in a way of its own, from the texts
    of the operands; sums, products and comparisons are alike everywhere. `definitions`, in the language of autodiff,
    say what the other primitives are, before the table does. `number` makes a number of a condition, `condition` a
    condition of a number. `choice` writes a choice between two numbers. What it leaves out is computed as well, unless
    `missing` and `false` stand for a number and a condition that nothing needs. `array` writes array primitives.
    """

    name: str
    calls: Mapping[str, str]
    definitions: Mapping[str, str]
    written: Mapping[str, Callable[..., Text]]
    constant: Callable[[object], Text]
    number: Callable[[Text], Text]
    condition: Callable[[Text], Text]
    choice: Callable[[Text, Text, Text], Text]
    missing: Text | None = None
    false: Text | None = None
    array: Callable[[Graph, int, Sequence[Text]], Text] | None = None

    def has(self, primitive: str) -> bool:
        """Whether the primitive is written as it is, and not as its definition."""
        return (
            primitive in self.calls
            or primitive in self.written
            or (primitive in INFIX or primitive in ("where", "variable", "constant"))
        )

    def node(self, graph: Graph, position: int, operands: Sequence[Text], names: Mapping[str, str]) -> Text:
        """A node from the texts of its operands. `names` are those of the variables."""
        primitive, _, payload, _ = graph.nodes[position]
        name = primitive.name
        if primitive is VARIABLE:
            return Text(names[str(payload)])
        if primitive is CONSTANT:
            return self.constant(payload)._replace(number=payload)
        if primitive.array is not None:
            assert self.array is not None, "refused before it is written"
            return self.array(graph, position, [self.number(operand) for operand in operands])
        if name == "where":
            condition, a, b = operands
            return self.choice(self.condition(condition), self.number(a), self.number(b))
        if name in ("and", "or", "not"):
            return self.written[name](*map(self.condition, operands))
        numbers = [self.number(operand) for operand in operands]
        if name in self.written:
            return self.written[name](*numbers)
        if name in INFIX:
            return infix(name, *numbers)
        return Text(f"{self.calls[name]}({', '.join(operand.text for operand in numbers)})")


def infix(name: str, left: Text, right: Text) -> Text:
    sign, binding = INFIX[name]
    condition = binding == COMPARED
    written = left.within(binding + condition) + sign + right.within(binding + 1)
    return Text(written, binding, condition)


def negative(operand: Text) -> Text:
    return Text(f"-{operand.within(PRODUCT if operand.binding == PRODUCT else POWER)}", SIGN)


def joined(sign: str, binding: int) -> Callable[[Text, Text], Text]:
    """What is written with a word between two conditions."""

    def written(left: Text, right: Text) -> Text:
        return Text(f"{left.within(binding)}{sign}{right.within(binding + 1)}", binding, condition=True)

    return written


def nested_calls(function: str) -> Callable[..., Text]:
    """A function of two operands, for any number of them."""

    def written(first: Text, *others: Text) -> Text:
        text = first.text
        for other in others:
            text = f"{function}({text}, {other.text})"
        return Text(text, ATOM if others else first.binding)

    return written


def refusal(message: str, suggestion: str) -> AutodiffError:
    return AutodiffError("no-such-form", message, suggestion=suggestion)
