"""Which primitive a call means, and which operand is which."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from autodiff.graph.primitive import Primitive
from autodiff.graph.table import ARRAY_FUNCTIONS, FUNCTIONS, PRIMITIVES, function_called
from autodiff.language.errors import AutodiffError, Span
from autodiff.language.excerpts import shortened
from autodiff.language.expression import Expression

CALLS = ("call", "primed")
ARRAY_KINDS = ("array", "index", "transposed", "matmul")


def row_called(call: Expression, internal: bool) -> Primitive:
    """The row that a call means; internal ones only in the texts of the table. Raises AutodiffError."""
    name = call.function
    try:
        if internal and name in PRIMITIVES:
            return PRIMITIVES[name]
        return function_called(name, sum(1 for operand in call.operands if not is_parameter(operand)))
    except KeyError:
        raise unknown_function(call) from None


def is_parameter(operand: Expression) -> bool:
    """Whether it is `axis=...`, which no row without parameters has."""
    return operand.kind == "keyword" and operand.text == "axis"


def split_operands(row: Primitive, call: Expression) -> tuple[list[Expression], dict[str, list[Expression]]]:
    """The operands of a call to a row with parameters, and each parameter that is given.

    Parameters may follow the operands, or be named; the last one may take several places: `zeros(2, 3)`. Raises
    AutodiffError.
    """
    names = list(row.parameters)
    positional = [operand for operand in call.operands if operand.kind != "keyword"]
    if row.variadic and len(positional) == 1 and is_list(positional[0]):  # concat([a, b]), as NumPy has it
        positional = list(positional[0].operands)
    count = len(positional) if row.variadic else len(row.operands)
    operands, rest = positional[:count], positional[count:]
    given: dict[str, list[Expression]] = {}
    for keyword in call.operands:
        if keyword.kind == "keyword":
            name = next((name for name in names if name.removesuffix("...") == keyword.text), None)
            if name is None:
                raise unknown_keyword(row.name, [*row.operands, *names], keyword)
            if name in given:
                raise wrong_number(form_of_row(row), call)
            given[name] = [keyword.operands[0]]
    for name in names:
        if rest and name.endswith("..."):
            taken, rest = rest, []
        elif rest:
            taken, rest = rest[:1], rest[1:]
        else:
            break
        if name in given:
            raise wrong_number(form_of_row(row), call)
        given[name] = taken
    if rest or len(operands) < len(row.operands):
        raise wrong_number(form_of_row(row), call)
    return operands, {name.removesuffix("..."): expressions for name, expressions in given.items()}


def is_list(expression: Expression) -> bool:
    """Whether it is `[a, b]`, or `(a, b)`."""
    return expression.kind in ("array", "tuple")


def takes_lists(expression: Expression) -> bool:
    """Whether the call's operands may be lists: lengths, axes."""
    row = FUNCTIONS.get(expression.function) if expression.kind in CALLS else None
    return row is not None and bool(row.parameters)


def is_of_arrays(expression: Expression) -> bool:
    """Whether a program with this construct is one of arrays, whose shapes must be known before it means anything."""
    kind = expression.kind
    if kind in CALLS:
        name = expression.function
        return name in ARRAY_FUNCTIONS or (
            name in ("min", "max") and sum(o.kind != "keyword" for o in expression.operands) == 1
        )
    return kind in ARRAY_KINDS


def default_settings(row: Primitive) -> dict[str, Any]:
    """The parameters that a call doesn't give: a number, None, or for those in several places no numbers."""
    return {
        name.removesuffix("..."): [] if name.endswith("...") else float(default) if default else None
        for name, default in row.parameters.items()
    }


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
            raise unknown_keyword(row.name, row.operands, operand)
    if row.variadic and len(positional) >= len(row.operands):
        return tuple(positional)
    taken = row.operands[: len(positional)]
    if row.variadic or len(positional) > len(row.operands) or not given.keys().isdisjoint(taken):
        raise wrong_number(form_of_row(row), call)
    given.update(zip(taken, positional, strict=True))
    for name, text in row.defaults.items():
        if name not in given:
            given[name] = default(text)
    if len(given) < len(row.operands):
        raise wrong_number(form_of_row(row), call)
    return tuple(given[name] for name in row.operands)


def unknown_keyword(function: str, names: Iterable[str], keyword: Expression) -> AutodiffError:
    return AutodiffError(
        "unknown-keyword",
        f"{function} has no operand named '{keyword.text}'",
        keyword.span,
        f"it takes {', '.join(name.removesuffix('...') for name in names)}",
    )


def wrong_number(form: str, call: Expression) -> AutodiffError:
    count = "1 operand" if len(call.operands) == 1 else f"{len(call.operands)} operands"
    return AutodiffError(
        "wrong-number-of-operands", f"{call.function} can't take {count} like this", call.span, f"its form is {form}"
    )


def several_operands(call: Expression, text: str) -> AutodiffError:
    """For `f'(x, y)`."""
    name, operands = call.function, ", ".join(text[operand.start : operand.end] for operand in call.operands)
    first = next((operand.text for operand in call.operands if operand.kind == "name"), "x")
    order = f", {call.primes}" if call.primes > 1 else ""
    return AutodiffError(
        "wrong-number-of-operands",
        f"a prime is the derivative of a function of one operand, and {name} has several",
        call.span,
        shortened(f"write diff({name}({operands}), {first}{order}) for the derivative by {first}"),
    )


def form_of_row(row: Primitive) -> str:
    """What a call should look like."""
    return row.signature + (f"; of several numbers: {row.name}([...])" if "axis" in row.parameters else "")


def unknown_function(expression: Expression, suggestion: str = "") -> AutodiffError:
    """For a call, or a name that stands where only a function could. The nearest names are suggested first."""
    from autodiff.language.suggestions import function_meant

    name = expression.function
    hint = function_meant(name, FUNCTIONS) or suggestion or "autodiff functions lists those there are"
    span = Span(expression.start, min(expression.end, expression.start + len(name)))
    return AutodiffError("unknown-function", f"there is no function '{name}'", span, hint)
