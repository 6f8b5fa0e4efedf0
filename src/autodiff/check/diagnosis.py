"""Which wrong rule gives exactly this answer: all that do, ranked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from autodiff.check.attempts import Attempt
from autodiff.check.comparison import Formulas
from autodiff.check.equivalence import Search
from autodiff.check.offset import offset
from autodiff.check.problem import add_formula, derivative_on
from autodiff.check.proof import Solution
from autodiff.check.reading import Answer
from autodiff.check.remainder import remainder
from autodiff.check.suspects import Mistakes, Suspected, Suspects, are_near, suspects_of
from autodiff.check.verdict import RIGHT, Diagnosis
from autodiff.check.wrong_rules import WRONG_RULES
from autodiff.check.wrong_rules.hints import HINTS
from autodiff.check.wrong_rules.rule import OF_ANSWER, OTHER_VARIABLE, WrongRule
from autodiff.evaluate.floats import FLOATS
from autodiff.evaluate.program import build_program
from autodiff.graph.prune import needed
from autodiff.graph.rules import apply_rule
from autodiff.language.errors import Span
from autodiff.show.formula import formula

MOST = 5  # diagnoses that are given
MISSING, FACTOR, INTEGRATED = "inner-derivative-missing", "off-by-factor", "integrated"


def diagnoses_of(solution: Solution, answer: Answer) -> tuple[Diagnosis, ...]:
    """The mistakes that explain a wrong answer, the likeliest first."""
    problem = solution.problem
    if problem.question.equal or not set(answer.compiled.variables) <= set(problem.compiled.variables):
        return tuple(offset(solution, answer)) or remainder(solution, answer)
    suspects = suspects_of(problem.question)
    numbers = numbers_of(suspects, answer)
    found = [
        *matching(solution, answer, numbers, suspects.single()),
        *integrated(solution, answer, suspects),
    ] or offset(solution, answer)
    if all(each.rule in (FACTOR, INTEGRATED) for each in found):  # two mistakes say more than a factor
        found = [*matching(solution, answer, numbers, suspects.double()), *found]
    return tuple(found) or remainder(solution, answer)


def matching(
    solution: Solution, answer: Answer, numbers: Sequence[float], tiers: Iterable[list[Suspected]]
) -> list[Diagnosis]:
    """The attempts that are the answer, of the first tier in which there is one."""
    for groups in tiers:
        found = []
        for group in groups:
            same: dict[int, bool] = {}
            for attempt in group.matching(numbers):
                if attempt.result not in same:
                    same[attempt.result] = is_same(solution, group, attempt, answer)
                if same[attempt.result]:
                    found.append(diagnosis(solution, group, attempt))
        if found:
            return without_repetition(without_echoes(solution, found))[:MOST]
    return []


def without_echoes(solution: Solution, found: Sequence[Diagnosis]) -> list[Diagnosis]:
    """Where an inner derivative is missing, nothing was done wrong inside: what was lost there is that derivative."""
    inside: set[int] = set()
    graph = solution.problem.graph
    for each in found:
        if each.rule == MISSING and each.node is not None:
            wanted = needed(graph, graph.nodes[each.node].operands)
            inside.update(node for node, is_inside in enumerate(wanted) if is_inside)
    return [each for each in found if each.node not in inside or each.rule == MISSING]


def numbers_of(suspects: Suspects, answer: Answer) -> list[float]:
    program = build_program(answer.compiled.graph, [answer.compiled.output], FLOATS)
    variables = answer.compiled.variables
    return [program.run({name: point[name] for name in variables})[answer.compiled.output] for point in suspects.points]


def is_same(solution: Solution, group: Suspected, attempt: Attempt, answer: Answer) -> bool:
    """Whether an attempt is the answer, by the same decision as that on the right one."""
    graph = group.graph.copy()
    variables = {
        str(node.payload): at for at, node in enumerate(graph.nodes) if node.primitive.name == "variable" and node.label
    }
    given = add_formula(graph, answer.compiled, variables)
    return are_equal(solution, Formulas(graph, variables, attempt.result, given))


def are_equal(solution: Solution, formulas: Formulas) -> bool:
    search = Search(formulas, seed=solution.problem.question.seed, thorough=False)
    evidence = search.decide(lambda: solution.proves_equal(formulas.graph, formulas.expected, formulas.given))
    return evidence.verdict == RIGHT and all(missing.alone for missing in evidence.missing)


def integrated(solution: Solution, answer: Answer, suspects: Suspects) -> list[Diagnosis]:
    """Rules that say what the derivative of the answer is."""
    problem = solution.problem
    if len(set(problem.names)) != 1:
        return []
    graph, variables = problem.graph.copy(), {**problem.compiled.variables}
    given = add_formula(graph, answer.compiled, variables)
    variable = variables.get(problem.names[0])
    if variable is None:
        return []
    graph, slope = derivative_on(graph, given, variable)
    found = []
    for wrong_rule in WRONG_RULES:
        for wrong in wrong_rule.wrong if wrong_rule.pattern == OF_ANSWER else ():
            expected = apply_rule(wrong, graph, {"f": problem.function})
            program = build_program(graph, [expected, slope], FLOATS)
            runs = [program.run(point) for point in suspects.points]
            if are_near([run[expected] for run in runs], [run[slope] for run in runs]) and are_equal(
                solution, Formulas(graph, variables, expected, slope)
            ):
                hint = HINTS[wrong_rule.pattern]
                found.append(Diagnosis(wrong_rule.id, wrong_rule.message, wrong_rule.teacher, hint=hint))
    return found


def diagnosis(solution: Solution, group: Suspected, attempt: Attempt) -> Diagnosis:
    """What is said of an attempt that is the answer."""
    first, node = attempt.rules[0], attempt.nodes[0] if attempt.nodes else None
    ids = tuple(dict.fromkeys(rule.id for rule in attempt.rules))
    is_everywhere = len(attempt.nodes) > 1 and len(ids) == 1
    message, teacher = (filled(text, solution, group, first, node) for text in (first.message, first.teacher))
    if is_everywhere:
        message, teacher = f"{message}, and likewise elsewhere", f"{teacher}, in {len(attempt.nodes)} places"
    for rule, other in zip(attempt.rules[1:], attempt.nodes[1:], strict=False) if len(ids) > 1 else ():
        message += f"; and {filled(rule.message, solution, group, rule, other)}"
        teacher += f"; and {rule.teacher}"
    id = "+".join(ids)
    span = span_of(group, node) if node is not None else None
    hint = filled(HINTS[first.pattern], solution, group, first, node)
    return Diagnosis(id, message, teacher, span, node if group.in_text else None, hint)


def span_of(group: Suspected, node: int) -> Span | None:
    return group.graph.spans[node] if group.in_text and node < len(group.graph.spans) else None


def filled(text: str, solution: Solution, group: Suspected, rule: WrongRule, node: int | None) -> str:
    """A sentence with the parts of the function that it is about."""
    if node is None or "{" not in text:
        return text
    if rule.pattern == OTHER_VARIABLE:
        names = {"v": group.graph.nodes[node].label, "u": solution.problem.variable}
    else:
        nodes = {"y": node, **parts_of(solution, group, node)}
        names = {name: part_text(solution, group, part) for name, part in nodes.items()}
    for name, part in names.items():
        text = text.replace("{" + name + "}", str(part))
    return text


def parts_of(solution: Solution, group: Suspected, node: int) -> dict[str, int]:
    """What u and v are at a node: what the rule means by them, or the operands that vary."""
    if isinstance(group, Mistakes) and node in group.student.places:
        names = group.student.places[node].names
        return {"u": names["u"], "v": names.get("v", names["u"])}
    operands = varying_operands(solution, group, node)
    return {"u": operands[0], "v": operands[-1]}


def varying_operands(solution: Solution, group: Suspected, node: int) -> list[int]:
    """The operands that are no constants."""
    graph = group.graph
    operands = [operand for operand in graph.nodes[node].operands if varies(solution, group, operand)]
    return operands or [node]


def varies(solution: Solution, group: Suspected, node: int) -> bool:
    pending, seen = [node], {node}
    while pending:
        current = group.graph.nodes[pending.pop()]
        if current.label in solution.problem.names:
            return True
        pending += [operand for operand in current.operands if operand not in seen]
        seen.update(current.operands)
    return False


def part_text(solution: Solution, group: Suspected, node: int) -> str:
    """A part of the function as it was typed, or as it is printed."""
    span = span_of(group, node)
    if span is not None:
        return " ".join(solution.problem.question.function[span.start : span.end].split())
    return formula(group.graph, node)


def without_repetition(found: Iterable[Diagnosis]) -> list[Diagnosis]:
    """One diagnosis for each rule and place."""
    result: list[Diagnosis] = []
    for each in found:
        if any((each.rule, each.span) == (other.rule, other.span) for other in result):
            continue
        result.append(each)
    return result
