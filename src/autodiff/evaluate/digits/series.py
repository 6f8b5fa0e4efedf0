"""Power series of Bessel functions of the second kind of an integer order, where mpmath takes limits in the order."""

from __future__ import annotations

from typing import Any

from autodiff.evaluate.digits.precision import MAX_BITS


def second_kind(mp: Any, n: int, x: Any, sign: int) -> Any:
    """Y (DLMF 10.8.1) for a sign of -1, K (DLMF 10.31.1) for 1; of an order n >= 0 at x > 0."""
    with mp.extraprec(min(int(3 * x), MAX_BITS) + 32):  # in which exp(x) and exp(-x) are of one size
        half = x / 2
        square = sign * half * half
        finite, infinite = finite_sum(mp, n, half, square), infinite_sum(mp, n, half, square)
        if sign < 0:
            return (infinite - finite) / mp.pi
        return (finite + infinite if n % 2 else finite - infinite) / 2


def finite_sum(mp: Any, n: int, half: Any, square: Any) -> Any:
    """The sum of (n - k - 1)!/k!*(-square)^k over k < n, times half^-n."""
    if n == 0:
        return mp.zero
    total = term = mp.gamma(n) / half**n
    for k in range(1, n):
        term *= -square / (k * (n - k))
        total += term
    return total


def infinite_sum(mp: Any, n: int, half: Any, square: Any) -> Any:
    """The sum of (2*log(half) - psi(k + 1) - psi(n + k + 1))*square^k/(k!*(n + k)!), times half^n."""
    factor = 2 * mp.log(half) - mp.psi(0, 1) - mp.psi(0, n + 1)
    power = half**n / mp.gamma(n + 1)
    total = factor * power
    k = 0
    while mp.mag(power) + mp.prec > mp.mag(total) or 2 * k < half:
        k += 1
        power *= square / (k * (n + k))
        factor -= mp.one / k + mp.one / (n + k)
        total += factor * power
    return total
