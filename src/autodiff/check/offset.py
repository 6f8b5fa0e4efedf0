"""Whether a wrong answer is the right one but for a constant, added or as a factor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite

from autodiff.check.comparison import Formulas, Found, State
from autodiff.check.equivalence import Search
from autodiff.check.evidence import value_text
from autodiff.check.problem import derivative_on
from autodiff.check.proof import Solution
from autodiff.check.reading import Answer
from autodiff.check.sampled import Sampled, sampled, search_for
from autodiff.check.verdict import RIGHT, Diagnosis
from autodiff.graph.nodes import Graph
from autodiff.graph.table import PRIMITIVES

FEWEST = 4  # points
NEAR = 1e-9


def offset(solution: Solution, answer: Answer) -> list[Diagnosis]:
    """Whether a wrong answer is the right one plus a constant, or times one."""
    search = search_for(solution, answer)
    if search is None:
        return []
    sample = sampled(search)
    found = off_by_constant(solution, search, sample) or off_by_factor(solution, search, sample)
    return [] if found is None else [found]


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
    sign, size = ("minus", constant[1:]) if constant.startswith("-") else ("plus", constant)
    what = f"the answer is the right one {sign} {size}"
    return Diagnosis("off-by-constant", what, f"off by the constant {constant}", hint="look at the constants")


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
    if factor == "1":
        return None
    what = f"the answer is {factor} times the right one"
    return Diagnosis("off-by-factor", what, f"off by the factor {factor}", hint="look at the constant factors")


def are_constant(numbers: Sequence[float], scales: Sequence[float]) -> bool:
    """Whether numbers are equal, to the digits that are left of numbers of these scales."""
    known = [(n, s) for n, s in zip(numbers, scales, strict=True) if isfinite(n) and isfinite(s)]
    if len(known) < FEWEST:
        return False
    first = min(known, key=lambda pair: pair[1])[0]
    return first != 0 and all(abs(n - first) <= NEAR * max(abs(first), scale) for n, scale in known)


def slopes_agree(
    solution: Solution, graph: Graph, variables: Mapping[str, int], first: int, second: int, variable: int
) -> bool:
    """Whether two formulas have the same derivative by a variable."""
    graph, one = derivative_on(graph, first, variable)
    graph, other = derivative_on(graph, second, variable)
    search = Search(Formulas(graph, variables, one, other, (first, second)), seed=solution.problem.question.seed)
    return search.decide(lambda: solution.proves_equal(graph, one, other)).verdict == RIGHT


def smallest(search: Search, sample: Sampled) -> Found | None:
    """What is found with many digits where the right value is smallest, and not 0; None if they differ nowhere."""
    sizes = [abs(e) if e else float("inf") for e in sample.expected]
    for _, point in sorted(zip(sizes, sample.points, strict=True), key=lambda pair: pair[0]):
        found = search.exact.at(point)
        if found.state is State.DIFFER and found.expected:
            return found
    return None
