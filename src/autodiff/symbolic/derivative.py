"""The derivatives of a graph, as the graph that a person would write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from autodiff.graph.gradient import Gradient, dependents, gradient, pull_back, uses_in_order
from autodiff.graph.nodes import Graph
from autodiff.graph.primitive import VARIABLE
from autodiff.language.errors import Note
from autodiff.symbolic.collecting import IDENTITIES
from autodiff.symbolic.domain import UNDEFINED, lost_conditions, message
from autodiff.symbolic.lowering import FormArithmetic, lowered_into
from autodiff.symbolic.normal import Identities, Normal
from autodiff.symbolic.shortening import Shortener
from autodiff.symbolic.writing import Writer, manner_of


class Written(NamedTuple):
    """A graph as a person would write it: derivatives by name, and what their form doesn't show.

    `value` is the node of what was differentiated, if that was asked for.
    """

    graph: Graph
    value: int | None
    slopes: dict[str, int]
    notes: list[Note]


def derivatives(
    graph: Graph, output: int, wrt: Mapping[str, int | None], order: int = 1, *, with_value: bool = False
) -> Written:
    """The derivatives of the node `output` by each of the nodes `wrt`, in the simplest form that is found.

    A node that is no variable is written by its name, as if it were one. `order` is at least 1.
    """
    derivation = Derivation(graph, output, in_full=with_value)
    forms = derivation.first(wrt)
    for _ in range(order - 1):
        forms = {name: derivation.next(form, name) for name, form in forms.items()}
    return derivation.written(forms, with_value)


def mixed_derivative(
    graph: Graph, output: int, wrt: Mapping[str, int | None], names: Sequence[str], *, with_value: bool = False
) -> Written:
    """The derivative by each of `names`, one after the other; its name is `x,y`."""
    derivation = Derivation(graph, output, in_full=with_value)
    form = derivation.first({names[0]: wrt[names[0]]})[names[0]]
    for name in names[1:]:
        form = derivation.next(form, name)
    return derivation.written({",".join(names): form}, with_value)


def identities_of(graph: Graph) -> Identities:
    """What may be used: those of arrays only where there are some."""
    if not any(graph.shapes):
        return IDENTITIES
    from autodiff.symbolic.arrays import IDENTITIES as OF_ARRAYS

    return OF_ARRAYS


class Derivation:
    """The forms of a graph and of its derivatives.

    A node that is no variable is written by its name where it is differentiated by; `in_full` as what it is made of.
    """

    def __init__(self, graph: Graph, output: int, *, in_full: bool = False) -> None:
        self.graph = graph
        self.in_full = in_full
        self.output = output
        self.normal = normal = Normal(identities_of(graph))
        self.manner = manner_of(graph)
        self.known: dict[int, int] = {}
        lowered_into(normal, graph, [output], self.known)
        self.typed = len(normal.kinds)

    def first(self, wrt: Mapping[str, int | None]) -> dict[str, int]:
        """The forms of the derivatives of the graph by its nodes `wrt`; 0 by a name that has none."""
        slopes: dict[str, int] = {}
        variables = {name: node for name, node in wrt.items() if node is not None and self.is_variable(node)}
        slopes.update(self._slopes(self.graph, self.output, variables, self.known))
        for name, node in wrt.items():
            if node is not None and name not in variables:
                known = {node: self.normal.atom(name, self.graph.shapes[node] or ())}
                lowered_into(self.normal, self.graph, [self.output], known)
                slopes.update(self._slopes(self.graph, self.output, {name: node}, known))
        return {name: slopes.get(name, self.normal.zero) for name in wrt}

    def is_variable(self, node: int) -> bool:
        """Whether it is one, or to be written as what it is made of."""
        return self.graph.nodes[node].primitive is VARIABLE or self.in_full

    def next(self, form: int, name: str) -> int:
        """The form of the derivative of a form by a variable."""
        writer = Writer(self.normal, Graph(), self.manner, self.typed)
        writer.write([form])
        variable = next((at for at, node in enumerate(writer.graph.nodes) if node.label == name), None)
        if variable is None:
            return self.normal.in_shape(self.normal.zero, self.normal.shapes[form])
        known: dict[int, int] = {}
        lowered_into(self.normal, writer.graph, [writer.at[form]], known)
        return self._slopes(writer.graph, writer.at[form], {name: variable}, known)[name]

    def _slopes(self, graph: Graph, output: int, wrt: Mapping[str, int], known: dict[int, int]) -> dict[str, int]:
        kept = len(self.normal.kinds)
        slopes = self._adjoints(graph, output, list(wrt.values()), known)
        forms = [
            self.normal.in_shape(slopes.get(node, self.normal.zero), graph.shapes[node] or ()) for node in wrt.values()
        ]
        return dict(zip(wrt, Shortener(self.normal, kept).shortened(forms), strict=True))

    def _adjoints(self, graph: Graph, output: int, wrt: list[int], known: dict[int, int]) -> dict[int, int]:
        """The forms of the adjoints of the nodes `wrt`; `known` are those of all nodes that `output` needs."""
        if all(shape == () for shape in graph.shapes) and all(node.primitive.array is None for node in graph.nodes):
            step = Gradient(graph, [], {output: self.normal.one}, {}, {})
            needs = dependents(graph, wrt).__getitem__
            uses = uses_in_order(graph, output)
            rules = FormArithmetic(self.normal, graph, known)
            pull_back(step, range(output, -1, -1), needs, with_edges=False, uses=uses, arithmetic=rules)
            return step.adjoints
        of_nodes = gradient(graph, output, wrt, with_edges=False, textbook=True)
        lowered_into(
            self.normal, of_nodes.graph, [of_nodes.adjoints[at] for at in wrt if at in of_nodes.adjoints], known
        )
        return {node: known[adjoint] for node, adjoint in of_nodes.adjoints.items() if adjoint in known}

    def written(self, forms: Mapping[str, int], with_value: bool) -> Written:
        """The graph of forms, and of the value."""
        writer = Writer(self.normal, Graph(), self.manner, self.typed)
        lost = lost_conditions(self.normal, list(forms.values()))
        outside: list[int] = []
        if any(self.graph.shapes):
            from autodiff.symbolic.notation import in_entries, narrowed

            outside = narrowed(self.normal, self.known[self.output], list(forms.values()))
            forms = {name: in_entries(self.normal, form) for name, form in forms.items()}
        value = [self.known[self.output]] if with_value else []
        writer.write([*value, *forms.values(), *(form for _, form in lost), *outside])
        notes = [self.domain_note(writer, kind, form) for kind, form in lost]
        notes += [self.domain_note(writer, UNDEFINED, form) for form in outside]
        slopes = {name: writer.at[form] for name, form in forms.items()}
        return Written(writer.graph, writer.at[value[0]] if value else None, slopes, notes)

    def domain_note(self, writer: Writer, kind: str, form: int) -> Note:
        from autodiff.show.formula import formula

        return Note("domain", message(kind, formula(writer.graph, writer.at[form])))
