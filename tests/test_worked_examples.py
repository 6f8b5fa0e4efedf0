"""The formulas of five teaching notebooks: value, and every named node's value and adjoint, arrays included.

The pages in tests/notebooks show the same examples as a reader would type them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autodiff import Function
from autodiff.evaluate.trace import Trace, TraceNode

EXAMPLES = json.loads((Path(__file__).parent / "corpora" / "worked_examples.json").read_text(encoding="utf-8"))

# The stated numbers are JAX's, which rounds at every operation as we do, and computes tanh' by 1 - tanh^2, where we
# have a more exact form: the largest difference was 4.
MOST_ULPS = 8


def identified(examples: Iterable[dict[str, Any]]) -> list[Any]:
    return [
        pytest.param(example, id=f"{example['source']}: {example['program']} at {json.dumps(example['at'])}")
        for example in examples
    ]


def assert_agrees(computed: Any, stated: Any) -> None:
    """The same shape, and entry by entry the same number to a few units in the last place; a zero is a zero."""
    computed, stated = np.asarray(computed), np.asarray(stated, dtype=float)
    assert computed.shape == stated.shape
    assert (np.abs(computed - stated) <= np.where(stated == 0, 0, MOST_ULPS * np.spacing(np.abs(stated)))).all()


def named(trace: Trace) -> dict[str, TraceNode]:
    return {node.label: node for node in trace.nodes if node.label is not None}


@pytest.mark.parametrize("example", identified(EXAMPLES))
def test_the_value_and_every_named_node_are_those_of_the_notebook(example: dict[str, Any]) -> None:
    function, at = Function(example["program"]), example["at"]
    trace = function.trace(at)
    nodes = named(trace)
    assert_agrees(trace.value, example["value"])
    assert_agrees(function(at), example["value"])
    for name, value in example["values"].items():
        assert_agrees(nodes[name].value, value)


@pytest.mark.parametrize("example", identified(EXAMPLES))
def test_the_adjoint_of_every_name_is_that_of_the_notebook(example: dict[str, Any]) -> None:
    function, at = Function(example["program"]), example["at"]
    nodes, slopes = named(function.trace(at)), function.gradient(at, example["adjoints"])
    assert slopes.keys() == example["adjoints"].keys()
    for name, adjoint in example["adjoints"].items():
        assert_agrees(nodes[name].adjoint, adjoint)
        assert_agrees(slopes[name], adjoint)


def test_every_name_of_every_program_has_a_stated_value_and_adjoint() -> None:
    for example in EXAMPLES:
        function = Function(example["program"])
        assert example["values"].keys() == example["adjoints"].keys() == {*function.variables, *function.names}


def test_the_contributions_of_the_consumers_add_up_to_the_stated_adjoint() -> None:
    for example in EXAMPLES:
        trace = Function(example["program"]).trace(example["at"])
        for name, node in named(trace).items():
            if node.id != trace.output:
                received = [
                    contribution
                    for consumer in node.consumers
                    for operand, contribution in zip(
                        trace.nodes[consumer].operands, trace.nodes[consumer].contributions, strict=True
                    )
                    if operand == node.id and contribution is not None
                ]
                assert_agrees(sum(received, np.zeros(node.shape)), example["adjoints"][name])
