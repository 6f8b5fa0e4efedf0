"""Output that stops between two rows: what an interrupt finds half written is finished first."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from itertools import accumulate
from types import FrameType
from typing import NamedTuple

from autodiff.stream.blocks import split_lines
from autodiff.stream.row_block import NO_BREAKS, Breaks

PATIENCE = 0.5  # seconds that the rest of a row may take, as to a pipe that nobody reads


class Rows(NamedTuple):
    """Rows as text. `ends` are the places behind them, where line breaks alone don't tell."""

    text: bytes
    ends: Sequence[int] | None = None

    def end_after(self, written: int) -> int:
        """Where the row ends that the byte before `written` is in."""
        if self.ends is not None:
            return next((end for end in self.ends if end >= written), len(self.text))
        return self.text.find(b"\n", max(written - 1, 0)) + 1 or len(self.text)

    def first(self, count: int) -> Rows:
        """The first rows."""
        if self.ends is not None:
            return Rows(self.text[: [0, *self.ends][count]])
        return Rows(b"".join(split_lines(self.text)[:count]))


def rows_of(own: Sequence[bytes], added: Sequence[bytes], breaks: Breaks = NO_BREAKS) -> Rows:
    """The rows that begin with what is their own, and end with what is added, the break behind them included."""
    parts = [b""] * (2 * len(own))
    parts[0::2] = own
    parts[1::2] = added
    text = b"".join([breaks.before, *parts])
    is_clear = b'"' not in text and not breaks.before and breaks.behind is None
    ends = None if is_clear else list(accumulate(map(len, parts), initial=len(breaks.before)))[2::2]
    return Rows(text, ends)


class WholeRows:
    """Writes rows to a descriptor, which may be set after the handler of signals.

    `interrupted` is that handler: it ends the process with 128 and the number of the signal, between two rows, after
    `clean_up`.
    """

    def __init__(self, clean_up: Callable[[], None] = lambda: None, descriptor: int = 1) -> None:
        self.descriptor = descriptor
        self._clean_up = clean_up
        self._is_writing = False
        self._signal = 0

    def interrupted(self, number: int, _: FrameType | None) -> None:
        if not self._is_writing or self._signal:
            self._end(number)
        self._signal = number
        if not hasattr(signal, "setitimer"):
            return
        signal.signal(signal.SIGALRM, lambda *_: self._end(number))
        signal.setitimer(signal.ITIMER_REAL, PATIENCE)

    def write(self, rows: Rows) -> None:
        rest = memoryview(rows.text)
        self._is_writing = True
        while rest:
            rest = rest[os.write(self.descriptor, rest) :]
            if self._signal:
                self._finish(rows, len(rows.text) - len(rest))
        self._is_writing = False

    def _finish(self, rows: Rows, written: int) -> None:
        """Goes on to the end of the row that is half written."""
        end = rows.end_after(written)
        while written < end:
            written += os.write(self.descriptor, rows.text[written:end])
        self._end(self._signal)

    def _end(self, number: int) -> None:
        self._clean_up()
        os._exit(128 + number)
