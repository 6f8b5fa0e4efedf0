r"""The steps of a derivation in LaTeX: an `align*` in which each step is a line, the parts first, the result last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from autodiff.show.latex_names import name_text
from autodiff.show.steps import ONE_LINE, is_long
from autodiff.symbolic.formula import Formula
from autodiff.symbolic.rule import Rule, logarithm_of_power
from autodiff.symbolic.steps import Hint, Step, Steps

LEFT_OUT = r"\ldots"


def steps_latex(derivations: Sequence[Steps]) -> str:
    """An `align*` for each derivative, for display mode."""
    return "\n".join(block(latex_lines(derivation)) for derivation in derivations)


def block(lines: Iterable[str]) -> str:
    return "\\begin{align*}\n" + " \\\\\n".join(lines) + "\n\\end{align*}"


def latex_lines(derivation: Steps) -> list[str]:
    """A line for each step: what is differentiated, `&=`, the result, `&&`, the rule."""
    return [line(step, derivation) for step in derivation.steps]


def line(step: Step, derivation: Steps) -> str:
    expression = step.expression
    if step.label is not None:
        asked, definition = name_text(step.label), rf", \quad {name_text(step.label)} = {brief_latex(expression)}"
    else:
        asked, definition = LEFT_OUT if is_long(expression) else expression.latex_enclosed(), ""
    result = step.result.latex() if step is derivation.steps[-1] else brief_latex(step.result)
    before = result if step.unsimplified is None else brief_latex(step.unsimplified)
    results = result if before == result else f"{before} = {result}"
    reason = rule_latex(step.rule, [brief_latex(part) for part in step.parts]) + definition
    return f"{derivative_sign(derivation)} {asked} &= {results} && {reason}"


def derivative_sign(derivation: Steps) -> str:
    r"""\frac{d}{d x}, or with \partial where there are other variables."""
    sign = r"\partial" if derivation.is_partial else "d"
    return rf"\frac{{{sign}}}{{{sign} {name_text(derivation.name)}}}"


def hint_latex(hint: Hint) -> str:
    return rule_latex(hint.rule, [brief_latex(part) for part in hint.parts], in_full=True)


def rule_latex(rule: Rule, parts: Sequence[str], *, in_full: bool = False) -> str:
    r"""\text{chain rule: } \left(\sin\left(u\right)\right)' = \cos\left(u\right) u', \; u = 3 x"""
    title = rule.title.replace("_", r"\_")
    shown = rule.shown()
    if shown is None or (rule.name in ONE_LINE and not in_full):
        return rf"\text{{{title}}}"
    left, right = shown
    written = rf"\text{{{title}: }} {primed_latex(left)} = "
    if (logarithmic := logarithm_of_power(rule)) is not None:
        power, product = logarithmic
        written += rf"{power.latex()} \left({product.latex()}\right)' = "
    written += right.latex()
    if parts and not rule.has_many_parts:
        given = ", \\; ".join(
            f"{name_text(part.letter)} = {text}" for part, text in zip(rule.parts, parts, strict=True)
        )
        written += rf", \quad {given}"
    if rule.kink is not None:
        written += rf", \quad \text{{no derivative where }} {rule.kink.latex()}"
    return written


def primed_latex(formula: Formula) -> str:
    text = formula.latex()
    return f"{text}'" if formula.text().isalnum() else rf"\left({text}\right)'"


def brief_latex(formula: Formula) -> str:
    return LEFT_OUT if is_long(formula) else formula.latex()
