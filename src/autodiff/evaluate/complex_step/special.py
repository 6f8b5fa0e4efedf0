"""The error function, the gamma function and their relatives beside the real axis, by mpmath (DLMF 4 to 10)."""

from __future__ import annotations

import math
from typing import Any

from autodiff.evaluate.complex_step.analytic import NAN, is_nan
from autodiff.evaluate.program import Kernel
from autodiff.evaluate.threads import once_per_thread

SPARE_BITS = 64
FAR = 1e5  # beyond it gamma is beyond all numbers, or less than any
LARGE = 300  # beyond such an order or argument mpmath's Bessel functions may take minutes


@once_per_thread
def context() -> Any:
    """A context of mpmath of its own for each thread, loaded at the first use."""
    import mpmath

    return mpmath.MPContext()


def with_digits(function: Kernel) -> Kernel:
    """The kernel that `function(mp, *operands)` makes, with so many bits that a tiny imaginary part keeps its digits.

    mpmath's series are summed to an accuracy that is absolute.
    """

    def kernel(*operands: complex) -> complex:
        if any(map(is_nan, operands)) or any(math.isinf(abs(operand)) for operand in operands):
            return NAN
        mp = context()
        mp.prec = 2 * (53 + SPARE_BITS) + max(map(gap, operands))
        exact = [mp.mpc(operand) for operand in operands]
        try:
            return complex(function(mp, *exact))
        except (ValueError, OverflowError, ZeroDivisionError):
            return NAN

    return kernel


def gap(operand: complex) -> int:
    """How many bits lie between the real part, or 1, and the imaginary part."""
    if operand.imag == 0:
        return 0
    size = max(abs(operand.real), 1.0)
    return max(0, math.frexp(size)[1] - math.frexp(operand.imag)[1]) + max(0, 2 * math.frexp(size)[1])


def is_pole(mp: Any, z: Any) -> bool:
    return bool(z.real <= 0 and mp.isint(z.real))


def normal(mp: Any, z: Any) -> Any:
    return mp.erfc(-z / mp.sqrt(2)) / 2


def gelu(mp: Any, z: Any) -> Any:
    return z * normal(mp, z) if abs(z.real) < 1000 else z if z.real > 0 else mp.zero


def erf(mp: Any, z: Any) -> Any:
    if abs(z.real) < 1:
        return mp.erf(z)
    return 1 - erfc(mp, z) if z.real > 0 else erfc(mp, -z) - 1


def erfc(mp: Any, z: Any) -> Any:
    """In the tail it has a small imaginary part of its own; beside a real part of 1 or 2 mpmath 1.3 loses it."""
    if abs(z.real) >= 1000:
        return 1 - mp.sign(z.real)
    return mp.erfc(z) if z.real > -1 else 2 - mp.erfc(-z)


def gamma(mp: Any, z: Any) -> Any:
    if is_pole(mp, z) or z.real > FAR:
        raise OverflowError
    return mp.gamma(z) if z.real > -FAR else mp.zero


def lgamma(mp: Any, z: Any) -> Any:
    """The logarithm of |gamma|, continued from where the real part is: a multiple of pi*i away from loggamma."""
    if is_pole(mp, z):
        raise OverflowError
    if z.real > 0:
        return mp.loggamma(z)
    # The reflection formula (DLMF 5.5.3) with the sine's absolute value.
    sine = mp.sinpi(z)
    return mp.log(mp.pi / (sine if sine.real > 0 else -sine)) - mp.loggamma(1 - z)


def digamma(mp: Any, z: Any) -> Any:
    return polygamma(mp, mp.mpc(0), z)


def polygamma(mp: Any, n: Any, z: Any) -> Any:
    """Of an integer order only: there is nothing between the integers to take a derivative of."""
    if n.imag != 0 or not mp.isint(n.real) or n.real < 0 or is_pole(mp, z):
        raise ValueError
    return mp.psi(int(n.real), z)


def beta(mp: Any, a: Any, b: Any) -> Any:
    if is_pole(mp, a) or is_pole(mp, b):
        raise OverflowError
    if min(abs(a.real), abs(b.real)) > FAR:
        raise OverflowError
    return mp.gammaprod([a, b], [a + b])


def erfi(mp: Any, z: Any) -> Any:
    if abs(z.real) > 27:
        raise OverflowError
    return mp.erfi(z)


def fresnel(name: str) -> Kernel:
    """Beyond all numbers a float's square is a whole number of turns, of which a complex number has no digit left."""

    def function(mp: Any, z: Any) -> Any:
        if abs(z.real) > FAR:
            raise ValueError
        return getattr(mp, name)(z)

    return function


def lambertw(mp: Any, z: Any) -> Any:
    if z.real * mp.e < -1:
        raise ValueError
    return mp.lambertw(z)


def bessel(letter: str) -> Kernel:
    """Of an order that is real: there is no derivative in the order."""

    def function(mp: Any, n: Any, z: Any) -> Any:
        real_at_all = z.real > 0 or (letter in "ji" and mp.isint(n.real))
        if n.imag != 0 or not real_at_all or max(abs(n.real), abs(z.real)) > LARGE:
            raise ValueError
        return getattr(mp, f"bessel{letter}")(n.real, z)

    return function


KERNELS: dict[str, Kernel] = {
    "erf": with_digits(erf),
    "erfc": with_digits(erfc),
    "gelu": with_digits(gelu),
    "gamma": with_digits(gamma),
    "factorial": with_digits(lambda mp, z: gamma(mp, z + 1)),
    "lgamma": with_digits(lgamma),
    "digamma": with_digits(digamma),
    "polygamma": with_digits(polygamma),
    "beta": with_digits(beta),
    "erfi": with_digits(erfi),
    "fresnels": with_digits(fresnel("fresnels")),
    "fresnelc": with_digits(fresnel("fresnelc")),
    "lambertw": with_digits(lambertw),
    **{f"bessel{letter}": with_digits(bessel(letter)) for letter in "jyik"},
}
