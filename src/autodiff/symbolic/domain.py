"""Where a short form has a value and the longer one that it stands for had none: x/x is 1 except at 0."""

from __future__ import annotations

from collections.abc import Iterable

from autodiff.graph.table import PRIMITIVES
from autodiff.symbolic.exact import Exact
from autodiff.symbolic.forms import APPLY, PRODUCT, SUM
from autodiff.symbolic.normal import Normal
from autodiff.symbolic.parts import is_exponential, parts_of_factors

NONZERO, NOT_NEGATIVE, UNDEFINED = "nonzero", "not negative", "undefined"
DENOMINATORS = {"tan": "cos", "sec": "cos", "cot": "sin", "csc": "sin", "coth": "sinh", "csch": "sinh", "inv": "det"}
# A condition on a form: its kind, or the name of a function, and the form.
Condition = tuple[str, int]


def conditions(normal: Normal, results: Iterable[int]) -> set[Condition]:
    """What must hold where `results` have values: denominators, roots, and the operands of functions with a domain."""
    found: set[Condition] = set()
    seen: set[int] = set()
    waiting = list(results)
    while waiting:
        position = waiting.pop()
        if position in seen:
            continue
        seen.add(position)
        kind, part = normal.kinds[position], normal.parts[position]
        if kind == PRODUCT:
            for base, exponent in part:
                found |= conditions_of_power(normal, base, exponent)
            waiting += parts_of_factors(normal, part)
        elif kind == APPLY:
            found |= conditions_of_application(normal, position)
            waiting += part.operands
        elif kind == SUM:
            waiting += [term for term, _ in part]
    return found


def conditions_of_power(normal: Normal, base: int, exponent: Exact) -> set[Condition]:
    found: set[Condition] = set()
    if is_exponential(normal, base):  # x^n is 0 where x is
        base = normal.parts[base].operands[0]
    if normal.is_positive(base):
        return found
    if exponent < 0:
        found.add((NONZERO, base))
    if exponent.denominator != 1:
        found.add((NOT_NEGATIVE, base))
    return found


def conditions_of_application(normal: Normal, position: int) -> set[Condition]:
    primitive, operands, payload = normal.parts[position]
    if primitive.name in ("log", "log2", "log10"):
        return {(NONZERO, operands[0]), (NOT_NEGATIVE, operands[0])}
    if primitive.name in DENOMINATORS:  # tan(u) has no value where cos(u) is 0
        denominator = normal.index.get((PRIMITIVES[DENOMINATORS[primitive.name]], operands, payload))
        return {(primitive.name, position)} if denominator is None else {(NONZERO, denominator)}
    if primitive.name == "pow":
        base, _ = operands
        return set() if normal.is_positive(base) else {(NONZERO, base), (NOT_NEGATIVE, base)}
    return {(primitive.name, position)} if primitive.domain else set()


def lost_conditions(normal: Normal, results: list[int]) -> list[Condition]:
    """Those of what was cancelled that the results don't have."""
    if not normal.cancelled:
        return []
    lost: set[Condition] = set()
    for base, exponent in normal.cancelled:
        lost |= conditions_of_power(normal, base, exponent) | conditions(normal, [base])
    left = lost - conditions(normal, results)
    return sorted((kind, form) for kind, form in left if (kind, form) not in implied(normal, results, left))


def implied(normal: Normal, results: list[int], left: set[Condition]) -> set[Condition]:
    """Those that say no more than others: of an even root or a square nothing is lost where its base is there."""
    return {(kind, form) for kind, form in left if kind in (NONZERO, NOT_NEGATIVE) and is_always(normal, form)}


def is_always(normal: Normal, form: int) -> bool:
    """Whether a form is positive wherever it has a value: exp, cosh, x^2 + 1."""
    kind, part = normal.kinds[form], normal.parts[form]
    if kind == APPLY:
        return normal.is_power_of_positive(form) or part.primitive.name in ("cosh", "sech", "sigmoid")
    if kind != SUM:
        return False
    has_positive = False
    for term, coefficient in part:
        if coefficient < 0:
            return False
        factors = normal.factors(term)[1]
        if any(
            exponent.denominator == 1 and exponent % 2 and not is_always(normal, base) for base, exponent in factors
        ):
            return False
        has_positive |= not factors or all(is_always(normal, base) for base, _ in factors)
    return has_positive


def message(kind: str, form: str) -> str:
    """What a note says about a condition on `form`."""
    if kind == NONZERO:
        return f"cancelled: this holds except where {form} is 0"
    if kind == UNDEFINED:
        return f"this form has no value where {form} is 0, and the derivative has; autodiff eval computes it there too"
    if kind == NOT_NEGATIVE:
        return f"cancelled: this holds only where {form} is not negative"
    return f"cancelled: this holds only where {form} has a value"
