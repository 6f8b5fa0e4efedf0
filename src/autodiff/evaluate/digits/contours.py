"""Bessel functions of large operands, where series and expansions fail: integrals through a saddle point.

The integrals are DLMF 10.9.18, 10.9.19, 10.32.9 and 10.32.12. At the distance z from a saddle the exponent is
a*(cosh(z) - 1) + n*(sinh(z) - z), with an `a` that goes with the integral. On a path that leaves the saddle where that
is negative the integrand falls off so fast that the trapezoidal rule takes some hundred points, whatever the order and
the argument are. All are for an order n >= 0 and an argument x > 0, one of them large.
"""

from __future__ import annotations

from typing import Any

from autodiff.evaluate.digits.precision import LARGEST_LOGARITHM

# A path is a hyperbola from one direction to another, which are angles over pi.
Path = tuple[float, float]
UPWARDS: Path = (-1 / 3, 1 / 3)
SIDEWAYS: Path = (9 / 8, 1 / 3)
RISING: Path = (1.0, 5 / 24)
STRAIGHT: Path = (1.0, 0.0)


def hankel(mp: Any, n: Any, x: Any) -> Any:
    """J + i*Y for n <= x, where both oscillate."""
    with mp.extraprec(bits_of_exponent(mp, n, x)):
        root = mp.sqrt((x - n) * (x + n))
        phase = root - n * mp.atan2(root, n)
    return mp.expj(phase) * integral(mp, mp.mpc(0, root), n, SIDEWAYS) / mp.mpc(0, mp.pi)


def small_bessel(mp: Any, n: Any, x: Any) -> Any:
    """J for n > x."""
    root, logarithm = monotone(mp, n, x)
    if logarithm < -LARGEST_LOGARITHM:
        return mp.zero
    return mp.exp(logarithm) * integral(mp, root, n, UPWARDS).imag / (2 * mp.pi)


def large_bessel(mp: Any, n: Any, x: Any) -> Any:
    """Y for n > x."""
    root, logarithm = monotone(mp, n, x)
    if logarithm < -LARGEST_LOGARITHM:
        return -mp.inf
    return -integral(mp, -root, n, RISING).real / mp.exp(logarithm) / mp.pi


def growing_bessel(mp: Any, n: Any, x: Any) -> Any:
    """I."""
    root, logarithm = modified(mp, n, x)
    if abs(logarithm) > LARGEST_LOGARITHM:
        return mp.inf if logarithm > 0 else mp.zero
    return mp.exp(logarithm) * integral(mp, root, n, UPWARDS).imag / (2 * mp.pi)


def decaying_bessel(mp: Any, n: Any, x: Any) -> Any:
    """K."""
    root, logarithm = modified(mp, n, x)
    if abs(logarithm) > LARGEST_LOGARITHM:
        return mp.zero if logarithm > 0 else mp.inf
    return integral(mp, -root, -n, STRAIGHT).real / mp.exp(logarithm) / 2


def monotone(mp: Any, n: Any, x: Any) -> tuple[Any, Any]:
    """What goes with the integrals for n > x, and the logarithm of J but for a small factor."""
    with mp.extraprec(bits_of_exponent(mp, n, x)):
        root = mp.sqrt((n - x) * (n + x))
        return root, root - n * mp.asinh(root / x)


def modified(mp: Any, n: Any, x: Any) -> tuple[Any, Any]:
    """What goes with the integrals for I and K, and the logarithm of I but for a small factor."""
    with mp.extraprec(bits_of_exponent(mp, n, x)):
        root = mp.hypot(x, n)
        return root, root - n * mp.asinh(n / x)


def bits_of_exponent(mp: Any, n: Any, x: Any) -> int:
    """How many bits an exponent of the size of n or x takes, so that its exponential has all of them."""
    return 2 * max(1, int(mp.mag(n)) if n else 0, int(mp.mag(x))) + 16


def integral(mp: Any, a: Any, n: Any, path: Path) -> Any:
    """The integral of exp(a*(cosh(z) - 1) + n*(sinh(z) - z)) along a path.

    The bend of the path and the step are in widths of the saddle. The wider the bend is, the longer the step may be,
    and the larger the integrand is in the bend. Where `a` is small the integrand is not as smooth.
    """
    bits = mp.prec
    bend = 0.28 * bits**0.5
    quadratic = abs(a) ** (-mp.one / 2) if a else mp.inf
    cubic = abs(n) ** (-mp.one / 3) if n else mp.inf
    width = min(quadratic, cubic)
    with mp.extraprec(3 * max(0, -int(mp.mag(width))) + 32):  # which sinh(z) and z take from each other
        directions = (-mp.one, mp.one) if path == STRAIGHT else map(mp.expjpi, path)
        backward, forward = (width / 2 * direction for direction in directions)
        step = mp.one / int((0.6 if 2 * quadratic < cubic else 1.7) * bits**0.5)

        def term(k: int) -> Any:
            s = k * step
            root = mp.sqrt(s * s + bend * bend)
            z = (root + s) * forward + (root - s) * backward
            turned = s / root * (forward + backward) + (forward - backward)
            e = mp.exp(z)
            inverse = 1 / e
            exponent = a * ((e + inverse) / 2 - 1) + n * ((e - inverse) / 2 - z)
            with mp.workprec(bits + bits // 8 + 16):
                return mp.exp(exponent) * turned

        after = side(mp, term, 1)
        before = -mp.conj(after) if path == UPWARDS else side(mp, term, -1)  # which mirrors itself
        total = step * (before + term(0) + after)
    return +total


def side(mp: Any, term: Any, direction: int) -> Any:
    """The sum of the terms in one direction from the middle, as far as they matter."""
    total, largest, k = mp.zero, mp.zero, direction
    while True:
        value = term(k)
        total += value
        size = abs(value)
        largest = max(largest, size)
        if mp.ldexp(size, mp.prec) <= largest:
            return total
        k += direction
