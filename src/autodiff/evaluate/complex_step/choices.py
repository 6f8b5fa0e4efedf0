"""What chooses, by the real part: comparisons, the absolute value, the smallest and largest, rounding to integers."""

from __future__ import annotations

import math
from collections.abc import Callable

from autodiff.evaluate.complex_step.analytic import NAN, is_nan
from autodiff.evaluate.floats.arithmetic import KERNELS as REAL
from autodiff.evaluate.program import Kernel


def absolute(x: complex) -> complex:
    return -x if x.real < 0 else x


def step_function(name: str) -> Kernel:
    """A function that is constant between its jumps, so that nothing of the imaginary part is left."""
    real: Callable[[float], float] = REAL[name]
    return lambda x: complex(real(x.real)) if not is_nan(x) else NAN


def mod(a: complex, b: complex) -> complex:
    if b.real == 0 or is_nan(a) or is_nan(b) or math.isinf(a.real):
        return NAN
    if math.isinf(b.real):
        return a if (a.real > 0) == (b.real > 0) or a.real == 0 else b
    turns = round((a.real - a.real % b.real) / b.real)
    rest = complex(a.real % b.real, a.imag)
    return rest - turns * complex(0.0, b.imag)


def smallest(*operands: complex) -> complex:
    return NAN if any(map(is_nan, operands)) else min(operands, key=real_part)


def largest(*operands: complex) -> complex:
    return NAN if any(map(is_nan, operands)) else max(operands, key=real_part)


def real_part(x: complex) -> float:
    return x.real


def truth(condition: Callable[..., bool]) -> Kernel:
    return lambda *operands: complex(condition(*(operand.real for operand in operands)))


KERNELS: dict[str, Kernel] = {
    "abs": absolute,
    "mod": mod,
    "min": smallest,
    "max": largest,
    **{name: step_function(name) for name in ("sign", "floor", "ceil", "round")},
    "lt": truth(lambda a, b: a < b),
    "le": truth(lambda a, b: a <= b),
    "gt": truth(lambda a, b: a > b),
    "ge": truth(lambda a, b: a >= b),
    "eq": truth(lambda a, b: a == b),
    "ne": truth(lambda a, b: a != b),
    "and": truth(lambda a, b: bool(a and b)),
    "or": truth(lambda a, b: bool(a or b)),
    "not": truth(lambda a: not a),
    "where": lambda condition, a, b: a if condition.real else b,
}
