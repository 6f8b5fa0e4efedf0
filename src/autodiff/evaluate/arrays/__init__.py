"""The backend for arrays: NumPy, binary64, with the answers that single numbers have, entry by entry."""

from __future__ import annotations

import numpy

from autodiff.evaluate.arrays import linear_algebra
from autodiff.evaluate.arrays.backend import array_backend
from autodiff.evaluate.arrays.elementwise import KERNELS
from autodiff.evaluate.arrays.reductions import reduction_kernels
from autodiff.evaluate.floats import FLOATS

ARRAYS = array_backend(FLOATS, KERNELS, linear_algebra.KERNELS, numpy.float64, reduction_kernels)
