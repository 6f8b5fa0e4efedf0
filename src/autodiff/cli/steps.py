"""`autodiff diff --steps` and `--hint`: a derivation, or its next rule."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from autodiff.cli.terminal import colour_wanted, terminal_width
from autodiff.language.errors import Note
from autodiff.show.json import SCHEMA
from autodiff.symbolic.steps import Hint, Steps

WIDTH_OF_PIPE = 200


def print_derivations(derivations: Sequence[Steps], text: str, to: str, no_color: bool) -> list[Note]:
    """Prints the steps of each derivative; gives notes on what was left out."""
    if to == "latex":
        from autodiff.show.steps_latex import steps_latex

        print(steps_latex(derivations))
        return []
    if to == "json":
        import json

        from autodiff.show.steps_json import steps_objects

        print(json.dumps({"schema": SCHEMA, "expression": text, "steps": steps_objects(derivations)}))
        return []
    from autodiff.show.steps import print_steps

    at_terminal = sys.stdout is not None and sys.stdout.isatty()
    width = terminal_width() if at_terminal else WIDTH_OF_PIPE
    return print_steps(derivations, width, colour=at_terminal and colour_wanted(no_color))


def print_hints(hints: Sequence[Hint], text: str, to: str) -> int:
    """Prints the next rule of each derivative, and no result."""
    if to == "json":
        import json

        from autodiff.show.steps_json import hint_object

        print(json.dumps({"schema": SCHEMA, "expression": text, "hints": [hint_object(hint) for hint in hints]}))
        return 0
    from autodiff.show.steps import hint_text
    from autodiff.show.steps_latex import hint_latex

    for hint in hints:
        print(hint_latex(hint) if to == "latex" else hint_text(hint))
    return 0
