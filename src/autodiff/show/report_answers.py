"""One answer on a report: what was asked, what was given, how it is known to be wrong, and what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from html import escape

from autodiff.check.grade import GradedRow
from autodiff.check.question import CONSTANT, FACTOR, Question
from autodiff.check.verdict import WRONG, Diagnosis, Verdict
from autodiff.evaluate.numbers import shortest
from autodiff.language.errors import Span
from autodiff.language.excerpts import shortened
from autodiff.show.diagnostics import visible

FORMULA_CHARACTERS = 4000  # of a formula that are shown
HEADING_CHARACTERS = 200
SENTENCE_CHARACTERS = 600
NAME_CHARACTERS = 80
DIAGNOSES = 12  # of an answer that are listed
LONGEST_NAME = 1000  # characters beyond the cut in which a name that is left out may end
ERROR = "error"
UP_TO: Mapping[str, str] = {CONSTANT: "up to a constant", FACTOR: "up to a factor", "": ""}
ORDERS: Mapping[int, str] = {1: "derivative", 2: "second derivative", 3: "third derivative"}
Clean = Callable[[str], str]


def kind(row: GradedRow) -> str:
    """`right`, `wrong`, `undecided` or `error`."""
    return ERROR if row.verdict is None else row.verdict.verdict


def sentence(text: str) -> str:
    return escape(shortened(visible(text), SENTENCE_CHARACTERS))


def name_html(name: str) -> str:
    """A name apart from the direction of the text around it."""
    return f"<bdi>{escape(shortened(visible(name), NAME_CHARACTERS))}</bdi>"


def plain(text: str, most: int = FORMULA_CHARACTERS) -> str:
    """A formula as it was typed."""
    return f"<code>{escape(visible(text[:most]))}{cut_note(text, most)}</code>"


def marked(text: str, span: Span | None) -> str:
    """A formula with a part underlined, or the whole; of a long one what is near the part."""
    start, end = (0, len(text)) if span is None else (min(span.start, len(text)), min(span.end, len(text)))
    end = max(end, start + 1)
    first = 0 if min(end, start + FORMULA_CHARACTERS // 2) <= FORMULA_CHARACTERS else start - FORMULA_CHARACTERS // 4
    last = first + FORMULA_CHARACTERS
    pieces = [text[first:start], text[start : min(end, last)], text[min(end, last) : last]]
    before, inside, after = (escape(visible(piece)) for piece in pieces)
    note = cut_note(text, FORMULA_CHARACTERS)
    return f"<code>{'…' if first else ''}{before}<u>{inside}</u>{after}{note}</code>"


def cut_note(text: str, most: int) -> str:
    return f'<i class="cut">… ({len(text):,} characters in all)</i>' if len(text) > most else ""


def task(question: Question) -> str:
    """What was asked, in words."""
    return f"{task_verb(question)} {plain(question.function, HEADING_CHARACTERS)}{escape(conditions(question))}"


def task_verb(question: Question) -> str:
    if question.equal:
        return "equal to"
    if question.mixed:
        return "mixed derivative of"
    return f"{ORDERS.get(question.order, f'derivative of order {question.order}')} of"


def conditions(question: Question) -> str:
    by = question.mixed or ((question.variable,) if question.variable and not question.equal else ())
    at = [f"{name} = {value}" for name, value in question.at or ()]
    intervals = [f"{name} from {shortest(low)} to {shortest(high)}" for name, low, high in question.domain]
    parts = [
        f" by {', '.join(by)}" if by else "",
        f" at {', '.join(at)}" if at else "",
        f", {UP_TO.get(question.up_to, question.up_to)}" if question.up_to else "",
        f", where {', '.join(question.assume)}" if question.assume else "",
        f", for {', '.join(intervals)}" if intervals else "",
    ]
    return shortened(visible("".join(parts)), SENTENCE_CHARACTERS)


def answer_html(row: GradedRow, clean: Clean, without_names: bool) -> str:
    """Everything that is said of an answer that is not right, but for who gave it. The answer, and what is said in
    the words of others, pass through `clean`."""
    return "\n".join(answer_lines(row, clean, without_names))


def answer_lines(row: GradedRow, clean: Clean, without_names: bool) -> Iterator[str]:
    verdict, question = row.verdict, row.question
    if question is None and without_names:  # What was not understood may hold a name anywhere.
        yield f"<dl>{pair('Why', sentence(row.error.partition(':')[0]))}</dl>"
        return
    yield "<dl>"
    if question is not None:
        yield pair("Function", function_html(question, verdict))
    if row.answer.strip() or question is not None:
        yield pair("Answer", clean_formula(row.answer.strip(), clean) or "<i>nothing</i>")
    if verdict is None:
        yield pair("Why", sentence(clean(row.error)))
    else:
        yield pair("Right is", plain(verdict.correct)) if verdict.correct else ""
        yield pair("Differs" if verdict.verdict == WRONG else "Why", evidence(verdict, clean))
    yield "</dl>"
    if verdict is not None:
        if verdict.verdict == WRONG:
            yield from diagnosis_lines(verdict, clean)
        for note in verdict.notes:
            yield f'<p class="note">Note: {sentence(clean(note.message))}</p>'


def pair(name: str, content: str) -> str:
    return f"<dt>{name}</dt><dd>{content}</dd>"


def clean_formula(text: str, clean: Clean) -> str:
    """`text` cleaned as far as it is shown."""
    if not text:
        return ""
    shown = clean(text[: FORMULA_CHARACTERS + LONGEST_NAME])[:FORMULA_CHARACTERS]
    return f"<code>{escape(visible(shown))}{cut_note(text, FORMULA_CHARACTERS)}</code>"


def function_html(question: Question, verdict: Verdict | None) -> str:
    """Underlined where every diagnosis concerns the same part; parts that differ stand at each diagnosis."""
    spans = spans_of(verdict) if verdict is not None else set()
    return marked(question.function, spans.pop()) if len(spans) == 1 else plain(question.function)


def spans_of(verdict: Verdict) -> set[Span]:
    """The different parts of the function that the diagnoses concern; without one it is the whole."""
    whole = Span(0, len(verdict.function))
    return {diagnosis.span or whole for diagnosis in verdict.diagnoses}


def evidence(verdict: Verdict, clean: Clean) -> str:
    """In words: `at x = 2: expected 4, yours 2`."""
    found = verdict.counterexample
    if found is None:
        return sentence(clean(verdict.how))
    at = ", ".join(f"{name} = {value}" for name, value in found.at.items())
    return sentence(f"{f'at {at}' if at else 'everywhere'}: expected {found.expected}, yours {found.got}")


def diagnosis_lines(verdict: Verdict, clean: Clean) -> Iterator[str]:
    diagnoses = verdict.diagnoses
    if not diagnoses:
        yield '<p class="diagnosis">No known mistake gives this answer.</p>'
    elif len(diagnoses) == 1:
        yield f'<p class="diagnosis">{diagnosis_html(diagnoses[0], clean)}</p>'
    else:
        apart = len(spans_of(verdict)) > 1
        yield '<p class="diagnosis">Any of these may be meant, the likeliest first:</p>\n<ol class="diagnoses">'
        for diagnosis in diagnoses[:DIAGNOSES]:
            where = f"<br>{marked(verdict.function, diagnosis.span)}" if apart else ""
            yield f"<li>{diagnosis_html(diagnosis, clean)}{where}</li>"
        if len(diagnoses) > DIAGNOSES:
            yield f"<li>and {len(diagnoses) - DIAGNOSES} more</li>"
        yield "</ol>"


def diagnosis_html(diagnosis: Diagnosis, clean: Clean) -> str:
    return f'{sentence(clean(diagnosis.teacher))} <small class="rule">{escape(diagnosis.rule)}</small>'
