"""What is said of a form that is computed in another way."""

from __future__ import annotations

from collections.abc import Container, Sequence, Set

from autodiff.graph.nodes import Graph
from autodiff.graph.primitive import CONSTANT
from autodiff.graph.table import OPERATORS
from autodiff.language.errors import Note, Span
from autodiff.language.excerpts import shortened

MOST_NOTES = 5
LONGEST = 90
MOST_READ = 1000  # characters of a form, for the first few of them
CALL = 9
# How tightly what is written with an operator holds together; a call, a name and a number most of all.
BINDING = {
    **dict.fromkeys(("and", "or", "not", "lt", "le", "gt", "ge", "eq", "ne"), 0),
    **dict.fromkeys(("add", "sub"), 1),
    **dict.fromkeys(("neg", "mul", "div", "matmul"), 2),
    "pow": 3,
}


def limited(notes: Sequence[Note]) -> list[Note]:
    """One note for each place of the text, and how many there are beyond the first few."""
    first = list({note.span: note for note in reversed(notes)}.values())[::-1]
    if len(first) <= MOST_NOTES + 1:
        return first
    rest = len(first) - MOST_NOTES
    return [*first[:MOST_NOTES], Note("stabilised", f"and {rest} more forms are computed in another way")]


class Words:
    """The nodes in words: as the formula has them, and those that were made as one would write them.

    At the spans `derived` the formula has something else: a derivative, whose nodes all have its place.
    """

    def __init__(self, graph: Graph, text: str, derived: Container[Span | None] = ()) -> None:
        self.graph = graph
        self.text = text
        self.derived = derived
        self.made: dict[int, str] = {}

    def at(self, span: Span | None) -> str:
        if span is None:
            return ""
        beginning = self.text[span.start : min(span.end, span.start + MOST_READ)]
        return shortened(" ".join(beginning.split()), LONGEST)

    def of(self, position: int) -> str:
        node = self.graph.nodes[position]
        if node.label is not None:
            return shortened(node.label, LONGEST)
        return self.made.get(position) or self.at(self.graph.spans[position])

    def of_form(self, position: int, covered: Set[int]) -> str:
        """The form that covers some nodes: what was typed, or, if it came of a derivative, what that has inside."""
        span = self.graph.spans[position]
        if span not in self.derived:
            return self.at(span)
        for node in sorted(covered):
            self.make(node)
        return f"{self.made[position]}, in {self.at(span)}," if span else self.made[position]

    def make(self, position: int, axes: str = "") -> None:
        """Finds the words for a new node from those of its operands; `axes` is what a call has behind them."""
        primitive, operands, payload, _ = self.graph.nodes[position]
        name = primitive.name
        if primitive is CONSTANT:
            words = str(payload)
        elif name not in BINDING:
            words = f"{name}({', '.join(map(self.of, operands))}{axes})"
        elif name == "neg":
            words = f"-{self.bound(operands[0], 2)}"
        else:
            tight = BINDING[name]
            left, right = self.bound(operands[0], tight + (name == "pow")), self.bound(operands[-1], tight + 1)
            operator = "^" if name == "pow" else OPERATORS[name].strip("ab")
            words = f"{left}{operator}{right}"
        self.made[position] = shortened(words, LONGEST)

    def bound(self, position: int, least: int) -> str:
        """In parentheses, unless it holds together as tightly as that."""
        node, words = self.graph.nodes[position], self.of(position)
        holds = CALL if node.label is not None else BINDING.get(node.primitive.name, CALL)
        if node.primitive is CONSTANT and not words.isalnum() and position in self.made:  # -2, 1/2
            holds = BINDING["neg"]
        return words if holds >= least else f"({words})"


def derived_spans(graph: Graph) -> set[Span | None]:
    """The places at which there are different operations: what was typed is one operation at each place."""
    places = list(zip(graph.spans, (node.primitive for node in graph.nodes), strict=True))
    one_of = dict(places)
    return {span for span, primitive in places if primitive is not one_of[span]}
