"""`autodiff check`: whether an answer is right, how that is known, and what went wrong."""

# Not `from __future__ import annotations`: Typer would have to evaluate each annotation again, twice.
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from autodiff.check.question import CONSTANT, FACTOR, Interval, Question
from autodiff.check.verdict import RIGHT, UNDECIDED, WRONG, Verdict
from autodiff.cli.formula import read_formula
from autodiff.cli.interval import read_interval
from autodiff.cli.notes import print_notes
from autodiff.cli.options import File, Formula, Json, NoColor
from autodiff.cli.points import read_names, split_at_commas
from autodiff.cli.steps import print_derivations
from autodiff.cli.terminal import colour_wanted, terminal_width
from autodiff.language.builder import plain_name
from autodiff.language.errors import LIMIT, AutodiffError

if TYPE_CHECKING:
    from autodiff.symbolic.steps import Steps

TELLING = ("not-simplified", "different-form", "domain")  # notes with more than a hint in them
EXIT_CODES = {RIGHT: 0, WRONG: 1, UNDECIDED: LIMIT}


def check(
    context: typer.Context,
    formula: Formula = None,
    answer: Annotated[
        str | None,
        typer.Option(
            help="The answer: a formula, a number with --at, or entries as x: 2x, y: 1; - reads standard input.",
            metavar="ANSWER",
            show_default=False,
        ),
    ] = None,
    wrt: Annotated[
        str | None, typer.Option(help="The variable to differentiate by, if there are several.", metavar="NAME")
    ] = None,
    order: Annotated[int, typer.Option(help="How often to differentiate.", min=1, metavar="N")] = 1,
    mixed: Annotated[
        list[str] | None, typer.Option(help="A mixed derivative, by these names in turn: x,y.", metavar="NAMES")
    ] = None,
    at: Annotated[
        list[str] | None,
        typer.Option(
            help="The point at which the answer is a number: x=2,y=pi/4.", metavar="NAME=VALUE", show_default=False
        ),
    ] = None,
    equal: Annotated[
        bool, typer.Option("--equal", help="Compare the two formulas; nothing is differentiated.")
    ] = False,
    up_to: Annotated[
        str | None, typer.Option(help="constant or factor: by what a right answer may differ.", metavar="WHAT")
    ] = None,
    assume: Annotated[
        list[str] | None, typer.Option(help='What holds of the variables: "x > 0".', metavar="CONDITION")
    ] = None,
    domain: Annotated[
        list[str] | None, typer.Option(help="Where a variable is: x=0:10.", metavar="NAME=LOW:HIGH")
    ] = None,
    tolerance: Annotated[
        float | None,
        typer.Option(
            help="The relative error that a number may have; without it, one of three digits or more may be rounded.",
            min=0,
        ),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="An answer without a value where the derivative has one is wrong.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Random points come from it.", metavar="N")] = 0,
    hint: Annotated[bool, typer.Option("--hint", help="Say where to look, and not what is right.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Show the right derivation, too.")] = False,
    json: Json = False,
    no_color: NoColor = False,
    file: File = None,
) -> int:
    """Whether an answer is the derivative, how that is known, and which wrong rule gives it.

    \b
    autodiff check "x^2*sin(x)" --answer "2x*cos(x)"
    autodiff check "exp(x^3)" --order 2 --answer "9x^4*exp(x^3) + 6x*exp(x^3)"
    autodiff check "sin(x)" --at x=pi/3 --answer 0.5
    autodiff check "x^2*y" --answer "x: 2x*y, y: x^2"
    autodiff check "(x+1)^2" --equal --answer "x^2 + 2x + 1"
    autodiff check "x^3/3" --wrt x --equal --up-to constant --answer "x^3/3 + c"

    A right answer is proved, or agrees at points to 50 digits. A wrong one has a counterexample, and the wrong rules
    that give exactly this answer, with the part of the function that they were applied to.
    Exit codes: 0 right, 1 wrong, 2 a formula, answer or option that means nothing, 5 undecided, or a limit.
    """
    text = read_formula(context, formula or [], file)
    if hint and (json or explain):
        what = "--json has" if json else "--explain shows"
        raise AutodiffError("usage", f"{what} the answer, which --hint doesn't", suggestion="leave one of them out")
    names = read_names(mixed) or ()
    refuse_combinations(wrt, names, equal, up_to, at, answer, strict, order)
    question = Question(
        function=text,
        variable=None if wrt is None else plain_name(wrt.strip()),
        order=order,
        mixed=tuple(names),
        equal=equal,
        up_to=up_to or "",
        assume=tuple(part for option in assume or () for part in split_at_commas(option)),
        domain=tuple(map(read_domain, domain or ())),
        at=None if at is None else tuple(read_values(at)),
        tolerance=tolerance,
        strict=strict,
        seed=seed,
    )
    from autodiff.check.check import check_answer

    verdict = check_answer(question, read_answer_text(answer))
    from autodiff.show.verdict import json_verdict, print_verdict, verdict_lines

    if json:
        print(json_verdict(verdict, steps_of(question, verdict) if explain else None))
    elif sys.stdout.isatty():
        print_verdict(verdict, hint=hint, colour=colour_wanted(no_color), width=terminal_width())
    else:
        print("\n".join(verdict_lines(verdict, hint=hint)))
    if explain and not json:
        print()
        print_notes(print_derivations(steps_of(question, verdict), text, "text", no_color))
    print(end="", flush=True)
    print_notes(
        [note for note in verdict.notes if not hint or note.id not in ("not-simplified", "different-form", "domain")]
    )
    return EXIT_CODES[verdict.verdict]


