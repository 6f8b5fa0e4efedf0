"""Pieces of a formula, of any length, as parts of a message."""

from __future__ import annotations


def shortened(text: str, most: int = 200) -> str:
    """
    >>> shortened("sin(x) + cos(y)", most=8)
    'sin(x) …'
    """
    return text if len(text) <= most else text[: most - 1] + "…"
