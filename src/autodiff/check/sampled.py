"""An answer and the right one as floats, at points where both have values."""

from __future__ import annotations

from itertools import chain, islice

from autodiff.check.comparison import Formulas, State
from autodiff.check.equivalence import Search
from autodiff.check.points import Point, interval_of, random_points, small_points
from autodiff.check.problem import add_formula
from autodiff.check.proof import Solution
from autodiff.check.reading import Answer

SAMPLE = 40  # points


def search_for(solution: Solution, answer: Answer) -> Search | None:
    """The comparison of an answer with the right one; None if it has names that the function doesn't have."""
    problem = solution.problem
    graph, variables = problem.graph.copy(), {**problem.compiled.variables}
    given = add_formula(graph, answer.compiled, variables)
    if variables.keys() - problem.compiled.variables.keys():
        return None
    domain = () if problem.question.equal else (problem.function,)
    formulas = Formulas(graph, variables, problem.expected, given, domain)
    return Search(formulas, problem.conditions, interval_of(problem.question.domain), problem.question.seed)


class Sampled:
    """The values of both formulas at points where both have some, as floats."""

    def __init__(self, points: list[Point], expected: list[float], given: list[float]) -> None:
        self.points = points
        self.expected = expected
        self.given = given


def sampled(search: Search) -> Sampled:
    points: list[Point] = []
    expected, given = [], []
    names, intervals = search.names, search.intervals
    for point in chain(
        small_points(names, intervals), islice(random_points(names, intervals, search.random), 4 * SAMPLE)
    ):
        if search.by_floats(point) not in (State.AGREE, State.DIFFER):
            continue
        values = search.floats.run({name: float(value) for name, value in point.items()})
        points.append(point)
        expected.append(values[search.formulas.expected])
        given.append(values[search.formulas.given])
        if len(points) == SAMPLE:
            break
    return Sampled(points, expected, given)
