"""Proofs by exact algebra, and the right answer as a person would write it."""

from __future__ import annotations

from functools import lru_cache

from autodiff.check.problem import MOST_PROBLEMS, Problem, problem_of
from autodiff.check.question import Question
from autodiff.garbage import collection_paused
from autodiff.graph.compiler import Compiled
from autodiff.graph.nodes import Graph
from autodiff.symbolic.derivative import Derivation
from autodiff.symbolic.formula import Formula
from autodiff.symbolic.lowering import lowered_into
from autodiff.symbolic.vanishing import equal_forms

MOST_FORMS = 20_000  # that are kept of the answers to one question


class Solution:
    """The right answer to a problem, and the forms in which answers are compared with it."""

    __slots__ = ("derivation", "form", "problem", "written")

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.start()
        self.written = self.derivation.written({"": self.form}, with_value=False)

    def start(self) -> None:
        compiled, names = self.problem.compiled, self.problem.names
        with collection_paused():
            self.derivation = derivation = Derivation(compiled.graph, compiled.output)
            if "." in self.problem.question.function:  # written with decimals, as the function is
                derivation.manner = derivation.manner._replace(decimals=True)
            self.form = derivation.known[compiled.output]
            for turn, name in enumerate(names):
                if turn == 0:
                    self.form = derivation.first({name: compiled.variables.get(name)})[name]
                else:
                    self.form = derivation.next(self.form, name)

    @property
    def formula(self) -> Formula:
        return Formula(self.written.graph, self.written.slopes[""])

    @property
    def text(self) -> str:
        """The right answer; of a question whether two formulas are equal the formula as it was typed."""
        return self.formula.whole_text() if self.problem.names else self.problem.question.function

    def form_of(self, graph: Graph, node: int) -> int:
        """The form of a node of another graph, where equal names are one variable."""
        if len(self.derivation.normal.kinds) > MOST_FORMS:
            self.start()
        known: dict[int, int] = {}
        lowered_into(self.derivation.normal, graph, [node], known)
        return known[node]

    def are_numbers(self, answer: Compiled) -> bool:
        """Whether both the right answer and another are numbers."""
        normal = self.derivation.normal
        return (
            normal.value(self.form) is not None and normal.value(self.form_of(answer.graph, answer.output)) is not None
        )

    def proves(self, answer: Compiled) -> bool:
        """Whether exact algebra shows that the answer is the right one."""
        form = self.form_of(answer.graph, answer.output)
        return equal_forms(self.derivation.normal, self.form, form)

    def proves_equal(self, graph: Graph, first: int, second: int) -> bool:
        """The same for two nodes of a graph."""
        one, other = self.form_of(graph, first), self.form_of(graph, second)
        return equal_forms(self.derivation.normal, one, other)


@lru_cache(MOST_PROBLEMS)
def solution_of(question: Question) -> Solution:
    """The right answer to a question. Raises AutodiffError where the question means nothing."""
    return Solution(problem_of(question))
