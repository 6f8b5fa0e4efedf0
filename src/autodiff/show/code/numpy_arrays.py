"""Array primitives and constants in NumPy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf
from typing import Any

from autodiff.evaluate.numbers import nested
from autodiff.graph.nodes import ArrayConstant, Graph
from autodiff.graph.shapes import Shape
from autodiff.show.arrangement import subscripts_text
from autodiff.show.code.dialect import ATOM, POWER, PRODUCT, Text, refusal

MOST_ENTRIES = 10_000  # of a constant that is written out
Axes = tuple[int, ...]


def array_text(graph: Graph, position: int, operands: Sequence[Text]) -> Text:
    """The node from the texts of its operands."""
    primitive, nodes, payload, _ = graph.nodes[position]
    form = FORMS.get(primitive.name)
    if form is None:
        raise refusal(f"numpy code has no form for {primitive.name}", "write what it stands for")
    shapes: list[Shape] = [graph.shapes[node] or () for node in nodes]
    return form(shapes, *operands, *payload)  # type: ignore[misc]  # settled: check() has seen its shape


def array_constant(constant: ArrayConstant) -> Text:
    """A constant by what it is made with, or entry by entry."""
    import numpy

    entries = constant.entries
    shape = str(entries.shape)
    if entries.size and (entries == entries.flat[0]).all() and entries.size > 1:
        kind = {0.0: "zeros", 1.0: "ones"}.get(entries.flat[0])
        return Text(f"numpy.{kind}({shape})" if kind else f"numpy.full({shape}, {number_text(entries.flat[0])})")
    if entries.size == 0:
        return Text(f"numpy.zeros({shape})")
    if entries.ndim == 2 and numpy.array_equal(entries, numpy.eye(*entries.shape)):
        rows, columns = entries.shape
        return Text(f"numpy.eye({rows})" if rows == columns else f"numpy.eye({rows}, {columns})")
    if entries.ndim == 1 and entries.size > 2 and numpy.array_equal(entries, numpy.arange(float(entries.size))):
        return Text(f"numpy.arange({entries.size}.0)")
    if entries.size > MOST_ENTRIES:
        raise refusal(f"a constant of shape {shape} is too large for code", "make it a variable")
    return Text(f"numpy.array({nested(entries.tolist(), number_text)})")


def number_text(number: float) -> str:
    text = repr(float(number))
    return text.replace("inf", "numpy.inf").replace("nan", "numpy.nan")


def along(axes: Axes, shape: Shape) -> str:
    """`, axis=0`; nothing for all axes."""
    if axes == tuple(range(len(shape))):
        return ""
    return f", axis={axes[0] if len(axes) == 1 else axes}"


def reduction(function: str) -> Callable[..., Text]:
    return lambda shapes, x, axes: Text(f"{function}({x.text}{along(axes, shapes[0])})")


def spread(function: str) -> Callable[..., Text]:
    """var and std."""

    def written(shapes: Sequence[Shape], x: Text, axes: Axes, ddof: float) -> Text:
        degrees = f", ddof={ddof:g}" if ddof else ""
        return Text(f"{function}({x.text}{along(axes, shapes[0])}{degrees})")

    return written


def with_axes(function: str) -> Callable[..., Text]:
    return lambda shapes, x, axes: Text(f"{function}({x.text}, {axes})")


def call(function: str) -> Callable[..., Text]:
    return lambda shapes, *operands: Text(f"{function}({', '.join(operand.text for operand in operands)})")


def product(shapes: Sequence[Shape], a: Text, b: Text, side: int | None = None) -> Text:
    return Text(f"{a.within(PRODUCT)} @ {b.within(PRODUCT + 1)}", PRODUCT)


def joining(function: str) -> Callable[..., Text]:
    def written(shapes: Sequence[Shape], *operands_and_axis: Any) -> Text:
        *operands, axis = operands_and_axis
        inside = ", ".join(operand.text for operand in operands)
        if function == "numpy.stack" and axis == 0 and not any(shapes):
            return Text(f"numpy.array([{inside}], dtype=float)")
        return Text(f"{function}([{inside}]{f', axis={axis}' if axis else ''})")

    return written


def norm(shapes: Sequence[Shape], x: Text, p: float, axes: Axes) -> Text:
    axis = along(axes, shapes[0])
    if p == inf:
        return Text(f"numpy.max(numpy.abs({x.text}){axis})")
    if p == 1:
        return Text(f"numpy.sum(numpy.abs({x.text}){axis})")
    if p == 2 and (len(axes) == 1 or not axis):
        return Text(f"numpy.linalg.norm({x.text}{axis})")
    if p == 2:
        return Text(f"numpy.sqrt(numpy.sum({x.within(ATOM)}**2{axis}))")
    return Text(f"numpy.sum(numpy.abs({x.text})**{p:g}{axis})**(1/{p:g})", POWER)


def summed_to(shapes: Sequence[Shape], x: Text, shape: Shape) -> Text:
    source = shapes[0]
    extra = tuple(range(len(source) - len(shape)))
    repeated = tuple(i for i, length in enumerate(shape, len(extra)) if length == 1 and source[i] != 1)
    total = f"numpy.sum({x.text}{along((*extra, *repeated), source)})"
    return Text(f"numpy.reshape({total}, {shape})" if repeated else total)


def subscripts(items: Sequence[Any], shape: Shape) -> str:
    return f"numpy.s_[{subscripts_text(items, shape)}]"


def transposed(shapes: Sequence[Shape], x: Text, axes: Axes) -> Text:
    if axes == tuple(range(len(axes)))[::-1]:
        return Text(f"{x.within(ATOM)}.T")
    return Text(f"numpy.transpose({x.text}, {axes})")


def diagonal_matrix(shapes: Sequence[Shape], x: Text, rows: int, columns: int) -> Text:
    if rows == columns:
        return Text(f"numpy.diag({x.text})")
    return Text(f"_diagonal_matrix({x.text}, ({rows}, {columns}))")


FORMS: dict[str, Callable[..., Text]] = {
    "index": lambda shapes, x, items: Text(f"{x.within(ATOM)}[{subscripts_text(items, shapes[0])}]"),
    "scatter": lambda shapes, x, items, shape: Text(f"_scatter({x.text}, {subscripts(items, shape)}, {shape})"),
    "add_at": lambda shapes, x, a, items: Text(f"_add_at({x.text}, {a.text}, {subscripts(items, shapes[0])})"),
    "reshape": lambda shapes, x, shape: Text(f"numpy.reshape({x.text}, {shape})"),
    "broadcast": lambda shapes, x, shape: Text(f"numpy.broadcast_to({x.text}, {shape})"),
    "sum_to": summed_to,
    "transpose": transposed,
    "concat": joining("numpy.concatenate"),
    "stack": joining("numpy.stack"),
    "diagonal": lambda shapes, x, rows, columns: Text(f"numpy.diagonal({x.text})"),
    "diagonal_matrix": diagonal_matrix,
    "sum": reduction("numpy.sum"),
    "mean": reduction("numpy.mean"),
    "prod": reduction("numpy.prod"),
    "smallest": reduction("numpy.min"),
    "largest": reduction("numpy.max"),
    "var": spread("numpy.var"),
    "std": spread("numpy.std"),
    "norm": norm,
    "cumsum": lambda shapes, x, axis: Text(f"numpy.cumsum({x.text}, axis={axis})"),
    "logsumexp": with_axes("_logsumexp"),
    "softmax": with_axes("_softmax"),
    "log_softmax": with_axes("_log_softmax"),
    "matmul": product,
    "dot": product,
    "outer": call("numpy.outer"),
    "cross": call("numpy.cross"),
    "trace": call("numpy.trace"),
    "det": call("numpy.linalg.det"),
    "cofactors": call("_cofactors"),
    "logdet": call("_logdet"),
    "inv": call("numpy.linalg.inv"),
    "solve": call("numpy.linalg.solve"),
}
