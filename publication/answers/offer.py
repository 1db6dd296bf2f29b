"""The answer sheets of a release: ``answers/<authority>.xlsx`` with what is open and what was answered.

Belongs here: which findings are offered to whom, and how the sheet looks. Reading a completed one is in
``completed``.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import xlsxwriter
from xlsxwriter.workbook import Workbook

from ingestion.judging.contract import ledgers
from ingestion.seeds import load_seed
from publication.answers.columns import HISTORY_SHEET, KEY, LEDGER, SHEET, answer_columns
from publication.articles import article_text
from publication.desk import MINISTRY
from publication.exports import as_csv
from publication.wording import as_spreadsheet_text, legible
from publication.workbook_limits import workbook_limit

ANSWERS = "answers"
HISTORY = "history.csv"

CONTEXT = {
    "规则": 8, "级别": 20, "合作区": 14, "年度": 8, "工作表或台账": 16, "行": 6, "字段": 18, "原值": 24,
    "问题": 60, "应为": 36, "依据": 26, "文件": 36,
}  # fmt: skip
"""What stands beside an answer, to read only, and how wide."""

OFFERED = """
create temp table offered as
select
    coalesce(of_submission.authority_code, of_zone.authority_code, $ministry) as owner,
    failures.failure_id, failures.rule_id, failures.severity, failures.zone_id, failures.report_year,
    failures.sheet, failures.row_number, failures.field, failures.value, failures.message_zh,
    failures.expected, failures.article, submissions.file_name,
    row_number() over (
        partition by owner
        order by
            array_position(['Q', 'M', 'V', 'S'], failures.severity), failures.rule_id, failures.zone_id,
            failures.report_year, failures.sheet, failures.row_number, failures.failure_id
    ) as place
from release.marts.quality_failures as failures
left join release.marts.submissions as submissions using (submission_id)
left join authority_of_submission as of_submission on failures.submission_id = of_submission.submission_id
left join authority_of_zone as of_zone on failures.zone_id = of_zone.zone_id
where failures.disposition = 'open'
"""

HISTORY_ROWS = """
select
    coalesce(of_submission.authority_code, of_zone.authority_code, $ministry) as authority_code,
    recorded.failure_id, failures.rule_id, failures.zone_id, failures.report_year, recorded.disposition,
    recorded.officer, recorded.approver, recorded.reason, recorded.expires_on, recorded.void,
    recorded.recorded_at, recorded.is_in_force, failures.disposition as disposition_today,
    recorded.ledger_file, recorded.row_number
