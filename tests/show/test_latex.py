"""Graphs in LaTeX: what a person would have written, and what mathtext and KaTeX render."""

from __future__ import annotations

import csv
import json
import math
import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
from matplotlib.mathtext import MathTextParser

from autodiff.evaluate.floats import FLOATS
from autodiff.evaluate.program import build_program
from autodiff.graph.compiler import Compiled, compile_program, parser
from autodiff.graph.gradient import gradient
from autodiff.graph.nodes import Graph, NamedConstant
from autodiff.graph.primitive import Primitive
from autodiff.graph.table import PRIMITIVES
from autodiff.language.errors import AutodiffError
from autodiff.show.latex import latex
from autodiff.show.latex_names import name_text, words

CORPORA = Path(__file__).parents[1] / "corpora"
SHARED = Path(__file__).parents[3] / "shared" / "corpora"  # with the files whose licence keeps them out of here

WRITTEN = [
    # names and constants
    ("x", r"x"),
    ("alpha + lambda + Omega", r"\alpha + \lambda + \Omega"),
    ("α + Ω", r"\alpha + \Omega"),
    ("lambd + rate", r"\mathit{lambd} + \mathit{rate}"),
    ("theta1 + x12", r"\theta_{1} + x_{12}"),
    ("x1_2 + x_i + w_max", r"x_{1,2} + x_{i} + w_{\mathrm{max}}"),
    ("alpha_beta", r"\alpha_{\beta}"),
    ("_x + a__b + h2o", r"\mathit{\_x} + \mathit{a\_\_b} + \mathit{h2o}"),
    ("größe", r"\text{größe}"),
    ("pi + tau + e + inf", r"\pi + \tau + e + \infty"),
    # numbers
    ("0.10", r"0.1"),
    ("1.5e-9", r"1.5 \cdot 10^{-9}"),
    ("1e-7", r"10^{-7}"),
    ("1e22*x", r"10^{22} x"),
    ("(1.5e-9)^2", r"\left(1.5 \cdot 10^{-9}\right)^{2}"),
    # signs and sums
    ("-x^2", r"-x^{2}"),
    ("(-x)^2", r"\left(-x\right)^{2}"),
    ("--x", r"-\left(-x\right)"),
    ("-(a + b)", r"-\left(a + b\right)"),
    ("a - (b - c)", r"a - \left(b - c\right)"),
    ("a - (b + c)", r"a - \left(b + c\right)"),
    ("a + (b + c)", r"a + b + c"),
    ("a + -b", r"a - b"),
    ("a + -b*c", r"a - b c"),
    ("a + (-b + c)", r"a + \left(-b + c\right)"),
    ("a - -b", r"a - \left(-b\right)"),
    ("-3*x - 4", r"-3 x - 4"),
    # products
    ("2*x*sin(x) + x^2*cos(x)", r"2 x \sin\left(x\right) + x^{2} \cos\left(x\right)"),
    ("2*3", r"2 \cdot 3"),
    ("x*2^n", r"x \cdot 2^{n}"),
    ("2*exp2(x)", r"2 \cdot 2^{x}"),
    ("2*(1/x)", r"2 \cdot \frac{1}{x}"),
    ("2/3*x", r"\frac{2}{3} x"),
    ("a*(b*c)", r"a b c"),
    ("a*(b + c)", r"a \left(b + c\right)"),
    ("(x + 1)*(x - 1)", r"\left(x + 1\right) \left(x - 1\right)"),
    ("a*(-b)", r"a \left(-b\right)"),
    ("-a*b", r"-a b"),
    ("rate*t", r"\mathit{rate} \cdot t"),
    ("2*rate", r"2 \mathit{rate}"),
    ("rate*(t + 1)", r"\mathit{rate} \cdot \left(t + 1\right)"),
    ("f*(x + 1)", r"f \cdot \left(x + 1\right)"),
    ("f*x", r"f x"),
    # fractions
    ("-x/2", r"-\frac{x}{2}"),
    ("-(x/2)", r"-\frac{x}{2}"),
    ("(-a + b)/c", r"\frac{-a + b}{c}"),
    ("1/(2*sqrt(x))", r"\frac{1}{2 \sqrt{x}}"),
    ("a/b/c", r"\frac{\frac{a}{b}}{c}"),
    ("(a/b)^2", r"\left(\frac{a}{b}\right)^{2}"),
    # powers and roots
    ("x^(n + 1)", r"x^{n + 1}"),
    ("2^3^x", r"2^{3^{x}}"),
    ("(x^2)^3", r"\left(x^{2}\right)^{3}"),
    ("(1 + 3*x)^(3/2)", r"\left(1 + 3 x\right)^{3/2}"),
    ("x^(-1/2)", r"x^{-1/2}"),
    ("sqrt(x)^3", r"\left(\sqrt{x}\right)^{3}"),
    ("cbrt(x)", r"\sqrt[3]{x}"),
    ("root(x, n + 1)", r"\sqrt[n + 1]{x}"),
    ("square(x + 1)", r"\left(x + 1\right)^{2}"),
    ("x1^2", r"x_{1}^{2}"),
    # functions
    ("sin(x)^2", r"\sin^{2}\left(x\right)"),
    ("sin(x)^-1", r"\left(\sin\left(x\right)\right)^{-1}"),
    ("sin(x)^n", r"\left(\sin\left(x\right)\right)^{n}"),
    ("sin(x^2)", r"\sin\left(x^{2}\right)"),
    ("arcsin(x)", r"\arcsin\left(x\right)"),
    ("asinh(x)", r"\operatorname{arsinh}\left(x\right)"),
    ("sigmoid(x)^2", r"\operatorname{sigmoid}^{2}\left(x\right)"),
    ("ln(x)*lg(y)", r"\ln\left(x\right) \log_{10}\left(y\right)"),
    ("log(x, b + 1)", r"\log_{b + 1}\left(x\right)"),
    ("exp(-(x - mu)^2/(2*sigma^2))", r"e^{-\frac{\left(x - \mu\right)^{2}}{2 \sigma^{2}}}"),
    (
        "exp(sin(x)*cos(y) + tan(z)*x^3 + y)",
        r"\exp\left(\sin\left(x\right) \cos\left(y\right) + \tan\left(z\right) x^{3} + y\right)",
    ),
    ("exp(x)^2", r"\left(e^{x}\right)^{2}"),
    ("|x - y|^2", r"\left|x - y\right|^{2}"),
    ("floor(x/2)", r"\left\lfloor \frac{x}{2} \right\rfloor"),
    ("(n + 1)!", r"\left(n + 1\right)!"),
    ("(n!)!", r"\left(n!\right)!"),
    ("gamma(x)*psi(x)", r"\Gamma\left(x\right) \psi\left(x\right)"),
    ("polygamma(n, x)^2", r"\left(\psi^{\left(n\right)}\left(x\right)\right)^{2}"),
    ("max(x, y, 3)", r"\max\left(x, y, 3\right)"),
    # conditions
    ("0 < x <= y < 1", r"0 < x \leq y < 1"),
    ("x > 0 and x < 1", r"x > 0 \wedge x < 1"),
    ("(a < b) == c", r"\left[a < b\right] = c"),
    ("(x > 0)*x", r"\left[x > 0\right] x"),
    ("a and (b or c)", r"a \wedge \left(b \vee c\right)"),
    ("not (a != b)", r"\neg \left(a \neq b\right)"),
    ("where(x > 0, x, -x)", r"\begin{cases} x & \text{if } x > 0 \\ -x & \text{otherwise} \end{cases}"),
    (
        "piecewise(x < 0, 1, x < 2, 3, 4)",
        r"\begin{cases} 1 & \text{if } x < 0 \\ 3 & \text{if } x < 2 \\ 4 & \text{otherwise} \end{cases}",
    ),
    ("piecewise(x < 0, 1, x < 2, 3)", r"\begin{cases} 1 & \text{if } x < 0 \\ 3 & \text{if } x < 2 \end{cases}"),
    ("2*where(x, 1, 0)", r"2 \left(\begin{cases} 1 & \text{if } x \neq 0 \\ 0 & \text{otherwise} \end{cases}\right)"),
]

