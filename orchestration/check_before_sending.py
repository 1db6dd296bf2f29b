"""The check before sending: workbooks judged by the night's rules at once, away from the home.

Belongs here: the order of the steps. Judging is ``ingestion.checking``, marking ``publication.returned``;
what is printed is ``check_report``.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import polars as pl

from ingestion.checking import CheckedWorkbook, check_workbooks
from ingestion.progress import SilentProgress
from orchestration.check_report import CheckReport
from orchestration.check_with_warehouse import ask_the_warehouse
from orchestration.settings import Settings
from publication.returned.checked import write_checked


@dataclass(frozen=True)
class CheckOrder:
    """What to check: ``files``, as if received at ``received_at`` (aware).

    ``with_warehouse`` asks the rules over the warehouse too, with the ledgers of the inbox that the settings
    name, if they name one. ``output`` is where the marked workbook of a single file is written.
    """

    files: Sequence[Path]
    received_at: datetime
    with_warehouse: bool = False
    output: Path | None = None


def check_before_sending(order: CheckOrder, settings: Settings, report: CheckReport) -> bool:
    """Check what ``order`` names and tell ``report``; give whether all of it would be accepted."""
    has_ledgers = order.with_warehouse and "inbox" in settings.model_fields_set
    with tempfile.TemporaryDirectory(prefix="coopzones-check-") as folder:
        night = check_workbooks(
            order.files,
            Path(folder),
            received_at=order.received_at,
            parameters=settings.parameters,
            limits=settings.child_limits,
            progress=SilentProgress(),
            ledgers_of=settings.inbox if has_ledgers else None,
        )
        workbooks = night.workbooks
        if order.with_warehouse:
            asked = ask_the_warehouse(
                night, Path(folder), target=settings.target, parameters=settings.parameters
            )
            workbooks = tuple(_with(workbook, asked) for workbook in workbooks)
        for workbook in workbooks:
            report.tell(workbook)
        report.tell_rules_asked(with_warehouse=order.with_warehouse, has_ledgers=has_ledgers)
        if order.output is not None and workbooks[0].findings is not None:
            reason = write_checked(
                workbooks[0], order.output, checked_at=order.received_at, limits=settings.child_limits
            )
            report.tell_output(order.output, reason)
    return not any(workbook.is_rejected for workbook in workbooks)


def _with(workbook: CheckedWorkbook, asked: Mapping[str, pl.DataFrame]) -> CheckedWorkbook:
    """Give ``workbook`` with what the warehouse's rules found as well."""
    if workbook.findings is None:
        return workbook
    return replace(workbook, findings=pl.concat([workbook.findings, asked[workbook.submission_id]]))
