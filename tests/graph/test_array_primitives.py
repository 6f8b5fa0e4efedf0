"""Every array row of the table: value, vector-Jacobian product, Jacobian and Hessian, against NumPy and many digits."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import pytest
import scipy.special
from numpy.linalg import det, inv, slogdet, solve

from autodiff import Function
from autodiff.evaluate.arrays import ARRAYS
from autodiff.evaluate.digits.arrays import digit_arrays
from autodiff.evaluate.jacobian import backward, columns, forward, rows
from autodiff.evaluate.plan import Plan
from autodiff.evaluate.program import Program, build_program
from autodiff.graph.compiler import Compiled, compile_program, parser
from autodiff.graph.gradient import gradient
from autodiff.graph.table import PRIMITIVES

DIGITS = digit_arrays(240)
number = DIGITS.scalars.number
STEP = number(10) ** -25  # central differences have an error of about its square, 50 digits
ARRAY_ROWS = {name: row for name, row in PRIMITIVES.items() if row.array is not None}


class Example(NamedTuple):
    """A formula, the shapes of its variables, and the same in NumPy."""

    formula: str
    shapes: Mapping[str, tuple[int, ...]]
    numpy: Callable[..., Any]

    def __str__(self) -> str:
        return f"{self.formula} of {', '.join(map(str, self.shapes.values()))}"

    def point(self) -> dict[str, Any]:
        """Numbers without ties and zeros, always the same."""
        random = np.random.default_rng(zlib.crc32(str(self).encode()))
        return {name: numbers(random, shape) for name, shape in self.shapes.items()}

    def compiled(self, text: str | None = None, **more: tuple[int, ...]) -> Compiled:
        text = text or self.formula
        return compile_program(parser().parse(text), text, shapes={**self.shapes, **more})


def numbers(random: np.random.Generator, shape: tuple[int, ...]) -> Any:
    values = random.choice([-1.0, 1.0], shape) * random.uniform(0.3, 2.0, shape)
    return values if shape else float(values)


SHAPES: tuple[tuple[int, ...], ...] = ((), (1,), (3,), (2, 3), (3, 1), (2, 1, 3))
REDUCTIONS: dict[str, Callable[..., Any]] = {
    "sum": np.sum,
    "mean": np.mean,
    "prod": np.prod,
    "min": np.min,
    "max": np.max,
    "norm": lambda x, axis: np.sqrt(np.sum(x * x, axis=axis)),
    "logsumexp": lambda x, axis: scipy.special.logsumexp(x, axis=axis),
}
SPREADS: dict[str, Callable[..., Any]] = {"var": np.var, "std": np.std}
KEEPING: dict[str, Callable[..., Any]] = {
    "cumsum": np.cumsum,
    "softmax": scipy.special.softmax,
    "log_softmax": scipy.special.log_softmax,
}
NORMS = {"1": 1.0, "1.5": 1.5, "2": 2.0, "3": 3.0, "4.5": 4.5}


def axes_of(shape: tuple[int, ...]) -> list[Any]:
    """None, each axis from both ends, and several."""
    axes: list[Any] = [None, *range(-len(shape), len(shape))]
    return axes if len(shape) < 2 else [*axes, (0, -1), tuple(range(len(shape)))]


def reductions() -> Iterator[Example]:
    for shape in SHAPES:
        for axis in axes_of(shape):
            given = "" if axis is None else f", axis={axis}"
            for name, truth in REDUCTIONS.items():
                yield Example(f"{name}(x{given})", {"x": shape}, lambda x, truth=truth, axis=axis: truth(x, axis=axis))
    for shape, axis in (((3,), None), ((2, 3), 0), ((2, 3), -1), ((2, 2, 2), (0, 2))):
        given = "" if axis is None else f", axis={axis}"
        for name, truth in SPREADS.items():
            yield Example(f"{name}(x{given})", {"x": shape}, lambda x, truth=truth, axis=axis: truth(x, axis=axis))
            corrected = f"{name}(x, ddof=1{given})"
            yield Example(corrected, {"x": shape}, lambda x, truth=truth, axis=axis: truth(x, axis=axis, ddof=1))
        for p, order in NORMS.items():
            yield Example(
                f"norm(x, p={p}{given})",
                {"x": shape},
                lambda x, axis=axis, p=order: np.sum(abs(x) ** p, axis=axis) ** (1 / p),
            )
        yield Example(f"norm(x, inf{given})", {"x": shape}, lambda x, axis=axis: np.max(abs(x), axis=axis))
    for shape in ((1,), (3,), (2, 3), (2, 1, 3)):
        for axis in range(-len(shape), len(shape)):
            for name, truth in KEEPING.items():
                text = f"{name}(x, axis={axis})" if axis != -1 else f"{name}(x)"
                yield Example(text, {"x": shape}, lambda x, truth=truth, axis=axis: truth(x, axis=axis))
    yield Example("softmax(x, axis=(0, 1))", {"x": (2, 3)}, lambda x: scipy.special.softmax(x, axis=(0, 1)))
    yield Example("prod(x)", {"x": (2, 4)}, np.prod)
    yield Example("prod(x)", {"x": (7,)}, np.prod)


PRODUCTS = (
    ((3,), (3,)),
    ((2, 3), (3,)),
    ((3,), (3, 2)),
    ((2, 3), (3, 2)),
    ((2, 2, 3), (3, 2)),
    ((2, 2, 3), (2, 3, 2)),
    ((2, 2, 3), (3,)),
    ((3,), (2, 3, 2)),
    ((2, 3), (2, 3, 2)),
    ((1, 2, 3), (2, 3, 1)),
    ((2, 1, 1, 3), (2, 3, 1)),
    ((1, 1), (1, 1)),
)


def linear_algebra() -> Iterator[Example]:
    for a, b in PRODUCTS:
        yield Example("a @ b", {"a": a, "b": b}, np.matmul)
        if len(a) < 3 and len(b) < 3:
            yield Example("dot(a, b)", {"a": a, "b": b}, np.dot)
    yield Example("matmul(a, b)", {"a": (2, 2), "b": (2, 1)}, np.matmul)
    yield Example("a @ a", {"a": (2, 2)}, lambda a: a @ a)
    yield Example("dot(a, a)", {"a": (3,)}, lambda a: a @ a)
    yield Example("outer(a, b)", {"a": (2,), "b": (3,)}, np.outer)
    yield Example("outer(a, a)", {"a": (2,)}, lambda a: np.outer(a, a))
    yield Example("cross(a, b)", {"a": (3,), "b": (3,)}, np.cross)
    for shape in ((1, 1), (2, 2), (2, 3), (3, 2)):
        yield Example("trace(a)", {"a": shape}, np.trace)
    for n in (1, 2, 3, 4, 5):
        yield Example("det(a)", {"a": (n, n)}, det)
        yield Example("inv(a)", {"a": (n, n)}, inv)
        yield Example("logdet(a @ a.T)", {"a": (n, n)}, lambda a: slogdet(a @ a.T)[1])
        yield Example("solve(a, b)", {"a": (n, n), "b": (n,)}, solve)
    yield Example("solve(a, b)", {"a": (3, 3), "b": (3, 2)}, solve)
    yield Example("solve(a, b)", {"a": (2, 2), "b": (2, 0)}, solve)
    yield Example("solve(a, a)", {"a": (2, 2)}, lambda a: np.eye(2))
    yield Example("det(a)", {"a": (9, 9)}, det)


def arrangements() -> Iterator[Example]:
    yield Example("x[1]", {"x": (3,)}, lambda x: x[1])
    yield Example("x[::-2]", {"x": (5,)}, lambda x: x[::-2])
    yield Example("x[1:, -1]", {"x": (3, 2)}, lambda x: x[1:, -1])
    yield Example("x[:, 0, ::-1]", {"x": (2, 1, 3)}, lambda x: x[:, 0, ::-1])
    yield Example("x[2:1]", {"x": (3,)}, lambda x: x[2:1])
    yield Example("x[0] + x[:, 1] + x[1, 1]", {"x": (2, 2)}, lambda x: x[0] + x[:, 1] + x[1, 1])
    yield Example("reshape(x, 3, -1)", {"x": (2, 3)}, lambda x: x.reshape(3, 2))
    yield Example("reshape(x, 2, 1, 2)", {"x": (4,)}, lambda x: x.reshape(2, 1, 2))
    yield Example("reshape(x, 1)", {"x": ()}, lambda x: np.reshape(x, 1))
    yield Example("x.T", {"x": (2, 3)}, lambda x: x.T)
    yield Example("x.T", {"x": (2, 1, 3)}, lambda x: x.T)
    yield Example("transpose(x, 1, 2, 0)", {"x": (2, 1, 3)}, lambda x: np.transpose(x, (1, 2, 0)))
    yield Example("concat(x, y)", {"x": (2,), "y": (3,)}, lambda x, y: np.concatenate([x, y]))
    yield Example("concat(x, y, x)", {"x": (1, 2), "y": (3, 2)}, lambda x, y: np.concatenate([x, y, x]))
    yield Example("concat(x, y, axis=-1)", {"x": (2, 1), "y": (2, 2)}, lambda x, y: np.concatenate([x, y], -1))
    yield Example("[x, y, x*y]", {"x": (), "y": ()}, lambda x, y: np.array([x, y, x * y]))
    yield Example("[[x, 1], [y, x]]", {"x": (), "y": ()}, lambda x, y: np.array([[x, 1], [y, x]]))
    yield Example("stack(x, y, axis=1)", {"x": (2,), "y": (2,)}, lambda x, y: np.stack([x, y], 1))
    yield Example("stack(x, x, axis=-1)", {"x": (2, 2)}, lambda x: np.stack([x, x], -1))
    yield Example("diag(x)", {"x": (3,)}, np.diag)
    yield Example("diag(x)", {"x": (2, 3)}, np.diag)
    yield Example("len(x)*x", {"x": (3,)}, lambda x: 3 * x)
    yield Example("zeros(2, 2) + x", {"x": ()}, lambda x: np.zeros((2, 2)) + x)
    yield Example("ones(2)*x", {"x": ()}, lambda x: np.ones(2) * x)
    yield Example("eye(3) @ x", {"x": (3,)}, lambda x: x)
    yield Example("range(1, 4) @ x", {"x": (3,)}, lambda x: np.arange(1, 4) @ x)
    for a, b in (((2, 3), (3,)), ((2, 1), (3,)), ((), (2, 2)), ((2, 1, 3), (3, 1)), ((1,), (1, 3))):
        yield Example("a*b - b/a", {"a": a, "b": b}, lambda a, b: a * b - b / a)
    yield Example("where(a > b, a^2, a*b)", {"a": (2, 1), "b": (3,)}, lambda a, b: np.where(a > b, a**2, a * b))
    yield Example("max(a, b, 0)", {"a": (2, 1), "b": (3,)}, lambda a, b: np.maximum(np.maximum(a, b), 0))


EXAMPLES = [*reductions(), *linear_algebra(), *arrangements()]


class Digits:
    """A graph's nodes as functions of the variables, with 70 digits."""

    def __init__(self, compiled: Compiled, graph: Any, results: list[int]) -> None:
        self.results = results
        self.program: Program = build_program(graph, results, DIGITS)

    def __call__(self, point: Mapping[str, Any]) -> list[Any]:
        values = self.program.run(point)
        return [values[node] for node in self.results]


