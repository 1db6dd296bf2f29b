"""The terminal: progress while a night runs, plain lines where nobody watches."""

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)


class TerminalProgress:
    """Shows which step runs, how many units of how many, how long; a finished step stays as one line."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bar: Progress | None = None
        self._name = ""
        self._total: int | None = None
        self._done = 0
        self._since = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the step in progress, saying whether it was finished."""
        self._close(is_finished=error is None)

    def step(self, name: str, total: int | None = None) -> None:
        """Close the step before and begin ``name``."""
        self._close(is_finished=True)
        self._name, self._total, self._done, self._since = name, total, 0, time.monotonic()
        if self._console.is_terminal:
            counted = [BarColumn(bar_width=24), MofNCompleteColumn()] if total else []
            self._bar = Progress(
                SpinnerColumn(), TextColumn("{task.description}"), *counted, TimeElapsedColumn(),
                console=self._console, transient=True, redirect_stdout=False, redirect_stderr=False,
            )  # fmt: skip
            self._bar.add_task(name, total=total)
            self._bar.start()

    def advance(self, count: int = 1) -> None:
        """Count ``count`` more units."""
        self._done += count
        if self._bar is not None:
            self._bar.advance(self._bar.task_ids[0], count)

    def note(self, text: str) -> None:
        """Print one line above the progress."""
        self._console.print(f"    {text}", highlight=False, markup=False, soft_wrap=True)

    def _close(self, *, is_finished: bool) -> None:
        if not self._name:
            return
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
        units = "" if self._total is None else f"  {self._done}/{self._total}"
        seconds = time.monotonic() - self._since
        mark = "✓" if is_finished else "✗"
        self._console.print(f"  {mark} {self._name}{units}  {seconds:.1f} s", highlight=False, markup=False)
        self._name = ""
