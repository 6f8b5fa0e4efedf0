"""Notes on a result: on the standard error output, or refused."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from autodiff.language.errors import NOT_FINITE, AutodiffError, Note


def refuse_notes(notes: Sequence[Note], strict: bool, text: str) -> None:
    """Raises AutodiffError for the first note that is on a doubt, if the user wants none."""
    for note in notes:
        if strict and note.id != "stabilised":  # which casts no doubt on what was meant, or on the result
            error = AutodiffError("strict-note", note.message, note.span, "this is a note without --strict", text=text)
            error.exit_code = NOT_FINITE if note.id == "not-finite" else error.exit_code
            raise error


def print_notes(notes: Sequence[Note]) -> None:
    if notes:
        from autodiff.show.diagnostics import render_note
    for note in notes:
        print(render_note(note), file=sys.stderr)
