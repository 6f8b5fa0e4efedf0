"""The backend for the complex-step derivative: complex numbers whose imaginary part is a tiny step.

Every kernel continues the real function analytically beside the real axis; one that chooses does so by the real part.
Outside the domain of the real function, and on overflow, it is NaN.
"""

from __future__ import annotations

from autodiff.evaluate.complex_step import choices, elementary, special
from autodiff.evaluate.floats.ieee import number
from autodiff.evaluate.program import Backend

SCALARS = Backend(
    {**elementary.KERNELS, **special.KERNELS, **choices.KERNELS}, lambda payload: complex(number(payload))
)


def complex_backend(has_arrays: bool) -> Backend:
    """The backend for formulas with arrays, or for those without, which need no NumPy."""
    if not has_arrays:
        return SCALARS
    from autodiff.evaluate.complex_step.arrays import complex_arrays

    return complex_arrays(SCALARS)