def in_digits(value: Any) -> Any:
    if isinstance(value, float):
        return number(value)
    result = np.empty(value.shape, dtype=object)
    result.ravel()[:] = [number(x) for x in value.ravel().tolist()]
    return result


def differences(function: Callable[[Mapping[str, Any]], list[Any]], point: Mapping[str, Any], name: str) -> list[Any]:
    """The Jacobians of the results by central differences: the results' axes, then the variable's."""
    exact = {key: in_digits(value) for key, value in point.items()}
    shape = np.shape(point[name])
    slopes: list[list[Any]] = []
    for index in np.ndindex(*shape):
        ends = []
        for side in (1, -1):
            moved = exact[name].copy() if shape else exact[name] + side * STEP
            if shape:
                moved[index] += side * STEP
            ends.append(function({**exact, name: moved}))
        slopes.append([as_floats((above - below) / (2 * STEP)) for above, below in zip(*ends, strict=True)])
    results = len(function(exact)) if not slopes else len(slopes[0])
    if not slopes:
        return [np.zeros((*np.shape(value), *shape)) for value in function(exact)]
    return [
        np.moveaxis(np.array([slope[k] for slope in slopes]), 0, -1).reshape((*np.shape(slopes[0][k]), *shape))
        for k in range(results)
    ]


