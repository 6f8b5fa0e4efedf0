"""The kernels of an mpmath context for the error function, the gamma function and their relatives (DLMF 4 to 7)."""

from __future__ import annotations

from typing import Any

from autodiff.evaluate.digits.bessel import bessel_kernels
from autodiff.evaluate.digits.precision import GUARD_BITS, LARGEST_LOGARITHM, bits_of_sum, settled
from autodiff.evaluate.program import Kernel

FAR = 100_000  # beyond it gamma is beyond all numbers
SHORT_RECURRENCE = 1000  # mpmath's polygamma takes four steps for each order


def special_kernels(mp: Any) -> dict[str, Kernel]:
    """Those that are real functions of real operands, and NaN for NaN."""
    nan, inf, zero, one = mp.nan, mp.inf, mp.zero, mp.one

    def is_pole(x: Any) -> bool:
        return x <= 0 and bool(mp.isint(x))

    def exp(x: Any) -> Any:
        return mp.exp(x) if abs(x) < LARGEST_LOGARITHM else zero if x < 0 else inf

    def erfc(x: Any) -> Any:
        return mp.erfc(x) if x < 1000 else zero

    def normal(x: Any) -> Any:
        return erfc(-x / mp.sqrt(2)) / 2

    def gelu(x: Any) -> Any:
        return x * normal(x) if x > -1000 else zero

    def gelu_slope(x: Any) -> Any:
        if abs(x) > 1000:
            return one if x > 0 else zero
        return normal(x) + x * mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)

    def gamma(x: Any) -> Any:
        if x == 0 or x > FAR:
            return inf
        return nan if is_pole(x) or x == -inf else zero if x < -FAR else mp.gamma(x)

    def gamma_slope(x: Any) -> Any:
        if x == 0:
            return -inf
        return gamma(x) * digamma(x) if abs(x) < FAR or is_pole(x) else gamma(x)

    def lgamma(x: Any) -> Any:
        if mp.isinf(x) or is_pole(x):
            return inf
        return mp.loggamma(x) if x > 0 else mp.re(mp.loggamma(x))

    def digamma(x: Any) -> Any:
        if is_pole(x) or mp.isinf(x):
            return -inf if x == 0 else inf if x > 0 else nan
        return mp.psi(0, x)

    def size_of_polygamma(n: int, x: Any) -> Any:
        """The absolute value of the n-th derivative of digamma for n > 0 and x > 0."""
        if n < SHORT_RECURRENCE:
            return abs(mp.psi(n, x))
        logarithm = mp.loggamma(n + 1) - (n + 1) * mp.log(x)
        if logarithm > LARGEST_LOGARITHM:
            return inf
        if logarithm + mp.log1p(x / n) < -LARGEST_LOGARITHM:
            return zero
        return mp.gamma(n + 1) * settled(mp, mp.zeta)(n + 1, x)  # DLMF 25.11.12; mpmath's has few digits where small

    def reflected_polygamma(n: Any, x: Any) -> Any:
        """At x < 0, where mpmath's takes as many steps as x is large.

        The reflection formula has a derivative of the cotangent, which has the period 1 (DLMF 5.15.6).
        """
        order, below = int(n), mp.floor(x)
        rest = size_of_polygamma(order, x - below)
        cotangent = size_of_polygamma(order, below + 1 - x) + (rest if order % 2 else -rest)
        return cotangent - size_of_polygamma(order, 1 - x)

    def polygamma(n: Any, x: Any) -> Any:
        if n == 0 or not (mp.isint(n) and n > 0):
            return settled(mp, digamma)(x) if n == 0 else nan
        sign = 1 if int(n) % 2 else -1
        if is_pole(x):
            return sign * inf if x == 0 or sign > 0 else nan
        if mp.isinf(x):
            return zero if x > 0 else nan
        return sign * size_of_polygamma(int(n), x) if x > 0 else settled(mp, reflected_polygamma)(n, x)

    def sign_of_gamma(x: Any) -> int:
        return -1 if x < 0 and int(mp.floor(x)) % 2 else 1

    def vanishes_beside(b: Any, a: Any) -> bool:
        """Whether a function at a + b is, to all digits, its tangent at a."""
        return bool(mp.mag(b) < mp.mag(a) - mp.prec - 64)

    def with_exact_sum(function: Kernel, a: Any, b: Any) -> Any:
        """`function` of two numbers and their sum, which is not rounded: it may be near a pole."""
        bits = mp.prec
        try:
            mp.prec += bits_of_sum(mp, a, b)
            return function(a, b, a + b)
        finally:
            mp.prec = bits

    def beta_and_sum(a: Any, b: Any, total: Any) -> Any:
        if is_pole(total):
            return zero
        size = exp(lgamma(a) + lgamma(b) - lgamma(total))
        return sign_of_gamma(a) * sign_of_gamma(b) * sign_of_gamma(total) * size if size else zero

    def beta(a: Any, b: Any) -> Any:
        if is_pole(a) or is_pole(b):
            return inf if (a == 0 or b == 0) and min(a, b) >= 0 else nan
        if not (mp.isfinite(a) and mp.isfinite(b)):
            return zero if a > 0 and b > 0 else nan
        if vanishes_beside(a, b):
            return beta(b, a)
        if vanishes_beside(b, a):
            size = exp(lgamma(b) - b * digamma(a))
            return sign_of_gamma(b) * size if size else zero
        return with_exact_sum(beta_and_sum, a, b)

    def slope_and_sum(a: Any, b: Any, total: Any) -> Any:
        if is_pole(total):  # 1/gamma is 0 there, and has the derivative (-1)^n*n!
            size = exp(lgamma(a) + lgamma(b) + lgamma(1 - total))
            return sign_of_gamma(a) * sign_of_gamma(b) * (-1) ** int(-total) * size if size else zero
        value = beta_and_sum(a, b, total)
        return value * (digamma(a) - digamma(total)) if value else zero

    def beta_slope(a: Any, b: Any) -> Any:
        if is_pole(a) or is_pole(b):
            return -inf if a == 0 and b > 0 else nan
        value = beta(a, b)
        if value == 0 and not is_pole(a + b):  # too small for any number
            return zero
        if not (mp.isfinite(a) and mp.isfinite(b)):
            return value
        if vanishes_beside(b, a):
            return -value * b * polygamma(one, a)
        if vanishes_beside(a, b):
            return value * (digamma(a) - digamma(b))
        return with_exact_sum(slope_and_sum, a, b)

    def erfi(x: Any) -> Any:
        return mp.erfi(x) if x * x < LARGEST_LOGARITHM else mp.sign(x) * inf

    def fresnel(function: Kernel) -> Kernel:
        """`function`, which is 1/2 to all digits from where 1/x has none of them."""
        return lambda x: mp.sign(x) / 2 if mp.isinf(x) or mp.mag(x) > mp.prec + 8 else function(x)

    def of_square(function: Kernel) -> Kernel:
        """`function` of pi*x^2/2, whose turns take all digits of the square."""
        return lambda x: function(mp.ldexp(mp.fmul(x, x, exact=True), -1)) if mp.isfinite(x) else nan

    def lambertw(x: Any) -> Any:
        """The principal branch, which begins at -1/e, to whichever side that was rounded."""
        if abs(mp.e * x + 1) < mp.ldexp(1, GUARD_BITS + 2 - mp.prec):
            return -one
        return settled(mp, mp.lambertw)(x) if mp.e * x > -1 else nan

    def lambertw_slope(x: Any) -> Any:
        w = lambertw(x)
        if w == -1 or not mp.isfinite(x):
            return inf if w == -1 else zero if x > 0 else nan
        return settled(mp, lambda x: 1 / (x + mp.exp(mp.lambertw(x))))(x) if mp.isfinite(w) else nan

    return {
        **bessel_kernels(mp),
        "erf": mp.erf,
        "erfc": erfc,
        "erfi": erfi,
        "exp_of_square": settled(mp, lambda x: exp(x * x)),
        "fresnels": fresnel(mp.fresnels),
        "fresnels_slope": of_square(mp.sinpi),
        "fresnelc": fresnel(mp.fresnelc),
        "fresnelc_slope": of_square(mp.cospi),
        "lambertw": lambertw,
        "lambertw_slope": lambertw_slope,
        "gelu": gelu,
        "gelu_slope": settled(mp, gelu_slope),
        "gamma": gamma,
        "gamma_slope": settled(mp, gamma_slope),
        "lgamma": settled(mp, lgamma),
        "digamma": settled(mp, digamma),
        "polygamma": polygamma,
        "beta": settled(mp, beta),
        "beta_slope": settled(mp, beta_slope),
        "factorial": lambda x: gamma(x + 1),
        "factorial_slope": settled(mp, lambda x: gamma_slope(x + 1)),
    }
