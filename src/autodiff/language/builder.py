"""What each reduction of the grammar builds: one function per alias in grammar/expression.lark."""

from __future__ import annotations

from typing import Any

from autodiff.language.errors import AutodiffError, Span
from autodiff.language.expression import Expression

# A Token or an Expression: which of the two stands where is the grammar's to say, out of a type checker's sight.
Piece = Any

BINARY = {
    "OR": "or",
    "AND": "and",
    "PLUS": "add",
    "MINUS": "sub",
    "TIMES": "mul",
    "MATMUL": "matmul",
    "DIVIDE": "div",
    "POWER": "pow",
}
PREFIX = {"NOT": "not", "PLUS": "pos", "MINUS": "neg"}
COMPARISONS = {
    "<": "lt",
    "<=": "le",
    "≤": "le",
    ">": "gt",
    ">=": "ge",
    "≥": "ge",
    "==": "eq",
    "!=": "ne",
    "≠": "ne",
}
RADICALS = {"√": "sqrt", "∛": "cbrt"}
SUPERSCRIPTS = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")


def plain_name(written: str) -> str:
    """The name that a person means by it: `𝐵` is `B`, `x₁` is `x1`, `ℼ` is `π` (Unicode's NFKC), `∞` is `inf`."""
    if written.isascii():
        return written
    from unicodedata import normalize

    return "inf" if written == "∞" else normalize("NFKC", written)


class ExpressionBuilder:
    """The callbacks of the parser. Without state: one object serves every parse."""

    def program(self, children: list[Expression]) -> Expression:
        end = children[-1].end if children else 0
        return Expression("program", tuple(children), 0, end)

    def assignment(self, children: list[Piece]) -> Expression:
        return named("assignment", children)

    def definition(self, children: list[Piece]) -> Expression:
        function, _, *parameters, _, _, body = children
        names = tuple(self.name([parameter]) for parameter in parameters)
        return Expression("definition", (*names, body), function.start, body.end, plain_name(function.text))

    def keyword(self, children: list[Piece]) -> Expression:
        return named("keyword", children)

    def binary(self, children: list[Piece]) -> Expression:
        left, operator, right = children
        return Expression(BINARY[operator.kind], (left, right), left.start, right.end)

    def prefix(self, children: list[Piece]) -> Expression:
        operator, operand = children
        return Expression(PREFIX[operator.kind], (operand,), operator.start, operand.end)

    def comparison(self, children: list[Piece]) -> Expression:
        left, operator, right = children
        return Expression(COMPARISONS[operator.text], (left, right), left.start, right.end)

    def longer_comparison(self, children: list[Piece]) -> Expression:
        chain, operator, right = children  # a < b < c: the chain compares its last operand, b, with c
        return Expression("chain", (chain, right), chain.start, right.end, COMPARISONS[operator.text])

    def juxtaposition(self, children: list[Piece]) -> Expression:
        left, right = children
        return Expression("juxtaposition", (left, right), left.start, right.end)

    def superscript(self, children: list[Piece]) -> Expression:
        base, token = children
        exponent = signed_number(token, token.text.translate(SUPERSCRIPTS))
        return Expression("pow", (base, exponent), base.start, exponent.end)

    def factorial(self, children: list[Piece]) -> Expression:
        operand, token = children
        return Expression("call", (operand,), operand.start, token.end, "factorial")

    def transposed(self, children: list[Piece]) -> Expression:
        operand, token = children
        return Expression("transposed", (operand,), operand.start, token.end)

    def index(self, children: list[Piece]) -> Expression:
        operand, _, *subscripts, closer = children
        return Expression("index", (operand, *subscripts), operand.start, closer.end)

    def slice(self, children: list[Piece]) -> Expression:
        """Its text shows which parts there are: `a:a`, `:a`, `a::a`."""
        text = "".join(":" if child.kind == "COLON" else "a" for child in children)
        parts = tuple(child for child in children if child.kind != "COLON")
        return Expression("slice", parts, children[0].start, children[-1].end, text)

    def number(self, children: list[Piece]) -> Expression:
        (token,) = children
        return Expression("number", (), token.start, token.end, token.text)

    def name(self, children: list[Piece]) -> Expression:
        (token,) = children
        return Expression("name", (), token.start, token.end, plain_name(token.text))

    def group(self, children: list[Piece]) -> Expression:
        return enclosed("group", children)

    def tuple(self, children: list[Piece]) -> Expression:
        return enclosed("tuple", children)

    def array(self, children: list[Piece]) -> Expression:
        return enclosed("array", children)

    def absolute(self, children: list[Piece]) -> Expression:
        return enclosed("call", children, "abs")

    def radical(self, children: list[Piece]) -> Expression:
        sign, operand = children
        return Expression("call", (operand,), sign.start, operand.end, RADICALS[sign.text])

    def call(self, children: list[Piece]) -> Expression:
        function, _, *operands, closer = children
        return called(function, operands, closer)

    def primed_call(self, children: list[Piece]) -> Expression:
        function, primes, _, *operands, closer = children
        name = plain_name(function.text) + "'" * prime_count(primes.text)
        return Expression("primed", (*operands,), function.start, closer.end, name)

    def powered_call(self, children: list[Piece]) -> Expression:
        # sin^2(x) and sin²(x) are sin(x)^2
        function = children[0]
        index = 1 if children[1].kind == "SUPERSCRIPT" else 2
        power, (_, *operands, closer) = children[index], children[index + 1 :]
        exponent = signed_number(power, power.text.translate(SUPERSCRIPTS))
        if exponent.kind == "neg":
            raise inverse_notation(function, closer, power.text.translate(SUPERSCRIPTS))
        call = called(function, operands, closer)
        return Expression("pow", (call, exponent), call.start, call.end)

    def inverted_call(self, children: list[Piece]) -> Expression:
        raise inverse_notation(children[0], children[-1], f"-{children[3].text}")


def prime_count(written: str) -> int:
    """How many primes they are: the character `″` is two."""
    if written.isascii():
        return len(written)
    from unicodedata import normalize

    return len(normalize("NFKC", written))


def signed_number(token: Piece, digits: str) -> Expression:
    start, end = token.start, token.end
    number = Expression("number", (), start, end, digits.lstrip("+-"))
    return Expression("neg", (number,), start, end) if digits.startswith("-") else number


def named(kind: str, children: list[Piece]) -> Expression:
    name, _, value = children
    return Expression(kind, (value,), name.start, value.end, plain_name(name.text))


def enclosed(kind: str, children: list[Piece], text: str = "") -> Expression:
    opener, *operands, closer = children
    return Expression(kind, tuple(operands), opener.start, closer.end, text)


def called(function: Piece, operands: list[Piece], closer: Piece) -> Expression:
    return Expression("call", tuple(operands), function.start, closer.end, plain_name(function.text))


HAVE_INVERSE = {"sin", "cos", "tan", "sec", "csc", "cot", "sinh", "cosh", "tanh", "sech", "csch", "coth"}


def inverse_notation(function: Piece, closer: Piece, power: str = "-1") -> AutodiffError:
    name = function.text
    reciprocal = f"1/{name}(...)" + ("" if power == "-1" else f"^{power[1:]}")
    inverse = f"a{name}(...) or " if name in HAVE_INVERSE and power == "-1" else ""
    return AutodiffError(
        "inverse-notation",
        f"'{name}^{power}(...)' could mean the inverse function or the reciprocal",
        Span(function.start, closer.end),
        f"write {inverse}{reciprocal}",
    )
