"""Formulas with one mistake made by chance, and whether two formulas are equal, by Python's parser and mpmath.

A mutant is the text with one of its parts altered, as our parser finds parts. What it means is computed here without
any of our code: Python reads it, with `**` for `^`, and mpmath has the functions, with 60 digits.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from random import Random
from typing import Any

from mpmath import mp, mpf

from autodiff.graph.compiler import parser
from autodiff.language.expression import Expression

# --- one mistake in a text ---

TERMS_OF, FACTORS_OF = ("add", "sub"), ("mul", "div")
Kind = Callable[[str, Sequence[Expression], Random], str | None]


def mutants(text: str, random: Random, count: int) -> Iterator[tuple[str, str]]:
    """So many different mutants, each with the kind of its mistake; fewer where the text has few parts."""
    parts = parser().parse(text).postorder()
    seen = {text}
    start = random.randrange(len(KINDS))
    for turn in range(4 * count):
        name, kind = KINDS[(start + turn) % len(KINDS)]
        mutant = kind(text, parts, random)
        if mutant is not None and mutant not in seen:
            seen.add(mutant)
            yield name, mutant
        if len(seen) > count:
            return


def with_sign(text: str, parts: Sequence[Expression], random: Random) -> str | None:
    """The sign of a term or a factor, or of all."""
    part = random.choice([*operands_of(parts, *TERMS_OF, *FACTORS_OF), parts[-1]])
    return replaced(text, part, "(-({}))")


def with_factor(text: str, parts: Sequence[Expression], random: Random) -> str | None:
    """A factor 2 on a term, or on all."""
    part = random.choice([*operands_of(parts, *TERMS_OF), parts[-1]])
    return replaced(text, part, "(2*({}))")


def with_exponent(text: str, parts: Sequence[Expression], random: Random) -> str | None:
    """An exponent that is greater or less by 1."""
    exponents = [part.operands[1] for part in parts if part.kind == "pow"]
    sign = random.choice("+-")
    return replaced(text, random.choice(exponents), f"(({{}}) {sign} 1)") if exponents else None


def without_term(text: str, parts: Sequence[Expression], random: Random) -> str | None:
    terms = operands_of(parts, *TERMS_OF)
    return replaced(text, random.choice(terms), "0") if terms else None


KINDS: tuple[tuple[str, Kind], ...] = (
    ("sign", with_sign),
    ("factor", with_factor),
    ("exponent", with_exponent),
    ("term", without_term),
)


def operands_of(parts: Sequence[Expression], *kinds: str) -> list[Expression]:
    return [operand for part in parts if part.kind in kinds for operand in part.operands]


def replaced(text: str, part: Expression, by: str) -> str:
    return text[: part.start] + by.format(text[part.start : part.end]) + text[part.end :]


# --- what a text means ---

DIGITS, ALIKE = 60, mpf(10) ** -25  # so near are values that are equal, whatever cancelled on the way
CANDIDATES, ENOUGH = 120, 12  # points
SPREADS = (1, 2, 4, 10)
HAS_NO_VALUE = (ZeroDivisionError, OverflowError, ValueError, TypeError, mp.NoConvergence)

CIRCULAR = [
    f"{arc}{name}{end}" for name in ("sin", "cos", "tan", "sec", "csc", "cot") for arc in ("", "a") for end in ("", "h")
]
SPECIAL = ("gamma", "loggamma", "beta", "erf", "erfc", "erfi", "fresnels", "besselj", "bessely", "besseli", "besselk")
FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{name: getattr(mp, name) for name in ("sqrt", "exp", "log", "ln", "sign", "atan2", *CIRCULAR, *SPECIAL)},
    "abs": mp.fabs,
    "min": min,
    "LambertW": mp.lambertw,
    "polygamma": lambda order, x: mp.psi(int(order), x),
}
OPERATIONS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: mp.power,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}
LEADING_ZEROS = re.compile(r"(?<![\w.])0+(?=\d)")
Point = Mapping[str, Any]


class Meaning:
    """A formula as Python reads it, for numbers of mpmath; `variables` are constants like e only if they are named."""

    def __init__(self, text: str, named: Collection[str] = ()) -> None:
        for_python = LEADING_ZEROS.sub("", text.replace("^", "**")).strip()
        self.tree = ast.parse(for_python, mode="eval").body
        called = {id(node.func) for node in ast.walk(self.tree) if isinstance(node, ast.Call)}
        names = {node.id for node in ast.walk(self.tree) if isinstance(node, ast.Name) and id(node) not in called}
        self.variables = names - ({"pi", "e"} - set(named))

    def at(self, point: Point) -> Any:
        """Its value, perhaps a complex one; None where it has none."""
        try:
            value = value_of(self.tree, {"pi": mp.pi, "e": mp.e, **point})
        except HAS_NO_VALUE:
            return None
        return value if mp.isfinite(value) else None

    def real_at(self, point: Point) -> Any:
        value = self.at(point)
        return None if value is None or mp.im(value) else mp.re(value)


def value_of(node: ast.AST, point: Point) -> Any:
    match node:
        case ast.Constant(value=number):
            return mpf(repr(number))  # a decimal fraction is what it says
        case ast.Name(id=name):
            return point[name]
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return FUNCTIONS[name](*(value_of(argument, point) for argument in arguments))
        case ast.UnaryOp(op=sign, operand=operand):
            return OPERATIONS[type(sign)](value_of(operand, point))
        case ast.BinOp(left=left, op=sign, right=right):
            return OPERATIONS[type(sign)](value_of(left, point), value_of(right, point))
    raise NotImplementedError(ast.dump(node))


def differ(function: str, right: str, other: str, variable: str) -> bool:
    """Whether a formula has another value than the right one anywhere: at points where the function and both are real;
    if there are none, at complex ones. One that has no value anywhere differs."""
    meanings = [Meaning(text, [variable]) for text in (function, right, other)]
    names = sorted(set().union(*(meaning.variables for meaning in meanings)))
    random = Random(other)
    compared = 0
    with mp.workdps(DIGITS):
        for count in range(CANDIDATES):
            point = real_point(names, count, random)
            values = [meaning.real_at(point) for meaning in meanings]
            if None not in values:
                compared += 1
                if not are_alike(values[1], values[2]):
                    return True
            if compared == ENOUGH:
                return False
        for _ in range(0 if compared else ENOUGH):
            point = complex_point(names, random)
            first, second = (meaning.at(point) for meaning in meanings[1:])
            if first is not None and second is not None:
                compared += 1
                if not are_alike(first, second):
                    return True
    return not compared


def are_alike(first: Any, second: Any) -> bool:
    return bool(abs(first - second) <= ALIKE * max(abs(first), abs(second)))


def real_point(names: Sequence[str], count: int, random: Random) -> Point:
    high = SPREADS[count // 2 % len(SPREADS)]
    low = 0 if count % 2 else -high
    return {name: low + (high - low) * mpf(random.randrange(1, 10**6)) / 10**6 for name in names}


def complex_point(names: Sequence[str], random: Random) -> Point:
    return {name: mp.mpc(random.randrange(1, 2000), random.randrange(-1000, 1000)) / 1000 for name in names}


def constant_difference(first: str, second: str) -> int | None:
    """The integer by which two formulas differ everywhere; None if there is none."""
    meanings = [Meaning(text) for text in (first, second)]
    names = sorted(set().union(*(meaning.variables for meaning in meanings)))
    random = Random(first)
    with mp.workdps(DIGITS):
        points = [complex_point(names, random) for _ in range(ENOUGH)]
        differences = [meanings[0].at(point) - meanings[1].at(point) for point in points]
        nearest = int(mp.nint(mp.re(differences[0])))
        return nearest if all(abs(difference - nearest) < ALIKE for difference in differences) else None
