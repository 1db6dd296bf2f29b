"""What a child process does first: it limits itself. Light, so that the limit holds from the start."""

import os
import resource
from pathlib import Path


def limit_this_process(memory_limit_bytes: int) -> None:
    """Let this process have at most ``memory_limit_bytes`` of data, and one thread for polars."""
    os.environ["POLARS_MAX_THREADS"] = "1"
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (memory_limit_bytes, memory_limit_bytes))


def read_workbook_here(source: str, built: str) -> str | None:
    """Read the workbook at ``source`` in this process; see ``ingestion.reading.workbook.read_workbook``."""
    from ingestion.reading.workbook import read_workbook  # noqa: PLC0415  only once the limits stand

    return read_workbook(Path(source), Path(built))


def read_sheet_here(body: bytes, title: str | None, max_cells: int) -> list[list[str | None]]:
    """Read a sheet in this process; see ``ingestion.reading.one_sheet.cells_of``."""
    from ingestion.reading.one_sheet import cells_of  # noqa: PLC0415  only once the limits stand

    return cells_of(body, title, max_cells)
