"""What forms are: their kinds, and what each is made of. A form is a position in the list that Normal keeps."""

from __future__ import annotations

from typing import NamedTuple

from autodiff.graph.primitive import Payload, Primitive
from autodiff.symbolic.exact import Exact

# Positions of forms, each with its coefficient or its exponent.
Weighted = tuple[tuple[int, Exact], ...]

NUMBER, ATOM, APPLY, SUM, PRODUCT = "number", "atom", "apply", "sum", "product"  # compared by identity


class Application(NamedTuple):
    """A primitive that is neither a sum nor a product, of forms."""

    primitive: Primitive
    operands: tuple[int, ...]
    payload: Payload | None
