"""What all sides of the batch benchmark do: read a formula per line, time it over many rows, answer in JSON.

The time is from the formula's text to the value and all derivatives in memory: parsing, tracing and compiling included,
all caches of compiled code emptied before. The columns are there already, in the form that the side takes.
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy

Columns = list[Any]
SHOWN = 8  # rows whose results are compared


def compiled(formula: str, names: list[str], functions: Any) -> Callable[..., Any]:
    """The formula as a function of Python that calls those of a library."""
    known = {name: getattr(functions, name) for name in ("sqrt", "exp", "log", "sin", "cos", "tan", "tanh", "arcsin")}
    known |= {"ln": functions.log, "asin": functions.arcsin, "acos": functions.arccos, "pi": math.pi}
    made: Callable[..., Any] = eval(f"lambda {', '.join(names)}: {formula}", known)
    return made


def serve(run: Callable[[dict[str, Any], Columns], list[Any]], convert: Callable[[numpy.ndarray], Any]) -> None:
    """`run` computes the value and the derivatives, in the order of the names, from nothing but the formula."""
    kept: tuple[str, Columns] = ("", [])
    for line in sys.stdin:
        task = json.loads(line)
        if kept[0] != task["id"]:
            kept = ("", [])
            random = numpy.random.default_rng(1)
            columns = [random.uniform(0.8, 1.2, task["rows"]) * centre for centre in task["point"]]
            kept = (task["id"], [convert(column) for column in columns])
        started = time.perf_counter()
        results = run(task, kept[1])
        seconds = time.perf_counter() - started
        shown = [numpy.asarray(result[:SHOWN]).tolist() for result in results]
        del results
        print(json.dumps({"seconds": seconds, "shown": shown}), flush=True)
