"""What is done about a row without one of its numbers."""

from __future__ import annotations

from enum import StrEnum


class Missing(StrEnum):
    error = "error"
    skip = "skip"
    nan = "nan"
