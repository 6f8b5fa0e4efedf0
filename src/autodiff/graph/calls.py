"""Which primitive a call means, and which operand is which."""

from __future__ import annotations

from collections.abc import Callable

from autodiff.graph.primitive import Primitive
from autodiff.graph.table import FUNCTIONS, PRIMITIVES, function_called
from autodiff.language.errors import AutodiffError, Span
from autodiff.language.expression import Expression


def row_called(call: Expression, internal: bool) -> Primitive:
    """The row that a call means; internal ones only in the texts of the table. Raises AutodiffError."""
    name = call.text
    try:
        return PRIMITIVES[name] if internal and name in PRIMITIVES else function_called(name, len(call.operands))
    except KeyError:
        raise unknown_function(call) from None


def matched_operands(
    row: Primitive, call: Expression, operands: tuple[int, ...], default: Callable[[str], int]
) -> tuple[int, ...]:
    """The operands in the row's order: keywords in their places, `default`s filled in. Raises AutodiffError."""
    if len(operands) == len(row.operands) and not any(operand.kind == "keyword" for operand in call.operands):
        return operands
    given: dict[str, int] = {}
    positional: list[int] = []
    for operand, position in zip(call.operands, operands, strict=True):
        if operand.kind != "keyword":
            positional.append(position)
        elif operand.text in row.operands and not row.variadic:
            given[operand.text] = position
        else:
            raise AutodiffError(
                "unknown-keyword",
                f"{row.name} has no operand named '{operand.text}'",
                operand.span,
                f"it takes {', '.join(row.operands)}",
            )
    if row.variadic and len(positional) >= len(row.operands):
        return tuple(positional)
    taken = row.operands[: len(positional)]
    if row.variadic or len(positional) > len(row.operands) or not given.keys().isdisjoint(taken):
        raise wrong_number(row, call)
    given.update(zip(taken, positional, strict=True))
    for name, text in row.defaults.items():
        if name not in given:
            given[name] = default(text)
    if len(given) < len(row.operands):
        raise wrong_number(row, call)
    return tuple(given[name] for name in row.operands)


def wrong_number(row: Primitive, call: Expression) -> AutodiffError:
    count = "1 operand" if len(call.operands) == 1 else f"{len(call.operands)} operands"
    return AutodiffError(
        "wrong-number-of-operands",
        f"{call.text} can't take {count} like this",
        call.span,
        f"its form is {row.signature}",
    )


def unknown_function(expression: Expression, suggestion: str = "") -> AutodiffError:
    """For a call, or a name that stands where only a function could. The nearest names are suggested first."""
    from autodiff.language.suggestions import function_meant

    name = expression.text
    hint = function_meant(name, FUNCTIONS) or suggestion or "autodiff functions lists those there are"
    span = Span(expression.start, min(expression.end, expression.start + len(name)))
    return AutodiffError("unknown-function", f"there is no function '{name}'", span, hint)
