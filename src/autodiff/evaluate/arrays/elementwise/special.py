"""The error function, which NumPy hasn't."""

from __future__ import annotations

import math

from autodiff.evaluate.arrays.elementwise.blocks import entry_by_entry, in_blocks
from autodiff.evaluate.program import Kernel

erf = entry_by_entry(math.erf)
erfc = entry_by_entry(math.erfc)

KERNELS: dict[str, Kernel] = {"erf": in_blocks(erf), "erfc": in_blocks(erfc)}
