"""Wrong rules for sums and constants."""

from __future__ import annotations

from autodiff.check.wrong_rules.rule import CONSTANT_MINUS, DIFFERENCE, MINUS_CONSTANT, PLUS_CONSTANT, SUM, WrongRule

ROWS = (
    WrongRule(
        "term-sign-lost",
        SUM,
        ("du - dv", "dv - du"),
        "the sign of a term is wrong in the derivative of {y}",
        "sign of one term",
    ),
    WrongRule(
        "term-missing",
        SUM,
        ("du", "dv"),
        "a term is missing in the derivative of {y}",
        "a term of the sum missing",
    ),
    WrongRule(
        "term-left-unchanged",
        SUM,
        ("du + v", "u + dv"),
        "a term of {y} was left as it is, and not differentiated",
        "a term of the sum not differentiated",
        rare=True,
    ),
    WrongRule(
        "sum-as-product",
        SUM,
        ("du*v + u*dv", "du*dv"),
        "{y} is a sum, and no product",
        "product rule for a sum",
    ),
    WrongRule(
        "term-sign-lost",
        DIFFERENCE,
        ("du + dv", "-du - dv"),
        "the sign of a term is wrong in the derivative of {y}",
        "sign of one term",
    ),
    WrongRule(
        "term-missing",
        DIFFERENCE,
        ("du", "-dv"),
        "a term is missing in the derivative of {y}",
        "a term of the sum missing",
    ),
    WrongRule(
        "difference-reversed",
        DIFFERENCE,
        ("dv - du",),
        "the terms of {y} are subtracted the wrong way round",
        "difference reversed",
        rare=True,
    ),
    WrongRule(
        "term-left-unchanged",
        DIFFERENCE,
        ("du - v", "u - dv"),
        "a term of {y} was left as it is, and not differentiated",
        "a term of the sum not differentiated",
        rare=True,
    ),
    WrongRule(
        "constant-not-dropped",
        PLUS_CONSTANT,
        ("du + c",),
        "the derivative of a constant is 0: in {y} it stayed",
        "constant not dropped",
    ),
    WrongRule(
        "constant-differentiated-to-one",
        PLUS_CONSTANT,
        ("du + 1",),
        "the derivative of a constant is 0, and not 1: {y}",
        "1 for the derivative of a constant",
    ),
    WrongRule(
        "constant-not-dropped",
        MINUS_CONSTANT,
        ("du - c",),
        "the derivative of a constant is 0: in {y} it stayed",
        "constant not dropped",
    ),
    WrongRule(
        "constant-differentiated-to-one",
        MINUS_CONSTANT,
        ("du - 1",),
        "the derivative of a constant is 0, and not 1: {y}",
        "1 for the derivative of a constant",
    ),
    WrongRule(
        "constant-not-dropped",
        CONSTANT_MINUS,
        ("c - du",),
        "the derivative of a constant is 0: in {y} it stayed",
        "constant not dropped",
    ),
    WrongRule(
        "constant-differentiated-to-one",
        CONSTANT_MINUS,
        ("1 - du",),
        "the derivative of a constant is 0, and not 1: {y}",
        "1 for the derivative of a constant",
    ),
    WrongRule(
        "sign-lost",
        CONSTANT_MINUS,
        ("du",),
        "the minus before {u} got lost",
        "minus lost",
    ),
)
