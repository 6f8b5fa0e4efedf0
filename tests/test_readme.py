"""The README does what it shows: every command is run and its output compared; the two that set up are CI's."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

README = Path(__file__).parents[1] / "README.md"
TEXT = README.read_text(encoding="utf-8")
CONSOLES = re.findall(r"^```console\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("console", CONSOLES, ids=lambda console: console.splitlines()[0][2:60])
def test_the_commands_print_what_the_readme_shows(console: str, shell) -> None:
    commands = re.split(r"^\$ ", console, flags=re.MULTILINE)[1:]
    for command in commands:
        line, _, shown = command.partition("\n")
        result = shell(line)
        assert result.stdout + result.stderr == shown


def test_the_python_session_of_the_readme_runs() -> None:
    assert doctest.testfile(str(README), module_relative=False).attempted >= 7
    assert doctest.testfile(str(README), module_relative=False).failed == 0


def test_every_block_is_either_run_here_or_one_of_the_two_that_ci_runs() -> None:
    kinds = re.findall(r"^```([a-z]+)$", TEXT, re.MULTILINE)
    assert kinds.count("sh") == 2
    assert set(kinds) == {"sh", "console", "python"}
    assert len(CONSOLES) == kinds.count("console")
