"""What a child process that opens what was sent may use. Light, so that settings can carry it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ChildLimits:
    """What a child process that opens a workbook may use, and how many of them run side by side."""

    workers: int = 1
    memory_limit_bytes: int = 2 << 30
    timeout_seconds: float = 300
