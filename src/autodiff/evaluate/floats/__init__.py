"""The backend for one point: Python floats with the semantics of IEEE 754, and no exception for a number."""

from autodiff.evaluate.floats import (
    activation,
    arithmetic,
    exponential,
    hyperbolic,
    logic,
    special,
    trigonometric,
)
from autodiff.evaluate.floats.ieee import number
from autodiff.evaluate.program import Backend

FLOATS = Backend(
    {
        **arithmetic.KERNELS,
        **exponential.KERNELS,
        **trigonometric.KERNELS,
        **hyperbolic.KERNELS,
        **activation.KERNELS,
        **special.KERNELS,
        **logic.KERNELS,
    },
    number,
)
