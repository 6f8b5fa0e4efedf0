"""Measures every derivative of the table: `python -m tests.measure_accuracy` writes src/autodiff/graph/accuracy.tsv."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from autodiff.evaluate.floats import FLOATS
from autodiff.evaluate.numbers import shortest
from autodiff.evaluate.program import build_program
from autodiff.graph.accuracy import TABLE, Measured
from autodiff.graph.gradient import gradient
from autodiff.graph.nodes import Graph
from autodiff.graph.primitive import Primitive
from autodiff.graph.table import CHAPTERS
from tests.calculus import CALCULUS, truth, ulps
from tests.points import Point, points

COLUMNS = Measured("primitive", "operand", "ulp", "points", "worst_at")


def differentiable() -> Iterator[tuple[Primitive, int]]:
    """The rows that can be called, with each operand in which the derivative is not 0 everywhere."""
    for rows in CHAPTERS.values():
        for row in rows:
            if not row.internal and row.entrywise:
                names = row.operand_names(2)
                for position in range(len(names)):
                    if row.partial(position, len(names)) not in ("0", "0/0"):
                        yield row, position


def derivative(row: Primitive, position: int) -> Callable[[Point], float]:
    """The gradient of a call of the primitive on variables, in one of them."""
    graph = Graph()
    names = row.operand_names(2)
    operands = tuple(graph.variable(name) for name in names)
    step = gradient(graph, graph.add(row, operands), [operands[position]])
    adjoint = step.adjoints[operands[position]]
    program = build_program(step.graph, [adjoint], FLOATS)
    return lambda point: float(program.run(dict(zip(names, point, strict=True)))[adjoint])


def worst(row: Primitive, position: int, count: int) -> tuple[float, int, Point]:
    """The largest error among so many points, how many of them have a derivative, and where it is."""
    ours = derivative(row, position)
    partial = CALCULUS[row.name].partials[position]
    assert partial is not None
    largest, compared, where = -1.0, 0, ()
    for point in points(row, count):
        true = truth(partial, point)
        if true is not None:
            compared += 1
            error = ulps(ours(point), true)
            if error > largest:
                largest, where = error, point
    return largest, compared, where


# Points take up to a quarter of a second where mpmath needs many digits.
SLOW = {"beta": 40, "polygamma": 8, "digamma": 4, "gamma": 2, "factorial": 2, "lambertw": 4}
SLOW |= dict.fromkeys(("besselj", "bessely", "besseli", "besselk"), 20)


def measure(count: int) -> Iterator[Measured]:
    """A row of the table for each derivative, from so many points (fewer where they are slow)."""
    for row, position in differentiable():
        largest, compared, where = worst(row, position, count // SLOW.get(row.name, 1))
        operand = row.operand_names(2)[position]
        yield Measured(row.name, operand, f"{largest:.2f}", str(compared), ", ".join(map(shortest, where)))


def write_table(count: int) -> None:
    lines = ["\t".join(COLUMNS)]
    for measured in measure(count):
        lines.append("\t".join(measured))
        print(lines[-1], flush=True)
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_table(2000)
