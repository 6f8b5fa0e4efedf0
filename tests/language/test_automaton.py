"""Our automaton over Lark's tables against Lark's own runtime, and the place where the tables are kept."""

from __future__ import annotations

import csv
import importlib.util
import json
import marshal
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import lark
import pytest

from autodiff import AutodiffError
from autodiff.graph.table import CALLABLE_NAMES
from autodiff.language import tables as tables_room
from autodiff.language.automaton import END, Automaton, UnexpectedTokenError
from autodiff.language.context import in_context
from autodiff.language.tables import Tables, build_lark, grammar_path, load_tables, tables_of
from autodiff.language.tokens import Token, UnexpectedCharacterError, tokenise

CORPORA = Path(__file__).parents[1] / "corpora"
SHARED = Path(__file__).parents[3] / "shared" / "corpora"  # with the files whose licence keeps them out of here

GRAMMAR = grammar_path().read_text(encoding="utf-8")
LARK = build_lark(GRAMMAR)
TABLES = tables_of(LARK)  # not load_tables(): Lark numbers the states differently in every process
PATTERN = re.compile(TABLES.pattern)

# Every rule of the grammar, and every place where an operand may stand.
FORMULAS = [
    "x",
    "-x^2",
    "(-x)^-2^y",
    "--x + +y",
    "2x sin(x) cos²(x)",
    "sin^2(x) + sin^-1(x)",
    "sin^2(x) sin²(x)",
    "x!! + 3!",
    "|x| + ||x| - 1|",
    "√x + ∛(x + 1)",
    "x²³⁻¹ + x⁻²",
    "f(x) (x, y)",
    "(x y,) + (x, y,)",
    "f'(x) + sin''(2x)^2 + log″(x, y)",
    "A' @ x",
    "v[0,] + v[0, 1:,]",
    "()",
    "sin()",
    "leaky_relu(x, slope=0.1)",
    "max(x, y, z)",
    "a < b <= c == d != e",
    "a < b",
    "not a and not b or c",
    "not not a",
    "h = x*y; h^2",
    "h = x*y\nh^2\n",
    ";;h = 1;;h;;",
    "",
    ";",
    "x +\n y",
    "(x\n+ y)",
    "x\n* y",
    "x # a comment\n",
    "1e-3 .5 2.",
    "where(x > 0, log(x), 0)",
    "x − y × z ÷ 2 · π",
    "（x＋y）＊2",
]
REFUSED = [
    *("x +", "+", "x + * y", "(x = 1)", "x = y = 1", "1 = x", "a not b", "x , y", "sin(x,)", "sin(,x)", "(x,, y)"),
    *("x < ", "x and", "or x", "! x", "x ^", "²", "h =", "√", "√-x", "|x| = 3", "sin^2(x) = 1", "x ^ * y"),
    *("sin^-2(x) not", "f(x = 1)", "max(x = 1, y, z = 3) =", "a < < b", "not", "= 1"),
]


def corpus_texts() -> Iterable[str]:
    """The formulas of every corpus, each once."""
    for folder in (CORPORA, SHARED):
        for path in sorted(folder.glob("*.json")):
            for row in json.loads(path.read_text(encoding="utf-8")):
                yield from (row[key] for key in ("formula", "expression", "program") if key in row)
        for path in sorted(folder.glob("*.csv")):
            with path.open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    yield from (row[key] for key in ("function", "expression", "typed", "student") if row.get(key))


TEXTS = list(dict.fromkeys([*FORMULAS, *REFUSED, *corpus_texts()]))


class TreeBuilder:
    """The reductions as they are: the name of each, and what it was given."""

    def __getattr__(self, name: str) -> Callable[[list[Any]], tuple[str, list[Any]]]:
        return lambda children: (name, children)


def tokens_of(text: str) -> list[Token] | None:
    """The tokens that the parser sees, None for a text that doesn't get that far."""
    try:
        return in_context(tokenise(text, PATTERN, TABLES.keywords, TABLES.ignored), CALLABLE_NAMES)
    except (UnexpectedCharacterError, AutodiffError):
        return None


