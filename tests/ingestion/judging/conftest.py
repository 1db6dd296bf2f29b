"""Workbooks and ledgers made for a test, and what a night finds in them."""

import io
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
import xlsxwriter

from ingestion.judging.contract import COVER, Table, ledgers, workbook_tables
from ingestion.judging.night import NightSummary, judge_night
from ingestion.progress import SilentProgress
from ingestion.reading.new_files import read_new_files
from ingestion.receive import Reception, receive
from ingestion.uscc import check_character

SHANGHAI = ZoneInfo("Asia/Shanghai")
ARRIVED = datetime(2026, 3, 1, 9, tzinfo=SHANGHAI)
AS_OF = datetime(2026, 6, 30, tzinfo=SHANGHAI)

Sheets = dict[str, list[list[Any]]]


def uscc(number: int) -> str:
    """Give a right code, another one for another number."""
    body = f"91440300MA5F{number:05}"
    return body + check_character(body)


@dataclass
class Form:
    """A workbook by the contract, to be spoilt by a test: the cells of every sheet by its Chinese name."""

    sheets: Sheets = field(default_factory=dict)

    def bytes(self) -> bytes:
        """Give the workbook as a zone would send it; an error value is given as ``=NA()``."""
        stream = io.BytesIO()
        with xlsxwriter.Workbook(stream, {"default_date_format": "yyyy-mm-dd"}) as book:
            # Equal forms are equal bytes, also when a second passes between them.
            book.set_properties({"created": ARRIVED.replace(tzinfo=None)})
            for title, rows in self.sheets.items():
                sheet = book.add_worksheet(title)
                for number, row in enumerate(rows):
                    for column, value in enumerate(row):
                        _write(sheet, number, column, value)
        return stream.getvalue()


def _write(sheet: Any, row: int, column: int, value: Any) -> None:
    if isinstance(value, str) and value.startswith("=NA"):
        sheet.write_formula(row, column, value, None, "#N/A")
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    elif value is not None:
        sheet.write(row, column, value)


COVER_CELLS: dict[str, Any] = {
    "submission_type": "年度报告",
    "zone_id": "HZ44030009",
    "zone_name": "中外（测试）中小企业合作区",
    "authority_code": "440300",
    "prefecture_code": "440300",
    "report_year": 2025,
    "applicant_name": "测试市人民政府",
    "operator_name": "测试运营公司",
    "boundary_description": "东至甲路，西至乙路",
    "area_km2": 12.5,
    "functional_division": "研发、生产",
    "filled_on": date(2026, 2, 1),
    "contact_name": "张三",
    "contact_phone": "13800000000",
}

ROW_CELLS: dict[str, dict[str, Any]] = {
    "roster": {
        "year": 2025,
        "enterprise_name": "测试企业",
        "industry_code": "C3922",
        "ownership": "内资",
        "employees": 120,
        "revenue_wan": 1000,
    },
    "self_reported": {"year": 2025, "indicator_code": "EXPORT", "value": 100},
    "cooperation": {"category": "创新平台", "name": "测试平台", "established_on": date(2020, 5, 1)},
    "activities": {"held_on": date(2025, 6, 1), "service_area": "政策宣贯", "name": "测试活动"},
    "plan_targets": {
        "plan_from": 2024,
        "plan_to": 2028,
        "indicator_code": "EXPORT",
        "baseline": 100,
        "target": 200,
    },
    "documents": {"document_type": "发展规划", "title": "测试规划", "dated_on": date(2024, 1, 1)},
}


