"""Whether the values that were given are those that the formula needs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from autodiff.language.errors import AutodiffError, Span
from autodiff.language.suggestions import call_of, did_you_mean, product_of


def check_values(
    given: Collection[str],
    variables: Mapping[str, int],
    defined: Collection[str],
    spans: Sequence[Span | None],
    text: str,
) -> None:
    """Raises AutodiffError for a value without a variable, and one that lists all variables without a value."""
    for name in given:
        if name in defined:
            raise AutodiffError(
                "unused-value", f"'{name}' is defined in the formula, so it can't be given a value", text=text
            )
    missing = [name for name in variables if name not in given]
    unused = [name for name in given if name not in variables]
    if unused and not missing:
        raise unused_value(unused, variables, text)
    if missing:
        raise missing_value(missing, unused, given, variables, spans, text)


def unused_value(unused: Sequence[str], variables: Collection[str], text: str) -> AutodiffError:
    hint = did_you_mean(unused[0], variables)
    there = f"it has {', '.join(list(variables)[:20])}" if variables else "it has no variables"
    return AutodiffError(
        "unused-value", f"the formula has no variable {quoted(unused)}", suggestion=hint or there, text=text
    )


def missing_value(
    missing: Sequence[str],
    unused: Sequence[str],
    given: Collection[str],
    variables: Mapping[str, int],
    spans: Sequence[Span | None],
    text: str,
) -> AutodiffError:
    from autodiff.graph.table import FUNCTIONS

    first = missing[0]
    known = [*given, *(name for name in variables if name != first)]
    if first in FUNCTIONS:
        suggestion = f"{first} is a function: write {first}(...)"
    elif factors := product_of(first, known):
        suggestion = f"did you mean {factors}?"
    elif called := call_of(first, FUNCTIONS):
        suggestion = f"did you mean {called}?"
    elif hint := did_you_mean(first, unused):
        suggestion = hint
    else:
        suggestion = "give " + ", ".join(f"{name}=..." for name in missing[:8] if len(name) <= 60)
    span = spans[variables[first]]
    return AutodiffError("missing-value", f"there is no value for {quoted(missing)}", span, suggestion, text=text)


def quoted(names: Sequence[str], most: int = 20) -> str:
    shown = ", ".join(f"'{name if len(name) <= 60 else name[:60] + '…'}'" for name in names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
