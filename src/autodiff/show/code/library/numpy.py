# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
"""Functions that NumPy hasn't, as they are copied into code: of numbers or arrays."""

import numpy


def _root(x, n):
    """The real n-th root: for odd n of negative numbers, too."""
    odd = numpy.mod(n, 2) == 1
    return numpy.where(odd, numpy.sign(x), 1.0) * numpy.power(numpy.where(odd, numpy.abs(x), x), 1 / n)


def _sigmoid(x):
    """1/(1 + exp(-x))"""
    e = numpy.exp(-numpy.abs(x))
    return numpy.where(numpy.greater_equal(x, 0), 1.0, e) / (1.0 + e)


def _logit(x):
    """log(x/(1 - x))"""
    middle = numpy.clip(x, 0.25, 0.75)
    near = numpy.log1p((2 * middle - 1) / (1 - middle))
    return numpy.where(middle == x, near, numpy.log(x) - numpy.log1p(-x))


def _sinc(x):
    """sin(x)/x"""
    return numpy.sinc(x / numpy.pi)


def _sinc_slope(x):
    """The derivative of sin(x)/x; a power series where the terms cancel (DLMF 10.53.1)."""
    far = numpy.where(numpy.abs(x) > 1, x, 1.0)
    near = numpy.where(numpy.abs(x) > 1, 0.0, x)
    term = total = -near / 3
    for k in range(1, 12):
        term = term * (-near * near / (2 * k * (2 * k + 3)))
        total = total + term
    return numpy.where(numpy.abs(x) > 1, (numpy.cos(far) - numpy.sin(far) / far) / far, total)


_ERF = (
    (
        1.85777706184603153e-1,
        3.16112374387056560e0,
        1.13864154151050156e2,
        3.77485237685302021e2,
        3.20937758913846947e3,
    ),
    (1.0, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3),
)


_ERFC = (
    (
        *(2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594e0, 6.61191906371416295e1),
        *(2.98635138197400131e2, 8.81952221241769090e2, 1.71204761263407058e3, 2.05107837782607147e3),
        1.23033935479799725e3,
    ),
    (
        *(1.0, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3),
        *(3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3),
    ),
)


_ERFC_TAIL = (
    (
        *(1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1),
        *(1.60837851487422766e-2, 6.58749161529837803e-4),
    ),
    (
        *(1.0, 2.56852019228982242e0, 1.87295284992346047e0, 5.27905102951428412e-1, 6.05183413124413191e-2),
        2.33520497626869185e-3,
    ),
)


def _quotient(polynomials, x):
    above, below = polynomials
    return numpy.polyval(above, x) / numpy.polyval(below, x)


def _erfc_of_positive(x):
    """Rational approximations, for x from 0.46875 on (W. J. Cody, Mathematics of Computation 23, 1969)."""
    x = numpy.clip(x, 0.46875, 30.0)
    inner = _quotient(_ERFC, numpy.minimum(x, 4.0))
    s = 1 / (x * x)
    outer = (1 / numpy.sqrt(numpy.pi) - s * _quotient(_ERFC_TAIL, s)) / x
    rounded = numpy.trunc(16 * x) / 16  # its square is exact
    return numpy.where(x <= 4, inner, outer) * numpy.exp(-rounded * rounded) * numpy.exp((rounded - x) * (rounded + x))


def _erf_near_zero(x):
    """For x up to 0.46875 (W. J. Cody, Mathematics of Computation 23, 1969)."""
    x = numpy.clip(x, -0.46875, 0.46875)
    return x * _quotient(_ERF, x * x)


def _erf(x):
    far = numpy.copysign(1 - _erfc_of_positive(numpy.abs(x)), x)
    return numpy.where(numpy.abs(x) <= 0.46875, _erf_near_zero(x), far)


def _erfc(x):
    tail = _erfc_of_positive(numpy.abs(x))
    far = numpy.where(numpy.less(x, 0), 2 - tail, tail)
    return numpy.where(numpy.abs(x) <= 0.46875, 1 - _erf_near_zero(x), far)


