"""The forms that the stabilising rows are for, in mpmath: what they mean, and points at which binary64 loses it.

Nothing here comes from the rows but the form by which each is found. `hard` are points at which the form is far off,
in its value or in a derivative, `everyday` points at which it is not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

from mpmath import mp, mpf

from autodiff import Function
from tests.calculus import ulps

Point = tuple[float, ...]
BITS = 2000  # exp(-1000) is to be seen beside 1


class Meaning(NamedTuple):
    """A function of a, b, c and the points to look at. Of arrays: the first entry of the result is the function's."""

    value: Callable[..., Any]
    hard: Sequence[Point]
    everyday: Sequence[Point]
    bits: int = BITS


class Errors(NamedTuple):
    """How far a value and its derivatives are off, in units in the last place, and what is inherent.

    `inherent` is what a change of the operands by a unit in their last places makes of it, at most.
    """

    value: float
    gradient: float
    inherent: float

    @property
    def largest(self) -> float:
        return max(self.value, self.gradient)


def one(value: Callable[[Any], Any], hard: Sequence[float], everyday: Sequence[float], bits: int = BITS) -> Meaning:
    return Meaning(value, [(a,) for a in hard], [(a,) for a in everyday], bits)


def log_of_quotient(a: Any) -> Any:
    return mp.log(a / (1 - a))


SMALL = (1e-9, -1e-12)
TAIL = (-5.0, -0.3, 0.2, 2.0, 6.5)
POSITIVE = (0.05, 0.3, 1.0, 2.5, 30.0)
INSIDE = (-0.9, -0.3, 0.01, 0.6, 0.8)
PAIRS = ((0.5, 1.5), (-2.0, 3.25), (4.0, -0.125))
BIG_PAIRS = ((1000.0, 999.0), (-800.0, -801.0), (750.0, -3.0))

