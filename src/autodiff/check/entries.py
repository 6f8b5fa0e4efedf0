"""Answers with several entries of a gradient: `x: 2x, y: 1`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from autodiff.check.question import Question
from autodiff.check.reading import CLOSING, OPENING
from autodiff.check.verdict import RIGHT, UNDECIDED, WRONG, Diagnosis, Verdict
from autodiff.language.builder import plain_name
from autodiff.language.errors import AutodiffError, Note

ENTRY = re.compile(r"\s*(?:[d∂]\s*/\s*[d∂]\s*)?([^\W\d]\w*)\s*:(?!=)")
PERMUTED, WRONG_VARIABLE = "gradient-entries-permuted", "wrong-variable"


def entries_of(answer: str) -> dict[str, str] | None:
    """The formulas by name; None for an answer that has no names. Raises AutodiffError for a name given twice.

    >>> entries_of("x: 2x, y: max(x, 1)")
    {'x': '2x', 'y': 'max(x, 1)'}
    """
    if not ENTRY.match(answer):
        return None
    entries: dict[str, str] = {}
    for part in parts_of(answer):
        named = ENTRY.match(part)
        if named is None:
            raise AutodiffError(
                "bad-value", f"'{part.strip()}' is for no variable", suggestion="write entries as x: 2x, y: 1"
            )
        name = plain_name(named[1])
        if name in entries:
            raise AutodiffError("value-given-twice", f"'{name}' is given two answers", suggestion="give it one")
        entries[name] = part[named.end() :].strip()
    return entries


def parts_of(text: str) -> list[str]:
    """What stands between the commas, or semicolons, that are in no brackets."""
    parts, depth, start = [], 0, 0
    for index, character in enumerate(text):
        depth += (character in OPENING) - (character in CLOSING)
        if character in ",;\n" and depth == 0:
            parts.append(text[start:index])
            start = index + 1
    return [part for part in (*parts, text[start:]) if part.strip()]


def check_entries(question: Question, answer: str, entries: Mapping[str, str]) -> Verdict:
    """One verdict on all entries: wrong if one is, right if all are. Raises AutodiffError."""
    from autodiff.check.check import check_answer
    from autodiff.check.problem import problem_of

    if question.variable is not None or question.mixed or question.equal:
        raise AutodiffError(
            "usage", "an answer with several entries is one for all variables", suggestion="leave out --wrt"
        )
    names = tuple(problem_of(replace(question, variable=next(iter(entries)))).compiled.variables)
    missing = [name for name in names if name not in entries]
    if missing:
        raise AutodiffError("missing-value", f"there is no answer for '{missing[0]}'", suggestion="give all entries")
    verdicts = {name: check_answer(replace(question, variable=name), text) for name, text in entries.items()}
    states = [verdict.verdict for verdict in verdicts.values()]
    state = WRONG if WRONG in states else UNDECIDED if UNDECIDED in states else RIGHT
    worst = next((name, verdict) for name, verdict in verdicts.items() if verdict.verdict == state)
    how = (
        worst[1].how
        if state == RIGHT and len({v.how for v in verdicts.values()}) == 1
        else f"d/d{worst[0]}: {worst[1].how}"
    )
    if state == RIGHT and "d/d" in how:  # the weakest evidence
        name, verdict = next((n, v) for n, v in verdicts.items() if v.how != "proved")
        how = f"d/d{name}: {verdict.how}"
    return Verdict(
        function=question.function,
        variable=",".join(entries),
        order=question.order,
        answer=answer,
        verdict=state,
        how=how,
        points=min(verdict.points for verdict in verdicts.values()),
        digits=min((v.digits for v in verdicts.values() if v.digits is not None), default=None),
        counterexample=worst[1].counterexample,
        diagnoses=diagnoses_of_entries(verdicts),
        notes=tuple(entry_note(name, note) for name, verdict in verdicts.items() for note in verdict.notes),
        correct=", ".join(f"{name}: {verdict.correct}" for name, verdict in verdicts.items()),
    )


def diagnoses_of_entries(verdicts: Mapping[str, Verdict]) -> tuple[Diagnosis, ...]:
    """Those of all entries; first whether right entries stand in each other's places."""
    wrong = {name: verdict for name, verdict in verdicts.items() if verdict.verdict == WRONG}
    found = [
        each._replace(message=f"d/d{name}: {each.message}", teacher=f"d/d{name}: {each.teacher}")
        for name, verdict in wrong.items()
        for each in verdict.diagnoses
    ]
    if len(wrong) > 1 and all(any(d.rule == WRONG_VARIABLE for d in verdict.diagnoses) for verdict in wrong.values()):
        places = " and ".join(f"d/d{name}" for name in wrong)
        message = f"the entries {places} are right, and stand in each other's places"
        return (Diagnosis(PERMUTED, message, "gradient entries permuted"),)
    return tuple(found)


def entry_note(name: str, note: Note) -> Note:
    return note._replace(message=f"d/d{name}: {note.message}")
