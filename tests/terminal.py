"""The command at a terminal: what a person sees of it."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import tempfile
import termios
from typing import NamedTuple


class Screen(NamedTuple):
    """What a command wrote to the terminal, what it wrote beside it, and its exit code."""

    output: str
    errors: str
    code: int


def at_terminal(arguments: list[str], **variables: str) -> Screen:
    """Runs `autodiff` at a terminal of 80 columns and 24 lines."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "NO_COLOR")}
    environment |= {"TERM": "xterm-256color", **variables}
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "autodiff", *arguments], stdout=theirs, stderr=errors, env=environment
        )
        os.close(theirs)
        written = b"".join(parts(ours))
        os.close(ours)
        code = process.wait()
        errors.seek(0)
        return Screen(written.decode().replace("\r\n", "\n"), errors.read().decode(), code)


def parts(terminal: int):
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # the other side is closed
            return
        if not part:
            return
        yield part
