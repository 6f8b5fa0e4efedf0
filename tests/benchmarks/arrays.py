"""Value and gradient of two array programs, beside NumPy written by hand and beside HIPS autograd, in one process.

    python tests/benchmarks/arrays.py

The first is Rosenbrock's function in 1,000,000 variables, as one line of slices. The second is a network of two layers:
1,000 rows of 1,000 inputs, 1,000 units with tanh, 1,000 outputs, the sum of squared errors, and its gradient by both
matrices of weights and both biases. The formulas are compiled before; what is timed is the call that everybody makes,
`Function.value_and_gradient`. All three are checked to give the same numbers. The sides take turns, and each round
gives a ratio, so that other work on the machine disturbs all alike; shown are the medians.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from statistics import median
from typing import Any, NamedTuple

import numpy
from report import machine, markdown_table, verdict

from autodiff import Function

HAND_TARGET, AUTOGRAD_TARGET = 1.5, 1.0
Side = Callable[[], tuple[Any, list[Any]]]


class Contest(NamedTuple):
    """One program, by its sides: each gives the value and the derivatives, in the same order."""

    name: str
    ours: Side
    by_hand: Side
    autograd: Side | None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15, help="how often the sides take turns")
    rounds: int = parser.parse_args().rounds
    print(f"{machine()}, NumPy {numpy.__version__}")
    print(f"medians of {rounds} rounds\n")
    rows: list[tuple[str, ...]] = []
    for contest in (rosenbrock(1_000_000), network(1_000)):
        rows += contest_rows(contest, rounds)
    print(markdown_table(("value and gradient", "ms", "our time / its time", "target", ""), rows))


def contest_rows(contest: Contest, rounds: int) -> list[tuple[str, ...]]:
    sides = {"autodiff": contest.ours, "NumPy by hand": contest.by_hand}
    if contest.autograd is not None:
        sides["HIPS autograd"] = contest.autograd
    check(sides)
    times: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, side in sides.items():
            started = time.perf_counter()
            side()
            times[name].append(time.perf_counter() - started)
    rows = []
    for name, seconds in times.items():
        ratios = [ours / its for ours, its in zip(times["autodiff"], seconds, strict=True)]
        ratio = round(median(ratios), 2)
        target = {"NumPy by hand": HAND_TARGET, "HIPS autograd": 1 / AUTOGRAD_TARGET}.get(name)
        compared = ("", "", "") if target is None else (f"{ratio:.2f}", f"at most {target:g}", verdict(ratio <= target))
        rows.append((f"{contest.name}: {name}", f"{median(seconds) * 1e3:.1f}", *compared))
    if contest.autograd is None:
        rows.append((f"{contest.name}: HIPS autograd", "not installed", "", "", ""))
    return rows


def check(sides: dict[str, Side]) -> None:
    """All sides give the same value and derivatives, but for their rounding."""
    value, slopes = sides["NumPy by hand"]()
    for name, side in sides.items():
        other, others = side()
        numpy.testing.assert_allclose(other, value, rtol=1e-12, err_msg=name)
        for expected, slope in zip(slopes, others, strict=True):
            numpy.testing.assert_allclose(slope, expected, rtol=1e-9, atol=1e-9 * abs(expected).max(), err_msg=name)


def rosenbrock(count: int) -> Contest:
    x = numpy.random.default_rng(1).standard_normal(count)
    function = Function("sum(100*(x[1:] - x[:-1]^2)^2 + (1 - x[:-1])^2)")

    def ours() -> tuple[Any, list[Any]]:
        value, slopes = function.value_and_gradient({"x": x})
        return value, [slopes["x"]]

    def by_hand() -> tuple[Any, list[Any]]:
        step, rest = x[1:] - x[:-1] ** 2, 1 - x[:-1]
        slope = numpy.zeros_like(x)
        slope[:-1] = -400 * x[:-1] * step - 2 * rest
        slope[1:] += 200 * step
        return numpy.sum(100 * step**2 + rest**2), [slope]

    def traced(np: Any) -> Callable[..., Any]:
        return lambda x: np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)

    return Contest(f"Rosenbrock, {count:,} variables", ours, by_hand, with_autograd(traced, [x]))


def network(size: int) -> Contest:
    random = numpy.random.default_rng(2)
    inputs, targets = random.standard_normal((size, size)), random.standard_normal((size, size))
    first, second = (random.standard_normal((size, size)) / size**0.5 for _ in range(2))
    bias, last_bias = random.standard_normal(size), random.standard_normal(size)
    function = Function("h = tanh(X @ W + b); o = h @ V + c; sum((o - T)^2)")
    point = {"X": inputs, "T": targets, "W": first, "b": bias, "V": second, "c": last_bias}
    names = ["W", "b", "V", "c"]

    def ours() -> tuple[Any, list[Any]]:
        value, slopes = function.value_and_gradient(point, names)
        return value, [slopes[name] for name in names]

    def by_hand() -> tuple[Any, list[Any]]:
        hidden = numpy.tanh(inputs @ first + bias)
        error = hidden @ second + last_bias - targets
        outer = 2 * error
        inner = (outer @ second.T) * (1 - hidden**2)
        slopes = [inputs.T @ inner, inner.sum(axis=0), hidden.T @ outer, outer.sum(axis=0)]
        return numpy.sum(error**2), slopes

    def traced(np: Any) -> Callable[..., Any]:
        def loss(weights: Any, bias: Any, last_weights: Any, last_bias: Any) -> Any:
            hidden = np.tanh(np.dot(inputs, weights) + bias)
            return np.sum((np.dot(hidden, last_weights) + last_bias - targets) ** 2)

        return loss

    operands = [first, bias, second, last_bias]
    return Contest(f"network, {size:,}x{size:,}", ours, by_hand, with_autograd(traced, operands))


def with_autograd(traced: Callable[[Any], Callable[..., Any]], operands: list[Any]) -> Side | None:
    """The side of HIPS autograd, None where it is not installed."""
    try:
        import autograd
        import autograd.numpy
    except ImportError:
        return None
    function = autograd.value_and_grad(traced(autograd.numpy), argnum=tuple(range(len(operands))))

    def side() -> tuple[Any, list[Any]]:
        value, slopes = function(*operands)
        return value, list(slopes)

    return side


if __name__ == "__main__":
    main()
