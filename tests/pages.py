"""Markdown pages that do what they show: every command and every Python example is run and its output compared."""

from __future__ import annotations

import doctest
import re
from collections.abc import Iterator
from typing import NamedTuple

FENCE = re.compile(r"^```([a-z]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (.*(?:\n> .*)*)\n", re.MULTILINE)


class Block(NamedTuple):
    """What stands between two fences, and the language that the first names."""

    language: str
    content: str


class Command(NamedTuple):
    """A command after `$ `, which may go on behind `> `, and the output that the page shows for it."""

    line: str
    shown: str


def blocks(page: str) -> list[Block]:
    return [Block(*match.groups()) for match in FENCE.finditer(page)]


def consoles(page: str) -> list[str]:
    return [block.content for block in blocks(page) if block.language == "console"]


def commands(console: str) -> Iterator[Command]:
    """
    >>> list(commands("$ echo 1 \\\\\\n> 2\\n1 2\\n$ true\\n"))
    [Command(line='echo 1 \\\\\\n2', shown='1 2\\n'), Command(line='true', shown='')]
    """
    pieces = COMMAND.split(console)
    assert pieces[0] == "", "a console begins with a command"
    for line, shown in zip(pieces[1::2], pieces[2::2], strict=True):
        yield Command(line.replace("\n> ", "\n"), shown)


def python_session(page: str, name: str) -> doctest.TestResults:
    """The results of all Python blocks as one session; what fails is printed with its line in the page."""
    session = FENCE.sub(lambda match: match[0] if match[1] == "python" else blank(match[0]), page)
    session = re.sub(r"^```.*$", "", session, flags=re.MULTILINE)
    test = doctest.DocTestParser().get_doctest(session, {"__name__": "__main__"}, name, name, 0)
    return doctest.DocTestRunner().run(test)


def blank(text: str) -> str:
    """As many empty lines, so that what follows keeps its line number."""
    return "\n" * text.count("\n")
