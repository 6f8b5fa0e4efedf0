"""How tightly what is written binds, so that it needs parentheses only beside what binds tighter."""

from __future__ import annotations

ATOM = 9  # a call, a name or a number: tightest of all
BINDING = {
    "or": 1,
    "and": 2,
    "not": 3,
    "lt": 4,
    "le": 4,
    "gt": 4,
    "ge": 4,
    "eq": 4,
    "ne": 4,
    "add": 5,
    "sub": 5,
    "mul": 6,
    "div": 6,
    "matmul": 6,
    "neg": 7,
    "pow": 8,
}
