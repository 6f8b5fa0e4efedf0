"""Formulas, values and gradients that nobody on this project wrote (tests/corpora/README.md names their sources).

The numbers are held to 1e-12 relative. Where the terms of a sum cancel, what is left can't be more accurate than the
largest of them: those cases stand in CANCELLATIONS, each with that term. What a row of triples.csv needs and this
language doesn't have stands in NEEDS_COMPLEX_NUMBERS and MISPRINTS.
"""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from autodiff import Function

CORPORA = Path(__file__).parent / "corpora"
SHARED = Path(__file__).parents[2] / "shared" / "corpora"  # with the files whose licence keeps them out of here
RELATIVE = 1e-12


class Case(NamedTuple):
    """A formula with the numbers that its source states, as it prints them."""

    id: str
    formula: str
    point: Mapping[str, str]
    value: str
    gradient: Mapping[str, str]


class Cancellation(NamedTuple):
    """Why terms cancel in a case, and the largest of them, as formulas: for the value, or the derivative by a name."""

    reason: str
    terms: Mapping[str, str]


# The coordinates by which it starts on the curve; by the others it starts on the other side.
ORTHREGE_ON_THE_CURVE = {"x": (2, 3, 9, 10), "y": (2, 3, 4, 5), "z": range(2, 11)}

CANCELLATIONS = {
    "cute/orthrege": Cancellation(
        "it starts on the curve: 2*(x - c) with x equal to c but for the last printed digit",
        {f"{axis}{i}": f"2*{axis}{i}" for axis, points in ORTHREGE_ON_THE_CURVE.items() for i in points}
        # The sine of 3.1415926535 is pi minus that: it knows no more than the last digit of 3.1415926535.
        | {"y6": "2*0.8*3.1415926535"},
    ),
    "feynman/test_12/134": Cancellation(
        "q*Volt*d/y^2 does not depend on epsilon: its two terms cancel", {"epsilon": "q*Volt*d/(epsilon*y^2)"}
    ),
    "mgh/Brown badly scaled": Cancellation("2*(1 - 2e-6) and -2", {"x2": "2"}),
    "mgh/Gaussian": Cancellation(
        "the residuals are symmetric about 0, where it starts: pairs of equal terms",
        {"x3": "2*(x1*exp(-x2/8) - 0.3521)*x1*exp(-x2/8)*x2/2"},
    ),
    "optimisation/Deb01": Cancellation(
        "the golden point is a zero of the sine, and the golden value the 52nd digit of pi to the sixth power",
        {"value": "1/2", "x1": "15*pi", "x2": "15*pi"},
    ),
    "triples/t01707": Cancellation("cos(v)^2 + sin(v)^2 is 1", {"v": "2*u^2*sin(v)*cos(v)*sin(u^2)"}),
    "triples/t01712": Cancellation("cos(u)^2 + sin(u)^2 is 1", {"u": "2*v^2*sin(u)*cos(u)*sin(v^2)"}),
    "triples/t02529": Cancellation("h cancels: the quotient is f", {"h": "f/h"}),
    "triples/t03320": Cancellation("sin(x)^5 is left near 0", {"x": "sin(x)"}),
    "triples/t03339": Cancellation("x^4*(1 - x)^20 is left near 0", {"x": "6*(1 - x)^22"}),
    "triples/t03848": Cancellation("x^5*exp(x^2) is left near 0", {"x": "2*x*exp(x^2)"}),
    "triples/t03855": Cancellation("4*sin(x - pi/4)^4 is left near pi/4", {"x": "2*sin(2*x)"}),
    "triples/t03875": Cancellation("tan(x)^7/7 is left near 0", {"value": "tan(x)"}),
    "triples/t03952": Cancellation(
        "x^5/3645 is left near 0: the first terms of the arc tangent cancel",
        {"value": "3/8*x/(9 + x^2)", "x": "3/8/(9 + x^2)"},
    ),
    "triples/t04056": Cancellation("x^4/4 is left near 0", {"value": "x^2/6"}),
    "triples/t04067": Cancellation("x^5*cosh(x) is left near 0", {"x": "120*x*cosh(x)"}),
    "triples/t04125": Cancellation("x^4/exp(x) is left near 0", {"x": "24/exp(x)"}),
    "triples/t04240": Cancellation("1/(x^5*(a^3 + x^3)) is left of partial fractions", {"x": "1/(a^6*x^2)"}),
    "triples/t04250": Cancellation(
        "log(x^5)/5 and log(a^5 + x^5)/5 over a^5, which is small beside x^5",
        {"value": "log(x)/a^5", "a": "5*log(x)/a^6", "x": "1/(x*a^5)"},
    ),
    "triples/t04270": Cancellation(
        "partial fractions, whose sum is small far from the poles", {"value": "10*log(3 + x)"}
    ),
    "triples/t04418": Cancellation("x^9/9 is left near 0", {"value": "35/128*x"}),
    "triples/t04485": Cancellation(
        "sin(x)^7/sin(2*x)^(7/2) is left near 0", {"x": "(sin(x) + cos(x))/sqrt(sin(2*x))/16"}
    ),
    "triples/t04603": Cancellation("x^3/exp(x/2) is left near 0", {"x": "48/exp(x/2)"}),
    "triples/t04630": Cancellation("sinh(x)^5/cosh(x) is left near 0", {"x": "2*cosh(x)*sinh(x)"}),
    "triples/t04693": Cancellation("x^6/6 and higher powers are left near 0", {"value": "x*atan(x)/2"}),
    "triples/t04711": Cancellation("x^6 and higher powers are left near 0", {"value": "3/4*x*asin(x)*sqrt(1 - x^2)"}),
    "triples/t04754": Cancellation("1/(a + b*exp(p*x))^2 is left of 1/a^2", {"x": "1/a^2"}),
    "triples/t04904": Cancellation("an identity: zero", {"value": "asech(x)", "x": "1/(x*sqrt(1 - x^2))"}),
    "triples/t04905": Cancellation("an identity: zero", {"value": "acsch(x)", "x": "1/(x*sqrt(1 + x^2))"}),
}

