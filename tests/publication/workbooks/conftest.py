"""A template filled in by hand, as a zone would, and what the check before sending says of it."""

import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from ingestion.checking import CheckedWorkbook, check_workbooks
from ingestion.child_limits import ChildLimits
from ingestion.judging.contract import COVER, workbook_tables
from ingestion.progress import SilentProgress
from ingestion.uscc import check_character
from publication.desk_files import write_desk_files
from publication.tables import copy_marts
from publication.template.prefill import Prefilled
from publication.template.workbook import write_template

RECEIVED = datetime(2026, 3, 1, 9, tzinfo=ZoneInfo("Asia/Shanghai"))

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
    "contact_name": "张三丰",
    "contact_phone": "13800001234",
}

ROWS: dict[str, list[dict[str, Any]]] = {
    "roster": [
        {
            "year": 2025, "uscc": f"91440300MA5F{number:05}" + check_character(f"91440300MA5F{number:05}"),
            "enterprise_name": f"测试企业{number}", "industry_code": "C3922", "ownership": "合资",
            "foreign_share_pct": 25, "employees": 120, "revenue_wan": 1000.5, "assets_wan": 900,
            "rd_expense_wan": 10, "invention_patents": 3, "pct_patents": 1, "export_wan": 12,
            "fdi_wan_usd": 0.5, "quality_tiers": "小巨人、专精特新", "served": "是",
        }
        for number in range(1, 5)
    ],
    "self_reported": [{"year": 2025, "indicator_code": "EXPORT", "value": 48}],
    "cooperation": [
        {
            "category": "海外分支机构", "name": "测试分支", "level": "国家级", "country": "DE",
            "established_on": date(2020, 5, 1), "ended_on": date(2025, 5, 1),
        }
    ],
    "activities": [
        {"held_on": date(2025, 6, 1), "service_area": "政策宣贯", "name": "测试活动", "participants": 7}
    ],
    "plan_targets": [
        {"plan_from": 2024, "plan_to": 2028, "indicator_code": "EXPORT", "baseline": 100, "target": 200}
    ],
    "documents": [{"document_type": "发展规划", "title": "测试规划", "dated_on": date(2024, 1, 1)}],
}  # fmt: skip


@pytest.fixture(scope="session")
def blank_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a template of which nothing is known beforehand."""
    path = tmp_path_factory.mktemp("template") / "blank.xlsx"
    write_template(path, Prefilled())
    return path


@pytest.fixture(scope="session")
def fill(blank_template: Path) -> Callable[..., Path]:
    """Give a filler of templates: rightly, but for ``cover``'s cells and the rows of tables that are named.

    ``spoil`` may do anything to the openpyxl workbook before it is saved at ``path``.
    """

    def filled(
        path: Path,
        template: Path = blank_template,
        cover: Mapping[str, Any] | None = None,
        spoil: Callable[[Any], None] = lambda _: None,
        **tables: Sequence[Mapping[str, Any]],
    ) -> Path:
        book = openpyxl.load_workbook(template)
        for name, table in workbook_tables().items():
            sheet = book[table.title]
            if name == COVER:
                for row, field in enumerate(table.all_fields, start=1):
                    sheet.cell(row, 2, (COVER_CELLS | dict(cover or {}))[field.name])
                continue
            for row, cells in enumerate(tables.get(name, ROWS[name]), start=2):
                for column, field in enumerate(table.all_fields, start=1):
                    if cells.get(field.name) is not None:
                        sheet.cell(row, column, cells[field.name])
        spoil(book)
        book.save(path)
        return path

    return filled


@pytest.fixture(scope="session")
def roster() -> Callable[..., list[dict[str, Any]]]:
    """Give a maker of right roster rows with the cells of some changed: row from 0 → cells."""

    def rows(changed: Mapping[int, Mapping[str, Any]]) -> list[dict[str, Any]]:
        return [row | dict(changed.get(number, {})) for number, row in enumerate(ROWS["roster"])]

    return rows


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., CheckedWorkbook]:
    """Give the check before sending of one workbook, received on 1 March 2026."""

    def checked(path: Path, received_at: datetime = RECEIVED) -> CheckedWorkbook:
        home = tmp_path / f"check of {path.name}"
        home.mkdir()
        night = check_workbooks(
            [path], home, received_at=received_at, parameters={}, limits=ChildLimits(),
            progress=SilentProgress(),
        )  # fmt: skip
        return night.workbooks[0]

    return checked


@pytest.fixture(scope="session")
def judge_in(make_night_in: Callable[..., Any]) -> Callable[..., tuple[Any, dict[str, CheckedWorkbook]]]:
    """Give a night in a folder whose marts say of some workbooks, by name, what judging them said.

    With it come the verdicts, by name.
    """

    def judge(
        folder: Path, files: Mapping[str, Path], **marts: Any
    ) -> tuple[Any, dict[str, CheckedWorkbook]]:
        home = folder / "home"
        home.mkdir()
        checked = check_workbooks(
            list(files.values()), home, received_at=RECEIVED, parameters={}, limits=ChildLimits(),
            progress=SilentProgress(),
        )  # fmt: skip
        verdicts = dict(zip(files, checked.workbooks, strict=True))
        night = make_night_in(folder, zones=[], submissions=[], **marts)
        versions: dict[Any, int] = {}
        for name, verdict in verdicts.items():
            row = submission_row(name, verdict, versions)
            night.submissions.append(row)
            night.quality_failures += [finding_row(row, each) for each in verdict.findings.rows(named=True)]
        return night, verdicts

    return judge


@pytest.fixture
def judged_night(judge_in: Callable[..., Any], tmp_path: Path) -> Callable[..., Any]:
    """Give such a night in the test's own folder."""
    return partial(judge_in, tmp_path)


