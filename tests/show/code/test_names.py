"""Nothing in a formula or a comment can break out of the place that it has in code."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodiff.show.code.names import Names, c_comment, docstring, plain_identifier, quoted
from tests.show.code.forms import COMPILER, FLAGS, compiled_library, example, function, run_c, run_sympy, stated

AWKWARD = [
    "lambda",
    "π",
    "in",
    "x1",
    "double",
    "y0",
    "j1",
    "I",
    "gamma",
    "e",
    "__x",
    "_x",
    "math",
    "numpy",
    "max",
]
TEXTS = st.text() | st.text(alphabet="\"'\\*/?\n\r#{}x\u202e\u2028")


@given(st.text())
def test_every_name_becomes_an_identifier_in_ascii(name: str) -> None:
    assert re.fullmatch(r"[A-Za-z_]\w*", plain_identifier(name), re.ASCII)


@given(st.lists(st.text(max_size=4)))
def test_different_names_stay_different_and_none_is_reserved(names: list[str]) -> None:
    reserved = {"x", "a_", "t1", "t2"}
    made = Names(names, reserved)
    found = [*made.variables.values(), made.next(), made.fresh("gradient"), made.next()]
    assert len(set(found)) == len(found)
    assert not reserved & set(found)


@given(TEXTS)
def test_a_docstring_is_one_string_whatever_it_says(text: str) -> None:
    (statement,) = ast.parse(docstring(text)).body
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Constant)


@given(TEXTS)
def test_a_quoted_name_is_that_name(text: str) -> None:
    assert ast.literal_eval(quoted(text)) == text


@given(TEXTS)
def test_a_comment_in_c_ends_where_it_should(text: str) -> None:
    comment = c_comment(text)
    assert "\n" not in comment
    assert comment.index("*/") == len(comment) - 2
    assert "/*" not in comment[2:]
    assert "??" not in comment


@pytest.mark.parametrize("form", ["python", "numpy", "sympy"])
def test_python_with_any_comment_is_the_same_code(form: str) -> None:
    made = stated("x^2", x="2*x")
    harmless = ast.dump(ast.parse(made.code(form, comment="harmless")))
    for comment in ('"""\nimport os\n"""', "\\", '"', "\nx = 1", "\r\nx = 1", "\x00", "\u2028x = 1", "#"):
        code = made.code(form, comment=comment)
        tree = ast.parse(code)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                node.body[0] = ast.parse('"""harmless"""').body[0]
        assert ast.dump(tree) == harmless


@pytest.mark.skipif(COMPILER is None, reason="there is no C compiler")
def test_c_with_any_comment_compiles_without_a_warning(tmp_path: Path) -> None:
    comments = ("*/ int x; /*", "??/", "\\", "\n#error", "// \\", '"', "\u202e", "@sin", "%s", "\x00")
    for index, comment in enumerate(comments):
        source = tmp_path / f"{index}.c"
        source.write_text(stated("x^2", x="2*x").code("c", comment=comment), encoding="utf-8")
        command = [str(COMPILER), *FLAGS, str(source), "-o", str(tmp_path / "library.so"), "-lm"]
        assert subprocess.run(command, capture_output=True).returncode == 0, comment


def test_awkward_names_work_in_every_form(tmp_path: Path) -> None:
    text = " + ".join(f"{index}*sin({name})" for index, name in enumerate(AWKWARD, 1))
    made = example(text, variables=AWKWARD)
    assert made.variables == AWKWARD
    point = [0.1 * index for index in range(len(AWKWARD))]
    value, slopes = function(made.code("python"))(*point)
    assert list(slopes) == AWKWARD
    results = [
        function(made.code("numpy"))(*point),
        run_sympy(made.code("sympy"), dict(zip(AWKWARD, point, strict=True))),
    ]
    if COMPILER is not None:
        results.append(run_c(compiled_library({"f": made.code("c")}, tmp_path), "f", AWKWARD, point))
    for found_value, found_slopes in results:
        assert float(found_value) == pytest.approx(value)
        assert {name: float(slope) for name, slope in found_slopes.items()} == pytest.approx(slopes)


@pytest.mark.parametrize("name", ["sin", "double", "lambda", "π", "x", "math", "numpy", "main", "gradient"])
def test_the_function_may_have_any_name(name: str, tmp_path: Path) -> None:
    made = example("sigmoid(x)*sin(x) + gradient")
    for form in ("python", "numpy"):
        compile(made.code(form, name), "<code>", "exec")
    if COMPILER is not None:
        compiled_library({"f": made.code("c", name)}, tmp_path)