def sheet_rows(table: Table, rows: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    """Give the cells of a table's sheet: the headers in row 1, then ``rows`` from row 2 on."""
    cells = [[row.get(each.name) for each in table.all_fields] for row in rows]
    return [[each.header for each in table.all_fields], *cells]


@pytest.fixture(scope="session")
def form() -> Callable[..., Form]:
    """Give a maker of workbooks: right but for ``cover``'s cells and the rows of the tables that are named.

    A row is a mapping of fields; what it leaves out is filled rightly, so that ``{}`` is a right row.
    """
    numbers = count(1)

    def make(cover: Mapping[str, Any] | None = None, **tables: Sequence[Mapping[str, Any]]) -> Form:
        sheets: Sheets = {}
        for name, table in workbook_tables().items():
            if name == COVER:
                filled = COVER_CELLS | dict(cover or {})
                sheets[table.title] = [[each.header, filled[each.name]] for each in table.all_fields]
            else:
                given = tables.get(name, [{}] if name == "roster" else [])
                right = [_right_row(name, next(numbers)) for _ in given]
                sheets[table.title] = sheet_rows(
                    table, [own | dict(row) for own, row in zip(right, given, strict=True)]
                )
        return Form(sheets)

    return make


def _right_row(table: str, number: int) -> dict[str, Any]:
    return ROW_CELLS[table] | ({"uscc": uscc(number)} if table == "roster" else {})


@pytest.fixture(scope="session")
def ledger_text() -> Callable[..., str]:
    """Give a maker of a ledger's CSV from rows that map fields to texts."""

    def make(ledger: str, rows: Sequence[Mapping[str, str]]) -> str:
        names = [each.name for each in ledgers()[ledger].fields]
        lines = [names, *([row.get(name, "") for name in names] for row in rows)]
        return "".join(",".join(line) + "\n" for line in lines)

    return make


@dataclass
class Night:
    """An inbox and its home; ``judge`` gives a night at a moment, and the other methods what it found."""

    inbox: Path
    home: Path
    reception: Reception
    summary: NightSummary

    def judge(self, as_of: datetime = AS_OF, parameters: Mapping[str, str] | None = None) -> "Night":
        """Judge the same inbox at another moment or with other parameters."""
        summary = judge_night(
            self.reception, self.home, as_of=as_of, parameters=parameters or {}, progress=SilentProgress()
        )
        return Night(self.inbox, self.home, self.reception, summary)

    def submission_id(self, name: str) -> str:
        """Give the SHA-256 of the workbook ``name``."""
        return self.reception.files.filter(kind="submission", file_name=f"{name}.xlsx")["sha256"].item()

    def verdict(self, name: str, table: str) -> pl.DataFrame:
        """Give a table of the verdict on the workbook ``name``."""
        return pl.read_parquet(self.summary.judged_folder / self.submission_id(name) / f"{table}.parquet")

    def table(self, name: str) -> pl.DataFrame:
        """Give a table of the night."""
        return pl.read_parquet(self.summary.night_folder / f"{name}.parquet")

    def findings(self, name: str) -> pl.DataFrame:
        """Give every finding on the workbook ``name``, S06 included."""
        tonight = self.table("findings").filter(submission_id=self.submission_id(name))
        return pl.concat([self.verdict(name, "findings"), tonight])

    def rules(self, name: str) -> set[str]:
        """Give the ids of the rules that the workbook ``name`` breaks."""
        return set(self.findings(name)["rule_id"])

    def rules_of_rows(self, name: str, sheet: str) -> dict[int, set[str]]:
        """Give by row of ``sheet`` the ids of the rules that it breaks, for the rows that break any."""
        rules: dict[int, set[str]] = {}
        found = self.findings(name).filter(pl.col("row_number").is_not_null(), sheet=sheet)
        for row, rule in found.select("row_number", "rule_id").iter_rows():
            rules.setdefault(row, set()).add(rule)
        return rules

    def is_rejected(self, name: str) -> bool:
        """Tell whether the workbook ``name`` is rejected."""
        return self.verdict(name, "cover")["is_rejected"].item() or "S06" in self.rules(name)


@pytest.fixture(scope="session")
def night_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Night]:
    """Give a judge of an inbox: workbooks by name, ledgers' texts by path below the inbox."""

    def judge(
        workbooks: Mapping[str, Form | bytes] | None = None,
        ledgers: Mapping[str, str | bytes] | None = None,
        as_of: datetime = AS_OF,
        parameters: Mapping[str, str] | None = None,
    ) -> Night:
        folder = tmp_path_factory.mktemp("night")
        inbox, home = folder / "inbox", folder / "home"
        home.mkdir()
        (inbox / "submissions").mkdir(parents=True)
        for name, workbook in (workbooks or {}).items():
            content = workbook.bytes() if isinstance(workbook, Form) else workbook
            put(inbox / "submissions" / f"{name}.xlsx", content)
        for path, text in (ledgers or {}).items():
            put(inbox / path, text.encode() if isinstance(text, str) else text)
        reception = receive(str(inbox), home, SilentProgress())
        read_new_files(
            reception,
            home,
            workers=1,
            memory_limit_bytes=1 << 31,
            timeout_seconds=60,
            progress=SilentProgress(),
        )
        summary = judge_night(
            reception, home, as_of=as_of, parameters=parameters or {}, progress=SilentProgress()
        )
        return Night(inbox, home, reception, summary)

    return judge


def put(path: Path, content: bytes) -> None:
    """Write ``content`` as a file that arrived on 1 March 2026."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (ARRIVED.timestamp(), ARRIVED.timestamp()))
