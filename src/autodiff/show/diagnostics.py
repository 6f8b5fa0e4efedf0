"""Errors and notes as the lines that a person reads. The only place that renders them."""

from __future__ import annotations

from unicodedata import category, east_asian_width

from autodiff.language.errors import AutodiffError, Note, Span

WIDTH = 76  # columns of the formula that are shown


def render_error(error: AutodiffError) -> str:
    """The message, the line of the formula with the place underlined, and what to do."""
    where = f" in {error.origin}" if error.origin else ""
    lines = [f"error[{error.id}]: {visible(error.message)}{visible(where)}"]
    if error.text is not None and error.span is not None:
        lines += underlined(error.text, error.span)
    if error.suggestion:
        lines.append(f"  {visible(error.suggestion)}")
    return "\n".join(lines)


def render_note(note: Note) -> str:
    return f"note[{note.id}]: {visible(note.message)}"


def underlined(text: str, span: Span) -> list[str]:
    """The line that `span` begins in, and the carets under it; a long line is cut to what is near."""
    line_start = text.rfind("\n", 0, span.start) + 1
    line_end = text.find("\n", span.start)
    line_end = len(text) if line_end < 0 else line_end
    start, end = span.start, max(span.start + 1, min(span.end, line_end))
    first = max(line_start, min(start - 20, line_end - WIDTH))
    last = min(line_end, first + WIDTH)
    before = ("…" if first > line_start else "") + visible(text[first:start])
    marked = visible(text[start : min(end, last)])
    after = visible(text[min(end, last) : last]) + ("…" if last < line_end else "")
    return [
        f"  {before}{marked}{after}".rstrip(),
        "  " + " " * columns(before) + "^" * max(1, columns(marked)),
    ]


def visible(text: str) -> str:
    """`text` with everything escaped that would move the cursor, ring a bell or not show at all."""
    if text.isprintable():
        return text
    return "".join(shown(character) for character in text)


def shown(character: str) -> str:
    if character.isprintable():
        return character
    if character == "\n":
        return "↵"
    if category(character) == "Zs" or character == "\t":
        return " "
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that was no UTF-8
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def columns(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(0 if category(c) in ("Mn", "Me") else 2 if east_asian_width(c) in "WF" else 1 for c in text)
