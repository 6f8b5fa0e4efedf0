"""Which engine computes a batch: the one that was asked for, or the quicker one of those that can."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Protocol

from autodiff.evaluate.batch.columns import Column
from autodiff.evaluate.batch.numpy_engine import NumpyEngine
from autodiff.evaluate.batch.tape import Tape
from autodiff.language.errors import AutodiffError

ENGINES = ("auto", "numpy", "native")
# Loading llvmlite and compiling take some 50 ms, and each step of a row about a nanosecond less from then on.
STEPS_TO_COMPILE = 50_000_000
MOST_STEPS = 5_000  # beyond that LLVM takes seconds


class Engine(Protocol):
    """What runs a tape."""

    @property
    def name(self) -> str: ...

    def run(
        self, columns: Sequence[Column], fixed: Sequence[float], results: Sequence[Column], threads: int
    ) -> None: ...


def chosen_engine(tape: Tape, name: str, rows: int | None) -> Engine:
    """The engine with a name; for `auto` it depends on the number of rows. Raises AutodiffError."""
    if name not in ENGINES:
        raise AutodiffError("usage", f"there is no engine '{name}'", suggestion=f"there are {', '.join(ENGINES)}")
    if (
        name == "numpy"
        or len(tape.steps) > MOST_STEPS
        or (name == "auto" and (rows is None or rows * len(tape.steps) < STEPS_TO_COMPILE))
    ):
        return NumpyEngine(tape)
    if find_spec("llvmlite") is None:
        if name == "auto":
            return NumpyEngine(tape)
        raise AutodiffError(
            "missing-package",
            "the native engine needs llvmlite",
            suggestion="pip install 'autodiff-cli[native]', or take the engine numpy",
        )
    from autodiff.evaluate.batch.native.answers import NotRecordable
    from autodiff.evaluate.batch.native.engine import NativeEngine

    try:
        return NativeEngine(tape, rows)
    except NotRecordable:  # a primitive that takes Python at every point
        return NumpyEngine(tape)
