"""Dirt that rejects a whole workbook (S02 to S08): sheets, headers, the cover, too many bad rows."""

from functools import partial

from ingestion.sample.dirt import edits
from ingestion.sample.dirt.registry import dirt
from ingestion.sample.draft import Draft
from ingestion.sample.facts import authorities_in_turn, parameter, prefectures_of, reading_limit
from ingestion.sample.stories import LAST_REPORT_YEAR
from ingestion.sample.submissions import Submission
from ingestion.sample.workbooks import Formula

EARLIER, LATER = -26 * 60, 3 * 60


def _version(draft: Draft, label: str, minutes: int = EARLIER) -> Submission:
    """Plan a version of some annual report that will be rejected: a day before the good one, or after it."""
    return draft.add_version(draft.host("annual_report"), label, minutes)


@dirt("S02")
def missing_sheet(draft: Draft) -> str:
    """Leave out a sheet in the only workbook of a report that is owed."""
    host = draft.host("annual_report", story="only report rejected", report_year=LAST_REPORT_YEAR)
    host.sheet_edits.append(partial(edits.drop_sheet, table="activities"))
    return host.path


@dirt("S02")
def sheet_twice(draft: Draft) -> str:
    """Repeat a sheet under a name that differs by a space only."""
    version = _version(draft, "sheet_twice")
    version.sheet_edits.append(partial(edits.repeat_sheet, table="documents", name="文件 清单"))
    return version.path


@dirt("S03", "S07")
def missing_header(draft: Draft) -> str:
    """Misspell a required header; the newer, rejected version must not displace the older one."""
    version = _version(draft, "no_revenue", LATER)
    version.sheet_edits.append(
        partial(edits.rename_header, table="roster", field="revenue_wan", name="营收（万元）")
    )
    return version.path


@dirt("S03", "S07")
def header_twice(draft: Draft) -> str:
    """Give a header twice, once in full-width forms."""
    version = _version(draft, "header_twice")
    version.sheet_edits.append(partial(edits.append_column, table="roster", header="从业　人员", value=17))
    return version.path


@dirt("S03", "S07")
def merged_title_rows(draft: Draft) -> str:
    """Put merged titles above the headers, which then no longer stand in row 1."""
    version = _version(draft, "titles")
    version.sheet_edits.append(
        partial(edits.merge_titles, table="roster", titles=("样例合作区企业名录", "单位：万元"))
    )
    return version.path


@dirt("S03")
def cover_contradicts_itself(draft: Draft) -> str:
    """State the report year on the cover twice, differently."""
    version = _version(draft, "two_years")
    version.sheet_edits.append(
        partial(edits.append_column, table="cover", header="报告 年度", value=LAST_REPORT_YEAR - 2)
    )
    return version.path


@dirt("S04")
def blank_cover_field(draft: Draft) -> str:
    """Leave the zone's name blank."""
    version = _version(draft, "no_name")
    version.content_edits.append(partial(edits.edit_cover, zone_name="　"))
    return version.path


@dirt("S04")
def unreadable_report_year(draft: Draft) -> str:
    """Write the report year in words."""
    version = _version(draft, "year_in_words")
    version.content_edits.append(partial(edits.edit_cover, report_year="二〇二五年"))
    return version.path


@dirt("S04")
def unlisted_submission_type(draft: Draft) -> str:
    """State a type of submission that there is not, and a zone id that is none, both at once."""
    version = _version(draft, "other_type")
    version.content_edits.append(partial(edits.edit_cover, submission_type="季度报告", zone_id="HZ-样例-01"))
    return version.path


@dirt("S04")
def error_cell_on_the_cover(draft: Draft) -> str:
    """Let a required field of the cover be a formula that failed."""
    version = _version(draft, "cover_error")
    failed = Formula("=VLOOKUP(1,A1:A2,2)", "#N/A")
    version.content_edits.append(partial(edits.edit_cover, authority_code=failed))
    return version.path


@dirt("S05")
def division_of_another_authority(draft: Draft) -> str:
    """Name a division that belongs to another authority than the one the cover names."""
    version = _version(draft, "other_division")
    own = version.zone.authority.code
    other = next(authority.code for authority in authorities_in_turn() if authority.code != own)
    version.content_edits.append(partial(edits.edit_cover, prefecture_code=prefectures_of(other)[0].code))
    return version.path


@dirt("S05")
def unknown_authority(draft: Draft) -> str:
    """Name an authority that there is not."""
    version = _version(draft, "no_authority")
    version.content_edits.append(partial(edits.edit_cover, authority_code="990000"))
    return version.path


@dirt("S05")
def unknown_division(draft: Draft) -> str:
    """Name a division that there is not."""
    version = _version(draft, "no_division")
    version.content_edits.append(partial(edits.edit_cover, prefecture_code=999900))
    return version.path


@dirt("S06")
def year_not_over(draft: Draft) -> str:
    """Report on the year that is still running."""
    version = _version(draft, "running_year")
    version.report_year = version.received_at.year
    return version.path


@dirt("S06")
def year_before_any_zone(draft: Draft) -> str:
    """Report on a year before there were zones."""
    version = _version(draft, "early_year")
    version.report_year = reading_limit("earliest_report_year") - 1
    return version.path


@dirt("S07")
def no_row_of_the_report_year(draft: Draft) -> str:
    """Leave out the report year in the roster of an application, and nothing else."""
    host = draft.host("application")
    version = draft.add_version(host, "no_last_year", EARLIER)
    version.content_edits.append(partial(edits.drop_rows, table="roster", year=host.report_year))
    return version.path


@dirt("S08", "V01")
def too_many_bad_rows(draft: Draft) -> str:
    """Spoil one row more than the share that may be quarantined."""
    version = _version(draft, "bad_rows")
    for number in range(_rows_that_may_fail(draft) + 1):
        _spoil(version, number)
    return version.path


@dirt("S08", "V01")
def one_giant_bad_row(draft: Draft) -> str:
    """Spoil the one row that states most of the revenue."""
    version = _version(draft, "bad_giant")
    _spoil(version, -1)
    return version.path


@dirt("V01")
def as_many_bad_rows_as_may_be(draft: Draft) -> str:
    """Spoil just as many rows as may be quarantined: the workbook is accepted."""
    host = draft.host("annual_report", report_year=LAST_REPORT_YEAR)
    for number in range(_rows_that_may_fail(draft)):
        _spoil(host, number)
    return host.path


def _rows_that_may_fail(draft: Draft) -> int:
    return int(draft.shape.enterprises * float(parameter("max_invalid_row_share")))


def _spoil(submission: Submission, number: int) -> None:
    """Give an enterprise (by revenue from below) a code with a character that no code has."""
    submission.content_edits.append(
        partial(
            edits.edit_small_enterprise,
            of_year=submission.report_year,
            number=number,
            uscc=f"Y1{submission.zone.prefecture.code}YLO{number + 2:07d}",
        )
    )
