"""A verdict for people, as lines for programs, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from autodiff.check.evidence import point_text
from autodiff.check.verdict import RIGHT, UNDECIDED, WRONG, Counterexample, Diagnosis, Verdict
from autodiff.show.diagnostics import underlined, visible
from autodiff.show.json import SCHEMA, json_note

if TYPE_CHECKING:
    from autodiff.symbolic.steps import Steps

STYLES = {RIGHT: "bold green", WRONG: "bold red", UNDECIDED: "bold yellow"}


def headline(verdict: Verdict, *, hint: bool = False) -> str:
    """The verdict and its evidence in one line."""
    example = verdict.counterexample
    if verdict.verdict == WRONG and example is not None:
        entry, colon, _ = verdict.how.partition(": ")
        if entry.startswith("d/d") and colon:  # of several entries
            return f"{entry}, {example_text(example)}" if not hint else f"{entry}, at {point_text(example.at)}"
        return f"at {point_text(example.at)}" if hint and example.at else example_text(example)
    return verdict.how


def example_text(example: Counterexample) -> str:
    """`at x = 2: expected 1.2, yours -0.8`"""
    values = f"expected {example.expected}, yours {example.got}"
    return f"at {point_text(example.at)}: {values}" if example.at else values


def verdict_lines(verdict: Verdict, *, hint: bool = False) -> list[str]:
    """Lines of a name, a tab and what there is: verdict, how, counterexample, and a line for each diagnosis."""
    lines = [f"verdict\t{verdict.verdict}", f"how\t{verdict.how}"]
    if verdict.counterexample is not None:
        lines.append(f"counterexample\t{headline(verdict, hint=hint).removeprefix('at ')}")
    if hint:
        return [*lines, *(f"hint\t{visible(text)}" for text in hints(verdict))]
    return [*lines, *(f"diagnosis\t{each.rule}\t{visible(each.message)}" for each in verdict.diagnoses)]


def hints(verdict: Verdict) -> list[str]:
    """Where to look, of a wrong answer."""
    if verdict.verdict != WRONG:
        return []
    places = list(dict.fromkeys(each.hint for each in verdict.diagnoses if each.hint))
    if not places and not verdict.order:
        return ["put in a number, and compare both step by step"]
    return places or ["differentiate step by step, and compare each step"]


def print_verdict(verdict: Verdict, *, hint: bool, colour: bool, width: int) -> None:
    """The verdict with its evidence; under it what went wrong, with the part of the function underlined."""
    from rich.console import Console
    from rich.text import Text

    console = Console(no_color=not colour, highlight=False, width=width)

    def line(text: Text) -> None:
        if colour:
            console.print(text, soft_wrap=True)
        else:
            print(text.plain)

    separator = ", " if verdict.verdict == RIGHT else ": "
    line(Text.assemble((verdict.verdict, STYLES[verdict.verdict]), separator, visible(headline(verdict, hint=hint))))
    if hint:
        for text in hints(verdict):
            line(Text(f"  {visible(text)}"))
        return
    if len(verdict.diagnoses) > 1:
        line(Text("one of these gives exactly this answer:", style="dim"))
    for each in verdict.diagnoses:
        for text in diagnosis_lines(verdict, each):
            line(text)


def diagnosis_lines(verdict: Verdict, each: Diagnosis) -> Iterator[Any]:
    """The part of the function that a diagnosis concerns, underlined, and its sentence."""
    from rich.text import Text

    if each.span is not None:
        formula, carets = underlined(verdict.function, each.span)
        yield Text(formula)
        yield Text(carets, style="red")
    yield Text(f"  {visible(each.message)}")


def json_verdict(verdict: Verdict, steps: Sequence[Steps] | None = None) -> str:
    """`schema, function, variable, order, answer, verdict, how, points, digits, counterexample, diagnoses, notes,
    correct`, in this order; and the `steps` of the right derivation, if they are given."""
    example = verdict.counterexample
    derivation = {} if steps is None else {"steps": json_steps(steps)}
    return json.dumps(
        {
            "schema": SCHEMA,
            "function": verdict.function,
            "variable": verdict.variable,
            "order": verdict.order,
            "answer": verdict.answer,
            "verdict": verdict.verdict,
            "how": verdict.how,
            "points": verdict.points,
            "digits": verdict.digits,
            "counterexample": None if example is None else json_counterexample(example),
            "diagnoses": [json_diagnosis(each) for each in verdict.diagnoses],
            "notes": [json_note(note) for note in verdict.notes],
            "correct": verdict.correct,
            **derivation,
        },
        allow_nan=False,
    )


def json_steps(steps: Sequence[Steps]) -> list[Any]:
    from autodiff.show.steps_json import steps_objects

    return steps_objects(steps)


def json_counterexample(example: Counterexample) -> dict[str, Any]:
    return {"at": dict(example.at), "expected": example.expected, "got": example.got}


def json_diagnosis(each: Diagnosis) -> dict[str, Any]:
    span = None if each.span is None else list(each.span)
    return {"rule": each.rule, "message": each.message, "span": span, "node": each.node}
