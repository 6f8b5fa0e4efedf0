"""A value and its derivatives as local names and expressions, in any dialect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from autodiff.graph.nodes import Graph
from autodiff.show.code.dialect import Dialect, Text
from autodiff.show.code.lowering import Lowering
from autodiff.show.code.names import Names, plain_identifier
from autodiff.show.code.schedule import schedule


class Local(NamedTuple):
    """A local name and the expression that it stands for."""

    name: str
    text: Text


class Written(NamedTuple):
    """The local names in order, then the value and the derivatives, by the names of the variables.

    `fixed` are the results that depend on no variable.
    """

    locals: list[Local]
    value: Text
    slopes: dict[str, Text]
    fixed: frozenset[Text]


def written(graph: Graph, value: int, slopes: Mapping[str, int], dialect: Dialect, names: Names) -> Written:
    """The expressions. Their size is linear in that of the graph. Raises AutodiffError for what has no form."""
    lowering = Lowering(dialect)
    results = lowering.copied(graph, [value, *slopes.values()])
    texts, local_names = expressions(lowering, results, dialect, names)
    numbers = {result: dialect.number(texts[result]) for result in results}
    value_text, *slope_texts = (numbers[result] for result in results)
    fixed = frozenset(numbers[result] for result in results if lowering.values[result] is not None)
    return Written(local_names, value_text, dict(zip(slopes, slope_texts, strict=True)), fixed)


def expressions(
    lowering: Lowering, results: Sequence[int], dialect: Dialect, names: Names
) -> tuple[dict[int, Text], list[Local]]:
    graph = lowering.graph
    order, named, guards = schedule(graph, results, guarded=dialect.missing is not None)
    texts: dict[int, Text] = {}
    found: list[Local] = []
    for position in order:
        operands = [texts[operand] for operand in graph.nodes[position].operands]
        text = dialect.node(graph, position, operands, names.variables)
        if position in named:
            missing = dialect.false if text.condition else dialect.missing
            if position in guards and missing is not None:
                guard = dialect.condition(texts[guards[position]])
                text = dialect.choice(guard, text, missing)._replace(condition=text.condition)
            name = local_name(lowering.names.get(position), names)
            found.append(Local(name, text))
            text = Text(name, condition=text.condition)
        texts[position] = text
    return texts, found


def local_name(label: str | None, names: Names) -> str:
    """What the program calls the node, if code can call it so; else the next name."""
    usable = label is not None and plain_identifier(label) == label
    if label is not None and usable and label not in names.taken and label not in names.reserved:
        return names.fresh(label)
    return names.next()
