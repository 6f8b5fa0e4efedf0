"""What a terminal can show."""

from __future__ import annotations

import os


def colour_wanted(no_color: bool) -> bool:
    return not (no_color or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb")


def terminal_width() -> int:
    import shutil

    return shutil.get_terminal_size((80, 24)).columns


def in_columns(lines: str) -> str:
    """Lines of name, tab and value, aligned for a person."""
    from autodiff.show.diagnostics import columns

    rows = [line.split("\t") for line in lines.splitlines()]
    width = max(columns(name) for name, _ in rows)
    return "\n".join(f"{name}{' ' * (width - columns(name))}  {number}" for name, number in rows)
