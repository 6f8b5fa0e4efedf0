"""Rows in and rows out, over texts that people and programs really write."""

from __future__ import annotations

import csv
import io
import json

import pytest

from autodiff import AutodiffError
from autodiff.stream.form import Form, form_of
from autodiff.stream.rows_in import Row, read_table
from autodiff.stream.rows_out import RowWriter


def rows(content: bytes, form: Form = Form.csv) -> list[Row]:
    return list(read_table(io.BytesIO(content), form, "the file").rows)


def fields(content: bytes, form: Form = Form.csv) -> list[list[str]]:
    return [list(row.fields.values()) for row in rows(content, form)]


def flaws(content: bytes, form: Form = Form.csv) -> list[str]:
    return [row.problem.message if row.problem else "" for row in rows(content, form)]


def written(content: bytes, form: Form, to: Form, values: list[str] | None = None) -> bytes:
    table = read_table(io.BytesIO(content), form, "the file", only_columns_of_first=to.is_delimited)
    writer = RowWriter(table, to, ["n"])
    return writer.header() + b"".join(writer.row(row, values or [str(i)]) for i, row in enumerate(table.rows, 1))


CELLS = [
    (b"a,b\n1,2\n", [["1", "2"]]),
    (b"a,b\n1,2", [["1", "2"]]),
    (b"\xef\xbb\xbfa,b\n1,2\n", [["1", "2"]]),
    (b"a,b\r\n1,2\r\n", [["1", "2"]]),
    (b"\n\na,b\n\n1,2\n \n\r\n3,4\n", [["1", "2"], ["3", "4"]]),
    (b'a,b\n"x, y","say ""hi"""\n', [["x, y", 'say "hi"']]),
    (b'a,b\n"two\nlines",2\n3,4\n', [["two\nlines", "2"], ["3", "4"]]),
    (b'a,b\r\n"two\r\n\r\nlines",""\r\n', [["two\r\n\r\nlines", ""]]),
    (b'a,b\n"ends in a quote""\nhere",2\n', [['ends in a quote"\nhere', "2"]]),
    (b'a,b\n"""",2\n', [['"', "2"]]),
    (b"a,b\n,\n", [["", ""]]),
    (b'a,b\nf"(x),2"\n', [['f"(x)', '2"']]),
    (b"a;b\n1,5;2\n", [["1,5", "2"]]),
    (b'"a;b",c\n1,2\n', [["1", "2"]]),
    (b" a , b \n 1 , 2 \n", [[" 1 ", " 2 "]]),
    ("é,ü\nα,√2\n".encode(), [["α", "√2"]]),
    (b"a\x00,b\n1\x00,2\n", [["1\x00", "2"]]),
]


@pytest.mark.parametrize(("content", "expected"), CELLS)
def test_cells_are_read_as_they_were_meant(content: bytes, expected: list[list[str]]) -> None:
    assert fields(content) == expected
    assert flaws(content) == [""] * len(expected)


@pytest.mark.parametrize("content", [content for content, _ in CELLS])
def test_what_is_written_reads_back_the_same_by_us_and_by_others(content: bytes) -> None:
    expected = [[*cells, str(number)] for number, cells in enumerate(fields(content), 1)]
    result = written(content, Form.csv, Form.csv)
    assert fields(result) == expected
    delimiter = ";" if content.startswith(b"a;b") else ","
    others = csv.reader(io.StringIO(result.decode(), newline=""), delimiter=delimiter, strict=True)
    assert list(others)[1:] == expected


@pytest.mark.parametrize(
    "content", [b'a,"b"\n"1",2\n', b'a;b\r\n"1";2\r\n"x\n";2\r\n', b" a , b \n 1 ,2\n", b"a,b\n\xe9,2\n"]
)
def test_well_formed_rows_keep_their_bytes(content: bytes) -> None:
    result = written(content, Form.csv, Form.csv)
    end = b"\r\n" if b"\r\n" in content else b"\n"
    delimiter = b";" if b";" in content else b","
    ours = content.removesuffix(end).split(end)
    assert (
        result
        == end.join(line + delimiter + (b"n" if number == 0 else b"%d" % number) for number, line in enumerate(ours))
        + end
    )


