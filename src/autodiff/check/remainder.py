"""What can be said of a wrong answer that no rule explains: how it differs from the right one, and where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from math import isclose, isfinite

from autodiff.check.attempts import Student
from autodiff.check.comparison import Formulas, Found, State
from autodiff.check.equivalence import Search
from autodiff.check.evidence import value_text
from autodiff.check.points import Point, interval_of, random_points, small_points
from autodiff.check.problem import add_formula
from autodiff.check.proof import Solution
from autodiff.check.reading import Answer
from autodiff.check.verdict import RIGHT, Diagnosis
from autodiff.graph.gradient import gradient
from autodiff.graph.nodes import Graph
from autodiff.graph.table import PRIMITIVES

ADD, SUB, MUL, NEG = (PRIMITIVES[name] for name in ("add", "sub", "mul", "neg"))
SAMPLE, FEWEST = 40, 4  # points
NEAR = 1e-9


def offset(solution: Solution, answer: Answer) -> list[Diagnosis]:
    """Whether a wrong answer is the right one plus a constant, or times one."""
    search = search_for(solution, answer)
    if search is None:
        return []
    sample = sampled(search)
    found = off_by_constant(solution, search, sample) or off_by_factor(solution, search, sample)
    return [] if found is None else [found]


def remainder(solution: Solution, answer: Answer) -> tuple[Diagnosis, ...]:
    """How a wrong answer differs: by other names, in one term, or on a part of the domain."""
    search = search_for(solution, answer)
    if search is None:
        return tuple(other_names(solution, answer))
    found = wrong_term(solution, answer) or right_on_part(search, sampled(search))
    return () if found is None else (found,)


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


def other_names(solution: Solution, answer: Answer) -> Iterator[Diagnosis]:
    """Whether an answer is right but for the names of its variables."""
    known = solution.problem.compiled.variables
    unknown = [name for name in answer.compiled.variables if name not in known]
    missing = [name for name in known if name not in answer.compiled.variables] or list(known)
    renamed: dict[str, str] = {}
    for name in unknown:
        in_other_case = [other for other in known if other.lower() == name.lower()]
        if in_other_case:
            renamed[name] = in_other_case[0]
    has_case = bool(renamed)
    if not renamed and len(unknown) == 1 and len(missing) == 1:
        renamed[unknown[0]] = missing[0]
    if renamed.keys() != set(unknown) or not is_right(solution, answer, renamed):
        return
    said = ", ".join(f"'{other}' for '{name}'" for name, other in renamed.items())
    if has_case:
        hint = "look at the names, and at capital letters"
        yield Diagnosis("wrong-case", f"with {said} it would be right", "right but for capital letters", hint=hint)
    else:
        hint = "look at the names of the variables"
        yield Diagnosis("other-variable", f"with {said} it would be right", "right, in another variable", hint=hint)


def is_right(solution: Solution, answer: Answer, renamed: Mapping[str, str]) -> bool:
    problem = solution.problem
    graph, variables = problem.graph.copy(), {**problem.compiled.variables}
    for name, other in renamed.items():
        variables[name] = variables[other]
    given = add_formula(graph, answer.compiled, variables)
    formulas = Formulas(graph, problem.compiled.variables, problem.expected, given, (problem.function,))
    search = Search(formulas, problem.conditions, interval_of(problem.question.domain), problem.question.seed)
    return search.decide(lambda: solution.proves_equal(graph, problem.expected, given)).verdict == RIGHT


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


def are_constant(numbers: Sequence[float], scales: Sequence[float]) -> bool:
    """Whether numbers are equal, to the digits that are left of numbers of these scales."""
    known = [(n, s) for n, s in zip(numbers, scales, strict=True) if isfinite(n) and isfinite(s)]
    if len(known) < FEWEST:
        return False
    first = min(known, key=lambda pair: pair[1])[0]
    return first != 0 and all(abs(n - first) <= NEAR * max(abs(first), scale) for n, scale in known)


def off_by_constant(solution: Solution, search: Search, sample: Sampled) -> Diagnosis | None:
    differences = [g - e for e, g in zip(sample.expected, sample.given, strict=True)]
    if not are_constant(differences, [abs(e) for e in sample.expected]):
        return None
    graph, variables, expected, given, _domain = search.formulas
    if not all(slopes_agree(solution, graph, variables, given, expected, variable) for variable in variables.values()):
        return None
    if (found := smallest(search, sample)) is None:
        return None
    constant = value_text(found.given - found.expected, 6)
    what = f"the answer is the right one plus {constant}"
    return Diagnosis("off-by-constant", what, f"off by the constant {constant}", hint="look at the constants")


def slopes_agree(
    solution: Solution, graph: Graph, variables: Mapping[str, int], first: int, second: int, variable: int
) -> bool:
    """Whether two formulas have the same derivative by a variable."""
    slopes = []
    for node in (first, second):
        step = gradient(graph, node, [variable], with_edges=False)
        graph = step.graph
        slopes.append(step.adjoints.get(variable, -1))
    slopes = [graph.constant(0) if slope < 0 else slope for slope in slopes]
    search = Search(
        Formulas(graph, variables, slopes[0], slopes[1], (first, second)), seed=solution.problem.question.seed
    )
    return search.decide(lambda: solution.proves_equal(graph, *slopes)).verdict == RIGHT


def off_by_factor(solution: Solution, search: Search, sample: Sampled) -> Diagnosis | None:
    ratios = [g / e if e else float("nan") for e, g in zip(sample.expected, sample.given, strict=True)]
    if not are_constant(ratios, [abs(ratio) for ratio in ratios]):
        return None
    graph, variables, expected, given, _domain = search.formulas
    graph = graph.copy()
    ratio = graph.add(PRIMITIVES["div"], (given, expected))
    zero = graph.constant(0)
    if not all(slopes_agree(solution, graph, variables, ratio, zero, variable) for variable in variables.values()):
        return None
    if (found := smallest(search, sample)) is None:
        return None
    factor = value_text(found.given / found.expected, 6)
    what = f"the answer is {factor} times the right one"
    return Diagnosis("off-by-factor", what, f"off by the factor {factor}", hint="look at the constant factors")


def smallest(search: Search, sample: Sampled) -> Found | None:
    """What is found with many digits where the right value is smallest, and not 0; None if they differ nowhere."""
    sizes = [abs(e) if e else float("inf") for e in sample.expected]
    for _, point in sorted(zip(sizes, sample.points, strict=True), key=lambda pair: pair[0]):
        found = search.exact.at(point)
        if found.state is State.DIFFER:
            return found
    return None


def wrong_term(solution: Solution, answer: Answer) -> Diagnosis | None:
    """The one term of a sum whose derivative the answer doesn't have, while it has those of all others."""
    problem = solution.problem
    if len(problem.names) != 1 or problem.names[0] not in problem.compiled.variables:
        return None
    graph = problem.graph.copy()
    terms = terms_of(graph, problem.function)
    if len(terms) < 2:
        return None
    student = Student(graph, problem.function, problem.compiled.variables[problem.names[0]])
    normal = solution.derivation.normal
    given = dict(normal.terms(solution.form_of(answer.compiled.graph, answer.compiled.output)))
    missing = []
    for term, sign in terms:
        if term not in student.right:
            continue
        form = normal.product(normal.number(sign), solution.form_of(graph, student.right[term]))
        if not set(normal.terms(form)) <= set(given.items()):
            missing.append(term)
    if len(missing) != 1:
        return None
    span = graph.spans[missing[0]]
    text = problem.question.function[span.start : span.end] if span else ""
    what, hint = f"only the derivative of {text} is wrong", f"look at {text}"
    return Diagnosis("one-term-wrong", what, "one term of the sum wrong", span, missing[0], hint)


