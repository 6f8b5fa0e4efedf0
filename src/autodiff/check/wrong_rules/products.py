"""Wrong rules for products, constant factors and signs."""

from __future__ import annotations

from autodiff.check.wrong_rules.rule import DIVIDED, MULTIPLE, NEGATIVE, PRODUCT, WrongRule

ROWS = (
    WrongRule(
        "product-of-derivatives",
        PRODUCT,
        ("du*dv",),
        "the derivative of a product is not the product of the derivatives: {y}",
        "product rule as u'*v'",
    ),
    WrongRule(
        "product-minus",
        PRODUCT,
        ("du*v - u*dv", "u*dv - du*v"),
        "the product rule has a plus: {y}",
        "product rule with a minus",
    ),
    WrongRule(
        "product-own-derivatives",
        PRODUCT,
        ("u*du + v*dv",),
        "in the product rule each derivative is times the other factor: {y}",
        "product rule as u'*u + v'*v",
    ),
    WrongRule(
        "product-term-missing",
        PRODUCT,
        ("du*v", "u*dv"),
        "the product rule has two terms, and one of them is missing: {y}",
        "a term of the product rule missing",
    ),
    WrongRule(
        "product-as-sum",
        PRODUCT,
        ("du + dv",),
        "{y} is a product, and no sum",
        "product differentiated as a sum",
    ),
    WrongRule(
        "product-as-quotient",
        PRODUCT,
        ("(du*v - u*dv)/v^2",),
        "{y} is a product, and no quotient",
        "quotient rule for a product",
    ),
    WrongRule(
        "constant-factor-lost",
        MULTIPLE,
        ("du",),
        "the constant factor of {y} stays",
        "constant factor lost",
    ),
    WrongRule(
        "constant-factor-differentiated",
        MULTIPLE,
        ("c*du + u", "0"),
        "the factor in front of {u} is a constant, which stays",
        "product rule with 1 for the derivative of a constant",
    ),
    WrongRule(
        "constant-factor-added",
        MULTIPLE,
        ("c + du",),
        "the constant of {y} is a factor, and no summand",
        "constant factor added",
    ),
    WrongRule(
        "constant-factor-squared",
        MULTIPLE,
        ("c*c*du",),
        "the constant factor of {y} stands there once",
        "constant factor twice",
    ),
    WrongRule(
        "constant-factor-lost",
        DIVIDED,
        ("du",),
        "the constant below the bar of {y} stays",
        "constant factor lost",
    ),
    WrongRule(
        "constant-factor-differentiated",
        DIVIDED,
        ("-u/c^2 + du/c",),
        "what {u} is divided by is a constant: its derivative is 0",
        "quotient rule with 1 for the derivative of a constant",
    ),
    WrongRule(
        "constant-denominator-squared",
        DIVIDED,
        ("du/c^2",),
        "the constant below the bar of {y} is not squared",
        "constant denominator squared, as in the quotient rule",
    ),
    WrongRule(
        "constant-factor-inverted",
        DIVIDED,
        ("c*du",),
        "{u} is divided by the constant, and not multiplied by it",
        "multiplied by a constant denominator",
    ),
    WrongRule(
        "sign-lost",
        NEGATIVE,
        ("du",),
        "the minus of {y} got lost",
        "minus lost",
    ),
)
