"""More digits than binary64 has, for the few points where the formula in binary64 would lose too many."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache


@cache
def with_digits(name: str) -> Callable[..., float]:
    """The function computed by mpmath and rounded once. mpmath is loaded at the first use."""

    def kernel(*operands: float) -> float:
        from autodiff.evaluate.digits import rounded

        return rounded(name, *operands)

    return kernel
