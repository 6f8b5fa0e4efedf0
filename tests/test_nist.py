"""Nonlinear regression of the NIST Statistical Reference Datasets: the residual sum of squares over columns of data.

What is compared with: the numbers that NIST certifies, and mpmath's evaluation of the models with 50 digits, which
shares nothing with this project's parser or backends. The bounds:

* Rounding. A residual is the data y less the model f, so it is off by units in the last place of |y| + |f|, and of the
  sum of |b df/db|, as the rounding of a term of f is like that of its parameter b. In the sum of squares this is
  multiplied by 2|residual|, in the gradient by 2|df/db|. ROUNDINGS is how many units the operations of a model, and of
  its derivative, are granted.
* The printed digits. NIST prints parameters with 11 digits. The gradient is zero at the minimum, and at the minimum
  rounded to 11 digits it is the Hessian times that rounding, half a unit of the 11th digit at most.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import mpmath
import numpy as np
import pytest
from mpmath import mp, mpf

from autodiff import Function

DATASETS = json.loads((Path(__file__).parent / "corpora" / "nist_strd.json").read_text(encoding="utf-8"))
BY_NAME = {dataset["name"]: dataset for dataset in DATASETS}
DIGITS = 50
ROUNDINGS = 8 * 2.0**-53  # the most that was needed is 2
EVERY = pytest.mark.parametrize("name", BY_NAME)
POINTS = ("start1", "start2", "certified")

# The sum of squares that NIST certifies is that of its parameters before they were rounded to 11 digits; where the
# residuals are as small as what that rounding changes, the printed parameters have another one.
RSS_NEEDS_MORE_DIGITS = {"Lanczos1": "its residuals are 1e-13, and 1e-11 is what the 11 printed digits leave"}

FUNCTIONS = {
    "exp": mpmath.exp,
    "cos": mpmath.cos,
    "sin": mpmath.sin,
    "arctan": mpmath.atan,
    "pi": mpmath.pi,
    "__builtins__": {},
}


class Reference(NamedTuple):
    """The sum of squares and its gradient by 50-digit differences, and for each what rounding may change."""

    value: Any
    gradient: list[Any]
    value_rounding: float
    gradient_rounding: list[float]


def program(dataset: Mapping[str, Any]) -> str:
    return f"r = {dataset['response']} - ({dataset['formula']}); sum(r^2)"


def point(dataset: Mapping[str, Any], start: str) -> dict[str, Any]:
    columns = np.array(dataset["data"], dtype=float).T
    parameters = {parameter["name"]: float(parameter[start]) for parameter in dataset["parameters"]}
    return {**dict(zip(dataset["columns"], columns, strict=True)), **parameters}


def names(dataset: Mapping[str, Any]) -> list[str]:
    return [parameter["name"] for parameter in dataset["parameters"]]


def value_and_gradient(name: str, start: str) -> tuple[float, list[float]]:
    dataset = BY_NAME[name]
    value, gradient = Function(program(dataset)).value_and_gradient(point(dataset, start), names(dataset))
    return value, list(gradient.values())


def modelled(dataset: Mapping[str, Any], parameters: Mapping[str, Any]) -> list[Any]:
    """The model at every row of the data, by Python's own parser and mpmath's functions."""
    code = compile(dataset["formula"], dataset["name"], "eval")
    rows = (dict(zip(dataset["columns"], map(mpf, row), strict=True)) for row in dataset["data"])
    return [eval(code, FUNCTIONS, {**row, **parameters}) for row in rows]


def sum_of_squares(dataset: Mapping[str, Any], model: list[Any]) -> Any:
    responses = [mpf(row[dataset["columns"].index(dataset["response"])]) for row in dataset["data"]]
    return mp.fsum((response - value) ** 2 for response, value in zip(responses, model, strict=True))


@cache
def reference(name: str, start: str) -> Reference:
    """Central differences with a relative step of 1e-16: exact to some 30 digits."""
    dataset = BY_NAME[name]
    responses = np.array([float(row[dataset["columns"].index(dataset["response"])]) for row in dataset["data"]])
    with mp.workdps(DIGITS):
        at = {parameter["name"]: mpf(parameter[start]) for parameter in dataset["parameters"]}
        model = modelled(dataset, at)
        gradient, slopes = [], []
        for parameter, value in at.items():
            step = value * mpf("1e-16")
            above = modelled(dataset, {**at, parameter: value + step})
            below = modelled(dataset, {**at, parameter: value - step})
            gradient.append((sum_of_squares(dataset, above) - sum_of_squares(dataset, below)) / (2 * step))
            slopes.append([float((high - low) / (2 * step)) for high, low in zip(above, below, strict=True)])
        values = np.array([float(value) for value in model])
        effects = np.abs(np.array(slopes).T * [float(value) for value in at.values()]).sum(axis=1)
        sizes = np.abs(responses) + np.abs(values) + effects
        rounding = ROUNDINGS * float(2 * np.abs(responses - values) @ sizes)
        roundings = ROUNDINGS * 2 * np.abs(slopes) @ sizes
        return Reference(sum_of_squares(dataset, model), gradient, rounding, roundings.tolist())


def half_unit(digits: str) -> Any:
    """Half a unit of the last digit of a number as NIST prints it.

    >>> float(half_unit("-2.5235058043E+03"))
    5e-08
    """
    mantissa, exponent = digits.split("E")
    return mpf(10) ** (int(exponent) - len(mantissa.partition(".")[2])) / 2


@EVERY
@pytest.mark.parametrize("start", POINTS)
def test_value_and_gradient_agree_with_50_digit_differences(name: str, start: str) -> None:
    value, gradient = value_and_gradient(name, start)
    expected = reference(name, start)
    assert abs(value - expected.value) <= expected.value_rounding
    for slope, true, rounding in zip(gradient, expected.gradient, expected.gradient_rounding, strict=True):
        assert abs(slope - true) <= rounding


@EVERY
def test_the_value_at_the_certified_parameters_is_the_certified_one_to_all_its_digits(name: str) -> None:
    certified = BY_NAME[name]["certified_rss"]
    value, _ = value_and_gradient(name, "certified")
    with mp.workdps(DIGITS):
        agrees = abs(value - mpf(certified)) <= half_unit(certified)
    assert agrees == (name not in RSS_NEEDS_MORE_DIGITS)


@pytest.mark.parametrize("name", RSS_NEEDS_MORE_DIGITS)
def test_a_sum_that_needs_more_digits_than_are_printed_is_certified_at_the_minimum_itself(name: str) -> None:
    dataset = BY_NAME[name]
    with mp.workdps(DIGITS):
        minimum = dict(zip(names(dataset), map(mpf, minimum_of(dataset)), strict=True))
        expected = sum_of_squares(dataset, modelled(dataset, minimum))
        assert abs(expected - mpf(dataset["certified_rss"])) <= half_unit(dataset["certified_rss"])
        assert reference(name, "certified").value > 1e4 * expected


@EVERY
def test_the_gradient_at_the_certified_parameters_is_zero_to_the_rounding_of_their_digits(name: str) -> None:
    dataset = BY_NAME[name]
    _, gradient = value_and_gradient(name, "certified")
    hessian = hessian_at_certified(dataset)
    half_units = [float(half_unit(parameter["certified"])) for parameter in dataset["parameters"]]
    bound = np.abs(hessian) @ half_units + reference(name, "certified").gradient_rounding
    assert (np.abs(gradient) <= bound).all()


@EVERY
def test_that_gradient_is_the_hessian_times_the_distance_to_the_minimum(name: str) -> None:
    """A test of the Hessian too. What is left is rounding, and the third derivative times the square of 1e-11."""
    dataset = BY_NAME[name]
    _, gradient = value_and_gradient(name, "certified")
    with mp.workdps(DIGITS):
        distance = [
            float(mpf(parameter["certified"]) - mpf(minimum))
            for parameter, minimum in zip(dataset["parameters"], minimum_of(dataset), strict=True)
        ]
    hessian = hessian_at_certified(dataset)
    left = np.abs(gradient - hessian @ distance)
    assert (left <= reference(name, "certified").gradient_rounding + 1e-7 * np.abs(hessian) @ np.abs(distance)).all()


def minimum_of(dataset: Mapping[str, Any]) -> list[str]:
    minimum: list[str] = dataset["computed_50_digits"]["refined_minimum"]["params"]
    return minimum


def hessian_at_certified(dataset: Mapping[str, Any]) -> Any:
    blocks = Function(program(dataset)).hessian(point(dataset, "certified"), names(dataset))
    return np.array([[blocks[row][column] for column in names(dataset)] for row in names(dataset)])


@EVERY
def test_the_file_states_what_mpmath_computes(name: str) -> None:
    for start in POINTS:
        stated, computed = BY_NAME[name]["computed_50_digits"][start], reference(name, start)
        numbers = [computed.value, *computed.gradient]
        with mp.workdps(DIGITS):
            for digits, number in zip([stated["rss"], *stated["grad_rss"]], numbers, strict=True):
                assert abs(number - mpf(digits)) <= mpf("1e-16") * abs(number)


@EVERY
def test_a_dataset_is_whole_and_its_degrees_of_freedom_are_rows_less_parameters(name: str) -> None:
    """NIST's page prints 9 for Rat43: 15 rows less 4 parameters are 11, as its residual standard deviation has it."""
    dataset = BY_NAME[name]
    degrees = dataset["degrees_of_freedom"]
    assert len(dataset["data"]) == dataset["n_obs"]
    assert degrees == dataset["n_obs"] - len(dataset["parameters"])
    with mp.workdps(DIGITS):
        deviation = mp.sqrt(mpf(dataset["certified_rss"]) / degrees)
        assert abs(deviation - mpf(dataset["certified_residual_sd"])) <= 2 * half_unit(dataset["certified_residual_sd"])
