"""`autodiff grade`."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.terminal import parts

# The command with a `check_answer` that does what the answer says, so that rows take as long as a test needs.
STAND_IN = """
import os, signal, sys, time
from types import ModuleType
from autodiff.check.verdict import Verdict

def check_answer(question, answer):
    if answer == "slow": time.sleep(0.04)
    if answer == "sleep": time.sleep(60)
    if answer == "power": 9**9**9
    if answer == "die": os.kill(os.getpid(), signal.SIGKILL)
    verdict = "wrong" if answer == "wrong" else "right"
    how = f"seed {question.seed}"
    return Verdict(question.function, "x", 1, answer, verdict, how, 0, None, None, (), (), "")

sys.modules["autodiff.check.check"] = ModuleType("check")
sys.modules["autodiff.check.check"].check_answer = check_answer
from autodiff.__main__ import main
main()
"""
ADDED = "verdict,how,score,diagnoses,counterexample,error"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "stand_in.py").write_text(STAND_IN)
    return tmp_path


def answers(folder: Path, *cells: str, name: str = "answers.csv") -> Path:
    path = folder / name
    path.write_text("function,answer\n" + "".join(f"x^2,{cell}\n" for cell in cells))
    return path


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_each_row_comes_back_with_its_verdict_and_evidence(shell, tmp_path: Path) -> None:
    content = (
        'student,function,answer,points,room\n"Ann, B.",x^2*sin(x),2x*cos(x),2,"7"\nBob,x^2,2x,2,8\nCy,x^2,x +,,\n'
    )
    (tmp_path / "answers.csv").write_text(content)
    result = shell("autodiff grade answers.csv")
    ann, bob, cy = table(result.stdout)
    assert result.stdout.splitlines()[0] == f"student,function,answer,points,room,{ADDED}"
    assert result.stdout.splitlines()[1].startswith('"Ann, B.",x^2*sin(x),2x*cos(x),2,"7",wrong,differs')
    assert (ann["verdict"], ann["score"], ann["error"]) == ("wrong", "0", "")
    assert ann["counterexample"].startswith("x = 2: expected ")
    assert ann["diagnoses"].startswith("product-of-derivatives: ")
    assert (bob["verdict"], bob["how"], bob["score"], bob["diagnoses"]) == ("right", "proved", "2", "")
    assert (cy["verdict"], cy["how"], cy["score"]) == ("", "", "")
    assert cy["error"].startswith("unexpected-end: ")
    assert result.stderr == f"error[unexpected-end]: {cy['error'][16:]} in line 4 of answers.csv\n"
    assert result.returncode == 4


def test_json_has_the_evidence_as_data(shell) -> None:
    lines = '{"function": "x^2*sin(x)", "answer": "2x*cos(x)", "id": 7}\n{"function": "x", "answer": 1, "points": 3}\n'
    result = shell(f"printf '%s' '{lines}' | autodiff grade - --from ndjson")
    first, second = map(json.loads, result.stdout.splitlines())
    assert list(first) == ["function", "answer", "id", *ADDED.split(",")]
    assert first["diagnoses"][0].keys() == {"rule", "message", "span", "node"}
    assert first["counterexample"]["at"] == {"x": "2"}
    assert (second["verdict"], second["score"], second["diagnoses"], second["counterexample"]) == ("right", 3, [], None)
    assert (result.stderr, result.returncode) == ("", 0)


def test_a_json_row_with_a_column_that_is_to_be_added_is_kept_and_fails(shell, tmp_path: Path) -> None:
    good, bad = '{"function": "x", "answer": "1"}', '{"function": "x", "answer": "1", "score": 5}'
    (tmp_path / "a.ndjson").write_text(f"{good}\n{bad}\n{good}\n")
    result = shell("autodiff grade a.ndjson")
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["score"] for row in found] == [1, None, 1]
    assert (found[1]["text"], found[1]["error"]) == (bad, "malformed-row: there is a column 'score' already")
    assert result.returncode == 4
    (tmp_path / "b.ndjson").write_text(f"{bad}\n")
    assert shell("autodiff grade b.ndjson").stderr.startswith("error[taken-column]: there is a column 'score' already")


def test_the_output_has_the_form_that_is_asked_for(shell, tmp_path: Path) -> None:
    answers(tmp_path, "2x", name="a.csv")
    assert shell("autodiff grade a.csv --to tsv").stdout.splitlines()[1] == "x^2\t2x\tright\tproved\t1\t\t\t"
    assert json.loads(shell("autodiff grade a.csv --to ndjson").stdout)["score"] == 1
    shell("autodiff grade a.csv -o b.ndjson; autodiff grade - -o c.tsv < a.csv; autodiff grade a.csv --output d.txt")
    assert json.loads((tmp_path / "b.ndjson").read_text())["score"] == 1
    assert (tmp_path / "c.tsv").read_text().splitlines()[1] == "x^2\t2x\tright\tproved\t1\t\t\t"
    assert (tmp_path / "d.txt").read_text().splitlines()[1] == "x^2,2x,right,proved,1,,,"
    assert shell("autodiff grade d.txt --from csv").stderr.startswith("error[taken-column]")


def test_a_file_of_faults_gives_each_its_own_row(shell, folder: Path) -> None:
    rows = [
        *(b"x^2,right,Ann,1", b'x^2,right,"A\r\nB",1', b"x^2,right,caf\xe9,1", b"x^2", b"x^2,a,b,c,d"),
        *(b'x^2,"open,Cy,1', b"x^2,,Di,1", b"x^2,power,Ed,1", b"x^2,die,Fi,1", b"x^2,right,Gi,2"),
    ]
    content = b"\xef\xbb\xbf" + b"\r\n".join([b"function,answer,student,points", *rows, b""])
    (folder / "answers.csv").write_bytes(content)
    result = shell("python stand_in.py grade answers.csv --limit 0.5 -o graded.csv")
    graded = (folder / "graded.csv").read_bytes()
    assert graded.startswith(b"function,answer,student,points," + ADDED.encode() + b"\r\n")
    assert [line for line in graded.split(b"\r\n") if b"\n" in line] == []
    assert b'x^2,right,"A\r\nB",1,right,seed 0,1,,,\r\n' in graded
    found = table(graded.decode("utf-8", "surrogateescape"))
    assert [row["error"].partition(":")[0] for row in found] == [
        *("", "", "malformed-row", "malformed-row", "malformed-row"),
        *("malformed-row", "empty-answer", "", "internal-error", ""),
    ]
    assert (found[7]["verdict"], found[7]["how"]) == ("undecided", "the time limit of 0.5 s was reached")
    assert [row["score"] for row in found] == ["1", "1", "", "", "", "", "", "", "", "2"]
    errors = result.stderr.splitlines()
    assert [error.rpartition(" in ")[2] for error in errors[:5]] == [
        f"line {n} of answers.csv" for n in (5, 6, 7, 8, 9)
    ]
    assert errors[5:] == ["1 more row failed"]
    assert (result.stdout, result.returncode) == ("", 4)


def test_a_key_joins_questions_to_functions(shell, tmp_path: Path) -> None:
    (tmp_path / "key.tsv").write_text("question\tfunction\tvariable\tpoints\nq1\tx^2\tx\t2\nq2\tt^3\tt\t\n")
    (tmp_path / "answers.csv").write_text("question,answer\nq2,3t^2\nq1,2x\nq3,1\n")
    result = shell("autodiff grade answers.csv --key key.tsv")
    assert [row["score"] for row in table(result.stdout)] == ["1", "2", ""]
    assert table(result.stdout)[2]["error"] == "unknown-name: there is no question 'q3' in the key"
    assert list(table(result.stdout)[0]) == ["question", "answer", *ADDED.split(",")]
    assert result.returncode == 4


@pytest.mark.parametrize("jobs", ["", "--jobs 1", "--jobs 2", "--jobs 5"])
def test_the_output_does_not_depend_on_the_number_of_processes(shell, folder: Path, jobs: str) -> None:
    answers(folder, *["right", "slow", "wrong", "die", "2x", "slow"] * 6)
    result = shell(f"python stand_in.py grade answers.csv --seed 12 {jobs}")
    lines = result.stdout.splitlines()
    assert lines[1:3] == ["x^2,right,right,seed 12,1,,,", "x^2,slow,right,seed 12,1,,,"]
    assert lines[1:] == lines[1:7] * 6


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ("", "usage", "there is no file"),
        ("a.csv b.csv", "usage", "there are several files"),
        ("absent.csv", "unreadable-file", "can't read absent.csv: No such file or directory"),
        (".", "usage", "the name . tells no form"),
        ("a.csv --to xml", "usage", "invalid value for '--to'"),
        ("a.csv --form tsv", "usage", "there is no option --form"),
        ("a.csv -o", "usage", "-o needs a file"),
        ("a.csv -o no/where.csv", "unwritable-output", "can't write no/where.csv: No such file or directory"),
        ("a.csv -o a.csv", "usage", "-o and the answers are one file"),
        ("- -o a.csv < a.csv", "usage", "-o and the answers are one file"),
        ("a.csv --report ./a.csv", "usage", "--report and the answers are one file"),
        ("a.csv --key key.csv -o key.csv", "usage", "-o and --key are one file"),
        ("a.csv --resume", "usage", "--resume needs the file to go on with"),
        ("a.csv -o b.csv --resume --report r.html", "usage", "--report needs every row to be graded"),
        ("a.csv --jobs 0", "usage", "invalid value for '--jobs'"),
        ("a.csv --limit 0", "usage", "invalid value for '--limit'"),
        ("a.csv --key a.csv", "missing-column", "there is no column 'question' in a.csv"),
        ("key.csv", "missing-column", "there is no column 'answer' in key.csv"),
        ("empty.csv", "missing-column", "there is no column 'answer' in empty.csv"),
        ("q.csv --key twice.csv", "value-given-twice", "the question 'q' stands twice in line 3 of twice.csv"),
    ],
)
def test_what_means_nothing_is_an_error_and_no_file_is_touched(
    shell, tmp_path: Path, arguments: str, error: str, said: str
) -> None:
    answers(tmp_path, "2x", name="a.csv")
    (tmp_path / "key.csv").write_text("question,function\nq,x\n")
    (tmp_path / "twice.csv").write_text("question,function\nq,x\nq,x\n")
    (tmp_path / "q.csv").write_text("question,answer\nq,1\n")
    (tmp_path / "empty.csv").write_text("")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    result = shell(f"autodiff grade {arguments}")
    assert result.stderr.startswith(f"error[{error}]: {said}")
    assert (result.stdout, result.returncode) == ("", 2)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def started(folder: Path, arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "stand_in.py", "grade", *arguments.split()]
    return subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True)


def wait_for_rows(path: Path, number: int) -> None:
    end = time.monotonic() + 20
    while not path.exists() or path.read_bytes().count(b"\n") <= number:
        assert time.monotonic() < end
        time.sleep(0.01)


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def has_ended(pid: int) -> bool:
    """Whether there is no such process, or only its exit code is left of it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -signal.SIGKILL)]
)
def test_what_an_interrupted_run_wrote_is_whole_rows_and_resume_completes_it(
    shell, folder: Path, number: signal.Signals, code: int
) -> None:
    answers(folder, *["slow", '"two\nlines"', "die", "slow"] * 10)
    shell("python stand_in.py grade answers.csv -o whole.csv --jobs 2")
    whole = (folder / "whole.csv").read_bytes()
    out = folder / "out.csv"
    with started(folder, "answers.csv -o out.csv --jobs 2") as process:
        wait_for_rows(out, 8)
        workers = children(process.pid)
        os.kill(process.pid, number)
        assert process.wait(10) == code
        assert process.stderr is not None
        assert process.stderr.read() == ""
    end = time.monotonic() + (0 if number == signal.SIGINT else 2)
    while not all(map(has_ended, workers)) and time.monotonic() < end:
        time.sleep(0.01)
    assert all(map(has_ended, workers))
    part = out.read_bytes()
    assert whole.startswith(part)
    assert len(part) < len(whole)
    assert part.endswith(b"\n")
    result = shell("python stand_in.py grade answers.csv -o out.csv --resume --jobs 2")
    assert out.read_bytes() == whole
    assert result.returncode == 4
    again = shell("python stand_in.py grade answers.csv -o out.csv --resume")
    assert out.read_bytes() == whole
    assert (again.stderr, again.returncode) == ("10 rows failed\n", 4)


