"""Many entries to one: sums, means, extremes, norms, and what neural networks normalise with.

`axis` is one axis or several, `axis=(0, 1)`; without it they go over all entries.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import TYPE_CHECKING, Any

from autodiff.graph.parameters import axes_and_degrees, axes_parameter, axis_parameter, order_and_axes
from autodiff.graph.primitive import ArrayRule, Primitive
from autodiff.graph.shapes import Shape, ShapeError, entries, shape_text, without_axes

if TYPE_CHECKING:
    from autodiff.graph.terms import Term

Axes = tuple[int, ...]


def reduced(shapes: Sequence[Shape], *payload: Any) -> Shape:
    return without_axes(shapes[0], payload[-1])


def reduced_some(name: str) -> Any:
    """For what has no value of nothing."""

    def shape(shapes: Sequence[Shape], *payload: Any) -> Shape:
        axes = next(part for part in payload if isinstance(part, tuple))
        if count(shapes[0], axes) == 0:
            raise ShapeError(f"{name} of no entries: {shape_text(shapes[0])}")
        return without_axes(shapes[0], axes)

    return shape


def same(shapes: Sequence[Shape], *payload: Any) -> Shape:
    return shapes[0]


def count(shape: Shape, axes: Axes) -> int:
    return entries(tuple(shape[axis] for axis in axes))


def spread(d: Term, x: Term, axes: Axes) -> Term:
    """What a sum over `axes` gives to each entry of x."""
    return d.kept(x.shape, axes).broadcast(x.shape)


def product_of_halves(x: Term, axes: Axes) -> Term:
    """The product, half by half: each derivative is the product of the others, also where one of them is 0."""
    front = tuple(axis for axis in range(len(x.shape)) if axis not in axes)
    x = x.transposed((*front, *axes)).reshaped((*(x.shape[axis] for axis in front), count(x.shape, axes)))
    rows = [(0, length, 1) for length in x.shape[:-1]]
    if x.shape[-1] == 0:
        return x.summed((len(rows),)) + 1
    while (length := x.shape[-1]) > 1:
        half = length // 2
        product = x.entries([*rows, (0, half, 1)]) * x.entries([*rows, (half, half, 1)])
        rest = x.entries([*rows, (2 * half, length - 2 * half, 1)])
        x = product.apply("concat", rest, payload=(len(rows),)) if length % 2 else product
    return x.entries([*rows, 0])


def extreme_share(d: Term, y: Term, x: Term, axes: Axes) -> Term:
    """All to the extreme entry; a tie is split evenly."""
    chosen = x == y.kept(x.shape, axes)
    share = 1 / chosen.summed(axes).kept(x.shape, axes) if count(x.shape, axes) > 1 else chosen
    return d.kept(x.shape, axes).broadcast(x.shape) * chosen.apply("where", share, 0)


def mean_share(d: Term, y: Term, x: Term, axes: Axes) -> Term:
    return spread(d / count(x.shape, axes), x, axes)


def deviation(x: Term, axes: Axes) -> Term:
    return x - x.apply("mean", payload=(axes,)).kept(x.shape, axes)


def degrees(x: Term, ddof: float, axes: Axes) -> float:
    return max(count(x.shape, axes) - ddof, 0.0)


def variance_share(d: Term, y: Term, x: Term, axes: Axes, ddof: float) -> Term:
    return spread(d * 2 / degrees(x, ddof, axes), x, axes) * deviation(x, axes)


def deviation_share(d: Term, y: Term, x: Term, axes: Axes, ddof: float) -> Term:
    """As of the square root of the variance; 0 where all entries are equal, the smallest of the subgradients."""
    spread_out = y.kept(x.shape, axes)
    direction = (spread_out == 0).apply("where", 0, deviation(x, axes) / spread_out)
    return spread(d / degrees(x, ddof, axes), x, axes) * direction


def textbook_deviation_share(d: Term, y: Term, x: Term, axes: Axes, ddof: float) -> Term:
    """Without the one point where all entries are equal."""
    return spread(d / degrees(x, ddof, axes), x, axes) * deviation(x, axes) / y.kept(x.shape, axes)


def norm_share(d: Term, y: Term, x: Term, p: float, axes: Axes) -> Term:
    length = y.kept(x.shape, axes)
    if p == inf:
        absolute = x.apply("abs")
        return extreme_share(d, y, absolute, axes) * x.apply("sign")
    if p == 1:
        direction = x.apply("sign")
    elif p == 2:
        direction = (length == 0).apply("where", 0, x / length)
    else:
        ratio = x.apply("abs") / length
        direction = (length == 0).apply("where", 0, x.apply("sign") * ratio.apply("pow", p - 1))
    return spread(d, x, axes) * direction


def textbook_norm_share(d: Term, y: Term, x: Term, p: float, axes: Axes) -> Term:
    """Without the one point where the norm is 0."""
    if p in (1, inf):
        return norm_share(d, y, x, p, axes)
    length = y.kept(x.shape, axes)
    direction = x / length
    if p != 2:
        exponent = int(p) if p == int(p) else p
        direction = x.apply("sign") * (x.apply("abs") / length).apply("pow", exponent - 1)
    return spread(d, x, axes) * direction


def tied(y: Term, x: Term, axes: Axes) -> Term:
    return (x == y.kept(x.shape, axes)).summed(axes) > 1


def norm_kink(y: Term, x: Term, p: float, axes: Axes) -> Term:
    if p == inf:
        return tied(y, x.apply("abs"), axes)
    return (x == 0) if p == 1 else (y == 0)


def reversed_sum(d: Term, y: Term, x: Term, axis: int) -> Term:
    items = [(0, length, 1) for length in d.shape]
    items[axis] = (d.shape[axis] - 1, d.shape[axis], -1)
    return d.entries(items).apply("cumsum", payload=(axis,)).entries(items)


def softmax_share(d: Term, y: Term, x: Term, axes: Axes) -> Term:
    weighted = d * y
    return weighted - weighted.summed(axes).kept(x.shape, axes) * y


def log_softmax_share(d: Term, y: Term, x: Term, axes: Axes) -> Term:
    return d - d.summed(axes).kept(x.shape, axes) * x.apply("softmax", payload=(axes,))


def norm_order(shapes: Sequence[Shape], p: float, axes: Axes) -> Shape:
    if not p >= 1:
        raise ShapeError(f"there is no norm of order {p:g}", "p is at least 1, and may be inf")
    return without_axes(shapes[0], axes)


ROWS = (
    Primitive(
        "sum(x; axis)",
        array=ArrayRule(reduced, axes_parameter("sum"), (lambda d, y, x, axes: spread(d, x, axes),)),
        latex=r"\sum #1",
        doc="sum of the entries",
    ),
    Primitive(
        "mean(x; axis)",
        array=ArrayRule(reduced_some("mean"), axes_parameter("mean"), (mean_share,)),
        doc="mean of the entries",
        aliases="average",
    ),
    Primitive(
        "prod(x; axis)",
        array=ArrayRule(
            reduced,
            axes_parameter("prod"),
            define=product_of_halves,
            textbook=(lambda d, y, x, axes: spread(d * y, x, axes) / x,),
        ),
        latex=r"\prod #1",
        doc="product of the entries",
        aliases="product",
    ),
    Primitive(
        "smallest(x; axis)",
        array=ArrayRule(reduced_some("min"), axes_parameter("min"), (extreme_share,), kink=tied),
        latex=r"\min",
        doc="smallest entry; a tie is split evenly; written min(x)",
    ),
    Primitive(
        "largest(x; axis)",
        array=ArrayRule(reduced_some("max"), axes_parameter("max"), (extreme_share,), kink=tied),
        latex=r"\max",
        doc="largest entry; a tie is split evenly; written max(x)",
    ),
    Primitive(
        "var(x; axis, ddof=0)",
        array=ArrayRule(reduced_some("var"), axes_and_degrees("var"), (variance_share,)),
        doc="variance: the sum of squared deviations from the mean over n - ddof",
        aliases="variance",
    ),
    Primitive(
        "std(x; axis, ddof=0)",
        array=ArrayRule(
            reduced_some("std"),
            axes_and_degrees("std"),
            (deviation_share,),
            kink=lambda y, x, axes, ddof: y == 0,
            textbook=(textbook_deviation_share,),
        ),
        doc="standard deviation, the root of var",
    ),
    Primitive(
        "norm(x; p=2, axis)",
        array=ArrayRule(
            norm_order, order_and_axes("norm"), (norm_share,), kink=norm_kink, textbook=(textbook_norm_share,)
        ),
        latex=r"\left\|#1\right\|",
        doc="sum(abs(x)^p)^(1/p) over the entries, without overflow; the largest absolute value for p = inf",
    ),
    Primitive(
        "cumsum(x; axis=-1)",
        array=ArrayRule(same, axis_parameter("cumsum"), (reversed_sum,)),
        doc="running sums along an axis",
    ),
    Primitive(
        "logsumexp(x; axis)",
        array=ArrayRule(
            reduced_some("logsumexp"),
            axes_parameter("logsumexp"),
            (lambda d, y, x, axes: spread(d, x, axes) * x.apply("softmax", payload=(axes,)),),
        ),
        doc="log(sum(exp(x))), without overflow",
    ),
    Primitive(
        "softmax(x; axis=-1)",
        array=ArrayRule(same, axes_parameter("softmax"), (softmax_share,)),
        doc="exp(x)/sum(exp(x)) along an axis, without overflow",
    ),
    Primitive(
        "log_softmax(x; axis=-1)",
        array=ArrayRule(same, axes_parameter("log_softmax"), (log_softmax_share,)),
        latex=r"\operatorname{logsoftmax}",
        doc="x - logsumexp(x) along an axis",
    ),
)
