"""Slips in algebra: what a student may take a node for, when the result is simplified. Ranked after the wrong rules."""

from __future__ import annotations

from typing import NamedTuple


class Slip(NamedTuple):
    """A node of the shape `shape` taken for `wrong`, both in the language of autodiff.

    `f` is one function of one operand, the same in both; the other letters are any operands.
    """

    id: str
    shape: str
    wrong: str
    message: str
    teacher: str


ROWS = (
    Slip("product-of-functions", "f(a)*f(b)", "f(a*b)", "{y} is no function of a product", "f(a)*f(b) as f(a*b)"),
    Slip("sum-of-functions", "f(a) + f(b)", "f(a + b)", "{y} is no function of a sum", "f(a) + f(b) as f(a + b)"),
    Slip("function-of-sum", "f(a + b)", "f(a) + f(b)", "{y} is no sum of functions", "f(a + b) as f(a) + f(b)"),
    Slip("function-of-sum", "f(a - b)", "f(a) - f(b)", "{y} is no difference of functions", "f(a - b) as f(a) - f(b)"),
    Slip("function-of-multiple", "f(a*b)", "a*f(b)", "a factor inside of {y} can't be taken out", "f(a*b) as a*f(b)"),
    Slip("function-of-multiple", "f(a*b)", "b*f(a)", "a factor inside of {y} can't be taken out", "f(a*b) as b*f(a)"),
    Slip(
        "power-of-function", "f(a)^b", "f(a^b)", "the power of {y} is one of the function, not of x", "f(a)^n as f(a^n)"
    ),
    Slip("power-of-sum", "(a + b)^c", "a^c + b^c", "{y} is no sum of powers", "(a + b)^n as a^n + b^n"),
    Slip("power-of-sum", "(a - b)^c", "a^c - b^c", "{y} is no difference of powers", "(a - b)^n as a^n - b^n"),
    Slip("power-of-product", "(a*b)^c", "a*b^c", "the exponent of {y} is one of both factors", "(a*b)^n as a*b^n"),
    Slip("exponents-multiplied", "a^b*a^c", "a^(b*c)", "exponents of a product are added: {y}", "a^m*a^n as a^(m*n)"),
    Slip("exponents-added", "(a^b)^c", "a^(b + c)", "exponents of a power are multiplied: {y}", "(a^m)^n as a^(m + n)"),
    Slip("fraction-of-sum", "a/(b + c)", "a/b + a/c", "{y} can't be split below the bar", "a/(b + c) as a/b + a/c"),
    Slip("fraction-of-sum", "a/(b - c)", "a/b - a/c", "{y} can't be split below the bar", "a/(b - c) as a/b - a/c"),
    Slip("summand-cancelled", "(a + b)/a", "b", "a summand can't be cancelled: {y}", "(a + b)/a as b"),
    Slip("summand-cancelled", "(a + b)/a", "1 + b", "a summand can't be cancelled: {y}", "(a + b)/a as 1 + b"),
    Slip(
        "factor-not-distributed",
        "a*(b + c)",
        "a*b + c",
        "the factor of {y} is one of both terms",
        "a*(b + c) as a*b + c",
    ),
    Slip(
        "factor-not-distributed",
        "a*(b - c)",
        "a*b - c",
        "the factor of {y} is one of both terms",
        "a*(b - c) as a*b - c",
    ),
    Slip(
        "factor-not-distributed",
        "(a + b)*c",
        "a*c + b",
        "the factor of {y} is one of both terms",
        "(a + b)*c as a*c + b",
    ),
    Slip(
        "factor-not-distributed",
        "(a - b)*c",
        "a*c - b",
        "the factor of {y} is one of both terms",
        "(a - b)*c as a*c - b",
    ),
    Slip(
        "minus-not-distributed",
        "a - (b + c)",
        "a - b + c",
        "the minus before {y} is one of all terms",
        "a - (b + c) as a - b + c",
    ),
    Slip(
        "minus-not-distributed",
        "a - (b - c)",
        "a - b - c",
        "the minus before {y} is one of all terms",
        "a - (b - c) as a - b - c",
    ),
    Slip("double-angle", "2*f(a)", "f(2*a)", "the factor of {y} can't go inside", "2*f(a) as f(2*a)"),
)
