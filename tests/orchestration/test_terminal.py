"""What a person sees while a night runs: one line a step, with its units and its time."""

import io

import pytest
from rich.console import Console

from orchestration.terminal import TerminalProgress


def shown(*, is_terminal: bool) -> str:
    file = io.StringIO()
    console = Console(file=file, force_terminal=is_terminal, width=60)
    with TerminalProgress(console) as progress:
        progress.step("read", 3)
        progress.advance()
        progress.note("a.xlsx: " + "a long word " * 8)
        progress.advance(2)
        progress.step("publish")
    return file.getvalue()


def test_where_nobody_watches_a_step_is_one_plain_line() -> None:
    lines = shown(is_terminal=False).splitlines()
    assert lines[0].startswith("    a.xlsx: a long word")
    assert lines[1].startswith("  ✓ read  3/3  0.")
    assert lines[2].startswith("  ✓ publish  0.")
    assert len(lines) == 3


def test_in_a_terminal_the_finished_steps_stay() -> None:
    text = shown(is_terminal=True)
    assert "✓ read  3/3" in text
    assert "✓ publish" in text


def test_the_step_in_which_the_night_ended_is_marked() -> None:
    file = io.StringIO()
    progress = TerminalProgress(Console(file=file))
    progress.step("read", 3)
    with pytest.raises(RuntimeError), progress:
        raise RuntimeError
    assert file.getvalue().startswith("  ✗ read  0/3")
