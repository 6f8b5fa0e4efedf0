"""The JSON of a trace."""

from __future__ import annotations

import json

from autodiff import Function
from autodiff.show.json import json_trace


def content(text: str, **point: float) -> dict:
    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is not JSON")

    return json.loads(json_trace(Function(text).trace(point)), parse_constant=refuse)


def test_numbers_read_back_as_the_same_binary64() -> None:
    assert content("x", x=0.1 + 0.2)["value"] == 0.1 + 0.2
    assert str(content("x", x=-0.0)["value"]) == "-0.0"


def test_what_is_not_finite_is_a_string() -> None:
    result = content("x/y", x=1.0, y=0.0)
    assert (result["value"], result["gradient"]) == ("Infinity", {"x": "Infinity", "y": "-Infinity"})
    assert content("log(x)", x=-1.0)["value"] == "NaN"


def test_operands_come_first_and_adjoints_are_sums_of_products() -> None:
    nodes = content("h = sin(x)*y; h^2 + h*x", x=0.7, y=1.5)["nodes"]
    adjoints = dict.fromkeys(range(len(nodes)), 0.0)
    adjoints[nodes[-1]["id"]] = 1.0
    for node in reversed(nodes):
        assert abs(adjoints[node["id"]] - node["adjoint"]) <= 1e-15 * max(1, abs(node["adjoint"]))
        for operand, partial in zip(node["operands"], node["partials"], strict=True):
            assert operand < node["id"]
            adjoints[operand] += node["adjoint"] * partial


def test_text_of_any_script_survives_any_encoding() -> None:
    written = json_trace(Function("θ^2").trace({"θ": 1}))
    assert written.isascii()
    assert json.loads(written)["expression"] == "θ^2"


def test_notes_are_in_it() -> None:
    (note,) = content("abs(x)", x=0.0)["notes"]
    assert (note["id"], note["span"], note["node"]) == ("kink", [0, 6], 1)