def test_tabs_separate_the_cells_of_tsv() -> None:
    content = b'a\tb\n1,5\t"x\ty"\n'
    assert fields(content, Form.tsv) == [["1,5", "x\ty"]]
    assert written(content, Form.tsv, Form.tsv) == b'a\tb\tn\n1,5\t"x\ty"\t1\n'
    assert written(content, Form.tsv, Form.csv) == b'a,b,n\n"1,5",x\ty,1\n'


def test_a_row_of_another_length_is_a_problem_of_its_own_and_loses_nothing() -> None:
    content = b"a,b,c\n1\n2,3,4,5\n6,7,8\n"
    assert flaws(content) == [
        "the row has 1 cell instead of 3",
        "the row has 4 cells instead of 3",
        "",
    ]
    assert written(content, Form.csv, Form.csv) == b'a,b,c,n\n1,,,1\n2,3,"4,5",2\n6,7,8,3\n'


@pytest.mark.parametrize(
    "bad",
    [b'"open,2', b'1,"open', b'"a"b,2', b'"a" ,2', b'1,"2" x'],
)
def test_a_quote_gone_wrong_spoils_its_own_line_only(bad: bytes) -> None:
    content = b"a,b\n1,2\n" + bad + b'\n3,4\n"5\n5",6\n'
    assert [row.line for row in rows(content)] == [2, 3, 4, 5]
    assert [bool(flaw) for flaw in flaws(content)] == [False, True, False, False]
    assert [cells[0] for cells in fields(content)][2:] == ["3", "5\n5"]
    others = list(csv.reader(io.StringIO(written(content, Form.csv, Form.csv).decode(), newline=""), strict=True))
    assert [cells[-1] for cells in others] == ["n", "1", "2", "3", "4"]
    assert ",".join(others[2][:2]) == bad.decode()


def test_many_quotes_gone_wrong_take_linear_time() -> None:
    content = b"a,b\n" + b'"open,2\n' * 3_000
    assert len(rows(content)) == 3_000


def test_bytes_that_are_no_text_spoil_their_row_and_are_kept() -> None:
    content = b"a,b\n1,caf\xe9\n3,4\n"
    assert flaws(content) == ["the row has bytes that are not UTF-8", ""]
    assert written(content, Form.csv, Form.csv) == b"a,b,n\n1,caf\xe9,1\n3,4,2\n"
    first = json.loads(written(content, Form.csv, Form.ndjson).splitlines()[0])
    assert first == {"a": "1", "b": "caf\udce9", "n": "1"}


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        (b"a,b,a\n1,2,3\n", "name-defined-twice", "there are two columns 'a'"),
        (b"caf\xe9,b\n1,2\n", "malformed-row", "the header has bytes that are not UTF-8"),
        (b'a,"b\n1,2\n', "malformed-row", "the header has a quote that is not closed"),
        ("a,b\n1,2\n".encode("utf-16"), "unreadable-file", "can't read the file: it is in UTF-16"),
    ],
)
def test_a_header_that_means_nothing_is_an_error(content: bytes, error: str, said: str) -> None:
    with pytest.raises(AutodiffError) as caught:
        rows(content)
    assert (caught.value.id, caught.value.message) == (error, said)


def test_columns_without_a_name_are_called_by_their_number() -> None:
    assert dict(rows(b"a,,\n1,2,3\n")[0].fields) == {"a": "1", "column 2": "2", "column 3": "3"}
    assert written(b"a,,\n1,2,3\n", Form.csv, Form.csv) == b"a,,,n\n1,2,3,1\n"


