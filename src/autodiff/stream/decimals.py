"""Decimal numbers in a text -> binary64, thousands at once and each as exact as Python's `float`.

Eight digits are read as one 64-bit word and turned into a number by three multiplications (Lemire, "Quickly parsing
eight digits", 2018). A mantissa below 2^64 and a power of ten up to 10^27 are exact in the 80-bit numbers of x87, so
that their quotient is rounded once, to 64 bits. Rounding it again, to 53 bits, gives the nearest binary64 unless it
lies exactly between two: such fields, one in 2,000, are left to the caller, and so is every other form of a number.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy
from numpy.typing import NDArray

Positions = NDArray[numpy.int64]
Words = NDArray[numpy.uint64]

MARGIN = 24  # bytes that have to stand before the first field, so that words may begin before it
AT_ONCE = 8_192  # fields, so that what is computed on the way stays in the cache
MOST_FRACTION = 24  # digits behind the point
# The long double of x87 has 64 bits of mantissa. Elsewhere mantissas up to 2^53 and powers up to 10^22 are exact.
IS_EXTENDED = numpy.finfo(numpy.longdouble).nmant == 63
WIDE = numpy.longdouble if IS_EXTENDED else numpy.float64
POWERS = numpy.array([WIDE(10) ** WIDE(power) for power in range(MOST_FRACTION + 1)])
INTEGER_POWERS = numpy.array([10**power for power in range(20)] + [0] * 5, dtype=numpy.uint64)


def word(value: int) -> numpy.uint64:
    return numpy.uint64(value)


ZEROS, NINES, HIGH = word(0x3030303030303030), word(0x0606060606060606), word(0xF0F0F0F0F0F0F0F0)
PAIRS, HUNDREDS, UNITS = word(0x000000FF000000FF), word(100 + (1_000_000 << 32)), word(1 + (10_000 << 32))
EIGHT, SIXTEEN, THIRTY_TWO, TEN = word(8), word(16), word(32), word(10)
HALFWAY, LOW_BITS = word(0x400), word(0x7FF)


class Fields(NamedTuple):
    """Where numbers stand in a text: their first byte, the one behind their last, and the point, or that again."""

    starts: Positions
    stops: Positions
    points: Positions


def parse_decimals(text: NDArray[numpy.uint8], fields: Fields) -> tuple[NDArray[numpy.float64], NDArray[numpy.bool_]]:
    """The number in each field, and whether it is one; the others may still be numbers, as `1e5` is.

    `text` has MARGIN bytes before the first field.
    """
    count = len(fields.starts)
    values, done = numpy.empty(count), numpy.empty(count, dtype=bool)
    for first in range(0, count, AT_ONCE):
        part = slice(first, first + AT_ONCE)
        values[part], done[part] = parse_part(text, Fields(*(positions[part] for positions in fields)))
    return values, done


def parse_between(
    text: NDArray[numpy.uint8], marks: Positions, before: Positions, ranks: Positions
) -> tuple[NDArray[numpy.float64], NDArray[numpy.bool_], Fields]:
    """The numbers between two marks, whether they are any, and where they stand.

    `marks` are the places of separators and points. Each field ends with the one of rank `ranks`, and begins behind
    the separator of rank `before`, or at the MARGIN if that is -1; what stands between them are points.
    """
    stops, between = marks[ranks], ranks - before - 1
    starts = numpy.where(before < 0, MARGIN, marks[before] + 1)
    fields = Fields(starts, stops, numpy.where(between > 0, marks[ranks - 1], stops))
    values, done = parse_decimals(text, fields)
    done &= between <= 1
    return values, done, fields


def parse_part(text: NDArray[numpy.uint8], fields: Fields) -> tuple[NDArray[numpy.float64], NDArray[numpy.bool_]]:
    starts, stops, points = fields
    first = text[starts]
    negative = first == ord("-")
    starts = starts + (negative | (first == ord("+")))
    before = points - starts
    behind = numpy.maximum(stops - points - 1, 0)
    done = (before + behind > 0) & (before >= 0) & (before <= 16) & (behind <= MOST_FRACTION)
    before[~done] = behind[~done] = 0
    fraction, bad = digits(text, stops, behind)
    whole, also_bad = digits(text, points, before)
    with numpy.errstate(over="ignore"):
        mantissa = whole * INTEGER_POWERS[behind] + fraction
    done &= ~bad & ~also_bad & ((whole == 0) | (before + behind <= 19))
    if not IS_EXTENDED:
        done &= (mantissa <= word(1 << 53)) & (behind <= 22)
    wide = mantissa.astype(WIDE)
    wide /= POWERS[behind]
    values = wide.astype(numpy.float64)
    if IS_EXTENDED:
        done &= (wide.view(numpy.uint64)[::2] & LOW_BITS) != HALFWAY
    numpy.negative(values, where=negative, out=values)
    return values, done


def digits(text: NDArray[numpy.uint8], stops: Positions, counts: Positions) -> tuple[Words, NDArray[numpy.bool_]]:
    """The integers of so many digits that end before `stops`, and which of them are none, or too large.

    Those of more than 16 digits have to begin with zeros, or have 19 digits at most.
    """
    number, wrong = last_eight(text, stops, counts)
    for place, scale in ((8, 10**8), (16, 10**16)):
        longer = numpy.flatnonzero(counts > place)
        if not len(longer):
            break
        more, bad = last_eight(text, stops[longer] - place, counts[longer] - place)
        if place == 16:
            bad |= more >= word(1000)
        number[longer] += more * word(scale)
        wrong[longer] |= bad
    return number, wrong


def last_eight(text: NDArray[numpy.uint8], stops: Positions, counts: Positions) -> tuple[Words, NDArray[numpy.bool_]]:
    """The integers of the last eight digits, or of as many as there are."""
    # Any address is right for a void type, so that the bytes are copied as they stand.
    every = numpy.ndarray((len(text) - 7,), "V8", text, strides=(1,))
    words: Words = every[stops - 8].view("<u8")
    words ^= ZEROS
    # The first digit is in the lowest byte; what stands before it is made zero.
    others = (64 - 8 * numpy.clip(counts, 0, 8)).astype(numpy.uint64)
    words >>= others
    words <<= others
    wrong = ((words + NINES) | words) & HIGH != 0
    behind = words >> EIGHT
    words *= TEN
    words += behind  # two digits in every other byte
    behind = words >> SIXTEEN
    behind &= PAIRS
    behind *= UNITS
    words &= PAIRS
    words *= HUNDREDS
    words += behind
    words >>= THIRTY_TWO
    return words, wrong
