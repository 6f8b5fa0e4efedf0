"""What an interrupted run has written, wherever it was cut."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from autodiff import AutodiffError
from autodiff.stream.form import Form
from autodiff.stream.resume import Written, opened_output, skip_rows, written_rows
from autodiff.stream.rows_in import Table, read_table
from autodiff.stream.rows_out import RowWriter, write_whole

CONTENTS = [
    (Form.csv, b'a,b\n1,"two\nlines"\n"say ""hi""\n""",f"(x)\n3,4\n5\n'),
    (Form.csv, b'a,b\r\n1,"two\r\n\r\nlines"\r\n3,4\r\n'),
    (Form.ndjson, b'{"a": "1"}\nbroken\n{"a": "2\\n"}\n'),
]


def table(content: bytes, form: Form) -> Table:
    return read_table(io.BytesIO(content), form, "the file")


def resumed(content: bytes, form: Form, path: Path) -> bytes:
    """The file after the rows that are missing there have been added."""
    source = table(content, form)
    writer = RowWriter(source, form, ["n"])
    written = written_rows(path, writer, lambda record: None)
    skip_rows(source.rows, written, path, writer)
    descriptor = opened_output(path, written.end)
    if not written.end:
        write_whole(descriptor, writer.header())
    for row in source.rows:
        write_whole(descriptor, writer.row(row, [str(row.line)]))
    os.close(descriptor)
    return path.read_bytes()


@pytest.mark.parametrize(("form", "content"), CONTENTS)
def test_a_file_that_was_cut_anywhere_is_completed(tmp_path: Path, form: Form, content: bytes) -> None:
    path = tmp_path / "out"
    whole = resumed(content, form, path)
    for length in range(len(whole) + 1):
        path.write_bytes(whole[:length])
        assert resumed(content, form, path) == whole


def test_whole_rows_are_shown_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_bytes(b'a,b,n\n1,"x\ny",1\n2,3,')
    seen: list[bytes] = []
    writer = RowWriter(table(CONTENTS[0][1], Form.csv), Form.csv, ["n"])
    assert written_rows(path, writer, seen.append) == Written(1, 16)
    assert seen == [b'1,"x\ny",1\n']


def test_each_of_the_rows_that_are_there_must_be_that_of_the_input(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_bytes(b"a,b,n\n7,7,1\n1,2,3\n")
    with pytest.raises(AutodiffError, match="another row 1 than"):
        resumed(b"a,b\n3,4\n1,2\n", Form.csv, path)


@pytest.mark.parametrize(
    ("there", "said"),
    [
        (b"c,d,n\n1,2,3\n", "has another header"),
        (b"my thesis", "has another header"),
        (b"a,b,n\n7,7,1\n", "has another row 1 "),
        (b"a,b,n\n" + b"1,2,1\n" * 9, "has more rows"),
    ],
)
def test_a_file_of_something_else_is_refused_and_left_alone(tmp_path: Path, there: bytes, said: str) -> None:
    path = tmp_path / "out.csv"
    path.write_bytes(there)
    with pytest.raises(AutodiffError) as caught:
        resumed(b"a,b\n1,2\n", Form.csv, path)
    assert caught.value.id == "unfit-output"
    assert said in caught.value.message
    assert path.read_bytes() == there


def test_a_folder_is_no_file_to_resume(tmp_path: Path) -> None:
    for use in (lambda: resumed(b"a\n1\n", Form.csv, tmp_path), lambda: opened_output(tmp_path / "no" / "out", 0)):
        with pytest.raises(AutodiffError) as caught:
            use()
        assert caught.value.id in ("unreadable-file", "unwritable-output")
