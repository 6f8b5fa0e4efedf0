"""How arrays are written: literals, indices, slices, transposes, products, definitions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autodiff import AutodiffError, Function
from autodiff.graph.compiler import compile_program, parser
from autodiff.show.formula import formula
from tests.graph.test_array_primitives import EXAMPLES, Example

POINT: dict[str, Any] = {"v": [3.0, 1.0, 2.0], "A": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], "x": 2.0, "T": 2.0, "i": 1.0}


def value_of(text: str) -> Any:
    function = Function(text)
    return np.asarray(function({name: POINT[name] for name in function.variables})).tolist()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[1, 2, 3]", [1, 2, 3]),
        ("[1, 2,]", [1, 2]),
        ("[]", []),
        ("[[1, 2], [3, 4]]", [[1, 2], [3, 4]]),
        ("[x, -x, x^2]", [2, -2, 4]),
        ("[v, v]", [[3, 1, 2], [3, 1, 2]]),
        ("[1, 2] + 1", [2, 3]),
        ("［1，2］", [1, 2]),
        ("[1,\n 2]", [1, 2]),
        ("|[-1, 2]|", [1, 2]),
        ("|v[1]|", 1),
        ("v[0]", 3),
        ("v [0]", 3),
        ("(v)[0]", 3),
        ("v[-1]", 2),
        ("v[i]", 1),
        ("v[i + 1]", 2),
        ("v[1:]", [1, 2]),
        ("v[:-1]", [3, 1]),
        ("v[:]", [3, 1, 2]),
        ("v[::2]", [3, 2]),
        ("v[::-1]", [2, 1, 3]),
        ("v[2:0:-1]", [2, 1]),
        ("v[5:]", []),
        ("v[1:2:]", [1]),
        ("A[0]", [1, 2, 3]),
        ("A[0, 1]", 2),
        ("A[0][1]", 2),
        ("A[:, 1]", [2, 5]),
        ("A[1, ::-1]", [6, 5, 4]),
        ("A[:, 1:][0]", [2, 3]),
        ("sin(v)[0]*0 + 1", 1),
        ("-v[0]^2", -9),
        ("2v[0]", 6),
        ("v[0]v[1]", 3),
        ("v[0]!", 6),
        ("x^v[1]", 2),
        ("A.T", [[1, 4], [2, 5], [3, 6]]),
        ("(A)ᵀ", [[1, 4], [2, 5], [3, 6]]),
        ("Aᵀ", [[1, 4], [2, 5], [3, 6]]),
        ("A[:, 1:]ᵀ[0]", [2, 5]),
        ("A.T.T[0]", [1, 2, 3]),
        ("A.T[0]", [1, 4]),
        ("A[0].T", [1, 2, 3]),
        ("A.T^2", [[1, 16], [4, 25], [9, 36]]),
        ("A^T", [[1, 4, 9], [16, 25, 36]]),
        ("A @ v", [11, 29]),
        ("A ＠ v", [11, 29]),
        ("v @ A.T", [11, 29]),
        ("2*A @ v", [22, 58]),
        ("A @ v*2", [22, 58]),
        ("-A @ v", [-11, -29]),
        ("A @ v + 1", [12, 30]),
        ("A @ A.T @ [1, 0]", [14, 32]),
        ("v @ v", 14),
        ("max(v)", 3),
        ("max(v, 2)", [3, 2, 2]),
        ("max(A, axis=0)", [4, 5, 6]),
        ("sum(A, 0)", [5, 7, 9]),
        ("sum(A, axis=(0, 1))", 21),
        ("sum(A, axis=[0, 1])", 21),
        ("zeros(2)", [0, 0]),
        ("ones([1, 2])", [[1, 1]]),
        ("eye(2)", [[1, 0], [0, 1]]),
        ("range(3)", [0, 1, 2]),
        ("range(1, 4)", [1, 2, 3]),
        ("range(4, 0, -2)", [4, 2]),
        ("range(0, 1, 1/4)", [0, 0.25, 0.5, 0.75]),
        ("range(2.5)", [0, 1, 2]),
        ("reshape(v, -1, 1)", [[3], [1], [2]]),
        ("len(v)", 3),
        ("where(v > 1, v, 0)", [3, 0, 2]),
        ("0 < v < 3", [0, 1, 1]),
        ("w = [1, 2]; w[0] + w[1]", 3),
        ("f(a) = a[0] + a[1]; f(v)", 4),
        ("f(a, n) = sum(a[:n]); f(v, 2)", 4),
    ],
)
def test_it_means(text: str, value: Any) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("text", "id", "marked"),
    [
        ("[1, 2", "unmatched-bracket", "["),
        ("1, 2]", "unmatched-bracket", "]"),
        ("[1, 2)", "unmatched-bracket", ")"),
        ("[1,,2]", "unexpected-token", ","),
        ("[,]", "unexpected-token", ","),
        ("[1; 2]", "unexpected-token", ";"),
        ("[1 2]", "adjacent-number", "2"),
        ("v[]", "unexpected-token", "]"),
        ("v[1:2:3:4]", "unexpected-token", ":"),
        ("[1:3]", "unexpected-token", ":"),
        ("v @", "unexpected-end", ""),
        ("v.t", "unexpected-character", "."),
    ],
)
def test_what_is_not_written_like_this_is_explained_where_it_stands(text: str, id: str, marked: str) -> None:
    with pytest.raises(AutodiffError) as caught:
        Function(text)
    assert caught.value.id == id
    span = caught.value.span
    assert span is not None
    assert text[span.start : span.end] == marked


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("sum()", "wrong-number-of-operands"),
        ("sum(1, 2, 3)", "wrong-number-of-operands"),
        ("sum(v, axis=0, axis=0)", "wrong-number-of-operands"),
        ("sum(v, axes=0)", "unknown-keyword"),
        ("eye(2, 3)", "wrong-number-of-operands"),
        ("concat()", "wrong-number-of-operands"),
    ],
)
def test_a_call_with_other_operands_is_refused(text: str, id: str) -> None:
    with pytest.raises(AutodiffError) as caught:
        Function(text)
    assert caught.value.id == id


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_what_is_printed_reads_back_as_the_same_graph(example: Example) -> None:
    compiled = example.compiled()
    printed = formula(compiled.graph, compiled.output)
    again = compile_program(parser().parse(printed), printed, shapes=example.shapes)
    assert formula(again.graph, again.output) == printed
    point = example.point()
    there = {name: point[name] for name in again.variables}
    assert np.array_equal(Function(printed)(there), Function(example.formula)(point))
    if "len(" not in example.formula:  # which is a number of the graph
        assert [node[:3] for node in again.graph.nodes] == [node[:3] for node in compiled.graph.nodes]


@pytest.mark.parametrize(
    "text",
    [
        *("(A + 1)[0]", "(A @ B)[0]", "A[0][1]", "(-A)[0]", "-A[0]", "A.T[0]", "(A*2).T", "A[0]^2", "(A^2)[0]"),
        *("A @ (B @ v)", "A @ B @ v", "(2*A) @ v", "2*(A @ v)", "A @ (v*2)", "(A @ v)/2", "(-A) @ v", "-(A @ v)"),
        *("A @ -v", "[A[0], -v]", "[[x, 1], [2, x]]", "[]", "[-1, 2.5, 1e300]", "A[0:0]"),
        *("sum(A, axis=(0, 1))", "norm(A, p=3)", "norm(A, inf, 0)", "std(A, ddof=1, axis=-1)", "max(A, axis=1)"),
        *("max(A)", "max(A, x)", "softmax(A, axis=0)", "log_softmax(A)", "cumsum(A, axis=0)", "stack(v, v, axis=1)"),
        *("concat(A, B, axis=1)", "reshape(A, -1)", "transpose(A, 0, 1)", "diag(v)", "diag(A)", "where(A > 0, A, -A)"),
    ],
)
def test_brackets_and_parameters_read_back(text: str) -> None:
    shapes = {"A": (2, 2), "B": (2, 2), "v": (2,), "x": ()}
    compiled = compile_program(parser().parse(text), text, shapes=shapes)
    printed = formula(compiled.graph, compiled.output)
    again = compile_program(parser().parse(printed), printed, shapes=shapes)
    assert [node[:3] for node in again.graph.nodes] == [node[:3] for node in compiled.graph.nodes]
