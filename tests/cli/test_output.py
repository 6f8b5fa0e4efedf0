"""`-o FILE`: a file is written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autodiff.cli.output import ReplacedFile, write_bytes
from autodiff.language.errors import AutodiffError


def test_the_file_is_there_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with ReplacedFile(path) as file:
        os.write(file.descriptor, b"new")
        assert not path.exists()
        file.put_in_place()
    assert path.read_bytes() == b"new"
    with ReplacedFile(path) as file:
        os.write(file.descriptor, b"newer")
    assert path.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["a"]


def test_a_signal_that_comes_while_the_file_is_made_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = ReplacedFile(tmp_path / "a")
    make = os.open

    def interrupted(*arguments: object) -> int:
        descriptor = make(*arguments)
        os.close(descriptor)
        assert len(os.listdir(tmp_path)) == 1
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "open", interrupted)
    with pytest.raises(KeyboardInterrupt), file:
        pass
    assert os.listdir(tmp_path) == []


def test_a_file_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none" / "a"):
        with pytest.raises(AutodiffError, match=f"can't write {path}: "):
            write_bytes(b"", path)
    assert os.listdir(tmp_path) == []
