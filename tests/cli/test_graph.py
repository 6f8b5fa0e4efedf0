"""`autodiff graph` as its users meet it."""

from __future__ import annotations

import shutil
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

EXAMPLE = 'autodiff graph "sigmoid(sinh(x)) * y^2" --at x=0.4,y=2'


def test_into_a_pipe_it_prints_dot_with_values_adjoints_and_partials(shell) -> None:
    result = shell(EXAMPLE)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("digraph {")
    # by mpmath: the value 2.40507, d/dx 1.03673, cosh(0.4) = 1.08107
    assert r'[label="x\nvalue 0.4\nadjoint 1.03673"' in result.stdout
    assert r'[label="mul\nvalue 2.40507\nadjoint 1"' in result.stdout
    assert 'n0 -> n1 [label=" 1.08107"]' in result.stdout


@pytest.mark.parametrize(
    ("form", "beginning"), [("dot", "digraph {"), ("mermaid", "flowchart TD"), ("html", "<!DOCTYPE html>")]
)
def test_each_form_goes_to_standard_output_or_a_file(shell, tmp_path: Path, form: str, beginning: str) -> None:
    printed = shell(f"{EXAMPLE} --to {form}").stdout
    assert printed.startswith(beginning)
    result = shell(f"{EXAMPLE} --to {form} -o picture && ls")
    assert result.stdout == "picture\n"
    assert (tmp_path / "picture").read_text(encoding="utf-8") == printed


@pytest.mark.skipif(shutil.which("dot") is None, reason="there is no Graphviz (apt install graphviz)")
def test_svg_is_laid_out_by_graphviz(shell) -> None:
    result = shell(f"{EXAMPLE} --to svg")
    assert (result.returncode, result.stderr) == (0, "")
    root = ElementTree.fromstring(result.stdout.encode())
    assert root.tag.endswith("svg")
    assert "1.08107" in {"".join(element.itertext()).strip() for element in root.iter()}


def test_svg_without_graphviz_says_how_to_install_it_and_what_else_there_is(shell) -> None:
    result = shell('PATH=/nowhere "$(command -v autodiff)" graph "x^2" --to svg')
    assert (result.returncode, result.stdout) == (2, "")
    assert "install Graphviz" in result.stderr
    assert "--to html" in result.stderr


@pytest.mark.parametrize(
    ("name", "beginning"),
    [("g.html", "<!DOCTYPE html>"), ("g.mmd", "flowchart TD"), ("g.dot", "digraph {"), ("g", "digraph {")],
)
def test_the_form_is_what_the_file_ends_in(shell, tmp_path: Path, name: str, beginning: str) -> None:
    assert shell(f"{EXAMPLE} -o {name}").returncode == 0
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(beginning)


@pytest.mark.parametrize(
    "formula", ["-x*cos(y)", "-omega*x", "-o*x", "-x^2"], ids=["o inside", "o first", "o alone", "no o"]
)
def test_a_formula_that_begins_with_a_minus_is_no_option(shell, tmp_path: Path, formula: str) -> None:
    result = shell(f'autodiff graph "{formula}" -o picture.dot')
    assert (result.returncode, result.stderr) == (0, "")
    assert f'label="{formula}"' in (tmp_path / "picture.dot").read_text()


def test_an_output_option_without_a_file_is_an_error(shell) -> None:
    result = shell("autodiff graph x -o")
    assert result.returncode == 2
    assert "-o needs a file" in result.stderr


def test_a_file_that_can_not_be_written_stays_as_it_was(shell, tmp_path: Path) -> None:
    assert shell("autodiff graph x -o absent/picture.dot").returncode == 2
    result = shell('echo before > picture.dot; autodiff graph "sinn(x)" -o picture.dot; cat picture.dot; ls -A')
    assert result.stdout == "before\npicture.dot\n"


def test_a_file_keeps_its_mode_and_a_link_its_target(shell, tmp_path: Path) -> None:
    result = shell(
        "touch real; chmod 640 real; ln -s real link; autodiff graph x -o link; stat -c %a real; head -1 link"
    )
    assert result.stdout == "640\ndigraph {\n"
    assert (tmp_path / "link").is_symlink()


