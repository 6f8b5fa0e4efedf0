"""Derivatives by vectors and matrices, in the notation of matrix calculus.

The right-hand sides are those of Petersen and Pedersen, The Matrix Cookbook (2012), whose equation a row names, or
written by hand: a column times a row is outer(u, v), and a vector has no transpose. Everything that is printed is
parsed again and held against differences in 60 digits, which know of no rule.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

from autodiff import AutodiffError, Function
from autodiff.show.formula import formula
from autodiff.symbolic.notation import check_notation
from tests.matrix_points import agree, compiled, derivatives, point, read_shapes, slopes, value

# formula, shapes, variable, derivative
COOKBOOK = [
    # 2.1: determinants
    ("det(X)", "X=3x3", "X", "det(X)*inv(X).T"),  # (49)
    ("det(A @ X @ B)", "X=3x3, A=3x3, B=3x3", "X", "det(A @ X @ B)*inv(X).T"),  # (51)
    ("det(X.T @ A @ X)", "X=3x3, A=3x3", "X", "2*det(X.T @ A @ X)*inv(X).T"),  # (52)
    (  # (54), of a matrix that is not square
        "det(X.T @ A @ X)",
        "X=4x2, A=4x4",
        "X",
        "det(X.T @ A @ X)*(A @ X @ inv(X.T @ A @ X) + A.T @ X @ inv(X.T @ A @ X).T)",
    ),
    ("log(det(X.T @ X))", "X=4x2", "X", "2*X @ inv(X.T @ X)"),  # (55)
    ("log(det(X))", "X=3x3", "X", "inv(X).T"),  # (57)
    ("logdet(X)", "X=3x3", "X", "inv(X).T"),
    ("det(X @ X @ X)", "X=3x3", "X", "3*det(X @ X @ X)*inv(X).T"),  # (58)
    # 2.2: inverses
    ("a.T @ inv(X) @ b", "X=3x3, a=3, b=3", "X", "-outer(inv(X).T @ a, inv(X) @ b)"),  # (61)
    ("det(inv(X))", "X=3x3", "X", "-inv(X).T/det(X)"),  # (62)
    ("trace(A @ inv(X) @ B)", "X=3x3, A=3x3, B=3x3", "X", "-inv(X).T @ A.T @ B.T @ inv(X).T"),  # (63)
    ("trace(inv(X + A))", "X=3x3, A=3x3", "X", "-inv(X + A).T @ inv(X + A).T"),  # (64)
    # 2.4: matrices, vectors and scalar forms
    ("x.T @ a", "x=3, a=3", "x", "a"),  # (69)
    ("a.T @ X @ b", "X=2x3, a=2, b=3", "X", "outer(a, b)"),  # (70)
    ("a.T @ X.T @ b", "X=3x2, a=2, b=3", "X", "outer(b, a)"),  # (71)
    ("a.T @ X @ a", "X=3x3, a=3", "X", "outer(a, a)"),  # (72)
    ("b.T @ X.T @ X @ c", "X=2x3, b=3, c=3", "X", "outer(X @ c, b) + outer(X @ b, c)"),  # (77)
    (  # (78)
        "(B @ x + b).T @ C @ (D @ x + d)",
        "x=3, B=2x3, C=2x4, D=4x3, b=2, d=4",
        "x",
        "B.T @ C @ (D @ x + d) + D.T @ C.T @ (B @ x + b)",
    ),
    ("x.T @ B @ x", "x=3, B=3x3", "x", "(B + B.T) @ x"),  # (81)
    ("b.T @ X.T @ D @ X @ c", "X=2x3, D=2x2, b=3, c=3", "X", "outer(D @ X @ c, b) + outer(D.T @ X @ b, c)"),  # (82)
    ("(X @ b + c).T @ D @ (X @ b + c)", "X=2x3, D=2x2, b=3, c=2", "X", "outer((D + D.T) @ (X @ b + c), b)"),  # (83)
    ("(x - A @ s).T @ W @ (x - A @ s)", "s=3, A=2x3, W=2x2, x=2", "s", "-A.T @ (W + W.T) @ (x - A @ s)"),  # (84)
    # 2.5: traces
    ("trace(X)", "X=3x3", "X", "eye(3)"),  # (99)
    ("trace(X @ A)", "X=2x3, A=3x2", "X", "A.T"),  # (100)
    ("trace(A @ X @ B)", "X=2x3, A=4x2, B=3x4", "X", "A.T @ B.T"),  # (101)
    ("trace(A @ X.T @ B)", "X=3x2, A=4x2, B=3x4", "X", "B @ A"),  # (102)
    ("trace(X.T @ A)", "X=2x3, A=2x3", "X", "A"),  # (103)
    ("trace(A @ X.T)", "X=2x3, A=2x3", "X", "A"),  # (104)
    ("trace(X @ X)", "X=3x3", "X", "2*X.T"),  # (106)
    ("trace(X @ X @ B)", "X=3x3, B=3x3", "X", "B.T @ X.T + X.T @ B.T"),  # (107)
    ("trace(X.T @ B @ X)", "X=3x2, B=3x3", "X", "(B + B.T) @ X"),  # (108)
    ("trace(B @ X @ X.T)", "X=3x2, B=3x3", "X", "(B + B.T) @ X"),  # (109)
    ("trace(X @ X.T @ B)", "X=3x2, B=3x3", "X", "(B + B.T) @ X"),  # (110)
    ("trace(X @ B @ X.T)", "X=3x2, B=2x2", "X", "X @ (B + B.T)"),  # (111)
    ("trace(B @ X.T @ X)", "X=3x2, B=2x2", "X", "X @ (B + B.T)"),  # (112)
    ("trace(X.T @ X @ B)", "X=3x2, B=2x2", "X", "X @ (B + B.T)"),  # (113)
    ("trace(A @ X @ B @ X)", "X=3x2, A=2x3, B=2x3", "X", "A.T @ X.T @ B.T + B.T @ X.T @ A.T"),  # (114)
    ("trace(X.T @ X)", "X=3x2", "X", "2*X"),  # (115)
    ("trace(B.T @ X.T @ C @ X @ B)", "X=3x2, B=2x4, C=3x3", "X", "(C + C.T) @ X @ B @ B.T"),  # (116)
    ("trace(X.T @ B @ X @ C)", "X=3x2, B=3x3, C=2x2", "X", "B @ X @ C + B.T @ X @ C.T"),  # (117)
    (  # (118)
        "trace(A @ X @ B @ X.T @ C)",
        "X=3x2, A=2x3, B=2x2, C=3x2",
        "X",
        "A.T @ C.T @ X @ B.T + C @ A @ X @ B",
    ),
    (  # (119)
        "trace((A @ X @ B + C) @ (A @ X @ B + C).T)",
        "X=3x2, A=2x3, B=2x4, C=2x4",
        "X",
        "2*A.T @ (A @ X @ B + C) @ B.T",
    ),
    ("trace(X @ X @ X)", "X=3x3", "X", "3*X.T @ X.T"),  # (121)
    # 2.6 and 2.7: norms
    ("norm(x - a)", "x=3, a=3", "x", "(x - a)/norm(x - a)"),  # (129)
    ("norm(x)^2", "x=3", "x", "2*x"),  # (131)
    ("norm(X)^2", "X=3x2", "X", "2*X"),  # (132)
]

BY_HAND = [
    ("sum((A @ x - b)^2)", "x=3, A=4x3, b=4", "x", "2*A.T @ (A @ x - b)"),
    ("sum((A @ x - b)^2)", "x=3, A=4x3, b=4", "A", "2*outer(A @ x - b, x)"),
    ("sum((A @ x - b)^2)", "x=3, A=4x3, b=4", "b", "2*(b - A @ x)"),
    ("(A @ x - b) @ (A @ x - b)", "x=3, A=4x3, b=4", "x", "2*A.T @ (A @ x - b)"),
    ("sum((X @ w - y)^2)/2", "w=3, X=5x3, y=5", "w", "X.T @ (X @ w - y)"),
    ("norm(A @ x - b)", "x=3, A=4x3, b=4", "x", "A.T @ (A @ x - b)/norm(A @ x - b)"),
    ("x @ A @ x/2 - b @ x", "x=3, A=3x3, b=3", "x", "(A + A.T) @ x/2 - b"),
    ("-(x - a) @ inv(A) @ (x - a)/2", "x=3, a=3, A=3x3", "x", "-(inv(A) + inv(A).T) @ (x - a)/2"),
    ("exp(-x @ A @ x/2)", "x=3, A=3x3", "x", "-exp(-(x @ A @ x)/2)*(A + A.T) @ x/2"),
    ("logsumexp(x)", "x=3", "x", "softmax(x)"),
    ("logsumexp(A @ x + b)", "x=3, A=2x3, b=2", "A", "outer(softmax(A @ x + b), x)"),
    ("-sum(y*log_softmax(x))", "x=3, y=3", "x", "sum(y)*softmax(x) - y"),
    ("log_softmax(x)[1]", "x=3", "x", "eye(3)[1] - softmax(x)"),
    ("softmax(x)[0]", "x=3", "x", "softmax(x)[0]*(eye(3)[0] - softmax(x))"),
    ("sum(tanh(W @ x + b))", "x=3, W=2x3, b=2", "W", "outer(sech(W @ x + b)^2, x)"),
    ("mean(x)", "x=4", "x", "ones(4)/4"),
    ("var(x)", "x=3", "x", "2*(x - mean(x))/3"),
    ("std(x)", "x=3", "x", "(x - mean(x))/(3*std(x))"),
    ("prod(x)", "x=3", "x", "prod(x)/x"),
    ("sum(x)^2", "x=3", "x", "2*sum(x)*ones(3)"),
    ("sum(A @ x)", "x=3, A=2x3", "x", "A.T @ ones(2)"),
    ("sum(A @ B)", "A=2x3, B=3x4", "A", "ones(2, 4) @ B.T"),
    ("sum(A, axis=0) @ x", "A=2x3, x=3", "A", "outer(ones(2), x)"),
    ("sum(A*x)", "A=2x3, x=3", "x", "sum(A, axis=0)"),
    ("sum((A*x)^2)", "A=2x3, x=3", "x", "2*x*sum(A^2, axis=0)"),
    ("a @ (A*X) @ b", "X=2x3, A=2x3, a=2, b=3", "X", "A*outer(a, b)"),
    ("a @ diag(x) @ b", "x=3, a=3, b=3", "x", "a*b"),
    ("trace(diag(x) @ A)", "x=3, A=3x3", "x", "diag(A)"),
    ("cross(x, y) @ a", "x=3, y=3, a=3", "x", "cross(y, a)"),
    ("x @ outer(y, a) @ b", "x=2, y=2, a=3, b=3", "y", "(a @ b)*x"),
    ("solve(A, b) @ c", "A=3x3, b=3, c=3", "A", "-outer(solve(A.T, c), solve(A, b))"),
    ("logdet(A + s*B)", "s=, A=3x3, B=3x3", "s", "trace(inv(A + s*B) @ B)"),
    ("sum((s*x - b)^2)", "s=, x=3, b=3", "s", "2*sum(x*(s*x - b))"),
    ("x[0]*x[1] + x[2]^2", "x=3", "x", "[x[1], x[0], 2*x[2]]"),
    ("A[0, 1]*A[1, 2]", "A=3x3", "A", "[[0, A[1, 2], 0], [0, 0, A[0, 1]], [0, 0, 0]]"),
    ("x[0]*x[19]", "x=20", "x", "x[19]*eye(20)[0] + x[0]*eye(20)[19]"),
    ("sum(A[:, 1]^2)", "A=3x3", "A", "2*outer(A[:, 1], eye(3)[1])"),
    ("A[1:] @ x @ y", "A=3x4, x=4, y=2", "A", "concat(zeros(1, 4), outer(y, x))"),
    ("h = A @ x; h @ h", "x=3, A=2x3", "x", "2*A.T @ A @ x"),
    # transposes, inverses, units
    ("sum(A.T.T @ x)", "x=3, A=2x3", "x", "A.T @ ones(2)"),
    ("sum((A @ B).T @ x)", "x=2, A=2x3, B=3x4", "x", "A @ B @ ones(4)"),
    ("x @ (A + A.T) @ x", "x=3, A=3x3", "x", "2*(A + A.T) @ x"),
    ("trace(inv(inv(A)) @ B)", "A=3x3, B=3x3", "A", "B.T"),
    ("trace(inv(A.T) @ B)", "A=3x3, B=3x3", "B", "inv(A)"),
    ("trace(inv(A) @ A @ B)", "A=3x3, B=3x3", "B", "eye(3)"),
    ("sum(A @ eye(3) @ x)", "x=3, A=2x3", "x", "A.T @ ones(2)"),
    ("x @ ones(3)", "x=3", "x", "ones(3)"),
    ("sum(ones(3)*x) + sum(zeros(3)*x)", "x=3", "x", "ones(3)"),
    ("sum((x.T @ A @ x)[0])", "x=3x1, A=3x3", "x", "(A + A.T) @ x"),
]

# Whose form says less, but which must be right by every variable.
OTHERS = """
(x - a) @ (x - a)/norm(x - a)  | x=3, a=3
det(s*A)                       | s=, A=3x3
logdet(eye(3) + A @ A.T)       | A=3x2
exp(-(x - a) @ inv(A) @ (x - a)/2)/sqrt(det(2*pi*A)) | x=3, a=3, A=3x3
x @ A @ x/(x @ x)              | x=3, A=3x3
x @ A @ x/(x @ B @ x)          | x=3, A=3x3, B=3x3
(x @ y)^3/(x @ x)              | x=3, y=3
x @ y/norm(x)/norm(y)          | x=3, y=3
trace(X @ A)/trace(X)          | X=3x3, A=3x3
a @ X.T @ X @ X @ b            | X=3x3, a=3, b=3
trace(inv(A) @ B @ inv(A))     | A=3x3, B=3x3
x @ inv(A) @ inv(A) @ x        | x=3, A=3x3
trace(X @ X.T @ X)             | X=3x3
sum(softmax(A @ x)*y)          | x=3, y=2, A=2x3
sum(softmax(X, axis=0)*Y)      | X=4x3, Y=4x3
sum(log_softmax(X)*Y)          | X=4x3, Y=4x3
sum(logsumexp(X @ W, axis=1))  | X=4x3, W=3x2
mean(softplus(-y*(X @ w)))     | X=5x3, w=3, y=5
sum(tanh(X @ tanh(Y @ x + a) + b)^2) | X=2x4, Y=4x3, x=3, a=4, b=2
sum(relu(X @ W + b) @ V)       | X=4x3, W=3x2, b=2, V=2x5
sum((X - mean(X, axis=0))^2)   | X=5x3
sum(var(X, axis=0))            | X=5x3
sum(std(X, axis=1))            | X=5x3
norm(X, axis=0) @ y            | X=4x2, y=2
norm(x, p=3)                   | x=4
norm(x, p=1) + norm(x, p=inf)  | x=4
sum(prod(X, axis=0))           | X=4x2
max(x)*min(A)                  | x=4, A=2x3
sum(max(A, axis=1))            | A=2x3
sum(max(x, y))                 | x=4, y=4
sum(hypot(x, y))               | x=4, y=4
sum(where(x > 1, x^2, x))      | x=4
sum(cumsum(x)^2)               | x=4
sum(sin(A) @ cos(x))           | A=2x3, x=3
sum(x*A @ y)                   | A=2x3, x=3, y=3
sum((x + A)^2)                 | A=2x3, x=3
sum((x*A)^2)                   | x=3x1, A=3x4
sum((x + y)^2)                 | x=3x1, y=4
sum((x + s)^2)                 | x=3, s=1
sum((outer(x, y) - A)^2)       | x=2, y=3, A=2x3
sum((X @ Y - A)^2)             | X=4x2, Y=2x3, A=4x3
sum(concat(x, y)^2)            | x=2, y=3
sum(concat(X, Y, axis=1) @ Z)  | X=3x2, Y=3x3, Z=5x2
sum(stack(x, y) @ A)           | x=3, y=3, A=3x2
sum([x @ a, y @ b]^2)          | x=2, a=2, y=3, b=3
[s, s^2, 1] @ A @ [s, s^2, 1]  | s=, A=3x3
sum(reshape(A, 6)^2)           | A=2x3
sum(100*(x[1:] - x[:-1]^2)^2 + (1 - x[:-1])^2) | x=5
sum(x[::-1]*y)                 | x=4, y=4
sum(x[3:0:-1]*y)               | x=5, y=3
sum(A[1:, 1:]^2)               | A=3x4
sum(A[0] @ x)                  | A=2x3x4, x=4
sum(A @ B)                     | A=2x3x4, B=4x5
sum(A @ B*C)                   | A=2x3x4, B=2x4x5, C=2x3x5
sum(transpose(A, 0, 2, 1) @ x) | A=2x3x4, x=3
trace(x.T @ A @ x)             | x=3x1, A=3x3
sum(x @ y.T)                   | x=3x1, y=4x1
sum(reshape(x, 3, 1) @ reshape(y, 1, 4)*A) | x=3, y=4, A=3x4
x @ A @ x                      | x=1, A=1x1
sum(A @ x)                     | A=1x4, x=4
sum(A @ x)                     | A=0x3, x=3
sum(x^2)                       | x=0
det(diag(x))                   | x=3
trace(inv(diag(x)))            | x=3
sum(solve(A, b)^2)             | A=3x3, b=3
trace(solve(A, B))             | A=3x3, B=3x3
sum(x)^s + sum(s^x)            | s=, x=3
atan2(x @ a, x @ b)            | x=3, a=3, b=3
sum(x/y) + sum(x^y)            | x=3, y=3
"""
OTHER_CASES = [tuple(part.strip() for part in line.split("|")) for line in OTHERS.strip().splitlines()]


@pytest.mark.parametrize(("text", "shapes", "name", "expected"), COOKBOOK + BY_HAND)
def test_the_derivative_is_written_as_in_the_book(text: str, shapes: str, name: str, expected: str) -> None:
    assert derivatives(text, read_shapes(shapes)).text(name) == expected


CASES = dict.fromkeys([*((text, shapes) for text, shapes, _, _ in COOKBOOK + BY_HAND), *OTHER_CASES])


@pytest.mark.parametrize(("text", "shapes"), CASES)
def test_what_is_printed_parses_and_is_the_derivative(text: str, shapes: str) -> None:
    lengths = read_shapes(shapes)
    answer, at = derivatives(text, lengths), point(lengths)
    for name in answer.names:
        printed = answer.text(name)
        assert agree(value(printed, lengths, at), slopes(text, name, lengths, at)), (name, printed)


@pytest.mark.parametrize(("text", "shapes"), CASES)
def test_what_is_printed_is_printed_again_unchanged(text: str, shapes: str) -> None:
    answer = derivatives(text, read_shapes(shapes))
    for name in answer.names:
        again = compiled(answer.text(name), read_shapes(shapes))
        assert formula(again.graph, again.output) == answer.text(name)


@pytest.mark.parametrize(("text", "shapes"), CASES)
def test_the_value_that_code_computes_beside_the_derivatives_is_that_of_the_formula(text: str, shapes: str) -> None:
    from autodiff.symbolic.answer import differentiated

    lengths = read_shapes(shapes)
    program, at = compiled(text, lengths), point(lengths)
    written = differentiated(program, program.output, dict(program.variables), text, with_value=True).written
    assert written.value is not None
    assert agree(value(formula(written.graph, written.value), lengths, at), value(text, lengths, at))


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        ("sum(x[::2]^2)", "x=5"),  # a vector with zeros between its entries
        ("trace(A)", "A=2x3"),  # a unit matrix that is not square
    ],
)
def test_a_derivative_without_notation_is_refused_and_the_jacobian_offered(text: str, shapes: str) -> None:
    with pytest.raises(AutodiffError) as caught:
        derivatives(text, read_shapes(shapes))
    assert caught.value.id == "no-notation"
    assert caught.value.exit_code == 2
    assert "autodiff jacobian" in caught.value.suggestion


def test_the_derivative_of_an_array_by_an_array_is_refused_and_the_hessian_offered() -> None:
    function = Function("s^2*(x @ x)", shapes={"x": (3,), "s": ()})
    for names, order, mixed in ((["x"], 2, False), (["x", "s"], 1, True)):
        with pytest.raises(AutodiffError) as caught:
            function.derivatives(names, order, mixed=mixed)
        assert caught.value.id == "no-notation"
        assert "autodiff hessian" in caught.value.suggestion


def test_higher_derivatives_by_a_number_have_a_notation() -> None:
    function = Function("s^2*(x @ x)", shapes={"x": (3,), "s": ()})
    assert function.derivatives(["s"], 2).text("s") == "2*(x @ x)"
    assert function.derivatives(["s", "x"], mixed=True).text("s,x") == "4*s*x"


def test_a_form_that_divides_by_zero_where_the_derivative_exists_says_so() -> None:
    notes = derivatives("det(X)", {"X": (3, 3)}).notes
    assert [note.message.partition(",")[0] for note in notes] == ["this form has no value where det(X) is 0"]
    assert not derivatives("log(det(X))", {"X": (3, 3)}).notes


def test_every_primitive_that_has_no_name_in_the_language_is_refused() -> None:
    from autodiff.graph.nodes import Graph
    from autodiff.graph.table import PRIMITIVES

    graph = Graph()
    a = graph.variable("A", shape=(3, 3))
    for name, payload in (("cofactors", ()), ("sum_to", ((3,),)), ("broadcast", ((2, 3, 3),))):
        with pytest.raises(AutodiffError):
            check_notation(graph, [graph.add(PRIMITIVES[name], (a,), payload=payload)], "")


def test_a_long_chain_and_a_deep_nest_of_arrays_are_no_recursion() -> None:
    depth = 400
    nest = "sum(" + "tanh(A @ " * depth + "x" + ")" * depth + ")"
    assert derivatives(nest, {"A": (2, 2), "x": (2,)}).is_long()
    product = "sum(" + "A @ " * depth + "x)"
    assert derivatives(product, {"A": (2, 2), "x": (2,)}).text("x") == "A.T @ " * depth + "ones(2)"
    inverses = "trace(" + "inv(A + " * 60 + "A" + ")" * 60 + ")"
    assert derivatives(inverses, {"A": (2, 2)}).names == ("A",)


def test_a_formula_of_numbers_loads_nothing_of_arrays() -> None:
    program = (
        "import sys; from autodiff import Function; Function('x*sin(y)').derivatives();"
        "names = 'autodiff.symbolic.arrays', 'autodiff.symbolic.matrices', 'numpy';"
        "print([name for name in names if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "[]\n"
