"""Value and gradient in every row by HIPS autograd."""

from __future__ import annotations

from typing import Any

import autograd
import autograd.numpy
from batch_side import Columns, serve

FUNCTIONS = {name: getattr(autograd.numpy, name) for name in ("sqrt", "exp", "log", "sin", "cos", "tan", "tanh")}
FUNCTIONS["ln"] = FUNCTIONS["log"]
FUNCTIONS |= {"asin": autograd.numpy.arcsin, "acos": autograd.numpy.arccos, "arcsin": autograd.numpy.arcsin}
FUNCTIONS["pi"] = autograd.numpy.pi


def run(task: dict[str, Any], columns: Columns) -> list[Any]:
    formula = eval(f"lambda {', '.join(task['names'])}: {task['formula']}", dict(FUNCTIONS))
    pull_back, value = autograd.make_vjp(lambda columns: formula(*columns))(tuple(columns))
    return [value, *pull_back(autograd.numpy.ones_like(value))]


serve(run, lambda column: column)
