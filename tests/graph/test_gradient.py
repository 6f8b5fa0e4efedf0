"""The graph and the chain rule: which nodes there are, which get an adjoint, and what it is."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from autodiff.evaluate.floats import FLOATS
from autodiff.evaluate.program import build_program
from autodiff.graph.compiler import Compiled, compile_program, parser
from autodiff.graph.gradient import Gradient, gradient
from autodiff.graph.nodes import Graph, NamedConstant
from autodiff.graph.primitive import CONSTANT, VARIABLE
from autodiff.graph.table import PRIMITIVES
from autodiff.show.formula import formula

FEYNMAN = Path(__file__).parents[1] / "corpora" / "feynman.json"


def compiled(text: str) -> Compiled:
    return compile_program(parser().parse(text), text)


def differentiated(text: str, *names: str) -> tuple[Compiled, Gradient]:
    """The gradient with respect to variables and named nodes; to all variables if no name is given."""
    program = compiled(text)
    known = {**program.variables, **program.names}
    return program, gradient(program.graph, program.output, [known[name] for name in names or program.variables])


def adjoints(text: str, *names: str, **point: float) -> dict[str, float | None]:
    """The adjoint of each name at a point; None where it has none."""
    program, step = differentiated(text, *names)
    known = {**program.variables, **program.names}
    positions = {name: step.adjoints.get(known[name]) for name in names or program.variables}
    wanted = [position for position in positions.values() if position is not None]
    values = build_program(step.graph, wanted, FLOATS).run(point)
    return {name: None if position is None else values[position] for name, position in positions.items()}


def second_derivative(text: str, first: str, second: str, **point: float) -> float:
    """The derivative by `first`, then by `second`: the gradient step twice."""
    program = compiled(text)
    once = gradient(program.graph, program.output, [program.variables[first]])
    slope = once.adjoints[program.variables[first]]
    twice = gradient(once.graph, slope, [program.variables[second]])
    curvature = twice.adjoints[program.variables[second]]
    value: float = build_program(twice.graph, [curvature], FLOATS).run(point)[curvature]
    return value


def takes_logarithm(graph: Graph, outputs: Iterable[int]) -> bool:
    """Whether a logarithm is among the primitives that `outputs` are computed with, or in what defines them."""
    wanted = set(outputs)
    for position in range(len(graph.nodes) - 1, -1, -1):
        if position in wanted:
            wanted.update(graph.nodes[position].operands)
    used = [graph.nodes[position] for position in wanted]
    return any("log" in node.primitive.name + node.primitive.definition_of(len(node.operands)) for node in used)


def identity_of(node: Any) -> object:
    """What makes a node the node that it is: 2, 2.0 and pi to the same digits are different constants."""
    primitive, operands, payload, label = node
    kind = payload.name if isinstance(payload, NamedConstant) else type(payload).__name__
    return primitive.name, operands, kind, repr(payload), label


def legal(graph: Graph) -> bool:
    """Whether operands come before what uses them, equal nodes are one, and every node is of the table."""
    assert len(graph.spans) == len(graph.nodes)
    for position, (primitive, operands, payload, label) in enumerate(graph.nodes):
        assert PRIMITIVES[primitive.name] is primitive
        assert primitive.stands_for is None
        assert all(0 <= operand < position for operand in operands)
        if primitive is VARIABLE:
            assert operands == ()
            assert payload == label
        elif primitive is CONSTANT:
            assert operands == ()
            assert isinstance(payload, int | float | Fraction)
        elif primitive.variadic:
            assert len(operands) >= len(primitive.operands)
        else:
            assert len(operands) == len(primitive.operands)
        assert (payload is None) == (primitive not in (VARIABLE, CONSTANT))
    assert len(set(map(identity_of, graph.nodes))) == len(graph.nodes)
    return True


def legal_gradient(step: Gradient, before: Graph) -> bool:
    """Whether the graph that was differentiated stands unchanged before the rest, and what points into it does."""
    assert step.graph.nodes[: len(before.nodes)] == before.nodes
    assert len(step.origins) == len(step.graph.nodes)
    assert step.origins[: len(before.nodes)] == list(range(len(before.nodes)))
    assert all(0 <= origin < len(before.nodes) for origin in step.origins)
    assert all(node < len(before.nodes) for node in step.adjoints)
    assert all(0 <= adjoint < len(step.graph.nodes) for adjoint in step.adjoints.values())
    for (node, index), partial in step.partials.items():
        assert index < len(before.nodes[node].operands)
        assert 0 <= partial < len(step.graph.nodes)
    return legal(step.graph)


# --- the graph ---


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("sin(x) + sin(x)", 3),
        ("(x + y)*(x + y)", 4),
        ("x*y + y*x", 5),  # as numbers they are equal, as nodes they are not
        ("2*x + 2*x", 4),
        ("2*x + 2.0*x", 6),  # an exact 2 and a binary64 2.0
        ("e*x + 2.718281828459045*x", 6),  # backends have more digits of e
        ("max(x, y) + max(x, y) + max(y, x)", 6),
        ("a = x*y; b = x*y; a + b", 5),  # named differently: a and b have their own adjoints
        ("a = x*y; a + x*y", 5),
        ("a = x; a + x", 3),
    ],
)
def test_equal_nodes_are_one_node(text: str, count: int) -> None:
    assert len(compiled(text).graph.nodes) == count


def test_zeros_of_both_signs_are_two_constants() -> None:
    graph = Graph()
    positions = [graph.constant(number) for number in (0, 0.0, -0.0, 0.0, 0, -0.0, Fraction(1, 2), 0.5)]
    assert positions == [0, 1, 2, 1, 0, 2, 3, 4]


def test_adding_to_a_copy_leaves_the_graph_as_it_is() -> None:
    program = compiled("x*y")
    before = list(program.graph.nodes)
    other = program.graph.copy()
    other.constant(17)
    assert program.graph.nodes == before
    assert program.graph.constant(18) == other.constant(17)


@pytest.mark.parametrize(
    "text",
    ["x", "2", "x + x", "x + y + z", "max(x, y, x)", "piecewise(x < 0, 1, x < 2, x)", "0 < x < 1", "h = x; h", "|x|!"],
)
def test_small_graphs_are_legal(text: str) -> None:
    program, step = differentiated(text)
    assert legal(program.graph)
    assert legal_gradient(step, program.graph)


# --- which nodes get an adjoint ---


def test_only_nodes_on_a_path_from_a_requested_variable_to_the_output_get_an_adjoint() -> None:
    program, step = differentiated("sin(x)*cos(y) + exp(z)", "x")
    on_the_path = {formula(program.graph, node) for node in step.adjoints}
    assert on_the_path == {"x", "sin(x)", "sin(x)*cos(y)", "sin(x)*cos(y) + exp(z)"}
    assert {formula(program.graph, node) for node, _ in step.partials} == on_the_path - {"x"}


def test_every_node_gets_an_adjoint_if_every_node_is_asked_for() -> None:
    program = compiled("sin(x)*cos(y) + exp(z)")
    step = gradient(program.graph, program.output, range(len(program.graph.nodes)))
    assert step.adjoints.keys() == set(range(len(program.graph.nodes)))


@pytest.mark.parametrize("text", ["y", "2", "sin(y)^2", "h = x^2; y"])
def test_a_variable_that_the_output_does_not_depend_on_has_no_adjoint(text: str) -> None:
    program = compiled(f"unused = x; {text}")
    step = gradient(program.graph, program.output, [program.variables["x"]])
    assert program.variables["x"] not in step.adjoints


@pytest.mark.parametrize("text", ["floor(x)", "sign(x)", "x < 1", "not x", "where(x, 1, 2)", "round(x)*ceil(x)", "x^0"])
def test_what_is_flat_everywhere_has_no_adjoint_or_a_zero(text: str) -> None:
    assert adjoints(text, "x", x=0.3)["x"] in (None, 0.0)


def test_the_output_has_the_adjoint_one() -> None:
    program, step = differentiated("sin(x)")
    assert step.graph.number(step.adjoints[program.output]) == 1
    assert adjoints("x", x=3) == {"x": 1.0}


# --- what the adjoint is ---


@pytest.mark.parametrize(
    ("text", "point", "expected"),
    [
        ("x*y", {"x": 3, "y": 4}, {"x": 4, "y": 3}),
        ("x/y", {"x": 3, "y": 4}, {"x": 1 / 4, "y": -3 / 16}),
        ("x - y", {"x": 3, "y": 4}, {"x": 1, "y": -1}),
        ("x^2", {"x": -3}, {"x": -6}),
        ("x^3", {"x": -2}, {"x": 12}),
        ("x^-1", {"x": -2}, {"x": -1 / 4}),
        ("x^y", {"x": 2, "y": 3}, {"x": 12, "y": 8 * math.log(2)}),
        ("where(x > 0, x^2, -x)", {"x": 3}, {"x": 6}),
        ("where(x > 0, x^2, -x)", {"x": -3}, {"x": -1}),
        ("piecewise(x < 0, -x, x < 1, x^2, x^3)", {"x": 0.5}, {"x": 1}),
        ("piecewise(x < 0, -x, x < 1, x^2, x^3)", {"x": 2}, {"x": 12}),
    ],
)
def test_a_gradient_is_the_textbooks(text: str, point: dict[str, float], expected: dict[str, float]) -> None:
    assert adjoints(text, **point) == pytest.approx(expected, rel=1e-15, abs=0)


@pytest.mark.parametrize(
    ("text", "point", "expected"),
    [
        ("x + x", {"x": 5}, {"x": 2}),
        ("x*x", {"x": 5}, {"x": 10}),
        ("x*x*x", {"x": 5}, {"x": 75}),
        ("x - x", {"x": 5}, {"x": 0}),
        ("x/x", {"x": 4}, {"x": 0}),
        ("x^x", {"x": 2}, {"x": 4 + 4 * math.log(2)}),
        ("h = x^2; h*h + h", {"x": 3}, {"x": 2 * 3 * (2 * 9 + 1)}),
        ("x + x*y + x*y*x", {"x": 2, "y": 3}, {"x": 1 + 3 + 12, "y": 2 + 4}),
    ],
)
def test_a_variable_that_is_used_often_gets_the_sum(
    text: str, point: dict[str, float], expected: dict[str, float]
) -> None:
    assert adjoints(text, **point) == pytest.approx(expected, rel=1e-15, abs=0)


def test_named_nodes_with_the_same_formula_have_their_own_adjoints() -> None:
    text = "h1 = x*y; h2 = x*y + 0*x; h3 = x*y; h1*h3^2"
    assert adjoints(text, "h1", "h3", "x", x=2, y=3) == {"h1": 36.0, "h3": 2.0 * 6 * 6, "x": 3.0 * 6 * 6 * 3}
    assert adjoints("h1 = x*y; h2 = x*y; h1*h2", "h1", "h2", x=2, y=5) == {"h1": 10.0, "h2": 10.0}
    program, step = differentiated("h1 = x*y; h2 = x*y; h1*h2", "h1", "h2")
    assert step.adjoints[program.names["h1"]] == program.names["h2"]  # d(h1*h2)/dh1 is the node h2 itself
    assert step.adjoints[program.names["h2"]] == program.names["h1"]


def test_a_name_for_a_variable_or_a_number_is_a_node_of_its_own() -> None:
    assert adjoints("h = x; h*x", "h", "x", x=3) == {"h": 3.0, "x": 6.0}
    assert adjoints("h = 2; h*x*2", "h", "x", x=3) == {"h": 6.0, "x": 4.0}
    assert adjoints("a = x; b = x; a*b^2", "a", "b", "x", x=3) == {"a": 9.0, "b": 18.0, "x": 27.0}


def test_a_derivative_by_a_named_node_does_not_go_through_its_definition() -> None:
    program, step = differentiated("h = sin(x); h^2", "h")
    assert program.variables["x"] not in step.adjoints
    assert adjoints("h = sin(x); h^2", "h", x=1)["h"] == 2 * math.sin(1)


# --- strong zeros ---


@pytest.mark.parametrize("x", [-1.0, 0.0, -0.0, -math.inf])
def test_a_branch_that_was_not_chosen_does_not_poison_the_gradient(x: float) -> None:
    assert adjoints("where(x > 0, log(x), 0)", x=x) == {"x": 0.0}
    assert adjoints("where(x <= 0, 3, sqrt(x))", x=x) == {"x": 0.0}
    assert adjoints("where(x > 0, log(x), x)", x=x) == {"x": 1.0}
    assert adjoints("where(x > 0, 1/sqrt(x) + log(x)^x, 2*x)", x=x) == {"x": 2.0}
    assert adjoints("piecewise(x > 0, log(x), x < 1, 3*x, sqrt(x))", x=x) == {"x": 3.0}


@pytest.mark.parametrize(
    ("text", "point", "expected"),
    [
        ("sqrt(relu(x))", {"x": -1}, {"x": 0}),  # an infinite adjoint times a slope that is exactly 0
        ("log(relu(x))", {"x": -1}, {"x": 0}),
        ("max(x, log(y))", {"x": 1, "y": 0}, {"x": 1, "y": 0}),
        ("max(x, log(y))", {"x": 1, "y": -0.0}, {"x": 1, "y": 0}),
        ("min(x, 1/y)", {"x": 1, "y": 0}, {"x": 1, "y": 0}),
        ("0*log(x)", {"x": 0}, {"x": None}),
        ("y*log(x)", {"x": 0, "y": 0}, {"x": 0, "y": -math.inf}),
        ("clip(log(x), 0, 1)", {"x": 0}, {"x": 0}),
        ("relu(log(x))", {"x": 0}, {"x": 0}),
        ("floor(1/x)*y", {"x": 0, "y": 2}, {"x": None, "y": math.inf}),
    ],
)
def test_an_adjoint_that_is_exactly_zero_stops_there(
    text: str, point: dict[str, float], expected: dict[str, float | None]
) -> None:
    assert adjoints(text, **point) == expected


def test_what_is_chosen_may_still_be_infinite_or_not_a_number() -> None:
    assert adjoints("where(x >= 0, sqrt(x), 0)", x=0) == {"x": math.inf}
    assert adjoints("max(x, log(y))", x=-math.inf, y=1) == {"x": 0.0, "y": 1.0}
    slope = adjoints("sqrt(x)", x=-1)["x"]
    assert slope is not None
    assert math.isnan(slope)


# --- powers, folding ---


@pytest.mark.parametrize("text", ["x^2", "x^3", "x^-1", "x^0.5", "x**7", "x²", "x^(2/3)", "(x - 1)^4", "2^3*x"])
def test_a_power_with_a_constant_exponent_never_takes_the_logarithm_of_its_base(text: str) -> None:
    _, step = differentiated(text)
    assert not takes_logarithm(step.graph, step.adjoints.values())


def test_a_power_with_a_variable_exponent_takes_it() -> None:
    _, step = differentiated("x^n")
    assert takes_logarithm(step.graph, step.adjoints.values())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x^3/3", "x^2"),
        ("x^2/2", "x"),
        ("5*x", "5"),
        ("x/4", "1/4"),
        ("3*(x/7)", "3/7"),
        ("2*x/4", "1/2"),
        ("x + 3", "1"),
        ("3 - x", "-1"),
        ("x*2*3", "6"),
        ("4*x^2", "8*x"),
        ("x^4", "4*x^3"),
    ],
)
def test_constants_fold_exactly(text: str, expected: str) -> None:
    program, step = differentiated(text)
    assert formula(step.graph, step.adjoints[program.variables["x"]]) == expected


@pytest.mark.parametrize(("text", "slope"), [("x/3", Fraction(1, 3)), ("x/3/7*2", Fraction(2, 21)), ("x*10^2", None)])
def test_a_slope_that_is_a_fraction_is_a_fraction(text: str, slope: Fraction | None) -> None:
    program, step = differentiated(text)
    assert step.graph.number(step.adjoints[program.variables["x"]]) == slope


# --- second derivatives: the same step, again ---


@pytest.mark.parametrize("x", [-2.5, -1.0, 0.5, 3.0])
def test_the_gradient_of_a_gradient_is_the_second_derivative(x: float) -> None:
    def by_x(text: str) -> float:
        return second_derivative(text, "x", "x", x=x)

    assert by_x("x^3") == pytest.approx(6 * x, rel=1e-14, abs=0)
    assert by_x("sin(x)") == pytest.approx(-math.sin(x), rel=1e-14, abs=0)
    assert by_x("cos(x)") == pytest.approx(-math.cos(x), rel=1e-14, abs=0)
    assert by_x("exp(2*x)") == pytest.approx(4 * math.exp(2 * x), rel=1e-14, abs=0)
    assert by_x("1/x") == pytest.approx(2 / x**3, rel=1e-14, abs=0)
    assert by_x("x*x") == 2.0
    assert by_x("tanh(x)") == pytest.approx(-2 * math.tanh(x) / math.cosh(x) ** 2, rel=1e-13, abs=0)


def test_mixed_second_derivatives_are_those_of_the_textbook() -> None:
    x, y = 0.7, -1.3
    mixed = (1 + x * y) * math.exp(x * y)
    for first, second in (("x", "y"), ("y", "x")):
        assert second_derivative("exp(x*y)", first, second, x=x, y=y) == pytest.approx(mixed, rel=1e-14, abs=0)
        assert second_derivative("x*y", first, second, x=x, y=y) == 1.0
        assert second_derivative("x^2*y^3", first, second, x=x, y=y) == pytest.approx(6 * x * y**2, rel=1e-14, abs=0)


def test_a_tenth_derivative_is_the_step_ten_times() -> None:
    program = compiled("x^10")
    graph, output, x = program.graph, program.output, program.variables["x"]
    for _ in range(10):
        step = gradient(graph, output, [x])
        graph, output = step.graph, step.adjoints[x]
    assert build_program(graph, [output], FLOATS).run({"x": 1.5})[output] == math.factorial(10)
    assert gradient(graph, output, [x]).adjoints.keys() - {output} == set()


# --- legality ---

FORMULAS = sorted({row["formula"] for row in json.loads(FEYNMAN.read_text(encoding="utf-8"))})


@pytest.mark.parametrize("text", FORMULAS)
def test_the_gradients_of_the_feynman_formulas_are_legal_graphs(text: str) -> None:
    program, once = differentiated(text)
    assert legal(program.graph)
    assert legal_gradient(once, program.graph)
    for variable in list(program.variables.values())[:2]:
        twice = gradient(once.graph, once.adjoints[variable], list(program.variables.values()))
        assert legal_gradient(twice, once.graph)


def test_an_illegal_graph_would_be_found() -> None:
    program = compiled("x*y + 1")
    graph = program.graph
    for wrong in (
        graph.nodes[2]._replace(operands=(0, 99)),
        graph.nodes[2]._replace(operands=(0,)),
        graph.nodes[2]._replace(operands=(0, 1)),
        graph.nodes[0],
        graph.nodes[0]._replace(payload=None),
    ):
        other = graph.copy()
        other.nodes.append(wrong)
        other.spans.append(None)
        with pytest.raises(AssertionError):
            legal(other)