def terms_of(graph: Graph, output: int) -> list[tuple[int, int]]:
    """The terms of a sum with their signs, in order."""
    terms: list[tuple[int, int]] = []
    pending = [(output, 1)]
    while pending:
        position, sign = pending.pop()
        primitive, operands, _, _ = graph.nodes[position]
        if primitive in (ADD, SUB):
            pending += [(operands[1], sign if primitive is ADD else -sign), (operands[0], sign)]
        elif primitive is NEG:
            pending.append((operands[0], -sign))
        else:
            terms.append((position, sign))
    return terms


def right_on_part(search: Search, sample: Sampled) -> Diagnosis | None:
    """A side of a number on which the answer is right, where it is wrong only on the other side."""
    agree = [isclose(e, g, rel_tol=NEAR) for e, g in zip(sample.expected, sample.given, strict=True)]
    for name in search.names:
        right = [point[name] for point, same in zip(sample.points, agree, strict=True) if same]
        wrong = [point[name] for point, same in zip(sample.points, agree, strict=True) if not same]
        if len(right) < FEWEST or len(wrong) < FEWEST:
            continue
        for side, low, high in ((">", max(wrong), min(right)), ("<", max(right), min(wrong))):
            if low < high:
                edge = 0 if low <= 0 <= high else float(low + high) / 2
                about = "" if edge == 0 else "about "
                where = f"{name} {side} {about}{edge:.4g}"
                what, hint = f"right only where {where}", "is it right everywhere?"
                return Diagnosis("right-on-part", f"that is {what}", what, hint=hint)
    return None