def _erfi(x):
    """-i*erf(i*x), by its power series, whose terms have one sign (DLMF 7.6.1)."""
    term = numpy.clip(x, -27, 27)
    square, total, k = term * term, 0.0, 0
    with numpy.errstate(all="ignore"):
        while numpy.any(total + term != total):
            total = total + term
            k += 1
            term = term * (square / k * ((2 * k - 1) / (2 * k + 1)))
        return 2 / numpy.sqrt(numpy.pi) * total


def _lambertw(x):
    """The w >= -1 for which w*exp(w) = x, by Halley's method (DLMF 4.13)."""
    with numpy.errstate(all="ignore"):
        w = numpy.where(numpy.greater(x, 0), numpy.log1p(x), numpy.sqrt(2 * numpy.e * x + 2) - 1)
        w = numpy.where(w > 2, w - numpy.log(w), w)
        for _ in range(12):
            e = numpy.exp(w)
            rest = w * e - x
            step = rest / (e * (w + 1) - (w + 2) * rest / (2 * w + 2))
            w = numpy.where(w > -1, w - step, w)
        return w


def _shifted(x):
    """A number from 12 on, and the product of those below it, for the gamma functions (DLMF 5.5.1)."""
    product = numpy.ones_like(x)
    for _ in range(12):
        product = numpy.where(x < 12, product * x, product)
        x = numpy.where(x < 12, x + 1, x)
    return x, product


def _stirling(x):
    """The sum in the logarithm of gamma (DLMF 5.11.1), for x from 12 on."""
    s = 1 / (x * x)
    rest = s * (1 / 1680 - s * (1 / 1188 - s * (691 / 360360 - s / 156)))
    return (1 / 12 - s * (1 / 360 - s * (1 / 1260 - rest))) / x


def _sine_of_pi_times(x):
    whole = numpy.rint(x)
    return numpy.where(whole % 2 == 0, 1, -1) * numpy.sin(numpy.pi * (x - whole))


def _gamma(x):
    """Stirling's series and reflection (DLMF 5.5.1, 5.5.3 and 5.11.1)."""
    x = numpy.asarray(x, dtype=float)
    with numpy.errstate(all="ignore"):
        z, product = _shifted(numpy.clip(numpy.where(x < 0.5, 1 - x, x), None, 200))
        half = z ** (z / 2 - 0.25)
        value = numpy.sqrt(2 * numpy.pi) * half * numpy.exp(-z) * half * numpy.exp(_stirling(z)) / product
        return numpy.where(x < 0.5, numpy.pi / (_sine_of_pi_times(x) * value), value)


def _lgamma(x):
    """The logarithm of the absolute value of gamma; near 1 and 2 it has 15 decimals, not 15 digits."""
    x = numpy.asarray(x, dtype=float)
    with numpy.errstate(all="ignore"):
        z, product = _shifted(numpy.where(x < 0.5, 1 - x, x))
        value = (z - 0.5) * numpy.log(z) - z + (numpy.log(2 * numpy.pi) / 2 + _stirling(z)) - numpy.log(product)
        return numpy.where(x < 0.5, numpy.log(numpy.pi / numpy.abs(_sine_of_pi_times(x))) - value, value)


def _digamma(x):
    """The derivative of lgamma (DLMF 5.5.2, 5.5.4 and 5.11.2)."""
    x = numpy.asarray(x, dtype=float)
    with numpy.errstate(all="ignore"):
        z = numpy.where(x < 0, 1 - x, x)
        total = numpy.where(x < 0, -numpy.pi / numpy.tan(numpy.pi * (x - numpy.rint(x))), 0.0)
        for _ in range(12):
            total = numpy.where(z < 12, total - 1 / z, total)
            z = numpy.where(z < 12, z + 1, z)
        s = 1 / (z * z)
        rest = s * (1 / 240 - s * (1 / 132 - s * (691 / 32760 - s / 12)))
        return total + (numpy.log(z) - 0.5 / z - s * (1 / 12 - s * (1 / 120 - s * (1 / 252 - rest))))


_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510, 43867 / 798, -174611 / 330)


