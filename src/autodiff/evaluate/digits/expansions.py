"""Hankel's expansions: Bessel functions where the argument is large beside the square of the order (DLMF 10.17).

All are for n^2 <= x, where x is larger than the number of bits.
"""

from __future__ import annotations

from typing import Any

from autodiff.evaluate.digits.precision import LARGEST_LOGARITHM


def hankel(mp: Any, n: Any, x: Any) -> Any:
    """J + i*Y (DLMF 10.17.5)."""
    with mp.extraprec(max(1, int(mp.mag(x))) + 16):
        phase = x - (2 * n + 1) * mp.pi / 4
    return mp.sqrt(2 / (mp.pi * x)) * mp.expj(phase) * series(mp, n, x, mp.mpc(0, 1))


def growing_bessel(mp: Any, n: Any, x: Any) -> Any:
    """I (DLMF 10.40.1)."""
    if x > LARGEST_LOGARITHM:
        return mp.inf
    return mp.exp(x) / mp.sqrt(2 * mp.pi * x) * series(mp, n, x, -mp.one)


def decaying_bessel(mp: Any, n: Any, x: Any) -> Any:
    """K (DLMF 10.40.2)."""
    if x > LARGEST_LOGARITHM:
        return mp.zero
    return mp.sqrt(mp.pi / (2 * x)) * mp.exp(-x) * series(mp, n, x, mp.one)


def series(mp: Any, n: Any, x: Any, unit: Any) -> Any:
    """The sum of a_k(n)*(unit/x)^k (DLMF 10.17.1), as far as it matters."""
    square = 4 * n * n
    enough = mp.ldexp(1, -mp.prec)
    total = term = mp.one
    k = 1
    while abs(term) > enough:
        term *= unit * (square - (2 * k - 1) ** 2) / (8 * k * x)
        total += term
        k += 1
    return total
