"""The table of primitives for people: the listing, and all that is known of one function."""

from __future__ import annotations

import re
from collections.abc import Iterator

from autodiff.graph.primitive import Primitive
from autodiff.graph.rules import rule
from autodiff.graph.table import CHAPTERS, FUNCTIONS, OPERATORS, PRIMITIVES
from autodiff.language.errors import AutodiffError
from autodiff.language.suggestions import did_you_mean
from autodiff.show.formula import formula


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


def rows_named(name: str) -> list[Primitive]:
    """The row, and for `min` and `max` also the one for the entries of an array."""
    row = row_named(name)
    others = {"min": "smallest", "max": "largest"}
    return [row, PRIMITIVES[others[row.name]]] if row.name in others else [row]


def listing(columns: bool) -> Iterator[str]:
    """The functions that can be called, chapter by chapter: in columns for a person, with tabs for a program."""
    separator, gap = ("  ", 24) if columns else ("\t", 0)
    for chapter, rows in CHAPTERS.items():
        if gap:
            yield f"\n{chapter}"
        for row in rows:
            if not row.internal:
                others = f" (also {', '.join(row.aliases)})" if row.aliases else ""
                yield f"{OPERATORS.get(row.name, row.signature):<{gap}}{separator}{row.doc}{others}"


def description(row: Primitive) -> str:
    """Everything that the row says, a fact a line."""
    facts = [f"{OPERATORS.get(row.name, row.signature)}: {row.doc}"]
    partials = [(operand, readable(text)) for operand, text in partial_texts(row)]
    for operand, partial in partials:
        facts.append(f"  d/d{operand}: {partial}")
    if row.array is not None:
        from autodiff.show.products import product_texts

        facts += [f"  {title}: {text}" for title, text in product_texts(row)]
    if row.name == "piecewise":
        facts.append("  stands for: where(condition, a, where(...))")
    kinks = row.kinks_of(2)
    facts += [
        f"  {title}: {text}"
        for title, text in (
            ("domain", row.domain or "everywhere"),
            ("kinks", readable(kinks) if kinks else "none"),
            ("also", ", ".join(row.aliases)),
            ("computed as", row.definition),
            ("source", row.source),
        )
        if text
    ]
    if any(name == "y" for _, partial in partials for name in re.findall(r"\w+", partial)):
        facts.append(f"  y is {OPERATORS.get(row.name, row.signature)} itself")
    return "\n".join(facts)


def readable(text: str) -> str:
    """A text of the table without internal primitives, with the fewest parentheses."""
    graph, output = rule(text)
    return formula(graph, output)


def partial_texts(row: Primitive) -> list[tuple[str, str]]:
    if not row.entrywise:
        return []
    names = row.operand_names(2)  # two of any number
    return [(name, row.partial(position, len(names))) for position, name in enumerate(names)]


def accuracy_lines(name: str | None) -> Iterator[str]:
    """The measured accuracy of each derivative, the names of the columns first."""
    from autodiff.graph.accuracy import measured

    wanted = None if name is None else row_named(name).name
    for index, entry in enumerate(measured()):
        if index == 0 or wanted in (None, entry.primitive):
            yield "\t".join(entry)


def stabilising_lines() -> Iterator[str]:
    """The forms that are computed in another way, why, and how far off both are in units in the last place.

    `autodiff eval --no-stabilise` computes them as they are written.
    """
    from autodiff.graph.stabilise_gains import gains
    from autodiff.graph.stabilise_rows import ROWS

    measured = gains()
    yield "form\tcomputed as\treason\tulp at\tulp as written\tulp as computed"
    for row in ROWS:
        gain = measured[row.form]
        yield "\t".join((row.form, row.rewrite, row.reason, gain.at, gain.before, gain.after))
