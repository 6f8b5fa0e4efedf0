"""Garbage through the real command: an error that a person can read, nothing on standard output, never a traceback."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from typing import Any
from unicodedata import category

import pytest

MEGABYTE = 1 << 20
RANDOM = random.Random(0)


def text(sample: str) -> bytes:
    return sample.encode("utf-8")


GARBAGE = {
    "random bytes": RANDOM.randbytes(1000),
    "random bytes without NUL": bytes(RANDOM.choices(range(1, 256), k=1000)),
    "random ASCII": bytes(RANDOM.choices(range(32, 127), k=1000)),
    "every byte": bytes(range(256)),
    "invalid UTF-8": b"x + \xff\xfe + y",
    "truncated UTF-8": "x + π".encode()[:-1],
    "overlong UTF-8": b"x + \xc0\xaf",
    "an encoded surrogate": b"x + \xed\xa0\x80",
    "UTF-16": "x + y".encode("utf-16"),
    "Latin-1": "x² + y".encode("latin-1"),
    "NUL": b"\0",
    "NUL in a formula": b"x + \0 y",
    "control characters": bytes(range(1, 32)) + b"\x7f",
    "C1 control characters": text("x + \u0080\u0085\u009b31m"),
    "escape sequences": b"\x1b[31mx\x1b[0m + \x1b]0;title\x07",
    "a bell and a backspace": b"x + \x07\x08\x08\x08y",
    "overriding direction": text("x + \u202ey\u202c"),
    "zero-width characters": text("x\u200b\u200d\u2060 + y"),
    "unassigned characters": text("x + \U000e0080 \ue000 \ufffe"),
    "emoji": text("🦆 + 🦆🏽"),
    "markup": b"[red]x[/red]",
    "a format string": b"{x.__class__} %s %n ${x} $(x)",
    "code": b"__import__('os').system('true')",
    "an image": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0",
    "a program": b"\x7fELF\2\1\1\0" + bytes(56),
    "nothing": b"",
    "blanks": b" \t\r\n \t",
    "a comment": b"# x + y",
    "separators": b";;;\n;\n",
}
LONG_GARBAGE = {
    "10 MB of random bytes": RANDOM.randbytes(10 * MEGABYTE),
    "10 MB of NUL": bytes(10 * MEGABYTE),
    "10 MB of blanks": b" " * (10 * MEGABYTE),
    "10 MB of x": b"x" * (10 * MEGABYTE),
    "10 MB of a formula": b"x + " * (10 * MEGABYTE // 4) + b"x",
    "10 MB of line ends": b"\n" * (10 * MEGABYTE),
    "3 MB of opening parentheses": b"(" * (3 * MEGABYTE),
    "3 MB of closing parentheses": b")" * (3 * MEGABYTE),
    "1 MB of bars": b"|" * (1 * MEGABYTE + 1),
    "3 MB of letters": b"x" * (3 * MEGABYTE) + b" +",
    "3 MB of lines": b"x +\n" * (3 * MEGABYTE // 4) + b"\x1b",
}
# An argument ends at a NUL, and Linux limits its length to 128 KiB.
ARGUMENTS = {name: garbage for name, garbage in GARBAGE.items() if b"\0" not in garbage} | {
    "120 kB of random bytes": bytes(RANDOM.choices(range(1, 256), k=120_000)),
    "120 kB of opening parentheses": b"(" * 120_000,
    "120 kB of minuses": b"-" * 120_000,
}


def parameters(garbage: dict[str, bytes]) -> list[Any]:
    return [pytest.param(content, id=name) for name, content in garbage.items()]


def run_eval(
    *arguments: bytes | str, stdin: bytes = b"", encoding: str = "utf-8"
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "autodiff", "eval", *arguments],
        input=stdin,
        capture_output=True,
        timeout=60,
        env={**os.environ, "PYTHONIOENCODING": encoding},
    )


def assert_refused(process: subprocess.CompletedProcess[bytes]) -> None:
    errors = process.stderr.decode("utf-8")
    assert process.returncode in (2, 5), errors
    assert errors.startswith("error[")
    assert errors.endswith("\n")
    assert "Traceback" not in errors
    assert "internal-error" not in errors
    assert len(errors) < 2000
    assert not [character for character in errors if character != "\n" and category(character)[0] == "C"]
    assert process.stdout == b""


@pytest.mark.parametrize("garbage", parameters(GARBAGE))
def test_garbage_on_standard_input_is_refused(garbage: bytes) -> None:
    assert_refused(run_eval("-", stdin=garbage))


@pytest.mark.parametrize("garbage", parameters(LONG_GARBAGE))
def test_megabytes_of_garbage_on_standard_input_are_refused(garbage: bytes) -> None:
    assert_refused(run_eval("-", stdin=garbage))


@pytest.mark.skipif(sys.platform == "win32", reason="arguments are no bytes there")
@pytest.mark.parametrize("garbage", parameters(ARGUMENTS))
def test_garbage_as_an_argument_is_refused(garbage: bytes) -> None:
    assert_refused(run_eval(garbage))


@pytest.mark.parametrize("argument", ["", "-", "--", "---", "-\x1b[31m", "--\x07bell", "\ufffe", "@", "=", "x="])
def test_what_resembles_an_option_is_refused(argument: str) -> None:
    assert_refused(run_eval(argument))


@pytest.mark.parametrize(
    "garbage", parameters({name: garbage for name, garbage in ARGUMENTS.items() if len(garbage) < 2000})
)
def test_garbage_as_a_value_is_refused(garbage: bytes) -> None:
    assert_refused(run_eval("x", "--at", b"x=" + garbage))


@pytest.mark.parametrize("garbage", parameters(GARBAGE))
def test_an_error_about_garbage_can_be_written_in_ascii(garbage: bytes) -> None:
    process = run_eval("-", stdin=garbage, encoding="ascii")
    assert_refused(process)
    assert process.stderr.isascii()