# An antiderivative that is real where it was tested, but computed by way of complex numbers. Here it is NaN, and a
# note says where that arose.
NEEDS_COMPLEX_NUMBERS = {
    "triples/t03490": "sqrt of -0.17",
    "triples/t03492": "sqrt of -0.53",
    "triples/t03505": "asec of 0.93",
    "triples/t03526": "sqrt of -24.2",
    "triples/t03530": "log of -4.01",
    "triples/t03545": "log of -1.825",
    "triples/t03608": "sqrt of -1.08",
    "triples/t03656": "sqrt of -0.771",
    "triples/t04157": "log of -0.669",
    "triples/t04208": "log of -5.3",
    "triples/t04293": "sqrt of -0.741",
    "triples/t04726": "asec of 0.511",
    "triples/t04730": "(-0.144374",  # to the power 1.5
    "triples/t04792": "atanh of 1.00000004",
    "triples/t04808": "sqrt of -1.009",
    "triples/t04903": "asec of 0.113",
    "triples/t04906": "asec of 0.436",
}

# The numbers belong to another formula than the one that is printed: to this one.
MISPRINTS = {
    "triples/t03817": "r*x/sqrt(-a^2 - e^2 + 2*1.141*r^2)",  # exp(1) got the value of the variable e
}


def binary64(text: str) -> float:
    """The nearest number: of digits, of a fraction, or of a formula as some starting points have it."""
    try:
        return float(Fraction(text))
    except ValueError:
        return Function(text)()


def read_json(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((CORPORA / name).read_text(encoding="utf-8"))
    return rows


def read_triples(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def triple(row: Mapping[str, str]) -> Case:
    return Case(
        f"triples/{row['id']}",
        row["function"],
        json.loads(row["point"]),
        row["value_at_point"],
        json.loads(row["gradient"]),
    )


def started(corpus: str) -> list[Case]:
    """The problems of an optimisation corpus at the points where the search starts."""
    return [
        Case(
            f"{corpus}/{row['name']}",
            row["expression"],
            dict(zip(row["variables"], row["start"], strict=True)),
            row["f_start"],
            dict(zip(row["variables"], row["grad_start"], strict=True)),
        )
        for row in read_json(f"{corpus}.json")
    ]


FEYNMAN = [
    Case(f"feynman/{row['id']}/{number}", row["formula"], row["point"], row["value"], row["gradient"])
    for number, row in enumerate(read_json("feynman.json"), 1)
]
OPTIMISATION = [
    Case(
        f"optimisation/{row['name']}",
        row["expression"],
        row["golden_point"],
        row["golden_value"],
        dict(zip(row["variables"], row["golden_gradient"], strict=True)),
    )
    for row in read_json("optimisation.json")
]
CLASSICS = [
    Case(
        f"ad_classics/{row['name']}",
        row["expression"],
        row.get("point_decimal", row["point"]),
        row["value"],
        row["gradient"],
    )
    for row in read_json("ad_classics.json")
]
ADBENCH = [
    Case(f"adbench/{row['name']} {digits}", row["expression"], row["variables"], row[value], row[gradient])
    for row in read_json("adbench.json")
    for digits, value, gradient in (
        ("as published", "expected_value", "expected_gradient"),
        ("to 50 digits", "value_50_digits", "gradient_50_digits"),
    )
]
OPEN_TRIPLES = read_triples(CORPORA / "triples_open.csv")
OPEN_CASES = [
    *FEYNMAN,
    *started("cute"),
    *started("mgh"),
    *OPTIMISATION,
    *CLASSICS,
    *ADBENCH,
    *map(triple, OPEN_TRIPLES),
]
SHARED_TRIPLES = read_triples(SHARED / "triples.csv") if SHARED.exists() else []
OPEN_IDS = {row["id"] for row in OPEN_TRIPLES}
SHARED_CASES = [triple(row) for row in SHARED_TRIPLES if row["id"] not in OPEN_IDS]
CASES = {case.id: case for case in [*OPEN_CASES, *SHARED_CASES]}
EXCEPTIONS = NEEDS_COMPLEX_NUMBERS.keys() | MISPRINTS.keys()
NEEDS_SHARED = pytest.mark.skipif(
    not SHARED.exists(), reason=f"{SHARED} is absent; its licences keep these rows out of the repository"
)


def parameters(cases: list[Case]) -> list[Any]:
    return [pytest.param(case, id=case.id) for case in cases if case.id not in EXCEPTIONS] or [
        pytest.param(None, id="absent")
    ]


def listed(ids: Iterable[str]) -> list[Any]:
    """The cases with these ids; those of the shared corpus are skipped where it is absent."""
    return [pytest.param(id, marks=() if id in CASES else NEEDS_SHARED, id=id) for id in sorted(ids)]


def largest_term(case: Case, quantity: str, at: Mapping[str, float]) -> float:
    """The largest of the terms that cancel, 0 where none do."""
    cancellation = CANCELLATIONS.get(case.id)
    if cancellation is None or quantity not in cancellation.terms:
        return 0.0
    term = Function(cancellation.terms[quantity], variables=at)
    return abs(term({name: at[name] for name in term.variables}))


def assert_agrees(case: Case, formula: str) -> None:
    """`formula` has the value and the gradient of the case; by a name that is not in it the derivative is zero."""
    at = {name: binary64(text) for name, text in case.point.items()}
    function = Function(formula, variables=at)
    value, gradient = function.value_and_gradient({name: at[name] for name in function.variables})
    computed = {**dict.fromkeys(at, 0.0), **gradient, "value": value}
    stated = {**case.gradient, "value": case.value}
    wrong = {
        quantity: (computed[quantity], text)
        for quantity, text in stated.items()
        if not abs(computed[quantity] - (expected := binary64(text)))
        <= RELATIVE * max(abs(expected), largest_term(case, quantity, at))
    }
    assert not wrong


@pytest.mark.parametrize("case", parameters(OPEN_CASES))
def test_value_and_gradient_are_those_that_the_source_states(case: Case) -> None:
    assert_agrees(case, case.formula)


@NEEDS_SHARED
@pytest.mark.parametrize("case", parameters(SHARED_CASES))
def test_value_and_gradient_are_those_of_the_triples_that_cannot_be_copied(case: Case) -> None:
    assert_agrees(case, case.formula)


@pytest.mark.parametrize("id", listed(CANCELLATIONS))
def test_a_listed_cancellation_leaves_less_than_a_tenth_of_its_largest_term(id: str) -> None:
    case = CASES[id]
    at = {name: binary64(text) for name, text in case.point.items()}
    stated = {**case.gradient, "value": case.value}
    for quantity in CANCELLATIONS[id].terms:
        assert abs(binary64(stated[quantity])) < largest_term(case, quantity, at) / 10


@pytest.mark.parametrize("id", listed(NEEDS_COMPLEX_NUMBERS))
def test_a_formula_that_needs_complex_numbers_is_nan_and_says_where(id: str) -> None:
    case = CASES[id]
    at = {name: binary64(text) for name, text in case.point.items()}
    result = Function(case.formula, variables=at).evaluate(at)
    assert math.isnan(result.value)
    assert any(note.id == "not-finite" and NEEDS_COMPLEX_NUMBERS[id] in note.message for note in result.notes)


@pytest.mark.parametrize("id", listed(MISPRINTS))
def test_the_numbers_of_a_misprint_belong_to_the_other_formula(id: str) -> None:
    case = CASES[id]
    assert_agrees(case, MISPRINTS[id])
    with pytest.raises(AssertionError):
        assert_agrees(case, case.formula)


def test_the_copied_triples_are_those_whose_licence_allows_it() -> None:
    assert {row["licence"] for row in OPEN_TRIPLES} == {"MIT", "BSD-3", "Apache-2.0"}
    if SHARED.exists():
        assert [row for row in SHARED_TRIPLES if row["licence"] in ("MIT", "BSD-3", "Apache-2.0")] == OPEN_TRIPLES


def test_every_file_of_the_corpora_stands_in_their_readme_with_its_source() -> None:
    files = {path.name for path in CORPORA.iterdir()} - {"README.md"}
    assert files == set(re.findall(r"^\| (\w+\.\w+) \|", (CORPORA / "README.md").read_text(encoding="utf-8"), re.M))
