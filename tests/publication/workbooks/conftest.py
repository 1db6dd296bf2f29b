"""A template filled in by hand, as a zone would, and what the check before sending says of it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from ingestion.checking import CheckedWorkbook, ChildLimits, check_workbooks
from ingestion.judging.contract import COVER, workbook_tables
from ingestion.progress import SilentProgress
from ingestion.uscc import check_character
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
