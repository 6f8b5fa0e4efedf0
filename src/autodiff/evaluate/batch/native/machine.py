"""The processor that code is made for, the libraries that it calls, and how text becomes code."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Any, NamedTuple

import llvmlite.binding as llvm

# Letters of the x86-64 vector ABI, whose names are those of glibc's libmvec: _ZGVeN8v_exp takes eight numbers.
WIDTHS = (("avx512f", "e", 8), ("avx2", "d", 4), ("sse2", "b", 2))
Code = Callable[..., int]


class Machine(NamedTuple):
    """What the compiler knows of the processor: the numbers in a vector, and the letter of the functions of vectors."""

    features: Any
    lanes: int
    letter: str
    has_fma: bool

    def has(self, function: str) -> bool:
        return llvm.address_of_symbol(function) is not None

    def vector_name(self, function: str, operands: int) -> str | None:
        """The name of the vector form of a function of libm, None if there is none."""
        name = f"_ZGV{self.letter}N{self.lanes}{'v' * operands}_{function}"
        return name if self.letter and self.has(name) else None

    def compiled(self, text: str, *, optimise: bool) -> tuple[Code, Any]:
        """The function `rows` of a module in LLVM's language, and what must live as long as it is called."""
        module = llvm.parse_assembly(text)
        target = llvm.Target.from_default_triple().create_target_machine(  # which the engine will own
            cpu=llvm.get_host_cpu_name(), features=self.features.flatten(), opt=2 if optimise else 0
        )
        module.triple, module.data_layout = llvm.get_default_triple(), str(target.target_data)
        engine = llvm.create_mcjit_compiler(module, target)
        engine.finalize_object()
        pointer = ctypes.c_void_p
        function = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64, pointer, pointer, pointer, pointer)
        return function(engine.get_function_address("rows")), engine


@cache
def this_machine() -> Machine:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    features = llvm.get_host_cpu_features()
    letter, lanes = next(((letter, lanes) for name, letter, lanes in WIDTHS if features.get(name)), ("", 2))
    for library in ("libm.so.6", "libmvec.so.1"):
        with suppress(RuntimeError):  # not Linux, or another C library
            llvm.load_library_permanently(library)
    return Machine(features, lanes, letter, bool(features.get("fma")))
