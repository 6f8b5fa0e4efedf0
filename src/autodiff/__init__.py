"""Differentiate a formula that somebody typed: value, gradient, and the adjoint of every node in between."""

from autodiff.evaluate.trace import Trace, TraceNode
from autodiff.function import Function, Result
from autodiff.language.errors import AutodiffError, Note, Span

__all__ = ["AutodiffError", "Function", "Note", "Result", "Span", "Trace", "TraceNode"]
__version__ = "0.1.0"
