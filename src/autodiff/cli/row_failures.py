"""The rows that failed: the first few by their lines, and how many there were."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from autodiff.language.errors import AutodiffError
from autodiff.stream.row_block import RowBlock

REPORTED = 5  # failures that are shown one by one


class RowFailures:
    """What is said about them on the standard error output when the run is over."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.count = 0
        self.first: list[AutodiffError] = []

    def note(self, block: RowBlock, failed: Mapping[int, str]) -> None:
        self.count += len(failed)
        for row, reason in failed.items():
            if len(self.first) == REPORTED:
                return
            self.first.append(AutodiffError("malformed-row", reason, origin=f"{block.place(row)} of {self.origin}"))

    def show(self) -> None:
        from autodiff.cli.app import print_error

        for error in self.first:
            print_error(error)
        more = self.count - len(self.first)
        if more:
            print(f"{more} more {'row' if more == 1 else 'rows'} failed", file=sys.stderr)
