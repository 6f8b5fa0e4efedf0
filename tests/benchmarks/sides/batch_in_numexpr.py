"""Value and gradient in every row by numexpr, which is given our derivatives as text: it has none of its own."""

from __future__ import annotations

from typing import Any

import numexpr
from batch_side import Columns, serve


def run(task: dict[str, Any], columns: Columns) -> list[Any]:
    given = dict(zip(task["names"], columns, strict=True))
    return [numexpr.evaluate(text, local_dict=given, global_dict={}, disable_cache=True) for text in task["texts"]]


serve(run, lambda column: column)