SHAPES = {"A": (2, 2), "B": (2, 2), "u": (3,), "v": (3,), "x": (2,), "y": (2,), "weights": (2, 2), "T": (2, 2, 2)}
WRITTEN_WITH_ARRAYS = [
    ("x.T @ A @ x", r"x^{\mathsf{T}} A x"),
    ("u @ v", r"u \cdot v"),
    ("A @ (B @ x)", r"A B x"),
    ("(A + B) @ x", r"\left(A + B\right) x"),
    ("weights @ x", r"\mathit{weights} \, x"),
    ("A * B", r"A \odot B"),
    ("2 * A * B @ x", r"\left(2 A \odot B\right) x"),
    ("A^2", r"A^{\odot 2}"),
    ("sum(x^2)", r"\sum x^{2}"),
    ("2*sum(x*y)", r"2 \sum \left(x \odot y\right)"),
    ("sum(x)*c", r"\left(\sum x\right) c"),
    ("-sum(x) + 1", r"-\sum x + 1"),
    ("sum(A, axis=0)", r"\operatorname{sum}\left(A, \mathrm{axis} = 0\right)"),
    ("max(A, axis=1)", r"\max\left(A, \mathrm{axis} = 1\right)"),
    ("norm(x)", r"\left\|x\right\|"),
    ("norm(x, p=1)^2", r"\left\|x\right\|_{1}^{2}"),
    ("norm(x, p=inf)", r"\left\|x\right\|_{\infty}"),
    ("norm(A, p=inf, axis=0)", r"\operatorname{norm}\left(A, \mathrm{p} = \infty, \mathrm{axis} = 0\right)"),
    ("softmax(x)", r"\operatorname{softmax}\left(x\right)"),
    ("softmax(A, axis=0)", r"\operatorname{softmax}\left(A, \mathrm{axis} = 0\right)"),
    ("det(A)*trace(B)", r"\det\left(A\right) \operatorname{tr}\left(B\right)"),
    ("inv(A).T", r"\left(A^{-1}\right)^{\mathsf{T}}"),
    ("inv(A + B) @ x", r"\left(A + B\right)^{-1} x"),
    ("solve(A, x)", r"A^{-1} x"),
    ("A[0, 1]", r"A_{0, 1}"),
    ("x[0]^2", r"x_{0}^{2}"),
    ("(A @ B)[0, 1:]", r"\left(A B\right)_{0, 1:}"),
    ("2*cross(u, v)", r"2 \left(u \times v\right)"),
    ("[1, 2, 3]", r"\begin{pmatrix} 1 \\ 2 \\ 3 \end{pmatrix}"),
    ("[[x[0], 1], [2, x[1]]]", r"\begin{pmatrix} x_{0} & 1 \\ 2 & x_{1} \end{pmatrix}"),
    ("[[1, 2], [3, 4]] @ x", r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix} x"),
    ("stack(x, y, axis=1)", r"\operatorname{stack}\left(x, y, \mathrm{axis} = 1\right)"),
    ("transpose(T, 1, 0, 2)", r"\operatorname{transpose}\left(T, 1, 0, 2\right)"),
    ("exp(A)", r"\exp\left(A\right)"),
]
# One call at least for each array row that can be called.
ARRAY_CALLS = (
    *(text for text, _ in WRITTEN_WITH_ARRAYS),
    *(
        "mean(A)",
        "prod(x)",
        "min(x)",
        "max(x)",
        "var(A, ddof=1)",
        "std(x)",
        "norm(A, p=3, axis=0)",
        "cumsum(A, axis=0)",
    ),
    *("logsumexp(x)", "softmax(A)", "log_softmax(A)", "x[::-1]", "reshape(A, 4)", "concat(A, B, axis=1)", "[x, y]"),
    *("diag(x)", "diag(A)", "dot(u, v)", "outer(u, v)", "logdet(A)", "A @ B", "u @ v", "[[[1], [2]], [[3], [4]]]"),
    *("zeros(2, 0)", "[1e-9, inf, -1]*u", "sum(range(5))"),
)


