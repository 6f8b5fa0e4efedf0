# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
"""Functions that Python's `math` hasn't, as they are copied into code."""

import math


def _sign(x):
    return math.copysign(1.0, x) if x else 0.0


def _root(x, n):
    """The real n-th root: for odd n of negative numbers, too."""
    return -math.pow(-x, 1 / n) if x < 0 and n % 2 == 1 else math.pow(x, 1 / n)


def _logaddexp(a, b):
    """log(exp(a) + exp(b))"""
    return max(a, b) + math.log1p(math.exp(-abs(a - b)))


def _softplus(x):
    """log(1 + exp(x))"""
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


def _sigmoid(x):
    """1/(1 + exp(-x))"""
    e = math.exp(-abs(x))
    return (1.0 if x >= 0 else e) / (1.0 + e)


def _logit(x):
    """log(x/(1 - x))"""
    return math.log1p((2 * x - 1) / (1 - x)) if 0.25 < x < 0.75 else math.log(x) - math.log1p(-x)


def _sech(x):
    """1/cosh(x)"""
    e = math.exp(-abs(x))
    return 2 * e / (1 + e * e)


def _csch(x):
    """1/sinh(x)"""
    e = math.exp(-abs(x))
    return math.copysign(-2 * e / math.expm1(-2 * abs(x)), x)


def _sinc(x):
    """sin(x)/x"""
    return math.sin(x) / x if x else 1.0


def _sinc_slope(x):
    """The derivative of sin(x)/x; a power series where the terms cancel (DLMF 10.53.1)."""
    if abs(x) > 1:
        return (math.cos(x) - math.sin(x) / x) / x
    term = total = -x / 3
    for k in range(1, 12):
        term *= -x * x / (2 * k * (2 * k + 3))
        total += term
    return total


def _erfi(x):
    """-i*erf(i*x), by its power series, whose terms have one sign (DLMF 7.6.1)."""
    k, term, total = 0, x, 0.0
    while total + term != total:
        total += term
        k += 1
        term *= x * x / k * (2 * k - 1) / (2 * k + 1)
    return 2 / math.sqrt(math.pi) * total


def _lambertw(x):
    """The w >= -1 for which w*exp(w) = x, by Halley's method (DLMF 4.13)."""
    w = math.log1p(x) if x > 0 else math.sqrt(2 * math.e * x + 2) - 1
    w -= math.log(w) if w > 2 else 0
    for _ in range(12 if w > -1 else 0):
        e = math.exp(w)
        rest = w * e - x
        w -= rest / (e * (w + 1) - (w + 2) * rest / (2 * w + 2))
    return w


def _digamma(x):
    """The derivative of lgamma (DLMF 5.5.2, 5.5.4 and 5.11.2)."""
    if x < 0:
        return _digamma(1 - x) - math.pi / math.tan(math.pi * (x - round(x)))
    total = 0.0
    while x < 12:
        total -= 1 / x
        x += 1
    s = 1 / (x * x)
    series = s * (1 / 12 - s * (1 / 120 - s * (1 / 252 - s * (1 / 240 - s * (1 / 132 - s * (691 / 32760 - s / 12))))))
    return total + (math.log(x) - 0.5 / x - series)


_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510, 43867 / 798, -174611 / 330)


def _polygamma(n, x):
    """The n-th derivative of digamma (DLMF 5.15.1, 5.15.6 and 5.15.9)."""
    n = int(n)
    if n == 0:
        return _digamma(x)
    if x < 0:  # derivatives of the cotangent are polynomials in it
        cotangent = 1 / math.tan(math.pi * (x - round(x)))
        coefficients = [0.0, 1.0]
        for _ in range(n):
            slope = [k * c for k, c in enumerate(coefficients)][1:]
            coefficients = [-a - b for a, b in zip([*slope, 0.0, 0.0], [0.0, 0.0, *slope], strict=True)]
        value = math.fsum(c * cotangent**k for k, c in enumerate(coefficients))
        return (-1) ** n * _polygamma(n, 1 - x) - math.pi ** (n + 1) * value
    total = 0.0
    while x < n + 16:
        total += math.factorial(n) / x ** (n + 1)
        x += 1
    factor = math.factorial(n - 1) / x**n
    total += factor * (1 + n / (2 * x))
    for k, number in enumerate(_BERNOULLI, 1):
        factor *= (n + 2 * k - 2) * (n + 2 * k - 1) / ((2 * k - 1) * (2 * k) * x * x)
        total += number * factor
    return (-1) ** (n - 1) * total


def _beta(a, b):
    """gamma(a)*gamma(b)/gamma(a + b)"""
    if max(abs(a), abs(b), abs(a + b)) < 150:
        return math.gamma(a) / math.gamma(a + b) * math.gamma(b)
    size = math.exp(math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b))
    return size * (-1) ** sum(z < 0 and math.floor(z) % 2 for z in (a, b, a + b))
