"""Power series of Bessel functions of the second kind. mpmath's need seconds for an integer order, and many digits.

The order is real, the argument may be complex: its branches are the principal ones.
"""

from __future__ import annotations

from typing import Any

from autodiff.evaluate.digits.precision import MAX_BITS


def second_kind(mp: Any, n: Any, x: Any, sign: int) -> Any:
    """Y for a sign of -1, K for 1; of an order that is not a negative integer, at an x that is not 0."""
    distance = n - mp.nint(n)
    lost = int(3 * abs(x)) - 2 * int(mp.mag(distance) if distance else 0)  # exp(x) beside exp(-x), and a sine beside 1
    with mp.extraprec(min(lost, MAX_BITS) + 32):
        half = x / 2
        square = sign * half * half
        if not distance:
            return of_integer_order(mp, int(n), half, square, sign)
        sine = mp.sinpi(n)
        above, below = first_kind(mp, n, half, square), first_kind(mp, -n, half, square)
        if sign < 0:
            return (above * mp.cospi(n) - below) / sine  # DLMF 10.2.3
        return mp.pi / 2 * (below - above) / sine  # DLMF 10.27.4


def first_kind(mp: Any, n: Any, half: Any, square: Any) -> Any:
    """The sum of square^k/(k!*gamma(n + k + 1)), times half^n (DLMF 10.2.2, 10.25.2), of no integer order."""
    total = term = half**n / mp.gamma(n + 1)
    k = 0
    while mp.mag(term) + mp.prec > mp.mag(total) or k < abs(half) - n:
        k += 1
        term *= square / (k * (n + k))
        total += term
    return total


def of_integer_order(mp: Any, n: int, half: Any, square: Any, sign: int) -> Any:
    finite, infinite = finite_sum(mp, n, half, square), infinite_sum(mp, n, half, square)
    if sign < 0:
        return (infinite - finite) / mp.pi  # DLMF 10.8.1
    return (finite + infinite if n % 2 else finite - infinite) / 2  # DLMF 10.31.1


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
    term = half**n / mp.gamma(n + 1)
    total = factor * term
    k = 0
    while mp.mag(term) + mp.prec > mp.mag(total) or k < abs(half):
        k += 1
        term *= square / (k * (n + k))
        factor -= mp.one / k + mp.one / (n + k)
        total += factor * term
    return total
