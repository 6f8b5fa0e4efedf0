"""What every benchmark prints: the machine, and one Markdown table."""

from __future__ import annotations

import os
import platform
import resource
from collections.abc import Iterable, Sequence
from pathlib import Path


def verdict(holds: bool) -> str:
    return "met" if holds else "missed"


def machine() -> str:
    """The processor, how busy it is with other work, too, the system and the Python that the numbers belong to."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    cores = f"{os.cpu_count()} cores with a load of {os.getloadavg()[1]:.1f}"
    return f"{processor()}, {cores}, {platform.system()} {platform.release()}, {python}"


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or platform.machine()


def processor_seconds() -> float:
    """What the processes that have ended so far took, all cores together."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table with its columns aligned."""
    cells = [[cell.replace("|", "\\|") for cell in row] for row in (header, *rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ["| " + " | ".join(map(str.ljust, row, widths)) + " |" for row in cells]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)