MEANINGS: dict[str, Meaning] = {
    "log(1 + exp(a))": one(lambda a: mp.log(1 + mp.exp(a)), (1000.0, -40.0, 710.0), TAIL),
    "log1p(exp(a))": one(lambda a: mp.log(1 + mp.exp(a)), (1000.0, 710.0), TAIL),
    "log(exp(a) + exp(b) + exp(c))": Meaning(
        lambda a, b, c: mp.log(mp.exp(a) + mp.exp(b) + mp.exp(c)),
        ((1000.0, 999.0, 1.0), (-900.0, -901.0, -950.0)),
        ((0.5, 1.5, -1.0), (3.0, 2.0, 4.5)),
    ),
    "log(exp(a) + exp(b))": Meaning(lambda a, b: mp.log(mp.exp(a) + mp.exp(b)), BIG_PAIRS, PAIRS),
    "log(1 - exp(a))": one(lambda a: mp.log(1 - mp.exp(a)), (-40.0, -1e-12, -700.0), (-3.0, -0.7, -0.6, -0.1)),
    "log(exp(a) - 1)": one(lambda a: mp.log(mp.exp(a) - 1), (1e-12, 1000.0, 712.5), (0.1, 0.5, 2.0, 19.0, 25.0)),
    "log(exp(a))": one(lambda a: a, (1000.0, -800.0, 1e-20), TAIL),
    "log(sigmoid(a))": one(lambda a: -mp.log(1 + mp.exp(-a)), (40.0, -800.0, 37.5), TAIL),
    "log(cosh(a))": one(lambda a: mp.log(mp.cosh(a)), (1e-9, -1e-5, 1000.0, -711.0), (-21.0, -3.0, 0.5, 2.0, 19.0)),
    "log(gamma(a))": one(mp.loggamma, (172.0, 1e6), (0.1, 0.7, 1.25, 3.5, 20.0), 200),
    "log(factorial(a))": one(lambda a: mp.loggamma(a + 1), (171.0, 1e6), (-0.5, 0.25, 2.0, 5.0, 20.0), 200),
    "log(a + sqrt(a^2 + 1))": one(mp.asinh, (-1e9, -1e4, 1e200, 1e-9), TAIL),
    "log(a + sqrt(a^2 - 1))": one(mp.acosh, (1.0 + 2.0**-40, 1.0 + 2.0**-20, 1e200), (1.25, 2.0, 10.0)),
    "log((1 + a)/(1 - a))": one(lambda a: mp.log((1 + a) / (1 - a)), (1e-9, -1e-17, 1e-12), INSIDE),
    "log(a/(1 - a))": one(log_of_quotient, (0.5 + 2.0**-40, 0.5 - 2.0**-50), (0.1, 0.3, 0.75, 0.9)),
    "log(1 + a)": one(lambda a: mp.log(1 + a), (1e-9, -1e-12, 1e-17), (-0.5, 0.25, 1.0, 7.0, 100.0)),
    "log(1 - a)": one(lambda a: mp.log(1 - a), (1e-9, -1e-12, 1e-17), (0.5, 0.25, -1.0, -7.0)),
    "(exp(a) - 1)/(exp(a) + 1)": one(lambda a: mp.tanh(a / 2), (*SMALL, 1000.0), TAIL),
    "(exp(a) - exp(-a))/(exp(a) + exp(-a))": one(mp.tanh, (*SMALL, 1000.0, -800.0), TAIL),
    "sinh(a)/cosh(a)": one(mp.tanh, (1000.0, -800.0, 19.0), TAIL),
    "(exp(a) - exp(-a))/2": one(mp.sinh, SMALL, TAIL),
    "(exp(a) + exp(-a))/2": one(mp.cosh, SMALL, TAIL),
    "exp(a) - exp(-a)": one(lambda a: 2 * mp.sinh(a), SMALL, TAIL),
    "exp(-a) - exp(a)": one(lambda a: -2 * mp.sinh(a), SMALL, TAIL),
    "exp(a) + exp(-a)": one(lambda a: 2 * mp.cosh(a), SMALL, TAIL),
    "2/(1 + exp(-a)) - 1": one(lambda a: mp.tanh(a / 2), SMALL, TAIL),
    "1 - 2/(1 + exp(a))": one(lambda a: mp.tanh(a / 2), SMALL, TAIL),
    "1 - tanh(a)^2": one(lambda a: mp.sech(a) ** 2, (18.0, -25.0, 300.0), TAIL),
    "1 - tanh(a)": one(lambda a: 1 - mp.tanh(a), (18.0, 25.0, 300.0), TAIL),
    "1 + tanh(a)": one(lambda a: 1 + mp.tanh(a), (-18.0, -25.0, -300.0), TAIL),
    "cosh(a) - 1": one(lambda a: mp.cosh(a) - 1, SMALL, TAIL),
    "exp(a)/(1 + exp(a))^2": one(lambda a: mp.exp(a) / (1 + mp.exp(a)) ** 2, (400.0, 700.0), TAIL),
    "exp(a)/(1 + exp(a))": one(lambda a: 1 / (1 + mp.exp(-a)), (710.0, 1000.0), TAIL),
    "exp(a)/(exp(a) + exp(b))": Meaning(lambda a, b: 1 / (1 + mp.exp(b - a)), BIG_PAIRS, PAIRS),
    "1/(1 + exp(a))": one(lambda a: 1 / (1 + mp.exp(a)), (400.0, 700.0), TAIL),
    "b/(1 + exp(a))": Meaning(
        lambda a, b: b / (1 + mp.exp(a)), ((400.0, 3.0), (700.0, -2.0)), ((0.5, 3.0), (-4.0, 0.1))
    ),
    "(1 + exp(a))^(-1)": one(lambda a: 1 / (1 + mp.exp(a)), (400.0, 700.0), TAIL),
    "1 - sigmoid(a)": one(lambda a: 1 / (1 + mp.exp(a)), (36.0, 40.0, 700.0), TAIL),
    "exp(a) - 1": one(mp.expm1, (*SMALL, 1e-17), TAIL),
    "1 - exp(a)": one(lambda a: -mp.expm1(a), (*SMALL, 1e-17), TAIL),
    "1 - erf(a)": one(mp.erfc, (5.0, 6.5, 20.0), (-2.0, 0.1, 1.5)),
    "1 + erf(a)": one(lambda a: mp.erfc(-a), (-5.0, -6.5, -20.0), (2.0, -0.1, -1.5)),
    "1 - erfc(a)": one(mp.erf, (*SMALL, 1e-17), (-2.0, 0.1, 1.5)),
    "1 - cos(a)^2": one(lambda a: mp.sin(a) ** 2, (*SMALL, 3.141592653589793), TAIL),
    "1 - sin(a)^2": one(lambda a: mp.cos(a) ** 2, (1.5707963267948966, 1.57079), TAIL),
    "1 - cos(a)": one(lambda a: 1 - mp.cos(a), (*SMALL, 6.283185307179586), TAIL),
    "cos(a) - 1": one(lambda a: mp.cos(a) - 1, (*SMALL, 6.283185307179586), TAIL),
    "1 - sqrt(1 - a^2)": one(lambda a: 1 - mp.sqrt(1 - a * a), (1e-9, -1e-5, 1.0 - 2.0**-40), INSIDE),
    "sqrt(a^2 + 1) - 1": one(lambda a: mp.sqrt(a * a + 1) - 1, (1e-9, -1e-5, 1e200), TAIL),
    "sqrt(1 + a) - 1": one(lambda a: mp.sqrt(1 + a) - 1, (1e-9, -1e-14), (-0.5, 0.25, 3.0, 1e5)),
    "sqrt(a + 1) - sqrt(a)": one(lambda a: mp.sqrt(a + 1) - mp.sqrt(a), (1e9, 1e15), POSITIVE),
    "sqrt(a^2 + b^2)": Meaning(
        lambda a, b: mp.sqrt(a * a + b * b), ((1e200, 1e200), (3e-200, 4e-200)), ((3.0, 4.0), *PAIRS)
    ),
    "sqrt(a^2 + 1)": one(lambda a: mp.sqrt(a * a + 1), (1e200, -1e160), TAIL),
    "sqrt(1 - a^2)": one(
        lambda a: mp.sqrt(1 - a * a), (1.0 - 2.0**-50, -1.0 + 2.0**-40, 0.999999999), (*INSIDE, 1e-10, 1e-200)
    ),
    "sqrt(a^2 - 1)": one(lambda a: mp.sqrt(a * a - 1), (1.0 + 2.0**-50, -1.0 - 2.0**-40), (1.25, 2.0, -3.0, 1e5)),
    "sqrt(a^2 - b^2)": Meaning(
        lambda a, b: mp.sqrt(a * a - b * b),
        ((1.1, 1.1 - 2.0**-45), (-3.0, 3.0 - 2.0**-40)),
        ((5.0, 3.0), (5.0, 4.0), (-2.0, 1e-10)),
    ),
    "(1 - a^2)^(-1/2)": one(lambda a: 1 / mp.sqrt(1 - a * a), (1.0 - 2.0**-50, -1.0 + 2.0**-40), INSIDE),
    # The first entry of what these make of [a, b].
    "log(sum(exp(a)))": Meaning(lambda a, b: mp.log(mp.exp(a) + mp.exp(b)), BIG_PAIRS, PAIRS),
    "exp(a)/sum(exp(a))": Meaning(lambda a, b: 1 / (1 + mp.exp(b - a)), BIG_PAIRS, PAIRS),
    "log(softmax(a))": Meaning(lambda a, b: -mp.log(1 + mp.exp(b - a)), ((0.0, 1000.0), (0.0, 800.0)), PAIRS),
    "sqrt(sum(a^2))": Meaning(lambda a, b: mp.sqrt(a * a + b * b), ((1e200, 1e200), (3e-200, 4e-200)), PAIRS),
}
ARRAYS = {form for form in MEANINGS if any(word in form for word in ("sum", "softmax"))}


