"""Answers that may differ from the right one by a constant, or by a constant factor.

A factor is constant if the formulas at any two points x and x' say so: e(x)*g(x') = e(x')*g(x). An antiderivative may
have another constant on each piece of its domain, so constants are compared by the derivatives; where a formula has
jumps inside of a piece, by e(x) + g(x') = e(x') + g(x).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from autodiff.check.comparison import Comparison, Formulas, State
from autodiff.check.equivalence import Search
from autodiff.check.evidence import Evidence
from autodiff.check.points import interval_of, small_points
from autodiff.check.problem import Problem, add_formula, derivative_on
from autodiff.check.proof import Solution
from autodiff.check.question import CONSTANT, Interval
from autodiff.check.reading import Answer
from autodiff.check.rounding import COMPARISONS, STEPS, WHERE
from autodiff.check.verdict import RIGHT, WRONG
from autodiff.evaluate.digits import digits
from autodiff.graph.primitive import Primitive
from autodiff.graph.prune import needed
from autodiff.graph.simplify import add_simplified
from autodiff.graph.stand_ins import replaced
from autodiff.graph.table import PRIMITIVES

ADD, MUL = PRIMITIVES["add"], PRIMITIVES["mul"]
PRIME = "\u2032"
CHANGES, VARIES = "the difference is not the same everywhere", "the ratio is not the same everywhere"
# A formula with one of these may jump inside of a piece of its domain. Without them a constant may be another one on
# each piece: sqrt((x - 5)^2)/(x - 5) has two, and no value at 5; sign(x - 5) has one.
JUMPS = COMPARISONS | STEPS | {WHERE}


def evidence_up_to(solution: Solution, answer: Answer) -> Evidence:
    """Whether the formulas agree but for a constant, by the question's variable, or by all of the right answer.

    Other names are constants.
    """
    problem = solution.problem
    question = problem.question
    graph, variables = problem.graph.copy(), {**problem.compiled.variables}
    given = add_formula(graph, answer.compiled, variables)
    names = [question.variable] if question.variable is not None else list(problem.compiled.variables)
    names = [name for name in names if name in variables]
    domain = (problem.expected, given, *(() if question.equal else (problem.function,)))
    if question.up_to == CONSTANT:
        formulas = Formulas(graph, variables, problem.expected, given, domain)
        wanted = needed(graph, [problem.expected, given])
        jumps = any(node.primitive in JUMPS for node, is_needed in zip(graph.nodes, wanted, strict=False) if is_needed)
        evidence = by_pairs(solution, formulas, names, ADD) if jumps else by_slopes(solution, formulas, names)
        if evidence.verdict != RIGHT:
            return with_values(evidence, Formulas(graph, variables, problem.expected, given), CHANGES)
        return evidence._replace(how=f"{evidence.how}, up to a constant")
    evidence = by_pairs(solution, Formulas(graph, variables, problem.expected, given, domain), names)
    if evidence.verdict != RIGHT:
        return with_values(evidence, Formulas(graph, variables, problem.expected, given), VARIES)
    return evidence._replace(how=f"{evidence.how}, up to a constant factor")


def by_slopes(solution: Solution, formulas: Formulas, names: Sequence[str]) -> Evidence:
    """Whether both have the same derivative by each name."""
    graph, variables, expected, given, domain = formulas
    weakest = Evidence(RIGHT, "proved")
    for name in names:
        graph, first = derivative_on(graph, expected, variables[name])
        graph, second = derivative_on(graph, given, variables[name])
        evidence = decided(solution, Formulas(graph, variables, first, second, domain))
        if evidence.verdict != RIGHT:
            return evidence
        if weakest.how == "proved":
            weakest = evidence
    return weakest


def by_pairs(solution: Solution, formulas: Formulas, names: Sequence[str], together: Primitive = MUL) -> Evidence:
    """Whether e(x)*g(x') is e(x')*g(x), and neither is 0 everywhere; or the same with a sum."""
    graph, variables, expected, given, domain = formulas
    variables = {**variables}
    others = {variables[name]: graph.variable(name + PRIME) for name in names}
    variables |= {name + PRIME: others[variables[name]] for name in names}
    moved = {node: replaced(graph, node, others) if others else node for node in (*domain, expected, given)}
    zero = graph.constant(0)
    for node, other in ((expected, given), (given, expected)) if together is MUL else ():
        is_zero = decided(solution, Formulas(graph, variables, node, zero, domain)).verdict == RIGHT
        if is_zero and decided(solution, Formulas(graph, variables, other, zero, domain)).verdict != RIGHT:
            return Evidence(WRONG, "only one of the two is 0 everywhere")
    first = add_simplified(graph, together, (expected, moved[given]))
    second = add_simplified(graph, together, (moved[expected], given))
    both = (*domain, *(moved[node] for node in domain))
    conditions = [replaced(graph, node, others) if others else node for node in solution.problem.conditions]
    intervals = interval_of(solution.problem.question.domain)
    moved_intervals = {name + PRIME: intervals[name] for name in names if name in intervals}
    return decided(solution, Formulas(graph, variables, first, second, both), conditions, moved_intervals)


def decided(
    solution: Solution,
    formulas: Formulas,
    conditions: Sequence[int] = (),
    intervals: Mapping[str, Interval] = MappingProxyType({}),
) -> Evidence:
    """The decision on two formulas; `conditions` and `intervals` hold beside those of the question."""
    problem: Problem = solution.problem
    everywhere = {**interval_of(problem.question.domain), **intervals}
    search = Search(formulas, [*problem.conditions, *conditions], everywhere, problem.question.seed)
    search.real_only = True
    return search.decide(lambda: solution.proves_equal(formulas.graph, formulas.expected, formulas.given))


def with_values(evidence: Evidence, formulas: Formulas, how: str) -> Evidence:
    """The evidence with the values of the formulas themselves at the point, or at a small one."""
    if evidence.verdict != WRONG:
        return evidence
    comparison = Comparison(formulas, digits)
    names = tuple(formulas.variables)
    wheres: list[Mapping[str, object]] = [] if evidence.where is None else [evidence.where]
    for where in (*wheres, *small_points(names, {})):
        point = {name: where[name] for name in names if name in where}
        found = comparison.at(point)  # type: ignore[arg-type]  # the values of a point are exact numbers
        if found.state in (State.DIFFER, State.AGREE) and len(point) == len(names):
            return evidence._replace(how=how, where=point, found=found._replace(state=State.DIFFER))
    return evidence._replace(how=how, where=None, found=None)
