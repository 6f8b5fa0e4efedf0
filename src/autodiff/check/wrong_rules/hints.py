"""Where to look when a rule was applied wrongly, by its pattern: sentences that don't say what is right."""

from __future__ import annotations

from autodiff.check.wrong_rules.rule import (
    CONSTANT_MINUS,
    DIFFERENCE,
    DIVIDED,
    EXPONENTIAL,
    FUNCTION,
    MINUS_CONSTANT,
    MULTIPLE,
    NEGATIVE,
    OF_ANSWER,
    OTHER_VARIABLE,
    PLUS_CONSTANT,
    POWER,
    POWER_OF_FUNCTIONS,
    PRODUCT,
    QUOTIENT,
    RECIPROCAL,
    RECIPROCAL_POWER,
    SLIP,
    SUM,
    WHOLE,
)

OF_QUOTIENTS = "look at {y}: what is the rule for a quotient?"
OF_TERMS = "look at the terms of {y}, one by one, and at their signs"
OF_CONSTANTS = "look at {y}: what is the derivative of a constant?"
HINTS = {
    PRODUCT: "look at {y}: what is the rule for a product?",
    MULTIPLE: "look at the constant factor of {y}",
    DIVIDED: "look at what {u} is divided by in {y}",
    QUOTIENT: OF_QUOTIENTS,
    RECIPROCAL: OF_QUOTIENTS,
    RECIPROCAL_POWER: "look at {y}, which is a power with a negative exponent",
    POWER: "look at {y}: what is the rule for a power, and what is inside?",
    EXPONENTIAL: "look at {y}: what is the rule for an exponential, and what is its exponent?",
    POWER_OF_FUNCTIONS: "look at {y}: what varies in it?",
    FUNCTION: "look at {y}: what is its derivative, and what is inside?",
    NEGATIVE: "look at the signs in {y}",
    SUM: OF_TERMS,
    DIFFERENCE: OF_TERMS,
    PLUS_CONSTANT: OF_CONSTANTS,
    MINUS_CONSTANT: OF_CONSTANTS,
    CONSTANT_MINUS: OF_CONSTANTS,
    WHOLE: "look at the question again: what exactly is asked for?",
    OTHER_VARIABLE: "look at the question again: by which variable?",
    OF_ANSWER: "look at the question again: what exactly is asked for?",
    SLIP: "the rules may be right: look at how the result was simplified",
}