from read_parquet($dispositions) as recorded
left join release.marts.quality_failures as failures on recorded.failure_id = failures.failure_id
left join authority_of_submission as of_submission on failures.submission_id = of_submission.submission_id
left join authority_of_zone as of_zone on failures.zone_id = of_zone.zone_id
order by recorded.recorded_at desc, recorded.ledger_file, recorded.row_number desc
"""


def write_answers(desk: duckdb.DuckDBPyConnection, folder: Path, *, night: Path) -> None:
    """Write ``answers/`` into the release at ``folder``; ``desk`` is that of ``publication.desk``.

    A workbook an authority that has open findings or answered any, and ``history.csv`` with every row of the
    ledger that the night sees, the newest first. Findings of no authority are the ministry's.
    """
    (folder / ANSWERS).mkdir()
    desk.execute(OFFERED, {"ministry": MINISTRY})
    dispositions = str(night / "ledgers" / f"{LEDGER}.parquet")
    history = desk.execute(HISTORY_ROWS, {"ministry": MINISTRY, "dispositions": dispositions}).pl()
    as_csv(history).write_csv(folder / ANSWERS / HISTORY, include_bom=True)
    counted = dict(desk.execute("select owner, count(*) from offered group by owner").fetchall())
    for owner in sorted(counted.keys() | set(history["authority_code"])):
        rows = desk.execute(
            "select * exclude (owner, place) from offered where owner = ? and place <= ? order by place",
            [owner, workbook_limit("max_offered_answers")],
        )
        _write_workbook(
            folder / ANSWERS / f"{owner}.xlsx",
            rows.pl().to_dicts(),
            counted.get(owner, 0),
            history.filter(authority_code=owner),
        )


def _write_workbook(
    path: Path, findings: Sequence[dict[str, Any]], counted: int, history: pl.DataFrame
) -> None:
    with xlsxwriter.Workbook(str(path), {"in_memory": True}) as book:
        _write_offer(book, findings, counted)
        _write_history(book, history)


def _write_offer(book: Workbook, findings: Sequence[dict[str, Any]], counted: int) -> None:
    sheet = book.add_worksheet(SHEET)
    header = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#D9E1F2", "border": 1})
    to_fill = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#FFEB9C", "border": 1})
    locked = book.add_format({"text_wrap": True, "valign": "top"})
    formats = {"date": "yyyy-mm-dd", "timestamp": "yyyy-mm-dd hh:mm:ss"}
    columns = answer_columns()
    types = {field.name: field.type for field in ledgers()[LEDGER].fields}
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.header, header if column.field == KEY else to_fill)
        sheet.write_comment(0, place, column.note, {"x_scale": 2})
        shown = {"num_format": formats.get(types[column.field], "@"), "valign": "top", "text_wrap": True}
        is_locked = column.field == KEY
        sheet.set_column(place, place, column.width, book.add_format(shown | {"locked": is_locked}))
    for place, (name, width) in enumerate(CONTEXT.items(), start=len(columns)):
        sheet.write_string(0, place, name, header)
        sheet.set_column(place, place, width, locked)
    for number, finding in enumerate(findings, start=1):
        sheet.write_string(number, 0, finding[KEY])
        for place, text in enumerate(_context(finding), start=len(columns)):
            sheet.write_string(number, place, as_spreadsheet_text(text), locked)
    if counted > len(findings):
        text = f"另有 {counted - len(findings)} 处未列出；答复后，下次发布会列出其余。/ more are open"
        sheet.write_string(len(findings) + 1, len(columns), text)
    _validate(sheet, len(findings))
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})


def _context(finding: dict[str, Any]) -> list[str]:
    """Give what stands beside an answer, in the order of ``CONTEXT``."""
    texts = (
        finding["rule_id"], _severities()[finding["severity"]], finding["zone_id"], finding["report_year"],
        finding["sheet"], finding["row_number"], finding["field"], finding["value"], finding["message_zh"],
        finding["expected"], article_text(finding["article"]), finding["file_name"],
    )  # fmt: skip
    return ["" if text is None else legible(str(text), 500) for text in texts]


@cache
def _severities() -> dict[str, str]:
    """Give the wording of each severity."""
    return dict(load_seed("messages").filter(kind="severity").select("code", "zh").iter_rows())


def _validate(sheet: Any, rows: int) -> None:
    if not rows:
        return
    dispositions = [value.code for value in ledgers()[LEDGER].field("disposition").values]
    criteria: dict[str, dict[str, Any]] = {
        "disposition": {"validate": "list", "source": dispositions},
        "expires_on": {"validate": "date", "criteria": ">=", "value": "=DATE(1900,1,1)"},
    }
    for place, column in enumerate(answer_columns()):
        if column.field == KEY:
            continue
        words = {"input_title": column.label, "input_message": column.note, "error_message": column.note}
        sheet.data_validation(1, place, rows, place, criteria.get(column.field, {"validate": "any"}) | words)


def _write_history(book: Workbook, history: pl.DataFrame) -> None:
    sheet = book.add_worksheet(HISTORY_SHEET)
    bold = book.add_format({"bold": True, "bg_color": "#D9E1F2"})
    sheet.write_row(0, 0, history.columns, bold)
    sheet.set_column(0, len(history.columns) - 1, 20)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(
        as_csv(history).head(workbook_limit("max_exported_rows")).iter_rows(), start=1
    ):
        for column, value in enumerate(row):
            sheet.write_string(number, column, "" if value is None else legible(str(value), 500))
    sheet.protect()