def _cotangent_slope(n, x):
    """The n-th derivative of pi*cot(pi*x): a polynomial in the cotangent, its coefficients from the highest down."""
    polynomial = numpy.array([1.0, 0.0])
    for _ in range(n):
        polynomial = -numpy.polymul(numpy.polyder(polynomial), [1.0, 0.0, 1.0])
    return numpy.pi ** (n + 1) * numpy.polyval(polynomial, 1 / numpy.tan(numpy.pi * (x - numpy.rint(x))))


def _polygamma_of_order(n, x):
    """The n-th derivative of digamma, for n from 1 on (DLMF 5.15.1, 5.15.6 and 5.15.9)."""
    z = numpy.where(x < 0, 1 - x, x)
    factorial = numpy.prod(numpy.arange(1.0, n))  # of n - 1
    total = numpy.zeros_like(z)
    for _ in range(n + 16):
        total = numpy.where(z < n + 16, total + n * factorial / z ** (n + 1), total)
        z = numpy.where(z < n + 16, z + 1, z)
    factor = factorial / z**n
    total = total + factor * (1 + n / (2 * z))
    for k, number in enumerate(_BERNOULLI, 1):
        factor = factor * ((n + 2 * k - 2) * (n + 2 * k - 1) / ((2 * k - 1) * (2 * k) * z * z))
        total = total + number * factor
    return numpy.where(x < 0, -total - _cotangent_slope(n, x), (-1) ** (n - 1) * total)


def _polygamma(n, x):
    """The n-th derivative of digamma."""
    n, x = (numpy.asarray(a, dtype=float) for a in numpy.broadcast_arrays(n, x))
    result = numpy.full(x.shape, numpy.nan)
    with numpy.errstate(all="ignore"):
        for order in numpy.unique(n[(n >= 0) & (n == numpy.floor(n))]):
            own = _polygamma_of_order(int(order), x[n == order]) if order else _digamma(x[n == order])
            result[n == order] = own
    return result[()]


def _beta(a, b):
    """gamma(a)*gamma(b)/gamma(a + b)"""
    a, b = numpy.asarray(a, dtype=float), numpy.asarray(b, dtype=float)
    with numpy.errstate(all="ignore"):
        small = numpy.maximum(numpy.maximum(numpy.abs(a), numpy.abs(b)), numpy.abs(a + b)) < 150
        odd = sum(numpy.where((z < 0) & (numpy.floor(z) % 2 == 1), 1, 0) for z in (a, b, a + b))
        size = numpy.exp(_lgamma(a) + _lgamma(b) - _lgamma(a + b))
        return numpy.where(small, _gamma(a) / _gamma(a + b) * _gamma(b), size * (-1.0) ** odd)


def _scatter(x, index, shape):
    """Zeros, with x at an index."""
    result = numpy.zeros(shape)
    result[index] = x
    return result


def _add_at(x, piece, index):
    """x, with a piece added at an index."""
    result = numpy.array(x, dtype=float)
    result[index] += piece
    return result


def _diagonal_matrix(x, shape):
    result = numpy.zeros(shape)
    result[numpy.arange(len(x)), numpy.arange(len(x))] = x
    return result


def _softmax(x, axes):
    powers = numpy.exp(x - numpy.max(x, axis=axes, keepdims=True))
    return powers / numpy.sum(powers, axis=axes, keepdims=True)


def _logsumexp(x, axes):
    largest = numpy.max(x, axis=axes, keepdims=True)
    largest = numpy.where(numpy.isfinite(largest), largest, 0.0)
    return numpy.log(numpy.sum(numpy.exp(x - largest), axis=axes)) + numpy.squeeze(largest, axis=axes)


def _log_softmax(x, axes):
    shifted = x - numpy.max(x, axis=axes, keepdims=True)
    return shifted - numpy.log(numpy.sum(numpy.exp(shifted), axis=axes, keepdims=True))


def _logdet(a):
    sign, logarithm = numpy.linalg.slogdet(a)
    return logarithm if sign > 0 else -numpy.inf if sign == 0 else numpy.nan


def _cofactors(a):
    """The derivative of the determinant, by singular values: also where it is 0."""
    left, values, right = numpy.linalg.svd(a)
    others = [numpy.prod(numpy.delete(values, index)) for index in range(len(values))]
    return numpy.linalg.det(left) * numpy.linalg.det(right) * (left * others) @ right
