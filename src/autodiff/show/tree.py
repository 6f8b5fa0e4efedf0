"""The tree of adjoints, in Rich: every node with its value, the local partial on the edge to it, its adjoint."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from autodiff.evaluate.numbers import value_text, with_precision
from autodiff.evaluate.trace import Trace, TraceNode
from autodiff.language.errors import Note

DEFAULT_DIGITS = 6
DEFAULT_DEPTH = 24
MOST_ENTRIES = 4  # of an array, unless all are wanted
GUIDE_COLUMNS, ENTRY_COLUMNS = 4, 44  # of a level, and what an entry should have beside its guides


def deepest_level(width: int, max_depth: int | None) -> int:
    """How many levels to show: as many as wanted, but none whose guides would fill the width (Rich drops those)."""
    fitting = max(2, (width - ENTRY_COLUMNS) // GUIDE_COLUMNS + 1)
    return min(DEFAULT_DEPTH if max_depth is None else max_depth, fitting)


class Digits(NamedTuple):
    """How much of a number is shown, and how many entries of an array (None: all)."""

    precision: int
    entries: int | None

    def of(self, value: Any) -> str:
        return value_text(value, self.precision, self.entries)


def adjoint_tree(
    trace: Trace, width: int, max_depth: int | None = None, precision: int | None = None, full: bool = False
) -> tuple[Tree, list[Note]]:
    """The tree, and a note if it was cut. All entries of arrays are shown if it is to be `full`."""
    nodes, deepest = trace.nodes, deepest_level(width, max_depth)
    digits = Digits(DEFAULT_DIGITS if precision is None else precision, None if full else MOST_ENTRIES)
    users = count_users(trace)
    root = Tree(entry(nodes[trace.output], None, users[trace.output] > 1, digits), guide_style="dim")
    shown = {trace.output}
    cut = 0
    pending = operands_below(nodes[trace.output], root, 2)  # in the order of the lines, the next one last
    while pending:
        position, partial, branch, level = pending.pop()
        node = nodes[position]
        if level > deepest:
            cut += 1
            if not branch.children:
                branch.add(Text("…", style="dim"))
        elif position in shown and not is_number(node):
            branch.add(reference(node, partial, digits))
        else:
            shown.add(position)
            twig = branch.add(entry(node, partial, users[position] > 1, digits))
            pending += operands_below(node, twig, level + 1)
    hidden = sum(1 for position, used in enumerate(users) if used and position not in shown)
    if not cut:
        return root, []
    count = "1 node is" if hidden == 1 else f"{hidden} nodes are"
    message = f"the tree is cut below level {deepest}: {count} not shown"
    hint = "; a wider terminal or --json shows more" if max_depth is None or max_depth > deepest else ""
    return root, [Note("tree-cut", message + hint)]


def operands_below(node: TraceNode, branch: Tree, level: int) -> list[tuple[int, Any, Tree, int]]:
    """What is to be drawn below a node, the first operand last."""
    pairs = zip(node.operands, node.partials, strict=True)
    return [(operand, partial, branch, level) for operand, partial in pairs][::-1]


def count_users(trace: Trace) -> list[int]:
    """For each node how many nodes of the output's computation it is an operand of; 1 for the output itself."""
    users = [0] * len(trace.nodes)
    users[trace.output] = 1
    for node in reversed(trace.nodes[: trace.output + 1]):
        if users[node.id]:
            for operand in node.operands:
                users[operand] += 1
    return users


def entry(node: TraceNode, partial: Any, shared: bool, digits: Digits) -> Text:
    text = title(node)
    literal = is_number(node)
    if not literal:
        if shared:
            text.append(f" #{node.id}", style="dim")
        text.append(" = ")
        text.append(digits.of(node.value), style="bold")
    # Nobody varies the 2 of x^2: where x is negative there is no derivative, and that is no fault of the formula.
    if partial is not None and not (literal and is_nan(partial)):
        text.append("  partial ", style="dim")
        text.append(digits.of(partial), style="yellow")
    if not literal or not is_nan(node.adjoint):
        text.append("  adjoint ", style="dim")
        text.append(digits.of(node.adjoint), style="green")
    return text


def is_nan(value: Any) -> bool:
    """Whether it is not a number, or an array with such entries."""
    return math.isnan(value if isinstance(value, float) else value.sum())


def is_number(node: TraceNode) -> bool:
    """Whether it says all there is to say of it by its title."""
    return node.is_literal and node.shape == ()


def reference(node: TraceNode, partial: Any, digits: Digits) -> Text:
    """A node that is shown in full elsewhere."""
    text = title(node)
    text.append(f" #{node.id}", style="dim")
    if partial is not None:
        text.append("  partial ", style="dim")
        text.append(digits.of(partial), style="yellow")
    text.append("  see above" if node.operands else "", style="dim")
    return text


def title(node: TraceNode) -> Text:
    """The node's name, if it has one, and what it applies."""
    if node.op == "variable":
        return Text(node.label or "", style="cyan")
    name = with_precision(node.value, None) if is_number(node) else node.op
    if node.label is None:
        return Text(name)
    return Text.assemble((node.label, "cyan"), ("" if node.op == "constant" else f" {name}", ""))


def print_tree(tree: Tree, width: int, colour: bool) -> None:
    if colour:
        Console().print(tree, highlight=False)
    else:
        print(tree_lines(tree, width))


def tree_lines(tree: Tree, width: int) -> str:
    """The tree as plain text, nothing wrapped, nothing coloured."""
    console = Console(width=width, no_color=True, color_system=None, force_terminal=False, legacy_windows=False)
    with console.capture() as capture:
        console.print(tree, no_wrap=True, overflow="ignore", crop=False, highlight=False)
    return "\n".join(line.rstrip() for line in capture.get().splitlines())
