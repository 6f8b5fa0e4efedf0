"""A graph as the instructions that compute it, with the kernels of one backend."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, NamedTuple

from autodiff.graph.gradient import Gradient
from autodiff.graph.nodes import Graph
from autodiff.graph.primitive import CONSTANT, VARIABLE, Primitive
from autodiff.graph.prune import needed
from autodiff.graph.rules import rule

Kernel = Callable[..., Any]


class Backend:
    """A namespace of kernels keyed by primitive, and how it holds a number. Equality is identity."""

    __slots__ = ("kernels", "made", "number")
    has_arrays = False

    def __init__(self, kernels: Mapping[str, Kernel], number: Callable[[Any], Any]) -> None:
        self.kernels = kernels
        self.number = number
        self.made: dict[object, Kernel] = {}  # of texts of the table, kept as long as the backend itself

    def kernel(self, graph: Graph, position: int) -> Kernel:
        """What computes a node from its operands: a kernel of its own, else one made of the primitive's definition."""
        primitive, operands, _, _ = graph.nodes[position]
        own = self.kernels.get(primitive.name)
        return own if own is not None else defined_kernel(primitive, self, len(operands))

    def finished(self, graph: Graph, program: Program, results: Collection[int]) -> Program:
        """The program as it is run for `results`."""
        return program


class Program(NamedTuple):
    """What to do, in order: every instruction writes one node's value from the values of its operands.

    `releases` has for each instruction the nodes that nothing needs after it; None keeps every value.
    """

    size: int
    constants: list[tuple[int, Any]]
    variables: list[tuple[int, str]]
    instructions: list[tuple[int, Kernel, tuple[int, ...]]]
    releases: list[tuple[int, ...]] | None = None

    def run(self, point: Mapping[str, Any]) -> list[Any]:
        """The value of every node; those that no result needed have None."""
        values: list[Any] = [None] * self.size
        for position, name in self.variables:
            values[position] = point[name]
        return self.go_on(values)

    def go_on(self, values: list[Any]) -> list[Any]:
        """As `run`, where the values of the variables, and of all that was known before, are already there."""
        for position, number in self.constants:
            values[position] = number
        if self.releases is not None:
            return self._run_arrays(values, self.releases)
        for position, kernel, operands in self.instructions:
            values[position] = kernel(*[values[operand] for operand in operands])
        return values

    def _run_arrays(self, values: list[Any], releases: list[tuple[int, ...]]) -> list[Any]:
        import numpy

        with numpy.errstate(all="ignore"):
            for (position, kernel, operands), released in zip(self.instructions, releases, strict=True):
                values[position] = kernel(*[values[operand] for operand in operands])
                for node in released:
                    values[node] = None
        return values


class Differentiated:
    """A graph with its gradient and the program that computes both."""

    __slots__ = ("gradient", "graph", "output", "program")

    def __init__(self, graph: Graph, output: int, gradient: Gradient, program: Program) -> None:
        self.graph = graph
        self.output = output
        self.gradient = gradient
        self.program = program


def build_program(graph: Graph, results: Iterable[int], backend: Backend, known: Collection[int] = ()) -> Program:
    """The instructions for `results` and all that they are computed from, without the nodes that are `known`."""
    results = list(results)
    wanted = needed(graph, results, known)
    program = Program(len(graph.nodes), [], [], [])
    for position in known:
        wanted[position] = False
    for position, node in enumerate(graph.nodes):
        if not wanted[position]:
            continue
        if node.primitive is VARIABLE:
            program.variables.append((position, str(node.payload)))
        elif node.primitive is CONSTANT:
            program.constants.append((position, backend.number(node.payload)))
        else:
            program.instructions.append((position, backend.kernel(graph, position), node.operands))
    return backend.finished(graph, program, results)


def last_uses(program: Program, results: Collection[int]) -> list[tuple[int, ...]]:
    """For each instruction the operands that it is the last to use, results excepted."""
    kept = {
        *results,
        *(position for position, _ in program.variables),
        *(position for position, _ in program.constants),
    }
    made = {position for position, _, _ in program.instructions} - kept
    releases: list[tuple[int, ...]] = []
    for _, _, operands in reversed(program.instructions):
        last = tuple(made.intersection(operands))
        made.difference_update(last)
        releases.append(last)
    return releases[::-1]


def defined_kernel(primitive: Primitive, backend: Backend, count: int | None = None) -> Kernel:
    """The kernel that the primitive's definition makes, for so many operands (as many as it names)."""
    operands = len(primitive.operands) if count is None else count
    definition = primitive.definition_of(operands)
    if not definition:
        raise LookupError(f"{primitive!r} has neither a kernel nor a definition")
    return text_kernel(definition, primitive.operand_names(operands), backend)


def text_kernel(text: str, names: tuple[str, ...], backend: Backend) -> Kernel:
    """A function of `names` that computes a text of the table."""
    made = backend.made.get((text, names))
    if made is not None:
        return made
    template = rule(text)
    program = build_program(template.graph, [template.output], backend)

    def kernel(*operands: Any) -> Any:
        return program.run(dict(zip(names, operands, strict=True)))[template.output]

    backend.made[text, names] = kernel
    return kernel
