"""A kernel for every primitive that works entry by entry.

Where NumPy's functions, or a few of them, are as accurate as the floats backend, they are the kernel; the entries for
which they aren't, and the primitives without a row of their own, are computed by the kernel for floats.
"""

from __future__ import annotations

from autodiff.evaluate.arrays.elementwise import (
    activation,
    arithmetic,
    exponential,
    hyperbolic,
    logic,
    special,
    trigonometric,
)
from autodiff.evaluate.arrays.elementwise.blocks import entry_by_entry, in_blocks
from autodiff.evaluate.floats import FLOATS
from autodiff.evaluate.program import Kernel

VECTORISED: dict[str, Kernel] = {
    **arithmetic.KERNELS,
    **exponential.KERNELS,
    **trigonometric.KERNELS,
    **hyperbolic.KERNELS,
    **activation.KERNELS,
    **special.KERNELS,
    **logic.KERNELS,
}
# Rare and hard; many of them need mpmath at every point.
ENTRY_BY_ENTRY = tuple(name for name in FLOATS.kernels if name not in VECTORISED)

# Operands are float64 arrays, or floats, in any mix that broadcasts; the result is a new float64 array.
# The caller silences NumPy's warnings.
KERNELS: dict[str, Kernel] = {
    **{name: in_blocks(entry_by_entry(FLOATS.kernels[name])) for name in ENTRY_BY_ENTRY},
    **VECTORISED,
}
