"""The night's dbt process, from this side: started early, told once what to do, ended with the run.

Light to import: ``coopzones run`` starts dbt before it imports Dagster, so that both get ready side by side.
"""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from orchestration.dbt_manifest import ParsedProject

REPOSITORY = Path(__file__).resolve().parent.parent
SECONDS_TO_END = 10


class DbtProcess:
    """A dbt that gets ready for one order on a parsed project."""

    def __init__(self, parsed: ParsedProject, process: subprocess.Popen[bytes]) -> None:
        self.parsed = parsed
        self.process = process

    def run(self, commands: Sequence[Sequence[str]], environment: Mapping[str, str]) -> None:
        """Let it run dbt's ``commands`` in turn (once), none after one that failed.

        What it prints is JSON lines on ``process.stdout``.
        """
        order = json.dumps({"commands": [list(each) for each in commands], "environment": dict(environment)})
        stdin: IO[bytes] = self.process.stdin  # type: ignore[assignment]
        # A process that ended while it got ready has an exit code and last words that say why.
        with contextlib.suppress(BrokenPipeError):
            stdin.write(order.encode() + b"\n")
            stdin.flush()  # It stays open: dbt ends when it closes, which a killed run cannot forget to do.


@contextmanager
def start_dbt(parsed: ParsedProject) -> Iterator[DbtProcess]:
    """Start dbt for ``parsed``; it ends with the block."""
    with subprocess.Popen(  # noqa: S603 (our own arguments)
        [sys.executable, "-m", "orchestration.dbt_worker", *parsed.parse_arguments()],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env={**os.environ, **parsed.environment(), "PYTHONUNBUFFERED": "1"}, cwd=REPOSITORY,
    ) as process:  # fmt: skip
        try:
            yield DbtProcess(parsed, process)
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
