"""Tables read block by block, whatever the blocks are cut at, and written with every byte that they had."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from autodiff.stream.answers import Asked, answers_for
from autodiff.stream.blocks import line_blocks
from autodiff.stream.delimited import split_cells
from autodiff.stream.delimited_blocks import DelimitedTable
from autodiff.stream.missing import Missing
from autodiff.stream.mixed_block import MixedBlock, is_blank
from autodiff.stream.quoted_lines import QuotedLines, closed_until
from autodiff.stream.record_cells import parse_column
from autodiff.stream.regular_block import RegularBlock
from autodiff.stream.row_block import RowBlock, Unread
from autodiff.stream.text_out import TextForm, delimited_header, delimited_rows

CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.floats().map(repr) | st.just("")


class Twice:
    """Stands for a formula: 2x and its derivative."""

    def __init__(self, columns: dict[str, np.ndarray]) -> None:
        with np.errstate(all="ignore"):
            self.value = 2 * columns["x"]
        self.gradient = {"x": np.full(len(self.value), 2.0)}


def pieces(text: bytes, sizes: list[int]) -> Iterator[bytes]:
    """The text cut behind line breaks, as `line_blocks` does it, where pieces of these sizes end."""
    start, count = 0, 0
    while start < len(text):
        end = text.find(b"\n", start + sizes[count % len(sizes)])
        end = len(text) if end < 0 else end + 1
        yield text[start:end]
        if count % 3 == 0:
            yield b""
        start, count = end, count + 1


def mapped(text: bytes, sizes: list[int], delimiter: str | None = None) -> bytes:
    table = DelimitedTable(pieces(text, sizes), "a file", delimiter)
    asked = Asked({"x": "x"}, Missing.error, True, ("x",), False)
    form = TextForm(None, ["value", "d_x"], False, None, table.newline, table.delimiter.encode(), True)
    written = [table.opening + delimited_header(form, table.header)]
    for block in read(table):
        answers = answers_for(block, lambda columns, _: Twice(columns), asked)
        rows = delimited_rows(form, block, answers)
        written.append(rows.text)
        ends = [rows.end_after(place) for place in range(1, len(rows.text) + 1)]
        assert len(set(ends)) == block.count or block.count == 0
    return b"".join(written)


def read(table: DelimitedTable) -> Iterator[RowBlock]:
    for block in table:
        if block is not None:
            yield block() if isinstance(block, Unread) else block


@given(
    st.lists(st.tuples(CELLS, st.floats(), CELLS)),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(",;\t|"),
    st.booleans(),
    st.lists(st.integers(0, 40), min_size=1),
)
def test_the_columns_of_any_file_come_back_byte_for_byte(
    rows: list[tuple[str, float, str]], newline: str, delimiter: str, quotes_all: bool, sizes: list[int]
) -> None:
    # Before Python 3.13 the writer leaves a carriage return without quotes, where it is the end of a line.
    quotes_all = quotes_all or any("\r" in cell for row in rows for cell in (row[0], row[2]))
    written = io.StringIO(newline="")
    writer = csv.writer(
        written, delimiter=delimiter, lineterminator=newline, quoting=csv.QUOTE_ALL if quotes_all else csv.QUOTE_MINIMAL
    )
    writer.writerow(["a", "x", "b"])
    starts = [written.tell()]
    for row in rows:
        writer.writerow([row[0], repr(row[1]), row[2]])
        starts.append(written.tell())
    text = written.getvalue()
    result = mapped(text.encode(), sizes, delimiter)
    q = '"' if quotes_all else ""
    expected = f"{q}a{q}{delimiter}{q}x{q}{delimiter}{q}b{q}{delimiter}value{delimiter}d_x{newline}"
    for row, start, stop in zip(rows, starts, starts[1:], strict=False):
        expected += text[start:stop].removesuffix(newline) + f"{delimiter}{2 * row[1]!r}{delimiter}2.0{newline}"
    assert result == expected.encode()


@given(st.binary(max_size=200), st.lists(st.integers(0, 40), min_size=1))
def test_what_stands_in_a_file_does_not_depend_on_how_it_is_cut(content: bytes, sizes: list[int]) -> None:
    text = b"x,y\n" + content.replace(b"\x00", b",").replace(b"\x01", b'"').replace(b"\x02", b"\n")
    assert mapped(text, sizes) == mapped(text, [1000])


def test_plain_blocks_are_read_in_bulk_and_as_records_would_be() -> None:
    text = b"x,y\n" + b"".join(b"%d.5,a\n" % n for n in range(100))
    table = DelimitedTable(iter([text]), "a file", None)
    regular = next(read(table))
    assert isinstance(regular, RegularBlock)
    quoted = DelimitedTable(iter([text.replace(b",a", b',"a"')]), "a file", None)
    records = next(read(quoted))
    assert isinstance(records, MixedBlock)
    assert regular.numbers("x").values.tolist() == records.numbers("x").values.tolist()
    assert regular.cells("y") == records.cells("y")
    assert regular.place(99) == records.place(99) == "line 101"


PARTS = ['"', '""', ",", "\n", "\r\n", "\r", "1.5", "x y", " ", "2", '"3"', "1e2", "é"]
LINES = st.lists(st.sampled_from(PARTS), max_size=40)


@given(LINES, st.integers(1, 3))
def test_lines_split_at_once_and_those_read_one_by_one_give_the_same(parts: list[str], width: int) -> None:
    text = ("".join(parts) + "\n").encode()
    columns = tuple("abc"[:width])
    block = MixedBlock(text, 1, columns, ",", b"\n")
    lines = QuotedLines(text, ",")
    every = [n for n in range(len(lines.feeds)) if width == 1 or not is_blank(lines.line(n), ",")]
    records = list(lines.records(every))
    assert [block.place(row) for row in range(block.count)] == [f"line {record.line + 1}" for record in records]
    for place, column in enumerate(columns):
        cells = [
            ",".join(record.cells[place:]) if place == width - 1 else "".join(record.cells[place : place + 1])
            for record in records
        ]
        assert block.cells(column) == [cell.encode() for cell in cells]
        numbers, expected = block.numbers(column), parse_column(block.cells(column))
        assert np.array_equal(numbers.values, expected.values, equal_nan=True)
        assert (list(numbers.missing), numbers.wrong) == (list(expected.missing), expected.wrong)
    assert [row for row, record in enumerate(records) if record.flaw or len(record.cells) != width] == [*block.flaws]
    behind = [b"\n"] * block.count if block.breaks.behind is None else block.breaks.behind
    filled = [max(width - len(record.cells), 0) if row in block.flaws else 0 for row, record in enumerate(records)]
    rows = [row.removesuffix(b"," * count) if count else row for row, count in zip(block.texts(), filled, strict=True)]
    assert block.breaks.before + b"".join(map(bytes.__add__, rows, behind)) == text or any(filled)


@given(LINES)
def test_a_text_is_cut_before_a_record_that_is_not_closed(parts: list[str]) -> None:
    text = ("".join(parts) + "\n").encode()
    end = closed_until(text, ",")
    whole = MixedBlock(text, 1, ("a",), ",", b"\n")
    parted = [MixedBlock(part, 1, ("a",), ",", b"\n") for part in (text[:end], text[end:]) if part]
    assert [row for block in parted for row in block.texts()] == list(whole.texts())
    assert sum(len(block.flaws) for block in parted) == len(whole.flaws)
    if end < len(text):
        assert "not closed" in parted[-1].flaws[0]


@given(LINES, st.lists(st.integers(0, 40), min_size=1))
def test_no_line_of_a_file_is_lost(parts: list[str], sizes: list[int]) -> None:
    for header in ("x\n", "\ufeffx,y\r\n", "\n\nx,y\n"):
        text = (header + "".join(parts)).encode()
        written, own = mapped(text, sizes).split(b"\n"), text.split(b"\n")
        assert len(written) == len(own) + (not text.endswith(b"\n"))
        assert all(line.startswith(before.removesuffix(b"\r")) for line, before in zip(written, own, strict=False))


def test_only_lines_with_odd_quotes_or_too_few_cells_are_read_one_by_one(monkeypatch) -> None:
    rows = [b'"a,%d",%d' % (n, n) for n in range(1000)]
    rows[300], rows[500], rows[700] = b'5" pipe,1', b'"a\nb",2', b"c"
    read_alone = []

    def split_and_note(read: list[str], *others: object) -> tuple[list[str], bool]:
        read_alone.append(read[0])
        return split_cells(read, *others)

    monkeypatch.setattr("autodiff.stream.quoted_lines.split_cells", split_and_note)
    block = MixedBlock(b"\n".join(rows) + b"\n", 1, ("t", "x"), ",", b"\n")
    assert read_alone == ['5" pipe,1\n', '"a\n', "c\n"]
    assert block.count == 1000
    assert block.cells("t")[299:302] == [b"a,299", b'5" pipe', b"a,301"]


def test_an_open_quote_costs_one_row() -> None:
    rows = [b'"open,1', *(b"a,%d" % n for n in range(20_000))]
    result = mapped(b"t,x\n" + b"\n".join(rows), [5_000]).split(b"\n")
    assert result[1:4] == [b'"open,1,,', b"a,0,0.0,2.0", b"a,1,2.0,2.0"]
    assert len(result) == 20_003


def test_a_file_of_any_size_comes_in_whole_lines(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"".join(b"%d\n" % n for n in range(5000)) + b"end")
    for size in (1, 7, 1000, 1 << 20):
        with (tmp_path / "a").open("rb") as file:
            blocks = [block for block in line_blocks(file, "a", size=size) if block]
        assert b"".join(blocks) == (tmp_path / "a").read_bytes()
        assert all(block.endswith(b"\n") for block in blocks[:-1])


def test_a_pipe_is_not_waited_for_before_what_came_is_handed_on() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as file:
        blocks = line_blocks(file, "a pipe")
        os.write(writing, b"1\n2\n3")
        assert next(blocks) == b"1\n2\n"
        assert next(blocks) == b""
        os.write(writing, b"4\n")
        assert next(blocks) == b"34\n"
        os.close(writing)
        assert [block for block in blocks if block] == []
