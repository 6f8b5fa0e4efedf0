"""A tape as one function in machine code: for each row it loads the columns, computes all nodes, stores the results.

The loop is written in vectors, and calls libmvec's functions of vectors by their names. So LLVM has no scalar loop to
make vectors of: compiling takes less time, and there is no rest of the rows that scalar functions would compute with
other digits. No flag allows LLVM to change what NaN, infinities, zeros or the order of a sum give.

It takes the number of rows, a multiple of the lanes, and arrays of addresses: of the columns, of the numbers that are
the same in all rows, of the results, and of one bit for each row, which says that the row is for the other engine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from autodiff.evaluate.arrays.elementwise import KERNELS, VECTORISED
from autodiff.evaluate.batch.native.answers import NotRecordable, recorded_ufunc
from autodiff.evaluate.batch.native.machine import Machine
from autodiff.evaluate.batch.native.recording import Recorded, Recorder
from autodiff.evaluate.batch.tape import Tape
from autodiff.evaluate.floats.ieee import number
from autodiff.graph.primitive import CONSTANT


def strong_product(recorder: Recorder, a: Any, b: Any) -> Recorded:
    product = recorded_ufunc(recorder, "multiply", (a, b))
    return recorder.select(recorded_ufunc(recorder, "equal", (a, 0.0)), 0.0, product)


def sigmoid(recorder: Recorder, x: Any) -> Recorded:
    """1/(1 + exp(-x)), within 4 ULP as long as the exponential does not overflow."""
    divisor = 1.0 + recorder.function("exp", -x)
    recorder.guard(recorded_ufunc(recorder, "greater", (divisor, 1e300)))
    return recorded_ufunc(recorder, "divide", (1.0, divisor))


def power(recorder: Recorder, a: Any, b: Any) -> Any:
    """Small powers by products, as the other engine has them: at most four roundings."""
    if isinstance(b, float) and b in (4.0, 5.0):
        square = a * a
        return square * square if b == 4.0 else square * square * a
    return KERNELS["pow"].__wrapped__(a, b)  # type: ignore[attr-defined]  # of one length


# Where the array kernel asks questions that are no exceptions here, or takes more care than 4 ULP need.
OWN: dict[str, Callable[..., Recorded]] = {
    "strong_product": strong_product,
    "sigmoid": sigmoid,
    "pow": power,
    "where": lambda recorder, condition, a, b: recorder.select(condition, a, b),
    "and": lambda recorder, a, b: recorded_ufunc(recorder, "logical_and", (a, b)),
    "or": lambda recorder, a, b: recorded_ufunc(recorder, "logical_or", (a, b)),
    "not": lambda recorder, a: recorded_ufunc(recorder, "logical_not", (a,)),
    "identity": lambda recorder, a: recorded_ufunc(recorder, "positive", (a,)),
}


def recorded_step(recorder: Recorder, tape: Tape, position: int, values: Mapping[int, Any]) -> Any:
    """The result of a step. Raises NotRecordable."""
    primitive, operands, _, _ = tape.graph.nodes[position]
    given = [values[operand] for operand in operands]
    if primitive.name in OWN:
        return OWN[primitive.name](recorder, *given)
    if primitive.name not in VECTORISED:
        raise NotRecordable
    kernel: Callable[..., Any] = KERNELS[primitive.name].__wrapped__  # type: ignore[attr-defined]  # of one length
    return kernel(*given)


def module_text(machine: Machine, tape: Tape, *, streaming: bool = False) -> str:
    """The module in LLVM's language. Raises NotRecordable.

    With `streaming` it writes past the caches, to results that begin on a line of the cache: those that are too long
    to stay there are then not read before they are written.
    """
    recorder = Recorder(machine)
    lanes, numbers = machine.lanes, recorder.numbers
    stored = f"align {8 * lanes}, !nontemporal !0" if streaming else "align 8"
    head: list[str] = []
    values: dict[int, Any] = {}
    for index, node in enumerate(tape.fixed):
        if tape.graph.nodes[node].primitive is CONSTANT:
            values[node] = number(tape.graph.nodes[node].payload)
            continue
        head += [
            f"%fixed{index}.place = getelementptr double, ptr %fixed, i64 {index}",
            f"%fixed{index}.number = load double, ptr %fixed{index}.place",
            f"%fixed{index}.first = insertelement {numbers} poison, double %fixed{index}.number, i64 0",
            f"%fixed{index} = shufflevector {numbers} %fixed{index}.first, {numbers} poison, "
            f"<{lanes} x i32> zeroinitializer",
        ]
        values[node] = Recorded(recorder, f"%fixed{index}", numbers)
    for index, node in enumerate(tape.columns.values()):
        head += address("column", index)
        recorder.lines += [
            f"%column{index}.here = getelementptr double, ptr %column{index}, i64 %row",
            f"%column{index}.now = load {numbers}, ptr %column{index}.here, align 8",
        ]
        values[node] = Recorded(recorder, f"%column{index}.now", numbers)
    for position in tape.steps:
        values[position] = recorded_step(recorder, tape, position, values)
    for index, node in enumerate(tape.outputs):
        head += address("result", index)
        computed = recorder.number(values[node])
        recorder.lines += [
            f"%result{index}.here = getelementptr double, ptr %result{index}, i64 %row",
            f"store {numbers} {computed}, ptr %result{index}.here, {stored}",
        ]
    flagged = "zeroinitializer"
    for guard in recorder.guards:
        flagged = recorder.instruction(f"or {recorder.masks} {flagged}, {guard}")
    bits = recorder.instruction(f"bitcast {recorder.masks} {flagged} to i{lanes}")
    return "\n".join(
        [
            *recorder.declared.values(),
            "define i64 @rows(i64 %count, ptr %columns, ptr %fixed, ptr %results, ptr %flags) #1 {",
            "entry:",
            *head,
            "%any = icmp sgt i64 %count, 0",
            "br i1 %any, label %loop, label %end",
            "loop:",
            "%row = phi i64 [0, %entry], [%row.next, %loop]",
            f"%flagged = phi i{lanes} [0, %entry], [%flagged.next, %loop]",
            *recorder.lines,
            f"%flagged.next = or i{lanes} %flagged, {bits}",
            f"%flags.row = udiv exact i64 %row, {lanes}",
            "%flags.here = getelementptr i8, ptr %flags, i64 %flags.row",
            f"%flags.byte = zext i{lanes} {bits} to i8" if lanes < 8 else f"%flags.byte = add i8 {bits}, 0",
            "store i8 %flags.byte, ptr %flags.here",
            f"%row.next = add i64 %row, {lanes}",
            "%more = icmp slt i64 %row.next, %count",
            "br i1 %more, label %loop, label %end",
            "end:",
            f"%all = phi i{lanes} [0, %entry], [%flagged.next, %loop]",
            *["fence seq_cst"] * streaming,  # what was written past the caches is seen by other threads
            f"%answer = zext i{lanes} %all to i64",
            "ret i64 %answer",
            "}",
            "attributes #0 = { nounwind willreturn memory(none) }",
            "attributes #1 = { nounwind }",
            "!0 = !{i32 1}",
        ]
    )


def address(kind: str, index: int) -> list[str]:
    """The address of a column, taken from the array of addresses."""
    return [
        f"%{kind}{index}.place = getelementptr ptr, ptr %{kind}s, i64 {index}",
        f"%{kind}{index} = load ptr, ptr %{kind}{index}.place",
    ]