def test_control_c_ends_a_computation_that_python_can_not_interrupt(folder: Path) -> None:
    answers(folder, "right", "power", "sleep")
    with started(folder, "answers.csv -o out.csv --jobs 2") as process:
        wait_for_rows(folder / "out.csv", 1)
        workers = children(process.pid)
        begun = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.wait(5) == 130
        assert time.monotonic() - begun < 2
        assert workers
        assert all(map(has_ended, workers))


@pytest.mark.parametrize("form", ["csv", "tsv", "ndjson"])
def test_resume_cuts_off_half_a_row(shell, tmp_path: Path, form: str) -> None:
    answers(tmp_path, "2x", "2x +", "x", name="a.csv")
    out = tmp_path / f"out.{form}"
    shell(f"autodiff grade a.csv -o {out}")
    whole = out.read_bytes()
    out.write_bytes(whole[: len(whole) - 10])
    assert shell(f"autodiff grade a.csv -o {out} --resume").returncode == 4
    assert out.read_bytes() == whole


def test_resume_begins_a_file_that_is_not_there_and_no_resume_begins_again(shell, tmp_path: Path) -> None:
    answers(tmp_path, "2x", name="a.csv")
    assert shell("autodiff grade a.csv -o out.csv --resume").returncode == 0
    whole = (tmp_path / "out.csv").read_bytes()
    (tmp_path / "out.csv").write_bytes(b"old" * 1000)
    assert shell("autodiff grade a.csv -o out.csv").returncode == 0
    assert (tmp_path / "out.csv").read_bytes() == whole


