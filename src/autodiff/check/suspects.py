"""All that a student may have answered to one question, with numbers by which an answer is recognised."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain, islice
from math import isclose, isfinite
from random import Random
from typing import NamedTuple

from autodiff.check.attempts import MOST_NODES, Applied, Attempt, Student
from autodiff.check.estimates import Estimates
from autodiff.check.points import Point as ExactPoint
from autodiff.check.points import interval_of, random_points, small_points
from autodiff.check.problem import MOST_PROBLEMS, Problem, derivative_on
from autodiff.check.proof import Solution, solution_of
from autodiff.check.question import Question
from autodiff.check.slips import slips
from autodiff.check.wrong_rules import WRONG_RULES
from autodiff.check.wrong_rules.rule import OTHER_VARIABLE, WHOLE
from autodiff.evaluate.floats import FLOATS
from autodiff.evaluate.program import build_program
from autodiff.graph.nodes import Graph
from autodiff.graph.rules import apply_rule, rule

POINTS, MOST_TRIED = 6, 60
FEWEST = 2  # points at which both have values
MOST_TURNS = 3  # of which single mistakes are looked for
NEAR = 1e-8  # relative difference of two floats that may be equal

Point = dict[str, float]


class Group(NamedTuple):
    """Attempts on one graph, with their numbers at each of the points.

    `in_text` says whether the spans of the graph are those of the function.
    """

    graph: Graph
    attempts: list[Attempt]
    numbers: list[list[float]]
    in_text: bool
    near: float = NEAR

    def matching(self, numbers: Sequence[float]) -> Iterator[Attempt]:
        """The attempts that have these numbers."""
        for attempt, own in zip(self.attempts, self.numbers, strict=True):
            if are_near(own, numbers, self.near):
                yield attempt


class Mistakes:
    """Attempts with mistakes at nodes, whose graphs are made when their numbers fit an answer."""

    in_text = True

    def __init__(
        self, student: Student, candidates: list[list[Applied]], points: Sequence[Point], near: float = NEAR
    ) -> None:
        self.near = near
        self.student = student
        self.candidates = candidates
        self.points = points
        self.estimates: dict[int, Estimates] = {}
        self.numbers: dict[int, list[float]] = {}

    @property
    def graph(self) -> Graph:
        return self.student.graph

    def at(self, index: int) -> Estimates:
        if index not in self.estimates:
            self.estimates[index] = Estimates(self.student, self.points[index])
        return self.estimates[index]

    def matching(self, numbers: Sequence[float]) -> Iterator[Attempt]:
        """The attempts that have these numbers."""
        finite = [index for index, number in enumerate(numbers) if isfinite(number)]
        if not finite:
            return
        first = finite[0]
        if first not in self.numbers:
            self.numbers[first] = [self.at(first).of(candidate) for candidate in self.candidates]
        for candidate, number in zip(self.candidates, self.numbers[first], strict=True):
            if isfinite(number) and not isclose(number, numbers[first], rel_tol=self.near, abs_tol=0.0):
                continue
            found = [self.at(index).of(candidate) for index in finite]
            if are_near(found, [numbers[index] for index in finite], self.near):
                yield self.student.attempt(candidate)


Suspected = Group | Mistakes


def are_near(first: Sequence[float], second: Sequence[float], near: float = NEAR) -> bool:
    common = 0
    for a, b in zip(first, second, strict=True):
        if isfinite(a) and isfinite(b):
            if not isclose(a, b, rel_tol=near, abs_tol=0.0) and max(abs(a), abs(b)) > 1e-300:
                return False
            common += 1
    return common >= FEWEST or (common == len(first) == 1)


class Suspects:
    """The attempts at one question, in groups that are made when they are asked for: the likeliest first."""

    def __init__(self, solution: Solution, points: Sequence[Point] | None = None, near: float = NEAR) -> None:
        self.solution = solution
        self.problem = problem = solution.problem
        self.points = sample(problem) if points is None else points
        self.near = near
        self.made: dict[str, Suspected] = {}

    def single(self) -> Iterator[list[Suspected]]:
        """Those with one mistake, in tiers: the likeliest first."""
        yield [self.once(self.single_mistakes), self.once(self.of_the_whole)]
        if 1 < len(self.problem.names) <= MOST_TURNS and len(self.problem.graph.nodes) < MOST_NODES:
            yield [self.once(self.mistakes_in_last_turn), self.once(self.mistakes_in_first_turn)]
        yield [self.once(self.with_slips)]

    def double(self) -> Iterator[list[Suspected]]:
        """Those with two."""
        yield [self.once(self.two_mistakes)]

    def once(self, make: Callable[[], Suspected]) -> Suspected:
        if make.__name__ not in self.made:
            self.made[make.__name__] = make()
        return self.made[make.__name__]

    def group(self, graph: Graph, attempts: Iterable[Attempt], *, in_text: bool = True) -> Group:
        """The attempts with their numbers."""
        attempts = list(attempts)
        program = build_program(graph, {attempt.result for attempt in attempts}, FLOATS)
        runs = [program.run(point) for point in self.points]
        return Group(
            graph, attempts, [[run[attempt.result] for run in runs] for attempt in attempts], in_text, self.near
        )

    def student(self) -> Student | None:
        """One who differentiates the function by the first name, on a graph of its own."""
        problem = self.problem
        variable = problem.compiled.variables.get(problem.names[0])
        return None if variable is None else Student(problem.graph.copy(), problem.function, variable)

    def single_mistakes(self) -> Suspected:
        """Those of one rule, at one node or at several."""
        student = self.student() if len(self.problem.names) == 1 else None
        return (
            self.group(Graph(), []) if student is None else Mistakes(student, student.single(), self.points, self.near)
        )

    def of_the_whole(self) -> Group:
        return self.group(*whole_attempts(self.problem))

    def previous(self) -> tuple[Graph, int] | None:
        """The derivative before the last one, as a person would write it."""
        question = self.problem.question
        shorter = replace(question, order=len(self.problem.names) - 1, mixed=question.mixed[:-1])
        if question.mixed and not shorter.mixed:
            return None
        written = solution_of(shorter).written
        return written.graph.copy(), written.slopes[""]

    def mistakes_in_last_turn(self) -> Group:
        previous = self.previous()
        if previous is None:
            return self.group(Graph(), [])
        graph, output = previous
        variable = variable_of(graph, self.problem.names[-1])
        student = None if variable is None else Student(graph, output, variable)
        attempts = [] if student is None else [student.attempt(candidate) for candidate in student.single()]
        return self.group(graph, attempts, in_text=False)

    def mistakes_in_first_turn(self) -> Group:
        """A wrong first derivative, and from there on right ones."""
        student = self.student()
        if student is None:
            return self.group(Graph(), [])
        graph, attempts = student.graph, []
        for attempt in [student.attempt(candidate) for candidate in student.single()]:
            slope = attempt.result
            for name in self.problem.names[1:]:
                graph, slope = derivative_on(graph, slope, self.problem.compiled.variables[name])
            attempts.append(attempt._replace(result=slope))
        return self.group(graph, attempts)

    def with_slips(self) -> Group:
        """Right derivatives that were simplified wrongly, and those of a function that was."""
        written = self.solution.written
        graph, output = written.graph.copy(), written.slopes[""]
        return self.group(graph, slips(graph, output), in_text=False)

    def two_mistakes(self) -> Suspected:
        student = self.student()
        if student is None or len(self.problem.names) > 1:
            return self.group(Graph(), [])
        return Mistakes(student, student.pairs(), self.points, self.near)


@lru_cache(MOST_PROBLEMS)
def suspects_of(question: Question) -> Suspects:
    return Suspects(solution_of(question))


def variable_of(graph: Graph, name: str) -> int | None:
    return next((p for p, node in enumerate(graph.nodes) if node.label == name and not node.operands), None)


def sample(problem: Problem) -> list[Point]:
    """Points at which the right derivative has a value."""
    names, intervals = problem.variables, interval_of(problem.question.domain)
    program = build_program(problem.graph, [problem.expected, problem.function, *problem.conditions], FLOATS)
    random = Random(problem.question.seed)
    points: list[Point] = []
    for exact in chain(
        islice(of_both_signs(random_points(names, intervals, random)), MOST_TRIED), small_points(names, intervals)
    ):
        point = {name: float(value) for name, value in exact.items()}
        values = program.run(point)
        holds = all(values[condition] for condition in problem.conditions)
        if holds and isfinite(values[problem.expected]) and isfinite(values[problem.function]):
            points.append(point)
        if len(points) == POINTS:
            break
    return points


def of_both_signs(points: Iterable[ExactPoint]) -> Iterator[ExactPoint]:
    """Each point, and before it the one with positive coordinates, where logarithms and roots have values."""
    for point in points:
        yield {name: abs(value) for name, value in point.items()}
        yield point


def whole_attempts(problem: Problem) -> tuple[Graph, list[Attempt]]:
    """The mistakes that concern the whole derivative, and the graph that they are on."""
    graph, variables = problem.graph, problem.compiled.variables
    names = {"f": problem.function, "d": problem.expected}
    last = variables.get(problem.names[-1])
    if last is not None:
        graph, names["after"] = derivative_on(graph, problem.expected, last)
    others: dict[str, int] = {}
    for name, variable in variables.items():
        if name not in problem.names:
            graph, others[name] = derivative_on(graph, problem.function, variable)
    graph = graph.copy()
    if len(problem.names) > 1:
        names |= {"once": problem.slopes[1], "before": problem.slopes[-2], "order": graph.constant(len(problem.names))}
    attempts = []
    for wrong_rule in WRONG_RULES:
        for wrong in wrong_rule.wrong:
            if wrong_rule.pattern == OTHER_VARIABLE:
                attempts += [Attempt((wrong_rule,), (variables[name],), slope) for name, slope in others.items()]
            elif wrong_rule.pattern == WHOLE and names_in(wrong) <= names.keys():
                attempts.append(Attempt((wrong_rule,), (), apply_rule(wrong, graph, names)))
    return graph, attempts


def names_in(wrong: str) -> set[str]:
    return {node.label for node in rule(wrong).graph.nodes if node.label is not None}
