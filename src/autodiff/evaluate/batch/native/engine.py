"""The engine that runs machine code over the rows, and leaves the rows that it flags to NumPy."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from threading import Event, Lock, Thread
from typing import Any

import numpy

from autodiff.evaluate.batch.columns import Column
from autodiff.evaluate.batch.memory import LINE, on_a_line
from autodiff.evaluate.batch.native.kernel import module_text
from autodiff.evaluate.batch.native.machine import Code, this_machine
from autodiff.evaluate.batch.numpy_engine import NumpyEngine
from autodiff.evaluate.batch.rows import blocks_of, share_rows
from autodiff.evaluate.batch.tape import Tape

BLOCK = 1 << 16
MOST_COMPILED = 64
# Compiling with care takes twice as long, some 3 ms more, and each step of a row then 0.03 ns less.
STEPS_TO_OPTIMISE = 200_000_000
CACHED = 1 << 24  # bytes of results that may stay in the cache until they are used
# What was compiled in this process, by its text, and whether with care.
COMPILED: dict[tuple[str, bool], tuple[Code, Any]] = {}
COMPILING = Lock()


def compiled(text: str, *, optimise: bool) -> tuple[Code, Any]:
    with COMPILING:
        known = COMPILED.get((text, optimise))
        if known is None:
            known = this_machine().compiled(text, optimise=optimise)
            if len(COMPILED) >= MOST_COMPILED:
                COMPILED.pop(next(iter(COMPILED)))  # whose engine lives on where it is used
            COMPILED[text, optimise] = known
        return known


def addresses(columns: Sequence[Column], start: int = 0) -> Any:
    return (ctypes.c_void_p * len(columns))(*[column.ctypes.data + 8 * start for column in columns])


def touch_pages(results: Sequence[Column], ready: Event) -> None:
    """Writes into a part of the results after the other, until the code for them is there."""
    for result in results:
        for start in range(0, len(result), 1 << 18):
            if ready.is_set():
                return
            result[start : start + (1 << 18) : 512] = 0.0


class NativeEngine:
    """The machine code for a tape, compiled at the first batch. Raises NotRecordable if there is none."""

    __slots__ = ("code", "exact", "lanes", "optimise", "owner", "streaming", "tape", "text")
    name = "native"

    def __init__(self, tape: Tape, rows: int | None = None) -> None:
        """`rows` is how many there will be, if it is known."""
        self.tape = tape
        self.optimise = rows is None or rows * len(tape.steps) > STEPS_TO_OPTIMISE
        self.streaming = False
        self.lanes = this_machine().lanes
        self.text = self.written()
        self.code: Code | None = None
        self.owner: Any = None
        self.exact: NumpyEngine | None = None

    def written(self) -> str:
        with numpy.errstate(all="ignore"):  # what is said of plain numbers, as NumPy computes them on the way
            return module_text(this_machine(), self.tape, streaming=self.streaming)

    def compile(self, results: Sequence[Column], threads: int) -> Code:
        """The code. While it is compiled, another thread makes the system find memory for the results."""
        ready = Event()
        helper = Thread(target=touch_pages, args=(results, ready)) if threads > 1 else None
        if helper:
            helper.start()
        try:
            if sum(result.nbytes for result in results) > CACHED:
                self.streaming = True
                self.text = self.written()
            self.code, self.owner = compiled(self.text, optimise=self.optimise)
        finally:
            ready.set()
            if helper:
                helper.join()
        return self.code

    def run(self, columns: Sequence[Column], fixed: Sequence[float], results: Sequence[Column], threads: int) -> None:
        """Writes the tape's outputs for all rows into `results`, for columns in the order of the tape.

        Each result has to begin on a line of the cache if those of the first batch were large.
        """
        count = len(results[0])
        code = self.code or self.compile(results, threads)
        assert not self.streaming or all(result.ctypes.data % LINE == 0 for result in results)
        # Beyond the last whole vector, rows are computed in a vector of their own: so every row has the digits that
        # it would have at any other place.
        whole = count - count % self.lanes
        columns = [numpy.ascontiguousarray(column) for column in columns]
        constants = numpy.array(fixed, numpy.float64)

        def work(blocks: Iterator[slice]) -> None:
            flags = numpy.empty(BLOCK // self.lanes, numpy.uint8)
            for block in blocks:
                start, rows = block.start, block.stop - block.start
                places = (addresses(columns, start), constants.ctypes.data, addresses(results, start))
                if code(rows, *places, flags.ctypes.data):
                    chosen = start + self.flagged(flags, rows)
                    self.compute_exactly(chosen, columns, fixed, results)

        share_rows(blocks_of(whole, BLOCK), threads, work)
        if whole < count:
            last = [numpy.resize(column[whole:], self.lanes) for column in columns]
            answers = [on_a_line(self.lanes, numpy.float64) for _ in results]
            flags = numpy.empty(1, numpy.uint8)
            if code(self.lanes, addresses(last), constants.ctypes.data, addresses(answers), flags.ctypes.data):
                self.compute_exactly(self.flagged(flags, self.lanes), last, fixed, answers)
            for result, answer in zip(results, answers, strict=True):
                result[whole:] = answer[: count - whole]

    def flagged(self, flags: Any, rows: int) -> Any:
        bits = numpy.unpackbits(flags[: rows // self.lanes, None], axis=1, count=self.lanes, bitorder="little")
        return numpy.flatnonzero(bits)

    def compute_exactly(
        self, rows: Any, columns: Sequence[Column], fixed: Sequence[float], results: Sequence[Column]
    ) -> None:
        engine = self.exact
        if engine is None:
            engine = self.exact = NumpyEngine(self.tape)
        answers = [numpy.empty(len(rows)) for _ in results]
        engine.run([column[rows] for column in columns], fixed, answers, threads=1)
        for result, answer in zip(results, answers, strict=True):
            result[rows] = answer
