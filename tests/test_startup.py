"""A small formula loads what it uses, and nothing else."""

from __future__ import annotations

import subprocess
import sys

import pytest

IMPORTED = """
import sys
from autodiff.__main__ import main
sys.argv = ["autodiff", "eval", *sys.argv[1:]]
try:
    main()
finally:
    print(*sorted(sys.modules), file=sys.stderr)
"""


@pytest.mark.parametrize("heavy", ["numpy", "mpmath", "rich", "lark", "json", "fractions"])
def test_a_formula_into_a_pipe_does_not_import(heavy: str) -> None:
    result = subprocess.run(
        [sys.executable, "-c", IMPORTED, "sigmoid(sinh(x))*y^2", "--at", "x=0.4", "--at", "y=2"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "autodiff.function" in result.stderr.split()
    assert heavy not in result.stderr.split()
