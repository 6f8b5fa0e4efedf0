"""Points in the domain of a row of the table: everyday numbers, tails, edges, integers, the ends of binary64."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from random import Random

from autodiff.evaluate.floats import FLOATS
from autodiff.evaluate.program import Backend, Kernel, defined_kernel, text_kernel
from autodiff.graph.primitive import Primitive

Point = tuple[float, ...]
EVERYDAY = (1e-6, 1e4)
BESSEL = {f"bessel{letter}{end}" for letter in "jyik" for end in ("", "_slope")}
HEAVY = {"beta", "beta_slope", "polygamma", *BESSEL}  # for which mpmath takes long: fewer points

# Where a derivative is 0 (DLMF 5.4.19; the others are roots found by mpmath.findroot), or nearly so.
ZEROS_OF_THE_DERIVATIVE = {
    "cosh": (0.0,),
    "sinc": (4.493409457909064, 7.725251836937707, 10.904121659428899, 1e-5),
    "gelu": (-0.7517915246935645,),
    "silu": (-1.2784645427610738,),
    "gamma": (1.4616321449683623, -0.5040830082644554, -1.5734984731623904),
    "fresnels": (2**0.5, 2.0, -(6**0.5)),
    "fresnelc": (1.0, 3**0.5, -(5**0.5)),
    "lgamma": (1.4616321449683623, -0.5040830082644554, -1.5734984731623904),
    "factorial": (0.4616321449683623, -1.5040830082644554),
}
EXTREMES = (5e-324, 2.0**-1022, 2.0**-1022 - 5e-324, 1e-300, 1e300, 1.7976931348623157e308, 2.0**53, 2.0**53 + 2, 40.0)


def signed(random: Random, size: float) -> float:
    return -size if random.random() < 0.5 else size


def beside(random: Random, centre: float) -> float:
    """A number at a distance of 2^-1 to 2^-53 of the centre."""
    return centre * (1.0 + signed(random, 2.0 ** -random.uniform(1, 53)))


KINDS: tuple[Callable[[Random], float], ...] = (
    lambda random: random.uniform(-4, 4),
    lambda random: random.uniform(-40, 40),
    lambda random: random.uniform(-800, 800),
    lambda random: signed(random, 10 ** random.uniform(-6, 3)),
    lambda random: signed(random, 10 ** random.uniform(-308, 308)),
    lambda random: beside(random, signed(random, 1.0)),
    lambda random: beside(random, float(random.randint(-20, 20))),
    lambda random: beside(random, random.randint(-100, 100) * math.pi / 2),
    lambda random: random.randint(-20, 20) / 2,
    lambda random: float(random.randint(0, 10)),
    lambda random: signed(random, random.choice(EXTREMES)),
    lambda random: signed(random, 10 ** random.uniform(-323, -307)),
)


def points(row: Primitive, count: int) -> Iterator[Point]:
    """So many points in the row's domain, always the same ones, none of them at a kink."""
    random = Random(f"the points of {row.name}")
    names = row.operand_names(2)
    inside = text_kernel(row.domain or "1", names, FLOATS)
    at_kink = text_kernel(row.kinks_of(len(names)) or "0", (*names, "y"), FLOATS)
    found = 0
    while found < count:
        point = candidate(random, len(names), ZEROS_OF_THE_DERIVATIVE.get(row.name))
        if all(map(math.isfinite, point)) and inside(*point) and not at_kink(*point, kernel(row, FLOATS)(*point)):
            found += 1
            yield point


def everyday_points(row: Primitive, count: int) -> Iterator[Point]:
    """At most so many points in the row's domain, of everyday sizes."""
    low, high = EVERYDAY
    for point in points(row, 300 if row.name not in HEAVY else 40):
        if all(x == 0 or low < abs(x) < high for x in point):
            yield point
            count -= 1
        if count == 0:
            return


def candidate(random: Random, operands: int, zeros: Sequence[float] | None) -> Point:
    if zeros and random.random() < 0.2:
        return (beside(random, random.choice(zeros)),)
    point = [random.choice(KINDS)(random) for _ in range(operands)]
    if operands > 1 and random.random() < 0.3:  # an operand near another, or near its negative
        point[1] = beside(random, signed(random, point[0]))
    return tuple(point)


def kernel(row: Primitive, backend: Backend) -> Kernel:
    """What the backend computes the primitive with."""
    return backend.kernels.get(row.name) or defined_kernel(row, backend)
