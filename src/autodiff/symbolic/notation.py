"""What has a notation: arrays written entry by entry, and the error for derivatives that no formula can show."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from autodiff.graph.nodes import ArrayConstant, Graph
from autodiff.graph.primitive import CONSTANT
from autodiff.graph.prune import needed
from autodiff.graph.table import PRIMITIVES
from autodiff.language.errors import AutodiffError
from autodiff.symbolic.constant_arrays import form_of_array, position_of_unit_vector
from autodiff.symbolic.domain import NONZERO, conditions
from autodiff.symbolic.exact import Exact
from autodiff.symbolic.forms import Application
from autodiff.symbolic.normal import Normal
from autodiff.symbolic.words import taken_apart

PROD, STACK = PRIMITIVES["prod"], PRIMITIVES["stack"]
MOST_LISTED = 16  # entries of an array that is written as a list, unless all are there


def in_entries(normal: Normal, form: int) -> int:
    """a*eye(3)[0] + b*eye(3)[2] -> [a, 0, b]; likewise with matrices of one entry."""
    shape = normal.shapes[form]
    if len(shape) not in (1, 2):
        return form
    sums: dict[tuple[int, ...], list[tuple[int, Exact]]] = {}
    for term, coefficient in normal.terms(form):
        scalar, array = taken_apart(normal, term)
        place = place_of_entry(normal, array)
        if place is None:
            return form
        sums.setdefault(place, []).append((scalar, coefficient))
    count = shape[0] * shape[-1] if len(shape) == 2 else shape[0]
    if count > MOST_LISTED and len(sums) < count:
        return form
    entries = {place: normal.sum_of(terms) for place, terms in sums.items()}
    if len(shape) == 1:
        return listed(normal, [entries.get((i,), normal.zero) for i in range(shape[0])])
    rows = [[entries.get((i, j), normal.zero) for j in range(shape[1])] for i in range(shape[0])]
    return matrix_of(normal, rows)


def place_of_entry(normal: Normal, array: int) -> tuple[int, ...] | None:
    """Where an array of zeros has its only 1; None for others."""
    if normal.is_application(array, "outer"):
        first, second = (position_of_unit_vector(normal, vector) for vector in normal.parts[array].operands)
        return None if first is None or second is None else (first, second)
    position = position_of_unit_vector(normal, array)
    return None if position is None else (position,)


def listed(normal: Normal, parts: Sequence[int]) -> int:
    """The entries as a vector; of whole numbers as a constant, which may have a name."""
    values = [normal.value(part) for part in parts]
    return constant(normal, values) if all_whole(values) else normal.applied(STACK, tuple(parts), (0,))


def matrix_of(normal: Normal, rows: Sequence[Sequence[int]]) -> int:
    values = [[normal.value(entry) for entry in row] for row in rows]
    if all(map(all_whole, values)):
        return constant(normal, values)
    parts = [normal.applied(STACK, tuple(row), (0,)) for row in rows]
    return normal.applied(STACK, tuple(parts), (0,))


def all_whole(values: Iterable[object]) -> bool:
    return all(isinstance(value, int) for value in values)


def constant(normal: Normal, values: Sequence[object]) -> int:
    import numpy

    return form_of_array(normal, ArrayConstant(numpy.array(values, dtype=numpy.float64)))


def narrowed(normal: Normal, typed: int, results: list[int]) -> list[int]:
    """Where the results divide by 0 and the derivatives exist nevertheless: det(A)*inv(A).T, prod(v)/v."""
    applied = [part for part in normal.parts if isinstance(part, Application)]
    multiplied = {operand for primitive, (operand, *_), _ in applied if primitive is PROD}
    gained = {form for kind, form in conditions(normal, results) - conditions(normal, [typed]) if kind == NONZERO}
    return sorted(form for form in gained if normal.is_application(form, "det") or form in multiplied)


def check_notation(graph: Graph, results: Iterable[int], expression: str) -> None:
    """Raises AutodiffError where a result needs an operation that the language has no word for."""
    wanted = needed(graph, results)
    for position, node in enumerate(graph.nodes):
        if not wanted[position] or node.primitive.array is None or not node.primitive.internal:
            continue
        shape, name = graph.shapes[position] or (), node.primitive.name
        is_filled = name == "broadcast" and graph.nodes[node.operands[0]].primitive is CONSTANT
        is_square = name == "diagonal_matrix" and shape[0] == shape[1]
        if not (is_filled or is_square or name == "diagonal"):
            raise without_notation("the derivative has no notation of matrix calculus", "jacobian", expression)


def check_repetition(
    graph: Graph, wrt: Mapping[str, int | None], order: int, mixed: Sequence[str], expression: str
) -> None:
    """Raises AutodiffError where an array, a first derivative, would be differentiated again."""
    names: Collection[str] = mixed[:-1] if mixed else wrt if order > 1 else ()
    for name in names:
        node = wrt[name]
        if node is not None and graph.shapes[node] != ():
            message = f"the derivative by '{name}' is an array, and its derivative has no notation of matrix calculus"
            raise without_notation(message, "hessian", expression)


def without_notation(message: str, command: str, expression: str) -> AutodiffError:
    return AutodiffError(
        "no-notation", message, suggestion=f"autodiff {command} ... gives the numbers", text=expression
    )
