"""The steps of a derivation as a tree, as a teacher would write them on a board; and the next rule alone, as a hint."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from autodiff.language.errors import Note
from autodiff.symbolic.formula import Formula
from autodiff.symbolic.rule import Rule, logarithm_of_power
from autodiff.symbolic.steps import Hint, Step, Steps

if TYPE_CHECKING:
    from rich.text import Text
    from rich.tree import Tree

MOST_OPERATIONS = 100  # of a formula that is written out within a step
ONE_LINE = ("constant", "identity")  # rules whose formula would say nothing new


def print_steps(derivations: Sequence[Steps], width: int, colour: bool, max_depth: int | None = None) -> list[Note]:
    """A tree for each derivative, with a line between them. Returns what there is to note on what was left out."""
    from autodiff.show.tree import print_tree

    notes: list[Note] = []
    for index, derivation in enumerate(derivations):
        if index:
            print()
        tree, cut = steps_tree(derivation, width, max_depth)
        notes += [note for note in cut if note not in notes]
        print_tree(tree, width, colour)
    return notes


def hint_text(hint: Hint) -> str:
    """The next rule with its formula and its parts, and no result."""
    return rule_line(hint.rule, [brief(part) for part in hint.parts])


def steps_tree(derivation: Steps, width: int, max_depth: int | None = None) -> tuple[Tree, list[Note]]:
    """The tree, whose last line ends with the derivative; and notes on what was left out."""
    from rich.text import Text
    from rich.tree import Tree

    from autodiff.show.tree import deepest_level

    deepest = deepest_level(width, max_depth)
    root = derivation.steps[-1]
    tree = Tree(beginning(root, derivation), guide_style="dim")
    shown = {root.id}
    pending = contents(root, derivation, tree, 2)
    while pending:
        content, branch, level = pending.pop()
        if not isinstance(content, Step):
            branch.add(content)
        elif level > deepest:
            if not branch.children:
                branch.add(Text("…", style="dim"))
        elif content.id in shown and content.rule.name not in ONE_LINE:
            branch.add(reference(content, derivation))
        else:
            shown.add(content.id)
            pending += contents(content, derivation, branch.add(beginning(content, derivation)), level + 1)
    return tree, cut_notes(derivation, len(derivation.steps) - len(shown), deepest)


def cut_notes(derivation: Steps, unshown: int, deepest: int) -> list[Note]:
    """What to say of steps that were left out, and of formulas that are too long to be written out in a step."""
    notes = []
    if unshown:
        count = "1 step is" if unshown == 1 else f"{unshown} steps are"
        notes.append(Note("tree-cut", f"the tree is cut below level {deepest}: {count} not shown"))
    if derivation.hidden:
        count = "1 part has" if derivation.hidden == 1 else f"{derivation.hidden} parts have"
        notes.append(Note("steps-cut", f"after {len(derivation.steps)} steps the derivation is cut: {count} none"))
    last = derivation.steps[-1]
    if any(is_long(formula) for step in derivation.steps for formula in formulas_within(step, step is last)):
        notes.append(Note("steps-cut", f"formulas of more than {MOST_OPERATIONS} operations are shown as …"))
    return notes


def formulas_within(step: Step, is_last: bool) -> list[Formula]:
    """Those of a step that may be left out: not the derivative itself."""
    formulas = [step.expression, step.unsimplified, None if is_last else step.result]
    return [formula for formula in formulas if formula is not None]


def contents(step: Step, derivation: Steps, branch: Tree, level: int) -> list[tuple[Step | Text, Tree, int]]:
    """What is to be drawn below a step, the first one last."""
    below: list[Step | Text] = [derivation.steps[child] for child in step.children]
    if has_ending(step):
        below.append(ending(step, derivation))
    return [(content, branch, level) for content in reversed(below)]


def has_ending(step: Step) -> bool:
    """Whether the result has its own lines, below those of the parts, or of a name's definition."""
    return bool(step.children) or (step.label is not None and step.rule.name not in ONE_LINE)


