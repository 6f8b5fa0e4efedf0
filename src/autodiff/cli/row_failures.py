"""The rows that failed: the first few by their lines, and how many there were."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from autodiff.language.errors import AutodiffError

REPORTED = 5  # failures that are shown one by one


class RowFailures:
    """What is said about them on the standard error output when the run is over."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.count = 0
        self.first: list[AutodiffError] = []

    def note(self, failed: Iterable[tuple[str, str]]) -> None:
        """Counts rows, of which the place and the reason are given."""
        for place, reason in failed:
            self.count += 1
            if len(self.first) < REPORTED:
                self.first.append(AutodiffError("malformed-row", reason, origin=f"{place} of {self.origin}"))

    def show(self) -> None:
        from autodiff.cli.app import print_error

        for error in self.first:
            print_error(error)
        more = self.count - len(self.first)
        if more:
            print(f"{more} more {'row' if more == 1 else 'rows'} failed", file=sys.stderr)
