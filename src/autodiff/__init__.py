"""Differentiate a formula that somebody typed: value, gradient, and the adjoint of every node in between.

The names below are loaded when they are first used, so that the command has its signal handler before all else.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autodiff.evaluate.batch.program import BatchProgram, BatchResult
    from autodiff.evaluate.jacobian import Derivatives
    from autodiff.evaluate.trace import Trace, TraceNode
    from autodiff.function import Function, Result
    from autodiff.gradcheck.check import GradientCheck
    from autodiff.language.errors import AutodiffError, Note, Span

__all__ = [
    "AutodiffError",
    "BatchProgram",
    "BatchResult",
    "Derivatives",
    "Function",
    "GradientCheck",
    "Note",
    "Result",
    "Span",
    "Trace",
    "TraceNode",
]
__version__ = "0.1.0"

ROOMS = {
    **dict.fromkeys(("Function", "Result"), "autodiff.function"),
    **dict.fromkeys(("BatchProgram", "BatchResult"), "autodiff.evaluate.batch.program"),
    "Derivatives": "autodiff.evaluate.jacobian",
    "GradientCheck": "autodiff.gradcheck.check",
    **dict.fromkeys(("AutodiffError", "Note", "Span"), "autodiff.language.errors"),
    **dict.fromkeys(("Trace", "TraceNode"), "autodiff.evaluate.trace"),
}


def __getattr__(name: str) -> object:
    if name not in ROOMS:
        raise AttributeError(f"module 'autodiff' has no attribute '{name}'")
    return getattr(import_module(ROOMS[name]), name)
