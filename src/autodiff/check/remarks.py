"""What a marker wants to know beside the verdict: names, and in which form an answer is right."""

from __future__ import annotations

from autodiff.check.evidence import Evidence
from autodiff.check.proof import Solution
from autodiff.check.reading import Answer
from autodiff.check.verdict import RIGHT
from autodiff.language.errors import Note
from autodiff.symbolic.formula import Formula


def remarks_on(solution: Solution, answer: Answer, evidence: Evidence) -> list[Note]:
    """Notes on an answer that was read."""
    notes = name_notes(solution, answer)
    notes += [
        Note("not-in-formula", f"'{name}' is not in the function, so the derivative is 0")
        for name in dict.fromkeys(solution.problem.names)
        if name not in solution.problem.compiled.variables and solution.problem.compiled.variables
    ]
    if evidence.verdict == RIGHT:
        notes += form_notes(solution, answer)
    return notes


def name_notes(solution: Solution, answer: Answer) -> list[Note]:
    """Names of the answer that the function doesn't have: in another case, or not at all."""
    known = solution.problem.compiled.variables
    notes = []
    for name in answer.compiled.variables:
        if name in known:
            continue
        near = [other for other in known if other.lower() == name.lower()]
        if near:
            notes.append(Note("wrong-case", f"the answer has '{name}', and the function '{near[0]}'"))
        else:
            notes.append(Note("undefined-name", f"the answer has '{name}', which is not in the function"))
    return notes


def form_notes(solution: Solution, answer: Answer) -> list[Note]:
    """Whether a right answer is longer than it has to be, or looks different."""
    if solution.problem.question.equal or solution.problem.question.up_to:
        return []
    compiled = answer.compiled
    written, shortest = Formula(compiled.graph, compiled.output).operations(), solution.formula.operations()
    if written > shortest:
        return [Note("not-simplified", f"the answer can be simplified: {solution.text}")]
    if solution.form_of(compiled.graph, compiled.output) != solution.form:
        return [Note("different-form", f"the same as {solution.text}, in another form")]
    return []
