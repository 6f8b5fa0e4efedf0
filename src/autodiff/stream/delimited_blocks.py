"""CSV and TSV by the block: a header, then rows whose cells are found and read in bulk.

Where a block has no quotes and every line has as many cells as the header, its cells are found by one search for
delimiters. In any other block the lines that this is not true of are read one by one, as `delimited` does it; both
give the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain

from autodiff.language.errors import AutodiffError
from autodiff.stream.blocks import split_lines
from autodiff.stream.delimited import FlawError, delimiter_of, split_cells
from autodiff.stream.lines import without_end
from autodiff.stream.mixed_block import MixedBlock
from autodiff.stream.quoted_lines import closed_until
from autodiff.stream.record_cells import MOST_RECORD, NOT_CLOSED, decoded
from autodiff.stream.regular_block import regular_block
from autodiff.stream.row_block import RowBlock, Unread
from autodiff.stream.rows_in import column_names

MARK = b"\xef\xbb\xbf"  # the mark of UTF-8


class DelimitedTable:
    """The header of a file, and the rest of it as blocks of rows; an IDLE block stands for a pause."""

    rows = None
    is_empty = False  # there is a header, or an error

    def __init__(self, blocks: Iterator[bytes], name: str, delimiter: str | None) -> None:
        self.name = name
        text = b""
        for block in blocks:
            text += block
            lines = split_lines(text)
            blank = next((place for place, line in enumerate(lines) if line.strip(b" \r\n\xef\xbb\xbf")), None)
            if blank is None:
                continue
            first = decoded(lines[blank]).removeprefix("\ufeff")
            refuse_utf16(text, name)
            refuse_carriage_returns(first, name)
            self.delimiter = delimiter or delimiter_of(first)
            try:
                read = [first]
                cells, _ = split_cells(read, map(decoded, lines[blank + 1 :]), self.delimiter)
                break
            except FlawError as flaw:
                if str(flaw) != NOT_CLOSED or len(text) > MOST_RECORD:
                    raise self._bad_header(str(flaw)) from None
        else:
            if text.strip(b" \r\n\xef\xbb\xbf"):
                raise self._bad_header(NOT_CLOSED)
            self.delimiter, cells, read, lines, blank = delimiter or ",", [], [""], [], 0
        self.columns = column_names(cells, name) if cells else ()
        header = "".join(read)
        self.newline = b"\r\n" if header.endswith("\r\n") else b"\n"
        self.header = without_end(header).encode("utf-8", "surrogateescape")
        self.opening = b"".join(lines[:blank])
        if text.startswith(MARK) and blank == 0:
            self.opening = MARK
        self._line = blank + len(read) + 1
        self._rest = b"".join(lines[self._line - 1 :])
        self._blocks = blocks

    def _bad_header(self, flaw: str) -> AutodiffError:
        return AutodiffError(
            "malformed-row",
            f"the header has {flaw}",
            suggestion="the first line has to name the columns",
            origin=self.name,
        )

    def __iter__(self) -> Iterator[RowBlock | Unread | None]:
        """The rows in blocks; None where more input has to be waited for."""
        text, line = self._rest, self._line
        for block in chain([b""] if text else [], self._blocks):
            if not block and not text:
                yield None
                continue
            text += block
            if b'"' not in text:
                yield self._block(plain_block, self._ended(text), line)
                line += text.count(b"\n")
                text = b""
            elif block or line == self._line:
                text = self._ended(text)
                end = closed_until(text, self.delimiter)
                if end:
                    yield self._block(MixedBlock, text[:end], line)
                line += text.count(b"\n", 0, end)
                text = text[end:]
            if not block:
                yield None
        if text:
            yield self._block(MixedBlock, self._ended(text), line)

    def _block(self, read: Callable[..., RowBlock], text: bytes, line: int) -> Unread:
        return Unread(read, (text, line, self.columns, self.delimiter, self.newline))

    def _ended(self, text: bytes) -> bytes:
        return text if text.endswith(b"\n") else text + self.newline


def plain_block(text: bytes, line: int, columns: tuple[str, ...], delimiter: str, newline: bytes) -> RowBlock:
    """The rows of a text without quotes."""
    regular = regular_block(text, line, columns, delimiter, newline)
    return MixedBlock(text, line, columns, delimiter, newline) if regular is None else regular


def refuse_carriage_returns(header: str, name: str) -> None:
    if "\r" in re.sub(r'"[^"]*"', "", without_end(header)):
        raise AutodiffError(
            "unreadable-file",
            f"can't read {name}: its lines end with carriage returns alone",
            suggestion="pipe it through tr '\\r' '\\n'",
        )


def refuse_utf16(text: bytes, name: str) -> None:
    if text.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise AutodiffError(
            "unreadable-file",
            f"can't read {name}: it is in UTF-16",
            suggestion="save it as UTF-8, or pipe it through iconv -f UTF-16",
        )
