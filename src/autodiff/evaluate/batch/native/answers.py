"""What a recorder answers when a kernel asks NumPy for something: LLVM's instructions for it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy

if TYPE_CHECKING:
    from autodiff.evaluate.batch.native.recording import Recorded, Recorder

ARITHMETIC = {"add": "fadd", "subtract": "fsub", "multiply": "fmul", "divide": "fdiv"}
COMPARISONS = {
    "equal": "oeq",
    "not_equal": "une",
    "less": "olt",
    "less_equal": "ole",
    "greater": "ogt",
    "greater_equal": "oge",
}
INTRINSICS = {
    "absolute": "fabs",
    "fabs": "fabs",
    "sqrt": "sqrt",
    "floor": "floor",
    "ceil": "ceil",
    "rint": "rint",
    "copysign": "copysign",
    "minimum": "minimum",
    "maximum": "maximum",
}
LOGIC = {"bitwise_and": "and", "bitwise_or": "or", "logical_and": "and", "logical_or": "or"}
# NumPy's names, and Python's, for functions of libm.
FUNCTIONS = {
    **{name: name for name in ("exp", "expm1", "exp2", "log", "log1p", "log2", "log10", "sin", "cos", "tan")},
    **{name: name for name in ("sinh", "cosh", "tanh", "cbrt", "hypot", "erf", "erfc")},
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "arctan2": "atan2",
    "power": "pow",
    "arcsinh": "asinh",
    "arccosh": "acosh",
    "arctanh": "atanh",
}


class NotRecordable(Exception):  # noqa: N818  # it is an answer: the program is for the other engine
    """A kernel does what has no counterpart in machine code."""


def recorded_ufunc(recorder: Recorder, name: str, operands: tuple[Any, ...]) -> Recorded:
    if name in ARITHMETIC:
        first, second = (recorder.number(operand) for operand in operands)
        return recorder.made(f"{ARITHMETIC[name]} {recorder.numbers} {first}, {second}")
    if name in COMPARISONS:
        first, second = (recorder.number(operand) for operand in operands)
        return recorder.made(f"fcmp {COMPARISONS[name]} {recorder.numbers} {first}, {second}", recorder.masks)
    if name in INTRINSICS:
        return recorder.intrinsic(INTRINSICS[name], *operands)
    if name in FUNCTIONS:
        return recorder.function(FUNCTIONS[name], *operands)
    if name in LOGIC:
        first, second = (recorder.mask(operand) for operand in operands)
        return recorder.made(f"{LOGIC[name]} {recorder.masks} {first}, {second}", recorder.masks)
    if name not in UFUNCS:
        raise NotRecordable
    return UFUNCS[name](recorder, *operands)


def negative(recorder: Recorder, x: Any) -> Recorded:
    return recorder.made(f"fneg {recorder.numbers} {recorder.number(x)}")


def positive(recorder: Recorder, x: Any) -> Recorded:
    return recorder.recorded(x)


def inverted(recorder: Recorder, mask: Any) -> Recorded:
    return recorder.made(f"xor {recorder.masks} {recorder.mask(mask)}, splat (i1 true)", recorder.masks)


def is_nan(recorder: Recorder, x: Any) -> Recorded:
    return recorder.made(f"fcmp uno {recorder.numbers} {recorder.number(x)}, zeroinitializer", recorder.masks)


def sign(recorder: Recorder, x: Any) -> Recorded:
    """NaN for NaN, and 0 for both zeros, as NumPy has it."""
    size = recorder.select(recorded_ufunc(recorder, "equal", (x, 0.0)), 0.0, recorder.intrinsic("copysign", 1.0, x))
    return recorder.select(is_nan(recorder, x), x, size)


def remainder(recorder: Recorder, a: Any, b: Any) -> Recorded:
    """With the sign of `b`, as Python has it, from C's, which has the sign of `a`."""

    def does(comparison: str, x: Any) -> Recorded:
        return recorded_ufunc(recorder, comparison, (x, 0.0))

    rest = recorder.made(f"frem {recorder.numbers} {recorder.number(a)}, {recorder.number(b)}")
    signs_differ = recorded_ufunc(recorder, "not_equal", (does("less", rest), does("less", b)))
    shifted = recorder.select(signs_differ, rest + b, rest)
    return recorder.select(does("equal", rest), recorder.intrinsic("copysign", 0.0, b), shifted)


UFUNCS: dict[str, Callable[..., Recorded]] = {
    "negative": negative,
    "positive": positive,
    "square": lambda recorder, x: x * x,
    "invert": inverted,
    "logical_not": inverted,
    "isnan": is_nan,
    "isinf": lambda recorder, x: numpy.equal(numpy.abs(x), math.inf),
    "isfinite": lambda recorder, x: numpy.less(numpy.abs(x), math.inf),
    "sign": sign,
    "remainder": remainder,
    "degrees": lambda recorder, x: x * (180.0 / math.pi),
    "radians": lambda recorder, x: x * (math.pi / 180.0),
}


def copy_where(recorder: Recorder, target: Recorded, source: Any, *, where: Any = True) -> None:
    target.name = recorder.select(where, source, target).name


def clip(recorder: Recorder, x: Any, low: float, high: float) -> Recorded:
    return recorder.intrinsic("minimum", recorder.intrinsic("maximum", x, low), high)


def any_of(recorder: Recorder, mask: Any) -> bool:
    recorder.guard(mask)
    return False


def broadcast(recorder: Recorder, *operands: Any) -> list[Recorded]:
    return [recorder.recorded(operand) for operand in operands]


ARRAY_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "where": lambda recorder, condition, a, b: recorder.select(condition, a, b),
    "copyto": copy_where,
    "clip": clip,
    "any": any_of,
    "broadcast_arrays": broadcast,
    "full_like": lambda recorder, like, value: recorder.recorded(value),
}