def as_floats(value: Any) -> Any:
    return np.array([float(x) for x in np.ravel(value)]).reshape(np.shape(value))


def assert_close(ours: Any, truth: Any, tolerance: float = 1e-12) -> None:
    ours, truth = np.asarray(ours, dtype=float), np.asarray(truth, dtype=float)
    assert ours.shape == truth.shape
    scale = np.max(abs(truth), initial=1.0)
    assert np.all(abs(ours - truth) <= tolerance * scale), f"{ours} instead of {truth}"


def primitives_of(example: Example) -> set[str]:
    """What occurs in the formula's graph, and in that of its second derivative."""
    compiled = example.compiled()
    names = set()
    graph, output = compiled.graph, compiled.output
    for _ in range(2):
        names |= {node.primitive.name for node in graph.nodes}
        shape = graph.shapes[output]
        if shape != ():
            copy = graph.copy()
            output = copy.add(PRIMITIVES["sum"], (output,), payload=(tuple(range(len(shape or ()))),))
            graph = copy
        step = gradient(graph, output, list(compiled.variables.values()))
        graph = step.graph
        output = next((step.adjoints[node] for node in compiled.variables.values() if node in step.adjoints), output)
    return names


def test_no_array_row_is_without_an_example() -> None:
    used = set().union(*map(primitives_of, EXAMPLES))
    assert used >= ARRAY_ROWS.keys()


