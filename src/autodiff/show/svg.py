"""A picture in SVG, laid out by Graphviz."""

from __future__ import annotations

import shutil
import subprocess

from autodiff.language.errors import AutodiffError

SECONDS = 60  # for a graph of some thousand nodes


def svg_text(dot: str) -> str:
    """The SVG that Graphviz's `dot` makes of DOT text.

    Raises AutodiffError if `dot` is not installed, fails, or does not end in time.
    """
    program = shutil.which("dot")
    if program is None:
        raise AutodiffError(
            "missing-program",
            "there is no program 'dot' to lay out the picture",
            suggestion="install Graphviz (apt install graphviz, brew install graphviz), or use --to html",
        )
    try:
        done = subprocess.run([program, "-Tsvg"], input=dot.encode(), capture_output=True, timeout=SECONDS, check=True)
    except subprocess.TimeoutExpired:
        reason = f"'dot' did not end within {SECONDS} seconds"
    except subprocess.CalledProcessError as error:
        complaint = error.stderr.decode(errors="replace").strip().splitlines()
        reason = f"'dot' failed: {complaint[0]}" if complaint else f"'dot' failed with exit code {error.returncode}"
    except OSError as error:
        reason = f"can't run '{program}': {error.strerror}"
    else:
        return done.stdout.decode()
    raise AutodiffError("failed-program", reason, suggestion="--to html needs no other program")