def listed(tree: Any) -> list[object]:
    """The names of the rules, how many children each has, and the tokens, in one order; without recursion."""
    order: list[object] = []
    stack = [tree]
    while stack:
        piece = stack.pop()
        if isinstance(piece, lark.Tree):
            piece = (str(piece.data), piece.children)
        if isinstance(piece, tuple):
            name, children = piece
            order.append((name, len(children)))
            stack.extend(children)
        elif isinstance(piece, lark.Token):
            order.append((piece.type, str(piece), piece.start_pos))
        else:
            order.append((piece.kind, piece.text, piece.start))
    return order


def parsed_by_lark(tokens: list[Token]) -> list[object] | int:
    """Lark's tree, or the number of the token that it refuses."""
    state = LARK.parse_interactive()
    for number, token in enumerate(tokens):
        try:
            state.feed_token(lark.Token(token.kind, token.text, start_pos=token.start))
        except lark.UnexpectedToken:
            return number
    try:
        return listed(state.feed_eof())
    except lark.UnexpectedToken:
        return len(tokens)


def parsed_by_automaton(tokens: list[Token]) -> list[object] | int:
    """Our tree, or the number of the token that is refused."""
    end = Token(END, "", -1, -1)
    try:
        return listed(Automaton(TABLES, TreeBuilder()).run(tokens, end))
    except UnexpectedTokenError as error:
        return [*tokens, end].index(error.token)


def test_the_automaton_builds_the_trees_that_lark_builds_and_refuses_the_tokens_that_lark_refuses() -> None:
    compared = {text: tokens for text in TEXTS if (tokens := tokens_of(text)) is not None}
    assert len(compared) > 300
    by_lark = {text: parsed_by_lark(tokens) for text, tokens in compared.items()}
    different = [text for text, tokens in compared.items() if parsed_by_automaton(tokens) != by_lark[text]]
    assert different == []
    assert {type(outcome) for outcome in by_lark.values()} == {list, int}  # some were refused


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_expected_instead_of_a_refused_token_holds_all_that_lark_accepts_there(text: str) -> None:
    tokens = tokens_of(text)
    assert tokens is not None
    end = Token(END, "", -1, -1)
    with pytest.raises(UnexpectedTokenError) as raised:
        Automaton(TABLES, TreeBuilder()).run(tokens, end)
    state = LARK.parse_interactive()
    for token in tokens[: [*tokens, end].index(raised.value.token)]:
        state.feed_token(lark.Token(token.kind, token.text))
    accepted = state.accepts()
    assert accepted
    assert all(kind in raised.value.expected for kind in accepted)


def test_the_tokens_are_those_of_larks_own_lexer() -> None:
    different = []
    for text in TEXTS:
        try:
            state = LARK.parse_interactive(text)
            lexed = state.lexer_thread.lex(state.parser_state)
            expected = [(token.type, str(token), token.start_pos) for token in lexed]
        except lark.UnexpectedCharacters as error:
            expected = [error.pos_in_stream]
        try:
            tokens = tokenise(text, PATTERN, TABLES.keywords, TABLES.ignored)
            actual = [(token.kind, token.text, token.start) for token in tokens]
        except UnexpectedCharacterError as error:
            actual = [error.position]
        if actual != expected:
            different.append(text)
    assert different == []


def test_the_grammar_has_no_conflicts() -> None:
    pytest.importorskip("interegular", reason="Lark finds the conflicts of terminals with it")
    strict = build_lark(GRAMMAR, strict=True)
    assert len(strict.rules) == len(LARK.rules)


@pytest.mark.parametrize(
    ("rules", "conflict"),
    [
        ('program: "x" program? "x"?', "Shift/Reduce"),
        ("program: /[ab]+/ | /[bc]+/", "Collision"),
    ],
)
def test_a_conflict_of_a_grammar_would_be_found(rules: str, conflict: str) -> None:
    pytest.importorskip("interegular", reason="Lark finds the conflicts of terminals with it")
    declared = "\n%declare NEWLINE BAR"
    with pytest.raises(lark.exceptions.LarkError, match=conflict):
        build_lark(rules + declared, strict=True)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file in which the tables are kept, in an empty folder."""
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "prefix"))
    return Path(importlib.util.cache_from_source(str(grammar_path()))).with_suffix(".tables")


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A list that gets an item whenever the tables are made anew."""
    grammars: list[str] = []

    def build(grammar: str) -> lark.Lark:
        grammars.append(grammar)
        return LARK

    monkeypatch.setattr(tables_room, "build_lark", build)
    return grammars


