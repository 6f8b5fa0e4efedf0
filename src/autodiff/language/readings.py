"""What a person could read in two ways: refused with both readings, or read with a note, never guessed silently."""

from __future__ import annotations

import re
from collections.abc import Iterable

from autodiff.language.errors import AutodiffError, Note, Span
from autodiff.language.excerpts import shortened
from autodiff.language.expression import Expression

# d/dx, d^2/dx^2
LEIBNIZ = r"d(\^(?P<order>\d+))?\s*/\s*d(?P<name>[^\W\d]\w*)(?(order)\^(?P=order))"


def check_readings(constructs: Iterable[Expression], text: str) -> list[Note]:
    """The notes on all the constructs of `text`. Raises AutodiffError for what is refused."""
    notes: list[Note] = []
    for expression in constructs:
        if expression.kind == "juxtaposition":
            refuse_two_readings(expression, text)
            notes.extend(tight_power(expression, text))
        elif expression.kind == "pow":
            notes.extend(power_of_radical(expression, text))
        elif expression.kind == "call" and expression.text == "factorial":
            refuse_double_factorial(expression, text)
    return notes


def refuse_double_factorial(factorial: Expression, text: str) -> None:
    """`5!!` is 15 to some, (5!)! to others."""
    inner = factorial.operands[0]
    if inner.kind == "call" and inner.text == "factorial" and text[factorial.end - 2 : factorial.end] == "!!":
        written = text[inner.operands[0].start : inner.operands[0].end]
        raise AutodiffError(
            "double-factorial",
            "'!!' could mean the factorial of the factorial, or every second factor",
            factorial.span,
            shortened(f"write ({written}!)! for the first"),
            text=text,
        )


def refuse_two_readings(product: Expression, text: str) -> None:
    left, right = product.operands
    between = Span(left.start, right.end)
    if left.kind == "div":
        above, below, factor = (text[e.start : e.end] for e in (*left.operands, right))
        suggestion = f"write ({above}/{below})*{factor} or {above}/({below}*{factor})"
        if leibniz := re.fullmatch(LEIBNIZ, text[left.start : left.end]):
            operand = text[right.start + 1 : right.end - 1].strip() if right.kind == "group" else factor
            order = f", {leibniz['order']}" if leibniz["order"] else ""
            suggestion = f"write diff({operand}, {leibniz['name']}{order}) for the derivative"
        raise AutodiffError(
            "ambiguous-division",
            f"'{shortened(text[between.start : between.end])}' can be read in two ways",
            between,
            shortened(suggestion),
            text=text,
        )
    if right.kind == "number" or (right.kind == "pow" and right.operands[0].kind == "number"):
        written, number = text[left.start : left.end], text[right.start : right.end]
        name = left.last_name()
        if name is not None and len(name.text) > 1:  # perhaps a function: the compiler knows
            return
        raise AutodiffError(
            "adjacent-number",
            "a number can't follow a factor without an operator",
            right.span,
            shortened(f"write {written}*{number}, {written}^{number} or, in an array, {written}, {number}"),
            text=text,
        )


def tight_power(product: Expression, text: str) -> list[Note]:
    """`e^2x` is `(e^2)*x`: a note, unless a blank or parentheses say so."""
    left, right = product.operands
    if left.end != right.start:
        return []
    factor = left.last_factor()
    if factor.kind != "pow" or text[factor.end - 1] in ")|）⁰¹²³⁴⁵⁶⁷⁸⁹":
        return []
    power, other = text[factor.start : factor.end], text[right.start : right.end]
    base, exponent = (text[e.start : e.end] for e in factor.operands)
    message = f"'{power}{other}' is read as ({power})*{other}; for the other reading write {base}^({exponent}*{other})"
    return [Note("power-before-product", shortened(message), Span(factor.start, right.end))]


def power_of_radical(power: Expression, text: str) -> list[Note]:
    """`√x^2` is `(√x)^2`: a note."""
    base = power.operands[0]
    if base.kind != "call" or text[base.start] not in "√∛" or text[base.end - 1] in ")）":
        return []
    written = text[base.start : base.end]
    message = f"'{text[power.start : power.end]}' is read as the power of {written}, not as the root of a power"
    return [Note("power-of-radical", shortened(message), power.span)]
