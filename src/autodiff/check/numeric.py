"""Answers that are numbers: the derivative at one point."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

from autodiff.check.bounds import EXACT, ManyDigits
from autodiff.check.comparison import BITS, DIFFERENT, Comparison, Formulas, Found, State
from autodiff.check.evidence import counterexample, value_text
from autodiff.check.magnitude import magnitude
from autodiff.check.problem import Problem, add_formula, compile_numbers
from autodiff.check.proof import Solution
from autodiff.check.reading import read_answer
from autodiff.check.rounding import WHERE, is_infinite, is_small
from autodiff.check.verdict import RIGHT, UNDECIDED, WRONG, Counterexample, Diagnosis, Verdict
from autodiff.evaluate.digits import digits, to_float
from autodiff.evaluate.floats import FLOATS
from autodiff.evaluate.program import build_program
from autodiff.gradcheck.stated import Stated, stated_number
from autodiff.graph.nodes import Graph
from autodiff.graph.prune import needed
from autodiff.graph.stand_ins import replaced
from autodiff.language.builder import plain_name
from autodiff.language.errors import AutodiffError, Note

ENOUGH_DIGITS = 4  # of a rounded number that is looked for among the results of wrong rules
NEAR = 1e-9


def check_number(solution: Solution, text: str) -> Verdict:
    """The verdict on a number, or on a formula that is one at the point. Raises AutodiffError."""
    problem = solution.problem
    question = problem.question
    answer = read_answer(text, problem)
    graph, variables = problem.graph.copy(), {**problem.compiled.variables}
    given = add_formula(graph, answer.compiled, variables)
    values = values_at(graph, problem, variables)
    function, expected, given = (
        replaced_by(graph, node, values) for node in (problem.function, problem.expected, given)
    )
    found = Comparison(Formulas(graph, {}, expected, given, (function,)), digits).at({})
    stated = stated_number(answer.formula, to_float(found.given) if found.given is not None else 0.0)
    if not question.equal and has_infinite_parts(graph, expected):
        found = Found(State.NEITHER)
    state, how, places = judged(found, stated, question.tolerance, scale_of(graph, expected))
    notes = list(answer.notes)
    if not question.equal and (kink := kink_of(graph, function)) is not None:
        state, how = UNDECIDED, f"there is no derivative: {kink} is not differentiable there"
    at = dict(question.at or ())
    example: Counterexample | None = None
    diagnoses: tuple[Diagnosis, ...] = ()
    if state == WRONG:
        shown = counterexample({}, found)
        example = Counterexample(at, shown.expected, shown.got)
        diagnoses = matching_rules(solution, graph, values, found, stated)
    if state == RIGHT and answer.compiled.variables:
        notes.append(Note("formula", "the answer is a formula, and was compared at the point only"))
    correct = value_text(found.expected, 15) if found.expected is not None else solution.text
    return Verdict(
        *(question.function, problem.variable, len(problem.names), text, state, how, int(state != UNDECIDED), places),
        *(example, diagnoses, tuple(notes), correct),
    )


def values_at(graph: Graph, problem: Problem, variables: Mapping[str, int]) -> dict[int, int]:
    """The node of each variable's value. Raises AutodiffError where one is missing, or is none of the formula."""
    values: dict[int, int] = {}
    for written, text in problem.question.at or ():
        name = plain_name(written)
        formula = compile_numbers(text, frozenset())
        if formula.variables:
            raise AutodiffError(
                "bad-value",
                f"the value for '{name}' is no number",
                suggestion="a value is a number or a formula without variables, like pi/4",
                text=text,
                origin=f"the value for '{name}'",
            )
        if name not in variables:
            raise AutodiffError("unused-value", f"'{name}' has a value, and is not in the formula")
        values[variables[name]] = add_formula(graph, formula, {})
    missing = [name for name, node in variables.items() if node not in values]
    if missing:
        raise AutodiffError(
            "missing-value",
            f"'{missing[0]}' has no value",
            suggestion=f"give it one: --at {missing[0]}=2",
            text=problem.question.function,
        )
    return values


def replaced_by(graph: Graph, node: int, values: Mapping[int, int]) -> int:
    return replaced(graph, node, values) if values else node


