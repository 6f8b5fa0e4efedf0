"""The kernels for powers and roots, by the principal logarithm of the base."""

from __future__ import annotations

from typing import Any

from autodiff.evaluate.digits.precision import LARGEST_LOGARITHM
from autodiff.evaluate.program import Kernel


def power_kernels(mp: Any) -> dict[str, Kernel]:
    def power(a: Any, b: Any) -> Any:
        """a^b, exactly repeated where b is an integer."""
        if b == 0 or a == 1:
            return mp.one
        if a == 0:
            return mp.zero if b.real > 0 else mp.nan
        logarithm = b * mp.log(a)
        if abs(logarithm) > LARGEST_LOGARITHM:  # beyond all numbers, or a direction that has no digits
            return mp.zero if logarithm.real < -LARGEST_LOGARITHM else mp.nan
        return a ** int(b.real) if mp.isint(b) else mp.exp(logarithm)

    return {
        "pow": power,
        "lowered_power": lambda a, b: power(a, b) / a if a else power(a, b - 1),
        "cbrt": mp.cbrt,
        "root": lambda x, n: power(x, 1 / n),
    }
