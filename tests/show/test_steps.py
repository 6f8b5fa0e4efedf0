"""The steps of a derivation as text, as LaTeX, as JSON; and hints."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from random import Random

import pytest
from rich.console import Console

from autodiff.graph.compiler import Compiled, compile_program, parser
from autodiff.graph.primitive import Primitive
from autodiff.graph.table import FUNCTIONS, OPERATORS
from autodiff.language.errors import AutodiffError
from autodiff.show.steps import hint_text, print_steps, steps_tree
from autodiff.show.steps_json import hint_object, steps_objects
from autodiff.show.steps_latex import hint_latex, latex_lines, steps_latex
from autodiff.show.tree import tree_lines
from autodiff.symbolic.answer import differentiated
from autodiff.symbolic.steps import Hint, Steps, derivation_steps, next_rule
from tests.show.test_latex import Renderer, katex, mathtext

__all__ = ["katex"]  # a fixture
TRIPLES = Path(__file__).parents[1] / "corpora" / "triples_open.csv"


def compiled(text: str) -> Compiled:
    return compile_program(parser().parse(text), text)


def derivations(text: str, order: int = 1) -> list[Steps]:
    program = compiled(text)
    return derivation_steps(program, program.output, dict(program.variables), order=order)


def lines(text: str, width: int = 200, max_depth: int | None = None) -> list[str]:
    tree, _ = steps_tree(derivations(text)[0], width, max_depth)
    return tree_lines(tree, width).splitlines()


def hint(text: str, name: str = "x") -> Hint:
    program = compiled(text)
    return next_rule(program, program.output, name, program.variables.get(name))


# --- the tree ---


def test_a_product_with_a_chain_within() -> None:
    assert lines("x^2*sin(3x)") == [
        "d/dx (x^2*sin(3*x))",
        "product rule: (u*v)' = u'*v + u*v' with u = x^2, v = sin(3*x)",
        "├── d/dx x^2 = 2*x^(2 - 1) = 2*x",
        "│   power rule: (x^n)' = n*x^(n - 1) with n = 2",
        "├── d/dx sin(3*x)",
        "│   chain rule: (sin(u))' = cos(u)*u' with inner function u = 3*x",
        "│   ├── d/dx (3*x) = 3",
        "│   │   constant multiple rule: (c*x)' = c with c = 3",
        "│   └── put in: cos(3*x)*3",
        "│       simplified: 3*cos(3*x)",
        "└── put in: 2*x*sin(3*x) + x^2*(3*cos(3*x))",
        "    simplified: 2*x*sin(3*x) + 3*x^2*cos(3*x)",
    ]


def test_a_quotient() -> None:
    assert lines("sin(x)/x")[:6] == [
        "d/dx (sin(x)/x)",
        "quotient rule: (u/v)' = (u'*v - u*v')/v^2 with u = sin(x), v = x",
        "├── d/dx sin(x) = cos(x)",
        "│   derivative of sin: (sin(x))' = cos(x)",
        "├── d/dx x = 1  identity rule",
        "└── put in: (cos(x)*x - sin(x)*1)/x^2",
    ]


def test_logarithmic_differentiation_shows_the_logarithm() -> None:
    assert lines("x^x")[:4] == [
        "d/dx x^x",
        "logarithmic differentiation: (u^v)' = u^v*(v*log(u))' = u^v*(u'*v/u + v'*log(u)) with u = x, v = x",
        "├── d/dx x = 1  identity rule",
        "└── put in: x^x*(1*x/x + 1*log(x))",
    ]


def test_a_kink_is_told() -> None:
    assert lines("abs(x)") == [
        "d/dx abs(x) = sign(x)",
        "derivative of abs: (abs(x))' = sign(x); no derivative where x == 0",
    ]


def test_branches_are_differentiated_one_by_one() -> None:
    assert lines("piecewise(x < 0, x^2, x < 1, sin(x), 3)") == [
        "d/dx piecewise(x < 0, x^2, x < 1, sin(x), 3)",
        "branch by branch: (piecewise(x < 0, u, x < 1, v, w))' = piecewise(x < 0, u', x < 1, v', w')"
        " with u = x^2, v = sin(x), w = 3",
        "├── d/dx x^2 = 2*x^(2 - 1) = 2*x",
        "│   power rule: (x^n)' = n*x^(n - 1) with n = 2",
        "├── d/dx sin(x) = cos(x)",
        "│   derivative of sin: (sin(x))' = cos(x)",
        "├── d/dx 3 = 0  constant rule",
        "└── put in: piecewise(x < 0, 2*x, x < 1, cos(x), 0)",
    ]


def test_names_of_a_program_are_shown_and_what_was_seen_is_referred_to() -> None:
    assert lines("h = x^2; y = sin(h); y*h")[:11] == [
        "d/dx (y*h)",
        "product rule: (u*v)' = u'*v + u*v' with u = y, v = h",
        "├── d/dx y where y = sin(h)",
        "│   chain rule: (sin(u))' = cos(u)*u' with inner function u = h",
        "│   ├── d/dx h where h = x^2",
        "│   │   power rule: (x^n)' = n*x^(n - 1) with n = 2",
        "│   │   └── put in: 2*x^(2 - 1)",
        "│   │       simplified: 2*x",
        "│   └── put in: cos(h)*(2*x)",
        "│       simplified: 2*x*cos(x^2)",
        "├── d/dx h = 2*x  see above",
    ]


def test_calls_of_own_functions_are_shown_as_they_were_typed() -> None:
    assert lines("f(t) = t^2; f(3x)")[0] == "d/dx f(3x) where f(3x) = (3*x)^2"


def test_a_step_that_cancels_says_so() -> None:
    text = "\n".join(lines("sin(x/x*x)"))
    assert "cancelled: this holds except where x is 0" in text


@pytest.mark.parametrize(
    "text", ["x^2*sin(3x)", "x^x", "3", "x", "abs(x)", "h = x^2; h*x", "max(x, 3)", "sqrt(x^2 + 1)"]
)
def test_the_last_line_ends_with_the_printed_derivative(text: str) -> None:
    program = compiled(text)
    answer = differentiated(program, program.output, {"x": program.variables.get("x")}, text)
    tree, _ = steps_tree(derivation_steps(program, program.output, {"x": program.variables.get("x")})[0], 200)
    drawn = tree_lines(tree, 200).splitlines()
    last = drawn[0] if len(drawn) == 2 else drawn[-1]  # of a single step the rule stands below
    assert re.search(rf"(= |: ){re.escape(answer.text('x'))}( |$)", last)


def test_a_pipe_gets_no_colour_and_a_line_between_derivatives(capsys: pytest.CaptureFixture[str]) -> None:
    assert print_steps(derivations("x*y"), 200, colour=False) == []
    assert capsys.readouterr().out.splitlines() == [
        "d/dx (x*y) = y",
        "constant multiple rule: (x*y)' = y",
        "",
        "d/dy (x*y) = x",
        "constant multiple rule: (x*y)' = x",
    ]


def test_names_of_the_user_are_no_markup() -> None:
    tree, _ = steps_tree(derivations("bold = x^2; red = bold*x; red*bold")[0], 80)
    console = Console(width=80, file=io.StringIO(), force_terminal=True, color_system="standard")
    with console.capture() as capture:
        console.print(tree)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", capture.get())
    assert "d/dx red where red = bold*x" in plain
    assert "\x1b[" in capture.get()


def test_a_deep_tree_is_cut_with_a_note() -> None:
    tree, notes = steps_tree(derivations("sin(" * 30 + "x" + ")" * 30)[0], 80)
    drawn = tree_lines(tree, 1000).splitlines()
    assert sum("├── " in line or "└── …" in line for line in drawn) < 12
    assert [note.message for note in notes] == [
        "the tree is cut below level 10: 20 steps are not shown",
        "formulas of more than 100 operations are shown as …",
    ]
    assert "└── …" in "\n".join(drawn) or "├── …" in "\n".join(drawn)


def test_many_steps_are_cut_with_a_note() -> None:
    tree, notes = steps_tree(derivations(" + ".join(f"sin({k}*x)" for k in range(2, 102)))[0], 200)
    assert any("the derivation is cut" in note.message for note in notes)
    assert tree_lines(tree, 200).splitlines()[0] == "d/dx …"


def test_output_is_linear_in_a_graph_whose_formula_is_exponential() -> None:
    program = "; ".join(f"a{k + 1} = a{k}*a{k}" for k in range(20))
    tree, _ = steps_tree(derivations(f"a0 = x; {program}; a20")[0], 400, 60)
    drawn = tree_lines(tree, 400)
    assert len(drawn.splitlines()) < 8 * 22
    assert len(drawn) < 50_000


# --- LaTeX ---


def test_latex_has_a_line_for_each_step() -> None:
    assert steps_latex(derivations("sin(3x)")) == (
        "\\begin{align*}\n"
        r"\frac{d}{d x} \left(3 x\right) &= 3 && \text{constant multiple rule: } \left(c x\right)' = c, \quad c = 3 \\"
        "\n"
        r"\frac{d}{d x} \sin\left(3 x\right) &= \cos\left(3 x\right) \cdot 3 = 3 \cos\left(3 x\right) && "
        r"\text{chain rule: } \left(\sin\left(u\right)\right)' = \cos\left(u\right) u', \quad u = 3 x"
        "\n\\end{align*}"
    )


def test_partial_derivatives_have_the_sign_for_it() -> None:
    first, second = derivations("x^2*rate")
    assert latex_lines(first)[-1].startswith(r"\frac{\partial}{\partial x} \left(x^{2} \cdot \mathit{rate}\right) &= ")
    assert latex_lines(second)[-1].startswith(r"\frac{\partial}{\partial \mathit{rate}} ")


def formulas(texts: list[str]) -> list[str]:
    """What stands between the signs of alignment in every line, and the hints."""
    found = []
    for text in texts:
        program = compiled(text)
        for name, node in program.variables.items():
            for steps in derivation_steps(program, program.output, {name: node}):
                for line in latex_lines(steps):
                    asked, rest = re.split(r"&=", line, maxsplit=1)
                    results, rule = rest.rsplit("&&", 1) if r"\begin{" not in rest else (rest.split("&&")[0], "x")
                    found += [asked, results, rule]
            found.append(hint_latex(next_rule(program, program.output, name, node)))
    return found


ROWS = {row.name: row for row in FUNCTIONS.values() if row.entrywise and row.name not in OPERATORS}
FORMULAS = [
    "x^2*sin(3x)",
    "x^x",
    "abs(x^2 - 1)",
    "piecewise(x < 0, x^2, x < 1, sin(x), 3)",
    "h = x^2; y_max = sin(h); y_max*h",
    "f(t) = t^2; f(3x)",
    "sin(x)/(x^2 + 1)",
    "u*v + alpha^n",
    "größe*x^2",
    "-x^3 - 2/x",
    "leaky_relu(3x)",
    "x_1 + x_2 + x_3 + x_4 + x_5*x_6 + x_7 + x_8",
]


def call(row: Primitive) -> str:
    name = {"log_base": "log"}.get(row.name, row.name)
    count = 2 if row.variadic else len(row.operands)
    return f"{name}({', '.join(['x^2/3', 'x/2', '0.5*x'][:count])})"


def rendered_by_mathtext(texts: list[str]) -> bool:
    """It has no letter ß in mathematics."""
    assert mathtext(formula for formula in formulas(texts) if "ß" not in formula) == []
    return True


def test_every_line_is_rendered_by_mathtext() -> None:
    assert rendered_by_mathtext(FORMULAS)


@pytest.mark.slow
def test_every_line_for_every_function_of_the_table_is_rendered_by_mathtext() -> None:
    assert rendered_by_mathtext([call(row) for row in ROWS.values()])


def test_every_derivation_is_rendered_by_katex(katex: Renderer) -> None:
    assert katex(steps_latex(derivations(text)) for text in [*FORMULAS, *map(call, ROWS.values())]) == []


@pytest.mark.slow
def test_derivations_of_books_are_rendered_by_katex(katex: Renderer) -> None:
    with TRIPLES.open(encoding="utf-8", newline="") as file:
        rows = [(row["function"], row["variable"]) for row in csv.DictReader(file)]
    shown = []
    for text, name in Random(4).sample(rows, 200):
        try:
            program = compiled(text)
        except AutodiffError:
            continue
        shown.append(steps_latex(derivation_steps(program, program.output, {name: program.variables.get(name)})))
    assert len(shown) > 180
    assert katex(shown) == []


# --- JSON ---


def test_json_has_the_steps_with_the_parts_first() -> None:
    (derivation,) = json.loads(json.dumps(steps_objects(derivations("sin(3x)"))))
    assert derivation == {
        "variable": "x",
        "turn": 1,
        "hidden": 0,
        "steps": [
            {
                "id": 0,
                "rule": "constant-multiple",
                "title": "constant multiple rule",
                "formula": "(c*x)' = c",
                "parts": {"c": "3"},
                "no_derivative_where": None,
                "label": None,
                "expression": "3*x",
                "children": [],
                "unsimplified": "3",
                "result": "3",
                "notes": [],
            },
            {
                "id": 1,
                "rule": "chain",
                "title": "chain rule",
                "formula": "(sin(u))' = cos(u)*u'",
                "parts": {"u": "3*x"},
                "no_derivative_where": None,
                "label": None,
                "expression": "sin(3*x)",
                "children": [0],
                "unsimplified": "cos(3*x)*3",
                "result": "3*cos(3*x)",
                "notes": [],
            },
        ],
    }


# --- hints ---

HINTS = [
    ("x^2*sin(x)", "product rule: (u*v)' = u'*v + u*v' with u = x^2, v = sin(x)"),
    ("sin(x^2)", "chain rule: (sin(u))' = cos(u)*u' with inner function u = x^2"),
    ("(x^2 + 1)^3", "power rule and chain rule: (u^n)' = n*u^(n - 1)*u' with n = 3, inner function u = x^2 + 1"),
    ("2^x", "exponential rule: (a^x)' = a^x*log(a) with a = 2"),
    ("a*x^n", "constant multiple rule: (a*u)' = a*u' with u = x^n"),
    ("x^n", "power rule: (x^n)' = n*x^(n - 1)"),
    ("7", "constant rule: c' = 0 with c = 7"),
    ("x", "identity rule: x' = 1"),
    ("tanh(x)", "derivative of tanh: (tanh(x))' = sech(x)^2"),
    ("hypot(x, x^2)", "chain rule for several inner functions: (hypot(u, v))' = (u*u' + v*v')/hypot(u, v)"
     " with inner functions u = x, v = x^2; no derivative where hypot(u, v) == 0"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "written"), HINTS)
def test_a_hint_names_the_rule_its_formula_and_the_parts(text: str, written: str) -> None:
    assert hint_text(hint(text)) == written


def test_a_hint_in_latex_and_json() -> None:
    assert hint_latex(hint("x^2*sin(x)")) == (
        r"\text{product rule: } \left(u v\right)' = u' v + u v', \quad u = x^{2}, \; v = \sin\left(x\right)"
    )
    assert hint_object(hint("x^2*sin(x)"))["parts"] == {"u": "x^2", "v": "sin(x)"}
