"""The README does what it shows: every command is run and its output compared; the two that set up are CI's."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages import blocks, commands, consoles, python_session

TEXT = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("console", consoles(TEXT), ids=lambda console: console.splitlines()[0][2:60])
def test_the_commands_print_what_the_readme_shows(console: str, shell) -> None:
    for command in commands(console):
        result = shell(command.line)
        assert result.stdout + result.stderr == command.shown


def test_the_python_session_of_the_readme_runs() -> None:
    results = python_session(TEXT, "README.md")
    assert results.attempted >= 7
    assert results.failed == 0


def test_every_block_is_either_run_here_or_one_of_the_two_that_ci_runs() -> None:
    languages = [block.language for block in blocks(TEXT)]
    assert languages.count("sh") == 2
    assert set(languages) == {"sh", "console", "python"}
    assert TEXT.count("```") == 2 * len(languages)
