"""Which places in memory a tape's nodes get: as few as liveness allows, so that a block of rows stays in the cache."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from autodiff.evaluate.batch.tape import Tape

Operation = Callable[..., Any]


class Task(NamedTuple):
    """One call: of operands, and behind them what the function writes into. All are nodes.

    `scratch` has the kinds of places that it needs for itself, which come last: `number`, `mask` or `flag`.
    """

    function: Operation
    operands: tuple[int, ...]
    targets: tuple[int, ...]
    in_place: bool = False
    scratch: tuple[str, ...] = ()


class Layout(NamedTuple):
    """The calls with places for nodes, and the kind of each place behind those of numbers, columns and results."""

    calls: list[tuple[Operation, tuple[int, ...]]]
    kinds: list[str]


def laid_out(tape: Tape, tasks: Iterable[Task], kinds: Mapping[int, str]) -> Layout:
    """A place for each node: first the fixed numbers, then the columns, the results, and then all others.

    `kinds` has those nodes that are no numbers. A task may write over an operand that nobody needs after it, if it
    works in place.
    """
    tasks = list(tasks)
    places: dict[int, int] = {}
    for node in [*tape.fixed, *tape.columns.values()]:
        places[node] = len(places)
    first = len(places)
    computed = {node for task in tasks for node in task.targets}
    for index, node in enumerate(tape.outputs):
        if node in computed:
            places[node] = first + index
    lasting = set(places)
    first += len(tape.outputs)
    remaining = Counter(node for task in tasks for node in task.operands)
    layout = Layout([], [])
    free: dict[str, list[int]] = {"number": [], "mask": [], "flag": []}

    def taken(kind: str) -> int:
        if free[kind]:
            return free[kind].pop()
        layout.kinds.append(kind)
        return first + len(layout.kinds) - 1

    for task in tasks:
        remaining.subtract(task.operands)
        over = [node for node in set(task.operands) if not remaining[node] and node not in lasting]
        operands = [places[node] for node in task.operands]
        if task.in_place:
            release(over, places, kinds, free)
        for node in task.targets:
            if node not in places or node not in lasting:
                places[node] = taken(kinds.get(node, "number"))
        scratch = [taken(kind) for kind in task.scratch]
        if not task.in_place:
            release(over, places, kinds, free)
        for kind, place in zip(task.scratch, scratch, strict=True):
            free[kind].append(place)
        unused = [node for node in task.targets if not remaining[node] and node not in lasting]
        release(unused, places, kinds, free)
        layout.calls.append((task.function, (*operands, *(places[node] for node in task.targets), *scratch)))
    return layout


def release(nodes: Iterable[int], places: dict[int, int], kinds: Mapping[int, str], free: dict[str, list[int]]) -> None:
    for node in nodes:
        free[kinds.get(node, "number")].append(places.pop(node))
