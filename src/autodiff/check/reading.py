"""How an answer is read: `dy/dx = 2x` is what stands behind the equals sign."""

from __future__ import annotations

import re
from typing import NamedTuple

from autodiff.check.problem import CONDITIONS, Problem, compile_numbers
from autodiff.graph.compiler import Compiled
from autodiff.graph.table import FUNCTIONS
from autodiff.language.errors import AutodiffError, Note, Span

OPENING, CLOSING = "([{（［", ")]}）］"
# y, y', f(x), f'(x), f_x, dy/dx, d/dx f(x), d^2y/dx^2, ∂f/∂x, D_x f: what a derivative is called.
DERIVATIVE = re.compile(
    r"\s*(([^\W\d]\w*['′″]*(\s*\([\w\s,]*\))?)|([d∂D]\s*(\^?\d|[²³])?\s*\w*\s*/\s*[d∂]\s*\w+\s*(\^?\d|[²³])?.*)|)\s*"
)
CALLED = re.compile(r"\s*(y|[^\W\d]\w*['′″]+(\s*\([\w\s,]*\))?|dy\s*/\s*dx)\s*")
EQUALS = re.compile(r"(?<![<>!:])[:]?[=＝]{1,2}")


class Answer(NamedTuple):
    """An answer, the formula in it on a graph of its own, and how it was read."""

    text: str
    formula: str
    compiled: Compiled
    notes: tuple[Note, ...]


def read_answer(text: str, problem: Problem) -> Answer:
    """The formula that an answer is. Names of the function mean there what they mean in it. Raises AutodiffError."""
    formula, notes = without_left_side(text)
    if not formula.strip():
        raise AutodiffError("empty-answer", "there is no answer", suggestion="give a formula, or 0")
    try:
        compiled = compile_numbers(formula, frozenset(problem.compiled.variables))
    except AutodiffError as error:
        error.text = text if len(text) == len(formula) else formula
        error.origin = "the answer"
        raise
    refuse_functions(compiled, problem, formula)
    refuse_conditions(compiled, problem, formula)
    return Answer(text, formula, compiled, (*notes, *compiled.notes))


def refuse_functions(compiled: Compiled, problem: Problem, formula: str) -> None:
    """Raises AutodiffError for the name of a function without its operand: `sec^2 x` is no product of variables."""
    for name, node in compiled.variables.items():
        if name in FUNCTIONS and name not in problem.compiled.variables and len(name) > 1:
            raise AutodiffError(
                "function-without-parentheses",
                f"'{name}' needs parentheses around what it is applied to",
                compiled.graph.spans[node],
                f"write {name}(x), and {name}(x)^2 for its square",
                text=formula,
                origin="the answer",
            )


def refuse_conditions(compiled: Compiled, problem: Problem, formula: str) -> None:
    """Raises AutodiffError for an answer that is true or false, where no such thing is asked for."""
    graph, expected = problem.graph, problem.expected
    if compiled.graph.nodes[compiled.output].primitive.name in CONDITIONS and (
        graph.nodes[expected].primitive.name not in CONDITIONS
    ):
        raise AutodiffError(
            "answer-is-condition",
            "the answer is a condition, which is true or false, and no formula",
            compiled.graph.spans[compiled.output],
            "write where(x > 0, a, b) for a formula with cases",
            text=formula,
            origin="the answer",
        )


def without_left_side(text: str) -> tuple[str, tuple[Note, ...]]:
    """The text with blanks in the place of the sides of an equation but the last, so that every span stays right.

    >>> without_left_side("dy/dx = 2x")[0]
    '        2x'
    """
    if ";" in text or "\n" in text.strip():
        return text, ()  # a program of named nodes
    depth, place = 0, -1
    depths = []
    for character in text:
        depth += (character in OPENING) - (character in CLOSING)
        depths.append(depth)
    for sign in EQUALS.finditer(text):
        if depths[sign.start()] == 0:
            place = sign.end()
    if place < 0:
        return text, ()
    left, right = text[:place].rstrip("=＝: "), text[place:]
    if len(right.strip()) > 0 and CALLED.fullmatch(right) and not DERIVATIVE.fullmatch(left):
        note = Note("equation", "the answer is an equation, and was read as the left-hand side", Span(0, place))
        return left, (note,)
    side = "the right-hand side" if DERIVATIVE.fullmatch(left) else "what stands behind the last equals sign"
    note = Note("equation", f"the answer is an equation, and was read as {side}", Span(0, place))
    return " " * place + text[place:], (note,)
