"""The rows that failed: the first few by their lines, and how many there were."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress

from autodiff.language.errors import AutodiffError

REPORTED = 5  # failures that are shown one by one


class RowFailures:
    """What is said about them on the standard error output: the first ones at once, their number at the end."""

    def __init__(self, origin: str, before: Callable[[], None] = lambda: None) -> None:
        self.origin = origin
        self.count = 0
        self._before = before

    def note(self, failed: Iterable[tuple[str, str]]) -> None:
        """Counts rows, of which the place and the reason are given, and shows the first."""
        from autodiff.cli.app import print_error

        new = list(failed)
        shown = new[: max(REPORTED - self.count, 0)]
        self.count += len(new)
        for place, reason in shown:
            self._before()
            print_error(AutodiffError("malformed-row", reason, origin=f"{place} of {self.origin}"))

    def show_count(self) -> None:
        """Says how many there were that weren't shown. Past every buffer, since an interrupt may call it."""
        more = self.count - REPORTED
        if more > 0:
            with suppress(OSError):
                os.write(sys.stderr.fileno(), f"{more} more {'row' if more == 1 else 'rows'} failed\n".encode())
