"""Products of vectors and matrices, determinants, inverses and linear systems (The Matrix Cookbook, chapter 2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from autodiff.graph.primitive import ArrayRule, Payload, Primitive
from autodiff.graph.shapes import Shape, ShapeError, allowed, broadcast_shape, shape_text, shapes_text

if TYPE_CHECKING:
    from autodiff.graph.terms import Term


WELL_CONDITIONED = 1e7  # beyond it the inverse has lost more digits than the polynomial loses
MOST_ROWS_AS_POLYNOMIAL = 8  # of a singular matrix, for the second derivative of its determinant


def unpaired(name: str, shapes: Sequence[Shape], what: str) -> ShapeError:
    return ShapeError(f"shapes don't match: {name} of {shapes_text(shapes)}", what)


def product_shape(shapes: Sequence[Shape], side: int | None = None) -> Shape:
    """NumPy's rule: vectors are a row on the left, a column on the right; axes before the last two broadcast."""
    a, b = shapes
    if not a or not b:
        raise unpaired("matmul", shapes, "@ multiplies vectors and matrices; write * for a number")
    inner = b[-2] if len(b) > 1 else b[0]
    if a[-1] != inner:
        raise unpaired("matmul", shapes, f"the last axis on the left has {a[-1]} entries, the one on the right {inner}")
    stack = broadcast_shape("matmul", (a[:-2], b[:-2])) or ()
    return allowed((*stack, *a[-2:-1], *(b[-1:] if len(b) > 1 else ())))


def plain_product(shapes: Sequence[Shape], parameters: Mapping[str, Any]) -> Payload:
    return (None,)


def as_matrices(d: Term, a: Term, b: Term) -> tuple[Term, Term, Term]:
    """A product's adjoint and operands with a row for the vector on the left, a column for the one on the right."""
    left, right = len(a.shape) == 1, len(b.shape) == 1
    full = list(d.shape)
    if right:
        full.append(1)
    if left:
        full.insert(len(full) - 1, 1)
    row = a.reshaped((1, *a.shape)) if left else a
    column = b.reshaped((*b.shape, 1)) if right else b
    return d.reshaped(tuple(full)), row, column


def left_share(d: Term, y: Term, a: Term, b: Term, side: int | None) -> Term:
    d, row, column = as_matrices(d, a, b)
    return (d @ column.swapped).summed_to(row.shape).reshaped(a.shape)


def right_share(d: Term, y: Term, a: Term, b: Term, side: int | None) -> Term:
    d, row, column = as_matrices(d, a, b)
    return (row.swapped @ d).summed_to(column.shape).reshaped(b.shape)


def dot_shape(shapes: Sequence[Shape]) -> Shape:
    a, b = shapes
    if len(a) > 2 or len(b) > 2 or not a or not b:
        raise unpaired("dot", shapes, "dot takes vectors and matrices; write * for a number")
    if a[-1] != b[0]:
        raise unpaired("dot", shapes, f"the last axis on the left has {a[-1]} entries, the first on the right {b[0]}")
    return product_shape(shapes)


def vectors(name: str, shapes: Sequence[Shape]) -> None:
    if any(len(shape) != 1 for shape in shapes):
        raise unpaired(name, shapes, f"{name} takes vectors")


def outer_shape(shapes: Sequence[Shape]) -> Shape:
    vectors("outer", shapes)
    return allowed((*shapes[0], *shapes[1]))


def cross_shape(shapes: Sequence[Shape]) -> Shape:
    vectors("cross", shapes)
    if shapes != [(3,), (3,)]:
        raise unpaired("cross", shapes, "cross takes vectors of 3 entries")
    return (3,)


def outer_product(a: Term, b: Term) -> Term:
    return a.reshaped((*a.shape, 1)) * b.reshaped((1, *b.shape))


def cross_product(a: Term, b: Term) -> Term:
    return turned(a, 1) * turned(b, 2) - turned(a, 2) * turned(b, 1)


def turned(a: Term, by: int) -> Term:
    """Entries 1, 2, 0 of a vector of three, or 2, 0, 1."""
    return a.entries([(by, 3 - by, 1)]).apply("concat", a.entries([(0, by, 1)]), payload=(0,))


def square(name: str) -> Any:
    def shape(shapes: Sequence[Shape]) -> Shape:
        if len(shapes[0]) != 2 or shapes[0][0] != shapes[0][1]:
            raise ShapeError(f"{name} needs a square matrix: {name} of {shape_text(shapes[0])}")
        return shapes[0]

    return shape


def number_of_square(name: str) -> Any:
    matrix = square(name)

    def shape(shapes: Sequence[Shape]) -> Shape:
        matrix(shapes)
        return ()

    return shape


def trace_shape(shapes: Sequence[Shape]) -> Shape:
    if len(shapes[0]) != 2:
        raise ShapeError(f"trace needs a matrix: trace of {shape_text(shapes[0])}")
    return ()


def solution_shape(shapes: Sequence[Shape]) -> Shape:
    matrix, right = shapes
    square("solve")([matrix])
    if len(right) not in (1, 2) or right[0] != matrix[0]:
        raise unpaired("solve", shapes, f"the right-hand side needs {matrix[0]} rows")
    return right


def inverse_share(d: Term, y: Term, a: Term) -> Term:
    return -(y.swapped @ d @ y.swapped)