def compiled(text: str, shapes: Mapping[str, tuple[int, ...]] | None = None) -> Compiled:
    return compile_program(parser().parse(text), text, shapes=shapes)


def written(text: str) -> str:
    program = compiled(text)
    return latex(program.graph, program.output)


def with_arrays(text: str) -> Compiled:
    names = compiled(text).variables
    return compiled(text, {name: SHAPES.get(name, ()) for name in names})


@pytest.mark.parametrize(("text", "expected"), WRITTEN)
def test_a_formula_is_written_as_a_person_would(text: str, expected: str) -> None:
    assert written(text) == expected


@pytest.mark.parametrize(("text", "expected"), WRITTEN_WITH_ARRAYS)
def test_a_formula_of_arrays_is_written_as_a_person_would(text: str, expected: str) -> None:
    program = with_arrays(text)
    assert latex(program.graph, program.output) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("A @ x", "A x"), ("x.T @ x", r"x^{\mathsf{T}} x"), ("sum(w*x)", r"\sum \left(w \odot x\right)")],
)
def test_arrays_of_unknown_shapes_are_not_taken_for_numbers_or_vectors(text: str, expected: str) -> None:
    assert written(text) == expected


# --- graphs that no text has, but a derivative has ---


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (Fraction(-1, 3), r"-\frac{1}{3}"),
        (-2, "-2"),
        (-0.0, "-0"),
        (-1.5e-9, r"-1.5 \cdot 10^{-9}"),
        (math.nan, r"\text{NaN}"),
        (-math.inf, r"-\infty"),
        (NamedConstant("π"), r"\pi"),
    ],
)
def test_a_constant_is_written(number: float | Fraction, expected: str) -> None:
    graph = Graph()
    assert latex(graph, graph.constant(number)) == expected


