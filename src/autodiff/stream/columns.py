"""Which columns a table has to have, and which it must not have."""

from __future__ import annotations

from collections.abc import Sequence

from autodiff.language.errors import AutodiffError
from autodiff.stream.rows_in import Table


def require_columns(table: Table, names: Sequence[str], origin: str) -> None:
    """Raises AutodiffError for a column that the header doesn't have. JSON objects are looked at one by one instead."""
    missing = [name for name in names if name not in table.columns]
    if not missing or not table.form.is_delimited:
        return
    from difflib import get_close_matches

    folded = {column.casefold(): column for column in table.columns}
    near = get_close_matches(missing[0], folded, n=1)
    there = ", ".join(table.columns[:10]) or "no columns at all"
    raise AutodiffError(
        "missing-column",
        f"there is no column '{missing[0]}'",
        suggestion=f"rename '{folded[near[0]]}'" if near else f"the header has {there}",
        origin=origin,
    )


def refuse_columns(table: Table, names: Sequence[str], origin: str) -> None:
    """Raises AutodiffError for a column that is about to be added."""
    for name in names:
        if name in table.columns:
            raise AutodiffError(
                "taken-column",
                f"there is a column '{name}' already",
                suggestion="rename it, or leave it out",
                origin=origin,
            )