def beginning(step: Step, derivation: Steps) -> Text:
    """What is differentiated, and by which rule; of a step without others below also the result."""
    from rich.text import Text

    title = Text(question(step, derivation, with_definition=step.rule.name not in ONE_LINE))
    if step.rule.name in ONE_LINE:
        title.append(f" = {brief(step.result)}", style="bold")
        return title.append(f"  {step.rule.title}", style="yellow")
    if not has_ending(step):
        if worth_showing(step):
            title.append(f" = {brief(step.unsimplified)}")
        title.append(f" = {result_text(step, derivation)}", style="bold")
    title.append("\n")
    return title.append_text(rule_text(step, derivation))


def rule_text(step: Step, derivation: Steps) -> Text:
    from rich.text import Text

    line = rule_line(step.rule, [brief(part) for part in step.parts])
    title = step.rule.title
    return Text.assemble((title, "yellow"), line.removeprefix(title))


def rule_line(rule: Rule, parts: Sequence[str]) -> str:
    """chain rule: (sin(u))' = cos(u)*u' with inner function u = 3*x"""
    shown = rule.shown()
    if shown is None:
        return rule.title
    left, right = shown
    line = f"{rule.title}: {primed(left)} = "
    if (logarithmic := logarithm_of_power(rule)) is not None:
        power, product = logarithmic
        line += f"{power.text()}*({product.text()})' = "
    line += right.text()
    if described := described_parts(rule, parts):
        line += f" with {described}"
    return line if rule.kink is None else f"{line}; no derivative where {rule.kink.text()}"


def primed(formula: Formula) -> str:
    text = formula.text()
    return f"{text}'" if text.isalnum() else f"({text})'"


def described_parts(rule: Rule, parts: Sequence[str]) -> str:
    """`n = 3, inner function u = x^2 + 1`; nothing for a long sum."""
    if rule.has_many_parts:
        return ""
    given = list(zip(rule.parts, parts, strict=True))
    constants = [f"{part.letter} = {text}" for part, text in given if not part.is_differentiated]
    functions = [f"{part.letter} = {text}" for part, text in given if part.is_differentiated]
    if rule.has_inner_functions:
        functions[0] = f"inner function{'s' * (len(functions) > 1)} {functions[0]}"
        return ", ".join(constants + functions)
    return ", ".join(f"{part.letter} = {text}" for part, text in given)


def ending(step: Step, derivation: Steps) -> Text:
    """The rule with the parts put in, and what it is simplified to."""
    from rich.text import Text

    lines = Text()
    if step.unsimplified is not None and worth_showing(step):
        lines.append(f"put in: {brief(step.unsimplified)}\nsimplified: ")
    else:
        lines.append("put in: " if step.unsimplified is not None else "result: ")
    lines.append(result_text(step, derivation), style="bold")
    if step is not derivation.steps[-1]:
        for note in step.notes:
            lines.append(f"\n{note.message}", style="dim")
    return lines


def reference(step: Step, derivation: Steps) -> Text:
    from rich.text import Text

    line = Text(question(step, derivation, with_definition=False))
    line.append(f" = {brief(step.result)}", style="bold")
    return line.append("  see above", style="dim")


def question(step: Step, derivation: Steps, *, with_definition: bool = True) -> str:
    """d/dx (x + 1); of a named node d/dx h where h = x + 1."""
    expression = step.expression
    if step.label is not None:
        asked = f"d/d{derivation.name} {step.label}"
        return f"{asked} where {step.label} = {brief(expression)}" if with_definition else asked
    return f"d/d{derivation.name} {brief(expression, enclosed=True)}"


def worth_showing(step: Step) -> bool:
    """Whether simplifying changed what is written."""
    formula = step.unsimplified
    if formula is None:
        return False
    return is_long(formula) or is_long(step.result) or formula.text() != step.result.text()


def is_long(formula: Formula) -> bool:
    return formula.operations() > MOST_OPERATIONS


def brief(formula: Formula | None, *, enclosed: bool = False) -> str:
    if formula is None or is_long(formula):
        return "…"
    return formula.enclosed() if enclosed else formula.text()


def result_text(step: Step, derivation: Steps) -> str:
    """The result of a step; that of the last one in full."""
    return step.result.whole_text() if step is derivation.steps[-1] else brief(step.result)
