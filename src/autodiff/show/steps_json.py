"""The steps of a derivation, and hints, as objects for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autodiff.show.steps import primed
from autodiff.symbolic.answer import LONGEST
from autodiff.symbolic.formula import Formula
from autodiff.symbolic.rule import Rule
from autodiff.symbolic.steps import Hint, Step, Steps


def steps_objects(derivations: Sequence[Steps]) -> list[dict[str, Any]]:
    """For each derivative `variable, turn, hidden, steps`; `steps` has the parts first, the derivative last."""
    return [
        {
            "variable": derivation.name,
            "turn": derivation.turn,
            "hidden": derivation.hidden,
            "steps": [step_object(step, is_last=step is derivation.steps[-1]) for step in derivation.steps],
        }
        for derivation in derivations
    ]


def step_object(step: Step, *, is_last: bool) -> dict[str, Any]:
    """`id, rule, title, formula, parts, no_derivative_where, label, expression, children, unsimplified, result, notes`.

    A formula that is too long to be written out is null, but for the last result.
    """
    return {
        "id": step.id,
        **rule_object(step.rule, step.parts),
        "label": step.label,
        "expression": text_of(step.expression),
        "children": step.children,
        "unsimplified": text_of(step.unsimplified),
        "result": step.result.whole_text() if is_last else text_of(step.result),
        "notes": [note.message for note in step.notes],
    }


def hint_object(hint: Hint) -> dict[str, Any]:
    return rule_object(hint.rule, hint.parts)


def rule_object(rule: Rule, parts: Sequence[Formula]) -> dict[str, Any]:
    """`rule, title, formula, parts, no_derivative_where`: `parts` has what each letter stands for."""
    shown = rule.shown()
    return {
        "rule": rule.name,
        "title": rule.title,
        "formula": None if shown is None else f"{primed(shown[0])} = {shown[1].text()}",
        "parts": {part.letter: text_of(formula) for part, formula in zip(rule.parts, parts, strict=True)},
        "no_derivative_where": text_of(rule.kink),
    }


def text_of(formula: Formula | None) -> str | None:
    return None if formula is None or formula.operations() > LONGEST else formula.text()
