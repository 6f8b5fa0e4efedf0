"""Did you mean?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches

# What other languages have, and what to write here.
ELSEWHERE = {
    "In": "did you mean ln?",
    "avg": "write (a + b)/2",
    "binomial": "write n!/(k!*(n - k)!)",
    "comb": "write n!/(k!*(n - k)!)",
    **dict.fromkeys(
        ("D", "deriv", "derivative", "Derivative", "derive", "differentiate", "grad", "gradient"),
        "did you mean diff(expr, x)?",
    ),
    "frac": "write x - floor(x)",
    "gcd": "greatest common divisors are not part of the language",
    "int": "integrals are not part of the language; floor(x) rounds down",
    "integrate": "integrals are not part of the language",
    "limit": "limits are not part of the language",
    "perm": "write n!/(n - k)!",
    "product": "write the factors with * between them",
    "sum": "write the terms with + between them",
    "switch": "write piecewise(condition, a, ..., otherwise)",
    "trunc": "write sign(x)*floor(abs(x))",
}


def did_you_mean(name: str, known: Iterable[str], count: int = 3) -> str:
    """`did you mean sin, sinh?`, the nearest first, or nothing."""
    candidates = list(known)
    by_case = [candidate for candidate in candidates if candidate.lower() == name.lower() and candidate != name]
    close = get_close_matches(name[:50], candidates, n=count, cutoff=0.6 if len(name) <= 4 else 0.7)
    matches = list(dict.fromkeys(by_case + close))[:count]
    return f"did you mean {', '.join(matches)}?" if matches else ""


def function_meant(name: str, functions: Collection[str]) -> str:
    """What somebody may have meant by calling `name`, or nothing."""
    if name in ELSEWHERE:
        return ELSEWHERE[name]
    if name.startswith("log_") and len(name) > 4:
        return f"write log(x, {name[4:]})"
    return variable_before_function(name, functions) or did_you_mean(name, functions)


def variable_before_function(name: str, functions: Iterable[str]) -> str:
    """`did you mean x*sin(...)?` for `xsin`."""
    ends = [function for function in functions if name.endswith(function) and len(name) == len(function) + 1]
    longest = max(ends, key=len, default="")
    return f"did you mean {name.removesuffix(longest)}*{longest}(...)?" if len(longest) > 1 else ""


def call_of(name: str, functions: Iterable[str]) -> str:
    """`sin(x)` for `sinx`."""
    starts = [function for function in functions if name.startswith(function) and len(name) - len(function) in (1, 2)]
    longest = max(starts, key=len, default="")
    return f"{longest}({name[len(longest) :]})" if len(longest) > 1 else ""


def product_of(name: str, known: Iterable[str]) -> str:
    """`x*y` for `xy` if x and y are known, or one of two letters is."""
    names = set(known)
    if len(name) > 60:
        return ""
    for split in range(1, len(name)):
        if name[:split] in names and name[split:] in names:
            return f"{name[:split]}*{name[split:]}"
    if len(name) == 2 and name.isalpha() and names.intersection(name):
        return "*".join(name)
    return ""
