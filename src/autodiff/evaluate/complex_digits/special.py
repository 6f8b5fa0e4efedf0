"""The error function, the gamma function and their relatives (DLMF 4 to 10): mpmath's functions, within limits."""

from __future__ import annotations

from typing import Any

from autodiff.evaluate.complex_digits.continuation import within
from autodiff.evaluate.digits import series
from autodiff.evaluate.digits.precision import settled
from autodiff.evaluate.digits.special import FAR, SHORT_RECURRENCE
from autodiff.evaluate.program import Kernel

SQUARED = 200  # the exponential of such a number's square is still a number
LARGE = 300  # up to it power series of Bessel functions are quick


def special_kernels(mp: Any) -> dict[str, Kernel]:
    def gelu(z: Any) -> Any:
        return z * mp.erfc(-z / mp.sqrt(2)) / 2

    def polygamma(n: Any, z: Any) -> Any:
        """Of an order 0, 1, 2, ...: there is nothing between the integers."""
        if not mp.isint(n) or n.real < 0:
            return mp.nan
        return mp.psi(int(n.real), z)

    def beta(a: Any, b: Any) -> Any:
        return mp.gammaprod([a, b], [a + b])

    def first_kind(function: Kernel) -> Kernel:
        return lambda n, z: mp.nan if n.imag else function(n.real, z)

    def second_kind(sign: int) -> Kernel:
        """Y for a sign of -1, K for 1; of a negative integer order -n as of n but for a sign (DLMF 10.4.1, 10.27.3)."""

        def kernel(n: Any, z: Any) -> Any:
            if n.imag:
                return mp.nan
            order, factor = n.real, 1
            if order < 0 and mp.isint(order):
                order, factor = -order, sign if int(order) % 2 else 1
            return factor * series.second_kind(mp, order, z, sign)

        return kernel

    return {
        "erf": within(SQUARED, mp.erf),
        "erfc": within(SQUARED, settled(mp, mp.erfc)),
        "erfi": within(SQUARED, mp.erfi),
        "gelu": within(SQUARED, settled(mp, gelu)),
        "fresnels": within(SQUARED, mp.fresnels),
        "fresnelc": within(SQUARED, mp.fresnelc),
        "lambertw": settled(mp, mp.lambertw),
        "gamma": within(FAR, mp.gamma),
        "factorial": within(FAR, lambda z: mp.gamma(z + 1)),
        "lgamma": mp.loggamma,
        "digamma": settled(mp, lambda z: mp.psi(0, z)),
        "polygamma": within(SHORT_RECURRENCE, settled(mp, polygamma)),
        "beta": within(FAR, settled(mp, beta)),
        "besselj": within(LARGE, first_kind(mp.besselj)),
        "bessely": within(LARGE, second_kind(-1)),
        "besseli": within(LARGE, first_kind(mp.besseli)),
        "besselk": within(LARGE, second_kind(1)),
    }
