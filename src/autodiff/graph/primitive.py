"""One row of the table of primitives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autodiff.graph.nodes import Graph
    from autodiff.graph.shapes import Shape
    from autodiff.graph.terms import Term

Payload = tuple[Any, ...]


def nothing_to_settle(shapes: Sequence[Shape], parameters: Mapping[str, Any]) -> Payload:
    """For rows without parameters, and for those that only internal code applies, with a payload that is settled."""
    return ()


class ArrayRule:
    """What an array primitive has beside its name: parameters, a shape, a vector-Jacobian product.

    The parameters of a call (an axis, a shape) are known when it is compiled. `settle` makes of them, and of the
    operands' shapes, what the node keeps (its payload): every axis counted from the front, every length known. `shape`
    is that of the result. `vjp` gives what the node adds to the adjoint of one operand, as a graph: one function for
    each operand, or one for all whose first argument is the operand's position; they take the node's adjoint, the
    node, the operands and the payload. A row with `define` needs none: it is differentiated through what it defines.
    `textbook` has them as a person would write them, where `vjp` has a form for computing.
    `kink` gives the condition under which the node has no derivative, from the node, the operands and the payload.
    """

    __slots__ = ("define", "kink", "settle", "shape", "textbook", "vjp")

    def __init__(
        self,
        shape: Callable[..., Shape],
        settle: Callable[[Sequence[Shape], Mapping[str, Any]], Payload] = nothing_to_settle,
        vjp: tuple[Callable[..., Term], ...] | Callable[..., Term] = (),
        define: Callable[..., Term] | None = None,
        kink: Callable[..., Term] | None = None,
        textbook: tuple[Callable[..., Term], ...] = (),
    ) -> None:
        self.shape = shape
        self.settle = settle
        self.vjp = vjp
        self.define = define
        self.kink = kink
        self.textbook = textbook


class Primitive:
    """A function that a node can apply, with all that is known of it. Equality is identity.

    `signature` names the operands, with default values: `leaky_relu(x, slope=0.01)`; `...` after the last one: any
    number of it. `partials` has the local partial for each operand, written in the language of autodiff itself; in
    it the operands have their names, and `y` is the node's own value. `domain` and `kinks` are conditions in the same
    language: where it is defined (everywhere if empty), and where it is continuous or jumps but has no derivative.
    `definition`, in the same language, says what it computes: backends use it where they have nothing more accurate.
    A function with `stands_for` is no node: it says which primitive and operands take its place.
    `internal` primitives occur in partials and can't be called by the user.
    Operands behind a `;` are parameters, known when the formula is compiled: `sum(x; axis)`, `zeros(; shape...)`.
    A row with `array` works on whole arrays, all others entry by entry. A row with `constant` is no node: it gives
    the constant that takes its place, from the shapes of its operands and its parameters.

    `textbook` has the partials as a person would write them, where `partials` has a form for computing; of an internal
    row, its definition. Symbolic derivatives use it.

    `latex` is what is written in LaTeX, with #1, #2 for the operands; a name alone, like `\\sin`, has them behind it in
    parentheses. Without it the row has its own name there.

    A row with any number of operands gives its texts as functions: the partial, of the name of one of them and of what
    counts those that are equal to the row's value; the condition of a kink and the definition, of their names.
    """

    __slots__ = (
        "aliases",
        "array",
        "constant",
        "defaults",
        "definition",
        "doc",
        "domain",
        "internal",
        "kinks",
        "latex",
        "name",
        "operands",
        "parameters",
        "partials",
        "signature",
        "source",
        "stands_for",
        "textbook",
        "variadic",
    )

    def __init__(
        self,
        signature: str,
        partials: tuple[str, ...] | Callable[[str, str], str] = (),
        *,
        doc: str,
        latex: str = "",
        textbook: tuple[str, ...] | str = (),
        domain: str = "",
        kinks: str | Callable[[str], str] = "",
        definition: str | Callable[[tuple[str, ...]], str] = "",
        aliases: str = "",
        source: str = "",
        stands_for: Callable[[Graph, tuple[int, ...]], tuple[Primitive, tuple[int, ...], Payload | None]] | None = None,
        internal: bool = False,
        array: ArrayRule | None = None,
        constant: Callable[[Sequence[Shape], Mapping[str, Any]], Any] | None = None,
    ) -> None:
        self.name, _, rest = signature.rstrip(")").partition("(")
        rest, _, parameters = rest.partition(";")
        declared = [part.strip().partition("=") for part in rest.split(",")] if rest else []
        self.variadic = bool(declared) and declared[-1][0] == "..."
        self.operands = tuple(name for name, _, _ in declared if name != "...")
        self.defaults: Mapping[str, str] = {name: default for name, _, default in declared if default}
        settings = [part.strip().partition("=") for part in parameters.split(",")]
        self.parameters: Mapping[str, str] = {name: default for name, _, default in settings if name}
        self.signature = signature.replace("(; ", "(").replace("; ", ", ")
        self.partials = partials
        self.domain = domain
        self.kinks = kinks
        self.definition = definition
        self.doc = doc
        self.latex = latex
        self.textbook = textbook
        self.aliases = tuple(aliases.split())
        self.source = source
        self.stands_for = stands_for
        self.internal = internal
        self.array = array
        self.constant = constant

    def __repr__(self) -> str:
        return f"<primitive {self.signature}>"

    @property
    def entrywise(self) -> bool:
        """Whether it is a node that works on each entry of its operands alone."""
        return self.array is None and self.constant is None and self.stands_for is None

    @property
    def has_kinks(self) -> bool:
        return bool(self.kinks) if self.array is None else self.array.kink is not None

    def operand_names(self, count: int) -> tuple[str, ...]:
        """The names of `count` operands in the texts of this row."""
        return tuple(f"x{i + 1}" for i in range(count)) if self.variadic else self.operands

    def partial(self, position: int, count: int) -> str:
        """The local partial for the operand at `position` of `count`, in the language."""
        if callable(self.partials):
            names = self.operand_names(count)
            return self.partials(names[position], f"ties(y, {', '.join(names)})")
        return self.partials[position]

    def definition_of(self, count: int) -> str:
        """What the primitive of `count` operands computes, in the language; empty if only backends know."""
        return self.definition(self.operand_names(count)) if callable(self.definition) else self.definition

    def written_partial(self, position: int, count: int) -> str:
        """The local partial as a person would write it. Of any number of operands, the names are x1, x2, ..."""
        if isinstance(self.textbook, tuple) and len(self.textbook) == count:
            return self.textbook[position]
        return self.partial(position, count)

    def written_definition(self, count: int) -> str:
        """The definition as a person would write it."""
        return self.textbook if isinstance(self.textbook, str) and self.textbook else self.definition_of(count)

    def kinks_of(self, count: int) -> str:
        """The condition under which `count` operands are at a kink, in the language; empty if they never are."""
        return self.kinks(", ".join(self.operand_names(count))) if callable(self.kinks) else self.kinks


VARIABLE = Primitive("variable", (), doc="a variable", internal=True)
CONSTANT = Primitive("constant", (), doc="a constant", internal=True)
