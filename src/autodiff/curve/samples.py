"""Samples of a curve: value and derivative at places along one variable."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from typing import Any, NamedTuple

from autodiff.curve.branches import branches, has_branches
from autodiff.evaluate.result import Result
from autodiff.function import Function

LARGEST = sys.float_info.max


class Sample(NamedTuple):
    """Value and derivative at a place, and on which branch of each kinked operation it lies."""

    x: float
    value: float
    slope: float
    branches: tuple[float, ...] = ()

    @property
    def finite(self) -> bool:
        return math.isfinite(self.value)

    @property
    def steep(self) -> bool:
        return not math.isfinite(self.slope)


class Sampler:
    """The formula, or its node `of`, along one variable. It remembers every sample that it took."""

    def __init__(
        self,
        function: Function,
        variable: str,
        lower: float,
        upper: float,
        point: Mapping[str, Any],
        of: str | None = None,
    ) -> None:
        self.function = function
        self.variable = variable
        self.lower = float(lower)
        self.upper = float(upper)
        self.point = point
        self.of = of
        self.extent = min((self.upper / 2 - self.lower / 2) * 2, LARGEST)  # the bounds may be farther apart
        self.resolution = 2.0**-45 * self.extent
        self.samples: dict[float, Sample] = {}
        self.constant = not function.variables  # such a formula refuses a value for the variable
        self.wrt = () if self.constant else (variable,)
        self.branching = has_branches(function.outline(of).nodes)

    def at(self, x: float) -> dict[str, Any]:
        return {**self.point} if self.constant else {**self.point, self.variable: x}

    def __call__(self, x: float) -> Sample:
        sample = self.samples.get(x)
        if sample is None:
            sample = self.samples[x] = self.sample(x)
        return sample

    def sample(self, x: float) -> Sample:
        at = self.at(x)
        value, gradient = self.function.value_and_gradient(at, self.wrt, self.of)
        state: tuple[float, ...] = ()
        if self.branching:
            known = Result(value, gradient, [])  # so that nothing is explained at each sample
            state = branches(self.function.trace(at, self.wrt, self.of, known).nodes)
        return Sample(x, value, gradient.get(self.variable, 0.0), state)

    def taken(self) -> list[Sample]:
        return sorted(self.samples.values())

    def nearest(self, x: float) -> float:
        """The smallest distance from `x` that tells its sides apart."""
        return 2 * max(self.resolution, math.ulp(x))

    def sharpest(self, x: float) -> float:
        """How exactly a place near `x` is located."""
        return max(2.0**-60 * self.extent, 2 * math.ulp(x))
