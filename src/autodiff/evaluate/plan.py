"""A formula compiled for the shapes of one point, and all that is made of it: gradients and programs, each once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from autodiff.evaluate.floats import FLOATS
from autodiff.evaluate.point import handed_out
from autodiff.evaluate.program import Backend, Differentiated, build_program
from autodiff.garbage import collection_paused
from autodiff.graph.compiler import Compiled
from autodiff.graph.gradient import add_remaining_partials, gradient
from autodiff.graph.nodes import Graph
from autodiff.graph.table import PRIMITIVES

Made = TypeVar("Made")
MOST_MADE = 64  # gradients and programs that are kept
POW, WHERE = PRIMITIVES["pow"], PRIMITIVES["where"]
# What a form that loses digits begins with, a primitive and an operand of it; it also has one of FUNCTIONS, or a root.
BEGINNINGS = frozenset(
    (PRIMITIVES[top], PRIMITIVES[operand])
    for top, operands in {
        "log": "add sub div sum exp sigmoid cosh gamma factorial softmax pow",
        "log1p": "exp pow",
        "div": "add sub sum pow cosh",
        "sqrt": "add sub sum",
        "pow": "add sub sum",
        "sub": "exp pow mul tanh sigmoid cosh erf erfc sin cos sqrt",
        "add": "exp pow neg tanh erf",
    }.items()
    for operand in operands.split()
)
TOPS = frozenset(top for top, _ in BEGINNINGS)
FUNCTIONS = frozenset(
    PRIMITIVES[name]
    for name in ("exp", "log", "log1p", "sqrt", "tanh", "cosh", "sigmoid", "erf", "erfc", "sin", "cos", "softmax")
)


class Plan:
    """The programs for one compiled formula. Equality is identity.

    `typed` is the formula as it was written where it is computed in another way, else None.
    """

    __slots__ = ("backend", "compiled", "has_kinks", "made", "typed")

    def __init__(self, compiled: Compiled, typed: Compiled | None = None) -> None:
        self.compiled = compiled
        self.typed = typed
        self.backend = backend_for(compiled.graph)
        self.has_kinks = any(node.primitive.has_kinks for node in compiled.graph.nodes)
        self.made: dict[object, Any] = {}

    def once(self, make: Callable[[Plan, int, Sequence[int]], Made], output: int, wrt: Sequence[int]) -> Made:
        """What `make` makes of this plan, a node to differentiate and nodes to differentiate by; kept for the next."""
        key = (make, output, tuple(wrt))
        made: Made | None = self.made.get(key)
        if made is None:
            with collection_paused():
                made = make(self, output, wrt)
            if len(self.made) >= MOST_MADE:
                self.made.pop(next(iter(self.made.copy())), None)  # another thread may have been quicker
            self.made[key] = made
        return made

    def value(self, output: int, at: Mapping[str, Any]) -> Any:
        """The value of a node at a point."""
        return handed_out(self.job(output, ()).program.run(at)[output], at)

    def job(self, output: int, wrt: Sequence[int], with_edges: bool = False) -> Differentiated:
        """The value of a node, its gradient with respect to some others, and the program for both.

        With edges, the program gives the local partials and contributions, and the value of every node.
        """
        return self.once(differentiated_with_edges if with_edges else differentiated, output, wrt)


def stable_plan(typed: Compiled, text: str) -> Plan:
    """The plan for a formula, whose forms that lose digits, if it has any, are computed in another way."""
    if not may_lose_digits(typed.graph):
        return Plan(typed)
    from autodiff.graph.stabilise import stabilised

    compiled = stabilised(typed, text)
    return Plan(compiled, None if compiled is typed else typed)


def may_lose_digits(graph: Graph) -> bool:
    """Whether it is worth looking for forms that do: for most formulas nothing has to be loaded for that."""
    nodes = graph.nodes
    begins = has_function = False
    for primitive, operands, _, _ in nodes:
        if primitive in FUNCTIONS or (primitive is POW and not isinstance(graph.number(operands[1]), int)):
            has_function = True
        if not begins and primitive in TOPS:
            begins = any((primitive, nodes[operand].primitive) in BEGINNINGS for operand in operands)
        if begins and has_function:
            return True
    return False


def differentiated(plan: Plan, output: int, wrt: Sequence[int]) -> Differentiated:
    graph = plan.compiled.graph
    step = gradient(graph, output, wrt, with_edges=False)
    results = [output, *(step.adjoints[node] for node in wrt if node in step.adjoints)]
    if plan.has_kinks and plan.backend is not FLOATS:
        results += decisive_nodes(graph)
    return Differentiated(graph, output, step, build_program(step.graph, results, plan.backend))


def differentiated_with_edges(plan: Plan, output: int, wrt: Sequence[int]) -> Differentiated:
    graph = plan.compiled.graph
    step = gradient(graph, output, wrt)
    add_remaining_partials(step, len(graph.nodes))
    adjoints = (step.adjoints[node] for node in wrt if node in step.adjoints)
    results = [*range(len(graph.nodes)), *adjoints, *step.partials.values(), *step.contributions.values()]
    return Differentiated(graph, output, step, build_program(step.graph, results, plan.backend))


def backend_for(graph: Graph) -> Backend:
    """Python's floats where all is a number; NumPy is loaded for arrays only."""
    if all(shape == () for shape in graph.shapes) and all(node.primitive.array is None for node in graph.nodes):
        return FLOATS
    from autodiff.evaluate.arrays import ARRAYS

    return ARRAYS


def decisive_nodes(graph: Graph) -> Iterable[int]:
    """The nodes whose values tell whether a kink was met: its operands, itself, and conditions."""
    for position, node in enumerate(graph.nodes):
        if node.primitive.has_kinks:
            yield position
            yield from node.operands
        elif node.primitive is WHERE:
            yield node.operands[0]
