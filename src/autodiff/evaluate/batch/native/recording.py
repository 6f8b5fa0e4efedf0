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

from autodiff.evaluate.batch.native.answers import ARRAY_FUNCTIONS, NotRecordable, recorded_ufunc
from autodiff.evaluate.batch.native.machine import Machine
from autodiff.evaluate.floats import exact


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

    def recorded(self, value: Any) -> Recorded:
        """A new operand for a number in every lane."""
        return Recorded(self, self.number(value), self.numbers)

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
        if not self.machine.has(name):
            raise NotRecordable
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
        return self.recorder.recorded(self)

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
