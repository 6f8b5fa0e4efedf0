"""The public API: a formula as a function that knows its gradient."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple, SupportsFloat

from autodiff.evaluate.floats import FLOATS
from autodiff.evaluate.program import Differentiated, build_program
from autodiff.evaluate.trace import Trace, trace_nodes
from autodiff.garbage import collection_paused
from autodiff.graph.compiler import Compiled, compile_program, parser
from autodiff.graph.gradient import gradient
from autodiff.graph.nodes import NamedConstant
from autodiff.language.builder import plain_name
from autodiff.language.errors import AutodiffError, Note

Point = Mapping[str, SupportsFloat]


class Result(NamedTuple):
    """A value, the gradient with respect to the requested names, and what the reader should know about them."""

    value: float
    gradient: dict[str, float]
    notes: list[Note]


class Function:
    """A formula as a function of its variables.

    `text` is a formula or a program of named nodes, in the language that the README describes. `variables` are names
    that are variables where the text alone leaves a doubt: `x` in `x(t + 1)`, or a constant that you bind, like `e`.
    Raises AutodiffError where the text means nothing, with the place and what to do.

    Values are given by name, or in one mapping, which may have any string for a name:

    >>> f = Function("sigmoid(sinh(x)) * y^2")
    >>> f.variables
    ('x', 'y')
    >>> round(f(x=0.4, y=2), 12)
    2.405073034945
    >>> f({"x": 0.4, "y": 2}) == f(x=0.4, y=2)
    True

    A point is of binary64 numbers, and so is what comes out, with the semantics of IEEE 754:

    >>> Function("log(x)")(x=0)
    -inf
    """

    __slots__ = ("_compiled", "_jobs", "_program", "text")

    def __init__(self, text: str, /, variables: Iterable[str] = ()) -> None:
        self.text = text
        self._compiled: dict[frozenset[str], Compiled] = {}
        self._jobs: dict[object, Differentiated] = {}
        with collection_paused():
            self._program = parser().parse(text)
            names = frozenset(map(plain_name, variables))
            self._compiled[frozenset()] = compile_program(self._program, text, names)

    def __repr__(self) -> str:
        return f"Function({self.text!r})"

    @property
    def variables(self) -> tuple[str, ...]:
        """The names that need a value, in the order of the text."""
        return tuple(self._compiled[frozenset()].variables)

    @property
    def names(self) -> tuple[str, ...]:
        """The names that the program gives to its nodes, in the order of the text."""
        return tuple(self._compiled[frozenset()].names)

    @property
    def notes(self) -> tuple[Note, ...]:
        """How the text was read where a person could have read it in another way."""
        return tuple(self._compiled[frozenset()].notes)

    def __call__(self, point: Point | None = None, /, **values: SupportsFloat) -> float:
        """The value at a point.

        Raises AutodiffError for a variable without a value and a value without a variable.
        """
        return self.evaluate(point, (), **values).value

    def gradient(
        self, point: Point | None = None, wrt: Iterable[str] | None = None, /, **values: SupportsFloat
    ) -> dict[str, float]:
        """The derivative with respect to each variable, or to each of the variables and named nodes `wrt`.

        >>> Function("x^y").gradient(x=2, y=3)
        {'x': 12.0, 'y': 5.545177444479562}
        >>> Function("h = 3*x; h^2").gradient({"x": 1}, ["h"])
        {'h': 6.0}
        """
        return self.evaluate(point, wrt, **values).gradient

    def value_and_gradient(
        self, point: Point | None = None, wrt: Iterable[str] | None = None, /, **values: SupportsFloat
    ) -> tuple[float, dict[str, float]]:
        """Both, computed together.

        >>> Function("x*y + 5").value_and_gradient(x=2, y=3)
        (11.0, {'x': 3.0, 'y': 2.0})
        """
        result = self.evaluate(point, wrt, **values)
        return result.value, result.gradient

    def evaluate(
        self, point: Point | None = None, wrt: Iterable[str] | None = None, /, **values: SupportsFloat
    ) -> Result:
        """Value, gradient, and notes: how the text was read, kinks that were met, why a number is not finite.

        >>> Function("abs(x)").evaluate(x=0).notes[0].message
        'abs is not differentiable at 0; d/dx is -1 to the left and 1 to the right, given as 0'
        """
        compiled, at = self._bound(point, values)
        requested = requested_nodes(compiled, wrt, self.text)
        job = self._job(compiled, tuple(requested.values()))
        numbers = job.program.run(at)
        value = numbers[compiled.output]
        slopes = {name: slope(job, numbers, node) for name, node in requested.items()}
        notes = list(compiled.notes)
        if requested and any(node.primitive.kinks for node in compiled.graph.nodes):
            from autodiff.evaluate.kinks import kink_notes

            notes += kink_notes(job, numbers, at, requested)
        if not all(map(math.isfinite, (value, *slopes.values()))):
            notes += self._explanation(compiled, requested, at)
        return Result(value, slopes, notes)

    def trace(self, point: Point | None = None, wrt: Iterable[str] | None = None, /, **values: SupportsFloat) -> Trace:
        """Every node with its value, its local partials and its adjoint, operands first.

        >>> for node in Function("h = x*y; h^2").trace(x=2, y=3).nodes:
        ...     print(node.id, node.op, node.label, node.value, node.partials, node.adjoint)
        0 variable x 2.0 () 36.0
        1 variable y 3.0 () 24.0
        2 mul h 6.0 (3.0, 2.0) 12.0
        3 constant None 2.0 () 64.50334089220998
        4 pow None 36.0 (12.0, 64.50334089220998) 1.0
        """
        result = self.evaluate(point, wrt, **values)
        compiled, at = self._bound(point, values)
        job = self._job(compiled, range(len(compiled.graph.nodes)), with_partials=True)
        numbers = job.program.run(at)
        nodes = trace_nodes(compiled.graph, compiled.output, job.gradient, numbers)
        return Trace(self.text, at, result.value, result.gradient, nodes, compiled.output, result.notes)

    def _bound(self, point: Point | None, values: Mapping[str, SupportsFloat]) -> tuple[Compiled, dict[str, float]]:
        """The graph for the names that have values, and those values. A constant that gets a value is a variable."""
        at = {plain_name(name): as_float(name, value) for name, value in {**(point or {}), **values}.items()}
        rebound = frozenset(at.keys() & NamedConstant.VALUES.keys())
        compiled = self._compiled.get(rebound)
        if compiled is None:
            names = rebound.union(self.variables)
            compiled = self._compiled[rebound] = compile_program(self._program, self.text, names)
        if at.keys() != compiled.variables.keys():
            from autodiff.language.values import check_values

            check_values(at, compiled.variables, compiled.names, compiled.graph.spans, self.text)
        return compiled, at

    def _job(self, compiled: Compiled, wrt: Iterable[int], with_partials: bool = False) -> Differentiated:
        """The gradient graph for some nodes and its program, made once."""
        key = (id(compiled), tuple(wrt), with_partials)
        job = self._jobs.get(key)
        if job is None:
            _, requested, _ = key
            with collection_paused():
                step = gradient(compiled.graph, compiled.output, requested)
                results = [compiled.output, *(step.adjoints[node] for node in requested if node in step.adjoints)]
                if with_partials:
                    results += [*requested, *step.partials.values()]
                program = build_program(step.graph, results, FLOATS)
            job = self._jobs[key] = Differentiated(compiled.graph, compiled.output, step, program)
        return job

    def _explanation(self, compiled: Compiled, requested: Mapping[str, int], at: Mapping[str, float]) -> list[Note]:
        from autodiff.evaluate.explanation import not_finite_notes

        job = self._job(compiled, tuple(requested.values()))
        program = build_program(job.gradient.graph, range(len(job.gradient.graph.nodes)), FLOATS)
        return not_finite_notes(
            compiled.graph, self.text, compiled.output, job.gradient, requested.items(), program.run(at)
        )


def slope(job: Differentiated, numbers: list[float], node: int) -> float:
    adjoint = job.gradient.adjoints.get(node)
    return 0.0 if adjoint is None else numbers[adjoint]


def as_float(name: str, value: SupportsFloat) -> float:
    """The nearest binary64 to a real number. Text is none: `Function("pi/4")()` reads it."""
    try:
        if isinstance(value, str | bytes):
            raise TypeError
        return float(value)
    except OverflowError:  # of an integer or a fraction
        return math.inf if value > 0 else -math.inf  # type: ignore[operator]  # they compare with 0
    except (TypeError, ValueError):
        raise AutodiffError("bad-value", f"the value for '{name}' is no number") from None


def requested_nodes(compiled: Compiled, wrt: Iterable[str] | None, text: str) -> dict[str, int]:
    """The nodes that derivatives are asked for, by name; all variables if `wrt` is None."""
    if wrt is None:
        return dict(compiled.variables)
    if isinstance(wrt, str):  # one name, not a name for each letter
        wrt = (wrt,)
    known = {**compiled.variables, **compiled.names}
    requested = {}
    for written in wrt:
        name = plain_name(written)
        if name not in known:
            from autodiff.language.suggestions import did_you_mean

            there = f"there are {', '.join(list(known)[:20])}" if known else "the formula has no variables"
            raise AutodiffError(
                "unknown-name",
                f"'{name}' is not in the formula, so there is no derivative with respect to it",
                suggestion=did_you_mean(name, known) or there,
                text=text,
            )
        requested[name] = known[name]
    return requested
