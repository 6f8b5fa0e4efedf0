"""One row of the table of wrong rules, and the patterns of nodes to which they apply."""

from __future__ import annotations

from typing import NamedTuple

PRODUCT, MULTIPLE, DIVIDED = "product", "multiple", "divided"
QUOTIENT, RECIPROCAL, RECIPROCAL_POWER = "quotient", "reciprocal", "reciprocal power"
POWER, EXPONENTIAL, POWER_OF_FUNCTIONS = "power", "exponential", "power of functions"
FUNCTION, NEGATIVE = "function", "negative"
SUM, DIFFERENCE = "sum", "difference"
PLUS_CONSTANT, MINUS_CONSTANT, CONSTANT_MINUS = "plus constant", "minus constant", "constant minus"
WHOLE, OTHER_VARIABLE, OF_ANSWER, SLIP = "whole", "other variable", "of the answer", "slip"


class WrongRule(NamedTuple):
    """A mistake that a student may make at the nodes of one pattern, and of one of `functions` if there are any;
    with `inner` only where the operand is not the variable itself. `rare` ones are ranked last.

    `wrong` has what is taken for the derivative of the node then, in the language of autodiff; several are several
    ways of making the same mistake. In it `u` and `v` are the operands that vary, `du` and `dv` their derivatives, `c`
    is a constant operand, `n` a constant exponent, `b` a constant base, `y` the node itself and `x` what is
    differentiated by. Of a function `slope` is its derivative at u, `slope_x` that at x, `slope_du` that at du, and
    `y_du` the function at du. For the whole derivative `f` is the function, `d` the right derivative, `once` the first
    one, `before` and `after` those of an order less and more, `other` that by another variable, and `order` how often
    is differentiated. Rules of the answer say what its own derivative is.

    `message` is the sentence for the student, `teacher` that for the teacher; {y}, {u} and {v} are parts of the text.
    """

    id: str
    pattern: str
    wrong: tuple[str, ...]
    message: str
    teacher: str
    functions: frozenset[str] = frozenset()
    inner: bool = False
    rare: bool = False
