"""The exact operations of the floats backend. They are plain arithmetic, which arrays can do as well."""

from __future__ import annotations

from autodiff.evaluate.floats import exact
from autodiff.evaluate.program import Kernel

two_sum: Kernel = exact.two_sum
two_product: Kernel = exact.two_product
quotient: Kernel = exact.quotient
