"""What NumPy does to a block of rows: functions that write into places that are there already.

Most are NumPy's own; the others have the semantics of the array kernels, and leave rare entries to these.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Any

import numpy

from autodiff.evaluate.arrays.elementwise import KERNELS
from autodiff.evaluate.floats.ieee import SMALLEST_NORMAL

Place = Any  # an array of float64 of the block's length, or a float that stands for one


def direct() -> dict[str, Callable[..., Any]]:
    """The primitives that are one of NumPy's functions, which compute numbers of numbers."""
    ufuncs = {name: getattr(kernel, "__wrapped__", None) for name, kernel in KERNELS.items()}
    return {name: ufunc for name, ufunc in ufuncs.items() if isinstance(ufunc, numpy.ufunc)}


DIRECT = direct()


def copied(name: str) -> Callable[..., None]:
    """The array kernel, whose result is copied."""
    kernel = KERNELS[name]

    def operation(*operands_and_out: Place) -> None:
        *operands, out = operands_and_out
        out[...] = kernel(*operands)

    return operation


def holds_anywhere(mask: Place) -> bool:
    """As `mask.any()`, in a third of the time."""
    return bool(mask[mask.argmax()])


def note_zeros(a: Place, flag: list[bool], mask: Place) -> None:
    """Where `a` is zero, and whether it is so anywhere."""
    flag[0] = holds_anywhere(numpy.equal(a, 0.0, mask))


def strong_product(a: Place, b: Place, flag: list[bool], mask: Place, out: Place) -> None:
    numpy.multiply(a, b, out)
    if flag[0]:
        numpy.copyto(out, 0.0, where=mask)


def strong_multiple(a: float, b: Place, out: Place) -> None:
    if a == 0.0:
        out[...] = 0.0
    else:
        numpy.multiply(a, b, out)


def quotient_slope(a: Place, b: Place, quotient: Place, out: Place, mask: Place) -> None:
    """-a/b^2 from a/b, of which subnormal ones have lost digits."""
    numpy.divide(quotient, b, out)
    numpy.negative(out, out)
    if holds_anywhere(numpy.less(quotient, SMALLEST_NORMAL, mask)) and not is_within(quotient, -inf, -SMALLEST_NORMAL):
        mask &= quotient > -SMALLEST_NORMAL
        mask &= quotient != 0.0
        if holds_anywhere(mask):
            redo(KERNELS["quotient_slope"], mask, out, a, b)


def cube(a: Place, out: Place) -> None:
    numpy.square(a, out)
    numpy.multiply(out, a, out)


def fourth_power(a: Place, out: Place) -> None:
    numpy.square(a, out)
    numpy.square(out, out)


def fifth_power(a: Place, out: Place) -> None:
    fourth_power(a, out)
    numpy.multiply(out, a, out)


def reciprocal(a: Place, out: Place) -> None:
    numpy.divide(1.0, a, out)


def root(a: Place, out: Place) -> None:
    """a^0.5, which is 0.0 for -0.0, and infinite for -inf."""
    numpy.sqrt(a, out)
    numpy.add(out, 0.0, out)
    if not is_within(out, -1.0, inf):
        out[...] = KERNELS["pow"](a, 0.5)


# Each has at most four roundings, so at most 4 ULP.
POWERS: dict[float, Callable[..., Any]] = {
    -1.0: reciprocal,
    0.5: root,
    1.0: numpy.positive,
    2.0: numpy.square,
    3.0: cube,
    4.0: fourth_power,
    5.0: fifth_power,
}


def power(a: Place, b: Place, out: Place) -> None:
    if isinstance(b, float) and b == 0.5:
        root(a, out)
    else:
        numpy.power(a, b, out)


def power_slope(a: Place, b: Place, out: Place) -> None:
    """b*a^(b - 1), in the kernel's way unless b and b - 1 are exact, and neither factor is zero, tiny or infinite."""
    if isinstance(b, float) and b != 0.0 and (b - 1.0) + 1.0 == b and b - (b - 1.0) == 1.0:
        power(a, b - 1.0, out)
        if is_within(out, SMALLEST_NORMAL, inf):
            numpy.multiply(out, b, out)
            return
    out[...] = KERNELS["power_slope"](a, b)


def redo(kernel: Callable[..., Any], chosen: Any, out: Place, *operands: Place) -> None:
    """The chosen rows again. No row has other digits because of those that it shares a block with."""
    out[chosen] = kernel(*[x if isinstance(x, float) else x[chosen] for x in operands])


def is_within(x: Place, low: float, high: float) -> bool:
    """Whether all entries lie between two numbers, and none is NaN."""
    return bool(numpy.minimum.reduce(x) > low and numpy.maximum.reduce(x) < high)


def hypot(a: Place, b: Place, out: Place, scratch: Place) -> None:
    """NumPy's takes ten times as long as a root of squares, whose squares may over- or underflow."""
    numpy.multiply(a, a, out)
    numpy.multiply(b, b, scratch)
    numpy.add(out, scratch, out)
    rare = None if is_within(out, 1e-280, inf) else ~((out > 1e-280) & (out < inf))
    numpy.sqrt(out, out)
    if rare is not None:
        redo(numpy.hypot, rare, out, a, b)


def direction(a: Place, b: Place, length: Place, out: Place) -> None:
    numpy.divide(a, length, out)
    if not is_within(length, 1e-290, inf):
        redo(KERNELS["direction"], ~((length > 1e-290) & (length < inf)), out, a, b)


def sigmoid(x: Place, out: Place) -> None:
    """1/(1 + exp(-x)), within 2 ULP as long as the exponential does not overflow."""
    numpy.negative(x, out)
    numpy.exp(out, out)
    numpy.add(out, 1.0, out)
    rare = None if is_within(out, 0.0, 1e300) else ~(out < 1e300)
    numpy.divide(1.0, out, out)
    if rare is not None:
        redo(KERNELS["sigmoid"], rare, out, x)


# By primitive.
OUT: dict[str, Callable[..., Any]] = {"sigmoid": sigmoid, "power_slope": power_slope}


def has_quick_tangent() -> bool:
    """Whether NumPy's tangent takes vectors of this processor. Then it takes a quarter of the time of its sine."""
    try:
        chosen: dict[str, Any] = numpy.lib.introspect.opt_func_info("^tan$", "float64")
    except AttributeError:  # before NumPy 2.1
        return False
    return not chosen["tan"]["dd"]["current"].startswith("baseline")


HAS_QUICK_TANGENT = has_quick_tangent()


def sine(x: Place, out: Place, scratch: Place, mask: Place) -> None:
    """2*t/(1 + t^2) with the tangent t of half the angle: an error in t is no larger in it.

    The cosine would be (1 - t^2)/(1 + t^2), where such an error grows without bounds towards its zeros.
    """
    numpy.multiply(x, 0.5, scratch)
    numpy.tan(scratch, scratch)
    numpy.add(scratch, scratch, out)
    numpy.square(scratch, scratch)
    numpy.add(scratch, 1.0, scratch)
    numpy.divide(out, scratch, out)
    if holds_anywhere(numpy.equal(out, 0.0, mask)):  # of the smallest number there is no half
        out[mask] = x[mask]