def test_tables_are_made_once_and_then_loaded(cache: Path, built: list[str]) -> None:
    made = load_tables()
    assert built == [GRAMMAR]
    assert cache.is_file()
    loaded = load_tables()
    assert built == [GRAMMAR]
    assert loaded == made
    assert [path.name for path in cache.parent.iterdir()] == [cache.name]  # nothing partial is left


DAMAGED = {
    "empty": b"",
    "no marshal": b"\xff" * 100,
    "a number": marshal.dumps(1),
    "a pair of something else": marshal.dumps((1, 2)),
    "three things": marshal.dumps((1, 2, 3)),
    "a key and nothing": marshal.dumps(("1 0", None)),
}


@pytest.mark.parametrize("content", [pytest.param(content, id=name) for name, content in DAMAGED.items()])
def test_damaged_tables_are_made_anew(content: bytes, cache: Path, built: list[str]) -> None:
    cache.parent.mkdir(parents=True)
    cache.write_bytes(content)
    assert load_tables() == TABLES
    assert load_tables() == TABLES
    assert built == [GRAMMAR]


def test_tables_that_were_written_by_half_are_made_anew(cache: Path, built: list[str]) -> None:
    load_tables()
    whole = cache.read_bytes()
    for length in range(1, len(whole), len(whole) // 50):
        cache.write_bytes(whole[:length])
        assert load_tables() == TABLES
    assert len(built) > 50


def test_tables_of_another_grammar_or_format_are_made_anew(
    cache: Path, built: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    load_tables()
    key, content = marshal.loads(cache.read_bytes())
    cache.write_bytes(marshal.dumps((key + "0", content)))
    assert load_tables() == TABLES
    assert len(built) == 2
    monkeypatch.setattr(tables_room, "FORMAT", tables_room.FORMAT + 1)
    assert load_tables() == TABLES
    assert len(built) == 3


def test_something_else_under_the_right_key_is_made_anew(cache: Path, built: list[str]) -> None:
    load_tables()
    key, content = marshal.loads(cache.read_bytes())
    for other in (None, content[:-1], (*content, 0), (*content[:5], [(1,)], *content[6:])):
        cache.write_bytes(marshal.dumps((key, other)))
        assert load_tables() == TABLES
    assert len(built) == 5


def test_a_changed_grammar_is_noticed(
    cache: Path, built: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grammar = tmp_path / "expression.lark"
    monkeypatch.setattr(tables_room, "grammar_path", lambda: grammar)
    for text in (GRAMMAR, GRAMMAR, GRAMMAR + "\n// changed\n"):
        grammar.write_text(text, encoding="utf-8")
        assert load_tables() == TABLES
    assert built == [GRAMMAR, GRAMMAR + "\n// changed\n"]


def assert_made_each_time(built: list[str]) -> None:
    assert load_tables() == TABLES
    assert load_tables() == TABLES
    assert built == [GRAMMAR, GRAMMAR]


def test_a_folder_that_cannot_be_made_costs_nothing_but_time(cache: Path, built: list[str], tmp_path: Path) -> None:
    (tmp_path / "prefix").write_text("a file where a folder should be")
    assert_made_each_time(built)


def test_a_file_that_cannot_be_replaced_costs_nothing_but_time(cache: Path, built: list[str]) -> None:
    (cache / "in the way").mkdir(parents=True)
    assert_made_each_time(built)


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(
    cache: Path, built: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, content: bytes) -> int:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    assert_made_each_time(built)
    assert not cache.exists()


def test_loaded_tables_parse_like_made_ones(cache: Path) -> None:
    made, loaded = load_tables(), load_tables()
    tokens = tokens_of("h = -x^2 sin(x)\nwhere(h < 1 <= y, |h|, 3!)")
    assert tokens is not None

    def parsed(tables: Tables) -> list[object]:
        return listed(Automaton(tables, TreeBuilder()).run(tokens, Token(END, "", -1, -1)))

    assert parsed(loaded) == parsed(made) == parsed_by_lark(tokens)
