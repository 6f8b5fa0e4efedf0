"""The backend for many digits: mpmath, with a precision of its own, and the semantics of IEEE 754 around it."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import mpmath

from autodiff.evaluate.digits.elementary import elementary_kernels, logical_kernels
from autodiff.evaluate.digits.precision import real_valued
from autodiff.evaluate.digits.special import special_kernels
from autodiff.evaluate.program import Backend, defined_kernel
from autodiff.evaluate.threads import once_per_thread
from autodiff.graph.nodes import NamedConstant
from autodiff.graph.table import PRIMITIVES

BITS_TO_ROUND = 128  # so many beyond a float's that no result is known to be rounded to the wrong side


@once_per_thread
def digits(bits: int) -> Backend:
    """The backend that computes with `bits` bits; its numbers are for the thread that asked for it."""
    context = mpmath.MPContext()
    context.prec = bits
    return real_backend(context)


def real_backend(context: Any) -> Backend:
    """The backend of the real numbers of an mpmath context, with the context's bits."""

    def number(payload: Any) -> Any:
        """A constant of the graph, correctly rounded: pi and e have all their digits here."""
        if isinstance(payload, NamedConstant):
            return named_constant(context, payload.name)
        if isinstance(payload, Fraction):
            return context.mpf(payload.numerator) / payload.denominator
        return context.mpf(payload)

    functions = {**elementary_kernels(context), **special_kernels(context)}
    kernels = {name: real_valued(context, function) for name, function in functions.items()}
    return Backend({**kernels, **logical_kernels(context)}, number)


def named_constant(context: Any, name: str) -> Any:
    if name in ("tau", "τ"):
        return 2 * context.pi
    return {"e": +context.e, "inf": context.inf}.get(name, +context.pi)


def rounded(name: str, *operands: float) -> float:
    """The primitive of floats, computed with more digits and rounded to a float."""
    backend = digits(BITS_TO_ROUND)
    kernel = backend.kernels.get(name) or defined_kernel(PRIMITIVES[name], backend)
    return to_float(kernel(*map(backend.number, operands)))


def to_float(value: Any) -> float:
    """The nearest binary64; mpmath itself rounds twice where the result is subnormal."""
    try:
        number = float(value)
    except OverflowError:
        return math.copysign(math.inf, value)
    if abs(number) < 2.3e-308 and value:
        return math.ldexp(int(mpmath.nint(mpmath.ldexp(value, 1074))), -1074)
    return number
