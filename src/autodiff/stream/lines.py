"""The lines of a file in UTF-8, with their numbers and places; bytes that are no UTF-8 are kept as surrogates."""

from __future__ import annotations

import codecs
import re
from collections import deque
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from autodiff.language.errors import AutodiffError


class Lines(Iterator[str]):
    """Lines with their ends. `number` is that of the last line read, counted from 1; `end` the bytes up to its end;
    `newline` how the first ends.

    Raises AutodiffError for a file that can't be read or is in UTF-16; `name` is what it is called there.
    """

    def __init__(self, file: BinaryIO, name: str) -> None:
        self.number = 0
        self.end = 0
        self.newline = "\n"
        self._file = file
        self._name = name
        self._unread: deque[str] = deque()

    def __next__(self) -> str:
        if self._unread:
            line = self._unread.popleft()
            self.end += len(line.encode("utf-8", "surrogateescape"))
        else:
            line = self._read()
        self.number += 1
        return line

    def unread(self, lines: Sequence[str]) -> None:
        """Gives back lines that were read last, to be read again."""
        self._unread.extendleft(reversed(lines))
        self.number -= len(lines)
        self.end -= sum(len(line.encode("utf-8", "surrogateescape")) for line in lines)

    def _read(self) -> str:
        try:
            line = self._file.readline()
        except OSError as error:
            raise self._unreadable(error.strerror, "give the path of a file that you may read") from None
        if not line:
            raise StopIteration
        if self.end == 0:
            if line.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                raise self._unreadable("it is in UTF-16", "save it as UTF-8, or pipe it through iconv -f UTF-16")
            self.end = len(line)
            self.newline = "\r\n" if line.endswith(b"\r\n") else "\n"
            return line.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")
        self.end += len(line)
        return line.decode("utf-8", "surrogateescape")

    def _unreadable(self, reason: str | None, suggestion: str) -> AutodiffError:
        return AutodiffError("unreadable-file", f"can't read {self._name}: {reason}", suggestion=suggestion)


def without_end(line: str) -> str:
    """The line without the line break at its end."""
    return line[:-2] if line.endswith("\r\n") else line.removesuffix("\n")


def is_text(line: str) -> bool:
    """Whether all of its bytes were UTF-8."""
    return line.isascii() or not re.search("[\udc80-\udcff]", line)
