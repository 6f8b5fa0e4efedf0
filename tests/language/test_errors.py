"""Every error, as a user meets it: tests/errors has a file for each id, a command and what it prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from autodiff import AutodiffError, Span
from autodiff.language.errors import EXIT_CODES
from autodiff.show.diagnostics import render_error

EXAMPLES = Path(__file__).parents[1] / "errors"
SOURCES = Path(__file__).parents[2] / "src"


@pytest.mark.parametrize("example", sorted(EXAMPLES.glob("*.txt")), ids=lambda path: path.stem)
def test_an_error_reads_as_its_example_says(example: Path, shell) -> None:
    command, _, printed = example.read_text(encoding="utf-8").partition("\n")
    result = shell(command.removeprefix("$ "))
    assert result.stdout == ""
    assert f"{result.stderr}[exit code {result.returncode}]\n" == printed
    assert printed.startswith(f"error[{example.stem}]")


def test_every_error_id_has_an_example_and_every_example_an_id() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.txt")} == set(EXIT_CODES)


def test_every_error_id_is_raised_somewhere_and_every_raised_id_is_known() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.py"))
    raised = set(re.findall(r'AutodiffError\(\s*"([a-z-]+)"', text))
    assert raised == set(EXIT_CODES)


def test_control_characters_are_escaped_and_the_caret_stays_under_its_place() -> None:
    error = AutodiffError("unexpected-token", "no\x1b[31m", Span(3, 4), text="a\x07 +")
    assert render_error(error).splitlines() == ["error[unexpected-token]: no\\x1b[31m", "  a\\x07 +", "        ^"]


def test_the_caret_counts_columns_not_characters() -> None:
    error = AutodiffError("unexpected-token", "m", Span(2, 3), text="全角+")
    assert render_error(error).splitlines()[1:] == ["  全角+", "      ^"]


def test_a_long_line_is_cut_to_what_is_near_the_place() -> None:
    text = "x + " * 1000 + "$" + " + y" * 1000
    lines = render_error(AutodiffError("unexpected-token", "m", Span(4000, 4001), text=text)).splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[1][lines[2].index("^")] == "$"


def test_the_line_of_the_place_is_shown_of_several() -> None:
    text = "a = 1\nb = %\na + b"
    lines = render_error(AutodiffError("unexpected-token", "m", Span(10, 11), text=text)).splitlines()
    assert lines[1:] == ["  b = %", "      ^"]