@pytest.mark.parametrize(
    ("operator", "number", "on_the_left", "on_the_right"),
    [
        ("add", -2, "-2 + x", "x - 2"),
        ("sub", -2, "-2 - x", r"x - \left(-2\right)"),
        ("mul", -2, "-2 x", r"x \left(-2\right)"),
        ("div", -2, r"-\frac{2}{x}", r"\frac{x}{-2}"),
        ("pow", -2, r"\left(-2\right)^{x}", "x^{-2}"),
        ("mul", Fraction(2, 3), r"\frac{2}{3} x", r"x \cdot \frac{2}{3}"),
        ("pow", Fraction(-2, 3), r"\left(-\frac{2}{3}\right)^{x}", "x^{-2/3}"),
    ],
)
def test_a_number_is_an_operand(operator: str, number: float | Fraction, on_the_left: str, on_the_right: str) -> None:
    graph = Graph()
    constant, variable = graph.constant(number), graph.variable("x")
    row = PRIMITIVES[operator]
    assert latex(graph, graph.add(row, (constant, variable))) == on_the_left
    assert latex(graph, graph.add(row, (variable, constant))) == on_the_right


def test_a_known_node_is_written_by_its_name() -> None:
    program = compiled("u1 = x^2 + 1; sin(u1)*u1")
    assert latex(program.graph, program.output, {program.names["u1"]: "u1"}) == r"\sin\left(u_{1}\right) u_{1}"