def system_share(d: Term, y: Term, a: Term, b: Term) -> Term:
    """-a.T^-1 d y.T: the adjoint of b times the solution."""
    back = a.swapped.apply("solve", d)
    if len(b.shape) == 1:
        back, y = back.reshaped((*b.shape, 1)), y.reshaped((*b.shape, 1))
    return -(back @ y.swapped)


def cofactor_definition(a: Term) -> Term:
    """Up to 3x3 without dividing, so that it holds everywhere; beyond 8x8 where the matrix is not singular."""
    n = a.shape[0]
    if n == 0:
        return a
    if n == 1:
        return a * 0 + 1
    if n == 2:
        turned_round = a.entries([(1, 2, -1), (1, 2, -1)])
        return turned_round * a.array([[1, -1], [-1, 1]])
    if n == 3:
        first, second, third = (a.entries([row, (0, 3, 1)]) for row in range(3))
        rows = (cross_product(second, third), cross_product(third, first), cross_product(first, second))
        return rows[0].apply("stack", *rows[1:], payload=(0,))
    inverse = a.apply("inv")
    by_inverse = inverse.swapped * a.apply("det")
    if n > MOST_ROWS_AS_POLYNOMIAL:
        return by_inverse
    size, size_of_inverse = (matrix.apply("norm", payload=(2.0, (0, 1))) for matrix in (a, inverse))
    well_conditioned = (size * size_of_inverse).apply("lt", WELL_CONDITIONED)  # not where the inverse is not a number
    return well_conditioned.apply("where", by_inverse, polynomial_cofactors(a))


def polynomial_cofactors(a: Term) -> Term:
    """As sums of powers of the matrix (Faddeev and LeVerrier): they exist everywhere, but digits cancel in them."""
    n = a.shape[0]
    unit = a.array([[float(i == j) for j in range(n)] for i in range(n)])
    product = a
    for k in range(1, n):
        term = product - unit * product.apply("diagonal", payload=a.shape).summed((0,)) / k
        product = a @ term
    return term.swapped if n % 2 else -term.swapped


def diagonal_sum(a: Term) -> Term:
    return a.apply("diagonal", payload=a.shape).summed((0,))


def determinant_share(d: Term, y: Term, a: Term) -> Term:
    return d.broadcast(a.shape) * a.apply("cofactors")


def textbook_determinant_share(d: Term, y: Term, a: Term) -> Term:
    """Jacobi's formula (The Matrix Cookbook, 49): where the inverse exists."""
    return d.broadcast(a.shape) * y.broadcast(a.shape) * a.apply("inv").swapped


def logarithm_share(d: Term, y: Term, a: Term) -> Term:
    return d.broadcast(a.shape) * a.apply("inv").swapped


def right_side_share(d: Term, y: Term, a: Term, b: Term) -> Term:
    return a.swapped.apply("solve", d)


def matrix_product(a: Term, b: Term) -> Term:
    return a.apply("matmul", b, payload=(None,))


ROWS = (
    Primitive(
        "matmul(a, b)",
        array=ArrayRule(product_shape, plain_product, (left_share, right_share)),
        latex="#1 #2",
        doc="matrix product; written a @ b",
    ),
    Primitive(
        "dot(u, v)",
        array=ArrayRule(dot_shape, define=matrix_product),
        latex=r"#1 \cdot #2",
        doc="the sum of the products of the entries of two vectors; a product of matrices",
    ),
    Primitive(
        "outer(u, v)",
        array=ArrayRule(
            outer_shape,
            define=outer_product,
            textbook=(lambda d, y, a, b: d @ b, lambda d, y, a, b: d.swapped @ a),
        ),
        latex=r"#1 \otimes #2",
        doc="each entry of a vector times each of another",
    ),
    Primitive(
        "cross(u, v)",
        array=ArrayRule(
            cross_shape,
            define=cross_product,
            textbook=(lambda d, y, a, b: b.apply("cross", d), lambda d, y, a, b: d.apply("cross", a)),
        ),
        latex=r"#1 \times #2",
        doc="vector product of two vectors of 3 entries",
    ),
    Primitive(
        "trace(a)",
        array=ArrayRule(trace_shape, define=diagonal_sum),
        latex=r"\operatorname{tr}",
        doc="sum of the diagonal",
    ),
    Primitive(
        "det(a)",
        array=ArrayRule(number_of_square("det"), vjp=(determinant_share,), textbook=(textbook_determinant_share,)),
        latex=r"\det",
        doc="determinant",
    ),
    Primitive(
        "cofactors(a)",
        array=ArrayRule(square("cofactors"), define=cofactor_definition),
        latex=r"\operatorname{cof}",
        doc="derivative of det: det(a) times the transposed inverse, also where that does not exist",
        internal=True,
    ),
    Primitive(
        "logdet(a)",
        array=ArrayRule(number_of_square("logdet"), vjp=(logarithm_share,)),
        latex=r"\ln\det\left(#1\right)",
        doc="log(det(a)), without overflow",
        domain="det(a) > 0",
    ),
    Primitive(
        "inv(a)",
        array=ArrayRule(square("inv"), vjp=(inverse_share,)),
        latex="#1^{-1}",
        doc="inverse of a matrix",
        domain="det(a) != 0",
        aliases="inverse",
    ),
    Primitive(
        "solve(a, b)",
        array=ArrayRule(solution_shape, vjp=(system_share, right_side_share)),
        latex="#1^{-1} #2",
        doc="the x with a @ x = b, for a vector or several columns",
        domain="det(a) != 0",
    ),
)
