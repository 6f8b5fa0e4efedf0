"""A backend for arrays of one kind of number, made of the backend for single ones."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import numpy

from autodiff.evaluate.arrays.reuse import reusing
from autodiff.evaluate.program import Backend, Kernel, Program, defined_kernel, last_uses
from autodiff.graph.nodes import ArrayConstant, Graph
from autodiff.graph.table import PRIMITIVES

POW = PRIMITIVES["pow"]


class ArrayBackend(Backend):
    """Numbers are computed by `scalars`, with the same digits as without arrays; arrays by kernels on whole arrays.

    `array_kernels` are those of the array primitives: they take a node's operands and its payload. `kernels` are those
    for what works entry by entry on arrays.
    """

    __slots__ = ("array_kernels", "dtype", "scalars")
    has_arrays = True

    def __init__(
        self,
        scalars: Backend,
        kernels: Mapping[str, Kernel],
        array_kernels: Mapping[str, Kernel],
        dtype: Any,
    ) -> None:
        super().__init__(kernels, self.constant)
        self.scalars = scalars
        self.array_kernels = array_kernels
        self.dtype = dtype

    def constant(self, payload: object) -> Any:
        if not isinstance(payload, ArrayConstant):
            return self.scalars.number(payload)
        if self.dtype is not object:
            return payload.entries
        result = numpy.empty(payload.entries.shape, dtype=object)
        result.ravel()[:] = [self.scalars.number(entry) for entry in payload.entries.ravel().tolist()]
        return result

    def kernel(self, graph: Graph, position: int) -> Kernel:
        primitive, operands, payload, _ = graph.nodes[position]
        if primitive.array is None:
            if all(graph.shapes[operand] == () for operand in operands):
                return self.scalars.kernel(graph, position)
            if primitive is POW and graph.number(operands[1]) == 2:
                square = self.kernels["square"]
                return lambda a, _: square(a)
            own = self.kernels.get(primitive.name)
            return own if own is not None else defined_kernel(primitive, self, len(operands))
        assert isinstance(payload, tuple), "a graph is computed when its shapes are known"
        return self.bound(self.array_kernels[primitive.name], payload, graph, position)

    def finished(self, graph: Graph, program: Program, results: Collection[int]) -> Program:
        """The program that keeps no array longer than it is needed, and writes over those that it needs no more."""
        program = program._replace(releases=last_uses(program, results))
        return program if self.dtype is object else reusing(graph, program)

    def own_numbers(self, value: Any) -> Any:
        """The value in numbers of the backend: NumPy's empty sums, and numbers of more digits, are none."""
        own = type(self.scalars.number(0))
        if not isinstance(value, numpy.ndarray):
            return value if isinstance(value, own) else self.scalars.number(value)
        entries = value.ravel().tolist()
        if all(isinstance(entry, own) for entry in entries):
            return value
        result = numpy.empty(value.shape, dtype=object)
        result.ravel()[:] = [entry if isinstance(entry, own) else self.scalars.number(entry) for entry in entries]
        return result

    def bound(self, kernel: Kernel, payload: tuple[Any, ...], graph: Graph, position: int) -> Kernel:
        """The kernel with a node's payload. It takes and gives numbers where shapes are ()."""
        operands = graph.nodes[position].operands
        some_numbers = any(graph.shapes[operand] == () for operand in operands)
        gives_number = graph.shapes[position] == ()
        dtype = self.dtype

        def run(*values: Any) -> Any:
            if some_numbers:
                values = tuple(numpy.asarray(value, dtype=dtype) for value in values)
            result = kernel(*values, *payload)
            if dtype is object:
                result = self.own_numbers(result)
            return result.item() if gives_number and isinstance(result, numpy.ndarray | numpy.generic) else result

        return run


def entry_kernels(scalars: Backend, dtype: Any) -> dict[str, Kernel]:
    """The kernels of single numbers, applied to each entry of arrays in turn."""

    def lifted(name: str) -> Kernel:
        def kernel(*operands: Any) -> Any:
            own = scalars.kernels.get(name) or defined_kernel(PRIMITIVES[name], scalars, len(operands))
            return numpy.asarray(numpy.frompyfunc(own, len(operands), 1)(*operands)).astype(dtype)

        return kernel

    return {name: lifted(name) for name, row in PRIMITIVES.items() if row.array is None and not row.constant}


def array_backend(
    scalars: Backend,
    kernels: Mapping[str, Kernel],
    linear_algebra: Mapping[str, Kernel],
    dtype: Any,
    reductions: Callable[[Callable[[str], Kernel]], Mapping[str, Kernel]],
) -> ArrayBackend:
    from autodiff.evaluate.arrays.arrangement import KERNELS as ARRANGEMENT

    return ArrayBackend(
        scalars,
        kernels,
        {**ARRANGEMENT, **reductions(lambda name: kernels[name]), **linear_algebra},
        dtype,
    )