def test_no_function_of_arrays_is_without_an_example() -> None:
    text = " ".join(example.formula for example in EXAMPLES)
    for name, row in PRIMITIVES.items():
        if row.constant is not None or name == "diag":
            assert f"{name}(" in text


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_the_value_is_that_of_numpy(example: Example) -> None:
    point = example.point()
    value = Function(example.formula)(point)
    assert type(value) is (float if np.shape(value) == () else np.ndarray)
    assert_close(value, example.numpy(*point.values()))


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_the_value_is_that_of_many_digits(example: Example) -> None:
    point = example.point()
    compiled = example.compiled()
    (truth,) = Digits(compiled, compiled.graph, [compiled.output])({k: in_digits(v) for k, v in point.items()})
    assert_close(Function(example.formula)(point), as_floats(truth), 1e-13)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_the_jacobian_is_that_of_differences_of_many_digits(example: Example) -> None:
    point = example.point()
    compiled = example.compiled()
    ours = Function(example.formula).jacobian(point)
    function = Digits(compiled, compiled.graph, [compiled.output])
    for name in example.shapes:
        (truth,) = differences(function, point, name)
        assert_close(ours[name], truth)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_forward_and_reverse_products_agree_with_the_jacobian(example: Example) -> None:
    point, compiled, function = example.point(), example.compiled(), Function(example.formula)
    plan, nodes = Plan(compiled), list(compiled.variables.values())
    shape = compiled.graph.shapes[compiled.output] or ()
    shapes = [example.shapes[name] for name in compiled.variables]
    reverse, ahead = backward(plan, compiled.output, nodes), forward(plan, compiled.output, nodes)
    by_rows = rows(reverse.at(reverse.before.run(point)), shape, shapes)
    by_columns = columns(ahead.at(ahead.before.run(point)), shape, shapes)
    random = np.random.default_rng(7)
    cotangent = numbers(random, shape)
    tangent = {name: numbers(random, example.shapes[name]) for name in compiled.variables}
    value, moved = function.jvp(point, tangent)
    also, pulled = function.vjp(point, cotangent)
    assert_close(value, function(point), 0.0)
    assert_close(also, function(point), 0.0)
    total = np.zeros(shape)
    for name, one, other in zip(compiled.variables, by_rows, by_columns, strict=True):
        assert_close(one, other, 1e-13)
        assert_close(pulled[name], np.tensordot(cotangent, one, len(shape)), 1e-13)
        total = total + np.tensordot(one, tangent[name], np.ndim(tangent[name]))
    assert_close(moved, total, 1e-13)


