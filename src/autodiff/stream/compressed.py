"""Input that is compressed, which is told by its name or its first bytes."""

from __future__ import annotations

from collections.abc import Iterator

from autodiff.language.errors import AutodiffError

GZIP = b"\x1f\x8b"


def refuse_gzip(start: bytes, name: str) -> None:
    """Raises AutodiffError where a file begins as gzip does."""
    if start.startswith(GZIP):
        raise compressed(name)


def uncompressed(blocks: Iterator[bytes], name: str) -> Iterator[bytes]:
    """The blocks of a file, of which the first that has anything is looked at."""
    has_begun = False
    for block in blocks:
        if block and not has_begun:
            has_begun = True
            refuse_gzip(block, name)
        yield block


def compressed(name: str) -> AutodiffError:
    file = "FILE" if name == "standard input" else name
    return AutodiffError(
        "unreadable-file",
        f"can't read {name}: it is compressed",
        suggestion=f"gunzip -c {file} | autodiff map ... -",
    )
