"""Every cell of one sheet of a workbook that isn't the contract's: a table that somebody publishes.

Belongs here: reading it in a child process, as carefully as a submitted workbook. Does not belong here: where
in the sheet the table is (``ingestion.sources.formats``).
"""

from io import BytesIO
from multiprocessing import get_context

from pebble import ProcessExpired, ProcessPool

from ingestion.child_limits import ChildLimits
from ingestion.reading.cells import cell_text
from ingestion.reading.child import limit_this_process, read_sheet_here
from ingestion.reading.contract import reading_limits
from ingestion.reading.lake import RefusedError
from ingestion.reading.names import fold_name
from ingestion.reading.package import Package, corrupt_when_malformed, open_package
from ingestion.reading.sheet_xml import check_extent
from ingestion.reading.workbook import open_workbook, read_rows


def read_sheet(body: bytes, title: str | None, max_cells: int, limits: ChildLimits) -> list[list[str | None]]:
    """Give the cells of the sheet ``title`` (by default the first with cells) of the workbook ``body``.

    Row by row from A1 on, as text, null where blank. Raises ``RefusedError`` with a case of S01, or
    no_sheet or too_many_cells.
    """
    pool = ProcessPool(
        max_workers=1,
        context=get_context("spawn"),
        initializer=limit_this_process,
        initargs=(limits.memory_limit_bytes,),
    )
    try:
        cells: list[list[str | None]] = pool.schedule(
            read_sheet_here, args=[body, title, max_cells], timeout=limits.timeout_seconds
        ).result()
    except (ProcessExpired, MemoryError) as error:
        raise RefusedError("reader_died", limit=limits.memory_limit_bytes) from error
    except TimeoutError as error:
        raise RefusedError("reader_timed_out", limit=limits.timeout_seconds) from error
    finally:
        pool.stop()
        pool.join()
    return cells


def cells_of(body: bytes, title: str | None, max_cells: int) -> list[list[str | None]]:
    """Give the cells of a sheet; see ``read_sheet``. Runs in the child process."""
    limits = reading_limits()
    with open_package(BytesIO(body), limits) as package:
        index = _sheet_index(package, title)
        with corrupt_when_malformed():
            check_extent(package.archive, package.sheets[index].part, limits)
        rows = read_rows(package, open_workbook(BytesIO(body)), index, limits)
        kept: list[list[str | None]] = []
        for row in rows:
            kept.append([cell_text(value) for value in row])
            if len(kept) * len(row) > max_cells:  # rows are of one width
                raise RefusedError("too_many_cells", limit=max_cells)
        return kept


def _sheet_index(package: Package, title: str | None) -> int:
    for index, sheet in enumerate(package.sheets):
        if sheet.is_worksheet and (title is None or fold_name(sheet.title) == fold_name(title)):
            return index
    raise RefusedError("no_sheet", title)
