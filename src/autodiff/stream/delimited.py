"""CSV and TSV: lines -> records of cells, as RFC 4180 has them, and what is done about lines that it doesn't allow.

Not the `csv` module: a quote that nothing closes would make one cell of the rest of the file there, so that one
student's typing error loses the others' rows; and it doesn't give a row's text, which is to be kept byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from autodiff.stream.lines import Lines, without_end

# A quote that isn't closed within this is taken for a typing error. Else each such row would read the rest of the file.
MOST_LINES = 10_000
MOST_CHARACTERS = 1 << 26


class Record(NamedTuple):
    """One record. `text` is as it was written, without the end of the line; `line` counts from 1.

    `flaw` says why the text is no record, and `cells` are a guess then. `is_plain` tells whether quotes are used as
    RFC 4180 has them, so that more cells can be written behind the text.
    """

    line: int
    end: int
    text: str
    cells: list[str]
    flaw: str
    is_plain: bool


class FlawError(Exception):
    """Why a line is no record."""


def delimiter_of(header: str) -> str:
    """What the cells of a CSV file are separated by: a comma, else a semicolon, as where commas are decimal, or a tab.

    >>> delimiter_of("function;answer")
    ';'
    """
    unquoted = re.sub(r'"[^"]*"', "", header)
    return next((delimiter for delimiter in ",;\t" if delimiter in unquoted), ",")


def records(lines: Lines, delimiter: str) -> Iterator[Record]:
    """The records, blank lines left out. A line whose quotes go wrong is a record of its own, with its flaw."""
    for first in lines:
        content = without_end(first)
        if not content.strip(" "):
            continue
        number = lines.number
        if '"' not in content:
            yield Record(number, lines.end, content, content.split(delimiter), "", "\r" not in content)
            continue
        read = [first]
        try:
            cells, is_plain = split_cells(read, lines, delimiter)
        except FlawError as flaw:
            lines.unread(read[1:])
            yield Record(number, lines.end, content, content.split(delimiter), str(flaw), False)
        else:
            yield Record(number, lines.end, without_end("".join(read)), cells, "", is_plain)


def split_cells(read: list[str], lines: Iterator[str], delimiter: str) -> tuple[list[str], bool]:
    """The cells of the record that begins with the line in `read`, and whether they are written as RFC 4180 has it.

    Lines that cells with line breaks go on in are read, too, and added to `read`.
    """
    cells: list[str] = []
    is_plain = True
    content, place = without_end(read[0]), 0
    characters = 0
    while True:
        if content.startswith('"', place):
            parts = []
            start = place + 1
            while True:
                quote = content.find('"', start)
                if quote < 0:  # the cell has a line break
                    parts.append(read[-1][start:])
                    characters += len(content)
                    line = next(lines, None) if len(read) < MOST_LINES and characters < MOST_CHARACTERS else None
                    if line is None:
                        raise FlawError("a quote that is not closed")
                    read.append(line)
                    content, start = without_end(line), 0
                elif content.startswith('"', quote + 1):
                    parts.append(content[start : quote + 1])
                    start = quote + 2
                else:
                    break
            cells.append("".join([*parts, content[start:quote]]))
            place = quote + 1
            if place < len(content) and content[place] != delimiter:
                raise FlawError("text behind a closing quote")
        else:
            stop = content.find(delimiter, place)
            stop = len(content) if stop < 0 else stop
            cells.append(content[place:stop])
            place = stop
            is_plain = is_plain and '"' not in cells[-1] and "\r" not in cells[-1]
        if place >= len(content):
            return cells, is_plain
        place += 1


def quoted(cell: str, delimiter: str) -> str:
    """The cell, between quotes if it needs them.

    >>> quoted('say "2x", or 3', ",")
    '"say ""2x"", or 3"'
    """
    if delimiter in cell or '"' in cell or "\n" in cell or "\r" in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell
