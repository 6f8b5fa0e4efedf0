"""How other calculators read a formula (tests/corpora/README.md), and where this language differs on purpose."""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from autodiff import AutodiffError, Function

CORPORA = Path(__file__).parent / "corpora"
SHARED = Path(__file__).parents[2] / "shared" / "corpora"  # with libqalculate's rows, which are under the GPL
LIBQALCULATE = "Qalculate/libqalculate"

Row = Mapping[str, str]


class Difference(NamedTuple):
    """Why this language refuses what another one evaluates, the error that it gives, and the formulas."""

    reason: str
    error: str
    expressions: tuple[str, ...]


DIFFERENCES = (
    Difference(
        "a function's operand needs parentheses: how far it goes without them, nobody agrees",
        "function-without-parentheses",
        (
            "sin asin .5",
            "asin sin-.5",
            "asin sin -0.5",
            "asin sin (-0.5)",
            "log e",
            "sqrt 100 + 7",
            "sqrt 100 * 7",
            "-sqrt 4",
            "sqrt 1",
            "sqrt 2",
            "sqrt 9",
            "sqrt 49",
            "sqrt 100",
            "sqrt 10000",
            "sqrt 1000000",
            "cbrt 0",
            "cbrt 27",
            "2.0(ln 5)",
            "5 (abs 4)",
            "abs 1",
            "2^abs 1",
            "sin 0",
            "sin pi",
            "cos 0",
            "cos 1",
            "asin 1",
            "acos 0",
            "cosh 0",
            "tanh 0",
            "asinh 0",
            "acosh 2",
            "atanh 0",
            "log10 100",
            "log10 1000",
            "log10 100000",
        ),
    ),
    Difference(
        "the same, and log is the natural logarithm here: fend's, which is the decimal one, is log10(...)",
        "function-without-parentheses",
        ("log 4", "log 100", "log 10000"),
    ),
    Difference(
        "sums of arrays, as NumPy has it: of several numbers it is sum([1, 2, 3])",
        "wrong-number-of-operands",
        (
            "2*sum(-1,2,3)+2",
            "2*sum(-1,2,-(-a))+2",
            "2*sum(1,2,3)*2",
            "sum(1,2,3)",
            "sum(1,2,3,4,5)",
            "sum(1,2,3,4,5,6)",
            "sum(1.1,2.2,3.3)",
            "sum(1.1,2.2,3.3,4.4,5.5,6.6)",
        ),
    ),
    Difference("the same: the second operand is the axis", "shape-mismatch", ("sum(1.1,2.2)",)),
    Difference(
        "no function of this language: it is mean([1, 2, 3])",
        "unknown-function",
        (
            "avg(1,2)",
            "avg(1,2,3)",
            "avg(1.1,2.2)",
            "avg(1.1,2.2,3.3)",
            "avg(1.1,2.2,3.3,4.4,5.5)",
            "avg(1.1,2.2,3.3,4.4,5.5,6.6)",
        ),
    ),
    Difference(
        "no functions of this language: floor, ceil and mod say the same, with their sign in no doubt",
        "unknown-function",
        ("frac(12.34) + trunc(12.34)",),
    ),
    Difference(
        "curly brackets don't group",
        "unexpected-character",
        ("((+1.0+2.0))-[({+3.0+4.0})]-(({+5.0+6.0}))-[({+7.0}+8.0)]-(({+9.0}+{0.0}))",),
    ),
    Difference(
        "a line end ends the statement unless the line ends with an operator: - 64 could be the next one",
        "unused-statement",
        ("\n2\n-\n64\n",),
    ),
)
DIFFERS = {expression: difference for difference in DIFFERENCES for expression in difference.expressions}

# Square brackets don't group: they make an array, here one of a single entry, which is the value.
ARRAYS_OF_ONE = {"([1.0-2.0]+(3.0-4.0)+[5.0-6.0])+[(7.0-8.0)+[9.0-0.0]]"}

# The angle is rounded to binary64 before its sine or cosine is taken: by less than its last bit, which remains.
ROUNDED_ANGLES = {
    "sin pi": math.pi,
    "sin (2pi)": 2 * math.pi,
    "sin (-pi)": math.pi,
    "cos (3pi/2)": 3 * math.pi / 2,
    "cos (5pi/2)": 5 * math.pi / 2,
    "cos (7pi/2)": 7 * math.pi / 2,
    "cos (-pi/2)": math.pi / 2,
    "cos (-5pi/2)": 5 * math.pi / 2,
    "cos (-1023pi/2)": 1023 * math.pi / 2,
    "sin (tau / 2)": math.pi,
    "tan (2pi)": 2 * math.pi,
}

# Rounded or cut off in the source's test, without a note in the corpus that says so.
FEWER_DIGITS = ("e", "(cos(2.41)/b)", "-sin(8)", "-(2^1.1)", "1^2/3*4-5+6")


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


OPEN_ROWS = read_rows(CORPORA / "syntax_open.csv")
SHARED_ROWS = read_rows(SHARED / "syntax.csv") if SHARED.exists() else []
LIBQALCULATE_ROWS = [row for row in SHARED_ROWS if row["source"].startswith(LIBQALCULATE)]
NEEDS_SHARED = pytest.mark.skipif(
    not SHARED.exists(), reason=f"{SHARED} is absent; its licence keeps libqalculate's rows out of the repository"
)


def parameters(rows: list[dict[str, str]]) -> list[Any]:
    """One parameter for each row, named by its source, line and formula."""
    return [
        pytest.param(row, id=f"{row['source'].split('/')[1]}:{row['line']} {row['expression'][:60]}") for row in rows
    ] or [pytest.param(None, id="absent")]


def evaluated(row: Row) -> float:
    """The value of a row's formula, at those of its source's variables that are in it."""
    values = json.loads(row["variables"] or "{}")
    function = Function(row["expression"], variables=values)
    value = function({name: value for name, value in values.items() if name in function.variables})
    return float(value.item()) if row["expression"] in ARRAYS_OF_ONE else value


def tolerance(row: Row) -> float:
    """As much as the digits that the source prints leave open; 1e-12 relative if it prints the value in full."""
    expected = Decimal(row["expected"])
    if row["expression"] in ROUNDED_ANGLES:
        return ROUNDED_ANGLES[row["expression"]] * 2.0**-52
    if row["note"].startswith("expected is rounded"):
        return 1e-10  # ten decimals
    if row["note"].startswith("6 significant digits"):
        return 10.0 ** (expected.adjusted() - 5)
    if row["expression"] in FEWER_DIGITS:
        exponent = expected.as_tuple().exponent
        assert isinstance(exponent, int)
        return 10.0**exponent
    return 1e-12 * abs(float(expected))


def assert_agrees(row: Row) -> None:
    if row["kind"] == "error":
        with pytest.raises(AutodiffError):
            evaluated(row)
    elif not math.isfinite(float(row["expected"])):
        assert str(evaluated(row)) == str(float(row["expected"]))
    else:
        assert abs(evaluated(row) - float(row["expected"])) <= tolerance(row)


def is_bare_call(expression: str) -> bool:
    """Whether a formula of the first list is nothing but a function and its operand, as in `sqrt 4`."""
    return expression in DIFFERENCES[0].expressions and re.fullmatch(r"\w+ \w+", expression) is not None


@pytest.mark.parametrize("row", parameters([row for row in OPEN_ROWS if row["expression"] not in DIFFERS]))
def test_a_formula_means_what_it_means_to_other_calculators(row: Row) -> None:
    assert_agrees(row)


@NEEDS_SHARED
@pytest.mark.parametrize("row", parameters(LIBQALCULATE_ROWS))
def test_a_formula_means_what_it_means_to_libqalculate(row: Row) -> None:
    assert_agrees(row)


@pytest.mark.parametrize("row", parameters([row for row in OPEN_ROWS if row["expression"] in DIFFERS]))
def test_a_formula_that_stands_in_the_list_is_refused_for_the_reason_there(row: Row) -> None:
    assert row["kind"] == "value"
    with pytest.raises(AutodiffError) as raised:
        evaluated(row)
    assert raised.value.id == DIFFERS[row["expression"]].error


@pytest.mark.parametrize("row", parameters([row for row in OPEN_ROWS if is_bare_call(row["expression"])]))
def test_what_is_suggested_for_a_function_without_parentheses_has_the_value_that_was_meant(row: Row) -> None:
    with pytest.raises(AutodiffError) as raised:
        evaluated(row)
    suggested = Function(raised.value.suggestion.removeprefix("write "))
    assert abs(suggested() - float(row["expected"])) <= tolerance(row)


def test_every_formula_in_the_lists_is_one_of_the_corpus() -> None:
    assert {*DIFFERS, *ROUNDED_ANGLES, *FEWER_DIGITS} <= {row["expression"] for row in OPEN_ROWS}


def test_the_copied_rows_are_all_but_those_of_libqalculate() -> None:
    assert not any(row["source"].startswith(LIBQALCULATE) for row in OPEN_ROWS)
    if SHARED.exists():
        assert [row for row in SHARED_ROWS if row not in LIBQALCULATE_ROWS] == OPEN_ROWS
