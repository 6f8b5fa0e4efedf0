"""What can be said of a wrong answer that no rule explains: by which names, in which term or where it is right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isclose

from autodiff.check.attempts import Student
from autodiff.check.comparison import Formulas
from autodiff.check.equivalence import Search
from autodiff.check.offset import slopes_agree
from autodiff.check.points import interval_of
from autodiff.check.problem import add_formula
from autodiff.check.proof import Solution
from autodiff.check.reading import Answer
from autodiff.check.sampled import Sampled, sampled, search_for
from autodiff.check.verdict import RIGHT, Diagnosis
from autodiff.graph.nodes import Graph
from autodiff.graph.table import PRIMITIVES

ADD, SUB, NEG = (PRIMITIVES[name] for name in ("add", "sub", "neg"))
FEWEST = 4  # points
NEAR = 1e-9


def remainder(solution: Solution, answer: Answer) -> tuple[Diagnosis, ...]:
    """How a wrong answer differs: by other names, in one term, or on a part of the domain."""
    search = search_for(solution, answer)
    if search is None:
        return tuple(other_names(solution, answer))
    found = wrong_term(solution, answer) or right_on_part(search, sampled(search))
    return () if found is None else (found,)


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
        if is_right_but_for_a_constant(solution, answer):
            what = f"a derivative has no constant of integration: '{unknown[0]}' does not belong there"
            hint = "look at what is added: where does it come from?"
            yield Diagnosis("constant-of-integration", what, "constant of integration added to a derivative", hint=hint)
        return
    said = ", ".join(f"'{other}' for '{name}'" for name, other in renamed.items())
    if has_case:
        hint = "look at the names, and at capital letters"
        yield Diagnosis("wrong-case", f"with {said} it would be right", "right but for capital letters", hint=hint)
    else:
        hint = "look at the names of the variables"
        yield Diagnosis("other-variable", f"with {said} it would be right", "right, in another variable", hint=hint)


def is_right_but_for_a_constant(solution: Solution, answer: Answer) -> bool:
    """Whether an answer with names of its own has the derivative that the right one has."""
    problem = solution.problem
    graph, variables = problem.graph.copy(), {**problem.compiled.variables}
    given = add_formula(graph, answer.compiled, variables)
    known = [variables[name] for name in problem.compiled.variables]
    return bool(problem.names) and all(
        slopes_agree(solution, graph, variables, given, problem.expected, variable) for variable in known
    )


def is_right(solution: Solution, answer: Answer, renamed: Mapping[str, str]) -> bool:
    problem = solution.problem
    graph, variables = problem.graph.copy(), {**problem.compiled.variables}
    for name, other in renamed.items():
        variables[name] = variables[other]
    given = add_formula(graph, answer.compiled, variables)
    formulas = Formulas(graph, problem.compiled.variables, problem.expected, given, (problem.function,))
    search = Search(formulas, problem.conditions, interval_of(problem.question.domain), problem.question.seed)
    return search.decide(lambda: solution.proves_equal(graph, problem.expected, given)).verdict == RIGHT


def wrong_term(solution: Solution, answer: Answer) -> Diagnosis | None:
    """The one term of a sum whose derivative the answer doesn't have, while it has those of all others."""
    problem = solution.problem
    if len(problem.names) != 1 or problem.names[0] not in problem.compiled.variables:
        return None
    graph = problem.graph.copy()
    terms = terms_of(graph, problem.function)
    student = Student(graph, problem.function, problem.compiled.variables[problem.names[0]])
    slopes = student.derivatives()
    if sum(term in slopes for term, _ in terms) < 2:  # one term, and constants
        return None
    normal = solution.derivation.normal
    given = dict(normal.terms(solution.form_of(answer.compiled.graph, answer.compiled.output)))
    missing = []
    for term, sign in terms:
        if term not in slopes:
            continue
        form = normal.product(normal.number(sign), solution.form_of(graph, slopes[term]))
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
