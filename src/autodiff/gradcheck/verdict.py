"""The verdict on one entry of a gradient, and the numbers that it rests on."""

from __future__ import annotations

import math
from typing import Any

from autodiff.evaluate.numbers import with_precision
from autodiff.evaluate.program import Backend
from autodiff.gradcheck.differences import (
    Difference,
    Side,
    bits_for,
    central_difference,
    has_corner,
    meet,
    one_sided,
    plain_difference,
    points_beside,
)
from autodiff.gradcheck.row import (
    INFINITE,
    KINK,
    MISMATCH,
    NOT_FINITE,
    OK,
    ROUNDED,
    UNDECIDED,
    Question,
    Row,
    as_number,
)
from autodiff.gradcheck.section import Section

RELATIVE = 1e-12  # what reverse mode in binary64 may lose in an ordinary formula
SHARP = 1e-4  # a numeric derivative with a larger relative error decides nothing
NEGLIGIBLE = 1e-6  # of the derivative's natural scale: a zero found to this in binary64 is a zero
NEGLIGIBLE_WITH_DIGITS = 1e-20
SMALLEST = 2.0**-1072  # a few of the smallest numbers there are
VANISHING = 2.0**-700  # an error of a zero where the function itself is 0
LARGEST = 1.7976931348623157e308
SURE = 4.0
MORE_BITS = 768  # where the derivative is tiny beside the value
BITS_TO_COMPARE = 256
BITS_OF_RULES = 400
RULES_LOSE = 2.0**-300  # of what binary64 may lose
SAME_RULE = 1e-9


def judged(question: Question, method: str, step: float | None, suspicious: bool) -> Row:
    """The verdict: of the method that was asked for where it is sure, else of many digits.

    `suspicious` are points at which a numeric derivative may agree by luck, as that of abs does at 0.
    """
    if method != "precise":
        found = measured(question, method, step)
        finite = math.isfinite(question.checked) and math.isfinite(question.reverse)
        if finite and not suspicious and not found.bends and confirms(found, question):
            return question.row(OK, method, found.value, found.error)
    row = judged_with_digits(question)
    if suspicious and row.verdict.startswith(MISMATCH) and row.given is None and not row.detail:
        return row._replace(detail="the formula meets a kink on the way, and is differentiable nevertheless")
    return row


def measured(question: Question, method: str, step: float | None) -> Difference:
    """The derivative by the method that was asked for."""
    section, entry, _, _ = question
    x = section.value_of(entry)
    line = section.function(entry, section.backend)
    if method == "complex":  # which sees one side of a corner only
        from autodiff.evaluate.complex_step import complex_backend
        from autodiff.gradcheck.complex_differences import complex_step_difference

        found = complex_step_difference(section.function(entry, complex_backend(section.backend.has_arrays)), x)
        return found._replace(bends=has_corner(line, x))
    return central_difference(line, x) if step is None else plain_difference(line, x, step)


def confirms(found: Difference, question: Question) -> bool:
    """Whether the number is the derivative to within the error, and the error is small enough to tell."""
    value, error, scale, _ = found
    checked = question.checked
    largest = max(abs(value), abs(checked))
    sharp = error <= SHARP * largest or (question.is_zero and error <= max(NEGLIGIBLE * scale, VANISHING))
    return sharp and abs(checked - value) <= error + RELATIVE * largest + SMALLEST


def judged_with_digits(question: Question) -> Row:
    """The verdict of differences to both sides with many digits, and with more where those don't decide."""
    x = question.section.value_of(question.entry)
    if not math.isfinite(x):
        return question.row(NOT_FINITE, "precise", detail=f"{question.entry} is not finite")
    row = judged_with(question, x, bits_for(x), 0)
    if row.verdict.startswith(OK) or row.numeric_agrees:
        return row
    bits = bits_for(x) + MORE_BITS
    return judged_with(question, x, bits, rounding_of_values(question, x, bits))


def rounding_of_values(question: Question, x: float, bits: int) -> Any:
    """How far the values that differences are taken of are off, by what they change with still more digits.

    Where large terms cancel it is far more than the last digit, and would be taken for a jump.
    """
    finer = backend_of_digits(question.section, bits + BITS_TO_COMPARE).number(1.0).context
    line, finer_line = (
        question.section.function(question.entry, backend_of_digits(question.section, count))
        for count in (bits, bits + BITS_TO_COMPARE)
    )
    changes = [finer.zero]
    for point in points_beside(backend_of_digits(question.section, bits).number(1.0).context, x):
        value, finer_value = line(point), finer_line(finer.make_mpf(point._mpf_))
        if finer.isfinite(finer_value):
            changes.append(abs(finer.make_mpf(value._mpf_) - finer_value))
    return 2 * max(changes)