SECOND_ORDER = [e for e in EXAMPLES if "a" not in e.shapes or sum(map(np.prod, e.shapes.values())) <= 18]


@pytest.mark.parametrize("example", SECOND_ORDER, ids=str)
def test_the_hessian_is_that_of_differences_of_the_gradient(example: Example) -> None:
    point, shape = example.point(), example.compiled().graph.shapes[example.compiled().output] or ()
    weight = numbers(np.random.default_rng(3), shape)
    text = f"sum(weight*({example.formula})^2)"
    names = list(example.shapes)
    ours = Function(text).hessian({**point, "weight": weight}, names)
    compiled = example.compiled(text, weight=shape)
    step = gradient(compiled.graph, compiled.output, [compiled.variables[name] for name in names])
    there = [name for name in names if compiled.variables[name] in step.adjoints]
    function = Digits(compiled, step.graph, [step.adjoints[compiled.variables[name]] for name in there])
    for name in names:
        for other, truth in zip(there, differences(function, {**point, "weight": weight}, name), strict=True):
            assert_close(ours[other][name], truth, 1e-11)


@pytest.mark.parametrize("name", ARRAY_ROWS)
def test_every_backend_has_a_kernel(name: str) -> None:
    from autodiff.evaluate.complex_step.arrays import complex_arrays
    from autodiff.evaluate.floats import FLOATS

    for backend in (ARRAYS, digit_arrays(80), complex_arrays(FLOATS)):
        assert name in backend.array_kernels


@pytest.mark.parametrize("name", ARRAY_ROWS)
def test_a_row_has_its_documentation(name: str) -> None:
    row = ARRAY_ROWS[name]
    assert row.doc
    assert not row.doc.endswith(".")
    assert row.array is not None
    assert row.array.vjp or row.array.define


@pytest.mark.parametrize(
    ("text", "point", "gradient"),
    [
        ("prod(reshape(v, 2, 2))", {"v": [1, 2, 3, 4]}, [24, 12, 8, 6]),
        ("sum(prod(A.T, axis=0))", {"A": [[1, 2], [3, 4]]}, [[2, 1], [4, 3]]),
        ("sum(outer(reshape(c, 2), [1, 2]))", {"c": [[1], [2]]}, [[3], [3]]),
        ("dot(v, v)", {"v": [1, 2]}, [2, 4]),
    ],
)
def test_what_is_defined_by_others_is_differentiated_through_any_operand(text: str, point: Any, gradient: Any) -> None:
    (name,) = point
    assert Function(text).gradient(point)[name].tolist() == gradient
