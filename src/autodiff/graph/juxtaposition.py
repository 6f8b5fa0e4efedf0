"""What a product without a sign means, where that depends on which names are functions and which are variables."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence

from autodiff.graph.calls import unknown_function
from autodiff.graph.nodes import Graph, NamedConstant
from autodiff.graph.shapes import Shape
from autodiff.graph.table import FUNCTIONS
from autodiff.language.errors import AutodiffError, Note, Span
from autodiff.language.excerpts import shortened
from autodiff.language.expression import Expression


class Juxtapositions:
    """The judge of the products of one program. `defined` are the forms of the functions that it defines."""

    def __init__(self, constructs: Sequence[Expression], text: str, defined: Mapping[str, str]) -> None:
        self.constructs = constructs
        self.text = text
        self.defined = defined
        self.standing_alone: set[str] | None = None

    def check(self, product: Expression, known: Container[str]) -> list[Note]:
        """A name before parentheses, or a function's name before its operand, is a product only for a variable."""
        name_before, right = product.operands[0].last_name(), product.operands[1]
        if name_before is None:
            return []
        name = name_before.text
        is_known = name in known or self.stands_alone(name)
        if name in self.defined or (name in FUNCTIONS and not is_known):
            raise self.function_without_parentheses(name_before, product)
        base = right.operands[0] if right.kind == "pow" else right
        if base.kind == "number":
            raise AutodiffError(
                "adjacent-number", "a number can't follow a factor without an operator", right.span, f"write {name}*..."
            )
        if base.kind != "group":
            return []
        if not is_known and name not in NamedConstant.VALUES:
            raise unknown_function(name_before, f"write {name}*(...) if '{name}' is a variable")
        if product.operands[0].last_factor() is not name_before:  # an exponent has a note of its own
            return []
        group = self.text[right.start : right.end]
        reading = f"'{self.text[name_before.start : name_before.end]}{group}' is read as {name}*{group}"
        return [Note("name-before-parentheses", shortened(reading), Span(name_before.start, right.end))]

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
        elif name in self.defined:
            suggestion = f"its form is {self.defined[name]}"
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


def array_product_notes(product: Expression, shapes: Sequence[Shape | None], text: str) -> list[Note]:
    """`A x`, `x(1)`: with arrays neither is what a reader of mathematics would expect."""
    left, right = product.operands
    if None in shapes or not shapes[0]:
        return []
    before, behind = text[left.start : left.end], text[right.start : right.end]
    group = right.operands[0] if right.kind == "pow" else right
    if group.kind == "group" and group.operands[0].kind == "number" and left.last_factor().kind == "name":
        raise AutodiffError(
            "index-in-parentheses",
            f"'{left.last_factor().text}' is an array, and no function",
            Span(left.last_factor().start, right.end),
            f"write {left.last_factor().text}[...] for an entry, which count from 0; write * for a product",
        )
    if not shapes[1]:
        return []
    message = f"'{before} {behind}' multiplies entry by entry; the product of matrices is {before} @ {behind}"
    return [Note("entry-by-entry", shortened(message), product.span)]


def array_power_notes(power: Expression, graph: Graph, operands: tuple[int, ...], text: str) -> list[Note]:
    """`A^-1` of a square matrix."""
    shape = graph.shapes[operands[0]]
    exponent = text[power.operands[1].start : power.operands[1].end]
    if shape is None or len(shape) != 2 or shape[0] != shape[1] or exponent not in ("-1", "(-1)", "⁻¹", "−1"):
        return []
    base = text[power.operands[0].start : power.operands[0].end]
    message = f"'{text[power.start : power.end]}' is entry by entry; the inverse of a matrix is inv({base})"
    return [Note("entry-by-entry", shortened(message), power.span)]


def refuse_lists(constructs: Sequence[Expression], takes_lists: Callable[[Expression], bool]) -> None:
    """`(a, b)` is no value; behind a name it would be the operands of a function that doesn't exist."""
    if not any(expression.kind == "tuple" for expression in constructs):
        return
    for expression in constructs:
        if expression.kind == "keyword" or takes_lists(expression):  # axis=(0, 1), zeros((2, 3))
            continue
        for operand in expression.operands:
            held = operand.operands[0] if operand.kind == "keyword" and operand.text != "axis" else operand
            if held.kind != "tuple":
                continue
            if expression.kind == "juxtaposition" and (name := expression.operands[0].last_name()) is not None:
                raise unknown_function(name)
            raise AutodiffError(
                "not-one-value",
                "these parentheses hold several values where one is needed",
                operand.span,
                "separate them by an operator, or write [ and ] for an array; only a function takes several operands",
            )
