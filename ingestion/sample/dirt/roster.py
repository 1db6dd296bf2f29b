"""Dirt of single rows of the roster (V01 to V09); each quarantines its row and rejects nothing."""

from functools import partial
from typing import Any

from ingestion.sample.dirt import edits
from ingestion.sample.dirt.registry import dirt
from ingestion.sample.draft import Draft
from ingestion.sample.enterprises import enterprise_code
from ingestion.sample.facts import wording
from ingestion.sample.submissions import COMPARED_YEARS, Submission
from ingestion.sample.workbooks import Formula


def _host(draft: Draft) -> tuple[Submission, int]:
    """Give a workbook of four years, whose many rows bear some bad ones, and which of them bears none yet."""
    host = draft.host("application")
    return host, draft.borne[host.path] - 1


def _change(draft: Draft, **changes: Any) -> str:
    """Change a small enterprise's row of the first year; give the workbook's path."""
    host, number = _host(draft)
    year = host.report_year - COMPARED_YEARS
    host.content_edits.append(partial(edits.edit_small_enterprise, of_year=year, number=number, **changes))
    return host.path


@dirt("V01")
def wrong_check_character(draft: Draft) -> str:
    """Change the last character of a code."""
    host, number = _host(draft)
    right = enterprise_code(host.zone, number)
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    host.content_edits.append(partial(edits.edit_row, table="roster", number=number, uscc=wrong))
    return host.path


@dirt("V01")
def code_typed_as_a_number(draft: Draft) -> str:
    """Type a code of digits as a number, which has lost its last digits by then."""
    return _change(draft, uscc=911999999999999999)


@dirt("V01")
def code_in_lower_case(draft: Draft) -> str:
    """Type a code in lower case."""
    host, number = _host(draft)
    lower = enterprise_code(host.zone, number).lower()
    host.content_edits.append(partial(edits.edit_row, table="roster", number=number, uscc=lower))
    return host.path


@dirt("V01")
def code_too_short(draft: Draft) -> str:
    """Break off a code."""
    return _change(draft, uscc="Y1110101YL")


@dirt("V01", "V03")
def code_missing(draft: Draft) -> str:
    """Leave a code blank, and a name beside it."""
    return _change(draft, uscc="O0", enterprise_name=None)


@dirt("V02")
def enterprise_twice(draft: Draft) -> str:
    """Give an enterprise two rows in one year."""
    host, number = _host(draft)
    host.content_edits.append(partial(edits.repeat_small_enterprise, of_year=host.report_year, number=number))
    return host.path


@dirt("V03")
def required_cell_blank(draft: Draft) -> str:
    """Leave the number of employees blank."""
    return _change(draft, employees=None)


@dirt("V03")
def about_fifty(draft: Draft) -> str:
    """Write a number in words."""
    return _change(draft, employees="约五十")


@dirt("V03")
def exponent(draft: Draft) -> str:
    """Write revenue as a text with an exponent."""
    return _change(draft, revenue_wan="1.2e3")


@dirt("V03")
def wrong_thousands(draft: Draft) -> str:
    """Write revenue with separators in the wrong places."""
    return _change(draft, revenue_wan="12,34.5")


@dirt("V03")
def half_an_employee(draft: Draft) -> str:
    """Count employees in halves."""
    return _change(draft, employees=12.5)


@dirt("V03")
def failed_formula(draft: Draft) -> str:
    """Let an optional cell be a formula that failed: unreadable, not blank."""
    return _change(draft, export_wan=Formula("=1/0", "#DIV/0!"))


@dirt("V03")
def formula_without_value(draft: Draft) -> str:
    """Let revenue be a formula beside which no value is stored."""
    host, number = _host(draft)
    year = host.report_year - COMPARED_YEARS
    host.content_edits.append(
        partial(edits.edit_small_enterprise, of_year=year, number=number, revenue_wan=Formula("=SUM(Z1:Z9)"))
    )
    host.byte_edits.append(partial(edits.rewrite_parts, write=edits.drop_stored_values))
    return host.path


@dirt("V03")
def unlisted_ownership(draft: Draft) -> str:
    """State an ownership that the list does not have."""
    return _change(draft, ownership="国有")


@dirt("V04")
def negative_revenue(draft: Draft) -> str:
    """State a negative revenue."""
    return _change(draft, revenue_wan=-10.5)


@dirt("V04")
def negative_patents(draft: Draft) -> str:
    """State fewer than no patents."""
    return _change(draft, invention_patents=-1)


@dirt("V05")
def share_above_a_hundred(draft: Draft) -> str:
    """State a foreign share of 120 per cent."""
    return _change(draft, ownership=wording("roster", "ownership")["foreign"], foreign_share_pct=120)


@dirt("V06")
def domestic_with_share(draft: Draft) -> str:
    """State a foreign share of a domestic enterprise."""
    return _change(draft, ownership=wording("roster", "ownership")["domestic"], foreign_share_pct=30)


@dirt("V06")
def foreign_without_share(draft: Draft) -> str:
    """State a share of 0 of a foreign enterprise."""
    return _change(draft, ownership=wording("roster", "ownership")["foreign"], foreign_share_pct=0)


@dirt("V07")
def malformed_industry(draft: Draft) -> str:
    """State an industry without its section."""
    return _change(draft, industry_code="3424")


@dirt("V07")
def industry_of_another_section(draft: Draft) -> str:
    """State a division that the section does not have."""
    return _change(draft, industry_code="C6513")


@dirt("V08")
def year_outside_the_four(draft: Draft) -> str:
    """State a year before those that an application covers."""
    host, number = _host(draft)
    year = host.report_year - COMPARED_YEARS
    host.content_edits.append(
        partial(edits.edit_small_enterprise, of_year=year, number=number, year=year - 1)
    )
    return host.path


@dirt("V08")
def other_year_in_a_report(draft: Draft) -> str:
    """State another year than the report year in an annual report."""
    host = draft.host("annual_report")
    host.content_edits.append(partial(edits.edit_row, table="roster", number=0, year=host.report_year - 1))
    return host.path


@dirt("V09")
def unknown_tier(draft: Draft) -> str:
    """Claim a tier that there is not beside one that there is."""
    known = wording("roster", "quality_tiers")["specialised"]
    return _change(draft, quality_tiers=f"{known}；瞪羚企业")