def test_the_place_of_a_row_is_its_first_line_and_the_byte_behind_it() -> None:
    content = b'\xef\xbb\xbfa,b\n"1\n\xc3\xa9",2\n\n"open,\n3,4'
    places = [(row.line, row.end) for row in rows(content)]
    assert places == [(2, content.index(b"\n\n") + 1), (5, content.index(b"3,4")), (6, len(content))]


def test_an_empty_file_has_no_columns_and_no_rows() -> None:
    for form in Form:
        table = read_table(io.BytesIO(b""), form, "the file")
        assert (table.columns, list(table.rows)) == ((), [])


def test_json_values_are_read_as_cells() -> None:
    line = b'{"a": "x\\n\\u00e9", "b": 1e400, "c": 0.10, "d": null, "e": true, "f": [1, {"g": 2.50}]}'
    assert fields(line, Form.ndjson) == [["x\né", "1e400", "0.10", "", "true", '[1, {"g": 2.5}]']]


def test_json_rows_keep_their_text() -> None:
    content = b'{"a":1e400,"b":[1,2]}\n\n  {}  \n{"a" : "\\ud800"}\n'
    assert written(content, Form.ndjson, Form.ndjson).splitlines() == [
        b'{"a":1e400,"b":[1,2], "n": "1"}',
        b'  {"n": "2"}',
        b'{"a" : "\\ud800", "n": "3"}',
    ]
    assert written(b'{"a": 1}\r\n', Form.ndjson, Form.ndjson) == b'{"a": 1, "n": "1"}\r\n'


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"x^2,2x", "the row is not JSON: expecting value at column 1"),
        (b'{"a": 1', "the row is not JSON: expecting ',' delimiter at column 8"),
        (b'{"a": NaN}', "the row is not JSON: NaN is no number there"),
        (b'["a"]', "the row is no JSON object"),
        (b'"a"', "the row is no JSON object"),
        (b'{"a": "\xe9"}', "the row has bytes that are not UTF-8"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "the row is nested too deeply"),
    ],
)
def test_a_line_that_is_no_object_is_a_problem_of_its_own_and_is_kept(line: bytes, said: str) -> None:
    content = line + b'\n{"b": "2"}\n'
    assert flaws(content, Form.ndjson) == [said, ""]
    first, second = map(json.loads, written(content, Form.ndjson, Form.ndjson).splitlines())
    assert first == {"text": line.decode(errors="surrogateescape"), "n": "1"}
    assert second == {"b": "2", "n": "2"}
    csv_lines = written(content, Form.ndjson, Form.csv).splitlines()
    assert (csv_lines[0], csv_lines[-1]) == (b"b,n", b"2,2")


def test_an_object_with_more_columns_than_the_first_does_not_fit_a_header() -> None:
    content = b'{"a": 1, "b": 2}\n{"b": 3}\n{"a": 4, "c": 5}\n'
    assert written(content, Form.ndjson, Form.csv) == b'a,b,n\n1,2,1\n,3,2\n"{""a"": 4, ""c"": 5}",,3\n'
    rows = list(read_table(io.BytesIO(content), Form.ndjson, "", only_columns_of_first=True).rows)
    assert rows[2].problem is not None
    assert rows[2].problem.message == "the first row has no column 'c'"


def test_only_broken_json_still_is_written_as_csv() -> None:
    assert written(b"x\ny\n", Form.ndjson, Form.csv) == b"text,n\nx,1\ny,2\n"


def test_halves_of_pairs_are_written_as_escapes() -> None:
    assert written(b'{"a": "\\ud800"}\n', Form.ndjson, Form.csv) == b"a,n\n\\ud800,1\n"


@pytest.mark.parametrize(
    ("name", "form"),
    [("a.csv", Form.csv), ("a.TSV", Form.tsv), ("a.jsonl", Form.ndjson), ("a.ndjson", Form.ndjson), ("a.txt", None)],
)
def test_the_name_tells_the_form(tmp_path, name: str, form: Form | None) -> None:
    assert form_of(tmp_path / name) is form
