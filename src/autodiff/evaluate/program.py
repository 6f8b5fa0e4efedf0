"""A graph as the instructions that compute it, with the kernels of one backend."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

from autodiff.graph.gradient import Gradient
from autodiff.graph.nodes import Graph, Node
from autodiff.graph.primitive import CONSTANT, VARIABLE, Primitive
from autodiff.graph.rules import rule

Kernel = Callable[..., Any]


class Backend:
    """A namespace of kernels keyed by primitive, and how it holds a number. Equality is identity."""

    __slots__ = ("kernels", "number")

    def __init__(self, kernels: Mapping[str, Kernel], number: Callable[[Any], Any]) -> None:
        self.kernels = kernels
        self.number = number


class Program(NamedTuple):
    """What to do, in order: every instruction writes one node's value from the values of its operands."""

    size: int
    constants: list[tuple[int, Any]]
    variables: list[tuple[int, str]]
    instructions: list[tuple[int, Kernel, tuple[int, ...]]]

    def run(self, point: Mapping[str, Any]) -> list[Any]:
        """The value of every node; those that no result needed have None."""
        values: list[Any] = [None] * self.size
        for position, number in self.constants:
            values[position] = number
        for position, name in self.variables:
            values[position] = point[name]
        for position, kernel, operands in self.instructions:
            values[position] = kernel(*[values[operand] for operand in operands])
        return values


class Differentiated(NamedTuple):
    """A graph with its gradient and the program that computes both."""

    graph: Graph
    output: int
    gradient: Gradient
    program: Program


def build_program(graph: Graph, results: Iterable[int], backend: Backend) -> Program:
    """The instructions for `results` and all that they are computed from."""
    wanted = needed(graph, results)
    program = Program(len(graph.nodes), [], [], [])
    for position, node in enumerate(graph.nodes):
        if not wanted[position]:
            continue
        if node.primitive is VARIABLE:
            program.variables.append((position, str(node.payload)))
        elif node.primitive is CONSTANT:
            program.constants.append((position, backend.number(node.payload)))
        else:
            program.instructions.append((position, kernel_of(node, backend), node.operands))
    return program


def needed(graph: Graph, results: Iterable[int]) -> list[bool]:
    """For each node whether one of `results` is computed from it."""
    wanted = [False] * len(graph.nodes)
    for position in results:
        wanted[position] = True
    for position in range(len(graph.nodes) - 1, -1, -1):
        if wanted[position]:
            for operand in graph.nodes[position].operands:
                wanted[operand] = True
    return wanted


def kernel_of(node: Node, backend: Backend) -> Kernel:
    """The backend's own kernel for the node's primitive, else one made of the primitive's definition."""
    own = backend.kernels.get(node.primitive.name)
    return own if own is not None else defined_kernel(node.primitive, backend, len(node.operands))


@cache
def defined_kernel(primitive: Primitive, backend: Backend, count: int | None = None) -> Kernel:
    """The kernel that the primitive's definition makes, for so many operands (as many as it names)."""
    operands = len(primitive.operands) if count is None else count
    definition = primitive.definition_of(operands)
    if not definition:
        raise LookupError(f"{primitive!r} has neither a kernel nor a definition")
    return text_kernel(definition, primitive.operand_names(operands), backend)


@cache
def text_kernel(text: str, names: tuple[str, ...], backend: Backend) -> Kernel:
    """A function of `names` that computes a text of the table."""
    template = rule(text)
    program = build_program(template.graph, [template.output], backend)

    def kernel(*operands: Any) -> Any:
        return program.run(dict(zip(names, operands, strict=True)))[template.output]

    return kernel
