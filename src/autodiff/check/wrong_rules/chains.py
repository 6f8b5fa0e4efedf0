"""Wrong rules for functions of functions: what the chain rule is for."""

from __future__ import annotations

from autodiff.check.wrong_rules.rule import FUNCTION, WrongRule

ROWS = (
    WrongRule(
        "inner-derivative-missing",
        FUNCTION,
        ("slope",),
        "the derivative of the inner function {u} is missing in that of {y}",
        "chain rule without the inner derivative",
        inner=True,
    ),
    WrongRule(
        "sign-lost",
        FUNCTION,
        ("-slope*du",),
        "the derivative of {y} has the wrong sign",
        "sign of the derivative wrong",
    ),
    WrongRule(
        "argument-replaced",
        FUNCTION,
        ("slope_x*du", "slope_x"),
        "the derivative of {y} is taken at {u}, which has to stay inside",
        "argument of the outer derivative replaced by the variable",
        inner=True,
    ),
    WrongRule(
        "inner-derivative-as-argument",
        FUNCTION,
        ("slope_du", "slope_du*du"),
        "the derivative of {u} is a factor, it does not go inside the function",
        "inner derivative applied to the argument",
        inner=True,
    ),
    WrongRule(
        "only-inside-differentiated",
        FUNCTION,
        ("y_du",),
        "in {y} only the inside was differentiated, and the function itself was not",
        "function of the inner derivative",
        inner=True,
    ),
    WrongRule(
        "outer-derivative-missing",
        FUNCTION,
        ("du",),
        "of {y} only the inner function {u} was differentiated",
        "inner derivative alone",
        inner=True,
    ),
    WrongRule(
        "outer-function-kept",
        FUNCTION,
        ("y*du",),
        "in {y} the outer function was kept, and not differentiated",
        "outer function not differentiated",
    ),
    WrongRule(
        "inner-derivative-twice",
        FUNCTION,
        ("slope*du*du",),
        "the derivative of {u} stands there twice",
        "inner derivative squared",
        inner=True,
    ),
    WrongRule(
        "inner-derivative-divided",
        FUNCTION,
        ("slope/du",),
        "the derivative of {u} multiplies, it does not divide",
        "divided by the inner derivative, as for an integral",
        inner=True,
    ),
    WrongRule(
        "inner-derivative-added",
        FUNCTION,
        ("slope + du",),
        "the derivative of {u} is a factor, and no summand",
        "inner derivative added",
        inner=True,
        rare=True,
    ),
    WrongRule(
        "left-unchanged",
        FUNCTION,
        ("y",),
        "{y} was left as it is, and not differentiated",
        "one part not differentiated",
        rare=True,
    ),
)
