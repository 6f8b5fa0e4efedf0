"""The pages on the five notebooks do what they show: each block is run, and its output compared with the page's."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages import blocks, commands, python_session
from tests.test_worked_examples import EXAMPLES

NOTEBOOKS = Path(__file__).parent / "notebooks"
# Each page, and the source that the examples in it have in corpora/worked_examples.json.
SOURCES = {
    "tape": "tape notebook",
    "named_nodes": "named-node notebook",
    "graph": "graph notebook",
    "values": "value notebook",
    "custom_graph": "custom-graph notebook",
}
EVERY = pytest.mark.parametrize("name", SOURCES)


def read_page(name: str) -> str:
    return (NOTEBOOKS / f"{name}.md").read_text(encoding="utf-8")


@EVERY
def test_the_commands_of_a_page_print_what_it_shows(name: str, shell, tmp_path: Path) -> None:
    """One folder for the whole page. A picture is the file graph.mmd that a command before it wrote."""
    for block in blocks(read_page(name)):
        if block.language == "console":
            for command in commands(block.content):
                result = shell(command.line)
                assert result.stdout + result.stderr == command.shown, command.line
        elif block.language == "mermaid":
            assert (tmp_path / "graph.mmd").read_text(encoding="utf-8") == block.content


@EVERY
def test_the_python_session_of_a_page_runs(name: str) -> None:
    assert python_session(read_page(name), f"{name}.md").failed == 0


@EVERY
def test_every_block_of_a_page_is_run(name: str) -> None:
    page = read_page(name)
    languages = [block.language for block in blocks(page)]
    assert set(languages) <= {"console", "mermaid", "python"}
    assert page.count("```") == 2 * len(languages)


@EVERY
def test_a_page_shows_every_example_of_its_notebook(name: str) -> None:
    page = read_page(name)
    for example in EXAMPLES:
        if example["source"] == SOURCES[name]:
            assert f'"{example["program"]}"' in page


def test_every_notebook_has_a_page_and_every_page_a_notebook() -> None:
    assert {example["source"] for example in EXAMPLES} == set(SOURCES.values())
    assert {path.stem for path in NOTEBOOKS.iterdir()} == SOURCES.keys()


@EVERY
def test_a_page_says_where_its_notebook_was_wrong(name: str) -> None:
    """Each of the five was in one place, as the notes in worked_examples.json tell."""
    assert read_page(name).count("The notebook was wrong here: ") == 1
