"""A table of derivatives, to a terminal or into a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Any

from autodiff.cli.notes import print_notes
from autodiff.cli.terminal import terminal_width
from autodiff.evaluate.point import all_finite
from autodiff.language.errors import NOT_FINITE, Note
from autodiff.show.matrix import Table, aligned_lines, tab_lines


def print_table(
    table: Table | None,
    notes: Sequence[Note],
    value: Any,
    derivatives: Iterable[Any],
    precision: int | None = None,
    full: bool = False,
) -> int:
    """Prints the table, if there is one to print, and the notes; gives the exit code for these results."""
    cut: list[Note] = []
    if table is not None and sys.stdout is not None and sys.stdout.isatty():
        lines, cut = aligned_lines(table, terminal_width(), precision, full)
        print("\n".join(lines))
    elif table is not None:
        for line in tab_lines(table, precision):
            print(line)
    print(end="", flush=True)
    print_notes([*notes, *cut])
    return 0 if all(map(all_finite, (value, *derivatives))) else NOT_FINITE
