"""A question made ready for its answers: the function, its right derivative as a graph and as forms."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from autodiff.check.question import Question
from autodiff.garbage import collection_paused
from autodiff.graph.compiler import Compiled, compile_program, parser
from autodiff.graph.gradient import gradient
from autodiff.graph.nodes import Graph
from autodiff.language.builder import plain_name
from autodiff.language.errors import AutodiffError, Span
from autodiff.symbolic.formula import copied_as_written

MOST_PROBLEMS = 64  # that are kept, for many answers to each
ORDER_LIMIT = 50
CONDITIONS = frozenset(("lt", "le", "gt", "ge", "eq", "ne", "and", "or", "not"))


class Problem(NamedTuple):
    """The function on a graph with its derivatives.

    `slopes` are the nodes of the derivatives in turn, the function itself first: the last one is what is asked for.
    `names` are what it is differentiated by, one for each turn; `conditions` the nodes of what is assumed.
    """

    question: Question
    compiled: Compiled
    graph: Graph
    names: tuple[str, ...]
    slopes: tuple[int, ...]
    conditions: tuple[int, ...]

    @property
    def function(self) -> int:
        return self.slopes[0]

    @property
    def expected(self) -> int:
        return self.slopes[-1]

    @property
    def variable(self) -> str:
        return ",".join(self.names[:1] if len(set(self.names)) == 1 else self.names)

    @property
    def variables(self) -> tuple[str, ...]:
        return tuple(self.compiled.variables)


@lru_cache(MOST_PROBLEMS)
def problem_of(question: Question) -> Problem:
    """The question made ready. Raises AutodiffError where it means nothing."""
    with collection_paused():
        given = [*(interval.name for interval in question.domain), *(name for name, _ in question.at or ())]
        wanted = [*question.mixed, *([] if question.variable is None else [question.variable])]
        compiled = compile_numbers(question.function, frozenset(map(plain_name, [*given, *wanted])))
        names = () if question.equal else names_in_turn(question, compiled)
        graph, slopes = derivatives_in_turn(compiled, names)
        variables = {**compiled.variables}
        conditions = tuple(add_condition(graph, text, variables) for text in question.assume)
    return Problem(question, compiled._replace(variables=variables), graph, names, slopes, conditions)


def compile_numbers(text: str, bound: frozenset[str]) -> Compiled:
    """The graph of a formula of numbers. Raises AutodiffError for one with arrays, too."""
    compiled = compile_program(parser().parse(text), text, bound, exact=True)
    if compiled.uses_arrays and any(shape != () for shape in compiled.graph.shapes):
        raise AutodiffError(
            "not-a-number",
            "answers are checked for formulas of numbers, and this one has arrays",
            suggestion="compare numbers instead: autodiff gradcheck ... --gradient",
            text=text,
        )
    return compiled


def names_in_turn(question: Question, compiled: Compiled) -> tuple[str, ...]:
    """What the function is differentiated by, one name for each turn. Raises AutodiffError."""
    if question.order < 1 or question.order > ORDER_LIMIT:
        raise AutodiffError(
            "bad-order",
            f"there is no derivative of order {question.order} to check",
            suggestion=f"give 1 to {ORDER_LIMIT}",
        )
    if question.mixed:
        names = tuple(map(plain_name, question.mixed))
    else:
        names = (plain_name(the_variable(question, compiled)),) * question.order
    for name in names:
        if name in compiled.names:
            raise AutodiffError(
                "not-a-variable",
                f"'{name}' is a node that the program names, and no variable",
                suggestion="answers are checked for derivatives by variables",
                text=question.function,
            )
    return names


def the_variable(question: Question, compiled: Compiled) -> str:
    """What is differentiated by, which needs no name where there is one variable, or none. Raises AutodiffError."""
    if question.variable is not None:
        return question.variable
    names = tuple(compiled.variables)
    if len(names) > 1:
        raise AutodiffError(
            "unknown-name",
            "by which variable?",
            suggestion=f"choose one, as in --wrt {names[0]}, or answer for each: {': ..., '.join(names)}: ...",
            text=question.function,
        )
    return names[0] if names else "x"


def derivatives_in_turn(compiled: Compiled, names: Sequence[str]) -> tuple[Graph, tuple[int, ...]]:
    """A graph with the function and each of its derivatives in turn, by the gradient that numbers come from."""
    graph, slopes = compiled.graph, [compiled.output]
    for name in names:
        variable = compiled.variables.get(name)
        if variable is None:
            slopes.append(graph.constant(0))
            continue
        graph, slope = derivative_on(graph, slopes[-1], variable)
        slopes.append(slope)
    return (graph.copy() if graph is compiled.graph else graph), tuple(slopes)


def add_condition(graph: Graph, text: str, variables: dict[str, int]) -> int:
    """The node of an assumption; its names are variables of the function, or new ones. Raises AutodiffError."""
    try:
        condition = compile_numbers(text, frozenset(variables))
        if condition.graph.nodes[condition.output].primitive.name not in CONDITIONS:
            raise AutodiffError(
                "bad-value", "this is no condition", Span(0, len(text)), "write one like x > 0", text=text
            )
        return add_formula(graph, condition, variables)
    except AutodiffError as error:
        error.origin = "an assumption"
        raise


def add_formula(graph: Graph, formula: Compiled, variables: dict[str, int]) -> int:
    """The node of another formula on the graph, where equal names are one variable; new ones join `variables`."""
    for name in formula.variables:
        if name not in variables:
            variables[name] = graph.variable(name)
    return copied_as_written(formula.graph, formula.output, graph, variables)


def derivative_on(graph: Graph, output: int, variable: int) -> tuple[Graph, int]:
    """The graph with the derivative of a node by a variable, and that node."""
    step = gradient(graph, output, [variable], with_edges=False)
    slope = step.adjoints.get(variable)
    return step.graph, step.graph.constant(0) if slope is None else slope
