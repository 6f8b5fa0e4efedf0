"""The functions that code needs and its language hasn't: each is copied into the code that calls it."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from pathlib import Path

# Two blank lines stand between two functions; in C one.
START = re.compile(r"(?:def |static (?:const )?(?:double|int) |)(\w+)[\[( ]")


@cache
def functions(file: str) -> tuple[tuple[str, str], ...]:
    """The functions and tables of a file with their names, what one uses before it."""
    text = Path(__file__).with_name(file).read_text(encoding="utf-8")
    _, *blocks = text.rstrip("\n").split("\n\n\n" if file.endswith(".py") else "\n\n")
    found = []
    for block in blocks:
        start = START.match(block)
        assert start is not None, block
        found.append((start[1], block))
    return tuple(found)


def library(file: str, called: Collection[str]) -> list[str]:
    """The functions `called`, and those that they call, in order."""
    wanted: list[str] = []
    names = set(called)
    for name, block in reversed(functions(file)):
        if name in names:
            names |= words(block)
            wanted.append(block)
    return wanted[::-1]


def words(code: str) -> set[str]:
    return set(re.findall(r"\w+", code))
