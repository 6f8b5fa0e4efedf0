"""A value and its derivatives as a function that imports only NumPy.

A formula of numbers becomes a function of arrays of points, with the numbers of IEEE 754: both sides of a choice are
computed, and one is taken. A formula of arrays becomes a function of arrays of just those shapes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from keyword import kwlist

from autodiff.graph.nodes import ArrayConstant, Graph
from autodiff.graph.primitive import VARIABLE
from autodiff.graph.prune import needed
from autodiff.graph.shapes import Shape
from autodiff.show.code.dialect import COMPARED, COMPUTED, Dialect, Text, negative, nested_calls
from autodiff.show.code.library import functions, library, words
from autodiff.show.code.names import Names
from autodiff.show.code.numpy_arrays import array_constant, array_text
from autodiff.show.code.python_syntax import (
    assignments,
    constant,
    function_text,
    integer_power,
    introduction,
    module_text,
    returned,
    with_point,
)
from autodiff.show.code.writing import Written, written

SAME_NAME = (
    *("sin", "cos", "tan", "sinh", "cosh", "tanh", "exp", "expm1", "exp2", "log", "log1p", "log2", "log10", "sqrt"),
    *("cbrt", "hypot", "abs", "sign", "floor", "ceil", "degrees", "radians", "mod", "logaddexp"),
)
INVERSE = {name: f"arc{name[1:]}" for name in ("asin", "acos", "atan", "atan2", "asinh", "acosh", "atanh")}
OWN = (
    *("root", "sigmoid", "logit", "sinc", "sinc_slope", "erf", "erfc", "gamma", "lgamma", "digamma", "polygamma"),
    *("erfi", "lambertw", "beta"),
)
CALLS = {
    **{name: f"numpy.{name}" for name in SAME_NAME},
    **{name: f"numpy.{function}" for name, function in INVERSE.items()},
    **{name: f"_{name}" for name in OWN},
    "round": "numpy.rint",
}
DEFINITIONS = {**COMPUTED, "sech": "1/cosh(x)", "csch": "1/sinh(x)", "softplus": "logaddexp(0, x)"}
RESERVED = {*kwlist, "numpy", "float", "ValueError", *(name for name, _ in functions("numpy.py"))}


def numpy_code(
    graph: Graph,
    value: int,
    slopes: Mapping[str, int],
    variables: Sequence[str],
    name: str = "f",
    comment: str = "",
) -> str:
    """A function of `variables` that returns the value and a dictionary with the derivatives.

    `value` and `slopes` are nodes of the graph, by the variables' names. Raises AutodiffError for what has no form.
    """
    names = Names(variables, RESERVED)
    function = Names([name], RESERVED).variables[name]
    result = written(graph, value, slopes, NUMPY, names)
    used = needed(graph, [value, *slopes.values()])
    if any(shape != () for position, shape in enumerate(graph.shapes) if used[position]):
        numbers = {name for name, node in slopes.items() if graph.shapes[node] == ()}
        opening, result = for_arrays(result, names, shapes_of_variables(graph), numbers)
    else:
        opening, result = for_points(result, names)
    lines = [*assignments(result), *returned(result, with_point(result.value))]
    if any("numpy.where" in line for line in lines):
        lines = ['with numpy.errstate(all="ignore"):', *(f"    {line}" for line in lines)]
    body = [*introduction(comment, names), *opening, *lines]
    code = function_text(function, list(names.variables.values()), body)
    return module_text("numpy", [*library("numpy.py", words(code)), code])


def shapes_of_variables(graph: Graph) -> dict[str, Shape]:
    pairs = zip(graph.nodes, graph.shapes, strict=True)
    return {str(node.payload): shape or () for node, shape in pairs if node.primitive is VARIABLE}


def for_arrays(
    result: Written, names: Names, shapes: Mapping[str, Shape], numbers: Collection[str]
) -> tuple[list[str], Written]:
    """What makes arrays of the parameters, and the results: a derivative of 0 has the shape of its variable."""
    known = [(identifier, shapes[name]) for name, identifier in names.variables.items() if name in shapes]
    opening = [line for identifier, shape in known for line in checked(identifier, shape)]
    filled = {name for name in result.slopes if name in numbers and shapes.get(name)}
    slopes = {
        name: alike(names.variables[name], text) if name in filled else text for name, text in result.slopes.items()
    }
    return opening, result._replace(slopes=slopes)


def for_points(result: Written, names: Names) -> tuple[list[str], Written]:
    """What makes arrays of points of the parameters, and the results: what is the same at all points is so at each."""
    if not names.variables:
        return [], result
    identifiers = list(names.variables.values())
    slopes = {
        name: alike(identifiers[0], text) if text in result.fixed else text for name, text in result.slopes.items()
    }
    value = alike(identifiers[0], result.value) if result.value in result.fixed else result.value
    return [as_points(identifiers)], result._replace(value=value, slopes=slopes)


def checked(name: str, shape: Shape) -> list[str]:
    """A parameter as an array of just this shape: the code is for no other."""
    return [
        f"{name} = numpy.asarray({name}, dtype=float)",
        f"if {name}.shape != {shape}:",
        f'    raise ValueError("{name} must {f"have the shape {shape}" if shape else "be a number"}")',
    ]


def as_points(names: Sequence[str]) -> str:
    """The parameters as arrays of one shape, an entry for each point."""
    if len(names) == 1:
        return f"{names[0]} = numpy.asarray({names[0]}, dtype=float)"
    all_names = ", ".join(names)
    return f"{all_names} = numpy.broadcast_arrays(*(numpy.asarray(values, dtype=float) for values in ({all_names})))"


def alike(name: str, text: Text) -> Text:
    """A number for every entry of a parameter."""
    return Text(f"numpy.full_like({name}, {with_point(text).text})")


def choice(condition: Text, a: Text, b: Text) -> Text:
    return Text(f"numpy.where({condition.text}, {with_point(a).text}, {with_point(b).text})")


def as_number(text: Text) -> Text:
    return Text(f"numpy.where({text.text}, 1.0, 0.0)") if text.condition else text


def as_condition(text: Text) -> Text:
    return text if text.condition else Text(f"{text.within(COMPARED + 1)} != 0", COMPARED, condition=True)


def power(base: Text, exponent: Text) -> Text:
    return integer_power(base, exponent) or Text(f"numpy.power({with_point(base).text}, {exponent.text})")


def logical(function: str) -> Callable[..., Text]:
    return lambda *operands: Text(f"{function}({', '.join(o.text for o in operands)})", condition=True)


def constant_text(payload: object) -> Text:
    return array_constant(payload) if isinstance(payload, ArrayConstant) else constant(payload, "numpy")


NUMPY = Dialect(
    name="numpy",
    calls=CALLS,
    definitions=DEFINITIONS,
    written={
        "neg": negative,
        "pow": power,
        "and": logical("numpy.logical_and"),
        "or": logical("numpy.logical_or"),
        "not": logical("numpy.logical_not"),
        "min": nested_calls("numpy.minimum"),
        "max": nested_calls("numpy.maximum"),
    },
    constant=constant_text,
    number=as_number,
    condition=as_condition,
    choice=choice,
    array=array_text,
)
