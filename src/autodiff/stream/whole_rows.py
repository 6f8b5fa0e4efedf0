"""Output that stops between two rows: what an interrupt finds half written is finished first."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from itertools import accumulate
from types import FrameType

PATIENCE = 0.5  # seconds that the rest of a row may take, as to a pipe that nobody reads


class WholeRows:
    """Writes parts, an even number of them, of which each two are a row, to a descriptor.

    `interrupted` is a handler of signals: it ends the process with 128 and the number of the signal, between two rows,
    after `clean_up`.
    """

    def __init__(self, descriptor: int, clean_up: Callable[[], None] = lambda: None) -> None:
        self._descriptor = descriptor
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

    def write(self, parts: Sequence[bytes]) -> None:
        text = b"".join(parts)
        rest = memoryview(text)
        self._is_writing = True
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]
            if self._signal:
                self._finish(parts, text, len(text) - len(rest))
        self._is_writing = False

    def _finish(self, parts: Sequence[bytes], text: bytes, written: int) -> None:
        """Goes on to the end of the row that is half written."""
        ends = [0, *accumulate(map(len, parts))][::2]
        end = next(end for end in ends if end >= written)
        while written < end:
            written += os.write(self._descriptor, text[written:end])
        self._end(self._signal)

    def _end(self, number: int) -> None:
        self._clean_up()
        os._exit(128 + number)