class Truths(NamedTuple):
    """A value and its partial derivatives in many digits, and what is inherent, as in Errors."""

    value: Any
    partials: Sequence[Any]
    inherent: float


@cache
def truths(form: str, point: Point) -> Truths:
    meaning = MEANINGS[form]
    with mp.workprec(meaning.bits):
        at = tuple(map(mpf, point))
        places = range(len(at))
        value = meaning.value(*at)
        partials = [derivative(meaning.value, at, (place,)) for place in places]
        seconds = [[derivative(meaning.value, at, (i, j)) for j in places] for i in places]
        inherent = [condition(value, partials, at), *(condition(partials[i], seconds[i], at) for i in places)]
        return Truths(value, partials, float(max(inherent)))


def errors(form: str, point: Point, *, stabilise: bool) -> Errors:
    """Of the derivatives the one that is off most."""
    value, slopes = computed(form, point, stabilise)
    true = truths(form, point)
    off = max(ulps(slope, partial) for slope, partial in zip(slopes, true.partials, strict=True))
    return Errors(ulps(value, true.value), off, true.inherent)


def derivative(function: Callable[..., Any], at: tuple[Any, ...], by: tuple[int, ...]) -> Any:
    orders = tuple(by.count(place) for place in range(len(at)))
    return mp.re(mp.diff(function, at, orders) if len(at) > 1 else mp.diff(function, at[0], len(by)))


def condition(value: Any, slopes: Sequence[Any], at: Sequence[Any]) -> Any:
    """By what the relative changes of the operands are multiplied."""
    change = sum(abs(x * slope) for x, slope in zip(at, slopes, strict=True))
    return change / abs(value) if value else mpf(0)


def computed(form: str, point: Point, stabilise: bool) -> tuple[float, list[float]]:
    """Value and partial derivatives as this package computes them."""
    if form not in ARRAYS:
        function = Function(form, stabilise=stabilise)
        value, gradient = function.value_and_gradient(dict(zip("abc", point, strict=False)))
        return value, [gradient[name] for name in "abc"[: len(point)]]
    whole = form in ("log(sum(exp(a)))", "sqrt(sum(a^2))")
    function = Function(form if whole else f"({form})[0]", stabilise=stabilise)
    value, gradient = function.value_and_gradient({"a": list(point)})
    return value, gradient["a"].tolist()
