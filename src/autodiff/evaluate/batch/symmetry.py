"""Both halves of the second derivatives, made one where they differ by rounding, as for a single point."""

from __future__ import annotations

import numpy

from autodiff.evaluate.batch.columns import Column
from autodiff.evaluate.hessian import ROUNDING


def symmetric(hessian: dict[str, dict[str, Column]]) -> dict[str, dict[str, Column]]:
    """The same columns; where (a, b) and (b, a) differ by rounding, both have their mean."""
    names = list(hessian)
    with numpy.errstate(all="ignore"):
        size = {name: numpy.sqrt(abs(hessian[name][name])) for name in names}
        for place, name in enumerate(names):
            for other in names[:place]:
                one, two = hessian[name][other], hessian[other][name]
                largest = numpy.maximum(numpy.maximum(abs(one), abs(two)), size[name] * size[other])
                difference = abs(one - two)
                rounding = (difference > 0) & (difference < numpy.inf) & (difference <= ROUNDING * largest)
                mean = one / 2 + two / 2
                numpy.copyto(one, mean, where=rounding)
                numpy.copyto(two, mean, where=rounding)
    return hessian
