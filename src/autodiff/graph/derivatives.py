"""Derivatives inside a program: the gradient step, applied to the graph that is being built.

What it adds are nodes like all others. They have the place of the text that asked for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from autodiff.graph.calls import unknown_keyword
from autodiff.graph.functions import MAX_NODES
from autodiff.graph.gradient import Gradient, pull_back
from autodiff.graph.nodes import Graph, NamedConstant
from autodiff.graph.shapes import Shape, shape_text
from autodiff.graph.simplify import add_broadcast
from autodiff.graph.static import NotStaticError, static_number
from autodiff.graph.table import PRIMITIVES
from autodiff.language.errors import AutodiffError, Span
from autodiff.language.excerpts import shortened
from autodiff.language.expression import Expression

DIFF = PRIMITIVES["diff"]
MAX_ORDER = 200  # of a derivative, unless they repeat before


class Derivatives:
    """The derivatives in one program. With `stabilise` those of forms that keep their digits."""

    def __init__(self, graph: Graph, text: str, stabilise: bool) -> None:
        self.graph = graph
        self.text = text
        self.stabilise = stabilise
        self.origins: list[int] = []  # one list for all steps, each of which fills it up: so none takes long
        self.leaves: set[int] = set()  # nodes that count as independent of what they are computed from

    def form(self, call: Expression, positions: Mapping[int, int]) -> int:
        """The node of `diff(expr, x)`, `diff(expr, x, n)`, `diff(expr, x, n, y, ...)`. Raises AutodiffError."""
        self.check_form(call)
        result = positions[id(call.operands[0])]
        for name, order in self.variables(call, positions):
            if order is None:
                result = self.graph.unsettled(DIFF, (result, positions[id(name)]), span=call.span)
            else:
                result = self.add(result, positions[id(name)], order, call.span)
        return result

    def check_form(self, call: Expression) -> None:
        for operand in call.operands:
            if operand.kind == "keyword":
                raise unknown_keyword("diff", ("expr", "x", "n"), operand)
        if len(call.operands) < 2:
            raise AutodiffError(
                "wrong-number-of-operands",
                "diff needs an expression, and the name by which to differentiate it",
                call.span,
                self.example(call),
            )

    def variables(self, call: Expression, positions: Mapping[int, int]) -> list[tuple[Expression, int | None]]:
        """The names that a derivative is taken by, and how often; None while that is not known."""
        result: list[tuple[Expression, int | None]] = []
        counted = True  # whether a number would have no name before it
        for operand in call.operands[1:]:
            position = positions[id(operand)]
            if operand.kind == "name":
                if result and not counted:
                    self.refuse_number(operand, position, call)
                if isinstance(self.graph.number(position), NamedConstant):
                    raise AutodiffError(
                        "not-a-variable",
                        f"'{operand.text}' is a constant, so nothing is differentiated by it",
                        operand.span,
                        "it is a variable where it gets a value; or use another name",
                    )
                result.append((operand, 1))
                counted = False
            elif counted:
                raise AutodiffError(
                    "not-a-variable",
                    "a derivative is taken by a variable or another name, and this is none",
                    operand.span,
                    self.example(call),
                )
            else:
                result[-1] = (result[-1][0], self.order(operand, position))
                counted = True
        return result

    def order(self, operand: Expression, position: int) -> int | None:
        try:
            number = static_number(self.graph, position, {})
        except NotStaticError:
            number = -1
        if number is None or (isinstance(number, int) and number >= 0):
            return number
        raise AutodiffError(
            "bad-order",
            "the order of a derivative is a whole number, 0 or more, that is known in advance",
            operand.span,
            "write it out, as in diff(expr, x, 2)",
        )

    def refuse_number(self, operand: Expression, position: int, call: Expression) -> None:
        """A name behind another one is a variable, but one that stands for a number could be meant as the order."""
        try:
            number = static_number(self.graph, position, {})
        except NotStaticError:
            return
        if number is not None:
            first, name = (self.text[e.start : e.end] for e in call.operands[:2])
            raise AutodiffError(
                "bad-order",
                f"'{operand.text}' could mean the order, {number}, or a name to differentiate by",
                operand.span,
                shortened(f"write diff({first}, {name}, {number}) or diff(diff({first}, {name}), {operand.text})"),
            )

    def example(self, call: Expression) -> str:
        """What may have been meant."""
        if not call.operands:
            return "its form is diff(expr, x) or diff(expr, x, n)"
        first = call.operands[0]
        written = self.text[first.start : first.end]
        names = {e.text for e in first.postorder() if e.kind == "name"} - NamedConstant.VALUES.keys()
        if len(call.operands) > 1 and call.operands[1].kind not in ("name", "number"):
            second = self.text[call.operands[1].start : call.operands[1].end]
            return shortened(f"give it a name: u = {second}; diff(..., u), with u in the expression")
        order = "".join(f", {o.text}" for o in call.operands[1:2] if o.kind == "number" and o.text != "1")
        return shortened(f"write diff({written}, {min(names, default='x')}{order})")

    def add(self, output: int, wrt: int, order: int, span: Span, entry_by_entry: bool = False) -> int:
        """The node of a derivative of the number `output`, with respect to the node `wrt`.

        With `entry_by_entry` it may be an array that is computed from `wrt` in that way: the derivative of each entry
        with respect to its own. While shapes are not known the derivative stays open. Raises AutodiffError.
        """
        graph = self.graph
        if graph.shapes[output] is None or graph.shapes[wrt] is None:
            return graph.unsettled(DIFF, (output, wrt), span=span)
        entry_by_entry = entry_by_entry and graph.shapes[output] == graph.shapes[wrt]
        if self.stabilise and order:
            output = self.stable(output, wrt)
        derivatives = [output]
        orders = {output: 0}
        for step in range(1, order + 1):
            derivative = self.step(derivatives[-1], wrt, span, entry_by_entry)
            first = orders.setdefault(derivative, step)
            if first < step:  # from here on they repeat, as those of sin, of exp, or 0
                return derivatives[first + (order - first) % (step - first)]
            if step == MAX_ORDER < order:
                raise AutodiffError("too-many-nodes", f"the order of a derivative is at most {MAX_ORDER}", span)
            derivatives.append(derivative)
        return derivatives[-1]

    def stable(self, output: int, wrt: int) -> int:
        """The node, or one of the same meaning whose derivative keeps its digits: not exp(x)/(1 + exp(x)) at 1000."""
        from autodiff.graph.stabilise import found, rewritten

        graph = self.graph
        at: dict[int, int] = {}
        for position in reversed(self.nodes_between(wrt, output)):
            node = graph.nodes[position]
            operands = tuple([at.get(operand, operand) for operand in node.operands])
            span = graph.spans[position]
            place = graph.append(node._replace(operands=operands), graph.shapes[position], span)
            match = found(graph, place)
            at[position] = place if match is None else rewritten(graph, place, match, span)
        return at.get(output, output)

    def step(self, output: int, wrt: int, span: Span, entry_by_entry: bool) -> int:
        graph, before = self.graph, len(self.graph.nodes)
        between = self.nodes_between(wrt, output)
        shape = graph.shapes[output]
        if shape != () and not (entry_by_entry and all(graph.nodes[node].primitive.array is None for node in between)):
            raise not_a_number(shape, span)
        adjoints = {output: add_broadcast(graph, graph.constant(1), shape)}
        step = Gradient(graph, self.origins, adjoints, {}, {})
        pull_back(step, within_limit(graph, between, span), {wrt, *between}.__contains__, with_edges=False)
        derivative = adjoints.get(wrt)
        if derivative is None:
            derivative = add_broadcast(graph, graph.constant(0), graph.shapes[wrt])
        for position in range(before, len(graph.nodes)):
            graph.spans[position] = graph.spans[position] or span
        return derivative

    def nodes_between(self, wrt: int, output: int) -> list[int]:
        """The nodes behind `output`, itself included, that are computed from `wrt`; users first."""
        nodes = self.graph.nodes
        leaves = self.leaves
        behind, pending = {output}, [output]
        while pending:
            for operand in nodes[pending.pop()].operands:
                if operand > wrt and operand not in behind and operand not in leaves:
                    behind.add(operand)
                    pending.append(operand)
        depends = {wrt}
        for position in sorted(behind):
            if position not in leaves and not depends.isdisjoint(nodes[position].operands):
                depends.add(position)
        return sorted(depends - {wrt}, reverse=True)


def within_limit(graph: Graph, positions: Sequence[int], span: Span) -> Iterator[int]:
    for position in positions:
        if len(graph.nodes) > MAX_NODES:
            message = f"the derivative makes more than {MAX_NODES} nodes"
            raise AutodiffError("too-many-nodes", message, span, "take a lower order, or of a smaller expression")
        yield position


def not_a_number(shape: Shape | None, span: Span) -> AutodiffError:
    return AutodiffError(
        "not-a-number",
        f"what is differentiated here is an array of shape {shape_text(shape)}, not a number",
        span,
        "make it a number, as with sum(...); autodiff jacobian has the derivatives of every entry",
    )