def refuse_combinations(
    wrt: str | None,
    mixed: Iterable[str],
    equal: bool,
    up_to: str | None,
    at: list[str] | None,
    answer: str | None,
    strict: bool,
    order: int,
) -> None:
    """Raises AutodiffError for options that don't go together."""
    problem = ""
    if answer is None:
        problem, hint = "there is no answer", 'give it, as in --answer "2x"'
    elif up_to not in (None, CONSTANT, FACTOR):
        problem, hint = f"an answer can't be right up to '{up_to}'", f"write {CONSTANT} or {FACTOR}"
    elif mixed and wrt is not None:
        problem, hint = "--wrt and --mixed can't both be given", "give one of them"
    elif equal and order > 1:
        problem, hint = "--equal differentiates nothing, so --order means nothing", "leave one of them out"
    elif mixed and equal:
        problem, hint = "--equal differentiates nothing, so --mixed means nothing", "leave one of them out"
    elif strict and up_to is not None:
        problem, hint = "--strict means nothing with --up-to", "leave one of them out"
    elif at is not None and up_to is not None:
        problem, hint = "a number is right or wrong as it is: --up-to does not go with --at", "leave one of them out"
    if problem:
        raise AutodiffError("usage", problem, suggestion=hint)


def read_answer_text(answer: str | None) -> str:
    if answer == "-":
        return sys.stdin.buffer.read().decode("utf-8", "surrogateescape")
    return answer or ""


def read_domain(option: str) -> Interval:
    """`x=0:10`, with `inf` for an end that is none. Raises AutodiffError."""
    name, low, high = read_interval(option, "--domain", endless=True)
    if not name:
        raise AutodiffError("bad-value", f"'{option}' is for no variable", suggestion="write it as --domain x=0:10")
    return Interval(name, low, high)


def read_values(options: Iterable[str]) -> list[tuple[str, str]]:
    """The values as they are written, which may be formulas: `x=pi/4`. Raises AutodiffError."""
    values: dict[str, str] = {}
    for option in options:
        for pair in split_at_commas(option):
            written, equals, value = pair.partition("=")
            name = plain_name(written.strip())
            if not equals or not name.isidentifier() or not value.strip():
                raise AutodiffError(
                    "bad-value", f"'{pair.strip()}' gives no value to a name", suggestion="write it as --at x=0.4"
                )
            if name in values:
                raise AutodiffError("value-given-twice", f"'{name}' is given two values", suggestion="give it one")
            values[name] = value.strip()
    return list(values.items())


def steps_of(question: Question, verdict: Verdict) -> "list[Steps]":
    """The right derivation; none where nothing is differentiated."""
    if question.equal:
        return []
    from autodiff.function import Function

    names = list(question.mixed) or verdict.variable.split(",")
    function = Function(question.function, variables=names, stabilise=False)
    return function.steps(names, 1 if question.mixed else question.order, mixed=bool(question.mixed))
