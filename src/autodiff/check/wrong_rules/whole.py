"""Wrong rules for the whole derivative."""

from __future__ import annotations

from autodiff.check.wrong_rules.rule import OF_ANSWER, OTHER_VARIABLE, WHOLE, WrongRule

ROWS = (
    WrongRule("sign-of-answer", WHOLE, ("-d",), "the sign of the answer is wrong", "whole answer has the wrong sign"),
    WrongRule(
        "not-differentiated",
        WHOLE,
        ("f", "-f"),
        "that is the function itself, and not its derivative",
        "function repeated unchanged",
    ),
    WrongRule(
        "integrated",
        OF_ANSWER,
        ("f",),
        "that is an integral: the function was integrated, and not differentiated",
        "integrated instead of differentiated",
    ),
    WrongRule(
        "differentiated-too-little",
        WHOLE,
        ("once", "before"),
        "that is a derivative of lower order: differentiate again",
        "differentiated too few times",
    ),
    WrongRule(
        "squared-instead-of-twice",
        WHOLE,
        ("once^order", "f^order"),
        "a second derivative is no square: differentiate the first one again",
        "power instead of a derivative of higher order",
    ),
    WrongRule(
        "differentiated-too-often",
        WHOLE,
        ("after",),
        "that is a derivative of higher order than was asked for",
        "differentiated too many times",
    ),
    WrongRule(
        "wrong-variable",
        OTHER_VARIABLE,
        ("other",),
        "that is the derivative by {v}, and not by {u}",
        "derivative by another variable",
    ),
    WrongRule(
        "reciprocal",
        WHOLE,
        ("1/d", "1/f"),
        "that is a reciprocal, and not the derivative",
        "reciprocal of the derivative, or of the function",
        rare=True,
    ),
)
