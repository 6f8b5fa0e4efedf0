"""What a batch computes: the steps for each row, and apart from them what is the same in all rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from autodiff.evaluate.floats import FLOATS
from autodiff.evaluate.plan import Plan
from autodiff.evaluate.program import Program, build_program
from autodiff.garbage import collection_paused
from autodiff.graph.gradient import dependents, gradient
from autodiff.graph.nodes import Graph
from autodiff.graph.primitive import VARIABLE
from autodiff.graph.prune import needed
from autodiff.language.errors import AutodiffError


class Tape(NamedTuple):
    """The nodes that differ from row to row, operands first, and the results to hand out.

    `columns` has the node of each variable that is a column, `steps` the other nodes that depend on one of these.
    `settled` computes what the steps use and no column changes, and has those nodes in `fixed`. `value`, `slopes` and
    `curvatures` are nodes of the graph; None for a derivative that is zero.
    """

    graph: Graph
    columns: dict[str, int]
    steps: tuple[int, ...]
    fixed: tuple[int, ...]
    settled: Program
    value: int
    slopes: dict[str, int | None]
    curvatures: dict[tuple[str, str], int | None]

    @property
    def outputs(self) -> list[int]:
        """The nodes of all results, each once, in the order in which they are asked for."""
        results = [self.value, *self.slopes.values(), *self.curvatures.values()]
        return list(dict.fromkeys(node for node in results if node is not None))

    def fixed_values(self, at: Mapping[str, float]) -> dict[int, float]:
        """The numbers that no column changes."""
        values = self.settled.run(at)
        return {node: values[node] for node in self.fixed}


def build_tape(
    plan: Plan, output: int, wrt: Mapping[str, int], varying: Collection[str], text: str, *, second: bool = False
) -> Tape:
    """The value of a node and its gradient, with the second derivatives as well if they are asked for.

    Raises AutodiffError for a formula that computes with arrays.
    """
    refuse_arrays(plan.compiled.graph, output, text)
    with collection_paused():
        step = gradient(plan.compiled.graph, output, list(wrt.values()), with_edges=False)
        graph, slopes = step.graph, {name: step.adjoints.get(node) for name, node in wrt.items()}
        curvatures: dict[tuple[str, str], int | None] = {}
        if second:
            for name, slope in slopes.items():
                again = None if slope is None else gradient(graph, slope, list(wrt.values()), with_edges=False)
                graph = graph if again is None else again.graph
                for other, node in wrt.items():
                    curvatures[name, other] = None if again is None else again.adjoints.get(node)
        results = [output, *slopes.values(), *curvatures.values()]
        return tape_of(graph, [node for node in results if node is not None], varying)._replace(
            value=output, slopes=slopes, curvatures=curvatures
        )


def tape_of(graph: Graph, results: Sequence[int], varying: Collection[str]) -> Tape:
    """The steps for `results`, where the variables with names in `varying` are columns."""
    wanted = needed(graph, results)
    columns = {
        str(node.payload): position
        for position, node in enumerate(graph.nodes)
        if wanted[position] and node.primitive is VARIABLE and node.payload in varying
    }
    varies = dependents(graph, columns.values())
    steps = tuple(
        position
        for position, node in enumerate(graph.nodes)
        if wanted[position] and varies[position] and node.primitive is not VARIABLE
    )
    used = {operand for position in steps for operand in graph.nodes[position].operands}.union(results)
    fixed = tuple(sorted(node for node in used if not varies[node]))
    return Tape(graph, columns, steps, fixed, build_program(graph, fixed, FLOATS), -1, {}, {})


def refuse_arrays(graph: Graph, output: int, text: str) -> None:
    """Raises AutodiffError if there are arrays on the way to the output."""
    wanted = needed(graph, [output])
    for position, node in enumerate(graph.nodes):
        if wanted[position] and (graph.shapes[position] != () or node.primitive.array is not None):
            raise AutodiffError(
                "not-a-number",
                "the formula computes with arrays, and columns stand for numbers only",
                graph.spans[position],
                "write it with numbers, or call the function for each row",
                text=text,
            )
