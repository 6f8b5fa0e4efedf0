"""Comparisons and choices."""

from __future__ import annotations

from autodiff.evaluate.program import Kernel

KERNELS: dict[str, Kernel] = {
    "lt": lambda a, b: float(a < b),
    "le": lambda a, b: float(a <= b),
    "gt": lambda a, b: float(a > b),
    "ge": lambda a, b: float(a >= b),
    "eq": lambda a, b: float(a == b),
    "ne": lambda a, b: float(a != b),
    "and": lambda a, b: float(bool(a and b)),
    "or": lambda a, b: float(bool(a or b)),
    "not": lambda a: float(not a),
    "where": lambda condition, a, b: a if condition else b,
}
