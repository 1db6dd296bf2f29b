"""What looks odd and must be read all the same: no rule finds anything here."""

from datetime import timedelta
from functools import partial

from ingestion.sample.dirt import edits
from ingestion.sample.dirt.registry import dirt
from ingestion.sample.draft import Draft
from ingestion.sample.facts import headers, reading_limit
from ingestion.sample.stories import LAST_REPORT_YEAR
from ingestion.sample.workbooks import EmptyCell, Formula

FULL_WIDTH = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")


@dirt()
def spaces_in_sheet_names(draft: Draft) -> str:
    """Write sheet names and a cover key with spaces of several kinds."""
    host = draft.host("annual_report")
    host.sheet_edits += [
        partial(edits.rename_sheet, table="cooperation", name=" 合作 与平台　"),
        partial(edits.rename_sheet, table="roster", name="企业\u3000名录"),
        partial(edits.rename_header, table="cover", field="zone_id", name="合作区 编码"),
    ]
    return host.path


@dirt()
def headers_in_other_forms(draft: Draft) -> str:
    """Write headers with half-width brackets, full-width letters and spaces."""
    host = draft.host("annual_report")
    titles = headers("roster")
    for field in ("revenue_wan", "foreign_share_pct", "pct_patents"):
        title = titles[field].replace("（", " (").replace("）", ")").replace("PCT", "ＰＣＴ")
        host.sheet_edits.append(partial(edits.rename_header, table="roster", field=field, name=title))
    return host.path


@dirt()
def full_width_digits(draft: Draft) -> str:
    """Write years, numbers and codes in full-width digits, with spaces around them."""
    host = draft.host("annual_report")
    for field in ("year", "revenue_wan", "employees", "uscc"):
        host.content_edits.append(
            partial(edits.edit_every, table="roster", step=3, field=field, write=_full_width)
        )
    return host.path


@dirt()
def thousands_separators(draft: Draft) -> str:
    """Write numbers as texts with thousands separators."""
    host = draft.host("annual_report")
    for field in ("revenue_wan", "assets_wan", "export_wan"):
        host.content_edits.append(
            partial(edits.edit_every, table="roster", step=2, field=field, write=_separated)
        )
    host.content_edits.append(partial(edits.edit_cover, area_km2="1,234.50"))
    return host.path


@dirt()
def formulas_with_values(draft: Draft) -> str:
    """Let numbers be formulas beside which their values are stored."""
    host = draft.host("annual_report")
    host.content_edits.append(
        partial(edits.edit_every, table="roster", step=4, field="assets_wan", write=_formula)
    )
    return host.path


@dirt()
def codes_typed_as_numbers(draft: Draft) -> str:
    """Type the codes of authority and division as numbers, the report year as text."""
    host = draft.host("annual_report")
    host.content_edits.append(
        partial(
            edits.edit_cover,
            authority_code=int(host.zone.authority.code),
            prefecture_code=int(host.zone.prefecture.code),
            report_year=f"{host.report_year}",
        )
    )
    return host.path


@dirt()
def failed_formula_in_an_optional_cover_field(draft: Draft) -> str:
    """Let an optional field of the cover be a formula that failed: it counts as blank."""
    host = draft.host("annual_report")
    failed = Formula("=1/0", "#DIV/0!")
    host.content_edits.append(partial(edits.edit_cover, area_km2=failed))
    return host.path


@dirt()
def blank_rows(draft: Draft) -> str:
    """Leave rows blank in the middle, and formatted cells a million rows further down."""
    host = draft.host("annual_report")
    host.content_edits.append(partial(edits.insert_blank_row, table="roster", number=5))
    host.sheet_edits.append(
        partial(
            edits.put_far_cell,
            table="roster",
            row=reading_limit("max_rows"),
            column=3,
            value=EmptyCell(),
        )
    )
    return host.path


@dirt()
def same_bytes_twice(draft: Draft) -> str:
    """Send a workbook a second time under another name, two days later."""
    host = draft.host("annual_report")
    copy = f"{host.zone.authority.code}/补报/{host.zone.zone_id} 年度报告（副本）.xlsx"
    host.copies = ((copy, host.received_at + timedelta(days=2)),)
    return host.path


@dirt()
def two_versions_in_one_night(draft: Draft) -> str:
    """Send a corrected report twenty minutes after the first."""
    host = draft.host("annual_report", story="reports and corrects itself", report_year=LAST_REPORT_YEAR)
    version = draft.add_version(host, "corrected", 20)
    version.content_edits.append(partial(edits.edit_cover, functional_division="制造、研发、服务、会展四区"))
    return version.path


def _full_width(value: object) -> object:
    return f" {str(value).translate(FULL_WIDTH).replace('Y', 'Ｙ')} "


def _separated(value: object) -> object:
    return f"{value:,}" if isinstance(value, int | float) else value


def _formula(value: object) -> object:
    return Formula(f"={value}*1", value) if isinstance(value, int | float) else value
