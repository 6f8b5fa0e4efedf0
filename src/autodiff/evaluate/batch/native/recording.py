"""Kernels recorded instead of run: what NumPy is asked to do to columns is written down as LLVM's instructions.

So the array kernels, with all that they know of accuracy, stand in one place for both engines.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from typing import Any

import numpy
from numpy.lib.mixins import NDArrayOperatorsMixin

from autodiff.evaluate.batch.native.machine import Machine
from autodiff.evaluate.floats import exact

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


class Recorder:
    """The instructions for the rows that one turn of the loop computes, all at once, one in each lane of a vector."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.numbers = f"<{machine.lanes} x double>"
        self.masks = f"<{machine.lanes} x i1>"
        self.lines: list[str] = []
        self.known: dict[str, str] = {}  # so that equal instructions are one
        self.declared: dict[str, str] = {}
        self.guards: dict[str, None] = {}

    def instruction(self, text: str) -> str:
        """The name of an instruction's result."""
        name = self.known.get(text)
        if name is None:
            name = self.known[text] = f"%v{len(self.known)}"
            self.lines.append(f"{name} = {text}")
        return name

    def number(self, value: Any) -> str:
        """An operand: the name of a recorded one, or a constant in every lane."""
        if isinstance(value, Recorded):
            return value.name if value.type == self.numbers else self.from_mask(value.name)
        (bits,) = struct.unpack("<Q", struct.pack("<d", float(value)))
        return f"splat (double 0x{bits:016X})"

    def from_mask(self, mask: str) -> str:
        return self.instruction(f"uitofp {self.masks} {mask} to {self.numbers}")

    def mask(self, value: Any) -> str:
        if isinstance(value, Recorded):
            if value.type == self.masks:
                return value.name
            return self.instruction(f"fcmp une {self.numbers} {value.name}, zeroinitializer")
        return f"splat (i1 {'true' if value else 'false'})"

    def made(self, text: str, type: str | None = None) -> Recorded:
        return Recorded(self, self.instruction(text), type or self.numbers)

    def select(self, condition: Any, a: Any, b: Any) -> Recorded:
        chosen = ", ".join(f"{self.numbers} {self.number(value)}" for value in (a, b))
        return self.made(f"select {self.masks} {self.mask(condition)}, {chosen}")

    def intrinsic(self, name: str, *operands: Any) -> Recorded:
        function = f"llvm.{name}.v{self.machine.lanes}f64"
        return self.made(self.call(function, self.numbers, [self.number(operand) for operand in operands]))

    def call(self, function: str, type: str, operands: list[str]) -> str:
        self.declared[function] = f"declare {type} @{function}({', '.join([type] * len(operands))}) #0"
        return f"call {type} @{function}({', '.join(f'{type} {operand}' for operand in operands)})"

    def function(self, name: str, *operands: Any) -> Recorded:
        """A function of libm: of whole vectors where there is such a form, else lane by lane."""
        numbers = [self.number(operand) for operand in operands]
        if vector := self.machine.vector_name(name, len(operands)):
            return self.made(self.call(vector, self.numbers, numbers))
        result = "poison"
        for lane in range(self.machine.lanes):
            entries = [self.instruction(f"extractelement {self.numbers} {number}, i64 {lane}") for number in numbers]
            entry = self.instruction(self.call(name, "double", entries))
            result = self.instruction(f"insertelement {self.numbers} {result}, double {entry}, i64 {lane}")
        return Recorded(self, result, self.numbers)

    def forget(self, lines: int, known: int) -> None:
        """All instructions but the first ones."""
        del self.lines[lines:]
        for text in list(self.known)[known:]:
            del self.known[text]

    def guard(self, mask: Any) -> None:
        """Rows in which it holds are left to the other engine."""
        self.guards[self.mask(mask)] = None


class Recorded(NDArrayOperatorsMixin):
    """What stands for a column while a kernel is recorded: a number in each lane, or a truth value.

    Where the kernel asks whether any entry needs another formula, the answer is no, and a guard notes the rows for
    which that is wrong. It may write into what it has made, which then has another name.
    """

    __array_priority__ = 1000.0

    def __init__(self, recorder: Recorder, name: str, type: str) -> None:
        self.recorder = recorder
        self.name = name
        self.type = type

    def __bool__(self) -> bool:
        raise NotRecordable

    @property
    def shape(self) -> Any:
        raise NotRecordable

    def any(self) -> bool:
        self.recorder.guard(self)
        return False

    def astype(self, type: Any) -> Recorded:
        return Recorded(self.recorder, self.recorder.number(self), self.recorder.numbers)

    def two_product(self, a: Any, b: Any) -> tuple[Any, Any]:
        """In two instructions instead of 17 where the processor multiplies and adds with one rounding."""
        if not self.recorder.machine.has_fma:
            return exact.two_product(a, b)
        product = numpy.multiply(a, b)
        return product, self.recorder.intrinsic("fma", a, b, -product)

    def redone(self, result: Any, kernel: Callable[..., Any], operands: tuple[Any, ...]) -> Any:
        """The answer to what is computed again where this mask holds: plain arithmetic is, in all rows.

        If it takes functions, which cost more than all the rest, a guard leaves the rows to the other engine.
        """
        start, known = len(self.recorder.lines), len(self.recorder.known)
        try:
            again = kernel(*operands)
        except NotRecordable:
            again = None
        if again is None or any(" call " in line and "llvm." not in line for line in self.recorder.lines[start:]):
            self.recorder.forget(start, known)
            self.recorder.guard(self)
            return result
        result.name = self.recorder.select(self, again, result).name
        return result

    def each_entry(self, kernel: Callable[..., float], operands: tuple[Any, ...]) -> Recorded:
        """The answer to a kernel that is applied entry by entry."""
        if kernel not in (math.erf, math.erfc):
            raise NotRecordable
        return self.recorder.function(kernel.__name__, *operands)

    def __array_ufunc__(self, ufunc: Any, method: str, *operands: Any, out: Any = None, **settings: Any) -> Any:
        if method != "__call__" or settings:
            raise NotRecordable
        result = recorded_ufunc(self.recorder, ufunc.__name__, operands)
        if out is not None:
            (out[0].name, out[0].type) = (result.name, result.type)
            return out[0]
        return result

    def __array_function__(self, function: Any, types: Any, operands: Any, settings: Any) -> Any:
        answer = ARRAY_FUNCTIONS.get(function.__name__)
        if answer is None:
            raise NotRecordable
        return answer(self.recorder, *operands, **settings)


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
    return Recorded(recorder, recorder.number(x), recorder.numbers)


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
    return [Recorded(recorder, recorder.number(operand), recorder.numbers) for operand in operands]


ARRAY_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "where": lambda recorder, condition, a, b: recorder.select(condition, a, b),
    "copyto": copy_where,
    "clip": clip,
    "any": any_of,
    "broadcast_arrays": broadcast,
    "full_like": lambda recorder, like, value: Recorded(recorder, recorder.number(value), recorder.numbers),
}
