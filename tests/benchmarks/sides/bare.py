"""The least that a command with a parser can do: import typer, load the tables that Lark saved, parse one text.

python bare.py TABLES TEXT             parses the text
python bare.py TABLES --build GRAMMAR  saves the tables of the grammar
"""

import sys
from collections.abc import Iterable, Iterator
from itertools import pairwise

import typer  # noqa: F401  # a program that uses it has to import it
from lark import Lark, Token


class FunctionNames:
    """Between lexer and parser: a name before a parenthesis is a FUNCTION, which the grammar leaves to its caller."""

    always_accept = ()

    def process(self, stream: Iterable[Token]) -> Iterator[Token]:
        tokens = list(stream)
        for name, following in pairwise(tokens):
            if name.type == "NAME" and following.type == "LPAR":
                name.type = "FUNCTION"
        return iter(tokens)


if sys.argv[2] == "--build":
    with open(sys.argv[3], encoding="utf-8") as grammar:
        built = Lark(grammar.read(), start="program", parser="lalr", lexer="basic", postlex=FunctionNames())
    with open(sys.argv[1], "wb") as file:
        built.save(file)
else:
    with open(sys.argv[1], "rb") as saved:
        print(Lark.load(saved).parse(sys.argv[2]).data)
