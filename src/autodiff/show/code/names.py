"""Identifiers and texts that are safe in code, whatever the formula has."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable


class Names:
    """The identifiers of one piece of code: those of the variables, then new ones that clash with none.

    `renamed` has the names that could not stay what they are, and what they are called.

    >>> names = Names(["x", "λ", "x₁", "x1", "if"], reserved={"if"})
    >>> names.variables
    {'x': 'x', 'λ': 'lamda', 'x₁': 'x1_', 'x1': 'x1', 'if': 'if_'}
    >>> names.next(), names.fresh("x")
    ('t1', 'x_')
    """

    __slots__ = ("count", "renamed", "reserved", "taken", "variables")

    def __init__(self, variables: Iterable[str], reserved: Collection[str]) -> None:
        self.reserved = reserved
        self.taken: set[str] = set()
        self.count = 0
        self.variables = dict.fromkeys(variables, "")
        kept = {name for name in self.variables if name not in reserved and plain_identifier(name) == name}
        self.taken |= kept
        for name in self.variables:
            self.variables[name] = name if name in kept else self.fresh(plain_identifier(name))
        self.renamed = {name: identifier for name, identifier in self.variables.items() if name != identifier}

    def fresh(self, name: str) -> str:
        """The name, with as many `_` behind it as it takes to be new."""
        while name in self.taken or name in self.reserved:
            name += "_"
        self.taken.add(name)
        return name

    def next(self) -> str:
        """The next of `t1`, `t2`, ..."""
        while True:
            self.count += 1
            name = f"t{self.count}"
            if name not in self.taken and name not in self.reserved:
                self.taken.add(name)
                return name


def plain_identifier(name: str) -> str:
    """A name in ASCII: Greek letters by their names, others without their accents or by their numbers.

    >>> plain_identifier("Δx²"), plain_identifier("é"), plain_identifier("中"), plain_identifier("__x")
    ('Deltax2', 'e', 'u4e2d', 'v__x')
    """
    plain = "".join(character if character.isascii() else plain_character(character) for character in name)
    plain = re.sub(r"\W", "_", plain, flags=re.ASCII)
    # C keeps names with two underscores, or one and a capital, at the front for itself.
    return f"v{plain}" if not plain or plain[0].isdigit() or re.match("_[_A-Z]", plain) else plain


def plain_character(character: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))
    if bare.isascii() and bare.isalnum():
        return bare
    word = re.fullmatch(
        r"GREEK (SMALL|CAPITAL) LETTER (?:FINAL )?(\w+)", unicodedata.name(bare, "") if len(bare) == 1 else ""
    )
    if word:
        return word[2].lower() if word[1] == "SMALL" else word[2].capitalize()
    return f"u{ord(character):04x}"


def printable(text: str) -> str:
    r"""The text on one line, with what can't be seen, or turns the direction of writing, as `\u202e`.

    >>> printable("a\nb")
    'a\\u000ab'
    """
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def renamed_text(names: Names) -> str:
    """What stands for what; empty if every variable has its own name."""
    return ", ".join(f"{identifier} is {printable(name)}" for name, identifier in names.renamed.items())


def quoted(text: str) -> str:
    r"""A string in double quotes, for Python.

    >>> print(quoted('a"b\\'))
    "a\"b\\"
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in escaped) + '"'


def docstring(line: str) -> str:
    """A line in triple quotes, for Python."""
    escaped = printable(line).replace("\\", "\\\\").replace('"', '\\"')
    return f'"""{escaped}"""'


def c_comment(text: str) -> str:
    """A comment in C, which nothing in the text ends, and in which no trigraph means anything."""
    inside = printable(text).replace("*/", "* /").replace("/*", "/ *").replace("??", "? ?").replace("??", "? ?")
    return f"/* {inside} */"
