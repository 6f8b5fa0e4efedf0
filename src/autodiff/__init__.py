"""Differentiate a formula that somebody typed: value, gradient, and the adjoint of every node in between.

The names below are loaded when they are first used, so that the command has its signal handler before all else.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autodiff.check.check import check_answer
    from autodiff.check.grade import GradedRow, grade
    from autodiff.check.question import Question
    from autodiff.check.verdict import Counterexample, Diagnosis, Verdict
    from autodiff.evaluate.batch.program import BatchProgram, BatchResult
    from autodiff.evaluate.jacobian import Derivatives
    from autodiff.evaluate.result import Result
    from autodiff.evaluate.trace import Trace, TraceNode
    from autodiff.function import Function
    from autodiff.gradcheck.check import GradientCheck
    from autodiff.language.errors import AutodiffError, Note, Span

__all__ = [
    "AutodiffError",
    "BatchProgram",
    "BatchResult",
    "Counterexample",
    "Derivatives",
    "Diagnosis",
    "Function",
    "GradedRow",
    "GradientCheck",
    "Note",
    "Question",
    "Result",
    "Span",
    "Trace",
    "TraceNode",
    "Verdict",
    "check_answer",
    "grade",
]
__version__ = "0.1.0"

ROOMS = {
    "check_answer": "autodiff.check.check",
    **dict.fromkeys(("GradedRow", "grade"), "autodiff.check.grade"),
    "Question": "autodiff.check.question",
    **dict.fromkeys(("Counterexample", "Diagnosis", "Verdict"), "autodiff.check.verdict"),
    **dict.fromkeys(("BatchProgram", "BatchResult"), "autodiff.evaluate.batch.program"),
    "Derivatives": "autodiff.evaluate.jacobian",
    "Result": "autodiff.evaluate.result",
    **dict.fromkeys(("Trace", "TraceNode"), "autodiff.evaluate.trace"),
    "Function": "autodiff.function",
    "GradientCheck": "autodiff.gradcheck.check",
    **dict.fromkeys(("AutodiffError", "Note", "Span"), "autodiff.language.errors"),
}


def __getattr__(name: str) -> object:
    if name not in ROOMS:
        raise AttributeError(f"module 'autodiff' has no attribute '{name}'")
    return getattr(import_module(ROOMS[name]), name)
