"""Under which conditions a node is needed, where choices leave out what they don't choose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from heapq import heapify, heappop, heappush

from autodiff.graph.nodes import Graph
from autodiff.graph.table import PRIMITIVES

ALWAYS = 0
LONGEST_LOOK = 64  # steps up, to see whether a guard says less than another one
AND, OR, NOT, WHERE = (PRIMITIVES[name] for name in ("and", "or", "not", "where"))


class Guards:
    """Guards that are each a parent and a condition that holds, or doesn't, beside it; or one of several others.

    Guard 0 always holds. A parent comes before its children.
    """

    __slots__ = ("depths", "index", "parts")

    def __init__(self) -> None:
        self.parts: list[tuple[int, int, bool] | tuple[int, ...]] = [()]
        self.depths = [0]
        self.index: dict[object, int] = {}

    def _add(self, kind: str, part: tuple[int, ...], depth: int) -> int:
        position = self.index.setdefault((kind, part), len(self.parts))
        if position == len(self.parts):
            self.parts.append(part)
            self.depths.append(depth)
        return position

    def beside(self, parent: int, condition: int, holds: bool) -> int:
        return self._add("and", (parent, condition, holds), self.depths[parent] + 1)

    def is_beside(self, guard: int) -> bool:
        part = self.parts[guard]
        return guard != ALWAYS and self.index.get(("and", part)) == guard

    def either(self, options: Iterable[int]) -> int:
        """The guard that holds where one of the options does.

        >>> guards = Guards()
        >>> one, other = guards.beside(ALWAYS, 7, True), guards.beside(ALWAYS, 7, False)
        >>> guards.either([guards.beside(one, 8, True), one]) == one, guards.either([one, other])
        (True, 0)
        """
        left = set(options)
        if ALWAYS in left:
            return ALWAYS
        pending = [(-self.depths[guard], guard) for guard in left]
        heapify(pending)
        while len(left) > 1 and pending:
            _, guard = heappop(pending)  # the deepest
            if guard not in left or not self.is_beside(guard):
                continue
            parent, condition, holds = self.parts[guard]
            opposite = self.index.get(("and", (parent, condition, not holds)))
            if opposite in left:
                left -= {guard, opposite}
                if parent == ALWAYS:
                    return ALWAYS
                left.add(parent)
                heappush(pending, (-self.depths[parent], parent))
            elif self.one_above(guard, left):
                left.remove(guard)
        return left.pop() if len(left) == 1 else self._add("or", tuple(sorted(left)), 0)

    def one_above(self, guard: int, others: set[int]) -> bool:
        for _ in range(LONGEST_LOOK):
            if not self.is_beside(guard):
                return False
            guard = self.parts[guard][0]
            if guard in others:
                return True
        return False

    def conditions(self, guard: int, seen: set[int]) -> Iterator[int]:
        """The conditions that a guard is made of, but those of guards that were `seen`."""
        pending = [guard]
        while pending:
            guard = pending.pop()
            if guard in seen:
                continue
            seen.add(guard)
            part = self.parts[guard]
            if self.is_beside(guard):
                pending.append(part[0])
                yield part[1]
            else:
                pending += part


def needs(graph: Graph, results: Sequence[int], wanted: Sequence[bool], guards: Guards) -> list[int]:
    """For each node the guard under which something needs it."""
    uses: list[set[int]] = [set() for _ in graph.nodes]
    for result in results:
        uses[result].add(ALWAYS)
    needed = [ALWAYS] * len(graph.nodes)
    for position in range(len(graph.nodes) - 1, -1, -1):
        if not wanted[position]:
            continue
        guard = needed[position] = guards.either(uses[position])
        primitive, operands, _, _ = graph.nodes[position]
        uses[position] = set()
        if primitive is WHERE:
            condition, a, b = operands
            uses[condition].add(guard)
            uses[a].add(guards.beside(guard, condition, True))
            uses[b].add(guards.beside(guard, condition, False))
        else:
            for operand in operands:
                uses[operand].add(guard)
    return needed


def add_guards(graph: Graph, guards: Guards, wanted: Iterable[int]) -> dict[int, int]:
    """The nodes that the guards `wanted` are, which are added to the graph with all that they are made of."""
    found = set(wanted)
    for guard in range(len(guards.parts) - 1, ALWAYS, -1):
        if guard in found:
            part = guards.parts[guard]
            found.update(part[:1] if guards.is_beside(guard) else part)
    at: dict[int, int] = {}
    for guard in sorted(found - {ALWAYS}):
        part = guards.parts[guard]
        if guards.is_beside(guard):
            parent, condition, holds = part
            literal = condition if holds else graph.add(NOT, (condition,))
            at[guard] = literal if parent == ALWAYS else graph.add(AND, (at[parent], literal))
        else:
            first, *others = part
            at[guard] = at[first]
            for other in others:
                at[guard] = graph.add(OR, (at[guard], at[other]))
    return at
