"""The public API: a formula as a function that knows its derivatives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from autodiff.evaluate.formula import Formula, Point, as_names
from autodiff.evaluate.request import fitted, output_node, requested_nodes
from autodiff.evaluate.result import Result, evaluated, slopes_of
from autodiff.graph.shapes import Shape
from autodiff.language.errors import Note

if TYPE_CHECKING:
    from autodiff.evaluate.batch.program import BatchProgram, BatchResult
    from autodiff.evaluate.jacobian import Derivatives
    from autodiff.evaluate.trace import Trace
    from autodiff.gradcheck.check import GradientCheck
    from autodiff.symbolic.answer import Answer
    from autodiff.symbolic.steps import Hint, Steps


class Function:
    """A formula as a function of its variables.

    `text` is a formula or a program of named nodes, in the language that the README describes. `variables` are names
    that are variables where the text alone leaves a doubt: `x` in `x(t + 1)`, or a constant that you bind, like `e`.
    `shapes` are those of variables that are arrays, for what is asked without a point; a point brings its own.
    Forms that lose digits are computed in a way that keeps them, with a note, unless `stabilise` is False.
    Raises AutodiffError where the text means nothing, with the place and what to do.

    Values are given by name, or in one mapping, which may have any string for a name:

    >>> f = Function("sigmoid(sinh(x)) * y^2")
    >>> f.variables
    ('x', 'y')
    >>> round(f(x=0.4, y=2), 12)
    2.405073034945
    >>> f({"x": 0.4, "y": 2}) == f(x=0.4, y=2)
    True

    A point is of binary64 numbers, or arrays of them, and so is what comes out, with the semantics of IEEE 754:

    >>> Function("log(x)")(x=0)
    -inf
    >>> Function("sum(v^2)").gradient(v=[1, 2, 3])["v"].tolist()
    [2.0, 4.0, 6.0]
    """

    __slots__ = ("formula",)

    def __init__(
        self,
        text: str,
        /,
        variables: Iterable[str] = (),
        shapes: Mapping[str, Shape] | None = None,
        *,
        stabilise: bool = True,
    ) -> None:
        self.formula = Formula(text, variables, shapes or {}, stabilise)

    def __repr__(self) -> str:
        return f"Function({self.text!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        """Other processes get the text, and make of it what they need."""
        formula = self.formula
        return remade, (formula.text, tuple(sorted(formula.names)), formula.shapes, formula.stabilise)

    @property
    def text(self) -> str:
        """The formula or the program as it was typed."""
        return self.formula.text

    @property
    def variables(self) -> tuple[str, ...]:
        """The names that need a value, in the order of the text."""
        return tuple(self.formula.typed.variables)

    @property
    def names(self) -> tuple[str, ...]:
        """The names that the program gives to its nodes, in the order of the text."""
        return tuple(self.formula.typed.names)

    @property
    def notes(self) -> tuple[Note, ...]:
        """How the text was read where a person could have read it in another way, and which forms are stabilised."""
        return tuple(self.formula.unbound.compiled.notes)

    def __call__(self, point: Point | None = None, /, **values: Any) -> Any:
        """The value at a point.

        >>> Function("x^2 + 1")(x=3)
        10.0
        """
        plan, at = self.formula.bound(point, values)
        return plan.value(plan.compiled.output, at)

    def gradient(
        self, point: Point | None = None, wrt: Iterable[str] | None = None, of: str | None = None, /, **values: Any
    ) -> dict[str, Any]:
        """The derivative with respect to each variable, or to each of the variables and named nodes `wrt`.

        `of` names the node to differentiate instead of the last one.

        >>> Function("x^y").gradient(x=2, y=3)
        {'x': 12.0, 'y': 5.545177444479562}
        >>> Function("h = 3*x; h^2").gradient({"x": 1}, ["h"])
        {'h': 6.0}
        """
        return self.value_and_gradient(point, wrt, of, **values)[1]

    def value_and_gradient(
        self, point: Point | None = None, wrt: Iterable[str] | None = None, of: str | None = None, /, **values: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Both, computed together. Raises AutodiffError for a value that is an array: see `jacobian`.

        >>> Function("x*y + 5").value_and_gradient(x=2, y=3)
        (11.0, {'x': 3.0, 'y': 2.0})
        """
        plan, at, output, requested = self.formula.asked(point, values, wrt, of, gives_number=True)
        job = plan.job(output, tuple(requested.values()))
        numbers = job.program.run(at)
        return numbers[output], slopes_of(job, numbers, requested, at)

    def evaluate(
        self, point: Point | None = None, wrt: Iterable[str] | None = None, of: str | None = None, /, **values: Any
    ) -> Result:
        """Value, gradient, and notes: how the text was read, kinks that were met, why a number is not finite.

        A value that is an array has no gradient; a note says so.

        >>> Function("abs(x)").evaluate(x=0).notes[0].message
        'abs is not differentiable at 0; d/dx is -1 to the left and 1 to the right, given as 0'
        """
        return evaluated(self.formula, point, values, wrt, of)

    def trace(
        self,
        point: Point | None = None,
        wrt: Iterable[str] | None = None,
        of: str | None = None,
        known: Result | None = None,
        /,
        **values: Any,
    ) -> Trace:
        """Every node with its value, its local partials and its adjoint, operands first.

        `known` is what `evaluate` gave for the same, if it is known. The adjoints of an array are those of the sum of
        its entries.

        >>> for node in Function("h = x*y; h^2").trace(x=2, y=3).nodes:
        ...     print(node.id, node.op, node.label, node.value, node.partials, node.adjoint)
        0 variable x 2.0 () 36.0
        1 variable y 3.0 () 24.0
        2 mul h 6.0 (3.0, 2.0) 12.0
        3 constant None 2.0 () 64.50334089220998
        4 pow None 36.0 (12.0, 64.50334089220998) 1.0
        """
        from autodiff.evaluate.trace import Trace, trace_nodes

        result = known or self.evaluate(point, wrt, of, **values)
        plan, at, output, _ = self.formula.asked(point, values, wrt, of)
        job = plan.job(output, range(len(plan.compiled.graph.nodes)), with_edges=True)
        nodes = trace_nodes(plan.compiled.graph, output, job.gradient, job.program.run(at))
        return Trace(self.text, at, result.value, result.gradient, nodes, output, result.notes)

    def outline(self, of: str | None = None, wrt: Iterable[str] | None = None, /) -> Trace:
        """The nodes without a point: what there is to see of them before they have values."""
        from autodiff.evaluate.trace import Trace, trace_nodes

        compiled = self.formula.unbound.compiled
        requested_nodes(compiled, wrt, self.text)
        output = output_node(compiled, of, self.text)
        nodes = trace_nodes(compiled.graph, output, None, None)
        return Trace(self.text, {}, None, {}, nodes, output, list(compiled.notes))

    def jacobian(
        self, point: Point | None = None, wrt: Iterable[str] | None = None, of: str | None = None, /, **values: Any
    ) -> dict[str, Any]:
        """The derivative of every entry of the value with respect to every entry of each name.

        Each has the shape of the value followed by that of the variable. It is computed row by row or column by
        column, whichever is less work.

        >>> Function("[x*y, x + y, x]").jacobian(x=2, y=3)["x"].tolist()
        [3.0, 1.0, 1.0]
        """
        return self.evaluate_jacobian(point, wrt, of, **values).derivatives

    def evaluate_jacobian(
        self, point: Point | None = None, wrt: Iterable[str] | None = None, of: str | None = None, /, **values: Any
    ) -> Derivatives:
        """The value, the Jacobian, and notes on both: how the text was read, kinks, why a number is not finite.

        `derivatives` has for each name an array of the shape of the value followed by that of the variable, or a float
        where both are numbers. Raises AutodiffError for names and values that don't fit the formula, and for a matrix
        of more than 100 million entries.

        >>> found = Function("[x*y, x + y, x]").evaluate_jacobian(x=2, y=3)
        >>> found.value.tolist(), found.derivatives["y"].tolist(), found.notes
        ([6.0, 5.0, 2.0], [2.0, 1.0, 0.0], [])
        """
        from autodiff.evaluate.jacobian import Derivatives, jacobian, jacobian_notes

        plan, at, output, requested = self.formula.asked(point, values, wrt, of)
        value, blocks = jacobian(plan, output, requested, at)
        notes = jacobian_notes(plan, output, requested, at, self.text, [value, *blocks.values()])
        return Derivatives(value, blocks, [*plan.compiled.notes, *notes])

    def hessian(
        self, point: Point | None = None, wrt: Iterable[str] | None = None, of: str | None = None, /, **values: Any
    ) -> dict[str, dict[str, Any]]:
        """The second derivatives of a number: for each two names an array of the shape of one, then of the other.

        The gradient step applied twice. Where entries (a, b) and (b, a) differ by no more than their rounding, both
        are their mean.

        >>> Function("x^2*y").hessian(x=2, y=3)
        {'x': {'x': 6.0, 'y': 4.0}, 'y': {'x': 4.0, 'y': 0.0}}
        """
        blocks: dict[str, dict[str, Any]] = self.evaluate_hessian(point, wrt, of, **values).derivatives
        return blocks

    def evaluate_hessian(
        self, point: Point | None = None, wrt: Iterable[str] | None = None, of: str | None = None, /, **values: Any
    ) -> Derivatives:
        """The value, the Hessian, and notes on both: why it isn't symmetric, kinks, why a number is not finite."""
        from autodiff.evaluate.hessian import hessian
        from autodiff.evaluate.jacobian import Derivatives, jacobian_notes

        plan, at, output, requested = self.formula.asked(point, values, wrt, of, gives_number=True)
        value, blocks, notes = hessian(plan, output, requested, at)
        entries = [block for row in blocks.values() for block in row.values()]
        notes += jacobian_notes(plan, output, requested, at, self.text, [value, *entries])
        return Derivatives(value, blocks, [*plan.compiled.notes, *notes])

    def jvp(self, point: Point, tangent: Point, of: str | None = None, /) -> tuple[Any, Any]:
        """The value, and its derivative in the direction `tangent`, which has an entry for each variable that moves.

        An entry has the shape of its variable, or is a number that stands for all entries. Both results have the shape
        of the value. Raises AutodiffError for names, values and shapes that don't fit the formula.

        >>> Function("[x*y, x^2]").jvp({"x": 2, "y": 3}, {"x": 1})[1].tolist()
        [3.0, 4.0]
        """
        from autodiff.evaluate.jacobian import directional

        plan, at, output, nodes = self.formula.asked(point, {}, tangent, of)
        return directional(plan, output, nodes, at, fitted(plan.compiled, nodes, tangent, self.text))

    def vjp(
        self, point: Point, cotangent: Any, wrt: Iterable[str] | None = None, of: str | None = None, /
    ) -> tuple[Any, dict[str, Any]]:
        """The value, and the gradient of the sum of its entries weighted by `cotangent`.

        `cotangent` has the shape of the value, or is a number that stands for all entries. The derivative by each name
        has the shape of what it is named after. Raises AutodiffError for names, values and shapes that don't fit.

        >>> value, slopes = Function("[x*y, x^2]").vjp({"x": 2, "y": 3}, [1, 10])
        >>> slopes
        {'x': 43.0, 'y': 2.0}
        """
        from autodiff.evaluate.jacobian import weighted_gradient

        plan, at, output, requested = self.formula.asked(point, {}, wrt, of)
        weights = fitted(plan.compiled, {"cotangent": output}, {"cotangent": cotangent}, self.text)
        return weighted_gradient(plan, output, requested, at, weights[output])

    def hvp(self, point: Point, vector: Point, of: str | None = None, /) -> dict[str, Any]:
        """The Hessian times `vector`, which has an entry for each variable that moves, without the Hessian.

        An entry has the shape of its variable, or is a number that stands for all entries; what comes out has those
        names and shapes. Raises AutodiffError for a value that is an array, and for what doesn't fit the formula.

        >>> Function("x^2*y").hvp({"x": 2, "y": 3}, {"x": 1, "y": 0})
        {'x': 6.0, 'y': 4.0}
        """
        from autodiff.evaluate.hessian import hessian_times

        plan, at, output, nodes = self.formula.asked(point, {}, vector, of, gives_number=True)
        return hessian_times(plan, output, nodes, at, fitted(plan.compiled, nodes, vector, self.text))

    def gradcheck(
        self,
        point: Point | None = None,
        wrt: Iterable[str] | None = None,
        of: str | None = None,
        /,
        *,
        method: str = "central",
        step: float | None = None,
        gradient: Point | None = None,
    ) -> GradientCheck:
        """The gradient compared with a numeric one, entry by entry.

        `method` is `central` (differences, extrapolated; plain ones if a `step` is given), `complex` (the complex step)
        or `precise` (more than 50 digits). `gradient` has numbers that somebody else computed, to check instead.

        >>> Function("sin(x)^2").gradcheck({"x": 1}).passed
        True
        """
        from autodiff.gradcheck.check import check_gradient

        return check_gradient(self, point or {}, wrt, of, method=method, step=step, gradient=gradient)

    def derivative(self, name: str | None = None, order: int = 1, of: str | None = None, /) -> Function:
        """The derivative by one name as a function, in the form that a person would write; `order` of them in turn.

        A function of one variable needs no name.

        >>> Function("x^2*sin(x)").derivative()
        Function('2*x*sin(x) + x^2*cos(x)')
        >>> Function("x^3*y").derivative("x", 2)(x=1, y=2)
        12.0
        """
        from autodiff.symbolic.answer import the_name

        answer = self.derivatives([the_name(name, self.variables, self.text)], order, of)
        (text,) = (answer.text(name) for name in answer.names)
        return Function(text, variables=self.variables, shapes=answer.shapes)

    def derivatives(
        self,
        wrt: Iterable[str] | None = None,
        order: int = 1,
        of: str | None = None,
        /,
        *,
        mixed: bool = False,
        with_value: bool = False,
        point: Point | None = None,
    ) -> Answer:
        """The derivatives by each name, or the `mixed` one by all of them in turn, as formulas.

        By a name that is not in the formula it is 0, with a note. Arrays need shapes: those that the function was made
        with, or those of a `point`.

        >>> answer = Function("x^2*y").derivatives()
        >>> [(name, answer.text(name)) for name in answer.names]
        [('x', '2*x*y'), ('y', 'x^2')]
        >>> Function("sin(x*y)").derivatives(["x", "y"], mixed=True).text("x,y")
        'cos(x*y) - x*y*sin(x*y)'
        """
        from autodiff.symbolic.answer import differentiated

        names = as_names(wrt)
        compiled, output, requested = self.formula.asked_by_name(names, of, point)
        in_turn = list(names or requested) if mixed else []
        return differentiated(compiled, output, requested, self.text, order=order, mixed=in_turn, with_value=with_value)

    def steps(
        self,
        wrt: Iterable[str] | None = None,
        order: int = 1,
        of: str | None = None,
        /,
        *,
        mixed: bool = False,
        point: Point | None = None,
    ) -> list[Steps]:
        """How `derivatives` with the same arguments come about, rule by rule.

        >>> [derivation] = Function("x*sin(x)").steps()
        >>> derivation.steps[-1].rule.name, derivation.steps[-1].result.text()
        ('product', 'sin(x) + x*cos(x)')
        """
        from autodiff.symbolic.steps import derivation_steps

        names = as_names(wrt)
        compiled, output, requested = self.formula.asked_by_name(names, of, point)
        in_turn = list(names or requested) if mixed else []
        return derivation_steps(compiled, output, requested, order=order, mixed=in_turn)

    def hints(
        self, wrt: Iterable[str] | None = None, of: str | None = None, /, *, point: Point | None = None
    ) -> list[Hint]:
        """The rule that is next for the derivative by each name."""
        from autodiff.symbolic.steps import next_rule

        compiled, output, requested = self.formula.asked_by_name(as_names(wrt), of, point)
        return [next_rule(compiled, output, name, node) for name, node in requested.items()]

    def map(
        self,
        columns: Point | None = None,
        /,
        *,
        wrt: Iterable[str] | None = None,
        of: str | None = None,
        at: Point | None = None,
        engine: str = "auto",
        threads: int | None = None,
        hessian: bool = False,
        **values: Any,
    ) -> BatchResult:
        """The value and the gradient in every row of columns of numbers; a single number stands for a whole column.

        Columns have one axis and one length, which the value and each derivative have, too; what is masked in one, or
        missing, is NaN. Every row has what a single point has. `at` fixes variables; `hessian` asks for the second
        derivatives as well. `threads` is how many work at once, as many as there are processors if it is None. A
        variable that is named like one of these settings has to stand in the mapping.

        `engine` is `numpy`, `native` (with the extra of that name) or `auto`, which takes the quicker one. A formula
        that can't be compiled, or is too long for that, is left to NumPy by `native`, too: `engine` of the result says
        which it was. Each call prepares the formula anew; for columns in pieces, `batch` does so once.

        Raises AutodiffError for a formula that computes with arrays, for columns of several lengths or none at all, for
        names and values that don't fit the formula, and for an engine that is not there.

        >>> result = Function("x*y + 5").map(x=[1, 2, 3], y=10)
        >>> result.value.tolist(), result.gradient["y"].tolist()
        ([15.0, 25.0, 35.0], [1.0, 2.0, 3.0])
        """
        from autodiff.evaluate.batch.columns import as_columns, as_fixed, refuse_both, row_count
        from autodiff.evaluate.batch.program import batch_program

        arrays, numbers = as_columns({**({} if columns is None else columns), **values})
        fixed = as_fixed(at)
        refuse_both([*arrays, *numbers], fixed)
        rows, fixed = row_count(arrays), {**numbers, **fixed}
        return batch_program(self.formula, arrays, fixed, wrt, of, engine, threads, hessian, rows)(arrays)

    def batch(
        self,
        wrt: Iterable[str] | None = None,
        of: str | None = None,
        /,
        *,
        at: Point | None = None,
        engine: str = "auto",
        threads: int | None = None,
        hessian: bool = False,
        rows: int | None = None,
    ) -> BatchProgram:
        """What `map` does, for columns that come in pieces: call it with a mapping of arrays for each of them.

        Variables without a value in `at` are columns. `rows` is how many are to come, as far as it is known; where
        they are few or not known, `auto` does not compile. The other settings and the errors are those of `map`; what
        is wrong with the formula or the settings is raised here, what is wrong with columns when they come.

        >>> batch = Function("k*x^2").batch(["x"], at={"k": 3})
        >>> batch.columns, batch({"x": [1, 2]}).gradient["x"].tolist()
        (('x',), [6.0, 12.0])
        """
        from autodiff.evaluate.batch.columns import as_fixed
        from autodiff.evaluate.batch.program import batch_program

        fixed = as_fixed(at)
        columns = [name for name in self.variables if name not in fixed]
        return batch_program(self.formula, columns, fixed, wrt, of, engine, threads, hessian, rows)

    def latex(self) -> str:
        r"""The formula in LaTeX, without the names of nodes.

        >>> print(Function("sqrt(x)/2").latex())
        \frac{\sqrt{x}}{2}
        """
        from autodiff.show.latex import latex

        return latex(self.formula.typed.graph, self.formula.typed.output)

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {self.latex()}$"

    def to(self, form: str, wrt: Iterable[str] | None = None, order: int = 1, /, *, name: str = "f") -> str:
        """A function that returns the value and its derivatives, in `python`, `numpy`, `c` or `sympy`.

        >>> print(Function("x^2").to("sympy"), end="")
        from sympy import *
        <BLANKLINE>
        # x^2: the value and its derivatives by x
        x = symbols("x", real=True)
        value = x**2
        gradient = {"x": 2*x}
        """
        return self.derivatives(wrt, order, with_value=True).code(form, name)


def remade(text: str, names: tuple[str, ...], shapes: Mapping[str, Shape], stabilise: bool) -> Function:
    return Function(text, names, shapes, stabilise=stabilise)
