"""What several tests need: the command as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Shell = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `autodiff` and `python`, both of the interpreter that runs the tests."""
    folder = tmp_path_factory.mktemp("commands")
    for name, arguments in (("python", ""), ("autodiff", " -m autodiff")):
        script = folder / name
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}"{arguments} "$@"\n')
        script.chmod(0o755)
    return folder


@pytest.fixture
def shell(commands: Path, tmp_path: Path) -> Shell:
    """Runs a line of shell in an empty folder, with `autodiff` and `python` on the PATH."""
    environment = {**os.environ, "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "80"}
    environment.pop("NO_COLOR", None)

    def run(line: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-c", line],
            cwd=tmp_path,
            env={**environment, **variables},
            capture_output=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            timeout=120,
        )

    return run


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sweeps over Bessel functions in many digits take minutes: they are among the slow tests, which CI runs, too."""
    for item in items:
        if "bessel" in item.name and item.path.parent.name in ("gradcheck", "evaluate"):
            item.add_marker(pytest.mark.slow)