def test_a_reader_that_has_enough_ends_the_run_quietly(shell, folder: Path) -> None:
    answers(folder, *["right"] * 5_000)
    result = shell("python stand_in.py grade answers.csv | head -1; echo ${PIPESTATUS[0]}")
    assert (result.stdout, result.stderr) == (f"function,answer,{ADDED}\n0\n", "")


def test_a_full_disk_is_an_error(shell, tmp_path: Path) -> None:
    answers(tmp_path, "2x", name="a.csv")
    for arguments in ("> /dev/full", "-o /dev/full"):
        result = shell(f"autodiff grade a.csv {arguments}")
        assert result.stderr.startswith("error[unwritable-output]: can't write")
        assert result.returncode == 2


def with_terminal(folder: Path, arguments: str) -> tuple[str, int]:
    """What the command writes to a terminal that is its standard error output only, and its exit code."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "stand_in.py", "grade", *arguments.split()]
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"} | {"TERM": "xterm-256color"}
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=theirs, env=environment) as process:
        os.close(theirs)
        written = b"".join(parts(ours)).decode()
    os.close(ours)
    return written, process.returncode


def test_a_terminal_shows_how_far_the_run_is(folder: Path) -> None:
    answers(folder, *["slow"] * 10)
    shown, code = with_terminal(folder, "answers.csv --jobs 1")
    assert "rows" in shown
    assert "%" in shown
    assert "\x1b[" in shown
    assert code == 0


@pytest.mark.parametrize("arguments", ["answers.csv --no-color", "answers.csv -o out.csv --no-color"])
def test_without_colour_there_are_no_escape_codes(folder: Path, arguments: str) -> None:
    answers(folder, *["slow"] * 10)
    shown, code = with_terminal(folder, arguments + " --jobs 1")
    assert " rows" in shown
    assert " %, " in shown
    assert "\x1b" not in shown
    assert shown.endswith("\r")
    assert code == 0


def test_a_file_shows_no_progress(shell, folder: Path) -> None:
    answers(folder, "right")
    assert shell("python stand_in.py grade answers.csv").stderr == ""


def test_a_report_is_written_beside_the_rows(shell, tmp_path: Path) -> None:
    (tmp_path / "class.csv").write_text("student,function,answer\nAnn Example,x^2,x\nBob,x^2,2x\n")
    result = shell("autodiff grade class.csv --report class.html; autodiff grade class.csv --report a.html --anonymous")
    assert [row["verdict"] for row in table(result.stdout)[:2]] == ["wrong", "right"]
    assert "Ann Example" in (tmp_path / "class.html").read_text()
    assert "Ann Example" not in (tmp_path / "a.html").read_text()
    assert result.returncode == 0
