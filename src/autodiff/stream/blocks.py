"""A file or a pipe as blocks of whole lines, each handed on as soon as there is nothing more to wait for."""

from __future__ import annotations

import os
import select
import stat
from collections.abc import Iterator
from typing import BinaryIO

from autodiff.language.errors import AutodiffError

# Bytes: some 15,000 rows of two columns, whose arrays stay in the cache, and half of what a pipe to a worker holds.
BLOCK = 1 << 19
IDLE = b""  # what stands for a block while the input has to be waited for


def line_blocks(file: BinaryIO, name: str, *, size: int = BLOCK, one_by_one: bool = False) -> Iterator[bytes]:
    """The file in pieces of about `size` bytes that end with a line, the last of them perhaps without its end.

    An empty piece comes whenever the next read may take long, so that what came before can be finished first. With
    `one_by_one` every line is a piece of its own. Raises AutodiffError for a file that can't be read.
    """
    pieces = read_pieces(file, name, size)
    rest: list[bytes] = []
    length = 0
    for piece in pieces:
        end = piece.rfind(b"\n") + 1
        if end:
            whole = b"".join([*rest, piece[:end]])
            rest, length = [piece[end:]] if end < len(piece) else [], len(piece) - end
            if one_by_one:
                for line in split_lines(whole):
                    yield line
                    yield IDLE
            else:
                yield whole
        elif piece:
            rest.append(piece)
            length += len(piece)
        else:
            yield IDLE
    if length:
        yield b"".join(rest)


def split_lines(text: bytes) -> list[bytes]:
    """The lines with their ends, where only a line feed ends a line.

    >>> split_lines(b"a\\rb\\r\\nc")
    [b'a\\rb\\r\\n', b'c']
    """
    lines = [line + b"\n" for line in text.split(b"\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def read_pieces(file: BinaryIO, name: str, size: int) -> Iterator[bytes]:
    """What the file has, up to `size` bytes at a time; IDLE where nothing more has come yet."""
    descriptor = file.fileno()
    waiting = None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode) and hasattr(select, "poll"):
        waiting = select.poll()
        waiting.register(descriptor, select.POLLIN)
    collected: list[bytes] = []
    length = 0
    while True:
        if waiting is not None and not waiting.poll(0):
            if collected:
                yield b"".join(collected)
                collected, length = [], 0
            yield IDLE
        try:
            piece = os.read(descriptor, size - length)
        except OSError as error:
            raise AutodiffError(
                "unreadable-file",
                f"can't read {name}: {error.strerror}",
                suggestion="give the path of a file that you may read",
            ) from None
        collected.append(piece)
        length += len(piece)
        if not piece or length >= size:
            yield b"".join(collected)
            collected, length = [], 0
        if not piece:
            return
