"""How far a long run is: a line on the standard error output, if that is a terminal."""

from __future__ import annotations

import os
import sys
from time import monotonic
from types import TracebackType
from typing import Any

from autodiff.cli.terminal import colour_wanted, terminal_width

BETWEEN = 0.1  # seconds between two pictures


class Progress:
    """A bar over the `total` bytes of the input, or a count of rows where that isn't known.

    Drawn from `advance`, not from a thread of its own, since processes are forked meanwhile. Without colour there are
    no escape codes at all, so the line is written again and again.
    """

    def __init__(self, total: int | None, is_shown: bool, no_color: bool) -> None:
        self.is_shown = is_shown and sys.stderr.isatty()
        self.total = total
        self.rows = 0
        self.drawn = 0.0
        self.bar: Any = None
        self.width = 0
        self.in_colour = colour_wanted(no_color)

    def __enter__(self) -> Progress:
        if self.is_shown and self.in_colour:
            from rich.console import Console
            from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as Bar

            columns = [BarColumn(None), TaskProgressColumn(), TextColumn("{task.fields[rows]} rows")]
            known = [TimeRemainingColumn()] if self.total else []
            self.bar = Bar(*columns, *known, console=Console(stderr=True), auto_refresh=False, transient=True)
            self.bar.add_task("", total=self.total, rows=0)
            self.bar.start()
        return self

    def advance(self, end: int, rows: int = 1) -> None:
        """One more row is done, or several, the input up to its byte `end`."""
        self.rows += rows
        if not self.is_shown or monotonic() - self.drawn < BETWEEN:
            return
        self.drawn = monotonic()
        if self.bar is not None:
            self.bar.update(0, completed=end, rows=self.rows)
            self.bar.refresh()
            return
        share = f"{100 * end // self.total} %, " if self.total else ""
        self.write(f"{share}{self.rows} rows")

    def write(self, line: str) -> None:
        line = line[: terminal_width() - 1]
        print(f"\r{line:<{self.width}}", end="", file=sys.stderr, flush=True)
        self.width = len(line)

    def abandon(self) -> None:
        """Clears the line and shows the cursor where the process is about to end.

        Past every buffer: a handler of signals may have come into the middle of a picture.
        """
        if self.bar is not None:
            os.write(sys.stderr.fileno(), b"\r\x1b[2K\x1b[?25h")
        elif self.width:
            os.write(sys.stderr.fileno(), f"\r{'':{self.width}}\r".encode())

    def clear(self) -> None:
        """Makes room for a line of another kind; a bar does so by itself."""
        if self.bar is None and self.width:
            self.write("")
            print(end="\r", file=sys.stderr, flush=True)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.bar is not None:
            self.bar.stop()
        else:
            self.clear()
