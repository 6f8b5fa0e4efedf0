"""Forms that lose digits, overflow or underflow where what they mean does not, and what is computed in their place.

Each row is an identity of real numbers: it holds wherever the form has a value, and the rewrite has no value where the
form has none but for rounding and the ends of binary64. Derivatives of both orders must be stable, too: that is why
`sqrt(1 - a^2)` is not just `sqrt((1 - a)*(1 + a))`, in whose derivative 1 + a and 1 - a cancel near 0.

A form comes before those that stand in it. Where a choice is made, it is at a number that nobody types: there a
condition has no derivative. tests/graph/test_stabilise.py measures what each row gains.
"""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """A form and its rewrite, in the language, and why.

    `path` are primitives on a way down from the top of the form, once the rows behind this one were applied to what is
    in it: what a formula must have for a closer look.
    """

    path: str
    form: str
    rewrite: str
    reason: str


OVERFLOW = "exp overflows"
CANCELS = "the difference cancels near 0"
TAIL = "the difference cancels in the tail"
SQUARES = "the squares overflow or underflow"

ROWS = (
    # arrays
    Row("log sum exp", "log(sum(exp(a)))", "logsumexp(a)", OVERFLOW),
    Row("div sum exp", "exp(a)/sum(exp(a))", "softmax(a)", OVERFLOW),
    Row("log softmax", "log(softmax(a))", "log_softmax(a)", "softmax underflows"),
    Row("sqrt sum pow", "sqrt(sum(a^2))", "norm(a)", SQUARES),
    # logarithms
    Row("log add exp", "log(1 + exp(a))", "softplus(a)", OVERFLOW),
    Row("log1p exp", "log1p(exp(a))", "softplus(a)", OVERFLOW),
    Row("log add add exp", "log(exp(a) + exp(b) + exp(c))", "logaddexp(logaddexp(a, b), c)", OVERFLOW),
    Row("log add exp", "log(exp(a) + exp(b))", "logaddexp(a, b)", OVERFLOW),
    # Maechler 2012, "Accurately computing log(1 - exp(-|a|))": the edge is at -log(2).
    Row("log neg expm1", "log(1 - exp(a))", "where(a > -0.6931, log(-expm1(a)), log1p(-exp(a)))", TAIL),
    Row("log expm1", "log(exp(a) - 1)", "where(a > 19.9, a + log1p(-exp(-a)), log(expm1(a)))", OVERFLOW),
    Row("log exp", "log(exp(a))", "a", OVERFLOW),
    Row("log sigmoid", "log(sigmoid(a))", "-softplus(-a)", "sigmoid rounds to 1, or underflows"),
    Row("log cosh", "log(cosh(a))", "where(a^2 < 401, log1p(2*sinh(a/2)^2), logaddexp(a, -a) - log(2))",
        "cosh overflows, and rounds to 1 near 0"),
    Row("log gamma", "log(gamma(a))", "where(a > 0, lgamma(a), log(gamma(a)))", "gamma overflows from 172 on"),
    Row("log factorial", "log(factorial(a))", "where(a > -1, lgamma(a + 1), log(factorial(a)))",
        "the factorial overflows from 171 on"),
    Row("log add hypot", "log(a + sqrt(a^2 + 1))", "asinh(a)", "the sum cancels for negative numbers"),
    Row("log add sqrt", "log(a + sqrt(a^2 - 1))", "acosh(a)", "the sum is near 1 for numbers near 1"),
    Row("log div sub", "log((1 + a)/(1 - a))", "2*atanh(a)", "the quotient is near 1 for numbers near 0"),
    Row("log div sub", "log(a/(1 - a))", "logit(a)", "the quotient is near 1 for numbers near 1/2"),
    Row("log add", "log(1 + a)", "log1p(a)", "the sum loses the digits of a small number"),
    Row("log sub", "log(1 - a)", "log1p(-a)", "the difference loses the digits of a small number"),
    # hyperbolic functions, written with exponentials
    Row("div add exp", "(exp(a) - 1)/(exp(a) + 1)", "tanh(a/2)", OVERFLOW),
    Row("div mul cosh", "(exp(a) - exp(-a))/(exp(a) + exp(-a))", "tanh(a)", OVERFLOW),
    Row("div cosh", "sinh(a)/cosh(a)", "tanh(a)", "sinh and cosh overflow"),
    Row("div mul sinh", "(exp(a) - exp(-a))/2", "sinh(a)", CANCELS),
    Row("div mul cosh", "(exp(a) + exp(-a))/2", "cosh(a)", "the derivative cancels near 0"),
    Row("sub exp", "exp(a) - exp(-a)", "2*sinh(a)", CANCELS),
    Row("sub exp", "exp(-a) - exp(a)", "-2*sinh(a)", CANCELS),
    Row("add exp", "exp(a) + exp(-a)", "2*cosh(a)", "the derivative cancels near 0"),
    Row("sub mul sigmoid", "2/(1 + exp(-a)) - 1", "tanh(a/2)", CANCELS),
    Row("sub mul sigmoid", "1 - 2/(1 + exp(a))", "tanh(a/2)", CANCELS),
    Row("sub pow tanh", "1 - tanh(a)^2", "sech(a)^2", TAIL),
    Row("sub tanh", "1 - tanh(a)", "2*sigmoid(-2*a)", TAIL),
    Row("add tanh", "1 + tanh(a)", "2*sigmoid(2*a)", "the sum cancels in the tail"),
    Row("sub cosh", "cosh(a) - 1", "2*sinh(a/2)^2", CANCELS),
    # sigmoid
    Row("div pow add exp", "exp(a)/(1 + exp(a))^2", "sigmoid(a)*sigmoid(-a)", OVERFLOW),
    Row("div add exp", "exp(a)/(1 + exp(a))", "sigmoid(a)", OVERFLOW),
    Row("div add exp", "exp(a)/(exp(a) + exp(b))", "sigmoid(a - b)", OVERFLOW),
    Row("div add exp", "1/(1 + exp(a))", "sigmoid(-a)", "the square of exp overflows in the derivative"),
    Row("div add exp", "b/(1 + exp(a))", "b*sigmoid(-a)", "the square of exp overflows in the derivative"),
    Row("pow add exp", "(1 + exp(a))^(-1)", "sigmoid(-a)", "the square of exp overflows in the derivative"),
    Row("sub sigmoid", "1 - sigmoid(a)", "sigmoid(-a)", TAIL),
    Row("sub exp", "exp(a) - 1", "expm1(a)", CANCELS),
    Row("sub exp", "1 - exp(a)", "-expm1(a)", CANCELS),
    # the error function
    Row("sub erf", "1 - erf(a)", "erfc(a)", TAIL),
    Row("add erf", "1 + erf(a)", "erfc(-a)", "the sum cancels in the tail"),
    Row("sub erfc", "1 - erfc(a)", "erf(a)", CANCELS),
    # trigonometry
    Row("sub pow cos", "1 - cos(a)^2", "sin(a)^2", CANCELS),
    Row("sub pow sin", "1 - sin(a)^2", "cos(a)^2", "the difference cancels near pi/2"),
    Row("sub cos", "1 - cos(a)", "2*sin(a/2)^2", CANCELS),
    Row("sub cos", "cos(a) - 1", "-2*sin(a/2)^2", CANCELS),
    # roots
    Row("sub where", "1 - sqrt(1 - a^2)", "where(a^2 < 0.4999, a^2/(1 + sqrt(1 - a^2)), 1 - sqrt((1 - a)*(1 + a)))",
        CANCELS),
    Row("sub hypot", "sqrt(a^2 + 1) - 1", "where(a^2 < 2.9999, a^2/(hypot(a, 1) + 1), hypot(a, 1) - 1)", CANCELS),
    Row("sub sqrt", "sqrt(1 + a) - 1", "where(a < 2.9999, a/(sqrt(1 + a) + 1), sqrt(1 + a) - 1)", CANCELS),
    Row("sub sqrt", "sqrt(a + 1) - sqrt(a)", "1/(sqrt(a + 1) + sqrt(a))", "the difference cancels for large numbers"),
    # A derivative that wasn't defined becomes 0: that of hypot and norm at 0, which are kinks.
    Row("sqrt add pow", "sqrt(a^2 + b^2)", "hypot(a, b)", SQUARES),
    Row("sqrt add pow", "sqrt(a^2 + 1)", "hypot(a, 1)", SQUARES),
    Row("sqrt sub pow", "sqrt(1 - a^2)", "where(a^2 < 0.4999, sqrt(1 - a^2), sqrt((1 - a)*(1 + a)))",
        "the difference cancels near 1"),
    Row("sqrt sub pow", "sqrt(a^2 - 1)", "sqrt((a - 1)*(a + 1))", "the difference cancels near 1"),
    Row("sqrt sub pow", "sqrt(a^2 - b^2)", "where(b^2 < 0.4999*a^2, sqrt(a^2 - b^2), sqrt((a - b)*(a + b)))",
        "the difference cancels for numbers near each other"),
    Row("pow sub pow", "(1 - a^2)^(-1/2)", "where(a^2 < 0.4999, (1 - a^2)^(-1/2), 1/sqrt((1 - a)*(1 + a)))",
        "the difference cancels near 1"),
)  # fmt: skip