def submission_row(name: str, verdict: CheckedWorkbook, versions: dict[Any, int]) -> tuple[Any, ...]:
    """Give the row of the mart submissions, versions counted in the order of the calls."""
    cover = verdict.cover
    key = (cover["zone_id"], cover["submission_type"], cover["report_year"])
    versions[key] = versions.get(key, 0) + 1
    status = "rejected" if verdict.is_rejected else "accepted"
    return (
        verdict.submission_id, f"{name}.xlsx", *key, RECEIVED.replace(tzinfo=None), "receipt", None,
        versions[key], status, not verdict.is_rejected, cover["roster_rows"], cover["quarantined_rows"],
    )  # fmt: skip


def finding_row(
    submission: tuple[Any, ...], finding: Mapping[str, Any], disposition: str = "open"
) -> tuple[Any, ...]:
    """Give the row of the mart quality_failures about a finding of a submission."""
    parts = [finding[name] for name in ("rule_id", "sheet", "row_number", "field", "value")]
    failure_id = hashlib.sha256(repr((submission[0], parts)).encode()).hexdigest()[:32]
    rule_id, sheet, row, field, value = parts
    return (
        failure_id, rule_id, rule_id[0], "8", submission[0], submission[2], submission[4], sheet, row, field,
        value, finding["expected"], finding["message_zh"], finding["message_en"], "pandera", disposition,
    )  # fmt: skip


@pytest.fixture(scope="session")
def desk_files_in() -> Callable[..., Path]:
    """Give the folder of a release that holds a night's marts and its files for the desk, and no pages."""

    def make(parent: Path, night: Any, previous: Path | None = None) -> Path:
        folder = parent / f"release {secrets.token_hex(4)}"
        folder.mkdir()
        warehouse = night.warehouse()
        copy_marts(warehouse, folder)
        write_desk_files(
            folder,
            home=night.home,
            warehouse=warehouse,
            night=night.scratch / "night",
            previous=previous,
            as_of=datetime(2026, 6, 30, tzinfo=RECEIVED.tzinfo),
            limits=ChildLimits(workers=2),
            progress=SilentProgress(),
        )
        return folder

    return make


@pytest.fixture
def desk_files(desk_files_in: Callable[..., Path], tmp_path: Path) -> Callable[..., Path]:
    """Give such a folder in the test's own one."""
    return partial(desk_files_in, tmp_path)
