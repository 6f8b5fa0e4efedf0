"""Models as people write them: a function of any dimension, a neural network, a mixture of densities.

Each is written a second time below, in mpmath, entry by entry; its gradient and its Hessian-vector product are
differences of that with 80 digits, exact to more than 30.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest
from mpmath import mp, mpf

from autodiff import Function

DIGITS = 80
STEP = mpf(10) ** -16
# Of the largest entry of an array: each is a sum of terms of that size with their roundings. 6e-16 was the most.
RELATIVE = 1e-14
DIFFERENCES = 1e-40  # what a difference of values of up to 1e4 with 80 digits is off by where the truth is 0

ROSENBROCK = "sum(100*(x[1:] - x[:-1]^2)^2 + (1 - x[:-1])^2)"
NETWORK = """
h = tanh(X @ W + b)
z = h @ V + c
-mean(sum(T*log_softmax(z), axis=1))
"""
NETWORK_BY_LOGSUMEXP = """
h = tanh(X @ W + b)
z = h @ V + c
mean(logsumexp(z, axis=1) - sum(T*z, axis=1))
"""
MIXTURE = """
log_density(m, S) = -(logdet(S) + sum((X - m).T*solve(S, (X - m).T), axis=0) + len(m)*log(2pi))/2
log_weight = log_softmax(a)
terms = [log_weight[0] + log_density(M[0], S[0]), log_weight[1] + log_density(M[1], S[1])]
sum(logsumexp(terms, axis=0))
"""

Arrays = Mapping[str, Any]


class Model(NamedTuple):
    """A program, a point, the names to differentiate by, and the same function of nested lists in mpmath."""

    program: str
    at: Arrays
    wrt: tuple[str, ...]
    mathematics: Callable[[Arrays], Any]


def rosenbrock(at: Arrays) -> Any:
    x = at["x"]
    return mp.fsum(100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2 for i in range(len(x) - 1))


def affine(rows: Any, weights: Any, bias: Any) -> list[list[Any]]:
    return [
        [mp.fsum(x * w[j] for x, w in zip(row, weights, strict=True)) + bias[j] for j in range(len(bias))]
        for row in rows
    ]


def cross_entropy(at: Arrays) -> Any:
    """The mean of -log(the probability of the row's class); T has a 1 in the class's column."""
    hidden = [[mp.tanh(entry) for entry in row] for row in affine(at["X"], at["W"], at["b"])]
    losses = []
    for logits, target in zip(affine(hidden, at["V"], at["c"]), at["T"], strict=True):
        total = mp.fsum(mp.exp(logit) for logit in logits)
        losses.append(-mp.log(mp.exp(logits[target.index(1)]) / total))
    return mp.fsum(losses) / len(losses)


def mixture_log_likelihood(at: Arrays) -> Any:
    """Bishop, Pattern Recognition and Machine Learning (2006), (9.14)."""
    total = mp.fsum(mp.exp(a) for a in at["a"])
    weights = [mp.exp(a) / total for a in at["a"]]
    inverses = [mp.matrix(covariance) ** -1 for covariance in at["S"]]
    scales = [mp.sqrt(mp.det(2 * mp.pi * mp.matrix(covariance))) for covariance in at["S"]]
    logarithms = []
    for row in at["X"]:
        densities = []
        for mean, inverse, scale in zip(at["M"], inverses, scales, strict=True):
            away = mp.matrix([x - m for x, m in zip(row, mean, strict=True)])
            densities.append(mp.exp(-(away.T * inverse * away)[0] / 2) / scale)
        logarithms.append(mp.log(mp.fsum(w * density for w, density in zip(weights, densities, strict=True))))
    return mp.fsum(logarithms)


def network(program: str, size_of_logits: float) -> Model:
    random = np.random.default_rng(1)
    at = {
        "X": random.normal(size=(5, 3)),
        "W": random.normal(size=(3, 4)),
        "b": random.normal(size=4),
        "V": size_of_logits * random.normal(size=(4, 3)),
        "c": random.normal(size=3),
        "T": np.eye(3)[[0, 2, 1, 1, 0]],
    }
    return Model(program, at, ("W", "b", "V", "c"), cross_entropy)


def mixture() -> Model:
    random = np.random.default_rng(2)
    roots = random.normal(size=(2, 3, 3))
    at = {
        "X": random.normal(size=(6, 3)),
        "a": random.normal(size=2),
        "M": random.normal(size=(2, 3)),
        "S": roots @ roots.transpose(0, 2, 1) + np.eye(3),
    }
    return Model(MIXTURE, at, ("a", "M", "S"), mixture_log_likelihood)


MODELS = {
    **{
        f"Rosenbrock in {dimension} dimensions": Model(
            ROSENBROCK, {"x": np.random.default_rng(dimension).normal(size=dimension)}, ("x",), rosenbrock
        )
        for dimension in (2, 3, 10, 30)
    },
    "a network with log_softmax": network(NETWORK, 1.0),
    "a network with logsumexp": network(NETWORK_BY_LOGSUMEXP, 1.0),
    "a network sure of its wrong answers": network(NETWORK, 1e4),
    "a Gaussian mixture": mixture(),
}
EVERY = pytest.mark.parametrize("name", MODELS)


class Reference(NamedTuple):
    value: Any
    gradient: dict[str, Any]
    hessian_times_vector: dict[str, Any]


def vector(model: Model) -> dict[str, Any]:
    random = np.random.default_rng(3)
    return {name: random.normal(size=model.at[name].shape) for name in model.wrt}


def moved(model: Model, name: str, index: tuple[int, ...], step: Any, along: Any) -> Any:
    """The model at the point plus `along` times the vector, with one entry moved by `step`."""
    directions = vector(model)
    at = {}
    for key, array in model.at.items():
        entries = np.vectorize(mpf, otypes=[object])(array)
        if key in directions:
            entries = entries + along * np.vectorize(mpf, otypes=[object])(directions[key])
        if key == name:
            entries[index] += step
        at[key] = entries.tolist()
    return model.mathematics(at)


@cache
def reference(name: str) -> Reference:
    model = MODELS[name]
    gradient = {key: np.zeros(model.at[key].shape, dtype=object) for key in model.wrt}
    product = {key: np.zeros(model.at[key].shape, dtype=object) for key in model.wrt}
    with mp.workdps(DIGITS):
        for key in model.wrt:
            for index in np.ndindex(model.at[key].shape):
                gradient[key][index] = (moved(model, key, index, STEP, 0) - moved(model, key, index, -STEP, 0)) / (
                    2 * STEP
                )
                corners = [
                    sign * along * moved(model, key, index, sign * STEP, along * STEP)
                    for sign in (1, -1)
                    for along in (1, -1)
                ]
                product[key][index] = mp.fsum(corners) / (4 * STEP**2)
        return Reference(moved(model, model.wrt[0], (0,), 0, 0), gradient, product)


def assert_agrees(computed: Any, true: Any) -> None:
    """Each entry, within RELATIVE of the largest, and what the differences themselves are off by."""
    assert np.shape(computed) == np.shape(true)
    largest = float(np.max(np.abs(true)))
    assert float(np.max(np.abs(np.asarray(computed, dtype=object) - true))) <= RELATIVE * largest + DIFFERENCES


@EVERY
def test_value_and_gradient_are_those_of_the_mathematics(name: str) -> None:
    model, expected = MODELS[name], reference(name)
    value, gradient = Function(model.program).value_and_gradient(model.at, model.wrt)
    assert_agrees(value, expected.value)
    for key in model.wrt:
        assert_agrees(gradient[key], expected.gradient[key])


@EVERY
def test_the_hessian_times_a_vector_is_that_of_the_mathematics(name: str) -> None:
    model, expected = MODELS[name], reference(name)
    product = Function(model.program).hvp(model.at, vector(model))
    for key in model.wrt:
        assert_agrees(product[key], expected.hessian_times_vector[key])


@EVERY
def test_the_whole_hessian_times_the_vector_is_the_same(name: str) -> None:
    model, expected = MODELS[name], reference(name)
    hessian, directions = Function(model.program).hessian(model.at, model.wrt), vector(model)
    for row in model.wrt:
        product = sum(
            np.tensordot(hessian[row][column], directions[column], directions[column].ndim) for column in model.wrt
        )
        assert_agrees(product, expected.hessian_times_vector[row])


def test_one_function_serves_every_dimension() -> None:
    function = Function(ROSENBROCK)
    for dimension in (2, 5, 1000):
        value, gradient = function.value_and_gradient(x=np.ones(dimension))  # the minimum
        assert value == 0
        assert gradient["x"].tolist() == [0.0] * dimension


def test_the_derivative_in_a_direction_is_the_gradient_times_it() -> None:
    model = MODELS["a network with log_softmax"]
    directions, expected = vector(model), reference("a network with log_softmax")
    _, slope = Function(model.program).jvp(model.at, directions)
    true = sum(np.sum(expected.gradient[key] * directions[key]) for key in model.wrt)
    assert abs(slope - true) <= RELATIVE * sum(
        np.sum(np.abs(expected.gradient[key] * directions[key])) for key in model.wrt
    )
