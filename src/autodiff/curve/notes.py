"""What a reader of a curve should know: its kinks, jumps, poles and gaps, in words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from autodiff.curve.breaks import Break
from autodiff.curve.curve import Curve, Gap
from autodiff.evaluate.numbers import rounded_text
from autodiff.language.errors import Note

MOST_NOTES = 5  # of one kind
IDS = {
    "kink": "kink",
    "vertical": "kink",
    "jump": "jump",
    "point": "jump",
    "hole": "gap",
    "pole": "pole",
    "oscillation": "gap",
}
PLURALS = {"kink": "kinks", "jump": "jumps", "gap": "gaps", "pole": "poles"}


def curve_notes(curve: Curve) -> list[Note]:
    """A note for each break and gap, from left to right; the sixth and later ones of a kind are counted.

    >>> from autodiff import Function
    >>> from autodiff.curve.curve import sample_curve
    >>> for note in curve_notes(sample_curve(Function("abs(x)*sqrt(x + 1)"), "x", -3, 3)):
    ...     print(note.message)
    not defined for x < -1
    kink at x = 0: slope -1 to the left, 1 to the right
    """
    described = [(gap.start, "gap", gap_words(curve, gap)) for gap in curve.gaps]
    described += [(found.x, IDS[found.kind], break_words(curve.variable, found)) for found in curve.breaks]
    described.sort(key=lambda entry: entry[0])
    notes = list(limited([(id, message) for _, id, message in described]))
    if not curve.complete:
        message = f"this changes too often to be followed everywhere; a shorter range of {curve.variable} shows more"
        notes.append(Note("coarse", message))
    return notes


def limited(described: Sequence[tuple[str, str]]) -> Iterator[Note]:
    counts = dict.fromkeys(PLURALS, 0)
    for id, message in described:
        counts[id] += 1
        if counts[id] <= MOST_NOTES:
            yield Note(id, message)
    for id, count in counts.items():
        if count == MOST_NOTES + 1:
            yield Note(id, f"there is 1 more {id}")
        elif count > MOST_NOTES:
            yield Note(id, f"there are {count - MOST_NOTES} more {PLURALS[id]}")


def break_words(variable: str, found: Break) -> str:
    kind, x, value, left, right = found
    place = f"{variable} = {rounded_text(x)}"
    if kind == "kink":
        return (
            f"kink at {place}: slope {rounded_text(left.slope)} to the left, {rounded_text(right.slope)} to the right"
        )
    if kind == "vertical":
        return f"the slope is infinite at {place}"
    if kind == "jump":
        there = f"; it is {rounded_text(value)} there" if math.isfinite(value) else ""
        return f"the value jumps from {rounded_text(left.value)} to {rounded_text(right.value)} at {place}{there}"
    if kind == "point":
        return f"the value at {place} is {rounded_text(value)}, and beside it {rounded_text(left.value)}"
    if kind == "hole":
        return f"not defined at {place}; the value tends to {rounded_text(left.value)} there"
    if kind == "oscillation":
        return f"not defined at {place}; the value has no limit there"
    if left.value == right.value:
        return f"pole at {place}: the value goes to {left.value:+g} on both sides"
    sides = [(side.value, word) for side, word in ((left, "left"), (right, "right")) if math.isinf(side.value)]
    return f"pole at {place}: the value goes to " + ", ".join(f"{limit:+g} on the {word}" for limit, word in sides)


def gap_words(curve: Curve, gap: Gap) -> str:
    words = "not defined" if gap.kind == "undefined" else "not finite"
    variable, low, high = curve.variable, rounded_text(gap.start), rounded_text(gap.end)
    before, behind = "<=" if gap.start_included else "<", "<=" if gap.end_included else "<"
    if gap.start == curve.lower and gap.end == curve.upper:
        return f"{words} anywhere from {variable} = {low} to {high}"
    if gap.start == curve.lower:
        return f"{words} for {variable} {behind} {high}"
    if gap.end == curve.upper:
        return f"{words} for {variable} {before.replace('<', '>')} {low}"
    return f"{words} for {low} {before} {variable} {behind} {high}"
