"""How tightly what is written binds, so that it needs parentheses only beside what binds tighter."""

from __future__ import annotations

ATOM = 10  # a call, a name or a number: tightest of all
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
    "matmul": 6,  # as tightly as *, but (A @ x)*y is easier to read with parentheses
    "mul": 7,
    "div": 7,
    "neg": 8,
    "pow": 9,
}