def scale_of(graph: Graph, node: int) -> float:
    """How large the numbers are of which a value that is 0 is made; 0 for one that is not 0."""
    (value,) = ManyDigits(graph, [node], BITS[0], digits).at({})
    is_zero = magnitude(value.number) <= value.error - BITS[0] + DIFFERENT
    return 2.0 ** min(value.error, 1000.0) if is_zero else 0.0


def judged(found: Found, stated: Stated, tolerance: float | None, scale: float) -> tuple[str, str, int | None]:
    """The verdict, how it is known, and to how many digits the number is right."""
    if found.state is State.AGREE:
        return RIGHT, f"equal to {min(found.digits, 50)} digits", min(found.digits, 50)
    if found.state is State.OUTSIDE:
        return UNDECIDED, "the function has no value at the point", None
    if found.state in (State.ONLY_GIVEN, State.NEITHER):
        return UNDECIDED, "no derivative was found at the point", None
    if found.state is State.ONLY_EXPECTED:
        return WRONG, "has no value at the point", None
    if found.state is State.OPEN:
        return UNDECIDED, "no number of digits tells the two apart or together", None
    difference = abs(found.given - found.expected)
    if tolerance is not None:
        allowed = tolerance * (scale or abs(found.expected))
        if difference <= allowed:
            return RIGHT, f"within the tolerance of {tolerance:g}", None
        return WRONG, f"off by more than the tolerance of {tolerance:g}", None
    if stated.digits and difference <= stated.half_unit * (1 + NEAR):
        return RIGHT, f"right to the {stated.digits} digits that it has", stated.digits
    return WRONG, "differs", None


def has_infinite_parts(graph: Graph, expected: int) -> bool:
    """Whether a derivative is computed by way of an infinite one: that of cbrt(x)^3 at 0 says nothing."""
    nodes = [position for position, is_needed in enumerate(needed(graph, [expected])) if is_needed]
    return any(is_infinite(value.number) for value in ManyDigits(graph, nodes, BITS[0], digits).at({}))


def kink_of(graph: Graph, function: int) -> str | None:
    """The function at whose kink or jump the point is, if there is one.

    `function` is a node of numbers. What a choice leaves out is not looked at.
    """
    nodes = [position for position, is_needed in enumerate(needed(graph, [function])) if is_needed]
    if not any(graph.nodes[position].primitive.has_kinks for position in nodes):
        return None
    computed = ManyDigits(graph, nodes, BITS[0], digits)
    values, errors, _ = computed.run({})
    pending, seen = [function], {function}
    while pending:
        position = pending.pop()
        primitive, operands, _, _ = graph.nodes[position]
        numbers = [values[operand] for operand in operands]
        error = max((errors.get(operand, EXACT) for operand in operands), default=EXACT)
        if primitive is WHERE:
            operands = (operands[0], operands[1] if numbers[0] else operands[2])
        elif primitive.name in ("min", "max"):
            tied = [number for number in numbers if is_small(number - values[position], error - computed.bits)]
            if len(tied) > 1:
                return primitive.name
        elif primitive.has_kinks:
            names = (*primitive.operand_names(len(numbers)), "y")
            if computed.edges.is_near(primitive.kinks_of(len(numbers)), names, (*numbers, values[position]), error):
                return primitive.name
        if errors.get(position) == inf and primitive.has_kinks:
            return primitive.name
        pending += [operand for operand in operands if operand not in seen]
        seen.update(operands)
    return None


def matching_rules(
    solution: Solution, graph: Graph, values: Mapping[int, int], found: Found, stated: Stated
) -> tuple[Diagnosis, ...]:
    """The wrong rules that give this number at the point."""
    from autodiff.check.diagnosis import MOST, diagnosis, without_echoes, without_repetition
    from autodiff.check.suspects import Suspects

    problem = solution.problem
    if problem.question.equal or found.state is not State.DIFFER or 0 < stated.digits < ENOUGH_DIGITS:
        return ()
    numbers = build_program(graph, values.values(), FLOATS).run({})
    point = {name: numbers[values[node]] for name, node in problem.compiled.variables.items()}
    given = to_float(found.given)
    near = stated.half_unit / abs(given) if stated.digits else NEAR
    groups = next(Suspects(solution, [point], near).single())
    matching = [diagnosis(solution, group, attempt) for group in groups for attempt in group.matching([given])]
    return tuple(without_repetition(without_echoes(solution, matching))[:MOST])