def test_the_exponential_is_no_power_of_a_variable_called_e() -> None:
    text = "exp(x)*e"
    program = compile_program(parser().parse(text), text, frozenset({"e"}))
    assert latex(program.graph, program.output) == r"\exp\left(x\right) e"


@pytest.mark.parametrize("text", ["}", "{", r"\end{x}", "$x$", "a_b c", "50%", "x^2 # y", "a & b", "~", "\n\x1b[31m"])
def test_no_text_breaks_out_of_its_place(text: str, katex: Renderer) -> None:
    for shown in (words(text), name_text(text)):
        body = shown.removeprefix(r"\text{").removesuffix("}")
        assert shown == rf"\text{{{body}}}"
        assert body.isprintable()
        assert not re.search(r"(?<!\\)[$%#&_^~]", body)
        assert katex([shown, rf"\frac{{{shown}}}{{2}}"]) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("add", lambda depth: "x" + " + x" * depth),
        ("sin", lambda depth: r"\sin\left(" * depth + "x" + r"\right)" * depth),
        ("sub", lambda depth: r"x - \left(" * (depth - 1) + "x - x" + r"\right)" * (depth - 1)),
    ],
)
def test_a_long_graph_is_written_without_recursion(name: str, expected: Callable[[int], str]) -> None:
    depth = 100_000
    graph = Graph()
    position = x = graph.variable("x")
    for _ in range(depth):
        operands = {"add": (position, x), "sin": (position,), "sub": (x, position)}[name]
        position = graph.add(PRIMITIVES[name], operands)
    assert latex(graph, position) == expected(depth)


def test_formulas_that_are_written_alike_have_the_same_value() -> None:
    """All formulas of three operations, and what a reader could mistake for another one has another LaTeX."""
    point = {"x": 0.7, "f": 1.3, "rate": 2.1}
    values: dict[str, set[str]] = defaultdict(set)
    for text in small_formulas():
        program = compiled(text)
        value = build_program(program.graph, [program.output], FLOATS).run(point)[program.output]
        values[latex(program.graph, program.output).replace(" ", "")].add(f"{value:.9g}")
    assert len(values) > 5000
    assert {shown: numbers for shown, numbers in values.items() if len(numbers) > 1} == {}


def small_formulas() -> Iterator[str]:
    leaves = ["x", "f", "rate", "2", "3"]
    two = list(combined(leaves, leaves))
    yield from two
    yield from combined(two, ["x", "2"])
    yield from combined(["x", "2"], two)


def combined(lefts: Iterable[str], rights: Iterable[str]) -> Iterator[str]:
    for left, right in product(lefts, rights):
        yield from (f"({left}){sign}({right})" for sign in "+-*/^<")
    for operand in lefts:
        yield from (f"-({operand})", f"sin({operand})", f"exp({operand})", f"sqrt({operand})", f"abs({operand})")


# --- what others make of it ---

Renderer = Callable[[Iterable[str]], list[str]]
KATEX = """
import katex from "katex";
import { createInterface } from "node:readline";
for await (const line of createInterface({ input: process.stdin })) {
  const text = JSON.parse(line);
  try {
    katex.renderToString(text, { throwOnError: true, strict: "error", displayMode: true });
  } catch (error) {
    console.log(JSON.stringify(`${text}: ${error.message}`));
  }
}
"""


@pytest.fixture(scope="session")
def katex(tmp_path_factory: pytest.TempPathFactory) -> Renderer:
    """What KaTeX says of the formulas that it can't render."""
    folder = tmp_path_factory.mktemp("katex")
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("KaTeX needs node and npm")
    install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), "katex@0.16.22"]
    try:
        subprocess.run(install, check=True, capture_output=True, timeout=120)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        pytest.skip(f"npm can't install KaTeX: {error}")
    (folder / "render.mjs").write_text(KATEX, encoding="utf-8")

    def render(texts: Iterable[str]) -> list[str]:
        lines = "".join(json.dumps(text) + "\n" for text in texts)
        command = ["node", str(folder / "render.mjs")]
        shown = subprocess.run(command, input=lines, check=True, capture_output=True, encoding="utf-8", timeout=300)
        return [json.loads(line) for line in shown.stdout.splitlines()]

    return render