def test_a_device_or_a_named_pipe_is_written_to_and_not_replaced(shell, tmp_path: Path) -> None:
    result = shell("mkfifo pipe; head -1 pipe & autodiff graph x -o pipe; wait")
    assert (result.stdout, result.stderr) == ("digraph {\n", "")
    assert (tmp_path / "pipe").is_fifo()
    assert list(tmp_path.iterdir()) == [tmp_path / "pipe"]
    result = shell("ln -s /dev/null nothing; autodiff graph x -o nothing")
    assert (result.returncode, result.stderr) == (0, "")
    assert (tmp_path / "nothing").is_symlink()
    assert Path("/dev/null").is_char_device()


def test_without_a_point_there_are_no_numbers(shell) -> None:
    result = shell('autodiff graph "sigmoid(sinh(x)) * y^2"')
    assert (result.returncode, result.stderr) == (0, "")
    assert 'label="sinh"' in result.stdout
    assert "value" not in result.stdout
    assert "adjoint" not in result.stdout


def test_the_shapes_of_arrays_are_shown_without_a_point(shell) -> None:
    result = shell('autodiff graph "h = W @ v; sum(h)" --shape W=2x3,v=3')
    assert result.returncode == 0
    assert r"h = matmul\nshape (2,)" in result.stdout


def test_a_named_node_can_be_the_output(shell) -> None:
    # by hand: h = 3x, dh/dx = 3
    result = shell('autodiff graph "h = 3*x; h^2" --at x=2 --of h')
    assert r'label="h = mul\nvalue 6\nadjoint 1"' in result.stdout
    assert r'label="x\nvalue 2\nadjoint 3"' in result.stdout
    assert "pow" not in result.stdout


def test_what_is_differentiated_by_is_marked(shell) -> None:
    result = shell('autodiff graph "h = 3*x; h*y" --at x=2,y=1 --wrt h')
    marked = [line for line in result.stdout.splitlines() if "dbeafe" in line]
    assert len(marked) == 1
    assert "h = mul" in marked[0]


@pytest.mark.parametrize("point", ["", "--at x=1"])
def test_a_name_that_is_not_there_is_an_error(shell, point: str) -> None:
    result = shell(f'autodiff graph "x^2" {point} --wrt xx')
    assert (result.returncode, result.stdout) == (2, "")
    assert "'xx' is not in the formula" in result.stderr
    assert "did you mean x?" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "note"),
    [('"x(x+1)"', "'x(x+1)' is read as x*(x+1)"), ('"abs(x)" --at x=0', "abs is not differentiable at 0")],
)
def test_strict_makes_a_note_an_error(shell, arguments: str, note: str) -> None:
    result = shell(f"autodiff graph {arguments} --strict -o picture.dot; echo $?; ls")
    assert result.stdout == "2\n"
    assert f"error[strict-note]: {note}" in result.stderr


def test_a_result_that_is_not_finite_is_drawn_and_has_its_exit_code(shell) -> None:
    result = shell('autodiff graph "log(x)" --at x=-1')
    assert result.returncode == 3
    assert "value nan" in result.stdout
    assert "log of -1" in result.stderr


def test_a_large_picture_is_drawn_with_a_note(shell) -> None:
    result = shell("""autodiff graph "$(python -c 'print("sin(" * 600 + "x" + ")" * 600)')" --to html -o g.html""")
    assert (result.returncode, result.stdout) == (0, "")
    assert "note[picture-large]: the picture has 601 boxes" in result.stderr


def test_a_formula_comes_from_standard_input_or_a_file(shell) -> None:
    assert shell("echo 'x^2' | autodiff graph - --at x=3").stdout == shell("autodiff graph 'x^2' --at x=3").stdout
    assert shell("echo 'x^2' > f; autodiff graph --file f --at x=3").stdout.startswith("digraph {")


def test_a_reader_that_has_enough_ends_it_quietly(shell) -> None:
    result = shell("""autodiff graph "$(python -c 'print("sin(" * 5000 + "x" + ")" * 5000)')" | head -1""")
    assert result.stdout == "digraph {\n"
    assert "Traceback" not in result.stderr
