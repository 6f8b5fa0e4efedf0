"""The tree that was parsed."""

from __future__ import annotations

from autodiff.language.errors import Span


class Expression:
    """One construct of the text: its kind, its operands, its place.

    `kind` is an operation (`add`, `pow`, `lt`, ...) or one of `number`, `name`, `call`, `primed`, `keyword`, `group`,
    `tuple`, `array`, `index`, `slice`, `transposed`, `juxtaposition`, `chain`, `assignment`, `definition`, `program`.
    `text` is the number, the name that is used, called, assigned or defined, the comparison that goes on a chain, or
    the form of a slice; of a `primed` call, the name with its primes: `f''`. The last operand of a `definition` is its
    body, the others are its parameters.
    Nothing here recurses, so a tree may be 100,000 deep; equality is identity.
    """

    __slots__ = ("end", "kind", "operands", "start", "text")

    def __init__(self, kind: str, operands: tuple[Expression, ...], start: int, end: int, text: str = "") -> None:
        self.kind = kind
        self.operands = operands
        self.start = start
        self.end = end
        self.text = text

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    @property
    def function(self) -> str:
        """The name that a call calls, without primes."""
        return self.text.rstrip("'")

    @property
    def primes(self) -> int:
        return len(self.text) - len(self.function)

    def last_factor(self) -> Expression:
        """What stands at the right end of a product: `y` in `-x*y`."""
        expression = self
        while expression.kind in ("mul", "juxtaposition", "neg", "pos"):
            expression = expression.operands[-1]
        return expression

    def last_name(self) -> Expression | None:
        """The name at the right end of a product, as a factor or the exponent of one; None if none stands there."""
        factor = self.last_factor()
        if factor.kind == "pow":
            factor = factor.operands[1].last_factor()
        return factor if factor.kind == "name" else None

    def postorder(self, except_in: str = "") -> list[Expression]:
        """Every construct, operands before what is made of them, otherwise in the order of the text.

        What is inside of constructs of the kind `except_in` is left out.
        """
        order: list[Expression] = []
        stack = [self]
        while stack:
            expression = stack.pop()
            order.append(expression)
            if expression.kind != except_in:
                stack.extend(expression.operands)
        order.reverse()
        return order
