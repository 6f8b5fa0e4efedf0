"""The tables that Lark makes of the grammar, in a form that is quick to load and to run."""

from __future__ import annotations

import importlib.util
import marshal
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from lark import Lark
    from lark.grammar import Rule

FORMAT = 2  # of what is stored


class Reduction(NamedTuple):
    """What a rule does: takes `size` values off the stack, makes one of them, and is then an `origin`.

    `kept` has the index of each value that is used and whether it is a list to be spliced; `action` names the method
    of the builder, None makes a list of what is kept, and "" keeps the only value as it is.
    """

    origin: str
    size: int
    kept: tuple[tuple[int, bool], ...]
    action: str | None


class Tables(NamedTuple):
    """An LALR(1) automaton and its tokens.

    `actions` has for each state and token the next state, or the complement (~) of the rule to reduce by; `gotos` for
    each state and origin the next state.
    """

    pattern: str
    keywords: dict[str, str]
    ignored: tuple[str, ...]
    actions: list[dict[str, int]]
    gotos: list[dict[str, int]]
    rules: list[Reduction]
    start: int
    end: int


def grammar_path() -> Path:
    """The grammar: beside the package where it was installed, at the top of the repository in a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "grammar" / "expression.lark"
    return installed if installed.exists() else package.parents[1] / "grammar" / "expression.lark"


def load_tables() -> Tables:
    """The tables of the grammar, kept as Python keeps its bytecode, or made anew.

    They stand where `__pycache__` stands for the grammar's folder (`PYTHONPYCACHEPREFIX` is honoured), under a key of
    the grammar's text. Where they can't be written they are made each time, which takes a tenth of a second.
    """
    path = grammar_path()
    grammar = path.read_bytes()
    key = f"{FORMAT} {importlib.util.source_hash(grammar).hex()}"
    cache = Path(importlib.util.cache_from_source(str(path))).with_suffix(".tables")
    stored = read_tables(cache, key)
    if stored is not None:
        return stored
    tables = tables_of(build_lark(grammar.decode()))
    write_tables(cache, key, tables)
    return tables


def read_tables(cache: Path, key: str) -> Tables | None:
    try:
        stored_key, content = marshal.loads(cache.read_bytes())
        tables = Tables._make(content)
        rules = [Reduction._make(rule) for rule in tables.rules]
    except (OSError, ValueError, EOFError, TypeError):  # absent, cut short, or something else
        return None
    return tables._replace(rules=rules) if stored_key == key else None


def write_tables(cache: Path, key: str, tables: Tables) -> None:
    content: Any = tuple(tables._replace(rules=[tuple(rule) for rule in tables.rules]))  # type: ignore[misc]  # plain for marshal
    try:
        cache.parent.mkdir(parents=True, exist_ok=True)
        partial = cache.with_suffix(f".{os.getpid()}")
        partial.write_bytes(marshal.dumps((key, content)))
        partial.replace(cache)
    except OSError:
        return  # a cache that can't be written costs time, nothing else


class KeepContextTokens:
    """A post-lexer that does nothing, but makes Lark keep the tokens that context.py replaces."""

    always_accept = ("NEWLINE", "BAR")

    def process(self, stream: Any) -> Any:
        return stream


def build_lark(grammar: str, **options: Any) -> Lark:
    """Lark's own parser for the grammar."""
    from lark import Lark

    return Lark(grammar, start="program", parser="lalr", lexer="basic", postlex=KeepContextTokens(), **options)


def tables_of(lark: Lark) -> Tables:
    table = lark.parser.parser._parse_table  # Lark has no public name for it
    numbers = {rule: number for number, rule in enumerate(lark.rules)}
    actions: list[dict[str, int]] = [{} for _ in table.states]
    gotos: list[dict[str, int]] = [{} for _ in table.states]
    for state, row in table.states.items():
        for symbol, (action, argument) in row.items():
            if action.name == "Reduce":
                actions[state][str(symbol)] = ~numbers[argument]
            else:
                (actions if symbol.isupper() else gotos)[state][str(symbol)] = argument
    pattern, keywords = token_pattern(lark)
    return Tables(
        pattern,
        keywords,
        tuple(map(str, lark.ignore_tokens)),
        actions,
        gotos,
        [reduction(rule) for rule in lark.rules],
        table.start_states["program"],
        table.end_states["program"],
    )


def token_pattern(lark: Lark) -> tuple[str, dict[str, str]]:
    """One pattern with a group for each kind of token, longer alternatives first, and the words that are no names."""
    patterns = {str(terminal.name): terminal.pattern for terminal in lark.terminals}
    name = re.compile(patterns["NAME"].to_regexp())
    keywords = {
        pattern.value: kind
        for kind, pattern in patterns.items()
        if pattern.type == "str" and name.fullmatch(pattern.value)
    }
    symbols = {kind: pattern for kind, pattern in patterns.items() if kind not in keywords.values()}
    order = sorted(symbols, key=lambda kind: (-symbols[kind].max_width, kind))
    return "|".join(f"(?P<{kind}>{symbols[kind].to_regexp()})" for kind in order), keywords


def reduction(rule: Rule) -> Reduction:
    kept = tuple(
        (index, symbol.name.startswith("_") and not symbol.is_term)
        for index, symbol in enumerate(rule.expansion)
        if not (symbol.is_term and symbol.filter_out)  # type: ignore[attr-defined]  # terminals have it
    )
    origin = str(rule.origin.name)
    action: str | None
    if origin.startswith("_"):
        action = None
    elif rule.alias is None and rule.options.expand1 and len(kept) == 1:
        action = ""
    else:
        action = str(rule.alias or origin)
    return Reduction(origin, len(rule.expansion), kept, action)
