"""`autodiff functions`: the table of primitives."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from autodiff.graph.primitive import Primitive
from autodiff.graph.table import CHAPTERS, FUNCTIONS, OPERATORS, PRIMITIVES
from autodiff.language.errors import AutodiffError
from autodiff.language.suggestions import did_you_mean


def functions(
    name: Annotated[str | None, typer.Argument(help="One function, or its other name.", show_default=False)] = None,
    accuracy: Annotated[bool, typer.Option("--accuracy", help="The measured accuracy of each derivative.")] = False,
) -> int:
    """The functions of the language, or one of them: its derivative, domain, kinks.

    \b
    autodiff functions
    autodiff functions tanh
    autodiff functions --accuracy
    """
    if accuracy:
        print_accuracy(name)
    elif name is not None:
        print(description(row_named(name)))
    else:
        print_listing()
    return 0


def row_named(name: str) -> Primitive:
    known = {
        **PRIMITIVES,
        **FUNCTIONS,
        **{form: PRIMITIVES[row] for row, form in OPERATORS.items()},
        "!": PRIMITIVES["factorial"],
    }
    if name not in known:
        raise AutodiffError(
            "unknown-function",
            f"there is no function '{name}'",
            suggestion=did_you_mean(name, FUNCTIONS) or "autodiff functions lists them",
        )
    return known[name]


def print_listing() -> None:
    """In columns for a person, with tabs for a program."""
    separator, gap = ("  ", 24) if sys.stdout.isatty() else ("\t", 0)
    for chapter, rows in CHAPTERS.items():
        if gap:
            print(f"\n{chapter}")
        for row in rows:
            if not row.internal:
                others = f" (also {', '.join(row.aliases)})" if row.aliases else ""
                print(f"{OPERATORS.get(row.name, row.signature):<{gap}}{separator}{row.doc}{others}")


def description(row: Primitive) -> str:
    """Everything that the row says, a fact a line."""
    facts = [f"{OPERATORS.get(row.name, row.signature)}: {row.doc}"]
    for operand, partial in partial_texts(row):
        facts.append(f"  d/d{operand}: {partial}")
    if row.stands_for:
        facts.append("  stands for: where(condition, a, where(...))")
    kinks = row.kinks_of(2)
    facts += [
        f"  {title}: {text}"
        for title, text in (
            ("domain", row.domain or "everywhere"),
            ("kinks", kinks.replace("x1, x2", "x, ...") or "none"),
            ("also", ", ".join(row.aliases)),
            ("computed as", row.definition),
            ("source", row.source),
        )
        if text
    ]
    if "y" in "".join(text for _, text in partial_texts(row)).replace("xlogy", ""):
        facts.append(f"  y is {OPERATORS.get(row.name, row.signature)} itself")
    return "\n".join(facts)


def partial_texts(row: Primitive) -> list[tuple[str, str]]:
    if callable(row.partials):
        return [("x", row.partials("x", "x, ..."))]
    return list(zip(row.operands, row.partials, strict=False))


def print_accuracy(name: str | None) -> None:
    from autodiff.graph.accuracy import measured

    for entry in measured():
        if name is None or entry.primitive == row_named(name).name:
            print("\t".join(entry))
