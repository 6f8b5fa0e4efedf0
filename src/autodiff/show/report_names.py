"""Names of students on a report: as they are sorted, and left out."""

from __future__ import annotations

import re
from collections.abc import Callable
from unicodedata import combining, normalize

from autodiff.graph.table import PRIMITIVES

LEFT_OUT = "[name]"
SHORTEST = 3  # letters that a part of a name has to have, to be told from a variable


def sort_key(name: str) -> str:
    """The letters without case and accents, so that `Özil` stands among the names with O.

    >>> sorted(["Zoe", "özil", "Ott", "Pia"], key=sort_key)
    ['Ott', 'özil', 'Pia', 'Zoe']
    """
    return "".join(letter for letter in normalize("NFKD", name).casefold() if not combining(letter))


def without(name: str) -> Callable[[str], str]:
    """Leaves a student's own name out of a text, whole or in part. What is a function, as `Tan`, stays in formulas.

    >>> without("Anna Tan")("2x  # by ANNA TAN, or Anna, not tan(x) of Annabel")
    '2x  # by [name], or [name], not tan(x) of Annabel'
    """
    parts = [part for part in re.findall(r"\w+", name) if len(part) >= SHORTEST and part.casefold() not in PRIMITIVES]
    whole = [name.strip()] if parts or " " in name.strip() else []
    if not whole:
        return str
    wanted = "|".join(re.escape(text) for text in sorted({*whole, *parts}, key=len, reverse=True))
    pattern = re.compile(rf"(?<!\w)(?:{wanted})(?!\w)", re.IGNORECASE)
    return lambda text: pattern.sub(LEFT_OUT, text)