def mathtext(texts: Iterable[str]) -> list[str]:
    """What matplotlib says of the formulas that it can't render; it knows no environments."""
    render = MathTextParser("path").parse
    failures = []
    for text in texts:
        if r"\begin{" not in text:
            try:
                render(f"${text}$")
            except ValueError as error:
                failures.append(f"{text}: {error}")
    return failures


ENTRYWISE_ROWS = [row for row in PRIMITIVES.values() if row.operands and row.entrywise]


def row_and_derivatives(row: Primitive) -> list[str]:
    graph = Graph()
    names = row.operand_names(3)
    output = graph.add(row, tuple(graph.variable(name) for name in names))
    step = gradient(graph, output, range(len(names)))
    return [latex(step.graph, position) for position in (output, *step.adjoints.values())]


def call_and_derivatives(text: str) -> list[str]:
    """Every node of the call, and of its derivatives."""
    program = with_arrays(f"sum({text})")
    step = gradient(program.graph, program.output, program.variables.values())
    return [latex(step.graph, position) for position in range(len(step.graph.nodes))]


def corpus(name: str) -> list[str]:
    """The functions and derivatives of a file of triples, but for a few that are not of this language."""
    path = CORPORA / name if (CORPORA / name).exists() else SHARED / name
    with path.open(encoding="utf-8", newline="") as file:
        texts = [row[column] for row in csv.DictReader(file) for column in ("function", "derivative")]
    shown = []
    for text in texts:
        try:
            shown.append(written(text))
        except AutodiffError:
            continue
    assert len(shown) > 0.98 * len(texts)
    return shown


def test_every_array_row_is_called_here() -> None:
    called = {node.primitive.name for text in ARRAY_CALLS for node in with_arrays(text).graph.nodes}
    assert called >= {row.name for row in PRIMITIVES.values() if row.array and not row.internal}


@pytest.mark.parametrize("row", ENTRYWISE_ROWS, ids=lambda row: row.name)
def test_mathtext_renders_every_row_and_its_derivatives(row: Primitive) -> None:
    assert mathtext(row_and_derivatives(row)) == []


def test_mathtext_renders_every_array_row_and_its_derivatives() -> None:
    assert mathtext(shown for text in ARRAY_CALLS for shown in call_and_derivatives(text)) == []


def test_mathtext_renders_the_examples() -> None:
    assert mathtext(expected for _, expected in WRITTEN + WRITTEN_WITH_ARRAYS) == []


def test_katex_renders_the_examples_every_row_and_its_derivatives(katex: Renderer) -> None:
    assert katex(expected for _, expected in WRITTEN + WRITTEN_WITH_ARRAYS) == []
    assert katex(shown for row in ENTRYWISE_ROWS for shown in row_and_derivatives(row)) == []
    assert katex(shown for text in ARRAY_CALLS for shown in call_and_derivatives(text)) == []


@pytest.mark.slow
def test_mathtext_renders_the_functions_and_derivatives_of_the_open_triples() -> None:
    assert mathtext(corpus("triples_open.csv")) == []


def test_katex_renders_the_functions_and_derivatives_of_the_open_triples(katex: Renderer) -> None:
    assert katex(corpus("triples_open.csv")) == []


@pytest.mark.skipif(not SHARED.exists(), reason=f"{SHARED} is absent; its licences keep it out of the repository")
def test_katex_renders_the_triples_that_cannot_be_copied(katex: Renderer) -> None:
    assert katex(corpus("triples.csv")) == []
