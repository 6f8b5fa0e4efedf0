"""`check_answer`: the verdict on one answer."""

from __future__ import annotations

from autodiff.check.comparison import Formulas, State
from autodiff.check.equivalence import Search
from autodiff.check.evidence import Evidence, Missing, counterexample, point_text
from autodiff.check.points import interval_of
from autodiff.check.problem import Problem, add_formula
from autodiff.check.proof import Solution, solution_of
from autodiff.check.question import Question
from autodiff.check.reading import Answer, read_answer
from autodiff.check.remarks import remarks_on
from autodiff.check.verdict import RIGHT, WRONG, Diagnosis, Verdict
from autodiff.language.errors import Note

FINEST = -3000.0  # the logarithm of a difference that is told from 0 where both formulas are numbers


def check_answer(question: Question, answer: str) -> Verdict:
    """The verdict on an answer, with its evidence. Raises AutodiffError where the function or the answer means nothing.

    >>> from autodiff.check.question import Question
    >>> check_answer(Question("x^2*sin(x)"), "2x*sin(x) + x^2*cos(x)").how
    'proved'
    >>> verdict = check_answer(Question("x^2*sin(x)"), "2x*cos(x)")
    >>> verdict.verdict, verdict.counterexample.at, verdict.diagnoses[0].rule
    ('wrong', {'x': '2'}, 'product-of-derivatives')
    """
    if ":" in answer and question.variable is None:
        from autodiff.check.entries import check_entries, entries_of

        entries = entries_of(answer)
        if entries is not None:
            return check_entries(question, answer, entries)
    solution = solution_of(question)
    problem = solution.problem
    if question.at is not None:
        from autodiff.check.numeric import check_number

        return check_number(solution, answer)
    read = read_answer(answer, problem)
    evidence = evidence_on(solution, read)
    diagnoses: tuple[Diagnosis, ...] = ()
    if evidence.verdict == WRONG and evidence.found is not None and evidence.found.state is State.DIFFER:
        from autodiff.check.diagnosis import diagnoses_of

        diagnoses = diagnoses_of(solution, read)
    return verdict_of(solution, read, evidence, diagnoses)


def evidence_on(solution: Solution, answer: Answer) -> Evidence:
    """What speaks for and against an answer."""
    problem = solution.problem
    if problem.question.up_to:
        from autodiff.check.up_to import evidence_up_to

        return evidence_up_to(solution, answer)
    formulas = formulas_of(problem, answer)
    question = problem.question
    search = Search(formulas, problem.conditions, interval_of(question.domain), question.seed)
    if solution.are_numbers(answer.compiled):
        search.finest = FINEST  # two numbers have a difference, however small
    return judged(search.decide(lambda: solution.proves(answer.compiled)), question.strict)


def formulas_of(problem: Problem, answer: Answer) -> Formulas:
    """The right derivative and the answer on one graph."""
    graph, variables = problem.graph.copy(), {**problem.compiled.variables}
    given = add_formula(graph, answer.compiled, variables)
    domain = () if problem.question.equal else (problem.function,)
    return Formulas(graph, variables, problem.expected, given, domain)


def judged(evidence: Evidence, strict: bool) -> Evidence:
    """With `strict`, an answer that has no value where the derivative has one is wrong."""
    if strict and evidence.verdict == RIGHT:
        for missing in evidence.missing:
            if missing.is_of_given:
                return evidence._replace(
                    verdict=WRONG, how="has no value at a point", where=missing.point, found=missing.found, digits=None
                )
    return evidence


def verdict_of(solution: Solution, answer: Answer, evidence: Evidence, diagnoses: tuple[Diagnosis, ...]) -> Verdict:
    problem = solution.problem
    question = problem.question
    example = None
    if evidence.where is not None and evidence.found is not None:
        example = counterexample(evidence.where, evidence.found)
    notes = [*answer.notes, *remarks_on(solution, answer, evidence)]
    notes += [domain_note(missing, question.equal) for missing in evidence.missing]
    return Verdict(
        function=question.function,
        variable=problem.variable,
        order=len(problem.names),
        answer=answer.text,
        verdict=evidence.verdict,
        how=evidence.how,
        points=evidence.points,
        digits=evidence.digits,
        counterexample=example,
        diagnoses=diagnoses,
        notes=tuple(notes),
        correct=solution.text,
    )


def domain_note(missing: Missing, equal: bool) -> Note:
    """Where only one of the two has a value."""
    example = counterexample(missing.point, missing.found)
    place = f" at {point_text(example.at)}" if example.at else ""
    alone = "alone " if missing.alone else ""
    if missing.is_of_given:
        right = "the other formula" if equal else "the derivative"
        return Note("domain", f"the answer has no value{place} {alone}where {right} is {example.expected}")
    what = "the other formula has none" if equal else "the derivative has none"
    return Note("domain", f"the answer is {example.got}{place}, where {what}")
