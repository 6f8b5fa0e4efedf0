"""Did you mean?"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str], count: int = 3) -> list[str]:
    """The known names that somebody may have meant by `name`, the nearest first."""
    candidates = list(known)
    by_case = [candidate for candidate in candidates if candidate.lower() == name.lower() and candidate != name]
    close = get_close_matches(name[:50], candidates, n=count, cutoff=0.7)
    return list(dict.fromkeys(by_case + close))[:count]


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`did you mean sin, sinh?`, or nothing."""
    matches = nearest(name, known)
    return f"did you mean {', '.join(matches)}?" if matches else ""


def product_of(name: str, known: Iterable[str]) -> str:
    """`x*y` for `xy` if x and y are known; where only some letters are, each letter has to be a factor."""
    names = set(known)
    for split in range(1, len(name)):
        if name[:split] in names and name[split:] in names:
            return f"{name[:split]}*{name[split:]}"
    if 1 < len(name) <= 4 and name.isalpha() and name.islower() and names.intersection(name):
        return "*".join(name)
    return ""


def variable_before_function(name: str, functions: Iterable[str]) -> str:
    """`did you mean x*sin(...)?` for `xsin`."""
    ends = [function for function in functions if name.endswith(function) and len(name) - len(function) in (1, 2)]
    longest = max(ends, key=len, default="")
    return f"did you mean {name.removesuffix(longest)}*{longest}(...)?" if longest else ""