def judged_with(question: Question, x: float, bits: int, noise: Any) -> Row:
    """The verdict of differences to both sides with so many bits."""
    section, entry, _, _ = question
    backend = backend_of_digits(section, bits)
    mp = backend.number(1.0).context
    line = section.function(entry, backend)
    here = line(mp.mpf(x))
    if not mp.isfinite(here):
        return question.row(UNDECIDED, "precise", detail="the point is in the domain only after rounding")
    left, right = (one_sided(mp, line, x, direction, noise) for direction in (-1, 1))
    sides = {
        "left": None if left is None else as_number(settled(left.slope, left.error)),
        "right": None if right is None else as_number(settled(right.slope, right.error)),
    }
    if any(side is not None and side.error == math.inf for side in (left, right)):
        return question.row(UNDECIDED, "precise", **sides, detail="the differences to one side don't settle")
    if left is None and right is None:
        return question.row(KINK, "precise", **sides, detail="there is no value on either side")
    if left is None or right is None:
        side, place = (left, "left") if right is None else (right, "right")
        assert side is not None
        return judged_slope(question, side.slope, side.error, here, f"from the {place}", sides)
    if left.jumps or right.jumps:
        jump = f"the value jumps from {in_short(left.beside)} to {in_short(right.beside)}"
        if in_short(left.beside) == in_short(right.beside):
            jump = f"the value is {in_short(here)} here and {in_short(left.beside)} on both sides"
        return question.row(KINK, "precise", **sides, detail=jump)
    if not meet(left, right):
        return judged_kink(question, left, right, sides)
    slope = (left.slope + right.slope) / 2 if mp.isfinite(left.slope) else left.slope
    return judged_slope(question, slope, abs(left.slope - slope) + left.error + right.error, here, "", sides)


def settled(slope: Any, error: Any) -> Any:
    """The slope, and 0 for what is 0 to its error."""
    return slope if abs(slope) > error else 0 * error


def backend_of_digits(section: Section, bits: int) -> Backend:
    if not section.backend.has_arrays:
        from autodiff.evaluate.digits import digits

        return digits(bits)
    from autodiff.evaluate.digits.arrays import digit_arrays

    return digit_arrays(bits)


def in_short(value: Any) -> str:
    number = as_number(value)
    assert number is not None
    return with_precision(number, 9)


def judged_kink(question: Question, left: Side, right: Side, sides: dict[str, float | None]) -> Row:
    """Between the one-sided derivatives every number has its right; what was given and lies elsewhere is wrong."""
    low, high = sorted((left.slope, right.slope))
    slack = RELATIVE * max(abs(low), abs(high)) + (question.stated.half_unit if question.stated else 0)
    if low - slack <= question.checked <= high + slack:
        return question.row(KINK, "precise", **sides)
    detail = "what was checked is none of the one-sided derivatives, and not between them"
    return question.row(KINK if question.stated is None else MISMATCH, "precise", **sides, detail=detail)


def judged_slope(
    question: Question, slope: Any, error: Any, here: Any, side: str, sides: dict[str, float | None]
) -> Row:
    """The verdict where there is one derivative, or one side that has one."""
    checked = question.checked
    more: dict[str, Any] = sides if side else {}
    if abs(slope) == math.inf:
        verdict = INFINITE if checked == slope else KINK
        return question.row(verdict, "precise", slope, **sides, detail=f"approached {side}" if side else "")
    if abs(slope) > LARGEST:
        verdict = OK if checked * slope == math.inf else MISMATCH
        return question.row(verdict, "precise", slope, **more, detail="the derivative is beyond the largest binary64")
    if not math.isfinite(checked):
        return question.row(NOT_FINITE, "precise", slope, error, **more, detail="the derivative is finite")
    verdict, detail = compared(question, slope, error, here)
    verdict = f"{verdict} {side}" if side else verdict
    return question.row(verdict, "precise", settled(slope, error), error, **more, detail=detail)


def compared(question: Question, slope: Any, error: Any, here: Any) -> tuple[str, str]:
    """The verdict on a number beside the derivative with its error, both of many digits."""
    checked, stated = question.checked, question.stated
    gap, largest = abs(checked - slope), max(abs(slope), abs(checked))
    x = question.section.value_of(question.entry)
    scale = abs(here / x) if x and here else 1
    allowed = error + RELATIVE * largest + SMALLEST
    negligible = max(NEGLIGIBLE_WITH_DIGITS * scale, VANISHING)
    if error > SHARP * largest and not (question.is_zero and error <= negligible):
        return (MISMATCH, "") if gap > SURE * allowed and math.isfinite(error) else (UNDECIDED, "")
    if gap <= allowed:
        return OK, ""
    if stated is not None and stated.digits and gap <= stated.half_unit * (1 + SAME_RULE) + error:
        return f"{OK} to {stated.digits} digits", ""
    rounding = lost_digits(question, slope, error)
    if gap <= rounding:
        return ROUNDED, f"the formula loses digits in binary64: up to {rounding:.0e} here"
    return MISMATCH, ""


def lost_digits(question: Question, slope: Any, error: Any) -> float:
    """What rounding may have done to the derivative; 0 if the rules themselves are wrong."""
    section, entry, _, _ = question
    rounding = section.rounding(entry)
    exact = section.derivative(entry, backend_of_digits(section, BITS_OF_RULES))
    allowed = error + SAME_RULE * max(abs(exact), abs(slope)) + RULES_LOSE * rounding + SMALLEST
    return rounding if abs(exact - slope) <= allowed else 0.0
