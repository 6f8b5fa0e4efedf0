"""Answers that may differ from the right one by a constant, or by a constant factor."""

from __future__ import annotations

from collections.abc import Callable

from autodiff.check.comparison import Formulas
from autodiff.check.equivalence import Evidence, Search
from autodiff.check.points import interval_of
from autodiff.check.problem import add_formula
from autodiff.check.proof import Solution
from autodiff.check.question import CONSTANT
from autodiff.check.reading import Answer
from autodiff.check.verdict import RIGHT
from autodiff.graph.gradient import gradient
from autodiff.graph.nodes import Graph
from autodiff.graph.simplify import add_product
from autodiff.graph.table import PRIMITIVES

DIV = PRIMITIVES["div"]


def evidence_up_to(solution: Solution, answer: Answer) -> Evidence:
    """Whether the derivatives of both, or of their quotient, agree by each variable.

    By the variable of the question if it names one, else by all of the right answer: other names are constants.
    """
    problem = solution.problem
    question = problem.question
    graph, variables = problem.graph.copy(), {**problem.compiled.variables}
    given = add_formula(graph, answer.compiled, variables)
    names = [question.variable] if question.variable is not None else list(problem.compiled.variables)
    nodes = [variables[name] for name in names if name in variables]
    evidence: Evidence | None = None
    for node in nodes:
        graph, expected, found = pair(graph, problem.expected, given, node, question.up_to)
        formulas = Formulas(graph, variables, expected, found, () if question.equal else (problem.function,))
        search = Search(formulas, problem.conditions, interval_of(question.domain), question.seed)
        next_one = search.decide(prove(solution, formulas))
        if next_one.verdict != RIGHT:
            return next_one._replace(how=f"{next_one.how}, up to a {said(question.up_to)}")
        if evidence is None or (evidence.how == "proved" and next_one.how != "proved"):
            evidence = next_one
    if evidence is None:  # no variable: every number is another one plus a constant
        formulas = Formulas(graph, variables, problem.expected, given)
        return Search(formulas, seed=question.seed).decide(lambda: True)
    return evidence._replace(how=f"{evidence.how}, up to a {said(question.up_to)}")


def prove(solution: Solution, formulas: Formulas) -> Callable[[], bool]:
    return lambda: solution.proves_equal(formulas.graph, formulas.expected, formulas.given)


def said(up_to: str) -> str:
    return up_to if up_to == CONSTANT else f"constant {up_to}"


def pair(graph: Graph, expected: int, given: int, variable: int, up_to: str) -> tuple[Graph, int, int]:
    """Two nodes that are equal if the formulas are, up to a constant (by e' = g') or a factor (by e'*g = g'*e)."""
    slopes = []
    for node in (expected, given):
        step = gradient(graph, node, [variable], with_edges=False)
        graph = step.graph
        slopes.append(step.adjoints.get(variable, -1))
    first, second = (graph.constant(0) if slope < 0 else slope for slope in slopes)
    if up_to == CONSTANT:
        return graph, first, second
    return graph, add_product(graph, first, given), add_product(graph, second, expected)
