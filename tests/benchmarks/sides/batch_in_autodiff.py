"""Value and gradient in every row by autodiff: python batch_in_autodiff.py ENGINE"""

from __future__ import annotations

import sys
from typing import Any

from batch_side import Columns, serve

from autodiff import Function

ENGINE = sys.argv[1]


def run(task: dict[str, Any], columns: Columns) -> list[Any]:
    if ENGINE == "native":
        from autodiff.evaluate.batch.native.engine import COMPILED

        COMPILED.clear()
    names = task["names"]
    function = Function(task["formula"], variables=names)
    result = function.map(dict(zip(names, columns, strict=True)), engine=ENGINE)
    return [result.value, *(result.gradient[name] for name in names)]


serve(run, lambda column: column)
