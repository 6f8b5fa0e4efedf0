"""The kernels of an mpmath context for Bessel functions of a real order (DLMF chapter 10)."""

from __future__ import annotations

from typing import Any

from autodiff.evaluate.digits import contours, expansions, series
from autodiff.evaluate.digits.precision import MAX_BITS, bits_of_sum, settled
from autodiff.evaluate.program import Kernel

QUICK = 2000  # up to such an argument power series are quick; for the second kind also up to such an order
FAR = 100_000  # of such an order and a smaller argument they are beyond all numbers, or less than any
NEIGHBOURS = 256  # bits: where both operands have more, what tells the orders n - 1 and n + 1 apart takes minutes


def bessel_kernels(mp: Any) -> dict[str, Kernel]:
    """Those that are real functions of real operands: the functions, and the derivatives in their arguments."""
    nan, inf, zero, one = mp.nan, mp.inf, mp.zero, mp.one

    def is_large(n: Any, x: Any, order: int = FAR) -> bool:
        return bool(x > max(QUICK, mp.prec) or abs(n) > max(order, mp.prec))

    def is_far(n: Any, x: Any) -> bool:
        return bool(n * n <= x and x > mp.prec)

    def sign_of_order(n: Any) -> int:
        return -1 if int(n) % 2 else 1

    def sign_of_gamma(x: Any) -> int:
        return -1 if x < 0 and int(mp.floor(x)) % 2 else 1

    def nearly_zero(n: Any) -> Any:
        """The order, or 0 for one of which a function of the second kind has no digit (DLMF 10.15.3, 10.38.4)."""
        return n if mp.mag(n) > -mp.prec else zero

    def large_pair(n: Any, x: Any) -> tuple[Any, Any]:
        """J and Y of an order that may be negative (DLMF 10.4.6, 10.4.7)."""
        size = abs(n)
        if size > x:
            first, second = contours.small_bessel(mp, size, x), contours.large_bessel(mp, size, x)
        else:
            both = (expansions if is_far(n, x) else contours).hankel(mp, size, x)
            first, second = both.real, both.imag
        if n >= 0:
            return first, second
        sine, cosine = mp.sinpi(size), mp.cospi(size)
        return product(cosine, first) - product(sine, second), product(sine, first) + product(cosine, second)

    def product(a: Any, b: Any) -> Any:
        """0 where `a` is, whatever `b` is."""
        return a * b if a else zero

    def is_mirrored(n: Any) -> bool:
        """Whether the function of -n is that of n but for a sign."""
        return bool(n < 0 and mp.isint(n))

    def besselj(n: Any, x: Any) -> Any:
        if is_mirrored(n):
            return sign_of_order(n) * besselj(-n, x)
        if not is_large(n, x):
            return mp.besselj(n, x)
        return contours.small_bessel(mp, n, x) if n > x else large_pair(n, x)[0]

    def bessely(n: Any, x: Any) -> Any:
        if is_mirrored(n):
            return sign_of_order(n) * bessely(-n, x)
        if is_far(n, x) or is_large(n, x, QUICK):
            return contours.large_bessel(mp, n, x) if n > x else large_pair(n, x)[1]
        return series.second_kind(mp, nearly_zero(n), x, -1)

    def besseli(n: Any, x: Any) -> Any:
        if is_mirrored(n):
            return besseli(-n, x)
        if not is_large(n, x):
            return mp.besseli(n, x)
        first = (expansions if is_far(n, x) else contours).growing_bessel(mp, abs(n), x)
        if n >= 0:
            return first
        return first + 2 / mp.pi * mp.sinpi(-n) * besselk(n, x)  # DLMF 10.27.2

    def besselk(n: Any, x: Any) -> Any:
        size = nearly_zero(abs(n))
        if is_far(n, x) or is_large(n, x, QUICK):
            return (expansions if is_far(n, x) else contours).decaying_bessel(mp, size, x)
        return series.second_kind(mp, size, x, 1)

    def slope(function: Kernel, below: int, above: int) -> Kernel:
        """The derivative in x, with the signs of the functions of the orders beside n (DLMF 10.6.1, 10.29.1)."""

        def kernel(n: Any, x: Any) -> Any:
            if abs(n) < 1:  # where n - 1 has as many digits as n is small (DLMF 10.6.2, 10.29.2)
                return (n / x * function(n, x) if n else zero) + above * function(n + 1, x)
            if min(mp.mag(n), mp.mag(x)) > NEIGHBOURS and not is_far(n, x):
                return nan
            bits = mp.prec
            try:
                mp.prec += bits_of_sum(mp, n, one)
                lower, upper = n - 1, n + 1
            finally:
                mp.prec = bits
            first, second = below * function(lower, x), above * function(upper, x)
            # Where both are beyond all numbers, and don't add up, the larger order has the larger one.
            return (first + second) / 2 if not (mp.isinf(first) and mp.isinf(second)) else second if n > 0 else first

        return kernel

    def at_zero(n: Any) -> Any:
        """J and I at 0: as (x/2)^n/gamma(n + 1)."""
        return one if n == 0 else zero if n > 0 or mp.isint(n) else sign_of_gamma(n + 1) * inf

    def slope_at_zero(n: Any, sign: int) -> Any:
        if abs(n) == 1:
            return (sign if n < 0 else 1) * one / 2
        return zero if n == 0 or n > 1 or mp.isint(n) else sign_of_gamma(n) * inf

    def first_kind(function: Kernel, at_zero: Kernel, at_infinity: Any, parity: int) -> Kernel:
        """A function that at a negative argument is real for an integer order: odd or even, as n + parity."""

        def kernel(n: Any, x: Any) -> Any:
            if mp.isinf(n):
                return zero if n > 0 and mp.isfinite(x) and x >= 0 else nan
            if x < 0:
                if not mp.isint(n):
                    return nan
                return sign_of_order(n + parity) * kernel(n, -x)
            return at_zero(n) if x == 0 else at_infinity if mp.isinf(x) else accurate(function, n, x)

        return kernel

    def second_kind(function: Kernel, at_zero: Kernel, at_infinity: Any, of_large_order: Any) -> Kernel:
        def kernel(n: Any, x: Any) -> Any:
            if x < 0 or (mp.isinf(n) and mp.isinf(x)):
                return nan
            if mp.isinf(n):
                return of_large_order if n > 0 or of_large_order == at_zero(-n) == at_zero(n) else nan
            return at_zero(n) if x == 0 else at_infinity if mp.isinf(x) else accurate(function, n, x)

        return kernel

    def accurate(function: Kernel, n: Any, x: Any) -> Any:
        if max(mp.mag(x), mp.mag(n) if n else 0) > MAX_BITS:
            return nan  # the phase would take all the memory
        try:
            return settled(mp, function)(n, x)
        except mp.NoConvergence:
            return nan

    def pole(n: Any) -> Any:
        """Y at 0, where it is infinite unless n is -1/2, -3/2, ... (DLMF 10.7.4)."""
        return -inf if n >= 0 else -mp.sign(mp.cospi(n)) * inf if not mp.isint(n - mp.mpf(1) / 2) else nan

    return {
        "besselj": first_kind(besselj, at_zero, zero, 0),
        "besselj_slope": first_kind(slope(besselj, 1, -1), lambda n: slope_at_zero(n, -1), zero, 1),
        "bessely": second_kind(bessely, pole, zero, -inf),
        "bessely_slope": second_kind(slope(bessely, 1, -1), lambda n: -pole(n), zero, inf),
        "besseli": first_kind(besseli, at_zero, inf, 0),
        "besseli_slope": first_kind(slope(besseli, 1, 1), lambda n: slope_at_zero(n, 1), inf, 1),
        "besselk": second_kind(besselk, lambda n: inf, zero, inf),
        "besselk_slope": second_kind(slope(besselk, -1, -1), lambda n: -inf, zero, -inf),
    }
