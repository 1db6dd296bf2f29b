"""dbt in a process of its own that gets ready early: ``python -m orchestration.dbt_worker parse …``.

It imports dbt and takes up the parsed project while the night still receives and reads; then it waits for one
line with dbt commands, runs them in turn up to the first that fails, and leaves with the exit code of the one
that ran last. No line: no command.
"""

import json
import os
import sys
from threading import Thread

from dbt.cli.main import dbtRunner, dbtRunnerResult

SUCCESS, FAILURE, CRASH = 0, 1, 2


def main() -> int:
    """Parse, wait, run; give dbt's exit code."""
    parsed = dbtRunner().invoke(["--quiet", "--no-write-json", *sys.argv[1:]])
    if not parsed.success:
        return exit_code(parsed)
    line = sys.stdin.readline()
    if not line:
        return SUCCESS
    order = json.loads(line)
    os.environ.update(order["environment"])
    Thread(target=leave_with_the_parent, name="leave-with-the-parent", daemon=True).start()
    dbt, code = dbtRunner(manifest=parsed.result), SUCCESS  # type: ignore[arg-type]
    for command in order["commands"]:
        code = exit_code(dbt.invoke(command))
        if code != SUCCESS:
            break
    return code


def leave_with_the_parent() -> None:
    """End this process when the parent has ended: nobody else may write the warehouse of the next run."""
    sys.stdin.read()
    os._exit(CRASH)


def exit_code(result: dbtRunnerResult) -> int:
    """Give the exit code of ``result``; what made dbt itself fail is printed."""
    if result.exception is not None:
        print(f"{type(result.exception).__name__}: {result.exception}", flush=True)
        return CRASH
    return SUCCESS if result.success else FAILURE


if __name__ == "__main__":
    sys.exit(main())
