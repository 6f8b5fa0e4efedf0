"""A formula in each form of code, run."""

from __future__ import annotations

import ast
import ctypes
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from autodiff.graph.compiler import compile_program, parser
from autodiff.graph.gradient import gradient
from autodiff.graph.nodes import Graph
from autodiff.graph.rules import apply_rule
from autodiff.graph.shapes import Shape
from autodiff.show.code import code
from autodiff.show.code.names import Names
from autodiff.show.code.sympy import RESERVED

COMPILER = shutil.which("cc")
FLAGS = ("-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-O1", "-fPIC", "-shared")
Result = tuple[Any, dict[str, Any]]


class Example(NamedTuple):
    """A formula's graph with its gradient."""

    text: str
    graph: Graph
    value: int
    slopes: dict[str, int]
    variables: list[str]

    def code(self, form: str, name: str = "f", comment: str | None = None) -> str:
        described = self.text if comment is None else comment
        return code(form, self.graph, self.value, self.slopes, self.variables, name, described)


def example(text: str, shapes: Mapping[str, Shape] | None = None, variables: Sequence[str] = ()) -> Example:
    """The formula and its gradient as the chain rule makes it, not simplified."""
    compiled = compile_program(parser().parse(text), text, frozenset(variables), shapes)
    wrt = dict(compiled.variables)
    step = gradient(compiled.graph, compiled.output, list(wrt.values()), with_edges=False)
    zero = step.graph.constant(0)
    slopes = {name: step.adjoints.get(node, zero) for name, node in wrt.items()}
    return Example(text, step.graph, compiled.output, slopes, list(wrt))


def stated(text: str, **slopes: str) -> Example:
    """The formula with derivatives that somebody states, whose order of terms is known."""
    graph = Graph()
    positions = {name: graph.variable(name) for name in slopes}
    value = apply_rule(text, graph, positions)
    return Example(
        text,
        graph,
        value,
        {name: apply_rule(slope, graph, positions) for name, slope in slopes.items()},
        list(slopes),
    )


def function(text: str, name: str = "f") -> Callable[..., Any]:
    """The function that a piece of Python makes."""
    namespace: dict[str, Any] = {}
    exec(compile(text, "<code>", "exec"), namespace)
    made: Callable[..., Any] = namespace[name]
    return made


def imported(text: str) -> set[str]:
    """What a piece of Python imports."""
    tree = ast.parse(text)
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return names | {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def compiled_library(sources: Mapping[str, str], folder: Path) -> ctypes.CDLL:
    """One shared library of pieces of C, each in a file of its own as a user would have it. Warnings are errors."""
    assert COMPILER is not None
    files = []
    for name, text in sources.items():
        files.append(folder / f"{name}.c")
        files[-1].write_text(text, encoding="utf-8")
    library = folder / "library.so"
    command = [COMPILER, *FLAGS, *map(str, files), "-o", str(library), "-lm"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr[:4000]
    return ctypes.CDLL(str(library))


def run_c(library: ctypes.CDLL, name: str, slopes: Sequence[str], point: Sequence[float]) -> Result:
    call = getattr(library, name)
    call.restype = ctypes.c_double
    derivatives = (ctypes.c_double * max(len(slopes), 1))()
    value = call(*map(ctypes.c_double, point), derivatives)
    return value, dict(zip(slopes, derivatives, strict=False))


def run_sympy(text: str, point: Mapping[str, float]) -> Result:
    """What the snippet's value and derivatives are at a point, with 30 digits."""
    namespace: dict[str, Any] = {}
    exec(compile(text, "<code>", "exec"), namespace)

    symbols = {str(symbol): symbol for symbol in namespace.values() if isinstance(symbol, namespace["Symbol"])}
    identifiers = Names(point, RESERVED).variables
    at = {symbols[identifiers[name]]: namespace["Rational"](x) for name, x in point.items()}

    def number(expression: Any) -> float:
        return complex(expression.subs(at).evalf(30)).real

    return number(namespace["value"]), {name: number(slope) for name, slope in namespace["gradient"].items()}
