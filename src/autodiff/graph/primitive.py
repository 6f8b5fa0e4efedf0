"""One row of the table of primitives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autodiff.graph.nodes import Graph


class Primitive:
    """A function that a node can apply, with all that is known of it. Equality is identity.

    `signature` names the operands, with default values: `leaky_relu(x, slope=0.01)`; `...` after the last one: any
    number of it. `partials` has the local partial for each operand, written in the language of autodiff itself; in
    it the operands have their names, and `y` is the node's own value. `domain` and `kinks` are conditions in the same
    language: where it is defined (everywhere if empty), and where it is continuous or jumps but has no derivative.
    `definition`, in the same language, says what it computes: backends use it where they have nothing more accurate.
    A function with `stands_for` is no node: it says which primitive and operands take its place.
    `internal` primitives occur in partials and can't be called by the user.

    A row with any number of operands gives its texts as functions of their names: the partial for one of them among
    all, the condition of a kink, and the definition.
    """

    __slots__ = (
        "aliases",
        "defaults",
        "definition",
        "doc",
        "domain",
        "internal",
        "kinks",
        "name",
        "operands",
        "partials",
        "signature",
        "source",
        "stands_for",
        "variadic",
    )

    def __init__(
        self,
        signature: str,
        partials: tuple[str, ...] | Callable[[str, str], str],
        *,
        doc: str,
        domain: str = "",
        kinks: str | Callable[[str], str] = "",
        definition: str | Callable[[tuple[str, ...]], str] = "",
        aliases: str = "",
        source: str = "",
        stands_for: Callable[[Graph, tuple[int, ...]], tuple[Primitive, tuple[int, ...]]] | None = None,
        internal: bool = False,
    ) -> None:
        self.name, _, rest = signature.rstrip(")").partition("(")
        declared = [part.strip().partition("=") for part in rest.split(",")] if rest else []
        self.variadic = bool(declared) and declared[-1][0] == "..."
        self.operands = tuple(name for name, _, _ in declared if name != "...")
        self.defaults: Mapping[str, str] = {name: default for name, _, default in declared if default}
        self.signature = signature
        self.partials = partials
        self.domain = domain
        self.kinks = kinks
        self.definition = definition
        self.doc = doc
        self.aliases = tuple(aliases.split())
        self.source = source
        self.stands_for = stands_for
        self.internal = internal

    def __repr__(self) -> str:
        return f"<primitive {self.signature}>"

    def operand_names(self, count: int) -> tuple[str, ...]:
        """The names of `count` operands in the texts of this row."""
        return tuple(f"x{i + 1}" for i in range(count)) if self.variadic else self.operands

    def partial(self, position: int, count: int) -> str:
        """The local partial for the operand at `position` of `count`, in the language."""
        if callable(self.partials):
            names = self.operand_names(count)
            return self.partials(names[position], ", ".join(names))
        return self.partials[position]

    def definition_of(self, count: int) -> str:
        """What the primitive of `count` operands computes, in the language; empty if only backends know."""
        return self.definition(self.operand_names(count)) if callable(self.definition) else self.definition

    def kinks_of(self, count: int) -> str:
        """The condition under which `count` operands are at a kink, in the language; empty if they never are."""
        return self.kinks(", ".join(self.operand_names(count))) if callable(self.kinks) else self.kinks


VARIABLE = Primitive("variable", (), doc="a variable", internal=True)
CONSTANT = Primitive("constant", (), doc="a constant", internal=True)
